/* What the files say of a child, line by line, and who may read which line. */
#include "support/children.h"
#include "people/fact.h"
#include <string.h>

static size_t
count(const struct fact *v, size_t n, enum fact_kind k)
{
    size_t c = 0;

    for (size_t i = 0; i < n; i++)
        c += v[i].kind == k;
    return c;
}

static void
every_published_line_about_a_child_is_a_fact(void **state)
{
    struct job *j = support_job(state);
    struct fact *v;
    size_t n;

    children_make(j);
    j->who = &children_analyst;
    assert_ok(j, fact_list(j, 1, &v, &n));
    assert_int_equal(n, 5);
    assert_int_equal(count(v, n, FACT_CENSUS), 2);
    assert_int_equal(count(v, n, FACT_SUSPENSION), 2);
    assert_int_equal(count(v, n, FACT_CARE), 1);
    for (size_t i = 1; i < n; i++)
        assert_true(v[i].known > 0 && v[i].line > 0 && v[i].batch >= 10);
    assert_ok(j, fact_list(j, 4, &v, &n)); /* in a batch still loading */
    assert_int_equal(n, 0);
}

static void
facts_come_newest_first_with_their_source(void **state)
{
    struct job *j = support_job(state);
    struct fact *v;
    size_t n;

    children_make(j);
    j->who = &children_analyst;
    assert_ok(j, fact_list(j, 1, &v, &n));
    assert_int_equal(v[0].kind, FACT_SUSPENSION);
    assert_int_equal(v[0].from, 20100);
    assert_int_equal(v[0].number, 2);
    assert_string_equal(v[0].code, "SUSP");
    assert_string_equal(v[0].code2, "DB");
    assert_string_equal(v[0].source, "School census, spring 2025");
    assert_string_equal(v[0].school, "Fernhill Academy");
    assert_int_equal(v[n - 1].kind, FACT_CARE);
    assert_string_equal(v[n - 1].code, "referral");
    assert_int_equal(v[n - 1].to, DATE_NONE);
}

static const struct fact *
first_census(const struct fact *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == FACT_CENSUS)
            return &v[i];
    fail_msg("there is no census row");
    return v;
}

static void
absences_of_the_early_years_need_the_schools_number(void **state)
{
    struct job *j = support_job(state);
    struct attendance_totals t = {0};
    uint8_t packed[ATTENDANCE_PACKED];
    const struct fact *c;
    struct fact *v;
    size_t n;

    children_make(j);
    j->who = &children_analyst;
    t.by_code[attendance_code(SPAN("I"))] = 6;
    t.by_code[attendance_code(SPAN("G"))] = 7;
    assert_ok(j, db_run(j, "UPDATE census_pupil SET school_year = 2018, marks = $1 "
                           "WHERE area_id = 1",
                        ARGS(BLOB(packed, attendance_pack(&t, packed))), NULL));
    assert_ok(j, fact_list(j, 1, &v, &n));
    c = first_census(v, n);
    assert_int_equal(c->absence.possible, 0); /* and not 13, all of them missed */
    assert_int_equal(c->absence.authorised, 6);
    assert_int_equal(c->absence.unauthorised, 7);
    assert_int_equal(c->by_code.by_code[attendance_code(SPAN("G"))], 7);
    assert_ok(j, db_run(j, "UPDATE census_pupil SET sessions_possible = 130 WHERE area_id = 1",
                        NO_ARGS, NULL));
    assert_ok(j, fact_list(j, 1, &v, &n));
    assert_int_equal(first_census(v, n)->absence.possible, 130);
}

static void
a_school_reads_its_own_lines_and_no_social_care(void **state)
{
    struct job *j = support_job(state);
    struct fact *v;
    size_t n;

    children_make(j);
    j->who = &children_senco;
    assert_ok(j, fact_list(j, 1, &v, &n));
    assert_int_equal(n, 2);
    assert_int_equal(v[0].urn, 100002);
    assert_int_equal(v[1].urn, 100002);
    assert_err(j, fact_list(j, 3, &v, &n), ERR_DENIED);
    assert_int_equal(n, 0);
}

