/* Files that are not what they should be: each is refused with a sentence that helps.
 * The small ones are in tests/golden/returns/refuse/, their message and hint beside them. */
#include "support/dump.h"

static const char folder[] = "tests/golden/returns/refuse";
static const char accepted[] = "tests/golden/returns/accept";

static void
every_broken_file_is_refused_with_its_sentence(void **state)
{
    struct job *j = support_job(state);
    const char *const endings[] = {".csv", ".xml", ".json"};

    for (int k = 0; k < 3; k++) {
        size_t n;
        char **names = dump_folder(j, folder, endings[k], &n);
        assert_true(n > 5);
        for (size_t i = 0; i < n; i++) {
            struct scope scope = job_scope_begin(j);
            struct span text = dump_load(j, job_format(j, "%s/%s", folder, names[i]));
            struct dump d;
            dump_start(j, &d);
            if (dump_bytes(&d, names[i], text.s, text.n) != ERR_INPUT)
                fail_msg("%s is not refused", names[i]);
            dump_golden(j, job_format(j, "%s/%s.txt", folder, names[i]),
                        job_format(j, "%s\n%s\n", j->err.message, j->err.hint));
            err_clear(j);
            job_scope_end(j, scope);
        }
    }
}

/* Take away one column after another from each accepted CSV: either the table is still
 * recognised, or the message says which column is missing. */
static void
a_missing_column_that_marks_a_table_is_named(void **state)
{
    struct job *j = support_job(state);
    size_t n, refused = 0;
    char **names = dump_folder(j, accepted, ".csv", &n);

    for (size_t i = 0; i < n; i++) {
        struct scope scope = job_scope_begin(j);
        struct span text = dump_load(j, job_format(j, "%s/%s", accepted, names[i]));
        struct returns_file *f;
        assert_ok(j, returns_open_bytes(j, names[i], text.s, text.n, &f));
        for (size_t k = 0; k < f->layout->n_fields; k++) {
            struct span header = {text.s, strcspn(text.s, "\n")};
            struct csv *csv = csv_open_text(j, text.s, text.n, (struct csv_limits){0});
            struct lines t = {.j = j};
            struct returns_file *g;
            struct csv_row row;
            char column[LAYOUT_NAME];
            bool more;
            (void)header;
            if (!(f->layout->fields[k].rules & FIELD_MARKS) || f->column_of[k] < 0 ||
                f->layout->skip) /* what is not kept has a twin that is, and is as near */
                continue;
            assert_ok(j, csv_next(csv, &row, &more));
            for (size_t c = 0; c < row.n; c++)
                lines_add(&t, "%s\"%.*s\"", c ? "," : "",
                          (int)((int)c == f->column_of[k] ? 1 : row.field[c].n),
                          (int)c == f->column_of[k] ? "?" : row.field[c].s);
            lines_add(&t, "\n");
            if (returns_open_bytes(j, names[i], t.s, t.n, &g) == OK)
                continue; /* by another of its names */
            refused++;
            layout_column(f->layout, &f->layout->fields[k], 0, column);
            if (strncmp(column, "LSOA code", 9) == 0) /* both editions are as near */
                column[9] = '\0';
            assert_says(j, "missing");
            assert_says(j, column);
            err_clear(j);
        }
        job_scope_end(j, scope);
    }
    assert_true(refused > 80);
}

static void
a_missing_file_is_said_to_be_missing(void **state)
{
    struct job *j = support_job(state);
    struct returns_file *f;

    assert_err(j, returns_open(j, support_path(j, "nothing.csv"), &f), ERR_ENV);
    assert_says(j, "There is no such file");
    err_clear(j);
    assert_err(j, returns_open(j, support_path(j, "."), &f), ERR_INPUT);
    assert_says(j, "is not a file");
}

/* Repeats a text until it has n bytes. */
static char *
repeat(struct job *j, const char *what, size_t n)
{
    size_t one = strlen(what);
    char *s = job_alloc(j, n + 1);

    for (size_t i = 0; i < n; i++)
        s[i] = what[i % one];
    return s;
}

