/* The school census, variation by variation, starting from the small council. */
#include "support/loads.h"
#include "people/attendance.h"

#define SPRING LOADS_COUNCIL "/census/2025-spring"
#define AUTUMN LOADS_COUNCIL "/census/2024-autumn"
#define XML LOADS_COUNCIL "/census/xml/8961100_SC1_896LL25_001.XML"

static int64_t
findings(struct job *j, const char *rule)
{
    int64_t n;

    assert_ok(j, db_int(j, "SELECT count(*) FROM finding WHERE area_id > 0 AND rule = $1",
                        ARGS(TEXT(rule)), -1, &n));
    return n;
}

static const char *
in(struct job *j, const char *folder, const char *table)
{
    return job_format(j, "%s/%s.csv", folder, table);
}

/* ---- schools --------------------------------------------------------------------- */

static void
a_school_without_urn_is_found_by_its_number_on_census_day(void **state)
{
    struct job *j = support_job(state);
    const char *folder;

    support_db(j);
    loads_expect(j, LOADS_COUNCIL "/gias", LOAD_PUBLISHED);
    /* 4001 was a community school until August 2012, then an academy with a new URN */
    folder = loads_copy(j, AUTUMN, "old");
    loads_edit(j, in(j, folder, "schoolcensus"), "900001.0", "");
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND "
                                    "urn = 900001"), 4);
    loads_edit(j, in(j, folder, "schoolcensus"), "2024-Oct-03", "2011-Oct-06");
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND "
                                    "urn = 900000"), 4);
    assert_int_equal(findings(j, "school-unknown"), 0);
}

static void
a_school_nobody_knows_keeps_its_number(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND "
                                    "urn = 8962001"), 4);
    assert_int_equal(findings(j, "school-unknown"), 1);
}

static void
a_return_of_another_authority_is_refused_with_its_pupils(void **state)
{
    struct job *j = support_job(state);
    const char *folder;

    support_db(j);
    folder = loads_copy(j, SPRING, "spring");
    loads_edit(j, in(j, folder, "schoolcensus"), "896,2001", "916,2001");
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(findings(j, "other-authority"), 1);
    assert_int_equal(findings(j, "parent-missing"), 6 + 3 + 2); /* and what hangs on them */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 2);
}

static void
two_terms_do_not_mix_in_one_export(void **state)
{
    struct job *j = support_job(state);
    const char *folder;

    support_db(j);
    folder = loads_copy(j, SPRING, "spring");
    loads_edit(j, in(j, folder, "schoolcensus"), "SCH8,1,X1,School Census,SC,SPR,2025",
               "SCH8,1,X1,School Census,SC,SUM,2025");
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(findings(j, "terms-mixed"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND "
                                    "term = 2"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 2);
}

/* ---- pupils ---------------------------------------------------------------------- */

static void
ids_may_be_the_same_on_and_off_roll_and_in_two_returns(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    /* p1 is in both tables of the autumn census, with sessions and suspensions of each */
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 8);
    assert_int_equal(findings(j, "key-twice"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension s JOIN identity i ON "
                                    "i.area_id = s.area_id AND i.identity_id = s.identity_id "
                                    "WHERE s.area_id = 896 AND s.category = 'PERM' AND "
                                    "i.surname = 'Green'"), 1);
}

