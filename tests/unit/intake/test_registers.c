/* Reviews, leavers and registers: what is kept of them, what is remarked on, who it is. */
#include "support/loads.h"

#define REGISTER_HEAD                                                                          \
    "Register,UPN,LocalId,Surname,Forename,DOB,StartDate,EndDate,Reason,SchoolURN,"            \
    "ProviderURN,HoursAWeek,ReviewDate,Outcome,Postcode,Extracted\n"
#define AMY "M896400120001,,Shaw,Amy,2010-03-01"

static enum err
load_for(struct job *j, const char *path, int64_t area, struct load_result *r)
{
    struct load_options o = {.area = area, .loaded_by = "test"};

    return load(j, &path, 1, &o, r);
}

static int64_t
findings(struct job *j, const char *rule)
{
    int64_t n;

    assert_ok(j, db_int(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND rule = $1",
                        ARGS(TEXT(rule)), -1, &n));
    return n;
}

static struct load_result
load_rows(struct job *j, const char *rows)
{
    const char *text = job_format(j, REGISTER_HEAD "%s", rows);
    struct load_result r;

    assert_ok(j, load_for(j, loads_file(j, "registers.csv", text), 896, &r));
    return r;
}

static const char *
word(struct job *j, const char *sql)
{
    struct rows q;
    const char *s;

    db_ask(j, &q, sql, NO_ARGS);
    assert_true(db_next(&q));
    s = row_text(&q, 0);
    assert_ok(j, db_done(&q));
    return s;
}

static void
a_register_row_becomes_an_entry_with_half_open_days(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    load_rows(j, "Off-site direction," AMY ",2025-02-03,2025-03-28,behaviour,900001,900003,12.25,"
                 "2025-02-14,,,\n");
    assert_string_equal(word(j, "SELECT register FROM register_entry WHERE area_id = 896"), "OSD");
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry WHERE area_id = 896 AND "
                                    "started = 20122 AND ended = 20176 AND minutes_a_week = 735 "
                                    "AND urn = 900001 AND provider_urn = 900003"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896"), 0);
}

static void
the_alternative_provision_census_becomes_entries_of_that_register(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    assert_ok(j, load_for(j, "tests/golden/returns/accept/ap-census.0-0.xml", 896, &r));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry WHERE area_id = 896 AND "
                                    "register = 'AP' AND started = 20031 AND ended IS NULL AND "
                                    "reason = 'BHS' AND provider_urn = 900005"), 1);
    /* one without its first day is refused */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry WHERE area_id = 896"), 1);
    assert_int_equal(findings(j, "required-missing"), 1);
    assert_string_equal(word(j, "SELECT title FROM batch WHERE area_id = 896"),
                        "Alternative provision census, to 4 November 2024");
}

static void
a_part_time_timetable_in_order_has_no_remark(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    load_rows(j, "PTT," AMY ",2025-02-03,2025-03-16,anxiety,900001,,12.5,2025-02-17,,,\n");
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896"), 0);
}