static void
must_refuse(struct job *j, const char *name, struct span text, const char *words)
{
    struct scope scope = job_scope_begin(j);
    struct dump d;

    dump_start(j, &d);
    assert_err(j, dump_bytes(&d, name, text.s, text.n), ERR_INPUT);
    assert_says(j, words);
    err_clear(j);
    job_scope_end(j, scope);
}

static void
one_endless_line_is_refused(void **state)
{
    struct job *j = support_job(state);
    enum { LONG = 3 * 1024 * 1024 };
    const char *start = "UPN,SchoolURN,Category,StartDate,Surname\nZ896400419017,900001,SUSP,";
    char *line = repeat(j, "a", LONG), *row = job_alloc(j, LONG + 100);

    must_refuse(j, "line.csv", (struct span){line, LONG}, "longer than a record may be");
    snprintf(row, LONG + 100, "%s%s", start, line);
    must_refuse(j, "row.csv", span_of(row), "longer than a record may be");
    memset(line, ',', LONG);
    must_refuse(j, "commas.csv", (struct span){line, LONG}, "more fields than a record may have");
}

#define HEADER                                                                               \
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2025</Year>"      \
    "</CollectionDetails></Header><Children>"

static void
xml_that_grows_without_end_is_refused(void **state)
{
    struct job *j = support_job(state);
    enum { LONG = 6 * 1024 * 1024, ROOM = LONG + 1000 };
    char *s = job_alloc(j, ROOM);
    const char *child = "<Child><ChildIdentifiers><LAchildID>";

    snprintf(s, ROOM, HEADER "%s%s", child, repeat(j, "x", 20000));
    must_refuse(j, "value.xml", span_of(s), "longer than a value may be");
    snprintf(s, ROOM, HEADER "<Child name=\"%s", repeat(j, "x", 2 * 1024 * 1024));
    must_refuse(j, "tag.xml", span_of(s), "a single tag is larger");
    snprintf(s, ROOM, HEADER "<!-- %s", repeat(j, "x", 2 * 1024 * 1024));
    must_refuse(j, "comment.xml", span_of(s), "a single tag is larger");
    snprintf(s, ROOM, HEADER "<Child>%s", repeat(j, "<A>b</A>\n", LONG));
    must_refuse(j, "record.xml", span_of(s), "one record is larger");
    snprintf(s, ROOM, HEADER "<Child>%s", repeat(j, "<CINdetails/>", 13 * 30000));
    must_refuse(j, "records.xml", span_of(s), "more records than one may hold");
    snprintf(s, ROOM, HEADER "%s", repeat(j, "<a>", 3 * 200));
    must_refuse(j, "depth.xml", span_of(s), "too deep");
    snprintf(s, ROOM, "%s", repeat(j, "<a>", 3 * 200000));
    must_refuse(j, "root.xml", span_of(s), "not Message");
}

/* Text outside records may be as long as it likes: it is passed over, in little memory. */
static void
long_stretches_without_records_are_passed_over(void **state)
{
    struct job *j = support_job(state);
    enum { LONG = 9 * 600000, ROOM = LONG + 1000 };
    char *s = job_alloc(j, ROOM);
    struct dump d;
    struct span text;

    snprintf(s, ROOM, HEADER "%s<Child><ChildIdentifiers><LAchildID>7</LAchildID>"
             "</ChildIdentifiers></Child></Children></Message>", repeat(j, "<A>b</A>\n", LONG));
    text = span_of(s);
    dump_start(j, &d);
    assert_ok(j, dump_bytes(&d, "blocks.xml", text.s, text.n));
    assert_int_equal(d.counts.read, 2);
    /* of them nothing is kept but that there are so many lines */
    assert_null(strstr(d.text.s, "<A>"));
    assert_non_null(strstr(d.text.s, "<LAchildID>7</LAchildID>"));
    assert_int_equal(d.text.s[LONG / 10], '\n');
}