static void
the_second_pupil_with_an_id_is_refused(void **state)
{
    struct job *j = support_job(state);
    const char *folder;

    support_db(j);
    folder = loads_copy(j, SPRING, "spring");
    loads_append(j, in(j, folder, "pupilonroll"),
                 "k1,zz1,SCH7,1,X1,,,Copy,Cat,,,,2012-Jan-01 00:00:00,F,,C,9,False,N,N,,,WBRI,"
                 "ENG,N,N,N,\n");
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(findings(j, "key-twice"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE surname = 'Copy'"), 0);
}

static void
what_hangs_on_a_refused_pupil_is_refused_with_a_reason(void **state)
{
    struct job *j = support_job(state);
    const char *folder;

    support_db(j);
    folder = loads_copy(j, SPRING, "spring");
    loads_edit(j, in(j, folder, "pupilonroll"), "k1,zz1,SCH7", "k1,gone,SCH7");
    loads_expect(j, folder, LOAD_REFUSED); /* both suspensions were that pupil's */
    assert_int_equal(findings(j, "parent-missing"), 2 + 2 + 2 + 1 + 3 + 1);
}

static void
year_groups_are_numbers(void **state)
{
    struct job *j = support_job(state);
    static const struct { const char *code; int64_t group; } years[] = {
        {"R", 0}, {"N2", -1}, {"E1", -1}, {"14", 14}, {"M", -9}, {"X", -9}, {"", -9},
    };
    const char *folder;

    support_db(j);
    folder = loads_copy(j, SPRING, "spring");
    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        loads_append(j, in(j, folder, "pupilonroll"),
                     job_format(j, "y%zu,zz1,SCH7,1,X1,,,Year,N%c,,,,2012-Jan-01 00:00:00,F,,C,%s,"
                                   "False,N,N,,,WBRI,ENG,N,N,N,\n",
                                i, 'a' + (int)i, years[i].code));
    loads_expect(j, folder, LOAD_PUBLISHED);
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        int64_t group;
        assert_ok(j, db_int(j, "SELECT coalesce(c.year_group, -9) FROM census_pupil c "
                                "JOIN identity i ON i.area_id = c.area_id "
                                "AND i.identity_id = c.identity_id "
                               "WHERE c.area_id = 896 AND i.forename = $1",
                            ARGS(TEXT(job_format(j, "N%c", 'a' + (int)i))), -99, &group));
        assert_int_equal(group, years[i].group);
    }
}

/* ---- sessions -------------------------------------------------------------------- */

static void
no_session_rows_are_not_zero_sessions(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND "
                                    "marks IS NULL"), 3); /* Amir, Eva, and Amy off roll */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND "
                                    "marks IS NULL AND sessions_possible = 56"), 1);
}

/* Before autumn 2020: one reason, FIXD, absencesessions, absence codes only, gender. */
static void
an_old_census_says_absence_only(void **state)
{
    struct job *j = support_job(state);
    const char *folder;

    support_db(j);
    folder = loads_copy(j, AUTUMN, "old");
    loads_edit(j, in(j, folder, "schoolcensus"), "AUT,2024", "AUT,2018");
    loads_edit(j, in(j, folder, "pupilonroll"), ",sex,", ",gender,");
    loads_edit(j, in(j, folder, "termlysessiondetailsonroll"), "attendancereason,sessions",
               "attendancereason,absencesessions");
    loads_file(j, "old/termlysessiondetailsonroll.csv",
               "termlysessiondetailsonrolltableid,pupilonrolltableid,NativeId,"
               "termlysessiondetailsonrollorderseqcolumn,sourceid,attendancereason,"
               "absencesessions\n1,p1,SCH1,1,X1,I,5.0\n2,p2,SCH1,1,X1,O,59.0\n");
    loads_remove(in(j, folder, "termlysessiondetailsoffroll"));
    loads_remove(in(j, folder, "summerhalfterm2sessiondetailsonroll"));
    loads_remove(in(j, folder, "summerhalfterm2sessiondetailsoffroll"));
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(findings(j, "sessions-differ"), 0);
    assert_int_equal(findings(j, "absence-over-possible"), 1); /* 59 of 58 */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "sex = 'F'"), 4);
}