/* Of child 1, by school 100002 but for the first: two registers of social care and one not,
 * a leaver return, what a review decided. */
static void
registers(struct job *j)
{
    static const char *const sql[] = {
        "INSERT INTO register_entry (area_id, batch_id, file_id, line, identity_id, register, "
        "started, ended, reason, urn, minutes_a_week) VALUES "
        "(1, 13, 2, 2, 1, 'EHE', 20150, NULL, 'mental health', 100001, NULL), "
        "(1, 13, 2, 3, 1, 'YJS', 20151, 20200, NULL, 100002, NULL), "
        "(1, 13, 2, 4, 1, 'PTT', 20152, 20190, 'anxiety', 100002, 750)",
        "INSERT INTO leaver (area_id, batch_id, file_id, line, identity_id, urn, left_on, ground, "
        "destination_urn) VALUES (1, 13, 3, 2, 1, 100002, 20160, 'F', NULL)",
        "INSERT INTO exclusion_outcome (area_id, batch_id, file_id, line, identity_id, urn, "
        "started, stage, decided, result) VALUES "
        "(1, 13, 4, 2, 1, 100002, 20100, 'governors', 20120, 'ANO')",
    };

    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
        assert_ok(j, db_run(j, sql[i], NO_ARGS, NULL));
}

static void
lines_of_registers_leavers_and_reviews_are_facts_too(void **state)
{
    struct job *j = support_job(state);
    struct fact_key k = {FACT_LEAVER, 13, 3, 2};
    struct fact *v, f;
    size_t n;

    children_make(j);
    registers(j);
    j->who = &children_analyst;
    assert_ok(j, fact_list(j, 1, &v, &n));
    assert_int_equal(n, 10);
    assert_int_equal(count(v, n, FACT_ENTRY), 3);
    assert_string_equal(v[0].code, "F");
    assert_string_equal(v[1].code, "PTT");
    assert_int_equal(v[1].to, 20189); /* the last day, as the file gave it */
    assert_int_equal(v[1].number, 750);
    assert_ok(j, fact_get(j, 1, k, &f));
    assert_int_equal(f.kind, FACT_LEAVER);
    j->who = &children_senco; /* its own lines, and no youth justice */
    assert_ok(j, fact_list(j, 1, &v, &n));
    assert_int_equal(count(v, n, FACT_ENTRY), 1);
    assert_int_equal(count(v, n, FACT_LEAVER), 1);
    assert_int_equal(count(v, n, FACT_OUTCOME), 1);
}

static void
the_original_of_a_line_is_for_the_analyst(void **state)
{
    struct job *j = support_job(state);
    struct fact f;
    struct fact_key k = {FACT_SUSPENSION, 11, 2, 9}, of_another = {FACT_CENSUS, 11, 1, 4};

    children_make(j);
    j->who = &children_analyst;
    assert_ok(j, fact_get(j, 1, k, &f));
    assert_int_equal(f.from, 20100);
    assert_err(j, fact_get(j, 1, of_another, &f), ERR_NOT_FOUND);
    assert_err(j, fact_get(j, 2, k, &f), ERR_NOT_FOUND);
    j->who = &children_senco;
    assert_err(j, fact_get(j, 1, k, &f), ERR_DENIED);
}