/* What stands in the wrong column is a finding on every row, and nothing is loaded. */
static void
values_in_the_wrong_columns_are_all_refused(void **state)
{
    struct job *j = support_job(state);
    const char *s = "UPN,SchoolURN,Category,StartDate,Sessions\n"
                    "900001,Z896400419017,14/01/2025,SUSP,10\n"
                    "900001,X896402423110,15/01/2025,SUSP,2\n";
    struct dump d;

    dump_start(j, &d);
    assert_ok(j, dump_bytes(&d, "swapped.csv", s, strlen(s)));
    assert_int_equal(d.counts.read, 2);
    assert_int_equal(d.counts.refused, 2);
    assert_non_null(strstr(d.out.s, "code-unknown REFUSES"));
    assert_non_null(strstr(d.out.s, "date-bad REFUSES"));
    assert_non_null(strstr(d.out.s, "number-bad REFUSES"));
}

static void
a_row_of_another_length_is_a_finding(void **state)
{
    struct job *j = support_job(state);
    const char *s = "UPN,SchoolURN,Category,StartDate,Sessions\n"
                    "Z896400419017,900001,SUSP,14/01/2025\n"
                    "Z896400419017,900001,SUSP,14/01/2025,10,,\n"
                    "Example, Robin,900001,SUSP,14/01/2025,10\n";
    struct dump d;

    dump_start(j, &d);
    d.places = true;
    assert_ok(j, dump_bytes(&d, "rows.csv", s, strlen(s)));
    assert_int_equal(d.counts.read, 3);
    assert_int_equal(d.counts.refused, 1);
    assert_non_null(strstr(d.out.s, "line 2 column 0 row-short: The row has fewer values than "
                                    "there are columns (4 of 5)"));
    assert_non_null(strstr(d.out.s, "line 4 column 0 row-long REFUSES: The row has more values "
                                    "than there are columns (6 of 5)"));
}

static void
a_file_of_column_names_only_says_so(void **state)
{
    struct job *j = support_job(state);
    const char *s = "UPN,SchoolURN,Category,StartDate\n";
    struct dump d;

    dump_start(j, &d);
    assert_ok(j, dump_bytes(&d, "header.csv", s, strlen(s)));
    assert_int_equal(d.counts.read, 0);
    assert_string_equal(d.counts.note, "the file holds the names of its columns and no records");
}

/* Codes of 2024/25 in a file of 2018/19, and the other way round. */
static void
codes_of_another_year_are_found(void **state)
{
    struct job *j = support_job(state);
    const char *s = "termlysessiondetailsonrolltableid,NativeId,sourceid,pupilonrolltableid,"
                    "termlysessiondetailsonrollorderseqcolumn,sessions,attendancereason\n"
                    "1,SCH1,a,p1,1,3,C2\n2,SCH1,a,p1,1,4,I\n";
    struct dump d;

    dump_start(j, &d);
    d.reading = (struct reading){2018, 2};
    d.places = true;
    assert_ok(j, dump_bytes(&d, "old.csv", s, strlen(s)));
    assert_int_equal(d.findings, 1);
    assert_non_null(strstr(d.out.s, "attendancereason is \"C2\", a code of the set "
                                    "\"attendance\" that is not used in 2018/19."));
    dump_start(j, &d);
    d.reading = (struct reading){2024, 1}; /* autumn 2024 tells of the summer term before */
    d.places = true;
    assert_ok(j, dump_bytes(&d, "autumn.csv", s, strlen(s)));
    assert_int_equal(d.findings, 1);
    assert_non_null(strstr(d.out.s, "that is not used in 2023/24."));
    dump_start(j, &d);
    d.reading = (struct reading){2024, 2};
    assert_ok(j, dump_bytes(&d, "new.csv", s, strlen(s)));
    assert_int_equal(d.findings, 0);
}

