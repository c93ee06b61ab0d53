#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/csv.h"
#include "base/csv_scan.h"
#include "base/text.h"

/* A file's whole contents in one line of text: [field|field]@line+offset or an error. */
struct trial {
    const char *s;
    size_t n;
    struct csv_limits limits;
    size_t step; /* 0: in memory; else a source that gives so many bytes at a time */
    struct span left;
    char out[4096];
    size_t at;
};

static enum err
give(struct job *j, void *arg, char *buf, size_t size, size_t *n)
{
    struct trial *t = arg;

    (void)j;
    *n = t->left.n < t->step ? t->left.n : t->step;
    *n = *n < size ? *n : size;
    memcpy(buf, t->left.s, *n);
    t->left.s += *n;
    t->left.n -= *n;
    return OK;
}

static void
put(struct trial *t, const char *s, size_t n)
{
    if (n > sizeof t->out - 1 - t->at)
        n = sizeof t->out - 1 - t->at;
    memcpy(t->out + t->at, s, n);
    t->at += n;
    t->out[t->at] = '\0';
}

static enum err
read_all(struct job *j, void *arg)
{
    struct trial *t = arg;
    struct csv *c = t->step ? csv_open(j, give, t, t->limits)
                            : csv_open_text(j, t->s, t->n, t->limits);
    struct csv_row row;
    bool more = true;
    char where[64];
    enum err e;

    t->left = (struct span){t->s, t->n};
    while ((e = csv_next(c, &row, &more)) == OK && more) {
        put(t, "[", 1);
        for (size_t i = 0; i < row.n; i++) {
            put(t, "|", i > 0);
            put(t, row.field[i].s, row.field[i].n);
        }
        put(t, where, (size_t)snprintf(where, sizeof where, "]%lld+%lld ", (long long)row.line,
                                       (long long)row.offset));
    }
    if (e == OK)
        return csv_next(c, &row, &more) || more ? ERR_FAULT : OK;
    put(t, j->err.message, strlen(j->err.message));
    return csv_next(c, &row, &more) == e ? OK : ERR_FAULT; /* a fault stays a fault */
}

/* The same text in memory and in pieces of several sizes gives the same. */
static void
expect_n(const char *s, size_t n, struct csv_limits limits, const char *expected)
{
    static const size_t steps[] = {0, 1, 3, 64, 1000000};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        char *exact = test_malloc(n ? n : 1); /* so that a byte too far is seen */
        struct trial t = {.s = exact, .n = n, .limits = limits, .step = steps[i]};
        struct job j;
        if (n)
            memcpy(exact, s, n);
        job_init(&j, 8 * JOB_MB);
        assert_int_equal(job_run(&j, read_all, &t), OK);
        job_end(&j);
        test_free(exact);
        assert_string_equal(t.out, expected);
    }
}

static void
expect(const char *s, const char *expected)
{
    expect_n(s, strlen(s), (struct csv_limits){0}, expected);
}

static void
records_and_fields_are_found(void **state)
{
    (void)state;
    expect("", "");
    expect("a", "[a]1+0 ");
    expect("a,b,c\r\n1,2,3\r\n", "[a|b|c]1+0 [1|2|3]2+7 ");
    expect("a,b\n1,2", "[a|b]1+0 [1|2]2+4 ");
    expect("a,b\r1,2\r", "[a|b]1+0 [1|2]2+4 ");
    expect("a\r\nb\nc\rd", "[a]1+0 [b]2+3 [c]3+5 [d]4+7 ");
    expect(",\n,,\n", "[|]1+0 [||]2+2 ");
    expect("\xEF\xBB\xBF" "a,b\n", "[a|b]1+3 ");
}

static void
empty_lines_are_no_records_but_count_as_lines(void **state)
{
    (void)state;
    expect("\n\r\n\ra\n\n\nb\n\n", "[a]4+4 [b]7+8 ");
    expect("\r", "");
    expect("\"\"\n", "[]1+0 ");
    expect(" \n", "[ ]1+0 ");
}

