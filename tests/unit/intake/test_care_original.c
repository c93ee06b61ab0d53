/* Every fact of social care has its original: the line of the file that told it, whichever kind
 * of file that is. */
#include "intake/keep.h"
#include "intake/original.h"
#include "support/loads.h"

static void
load_it(struct job *j, const char *name)
{
    const char *paths[] = {support_path(j, name)};
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    assert_ok(j, load(j, paths, 1, &o, &r));
    for (size_t i = 0; r.refused && i < r.n_batches; i++)
        fail_msg("%s: %s", name, r.batch[i].message);
    assert_true(r.published > 0);
}

static void
copy_all(struct job *j, const char *prefix, const char *folder)
{
    size_t n;
    char **names = dump_folder(j, "tests/golden/returns/accept", "-0.csv", &n);

    for (size_t i = 0; i < n; i++)
        if (!strncmp(names[i], prefix, strlen(prefix)))
            loads_copy(j, job_format(j, "tests/golden/returns/accept/%s", names[i]),
                       job_format(j, "%s/%s", folder, names[i]));
}

struct told {
    struct original_place at;
    const char *kind, *source;
    int32_t started;
};

static struct told *
all_facts(struct job *j, size_t *n)
{
    struct told *v = job_array(j, 200, sizeof *v);
    struct rows q;

    *n = 0;
    db_ask(j, &q, "SELECT batch_id, file_id, line, kind, source_kind, started FROM care_episode "
                  "WHERE area_id = 896 ORDER BY batch_id, file_id, line, part", NO_ARGS);
    while (db_next(&q) && *n < 200)
        v[(*n)++] = (struct told){{row_int(&q, 0), row_int(&q, 1), row_int(&q, 2)},
                                  row_text(&q, 3), row_text(&q, 4), (int32_t)row_int(&q, 5)};
    assert_ok(j, db_done(&q));
    return v;
}

/* One of the values is the day on which it began. */
static bool
tells_day(const struct original_record *r, int32_t day)
{
    for (size_t i = 0; i < r->n; i++) {
        int32_t date;
        if (date_parse(r->v[i].value, strlen(r->v[i].value), &date) && date == day)
            return true;
    }
    return false;
}

static void
every_fact_of_every_source_has_its_line(void **state)
{
    struct job *j = support_job(state);
    struct told *v;
    size_t n, scores = 0;

    j->limit = 256 * (size_t)JOB_MB; /* five loads */
    support_db(j);
    copy_all(j, "ssd-", "ssd");
    copy_all(j, "annex-a-", "annex");
    copy_all(j, "ssda903-", "903");
    loads_copy(j, "tests/golden/returns/accept/care-api.0-0.json", "api/payload.json");
    loads_copy(j, "tests/golden/returns/accept/ssda903.2024-0.xml", "xml/ssda903.xml");
    load_it(j, "ssd");
    load_it(j, "annex");
    load_it(j, "903");
    load_it(j, "api");
    load_it(j, "xml");
    v = all_facts(j, &n);
    assert_true(n > 40);
    for (size_t i = 0; i < n; i++) {
        struct original_record r;
        assert_ok(j, original_get(j, v[i].at, &r));
        if (!strcmp(v[i].kind, "sdq") && !strcmp(v[i].source, "ssda903"))
            scores++; /* of the year: its file tells no day */
        else if (!tells_day(&r, v[i].started))
            fail_msg("%s of %s, line %lld: %s", v[i].kind, v[i].source, (long long)v[i].at.line,
                     r.raw);
    }
    assert_int_equal(scores, 2);
}

