#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/encoding.h"

#define IS(bytes, e) assert_int_equal(encoding_of(bytes, sizeof(bytes) - 1), e)

static void
each_encoding_is_recognised(void **state)
{
    (void)state;
    IS("", ENC_UTF8);
    IS("upn,name\n", ENC_UTF8);
    IS("Ren\xC3\xA9" "e", ENC_UTF8);
    IS("\xEF\xBB\xBFupn", ENC_UTF8_BOM);
    IS("\xFF\xFEu\0p\0", ENC_UTF16LE);
    IS("\xFE\xFF\0u\0p", ENC_UTF16BE);
    IS("Ren\xE9" "e \x96 \x80", ENC_WINDOWS_1252);
    assert_string_equal(encoding_name(ENC_WINDOWS_1252), "Windows-1252");
}

static void
what_is_no_text_is_binary(void **state)
{
    (void)state;
    IS("a\0b", ENC_BINARY);
    IS("PK\3\4rest", ENC_BINARY);
    IS("%PDF-1.7", ENC_BINARY);
    IS("bad \x81 byte", ENC_BINARY);
    IS("\xEF\xBB\xBFRen\xE9" "e", ENC_BINARY);
    IS("\xFF\xFEu\0p", ENC_BINARY);           /* an odd byte */
    IS("\xFF\xFE\x3D\xD8u\0", ENC_BINARY);    /* half a pair */
    assert_string_equal(encoding_binary_name("PK\3\4", 4), "an Excel workbook or a zip file");
    assert_string_equal(encoding_binary_name("a\0b", 3), "no text in an encoding we know");
}

struct text {
    const char *s;
    size_t n;
    const char *expected;
    size_t step;
};

static enum err
to_utf8(struct job *j, void *arg)
{
    struct text *t = arg;
    enum encoding e = encoding_of(t->s, t->n);
    struct span all = encoding_to_utf8(j, e, t->s, t->n);
    struct encoding_reader r = {.s = t->s, .n = t->n, .from = e};
    char out[256];
    size_t at = 0, got;

    assert_true(span_is(all, t->expected));
    do {
        assert_int_equal(encoding_read(j, &r, out + at, t->step, &got), OK);
        assert_true(got <= t->step);
        at += got;
    } while (got);
    assert_true(span_is((struct span){out, at}, t->expected));
    return OK;
}

static void
text_is_the_same_whatever_it_came_in(void **state)
{
    static struct text texts[] = {
        {"plain", 5, "plain", 0},
        {"\xEF\xBB\xBFRen\xC3\xA9" "e", 9, "Renée", 0},
        {"Ren\xE9" "e \x80\x99 \x9F\xA0\xFF", 12, "Renée €™ Ÿ\xC2\xA0ÿ", 0},
        {"\xFF\xFER\0\xE9\0\xAC\x20\x3D\xD8\x00\xDE", 12, "Ré€😀", 0},
        {"\xFE\xFF\0R\0\xE9\x20\xAC\xD8\x3D\xDE\x00", 12, "Ré€😀", 0},
        {"", 0, "", 0},
        {"\xFF\xFE", 2, "", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t step = 1; step < 9; step++) {
            struct job j;
            texts[i].step = step;
            job_init(&j, JOB_MB);
            assert_int_equal(job_run(&j, to_utf8, &texts[i]), OK);
            job_end(&j);
        }
    }
}

/* Every byte of Windows-1252 against the table of the Encoding Standard. */
static enum err
all_bytes(struct job *j, void *arg)
{
    static const char expected[] = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";
    char s[32];
    size_t n = 0;

    (void)arg;
    for (int c = 0x80; c < 0xA0; c++)
        if (c != 0x81 && c != 0x8D && c != 0x8F && c != 0x90 && c != 0x9D)
            s[n++] = (char)c;
    assert_true(span_is(encoding_to_utf8(j, encoding_of(s, n), s, n), expected));
    return OK;
}

static void
windows_1252_is_read_character_by_character(void **state)
{
    struct job j;

    (void)state;
    job_init(&j, JOB_MB);
    assert_int_equal(job_run(&j, all_bytes, NULL), OK);
    job_end(&j);
}

static enum err
csv_through(struct job *j, void *arg)
{
    struct encoding_reader r = {.s = arg, .n = 26, .from = ENC_UTF16LE};
    struct csv *c = csv_open(j, encoding_read, &r, (struct csv_limits){0});
    struct csv_row row;
    bool more;

    assert_int_equal(csv_next(c, &row, &more), OK);
    assert_true(more && row.n == 2 && row.field[0].n == 1 && row.field[0].s[0] == 'a');
    assert_int_equal(csv_next(c, &row, &more), OK);
    assert_true(more && row.n == 2 && row.line == 2 && row.offset == 5);
    assert_true(span_is((struct span){row.field[1].s, row.field[1].n}, "é, 1"));
    assert_int_equal(csv_next(c, &row, &more), OK);
    assert_false(more);
    return OK;
}

static void
a_table_in_utf16_is_read_as_a_table(void **state)
{
    char s[] = "\xFF\xFE" "a\0,\0b\0\r\0\n\0,\0\"\0\xE9\0,\0 \0" "1\0\"\0";
    struct job j;

    (void)state;
    job_init(&j, 4 * JOB_MB);
    assert_int_equal(job_run(&j, csv_through, s), OK);
    job_end(&j);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_encoding_is_recognised),
        cmocka_unit_test(what_is_no_text_is_binary),
        cmocka_unit_test(text_is_the_same_whatever_it_came_in),
        cmocka_unit_test(windows_1252_is_read_character_by_character),
        cmocka_unit_test(a_table_in_utf16_is_read_as_a_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
