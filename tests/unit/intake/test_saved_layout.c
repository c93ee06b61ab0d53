/* A file of somebody's own shape is mapped, tried, saved, and recognised from then on. */
#include "intake/original.h"
#include "intake/saved_layout.h"
#include "base/encoding.h"
#include "support/book.h"
#include "support/loads.h"

/* A school's own list of suspensions. */
static const char own[] =
    "Pupil Number,Family name,Given name,Type,From,To,Half days,Why\n"
    "Z896400419017,Example,Robin,Fixed,14/01/2025,15/01/2025,4,Swearing\n"
    "B916201225003,Beispiel,Kit,For ever,20/01/2025,,,Fighting\n"
    ",Nobody,At all,Fixed,not a day,,2,Swearing\n";

static const struct mapping_part parts[] = {
    {MAPPING_COLUMN, "UPN", "pupil number", NULL},
    {MAPPING_COLUMN, "Surname", "Family name", NULL},
    {MAPPING_COLUMN, "Forename", "Given name", NULL},
    {MAPPING_COLUMN, "Category", "Type", NULL},
    {MAPPING_COLUMN, "StartDate", "From", NULL},
    {MAPPING_COLUMN, "EndDate", "To", NULL},
    {MAPPING_COLUMN, "Sessions", "Half days", NULL},
    {MAPPING_COLUMN, "Reason1", "Why", NULL},
    {MAPPING_CONSTANT, "SchoolURN", "", "900001"},
    {MAPPING_VALUE, "Category", "fixed", "SUSP"},
    {MAPPING_VALUE, "Category", "For ever", "PERM"},
    {MAPPING_VALUE, "Reason1", "Swearing", "VA"},
    {MAPPING_VALUE, "Reason1", "Fighting", "PP"},
};
enum { N_PARTS = sizeof parts / sizeof *parts };

static struct mapping
mapping_of(struct job *j, const char *path)
{
    struct mapping_sample sample;

    assert_ok(j, mapping_look(j, (struct mapping_file){path, NULL, 0}, &sample));
    return (struct mapping){"High School suspensions", layout_find("suspensions"), sample.header,
                            parts, N_PARTS};
}

static struct load_result
load_own(struct job *j, const char *path, bool dry)
{
    struct load_options o = {.area = 896, .loaded_by = "test", .dry = dry};
    struct load_result r;

    (void)!load(j, &path, 1, &o, &r);
    return r;
}

static void
open_area(struct job *j)
{
    support_db(j);
    assert_int_equal(load_own(j, LOADS_COUNCIL "/people.csv", false).published, 1);
    j->area = 896;
}

static void
a_file_that_is_not_known_is_told_what_it_is_nearest_to(void **state)
{
    struct job *j = support_job(state);
    const char *path = loads_file(j, "near.csv", "UPN,Category,StartDate,Local note,Mood\n");
    struct mapping_sample sample;

    open_area(j);
    load_own(j, path, false);
    assert_says(j, "nearest to \"Suspension and exclusion notifications\"");
    assert_says(j, "missing: SchoolURN; it does not know: local note, mood");
    err_clear(j);
    assert_ok(j, mapping_look(j, (struct mapping_file){path, NULL, 0}, &sample));
    assert_string_equal(sample.nearest->name, "suspensions");
    assert_string_equal(sample.missing, "SchoolURN");
    assert_string_equal(sample.unknown, "local note, mood");
}

static void
what_is_plain_already_is_suggested(void **state)
{
    struct job *j = support_job(state);
    const char *columns[] = {"Mood", "UPN", "Start date", "forename"};
    struct mapping_sample sample = {.column = columns, .n_columns = 4};
    struct mapping_part *part;
    size_t n;

    mapping_suggest(j, layout_find("suspensions"), &sample, &part, &n);
    assert_int_equal(n, 2);
    assert_string_equal(part[0].field, "UPN");
    assert_string_equal(part[1].field, "Forename");
    assert_string_equal(part[1].source, "forename");
}