/* Of the columns that are not needed nothing is kept; lines and quotes stay right. */
static void
columns_that_are_not_needed_leave_no_text(void **state)
{
    struct job *j = support_job(state);
    struct original_record r;
    struct told *v;
    size_t n;

    support_db(j);
    loads_file(j, "ssd/plans.csv",
               "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_notes,"
               "cppl_cp_plan_end_date,cppl_cp_plan_initial_category\n"
               "CP1,\"1 \"\"x\"\"\",2024-01-01,\"two\nlines, \"\"quoted\"\"\",2024-02-01,NEG\n\n"
               "CP2,2,2024-03-01,,,EMO\n");
    load_it(j, "ssd");
    v = all_facts(j, &n);
    assert_int_equal(n, 2);
    assert_int_equal(v[0].at.line, 2);
    assert_int_equal(v[1].at.line, 5);
    assert_ok(j, original_get(j, v[0].at, &r));
    assert_int_equal(r.n, 3);
    assert_string_equal(r.v[0].name, "cppl_person_id");
    assert_string_equal(r.v[0].value, "1 \"x\"");
    assert_string_equal(r.raw, "\"1 \"\"x\"\"\",\"2024-01-01\",\"2024-02-01\"");
    assert_ok(j, original_get(j, v[1].at, &r));
    assert_string_equal(r.v[1].value, "2024-03-01");
}

/* ---- XML and JSON: what is not listed is nowhere in the database ------------------------ */

static const char cin_xml[] =
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2025</Year>"
    "<ReferenceDate>2025-03-31</ReferenceDate></CollectionDetails><Source><SourceLevel>L"
    "</SourceLevel><LEA>896</LEA><Contact>CANARY-OFFICER</Contact></Source></Header>\n"
    "<Children><Child><ChildIdentifiers><LAchildID>896001</LAchildID>"
    "<PersonBirthDate>2011-05-06</PersonBirthDate><Sex>2</Sex></ChildIdentifiers>"
    "<ChildCharacteristics><Ethnicity>CANARY-ETHNIC</Ethnicity><Disabilities><Disability>"
    "HAND</Disability></Disabilities></ChildCharacteristics>\n"
    "<CINdetails><CINreferralDate>2024-04-01</CINreferralDate><ReferralSource>1A"
    "</ReferralSource>"
    "<PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>0</ReferralNFA>\n"
    "<ChildProtectionPlans><CPPstartDate>2024-05-01</CPPstartDate><InitialCategoryOfAbuse>"
    "CANARY-ABUSE</InitialCategoryOfAbuse><Notes>CANARY-NOTE &amp; more</Notes>"
    "</ChildProtectionPlans>"
    "</CINdetails></Child></Children></Message>\n";
static const char payload_json[] =
    "{\"la_code\": 896, \"Children\": [\n{\"la_child_id\": \"896002\", \"child_details\": "
    "{\"first_name\": \"Robin \\\"R\\\"\", \"surname\": \"Example\", \"date_of_birth\": "
    "\"2012-03-04\", \"parents_contact\": \"CANARY-PARENT\"}, \"disabilities\": "
    "[\"CANARY-LIST\"], \"social_care_episodes\": [{\"referral_date\": \"2024-06-01\", "
    "\"referral_details\": \"CANARY-DETAILS\", \"child_protection_plans\": [{\"start_date\": "
    "\"2024-07-01\", \"category\": \"CANARY-KIND\"}]}]}\n]}\n";
static const char ctf_xml[] =
    "<CTfile><Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.0"
    "</CTFversion><DateTime>2025-05-01T10:00:00</DateTime><SourceSchool><LEA>896</LEA><Estab>4001"
    "</Estab><URN>900001</URN><SchoolName>CANARY-SCHOOL</SchoolName></SourceSchool></Header>\n"
    "<CTFpupilData><Pupil><UPN>A896400125001</UPN><Surname>Example</Surname>"
    "<Forename>Alex</Forename><DOB>2013-02-03</DOB><Sex>F</Sex><Contacts><Contact><Surname>"
    "CANARY-MOTHER</Surname><Phones><PhoneNo>CANARY-PHONE</PhoneNo></Phones></Contact></Contacts>\n"
    "<SchoolHistory><School><LEA>896</LEA><Estab>4001</Estab><EntryDate>2024-09-01</EntryDate>"
    "<LeavingDate>2025-04-25</LeavingDate></School></SchoolHistory></Pupil></CTFpupilData>"
    "</CTfile>\n";

