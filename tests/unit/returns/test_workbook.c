/* Sheets of Excel workbooks are read as CSV rows are, with dates, findings by place, and limits. */
#include "support/book.h"
#include "support/dump.h"
#include "returns/xlsx.h"
#include <stdlib.h>
#include <xlsxwriter.h>

static const char dates[] = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>";
static const char people[] = "LocalId|Surname|Forename|DOB|Postcode";

static struct returns_set
open_book(struct job *j, struct span bytes)
{
    struct returns_set set = {0};

    assert_ok(j, returns_open_all_bytes(j, "people.xlsx", bytes, &set));
    return set;
}

static const char *
read_sheet(struct job *j, struct returns_file *f, struct dump *d)
{
    dump_start(j, d);
    d->places = true;
    assert_ok(j, dump_open_file(d, f));
    return d->out.s;
}

static struct span
one_sheet(struct job *j, const char *cells, struct book_of b)
{
    const struct book_part sheet = {"List_1", cells, 0};

    b.sheet = &sheet;
    b.n = 1;
    return book_make(j, &b);
}

static void
says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void
a_sheet_is_read_as_a_csv_is(void **state)
{
    struct job *j = support_job(state);
    const char *cells = job_format(
        j, "%s%s%s%s", book_row(j, 1, "A title above"),
        book_row(j, 3, job_format(j, "%s", people)),
        book_row(j, 4, "L1|Example|Robin|@40672|ch1 9zz"),
        book_row(j, 6, "#10422.0|Beispiel, the \"other\"|Kit|@39468.75"));
    struct returns_set set = open_book(j, one_sheet(j, cells, (struct book_of){.styles = dates}));
    struct dump d;
    const char *text;

    assert_int_equal(set.n, 1);
    assert_string_equal(set.file[0]->name, "people.xlsx \xE2\x80\xBA List_1");
    assert_string_equal(set.file[0]->layout->name, "people");
    text = read_sheet(j, set.file[0], &d);
    says(text, "without the 2 rows above the names of the columns");
    says(text, "4 people LocalId=\"L1\" Surname=\"Example\" Forename=\"Robin\" DOB=2011-05-09 "
               "Postcode=\"CH1 9ZZ\"");
    says(text, "6 people LocalId=\"10422.0\" Surname=\"Beispiel, the \"other\"\" Forename=\"Kit\" "
               "DOB=2008-01-21");
    says(text, "read 2 refused 0");
}

static void
a_finding_says_sheet_row_and_column(void **state)
{
    struct job *j = support_job(state);
    const char *cells = job_format(j, "%s%s%s", book_row(j, 1, people),
                                   book_row(j, 12, "L1|Example|Robin|not a day"),
                                   book_row(j, 13, "|Example|Robin|@40672"));
    struct returns_set set = open_book(j, one_sheet(j, cells, (struct book_of){.styles = dates}));
    struct dump d;
    const char *text = read_sheet(j, set.file[0], &d);

    says(text, "! line 12 column 4 date-bad: Sheet List_1, row 12, column D: DOB is "
               "\"not a day\"");
    says(text, "! line 13 column 1 required-missing REFUSES: Sheet List_1, row 13, column A: ");
}

static void
dates_are_told_by_their_format_in_both_systems(void **state)
{
    struct job *j = support_job(state);
    const struct {
        double serial;
        bool from_1904;
        const char *text;
    } known[] = {
        {1, false, "1900-01-01"},          {59, false, "1900-02-28"},
        {61, false, "1900-03-01"},         {25569, false, "1970-01-01"},
        {45581.395833333336, false, "2024-10-16 09:30:00"},
        {45581.999999999, false, "2024-10-17"},
        {0.5, false, "12:00:00"},          {44119, true, "2024-10-16"},
        {0, true, "1904-01-01"},
    };
    const struct {
        const char *format;
        bool date;
    } formats[] = {{"dd/mm/yyyy", true},  {"[$-809]d mmmm yyyy;@", true}, {"General", false},
                   {"0.00", false},       {"[Red]0.00", false},           {"#,##0\" days\"", false},
                   {"[h]:mm:ss", true},   {"0\\d", false},                {"@", false},
                   {"yyyy-mm-dd hh:mm", true}, {"\"d\"0", false},         {"_-* #,##0_-", false}};
    char buf[64];

    (void)j;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_true(xlsx_date(known[i].serial, known[i].from_1904, buf, sizeof buf));
        assert_string_equal(buf, known[i].text);
    }
    assert_false(xlsx_date(-1, false, buf, sizeof buf));
    assert_false(xlsx_date(1e9, false, buf, sizeof buf));
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (xlsx_format_is_date(formats[i].format) != formats[i].date)
            fail_msg("%s", formats[i].format);
}