static void
an_element_given_twice_counts_once_and_is_reported(void **state)
{
    struct job *j = support_job(state);
    const char *s = HEADER "<Child><ChildIdentifiers><LAchildID>1</LAchildID><LAchildID>2"
                           "</LAchildID></ChildIdentifiers></Child></Children></Message>";
    struct dump d;

    dump_start(j, &d);
    d.places = true;
    assert_ok(j, dump_bytes(&d, "twice.xml", s, strlen(s)));
    assert_non_null(strstr(d.out.s, "value-twice: LAchildID is given more than once"));
    assert_non_null(strstr(d.out.s, "LAchildID=\"1\""));
}

/* The receiver's own error ends the reading at once. */
static enum err
give_up(struct job *j, void *arg, const struct record *r)
{
    (void)r;
    ++*(int *)arg;
    return err_set(j, ERR_ENV, "the disk is full");
}

static void
an_error_of_the_receiver_ends_the_reading(void **state)
{
    struct job *j = support_job(state);
    const char *const names[] = {"census-fsmperiod.2024-2.csv", "cin.0-0.xml"};

    for (int i = 0; i < 2; i++) {
        struct span text = dump_load(j, job_format(j, "%s/%s", accepted, names[i]));
        struct reading reading = {0};
        int calls = 0;
        struct receiver to = {&calls, give_up, NULL, NULL, &reading};
        struct returns_counts counts;
        struct returns_file *f;
        assert_ok(j, returns_open_bytes(j, names[i], text.s, text.n, &f));
        assert_err(j, returns_read(j, f, &to, &counts), ERR_ENV);
        assert_says(j, "the disk is full");
        assert_int_equal(calls, 1);
        err_clear(j);
    }
}

/* Out of memory, wherever it strikes, is an error and no crash. */
struct attempt {
    const char *name;
    struct span text;
};

static enum err
read_it(struct job *j, void *arg)
{
    const struct attempt *a = arg;
    struct dump d;

    dump_start(j, &d);
    return dump_bytes(&d, a->name, a->text.s, a->text.n);
}

static void
memory_running_out_is_an_error_and_no_crash(void **state)
{
    struct job *j = support_job(state);
    const char *const names[] = {"suspensions.0-0.csv", "cin.0-0.xml",
                                 "census.0-0.autumn-2018.xml"};

    for (int i = 0; i < 3; i++) {
        struct attempt a = {names[i],
                            dump_load(j, job_format(j, "%s/%s", accepted, names[i]))};
        enum err e = ERR_BUSY;
        int nth = 0;
        while (e != OK) {
            struct job inner;
            job_init(&inner, 64 * JOB_MB);
            job_alloc_fault = ++nth;
            e = job_run(&inner, read_it, &a);
            assert_true(e == OK || e == ERR_BUSY);
            assert_true(nth < 20000);
            job_alloc_fault = 0;
            job_end(&inner);
        }
        assert_true(nth > 20);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_broken_file_is_refused_with_its_sentence),
        SUPPORT_TEST(a_missing_column_that_marks_a_table_is_named),
        SUPPORT_TEST(a_missing_file_is_said_to_be_missing),
        SUPPORT_TEST(one_endless_line_is_refused),
        SUPPORT_TEST(xml_that_grows_without_end_is_refused),
        SUPPORT_TEST(long_stretches_without_records_are_passed_over),
        SUPPORT_TEST(values_in_the_wrong_columns_are_all_refused),
        SUPPORT_TEST(a_row_of_another_length_is_a_finding),
        SUPPORT_TEST(a_file_of_column_names_only_says_so),
        SUPPORT_TEST(codes_of_another_year_are_found),
        SUPPORT_TEST(an_element_given_twice_counts_once_and_is_reported),
        SUPPORT_TEST(an_error_of_the_receiver_ends_the_reading),
        SUPPORT_TEST(memory_running_out_is_an_error_and_no_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