static void
the_first_rows_are_shown_as_they_would_be_read(void **state)
{
    struct job *j = support_job(state);
    const char *path = loads_file(j, "own.csv", own);
    struct mapping m = mapping_of(j, path);
    struct mapping_row *row;
    size_t n;

    assert_ok(j, mapping_preview(j, (struct mapping_file){path, NULL, 0}, &m, &row, &n));
    assert_int_equal(n, 3);
    assert_int_equal(row[0].line, 2);
    assert_string_equal(row[0].value[0], "Z896400419017");
    assert_string_equal(row[0].value[4], "900001");
    assert_string_equal(row[0].value[5], "SUSP");
    assert_string_equal(row[0].value[6], "2025-01-14");
    assert_string_equal(row[0].value[9], "VA");
    assert_string_equal(row[1].value[5], "PERM");
    assert_true(row[2].refused);
    assert_non_null(strstr(row[2].findings, "From is \"not a day\""));
}

static void
a_saved_layout_is_recognised_by_its_columns_in_any_order(void **state)
{
    struct job *j = support_job(state);
    const char *path = loads_file(j, "own.csv", own), *before;
    struct mapping m = mapping_of(j, path);
    struct saved_layout *list;
    struct batch_file *f;
    struct load_result r;
    size_t n;

    open_area(j);
    assert_ok(j, saved_layout_save(j, &m));
    assert_ok(j, saved_layout_save(j, &m)); /* again: replaced */
    assert_ok(j, saved_layout_list(j, &list, &n));
    assert_int_equal(n, 1);
    assert_string_equal(list[0].m.name, "High School suspensions");
    assert_string_equal(list[0].m.layout->name, "suspensions");
    assert_int_equal(list[0].m.n_parts, N_PARTS);
    assert_string_equal(list[0].unusable, "");
    before = loads_dump(j);
    r = load_own(j, path, true);
    assert_int_equal(r.published, 1);
    assert_int_equal(r.batch[0].refused, 1);
    assert_string_equal(loads_dump(j), before);
    r = load_own(j, path, false);
    assert_int_equal(r.published, 1);
    assert_int_equal(r.batch[0].loaded, 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE urn = 900001 AND "
                                    "category IN ('SUSP', 'PERM') AND reason1 IN ('VA', 'PP')"), 2);
    assert_ok(j, batch_files(j, r.batch[0].id, &f, &n));
    assert_non_null(strstr(f[0].note, "read by the saved layout \"High School suspensions\""));
    path = loads_file(j, "turned.csv", "WHY,From,to,half days,Type,Given name,Family name,"
                                       "Pupil Number\nSwearing,3/2/2025,,2,Fixed,Robin,Example,"
                                       "Z896400419017\n");
    assert_int_equal(load_own(j, path, false).published, 1);
    path = loads_file(j, "more.csv", "WHY,From,to,half days,Type,Given name,Family name,"
                                     "Pupil Number,Mood\n");
    assert_int_equal(load_own(j, path, false).published, 0);
    err_clear(j);
}

static void
a_layout_that_is_removed_is_forgotten(void **state)
{
    struct job *j = support_job(state);
    const char *path = loads_file(j, "own.csv", own);
    struct mapping m = mapping_of(j, path), other = m;
    struct saved_layout *list;
    const char *loaded;
    size_t n;

    open_area(j);
    assert_ok(j, saved_layout_save(j, &m));
    assert_int_equal(load_own(j, path, false).published, 1);
    loaded = loads_dump(j);
    other.name = "The same again";
    assert_err(j, saved_layout_save(j, &other), ERR_INPUT);
    assert_ok(j, saved_layout_remove(j, m.name));
    assert_err(j, saved_layout_remove(j, m.name), ERR_NOT_FOUND);
    assert_ok(j, saved_layout_list(j, &list, &n));
    assert_int_equal(n, 0);
    assert_string_equal(loads_dump(j), loaded); /* what it brought stays */
    path = loads_file(j, "again.csv", job_format(j, "%s,Later,On,Fixed,16/01/2025,,2,Swearing\n",
                                                 own));
    assert_int_equal(load_own(j, path, false).published, 0);
    err_clear(j);
    assert_ok(j, saved_layout_save(j, &other));
}

