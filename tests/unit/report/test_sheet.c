#include "support/support.h"
#include <dirent.h>
#include <math.h>
#include <zlib.h>
#include "base/csv.h"
#include "base/date.h"
#include "base/random.h"
#include "report/sheet.h"
#include "support/dump.h"

enum { COLUMNS = 7, ROWS = 10 };

static const struct sheet_column columns[COLUMNS] = {
    {"group", "Group", SHEET_TEXT, 0, 0, 0, 0},
    {"pupils", "Pupils", SHEET_COUNT, 0, 0, 0, 0},
    {"suspended", "Pupils suspended", SHEET_COUNT, 0, 0, 0, 0},
    {"percent", "Pupils suspended, per cent", SHEET_PERCENT, 1, 0, 2, 1},
    {"percent", "95% interval", SHEET_INTERVAL, 1, 100, 2, 1},
    {"rate", "Suspensions per 100 pupils", SHEET_RATE, 2, 100, 0, 1},
    {"ratio", "Ratio to all", SHEET_RATIO, 1, 0, 2, 1},
};
static const struct {
    const char *group;
    int64_t pupils, suspended, suspensions;
} groups[ROWS] = {
    {"All pupils", 49610, 1937, 4406}, {"Girls", 24262, 690, 1301}, {"Boys", 25340, 1245, 3099},
    {"Not known <sex>", 8, 2, 6},      {"No need recorded", 41502, 968, 1902},
    {"SEN support", 6203, 726, 1898},  {"Education, health and care plan", 1893, 240, 600},
    {"Not known", 12, 3, 6},           {"=Ardley High & Co", 700, 45, 90}, {"Bexton", 17, 0, 0},
};
static const struct sheet_block blocks[] = {
    {NULL, 0, 1, false}, {"By sex", 1, 3, true}, {"By special educational need", 4, 4, true},
    {"By school", 8, 2, false},
};
static const char *const notes[] = {"Pupils of state-funded schools, reception to year 11."};

static void
fill(struct job *j, struct sheet *s)
{
    *s = (struct sheet){
        .name = "by group", .title = "Pupils suspended in 2024/25 by group",
        .sentence = "1,937 of 49,610 pupils (3.9%) were suspended at least once.",
        .columns = columns, .n_columns = COLUMNS, .n_rows = ROWS, .blocks = blocks, .n_blocks = 4,
        .total = 0, .notes = notes, .n_notes = 1, .source = "School census, autumn 2024",
        .as_of = "As of 31 July 2025.",
        .cells = job_array(j, ROWS * COLUMNS, sizeof *s->cells),
    };
    for (size_t r = 0; r < ROWS; r++) {
        struct part own = {groups[r].suspended, groups[r].pupils};
        struct part all = {groups[0].suspended, groups[0].pupils};
        struct sheet_cell row[COLUMNS] = {
            sheet_text(groups[r].group), sheet_count(own.whole), sheet_count(own.part),
            sheet_part(own.part, own.whole), sheet_number(interval_wilson(own, 0.95)),
            sheet_part(groups[r].suspensions, own.whole),
            sheet_number(interval_risk_ratio(own, all, 0.95)),
        };
        memcpy(&s->cells[r * COLUMNS], row, sizeof row);
    }
    s->cells[9 * COLUMNS + 5] = sheet_absent(SHEET_NO_DATA);
}

static struct sheet_book
book_of(struct job *j, struct sheet *s)
{
    fill(j, s);
    assert_ok(j, sheet_protect(j, s, DISCLOSURE_LIMITS));
    return (struct sheet_book){
        .title = "Who is at risk of exclusion", .sentence = "Example council, one sheet.",
        .banner = "Trial: not for live use", .date = date_from_ymd(2025, 7, 31), .sheets = s,
        .n = 1,
    };
}

static const char *
words(struct job *j, const struct sheet *s, size_t row, size_t column)
{
    return sheet_words(j, s, row, column);
}