static void
absence_is_added_up_from_the_marks_of_the_term_before(void **state)
{
    struct job *j = support_job(state);
    struct attendance_totals t = {0};
    uint8_t packed[ATTENDANCE_PACKED];
    struct fact *v;
    size_t n;

    children_make(j);
    t.by_code[attendance_code(SPAN("/"))] = 90;
    t.by_code[attendance_code(SPAN("I"))] = 8;
    t.by_code[attendance_code(SPAN("O"))] = 2;
    n = attendance_pack(&t, packed);
    assert_ok(j, db_run(j, "UPDATE census_pupil SET marks = $1, marks_summer2 = $1 "
                           "WHERE area_id = 1 AND batch_id = 10 AND line = 2",
                        ARGS(BLOB(packed, n)), NULL));
    j->who = &children_analyst;
    assert_ok(j, fact_list(j, 1, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (v[i].kind != FACT_CENSUS)
            continue;
        assert_int_equal(v[i].absence.possible, v[i].batch == 10 ? 200 : 0);
        assert_int_equal(v[i].absence.authorised, v[i].batch == 10 ? 16 : 0);
        assert_int_equal(v[i].absence.unauthorised, v[i].batch == 10 ? 4 : 0);
    }
}

static void
possible_sessions_are_those_the_school_gave(void **state)
{
    struct job *j = support_job(state);
    struct attendance_totals t = {0};
    uint8_t packed[ATTENDANCE_PACKED];
    struct fact *v;
    size_t n;

    children_make(j);
    t.by_code[attendance_code(SPAN("I"))] = 8;
    n = attendance_pack(&t, packed);
    assert_ok(j, db_run(j, "UPDATE census_pupil SET marks = $1, sessions_possible = 126 "
                           "WHERE area_id = 1 AND batch_id = 11 AND line = 2",
                        ARGS(BLOB(packed, n)), NULL));
    assert_ok(j, db_run(j, "UPDATE census_pupil SET sessions_possible = 130 "
                           "WHERE area_id = 1 AND batch_id = 10 AND line = 2", NO_ARGS, NULL));
    j->who = &children_analyst;
    assert_ok(j, fact_list(j, 1, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (v[i].kind != FACT_CENSUS)
            continue;
        assert_int_equal(v[i].absence.possible, v[i].batch == 11 ? 126 : 130);
        assert_int_equal(v[i].absence.authorised, v[i].batch == 11 ? 8 : 0);
    }
}

static void
a_census_reports_the_term_before_its_own(void **state)
{
    int32_t ends;

    (void)state;
    assert_int_equal(fact_term_before(2024, TERM_SPRING, &ends), date_from_ymd(2024, 8, 1));
    assert_int_equal(ends, date_from_ymd(2025, 1, 1));
    assert_int_equal(fact_term_before(2024, TERM_SUMMER, &ends), date_from_ymd(2025, 1, 1));
    assert_int_equal(ends, date_from_ymd(2025, 4, 21)); /* Easter Monday */
    assert_int_equal(fact_term_before(2024, TERM_AUTUMN, &ends), date_from_ymd(2024, 4, 1));
    assert_int_equal(ends, date_from_ymd(2024, 8, 1));
}

static void
kinds_have_names_for_addresses(void **state)
{
    enum fact_kind k;

    (void)state;
    for (int i = 0; i < FACT_KINDS; i++) {
        assert_true(fact_kind_find(fact_kind_name((enum fact_kind)i), &k));
        assert_int_equal(k, i);
    }
    assert_false(fact_kind_find("other", &k));
    assert_false(fact_kind_find(NULL, &k));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_published_line_about_a_child_is_a_fact),
        SUPPORT_TEST(facts_come_newest_first_with_their_source),
        SUPPORT_TEST(a_school_reads_its_own_lines_and_no_social_care),
        SUPPORT_TEST(lines_of_registers_leavers_and_reviews_are_facts_too),
        SUPPORT_TEST(the_original_of_a_line_is_for_the_analyst),
        SUPPORT_TEST(absence_is_added_up_from_the_marks_of_the_term_before),
        SUPPORT_TEST(possible_sessions_are_those_the_school_gave),
        SUPPORT_TEST(a_census_reports_the_term_before_its_own),
        SUPPORT_TEST(kinds_have_names_for_addresses),
        SUPPORT_TEST(absences_of_the_early_years_need_the_schools_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