static bool
within(const char *s, size_t n, const char *words)
{
    return memmem(s, n, words, strlen(words)) != NULL;
}

/* The kept text, unpacked. */
static bool
chunks_hold(struct job *j, const char *words)
{
    struct rows q;
    bool found = false;

    db_ask(j, &q, "SELECT content FROM file_chunk WHERE area_id = 896", NO_ARGS);
    while (db_next(&q)) {
        const char *text;
        size_t n, size;
        const void *content = row_blob(&q, 0, &size);
        assert_ok(j, kept_text(j, content, size, &text, &n));
        found |= within(text, n, words);
    }
    assert_ok(j, db_done(&q));
    return found;
}

/* Every text column of every table. */
static const char sql_columns[] =
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = "
    "current_schema() AND data_type = 'text'";
static bool
columns_hold(struct job *j, const char *words)
{
    const char *names[2000][2];
    struct rows q;
    size_t n = 0;
    int64_t rows = 0, all = 0;

    db_ask(j, &q, sql_columns, NO_ARGS);
    for (; n < 2000 && db_next(&q); n++) {
        names[n][0] = row_text(&q, 0);
        names[n][1] = row_text(&q, 1);
    }
    assert_ok(j, db_done(&q));
    assert_true(n > 100 && n < 2000);
    for (size_t i = 0; i < n; i++, all += rows)
        assert_ok(j, db_int(j, job_format(j, "SELECT COUNT(*) FROM \"%s\" WHERE \"%s\" LIKE $1",
                                          names[i][0], names[i][1]),
                            ARGS(TEXT(job_format(j, "%%%s%%", words))), 0, &rows));
    return all > 0;
}

/* SQLite: the bytes of the database and of its log. */
static bool
bytes_hold(struct job *j, const char *words)
{
    static const char *const ends[] = {"", "-wal"};
    bool found = false;

    for (size_t i = 0; i < 2; i++) {
        FILE *f = fopen(job_format(j, "%s%s", support_url(j) + strlen("sqlite:"), ends[i]), "rb");
        char *s;
        size_t n;
        assert_true(f || i);
        if (!f)
            continue;
        s = job_alloc(j, 64 * (size_t)JOB_MB);
        n = fread(s, 1, 64 * (size_t)JOB_MB, f);
        fclose(f);
        assert_true(n < 64 * (size_t)JOB_MB);
        found |= within(s, n, words);
    }
    return found;
}

static bool
holds(struct job *j, const char *words)
{
    bool found = chunks_hold(j, words);

    return (support_postgresql() ? columns_hold(j, words) : bytes_hold(j, words)) || found;
}

static void
what_is_not_listed_is_nowhere_in_the_database(void **state)
{
    struct job *j = support_job(state);
    struct original_record r;
    struct told *v;
    size_t n;

    j->limit = 512 * (size_t)JOB_MB;
    support_db(j);
    loads_file(j, "cin/cin.xml", cin_xml);
    loads_file(j, "api/payload.json", payload_json);
    loads_file(j, "ctf/896_CTF.xml", ctf_xml);
    load_it(j, "cin");
    load_it(j, "api");
    load_it(j, "ctf");
    assert_false(holds(j, "CANARY"));
    assert_true(holds(j, "896001")); /* the search finds what there is */
    assert_true(holds(j, "2024-05-01"));
    v = all_facts(j, &n);
    assert_true(n >= 4);
    for (size_t i = 0; i < n; i++) {
        assert_ok(j, original_get(j, v[i].at, &r));
        if (!tells_day(&r, v[i].started))
            fail_msg("%s of %s, line %lld: %s", v[i].kind, v[i].source, (long long)v[i].at.line,
                     r.raw);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_fact_of_every_source_has_its_line),
        SUPPORT_TEST(columns_that_are_not_needed_leave_no_text),
        SUPPORT_TEST(what_is_not_listed_is_nowhere_in_the_database),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