static void
sessions_by_code_and_possible_sessions_are_both_kept(void **state)
{
    struct job *j = support_job(state);
    struct attendance_totals t;
    const void *marks;
    struct rows q;
    size_t n;

    support_db(j);
    loads_expect(j, SPRING, LOAD_PUBLISHED);
    assert_int_equal(findings(j, "sessions-differ"), 1);
    db_ask(j, &q, "SELECT marks, sessions_possible FROM census_pupil WHERE area_id = 896 AND "
                  "line = 2", NO_ARGS);
    assert_true(db_next(&q));
    marks = row_blob(&q, 0, &n);
    assert_true(attendance_unpack(marks, n, &t));
    assert_int_equal(t.by_code[attendance_code(SPAN("/"))], 60);
    assert_int_equal(t.by_code[attendance_code(SPAN("E"))], 10);
    assert_int_equal(row_int(&q, 1), 140);
    assert_ok(j, db_done(&q));
}

static void
rows_of_one_code_are_added_up(void **state)
{
    struct job *j = support_job(state);
    const char *folder;

    support_db(j);
    folder = loads_copy(j, SPRING, "spring");
    loads_append(j, in(j, folder, "termlysessiondetailsonroll"),
                 "7,k1,SCH7,1,X1,E,4.0\n8,k1,SCH7,1,X1,E,6.0\n");
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(findings(j, "sessions-differ"), 0); /* now 140 of 140 */
}

/* ---- XML ------------------------------------------------------------------------- */

static void
a_school_s_own_xml_says_the_same_as_tables(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = loads_expect(j, XML, LOAD_PUBLISHED);
    assert_string_equal(r.batch[0].title, "School census, spring 2025, school 896/1100");
    assert_int_equal(r.batch[0].loaded, 8);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND "
                                    "postcode = 'CH4 9ZZ' AND sessions_possible = 140 AND "
                                    "marks IS NOT NULL AND urn = 8961100"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE area_id = 896 AND "
                                    "reason1 = 'VA' AND reason2 = 'DB'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM sen_need WHERE area_id = 896"), 1);
    /* the child has no UPN, so the address is part of who it is */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "postcode = 'CH4 9ZZ'"), 1);
}

static void
xml_on_one_line_keeps_a_line_for_each_record(void **state)
{
    struct job *j = support_job(state);
    const char *path;

    support_db(j);
    path = loads_copy(j, XML, "one-line.xml");
    loads_edit(j, path, "\n", "");
    loads_expect(j, path, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE area_id = 896"), 1);
}

static void
each_school_s_xml_is_a_batch_of_its_own(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    loads_copy(j, XML, "in/a.xml");
    loads_copy(j, XML, "in/b.xml");
    loads_edit(j, support_path(j, "in/b.xml"), "<Estab>1100", "<Estab>4001");
    loads_edit(j, support_path(j, "in/b.xml"), "<Year>2025", "<Year>2024");
    r = loads_expect(j, support_path(j, "in"), LOAD_PUBLISHED);
    assert_int_equal(r.n_batches, 2);
    assert_string_equal(r.batch[0].title, "School census, spring 2024, school 896/4001");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_school_without_urn_is_found_by_its_number_on_census_day),
        SUPPORT_TEST(a_school_nobody_knows_keeps_its_number),
        SUPPORT_TEST(a_return_of_another_authority_is_refused_with_its_pupils),
        SUPPORT_TEST(two_terms_do_not_mix_in_one_export),
        SUPPORT_TEST(ids_may_be_the_same_on_and_off_roll_and_in_two_returns),
        SUPPORT_TEST(the_second_pupil_with_an_id_is_refused),
        SUPPORT_TEST(what_hangs_on_a_refused_pupil_is_refused_with_a_reason),
        SUPPORT_TEST(year_groups_are_numbers),
        SUPPORT_TEST(no_session_rows_are_not_zero_sessions),
        SUPPORT_TEST(an_old_census_says_absence_only),
        SUPPORT_TEST(sessions_by_code_and_possible_sessions_are_both_kept),
        SUPPORT_TEST(rows_of_one_code_are_added_up),
        SUPPORT_TEST(a_school_s_own_xml_says_the_same_as_tables),
        SUPPORT_TEST(xml_on_one_line_keeps_a_line_for_each_record),
        SUPPORT_TEST(each_school_s_xml_is_a_batch_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