static void
cells_are_written_as_people_read_them(void **state)
{
    struct job *j = support_job(state);
    struct sheet s;

    fill(j, &s);
    assert_string_equal(words(j, &s, 0, 0), "All pupils");
    assert_string_equal(words(j, &s, 0, 1), "49,610");
    assert_string_equal(words(j, &s, 0, 3), "3.9%");
    assert_string_equal(words(j, &s, 0, 4), "3.7 to 4.1");
    assert_string_equal(words(j, &s, 0, 5), "8.88");
    assert_string_equal(words(j, &s, 0, 6), "1.0");
    assert_string_equal(words(j, &s, 9, 5), "no data");
    assert_string_equal(words(j, &s, 9, 6), "0.7½"); /* nobody suspended */
}

static void
small_counts_and_what_gives_them_away_are_hidden(void **state)
{
    struct job *j = support_job(state);
    struct sheet s;
    size_t n;

    book_of(j, &s);
    assert_string_equal(words(j, &s, 3, 2), "c");   /* 2 of not known sex */
    assert_string_equal(words(j, &s, 1, 2), "c");   /* girls: else 2 = 1,937 - 690 - 1,245 */
    assert_string_equal(words(j, &s, 2, 2), "1,245");
    assert_string_equal(words(j, &s, 7, 2), "c");
    assert_string_equal(words(j, &s, 6, 2), "c");
    assert_string_equal(words(j, &s, 0, 2), "1,937");
    assert_string_equal(words(j, &s, 1, 3), "c");   /* and the rates of hidden counts */
    assert_string_equal(words(j, &s, 1, 4), "c");
    assert_string_equal(words(j, &s, 1, 6), "c");
    assert_string_equal(words(j, &s, 3, 5), "few"); /* 8 children */
    assert_string_equal(words(j, &s, 9, 3), "few");
    assert_string_equal(words(j, &s, 9, 2), "0");
    sheet_notes(j, &s, &n);
    assert_int_equal(n, 5);
}

/* Random sheets of two partitions of the same children: whatever is hidden of a block, the
 * rest and the total leave a range for it. */
static void
no_hidden_count_is_the_total_less_the_rest(void **state)
{
    static const struct sheet_column two[] = {{"g", "G", SHEET_TEXT, 0, 0, 0, 0},
                                              {"n", "N", SHEET_COUNT, 0, 0, 0, 0}};
    struct job *j = support_job(state);
    struct random r = random_stream(20240607, 5, 5);

    for (int turn = 0; turn < 300; turn++) {
        struct sheet_cell cells[18] = {{0}};
        struct sheet_block parts[] = {{"a", 1, 4, true}, {"b", 5, 4, true}};
        struct sheet s = {.columns = two, .n_columns = 2, .cells = cells, .n_rows = 9,
                          .blocks = parts, .n_blocks = 2, .total = 0};
        int64_t people = 8 + random_below(&r, 60);
        for (int64_t i = 0; i < people; i++) {
            cells[1].n++;
            cells[3 + 2 * random_below(&r, 1 + random_below(&r, 4))].n++;
            cells[11 + 2 * random_below(&r, 1 + random_below(&r, 4))].n++;
        }
        assert_ok(j, sheet_protect(j, &s, DISCLOSURE_LIMITS));
        for (size_t b = 0; b < 2; b++) {
            size_t hidden = cells[1].state == SHEET_HIDDEN;
            for (size_t k = 0; k < 4; k++) {
                const struct sheet_cell *c = &cells[3 + 8 * b + 2 * k];
                assert_true(c->state == SHEET_HIDDEN || c->n == 0 || c->n >= 5);
                assert_true(c->state == SHEET_VALUE || c->n > 0);
                hidden += c->state == SHEET_HIDDEN;
            }
            assert_true(hidden != 1);
        }
    }
}

static void
a_block_that_does_not_add_up_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct sheet s;

    fill(j, &s);
    s.cells[1 * COLUMNS + 1].n++;
    assert_err(j, sheet_protect(j, &s, DISCLOSURE_LIMITS), ERR_FAULT);
}

static void
a_terminal_gets_lines_that_fit(void **state)
{
    static const size_t widths[] = {100, 72, 40};
    struct job *j = support_job(state);
    struct sheet s;
    struct sheet_book b = book_of(j, &s);

    for (size_t i = 0; i < 3; i++) {
        struct span text;
        size_t at = 0;
        assert_ok(j, sheet_as_text(j, &b, widths[i], &text));
        dump_golden(j, job_format(j, "tests/golden/report/sheet-%zu.txt", widths[i]), text.s);
        for (const char *c = text.s; *c; c++) {
            at = *c == '\n' ? 0 : at + (((unsigned char)*c & 0xC0) != 0x80);
            assert_true(at <= widths[i]);
        }
    }
}