static void
a_part_time_timetable_out_of_order_is_kept_and_remarked_on(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    load_rows(j, "PTT," AMY ",2025-02-03,2025-03-17,anxiety,900001,,25,2025-02-18,,,\n"
                 "PTT," AMY ",2025-04-28,,tired,900001,,,,,,\n");
    assert_int_equal(findings(j, "part-time-long"), 1);
    assert_int_equal(findings(j, "part-time-review-late"), 1);
    assert_int_equal(findings(j, "part-time-full-hours"), 1);
    assert_int_equal(findings(j, "part-time-no-end"), 1);
    assert_int_equal(findings(j, "part-time-no-review"), 1);
    assert_int_equal(findings(j, "reason-unknown"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry WHERE area_id = 896"), 2);
}

static void
a_managed_move_on_trial_is_kept_and_questioned(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    load_rows(j, "MM," AMY ",2025-02-03,,behaviour,900001,900002,,,Trial extended,,\n"
                 "MM," AMY ",2025-04-28,,behaviour,900001,,,,,,\n");
    assert_int_equal(findings(j, "managed-move-trial"), 1);
    assert_int_equal(findings(j, "provider-missing"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry WHERE area_id = 896"), 2);
}

static void
what_cannot_be_read_is_refused_in_words(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = load_rows(j, "EHE," AMY ",2025-02-03,2025-02-02,,900001,,,,,,\n"
                     "Waiting list," AMY ",2025-02-03,,,900001,,,,,,\n"
                     "EHE," AMY ",2025-03-04,,other,900001,,,,,,\n");
    assert_int_equal(r.batch[0].outcome, LOAD_PUBLISHED);
    assert_int_equal(findings(j, "end-before-start"), 1);
    assert_int_equal(findings(j, "code-unknown"), 1);
    assert_int_equal(loads_count(j, "SELECT rows_refused FROM batch WHERE area_id = 896"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry WHERE area_id = 896"), 1);
}

/* By its postcode, and by its id in the case system; a name and date of birth alone are not
 * enough, and then it says so. */
static void
a_child_without_a_upn_is_found_by_what_the_rules_allow(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    assert_ok(j, load_for(j, LOADS_COUNCIL "/people.csv", 896, &r));
    load_rows(j, "EHE,,,Patel,Ravi,2016-11-30,2025-02-03,,,,,,,,ch2 9zz,\n"
                 "CME,,502,,,,2025-02-03,,,,,,,,,\n"
                 "CME,,,Patel,Ravi,2016-11-30,2025-02-03,,,,,,,,,\n");
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry e JOIN identity i ON "
                                    "i.area_id = e.area_id AND i.identity_id = e.identity_id "
                                    "WHERE e.area_id = 896 AND i.person_id IS NOT NULL"), 2);
    assert_int_equal(findings(j, "not-linkable"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM register_entry WHERE area_id = 896"), 3);
}

static void
the_day_a_list_was_made_dates_the_batch(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    load_rows(j, "EHE," AMY ",2025-02-03,,,900001,,,2026-02-03,,,\n");
    assert_int_equal(loads_count(j, "SELECT made_on FROM batch WHERE area_id = 896"), 20122);
    load_rows(j, "EHE," AMY ",2025-02-03,,,900001,,,2026-02-03,,,2025-05-01\n");
    assert_int_equal(loads_count(j, "SELECT max(made_on) FROM batch WHERE area_id = 896"), 20209);
}

static void
a_leaver_without_a_ground_is_kept_with_a_question(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    assert_ok(j, load_for(j, loads_file(j, "leavers.csv",
        "UPN,Surname,Forename,DOB,SchoolURN,LeavingDate,Ground,DestinationURN,Notified\n"
        "M896400120001,Shaw,Amy,2010-03-01,900001,2025-02-14,,,2025-02-17\n"
        "B896400120002,Oaks,Ben,2010-07-12,900001,2025-02-14,g,900001,2025-02-17\n"), 896, &r));
    assert_int_equal(findings(j, "ground-missing"), 1);
    assert_int_equal(findings(j, "destination-same-school"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM leaver WHERE area_id = 896 AND "
                                    "ground = 'G' AND notified = 20136"), 1);
    assert_int_equal(loads_count(j, "SELECT made_on FROM batch WHERE area_id = 896"), 20136);
}

static void
a_decision_before_its_exclusion_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    assert_ok(j, load_for(j, loads_file(j, "outcomes.csv",
        "UPN,SchoolURN,StartDate,Stage,Date,Result\n"
        "M896400120001,900001,2025-02-14,governors,2025-02-13,ANO\n"
        "M896400120001,900001,2025-02-14,GB,2025-03-05,bre\n"
        "M896400120001,900001,2025-02-14,Review panel,2025-05-05,INO\n"), 896, &r));
    assert_int_equal(findings(j, "outcome-before-exclusion"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM exclusion_outcome WHERE area_id = 896"),
                     2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM exclusion_outcome WHERE area_id = 896 "
                                    "AND stage = 'review panel' AND result = 'INO'"), 1);
}

static void
what_is_withdrawn_is_gone_and_loading_twice_is_nothing_new(void **state)
{
    struct job *j = support_job(state);
    const char *path = LOADS_COUNCIL "/registers.csv";
    struct load_result r;

    support_db(j);
    assert_ok(j, load_for(j, path, 896, &r));
    assert_int_equal(r.batch[0].outcome, LOAD_PUBLISHED);
    assert_ok(j, load_for(j, path, 896, &r));
    assert_int_equal(r.batch[0].outcome, LOAD_KNOWN);
    j->area = 896;
    assert_ok(j, batch_withdraw(j, r.batch[0].id, "the wrong file"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896 AND "
                                    "state = 'published'"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_register_row_becomes_an_entry_with_half_open_days),
        SUPPORT_TEST(the_alternative_provision_census_becomes_entries_of_that_register),
        SUPPORT_TEST(a_part_time_timetable_in_order_has_no_remark),
        SUPPORT_TEST(a_part_time_timetable_out_of_order_is_kept_and_remarked_on),
        SUPPORT_TEST(a_managed_move_on_trial_is_kept_and_questioned),
        SUPPORT_TEST(what_cannot_be_read_is_refused_in_words),
        SUPPORT_TEST(a_child_without_a_upn_is_found_by_what_the_rules_allow),
        SUPPORT_TEST(the_day_a_list_was_made_dates_the_batch),
        SUPPORT_TEST(a_leaver_without_a_ground_is_kept_with_a_question),
        SUPPORT_TEST(a_decision_before_its_exclusion_is_refused),
        SUPPORT_TEST(what_is_withdrawn_is_gone_and_loading_twice_is_nothing_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