static void
quotes_hold_commas_newlines_and_doubled_quotes(void **state)
{
    (void)state;
    expect("\"a\",\"b,c\",\"\"\r\n", "[a|b,c|]1+0 ");
    expect("\"say \"\"hello\"\"\",x\n", "[say \"hello\"|x]1+0 ");
    expect("\"\"\"\"\n\"\"\"\"\"\"\n", "[\"]1+0 [\"\"]2+5 ");
    expect("\"line\none\",b\nnext\n", "[line\none|b]1+0 [next]3+13 ");
    expect("\"a\r\nb\rc\nd\",2\nnext", "[a\r\nb\rc\nd|2]1+0 [next]5+13 ");
    expect("\"a\"", "[a]1+0 ");
    expect("a,\"b\"\r\nc,\"d\"", "[a|b]1+0 [c|d]2+7 ");
}

static void
a_quote_inside_an_unquoted_field_is_text(void **state)
{
    (void)state;
    expect("6\" ruler,b\n", "[6\" ruler|b]1+0 ");
    expect("a, \"b\",c\n", "[a| \"b\"|c]1+0 ");
    expect("x\"\"\"y\"\n", "[x\"\"\"y\"]1+0 ");
}

static void
what_is_broken_is_named_with_line_and_column(void **state)
{
    (void)state;
    expect("a,b\n1,\"open\n2,3\n",
           "[a|b]1+0 line 2, column 2: a quote is opened here and never closed");
    expect("\"", "line 1, column 1: a quote is opened here and never closed");
    expect("a\n\"b\"c,d\n", "[a]1+0 line 2, column 1: text follows after a closing quote");
    expect("a\n\"b\" ,d\n", "[a]1+0 line 2, column 1: text follows after a closing quote");
    expect("\"a\nb\",\"c\"d", "line 2, column 2: text follows after a closing quote");
    expect_n("a,b\n1,\0", 7, (struct csv_limits){0},
             "[a|b]1+0 line 2, column 2: there is a NUL byte, so this is not a text file");
    expect_n("a,\"b\n\0\"", 7, (struct csv_limits){0},
             "line 2, column 2: there is a NUL byte, so this is not a text file");
}

static void
a_record_over_the_limits_is_refused(void **state)
{
    struct csv_limits few = {.record_bytes = 8, .fields = 3};

    (void)state;
    expect_n("a,b,c\n12345678\n", 15, few, "[a|b|c]1+0 [12345678]2+6 ");
    expect_n("a,b,c,d\n", 8, few,
             "line 1, column 4: the record has more fields than a record may have");
    expect_n("123456789\n", 10, few,
             "line 1, column 1: the record is longer than a record may be (8 bytes)");
    expect_n("123456789", 9, few,
             "line 1, column 1: the record is longer than a record may be (8 bytes)");
    expect_n("\"12345678901234567890", 21, few,
             "line 1, column 1: the record is longer than a record may be (8 bytes)");
    expect_n("\"123456\"\n\"\"\"\"\"\"\"\"\n", 18, few, "[123456]1+0 [\"\"\"]2+9 ");
}

static void
one_endless_line_is_refused_early(void **state)
{
    size_t n = 3 * 1000 * 1000;
    char *s = test_malloc(n);

    (void)state;
    memset(s, 'x', n);
    expect_n(s, n, (struct csv_limits){0},
             "line 1, column 1: the record is longer than a record may be (1,048,576 bytes)");
    s[0] = '"';
    expect_n(s, n, (struct csv_limits){0},
             "line 1, column 1: the record is longer than a record may be (1,048,576 bytes)");
    test_free(s);
}

static uint64_t
next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return *seed >> 33;
}