static void
a_program_gets_bare_numbers(void **state)
{
    struct job *j = support_job(state);
    struct sheet s;
    struct sheet_book b = book_of(j, &s);
    struct span text;
    struct csv_row row;
    struct csv *c;
    bool more;

    assert_ok(j, sheet_as_csv(j, &s, b.banner, &text));
    dump_golden(j, "tests/golden/report/sheet.csv", text.s);
    c = csv_open_text(j, text.s, text.n, (struct csv_limits){.record_bytes = 4096});
    for (size_t i = 0; i < ROWS + 1; i++) {
        assert_ok(j, csv_next(c, &row, &more));
        assert_true(more && row.n == COLUMNS + 3);
    }
    assert_ok(j, csv_next(c, &row, &more));
    assert_false(more);
}

static void
what_a_spreadsheet_would_run_is_made_text(void **state)
{
    static const char *const bad[] = {"=1+1", "+44", "-2", "@SUM(A1)", "\tx"};
    static const struct sheet_column one[] = {{"g", "G", SHEET_TEXT, 0, 0, 0, 0}};
    struct job *j = support_job(state);

    for (size_t i = 0; i < 5; i++) {
        struct sheet_cell cell = sheet_text(bad[i]);
        struct sheet s = {.columns = one, .n_columns = 1, .cells = &cell, .n_rows = 1,
                          .total = -1};
        struct span text;
        assert_ok(j, sheet_as_csv(j, &s, NULL, &text));
        assert_string_equal(text.s, job_format(j, "g\r\n'%s\r\n", bad[i]));
    }
}

static void
a_page_stands_alone_and_escapes_what_it_shows(void **state)
{
    struct job *j = support_job(state);
    struct sheet s;
    struct sheet_book b = book_of(j, &s);
    struct span text;

    assert_ok(j, sheet_as_html(j, &b, &text));
    dump_golden(j, "tests/golden/report/sheet.html", text.s);
    assert_non_null(strstr(text.s, "Not known &lt;sex&gt;"));
    assert_non_null(strstr(text.s, "=Ardley High &amp; Co"));
    assert_null(strstr(text.s, "<script"));
    assert_null(strstr(text.s, "href"));
    assert_null(strstr(text.s, "src="));
}