static void
a_workbook_that_counts_from_1904_gives_the_same_days(void **state)
{
    struct job *j = support_job(state);
    const char *cells = job_format(j, "%s%s", book_row(j, 1, people),
                                   book_row(j, 2, "L1|Example|Robin|@39210"));
    struct book_of b = {.styles = "<numFmts><numFmt numFmtId=\"170\" formatCode=\"dd\\-mmm\"/>"
                                  "</numFmts><cellXfs><xf/><xf numFmtId=\"170\"/></cellXfs>",
                        .workbook = "date1904=\"1\""};
    struct returns_set set = open_book(j, one_sheet(j, cells, b));
    struct dump d;

    says(read_sheet(j, set.file[0], &d), "DOB=2011-05-09");
}

static void
each_kind_of_cell_is_read(void **state)
{
    struct job *j = support_job(state);
    const char *cells = job_format(
        j, "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"inlineStr\"><is><r><t>Fore"
           "</t></r><r><t>name</t></r></is></c><c t=\"str\"><f>\"D\"&amp;\"OB\"</f><v>DOB</v></c>"
           "<c t=\"inlineStr\"><is><t>NHSNumber</t></is></c></row>"
           "<row><c><v>1.2345678901E+10</v></c><c t=\"e\"><v>#N/A</v></c>"
           "<c t=\"b\"><v>1</v></c><c t=\"d\"><v>2011-05-09T00:00:00</v></c>"
           "<c><f>A1*2</f></c></row>");
    struct book_of b = {.strings = "<si><t>LocalId</t></si><si><r><t>Sur</t></r><r><t>name</t></r>"
                                   "<rPh sb=\"0\" eb=\"1\"><t>no</t></rPh></si>"};
    struct returns_set set = open_book(j, one_sheet(j, cells, b));
    struct dump d;
    const char *text = read_sheet(j, set.file[0], &d);

    says(text, "2 people LocalId=\"12345678901\" Forename=\"true\" DOB=2011-05-09\n");
    says(text, "cells that hold an error of Excel count as blank: 1, the first in row 2, column B");
    says(text, "formulas without a saved result count as blank: 1");
}

static void
each_sheet_is_a_table_and_the_others_are_left_with_a_reason(void **state)
{
    struct job *j = support_job(state);
    const struct book_part sheets[] = {
        {"Cover", book_row(j, 1, "Made by|somebody"), 0},
        {"People", job_format(j, "%s%s", book_row(j, 1, people),
                              book_row(j, 2, "L1|Example|Robin|2011-05-09")), 0},
        {"Empty", "", 0},
        {"Terms", job_format(j, "%s%s", book_row(j, 2, "URN|StartDate|EndDate|Kind"),
                             book_row(j, 3, "|2025-01-06|2025-04-04|term")), 0}};
    struct returns_set set = open_book(j, book_make(j, &(struct book_of){.sheet = sheets, .n = 4}));

    assert_int_equal(set.n, 2);
    assert_string_equal(set.file[0]->layout->name, "people");
    assert_string_equal(set.file[1]->layout->name, "term-dates");
    assert_string_equal(set.file[0]->folder, set.file[1]->folder);
    assert_int_equal(set.n_left, 2);
    says(set.left[0].name, "Cover");
    says(set.left[0].why, "belong to no table");
    says(set.left[1].why, "Empty is empty");
}

static void
what_excel_itself_would_write_is_read(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "real.xlsx");
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "People");
    lxw_format *date = workbook_add_format(book);
    lxw_datetime born = {2011, 5, 9, 0, 0, 0};
    const char *const names[] = {"LocalId", "Surname", "Forename", "DOB", "Postcode"};
    struct returns_set set = {0};
    struct dump d;

    format_set_num_format(date, "dd/mm/yyyy");
    for (int c = 0; c < 5; c++)
        worksheet_write_string(sheet, 0, (lxw_col_t)c, names[c], NULL);
    worksheet_write_number(sheet, 1, 0, 10421, NULL);
    worksheet_write_string(sheet, 1, 1, "\xC3\x9Clk\xC3\xBC\nlong", NULL);
    worksheet_write_string(sheet, 1, 2, "Robin", NULL);
    worksheet_write_datetime(sheet, 1, 3, &born, date);
    worksheet_write_string(sheet, 1, 4, "CH19ZZ", NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    assert_ok(j, returns_open_all(j, path, &set));
    assert_int_equal(set.n, 1);
    says(read_sheet(j, set.file[0], &d), "2 people LocalId=\"10421\" Surname=\"\xC3\x9Clk\xC3\xBC "
                                         "long\" Forename=\"Robin\" DOB=2011-05-09 "
                                         "Postcode=\"CH1 9ZZ\"");
}

/* ---- what means harm --------------------------------------------------------------- */