static void
every_way_to_scan_finds_the_same_marks(void **state)
{
    static const char some[] = ",\"\r\n\0a-,!\x01\x80\xFF+.\x0B\x0C\x22\x2C";
    uint64_t seed = 20241016;
    char block[CSV_BLOCK];

    (void)state;
    for (int turn = 0; turn < 20000; turn++) {
        uint64_t expected = 0;
        for (int i = 0; i < CSV_BLOCK; i++) {
            uint64_t r = next_random(&seed);
            block[i] = turn % 2 ? some[r % (sizeof some - 1)] : (char)r;
            if (memchr(",\"\r\n", block[i], 5))
                expected |= UINT64_C(1) << i;
        }
        assert_true(csv_scan_portable(block) == expected);
        assert_true(csv_scan(block) == expected);
    }
}

/* What the writer wrote, the reader reads: random fields of awkward characters. */
struct written {
    char *field[2000];
    size_t n[2000];
    size_t fields, rows;
};

static enum err
read_back(struct job *j, void *arg)
{
    static const char some[] = "ab,\"\r\n '=;\t";
    struct written w = {0};
    uint64_t *seed = arg;
    char *text = NULL;
    size_t size = 0, at = 0;
    struct csv_out o = {.f = open_memstream(&text, &size)};
    struct csv_row row;
    struct csv *c;
    bool more;

    assert_non_null(o.f);
    while (w.fields < 1900) {
        size_t columns = 1 + next_random(seed) % 9;
        for (size_t i = 0; i < columns; i++) {
            char *s = job_alloc(j, 12);
            size_t n = next_random(seed) % 12;
            for (size_t k = 0; k < n; k++)
                s[k] = some[next_random(seed) % (sizeof some - 1)];
            csv_put(&o, s);
            w.n[w.fields] = columns;
            w.field[w.fields++] = s;
        }
        csv_end_row(&o);
        w.rows++;
    }
    fclose(o.f);
    c = csv_open_text(j, text, size, (struct csv_limits){0});
    while (csv_next(c, &row, &more) == OK && more) {
        assert_int_equal(row.n, w.n[at]);
        for (size_t i = 0; i < row.n; i++, at++)
            assert_true(span_is((struct span){row.field[i].s, row.field[i].n}, w.field[at]));
        w.rows--;
    }
    free(text);
    assert_int_equal(at, w.fields);
    return w.rows ? ERR_FAULT : OK;
}

static void
what_is_written_is_read_back(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int turn = 0; turn < 50; turn++) {
        struct job j;
        print_message("seed %llu\n", (unsigned long long)seed);
        job_init(&j, 4 * JOB_MB);
        assert_int_equal(job_run(&j, read_back, &seed), OK);
        job_end(&j);
    }
}

static void
only_what_needs_quotes_gets_them(void **state)
{
    char *text = NULL;
    size_t size = 0;
    struct csv_out o = {.f = open_memstream(&text, &size)};

    (void)state;
    csv_put(&o, "plain text");
    csv_put(&o, NULL);
    csv_put(&o, "a,b");
    csv_put(&o, "say \"hi\"");
    csv_put_int(&o, -1204);
    csv_put(&o, " x");
    csv_end_row(&o);
    csv_put(&o, "");
    csv_end_row(&o);
    csv_put_int(&o, INT64_MIN);
    csv_end_row(&o);
    fclose(o.f);
    assert_string_equal(text, "plain text,,\"a,b\",\"say \"\"hi\"\"\",-1204,\" x\"\r\n\"\"\r\n"
                              "-9223372036854775808\r\n");
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_and_fields_are_found),
        cmocka_unit_test(empty_lines_are_no_records_but_count_as_lines),
        cmocka_unit_test(quotes_hold_commas_newlines_and_doubled_quotes),
        cmocka_unit_test(a_quote_inside_an_unquoted_field_is_text),
        cmocka_unit_test(what_is_broken_is_named_with_line_and_column),
        cmocka_unit_test(a_record_over_the_limits_is_refused),
        cmocka_unit_test(one_endless_line_is_refused_early),
        cmocka_unit_test(every_way_to_scan_finds_the_same_marks),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(only_what_needs_quotes_gets_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