/* One member of a zip file, inflated; the sizes stand in its central directory. */
static const char *
member(struct job *j, struct span zip, const char *name)
{
    for (size_t i = 0; i + 46 < zip.n; i++) {
        const unsigned char *h = (const unsigned char *)zip.s + i;
        uint32_t packed, size, at;
        z_stream z = {0};
        char *out;
        if (memcmp(h, "PK\1\2", 4) != 0 || (size_t)(h[28] | h[29] << 8) != strlen(name) ||
            memcmp(h + 46, name, strlen(name)) != 0)
            continue;
        memcpy(&packed, h + 20, 4);
        memcpy(&size, h + 24, 4);
        memcpy(&at, h + 42, 4);
        h = (const unsigned char *)zip.s + at;
        out = job_alloc(j, size + 1);
        z.next_in = (Bytef *)(uintptr_t)(h + 30 + (h[26] | h[27] << 8) + (h[28] | h[29] << 8));
        z.avail_in = packed;
        z.next_out = (Bytef *)out;
        z.avail_out = size;
        assert_int_equal(inflateInit2(&z, -15), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        inflateEnd(&z);
        return out;
    }
    fail_msg("%s is not in the workbook", name);
    return "";
}

static int
files_in(const char *folder)
{
    DIR *d = opendir(folder);
    int n = 0;

    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static void
a_workbook_has_the_same_bytes_each_time_and_no_formula(void **state)
{
    struct job *j = support_job(state);
    const char *folder = support_path(j, ".");
    const char *before = job_copy(j, getenv("TMPDIR"));
    struct sheet sheets[2];
    struct sheet_book b = book_of(j, &sheets[0]);
    struct span one, two;
    const char *cells, *strings, *core;

    sheets[1] = sheets[0]; /* the same name twice */
    b.n = 2;
    b.sheets = sheets;
    setenv("TMPDIR", folder, 1);
    assert_ok(j, sheet_as_xlsx(j, &b, &one));
    assert_ok(j, sheet_as_xlsx(j, &b, &two));
    assert_int_equal(files_in(folder), 2); /* "." and "..": nothing is left behind */
    if (before)
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
    assert_int_equal(one.n, two.n);
    assert_memory_equal(one.s, two.s, one.n);
    cells = member(j, one, "xl/worksheets/sheet1.xml");
    strings = member(j, one, "xl/sharedStrings.xml");
    core = member(j, one, "docProps/core.xml");
    assert_null(strstr(cells, "<f>"));
    assert_non_null(strstr(strings, "=Ardley High &amp; Co"));
    assert_non_null(strstr(strings, "Trial: not for live use"));
    assert_non_null(strstr(strings, "c: hidden"));
    assert_non_null(strstr(cells, "<v>49610</v>"));
    assert_null(strstr(cells, "<v>690</v>")); /* girls are hidden in the numbers, too */
    assert_non_null(strstr(core, "2025-07-31T00:00:00Z"));
    assert_non_null(strstr(member(j, one, "xl/workbook.xml"), "by group 2"));
}

static void
a_folder_that_is_not_there_is_said(void **state)
{
    struct job *j = support_job(state);
    const char *before = job_copy(j, getenv("TMPDIR"));
    struct sheet s;
    struct sheet_book b = book_of(j, &s);
    struct span out;

    setenv("TMPDIR", support_path(j, "nowhere"), 1);
    assert_err(j, sheet_as_xlsx(j, &b, &out), ERR_ENV);
    assert_says(j, "TMPDIR");
    if (before)
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
}

static enum err
write_all_ways(struct job *j, void *arg)
{
    struct sheet s;
    struct sheet_book b;
    struct span out;
    enum err e;

    (void)arg;
    fill(j, &s);
    b = (struct sheet_book){.title = "t", .sheets = &s, .n = 1};
    e = sheet_protect(j, &s, DISCLOSURE_LIMITS);
    e = e ? e : sheet_as_text(j, &b, 80, &out);
    e = e ? e : sheet_as_csv(j, &s, NULL, &out);
    e = e ? e : sheet_as_html(j, &b, &out);
    return e ? e : sheet_as_xlsx(j, &b, &out);
}

/* Every allocation fails once; the leak checker sees what is not given back. */
static void
out_of_memory_anywhere_leaves_nothing_behind(void **state)
{
    struct job *j = support_job(state);
    const char *folder = support_path(j, ".");
    const char *before = job_copy(j, getenv("TMPDIR"));
    int n = 0;
    enum err e;

    setenv("TMPDIR", folder, 1);
    do {
        struct job child;
        job_init_child(&child, j, 4 * JOB_MB);
        job_alloc_fault = ++n;
        e = job_run(&child, write_all_ways, NULL);
        job_alloc_fault = 0;
        job_end(&child);
        assert_true(e == OK || e == ERR_BUSY);
        assert_int_equal(files_in(folder), 2);
    } while (e);
    assert_true(n > 100);
    if (before)
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(cells_are_written_as_people_read_them),
        SUPPORT_TEST(small_counts_and_what_gives_them_away_are_hidden),
        SUPPORT_TEST(no_hidden_count_is_the_total_less_the_rest),
        SUPPORT_TEST(a_block_that_does_not_add_up_is_refused),
        SUPPORT_TEST(a_terminal_gets_lines_that_fit),
        SUPPORT_TEST(a_program_gets_bare_numbers),
        SUPPORT_TEST(what_a_spreadsheet_would_run_is_made_text),
        SUPPORT_TEST(a_page_stands_alone_and_escapes_what_it_shows),
        SUPPORT_TEST(a_workbook_has_the_same_bytes_each_time_and_no_formula),
        SUPPORT_TEST(a_folder_that_is_not_there_is_said),
        SUPPORT_TEST(out_of_memory_anywhere_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