static void
must_leave(struct job *j, struct span bytes, const char *why)
{
    struct returns_set set = {0};
    enum err e = returns_open_all_bytes(j, "bad.xlsx", bytes, &set);

    if (e == ERR_INPUT)
        says(j->err.message, why);
    else if (e || set.n || !set.n_left)
        fail_msg("it was read (%zu)", set.n);
    else
        says(set.left[0].why, why);
    err_clear(j);
}

static char *
repeated(struct job *j, const char *s, size_t times)
{
    size_t n = strlen(s);
    char *to = job_alloc(j, n * times + 1);

    for (size_t i = 0; i < times; i++)
        memcpy(to + i * n, s, n);
    return to;
}

static void
a_workbook_that_means_harm_is_refused_in_words(void **state)
{
    struct job *j = support_job(state);
    const char *header = book_row(j, 1, people);
    const struct book_of plain = {0};
    struct book_part many[XLSX_SHEETS + 1];
    struct span good = one_sheet(j, header, plain);

    must_leave(j, one_sheet(j, job_format(j, "%s<row r=\"1048577\"/>", header), plain),
               "more rows than a sheet may have");
    must_leave(j, one_sheet(j, job_format(j, "%s<row r=\"1\"/>", header), plain),
               "not in order");
    must_leave(j, one_sheet(j, "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>", plain),
               "further to the right than 1,024");
    must_leave(j, one_sheet(j, "<row r=\"1\"><c r=\"A9\"><v>1</v></c></row>", plain),
               "a row that is not its own");
    must_leave(j, one_sheet(j, "<row r=\"1\"><c t=\"s\"><v>7</v></c></row>", plain),
               "text is not in the workbook");
    must_leave(j, one_sheet(j, "<row", plain), "is damaged: sheet List_1 cannot be read");
    must_leave(j, one_sheet(j, job_format(j, "<row><c t=\"str\"><v>%s</v></c></row>",
                                          repeated(j, "abcdefghij", 100001)), plain),
               "more text than a cell may hold");
    for (size_t i = 0; i < XLSX_SHEETS + 1; i++)
        many[i] = (struct book_part){"S", "", 0};
    must_leave(j, book_make(j, &(struct book_of){.sheet = many, .n = XLSX_SHEETS + 1}),
               "more sheets than are read");
    for (size_t cut = 30; cut < good.n; cut += good.n / 7)
        must_leave(j, (struct span){good.s, good.n - cut}, "");
}

static void
entities_are_not_expanded(void **state)
{
    struct job *j = support_job(state);
    const struct book_part parts[] = {
        {"[Content_Types].xml", "<Types/>", 0},
        {"_rels/.rels", "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                        "<Relationships>&b;</Relationships>", 0}};

    must_leave(j, book_zip(j, parts, 2), "declares a document type");
}

/* A text of 30 kB, used a hundred thousand times, would be 3 GB. */
static void
shared_texts_do_not_fill_the_disk(void **state)
{
    struct job *j = support_job(state);
    struct book_of b = {.strings = job_format(j, "<si><t>%s</t></si>",
                                              repeated(j, "0123456789", 3000))};
    char *cells = repeated(j, "<row><c t=\"s\"><v>0</v></c></row>", 100000);

    must_leave(j, one_sheet(j, cells, b), "larger unpacked than it may be (536,870,912 bytes)");
}

static void
a_sheet_that_says_it_is_huge_costs_nothing(void **state)
{
    struct job *j = support_job(state);
    const char *cells = job_format(j, "%s%s", book_row(j, 1, people),
                                   book_row(j, 1048576, "L1|Example|Robin|2011-05-09"));
    struct book_of b = {.before = "<dimension ref=\"A1:XFD1048576\"/>"};
    struct returns_set set = open_book(j, one_sheet(j, cells, b));
    struct dump d;

    assert_true(set.file[0]->n_bytes < 2 * JOB_MB);
    says(read_sheet(j, set.file[0], &d), "1048576 people LocalId=\"L1\"");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_sheet_is_read_as_a_csv_is),
        SUPPORT_TEST(a_finding_says_sheet_row_and_column),
        SUPPORT_TEST(dates_are_told_by_their_format_in_both_systems),
        SUPPORT_TEST(a_workbook_that_counts_from_1904_gives_the_same_days),
        SUPPORT_TEST(each_kind_of_cell_is_read),
        SUPPORT_TEST(each_sheet_is_a_table_and_the_others_are_left_with_a_reason),
        SUPPORT_TEST(what_excel_itself_would_write_is_read),
        SUPPORT_TEST(a_workbook_that_means_harm_is_refused_in_words),
        SUPPORT_TEST(entities_are_not_expanded),
        SUPPORT_TEST(shared_texts_do_not_fill_the_disk),
        SUPPORT_TEST(a_sheet_that_says_it_is_huge_costs_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