/* The same list in Excel: a sheet with a title above, and one that holds something else. */
static const char *
own_book(struct job *j, const char *name, const char *given)
{
    const char *path = support_path(j, name);
    const struct book_part sheet[] = {
        {"About", job_format(j, "%s%s", book_row(j, 1, "What this is|From whom"),
                             book_row(j, 2, "Suspensions|The High School")), 0},
        {"All / term", job_format(
            j, "%s%s%s%s", book_row(j, 1, "Suspensions of the term"),
            book_row(j, 3, "Pupil Number|Family name|Given name|Type|From|To|Half days|Why"),
            book_row(j, 4, job_format(j, "Z896400419017|Example|%s|Fixed|@45671|@45672|#4|Swearing",
                                      given)),
            book_row(j, 6, "|Nobody|At all|Fixed|not a day||#2|Swearing")), 0},
    };
    struct span bytes = book_make(j, &(struct book_of){
        .sheet = sheet, .n = 2,
        .styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>"});
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes.s, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
    return path;
}

static void
a_sheet_of_a_workbook_is_mapped_as_a_csv_is(void **state)
{
    struct job *j = support_job(state);
    const char *path = own_book(j, "own.xlsx", "Robin");
    struct mapping_file of = {path, "All / term", 0};
    struct mapping m = {"A book", layout_find("suspensions"), NULL, parts, N_PARTS};
    struct mapping_sample sample;
    struct mapping_row *row;
    struct load_result r;
    size_t n;

    open_area(j);
    assert_ok(j, mapping_look(j, of, &sample));
    assert_int_equal(sample.n_columns, 8);
    assert_string_equal(sample.column[7], "Why");
    assert_int_equal(sample.n_rows, 2);
    assert_string_equal(sample.row[0][4], "2025-01-14");
    m.header = sample.header;
    assert_ok(j, mapping_preview(j, of, &m, &row, &n));
    assert_int_equal(n, 2);
    assert_int_equal(row[0].line, 4); /* of the sheet */
    assert_string_equal(row[0].value[5], "SUSP");
    assert_string_equal(row[0].value[6], "2025-01-14");
    assert_true(row[1].refused);
    assert_err(j, mapping_preview(j, (struct mapping_file){path, "About", 0}, &m, &row, &n),
               ERR_INPUT);
    assert_int_equal(load_own(j, path, false).published, 0);
    err_clear(j);
    assert_ok(j, saved_layout_save(j, &m));
    r = load_own(j, path, false);
    assert_int_equal(r.published, 1);
    assert_int_equal(r.batch[0].loaded, 1);
    assert_int_equal(r.batch[0].refused, 1);
    assert_int_equal(r.n_left, 1); /* the other sheet */
    assert_int_equal(load_own(j, own_book(j, "next.xlsx", "Kim"), false).published, 1);
}

enum { TITLE_LINES = 3 };

static struct span
put_char(char *to, unsigned c, enum encoding e)
{
    size_t n = 0;

    if (e == ENC_UTF16LE || e == ENC_UTF16BE) {
        to[e == ENC_UTF16BE] = (char)c;
        to[e == ENC_UTF16LE] = 0;
        return (struct span){to, 2};
    }
    if (c < 0x80 || e == ENC_WINDOWS_1252) {
        to[n++] = (char)c;
    } else {
        to[n++] = (char)(0xC0 | c >> 6);
        to[n++] = (char)(0x80 | (c & 0x3F));
    }
    return (struct span){to, n};
}

/* The list below titles, one of them with letters beyond ASCII, as a program would write it. */
static const char *
write_titled(struct job *j, const char *name, enum encoding e)
{
    static const char *const marks[] = {[ENC_UTF8] = "", [ENC_UTF8_BOM] = "\xEF\xBB\xBF",
                                        [ENC_UTF16LE] = "\xFF\xFE", [ENC_UTF16BE] = "\xFE\xFF",
                                        [ENC_WINDOWS_1252] = ""};
    const char *path = support_path(j, name);
    const char *text = job_format(j, "%s\n\n%s\n%s", "Suspensions of Caf\xE9 Road School",
                                  "Week of,3 May", own);
    FILE *f = fopen(path, "wb");
    char buf[4];

    assert_non_null(f);
    fputs(marks[e], f);
    for (; *text; text++) {
        struct span c = put_char(buf, (unsigned char)*text, e);
        assert_int_equal(fwrite(c.s, 1, c.n, f), c.n);
    }
    assert_int_equal(fclose(f), 0);
    return path;
}

static void
check_titled(struct job *j, enum encoding encoding)
{
    const char *path = write_titled(j, job_format(j, "titled-%d.csv", (int)encoding), encoding);
    struct mapping_file of = {path, NULL, 0};
    struct mapping m = {"Titled", layout_find("suspensions"), NULL, parts, N_PARTS};
    struct mapping_sample sample;
    struct mapping_row *row;
    size_t n;

    assert_ok(j, mapping_look(j, of, &sample));
    assert_int_equal(sample.first, 1); /* found: the first */
    assert_int_equal(sample.n_columns, 1);
    assert_int_equal(sample.n_begin, 6);
    assert_int_equal(sample.begin[1].line, 3);
    assert_string_equal(sample.begin[1].text, "Week of, 3 May");
    assert_string_equal(sample.begin[2].text,
                        "Pupil Number, Family name, Given name, Type and 4 more");
    of.row = TITLE_LINES + 1;
    assert_ok(j, mapping_look(j, of, &sample));
    assert_int_equal(sample.first, TITLE_LINES + 1);
    assert_int_equal(sample.n_columns, 8);
    assert_string_equal(sample.row[0][1], "Example");
    m.header = sample.header;
    assert_ok(j, mapping_preview(j, of, &m, &row, &n));
    assert_int_equal(n, 3);
    assert_int_equal(row[0].line, TITLE_LINES + 2); /* of the file */
    assert_string_equal(row[0].value[0], "Z896400419017");
    assert_string_equal(row[1].value[1], "Beispiel");
    assert_true(row[2].refused);
    of.row = 2; /* it is blank */
    assert_err(j, mapping_look(j, of, &sample), ERR_INPUT);
    assert_says(j, "row 2 of titled");
    err_clear(j);
}

static void
the_row_that_names_the_columns_is_chosen(void **state)
{
    struct job *j = support_job(state);

    check_titled(j, ENC_UTF8);
    check_titled(j, ENC_UTF8_BOM);
    check_titled(j, ENC_UTF16LE);
    check_titled(j, ENC_UTF16BE);
    check_titled(j, ENC_WINDOWS_1252);
}

static void
a_file_whose_columns_stand_below_titles_is_loaded_by_its_saved_layout(void **state)
{
    struct job *j = support_job(state);
    const char *path = write_titled(j, "titled.csv", ENC_UTF16LE);
    struct mapping m = {"Titled", layout_find("suspensions"), NULL, parts, N_PARTS};
    struct mapping_sample sample;
    struct original_record shown;
    struct load_result r;

    open_area(j);
    assert_ok(j, mapping_look(j, (struct mapping_file){path, NULL, TITLE_LINES + 1}, &sample));
    m.header = sample.header;
    assert_int_equal(load_own(j, path, false).published, 0); /* not known yet */
    err_clear(j);
    assert_ok(j, saved_layout_save(j, &m));
    r = load_own(j, path, false);
    assert_int_equal(r.published, 1);
    assert_int_equal(r.batch[0].loaded, 2);
    assert_int_equal(r.batch[0].refused, 1);
    assert_int_equal(loads_count(j, "SELECT line FROM suspension WHERE area_id = 896 AND "
                                    "category = 'PERM'"), TITLE_LINES + 3);
    assert_ok(j, original_get(j, (struct original_place){r.batch[0].id, 1, TITLE_LINES + 3},
                              &shown));
    assert_string_equal(shown.v[1].name, "Family name");
    assert_string_equal(shown.v[1].value, "Beispiel");
}

static void
what_cannot_be_mapped_is_told_from_what_can(void **state)
{
    static const struct { const char *name, *path, *sheet; } names[] = {
        {"own.csv", "f/own.csv", NULL}, {"OWN.TXT", "f/OWN.TXT", NULL},
        {"own.xlsx › List 1", "f/own.xlsx", "List 1"}, {"a.xlsm › x.csv", "f/a.xlsm", "x.csv"},
        {"own.xlsx", NULL, NULL}, {"own.zip › a.csv", NULL, NULL}, {"own.pdf", NULL, NULL},
        {"../own.csv", NULL, NULL}, {"a/own.xlsx › x", NULL, NULL}, {".csv", NULL, NULL},
        {"", NULL, NULL}, {" › x", NULL, NULL}};
    struct job *j = support_job(state);
    struct mapping_sample sample;
    struct mapping_file of;
    const char *path = own_book(j, "own.xlsx", "Robin");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(mapping_file_named(j, "f", names[i].name, &of), names[i].path != NULL);
        if (!names[i].path)
            continue;
        assert_string_equal(of.path, names[i].path);
        assert_int_equal(of.sheet != NULL, names[i].sheet != NULL);
        if (of.sheet)
            assert_string_equal(of.sheet, names[i].sheet);
    }
    of = (struct mapping_file){path, "No such", 0};
    assert_err(j, mapping_look(j, of, &sample), ERR_NOT_FOUND);
    path = loads_file(j, "false.xlsx", own);
    assert_err(j, mapping_look(j, (struct mapping_file){path, "List", 0}, &sample), ERR_INPUT);
    path = loads_file(j, "false.csv", "PK\3\4 this is no text\n");
    assert_err(j, mapping_look(j, (struct mapping_file){path, NULL, 0}, &sample), ERR_INPUT);
}

static void
must_not_do(struct job *j, struct mapping m, const char *why)
{
    assert_int_equal(mapping_check(j, &m), ERR_INPUT);
    assert_says(j, why);
    err_clear(j);
}

static void
a_mapping_that_is_not_whole_is_refused_in_words(void **state)
{
    struct job *j = support_job(state);
    struct mapping m = mapping_of(j, loads_file(j, "own.csv", own)), bad = m;
    struct mapping_part more[N_PARTS + 1];

    assert_ok(j, mapping_check(j, &m));
    bad.name = " ";
    must_not_do(j, bad, "needs a name");
    bad = m;
    bad.layout = layout_find("cin-child"); /* XML only */
    must_not_do(j, bad, "what the file is to be read as");
    bad = m;
    bad.n_parts = 8;
    must_not_do(j, bad, "\"SchoolURN\" is needed");
    bad = m;
    bad.part = more;
    bad.n_parts = N_PARTS + 1;
    memcpy(more, parts, sizeof parts);
    more[N_PARTS] = (struct mapping_part){MAPPING_COLUMN, "Reason2", "Nowhere", NULL};
    must_not_do(j, bad, "no column \"Nowhere\"");
    more[N_PARTS] = (struct mapping_part){MAPPING_COLUMN, "Reason2", "why", NULL};
    must_not_do(j, bad, "used twice");
    more[N_PARTS] = (struct mapping_part){MAPPING_CONSTANT, "UPN", "", "X"};
    must_not_do(j, bad, "\"UPN\" is given twice");
    more[N_PARTS] = (struct mapping_part){MAPPING_CONSTANT, "Mood", "", "X"};
    must_not_do(j, bad, "has no field \"Mood\"");
    more[N_PARTS] = (struct mapping_part){MAPPING_VALUE, "Reason1", "Biting", ""};
    must_not_do(j, bad, "is to be read as is not said");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_file_that_is_not_known_is_told_what_it_is_nearest_to),
        SUPPORT_TEST(what_is_plain_already_is_suggested),
        SUPPORT_TEST(the_first_rows_are_shown_as_they_would_be_read),
        SUPPORT_TEST(a_saved_layout_is_recognised_by_its_columns_in_any_order),
        SUPPORT_TEST(a_layout_that_is_removed_is_forgotten),
        SUPPORT_TEST(a_sheet_of_a_workbook_is_mapped_as_a_csv_is),
        SUPPORT_TEST(the_row_that_names_the_columns_is_chosen),
        SUPPORT_TEST(a_file_whose_columns_stand_below_titles_is_loaded_by_its_saved_layout),
        SUPPORT_TEST(what_cannot_be_mapped_is_told_from_what_can),
        SUPPORT_TEST(a_mapping_that_is_not_whole_is_refused_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
