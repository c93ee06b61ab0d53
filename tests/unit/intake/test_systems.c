/* What schools' own systems export, and the file that goes with a child: marks, exclusions. */
#include "people/register.h"
#include "support/loads.h"
#include "timeline/timeline.h"

#define ACCEPT "tests/golden/returns/accept/"

static struct load_result
load_path(struct job *j, const char *path, enum load_outcome want)
{
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    assert_ok(j, load(j, &path, 1, &o, &r));
    for (size_t i = 0; i < r.n_batches; i++) {
        if (r.batch[i].outcome != want)
            fail_msg("%s: %s", r.batch[i].title, r.batch[i].message);
        assert_int_equal(r.batch[i].read, r.batch[i].loaded + r.batch[i].refused);
    }
    return r;
}

static void
with_school(struct job *j)
{
    support_db(j);
    assert_ok(j, db_run(j, "INSERT INTO establishment_row (edition, urn, la, estab, name, "
                           "type_code, type_name, phase, status) VALUES (0, 900001, 896, 4001, "
                           "'Example High School, The', 34, '', 'secondary', 1)", NO_ARGS, NULL));
}

static void
copy(struct job *j, const char *folder, const char *sample)
{
    loads_copy(j, job_format(j, ACCEPT "%s", sample), job_format(j, "%s/%s", folder, sample));
}

static int64_t
marks(struct job *j, int64_t urn)
{
    return loads_count(j, job_format(j, "SELECT coalesce(sum(marks), 0) FROM register_week "
                                        "WHERE area_id = 896 AND urn = %lld", (long long)urn));
}

static void
wonde_ids_are_joined_to_upns_and_codes(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    with_school(j);
    copy(j, "wonde", "system-pupils.0-0.wonde.json");
    copy(j, "wonde", "system-schools.0-0.json");
    copy(j, "wonde", "wonde-codes.0-0.json");
    copy(j, "wonde", "wonde-marks.0-0.json");
    copy(j, "wonde", "wonde-summaries.0-0.skipped.json");
    r = load_path(j, support_path(j, "wonde"), LOAD_PUBLISHED);
    assert_int_equal(r.n_batches, 1);
    assert_int_equal(r.batch[0].refused, 0);
    assert_int_equal(marks(j, 900001), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE kind = 'marks-school'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "upn = 'Z896400419017'"), 1);
    load_path(j, support_path(j, "wonde"), LOAD_KNOWN);
}

static void
a_pupil_or_code_without_its_table_is_turned_away(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    with_school(j);
    copy(j, "wonde", "system-pupils.0-0.wonde.json");
    copy(j, "wonde", "system-schools.0-0.json");
    copy(j, "wonde", "wonde-marks.0-0.json");
    r = load_path(j, support_path(j, "wonde"), LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "2 of 2 records cannot be used"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE message LIKE "
                                    "'%table of attendance codes%'"), 2);
}

static void
two_schools_in_one_folder_are_refused(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    with_school(j);
    copy(j, "900001", "system-pupils.0-0.wonde.json");
    copy(j, "900001", "wonde-codes.0-0.json");
    copy(j, "900001", "wonde-marks.0-0.json");
    loads_file(j, "900001/other-codes.json",
               "{\"data\":[{\"id\":\"C1\",\"code\":\"N\",\"description\":\"\","
               "\"type\":\"\"}]}");
    r = load_path(j, support_path(j, "900001"), LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "of more than one school"));
}

static void
exclusions_of_a_system_are_notifications(void **state)
{
    struct job *j = support_job(state);

    with_school(j);
    copy(j, "wonde", "system-pupils.0-0.wonde.json");
    copy(j, "wonde", "system-schools.0-0.json");
    copy(j, "wonde", "wonde-exclusions.0-0.json");
    load_path(j, support_path(j, "wonde"), LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE urn = 900001 AND "
                                    "category = 'SUSP' AND sessions = 3 AND reason1 = 'DB' AND "
                                    "source = 'notification'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE kind = 'school-system'"), 1);
}

static void
bromcom_and_arbor_take_the_statutory_mark_first(void **state)
{
    struct job *j = support_job(state);

    with_school(j);
    copy(j, "bromcom 900001", "system-pupils.0-0.bromcom.json");
    copy(j, "bromcom 900001", "bromcom-marks.0-0.json");
    load_path(j, support_path(j, "bromcom 900001"), LOAD_PUBLISHED);
    assert_int_equal(marks(j, 900001), 2);
    copy(j, "arbor 8964001", "system-pupils.0-0.arbor.csv");
    copy(j, "arbor 8964001", "arbor-marks.0-0.csv");
    copy(j, "arbor 8964001", "arbor-suspensions.0-0.json");
    copy(j, "arbor 8964001", "arbor-permanent.0-0.json");
    load_path(j, support_path(j, "arbor 8964001"), LOAD_PUBLISHED);
    assert_int_equal(marks(j, 900001), 4);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE sessions = 3"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE category = 'PERM'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE rule = 'mark-code'"), 0);
}

static void
strings_of_a_year_and_sims_name_their_school_or_their_folder_does(void **state)
{
    struct job *j = support_job(state);
    const char *path, *text;

    with_school(j);
    copy(j, "years", "system-pupils.0-0.bromcom.json");
    copy(j, "years", "bromcom-years.0-0.json");
    load_path(j, support_path(j, "years"), LOAD_PUBLISHED);
    assert_int_equal(marks(j, 900001), 5);
    copy(j, "sims 900001", "system-pupils.0-0.sims.xml");
    copy(j, "sims 900001", "sims-marks.0-0.xml");
    path = support_path(j, "sims 900001/sims-marks.0-0.xml");
    loads_edit(j, path, "late bus", "caf\xe9"); /* iso-8859-1, as declared */
    load_path(j, support_path(j, "sims 900001"), LOAD_PUBLISHED);
    assert_int_equal(marks(j, 900001), 6);
    text = "nowhere";
    copy(j, text, "system-pupils.0-0.sims.xml");
    copy(j, text, "sims-marks.0-0.xml");
    assert_non_null(strstr(load_path(j, support_path(j, text), LOAD_REFUSED).batch[0].message,
                           "which school"));
}

static void
b2b_reads_one_reason_and_many(void **state)
{
    struct job *j = support_job(state);

    with_school(j);
    load_path(j, ACCEPT "b2b.0-0.one-reason-3.71.xml", LOAD_PUBLISHED);
    load_path(j, ACCEPT "b2b.0-0.reasons-3.72.xml", LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE sessions = 3 AND "
                                    "reason1 = 'DB' AND reason2 IS NULL"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE sessions = 3 AND "
                                    "reason1 = 'DB' AND reason2 = 'VP'"), 1);
    assert_int_equal(marks(j, 900001), 10);
}

static void
a_transfer_file_of_each_version_tells_where_a_child_came_from(void **state)
{
    struct job *j = support_job(state);
    static const char *const files[] = {"v16", "v17", "v18", "v25", "admissions"};

    with_school(j);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        load_path(j, job_format(j, ACCEPT "ctf.0-0.%s.xml", files[i]), LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM leaver WHERE urn = 900001 AND "
                                    "source_kind = 'ctf'"), 5);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM leaver WHERE ground = 'A'"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM ehc_fact WHERE kind = 'support'"), 4);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM ehc_fact WHERE kind = 'plan' AND "
                                    "ended IS NULL"), 4);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM fsm_period WHERE ended = 19559"), 5);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE made_on = 20122"), 5);
    assert_true(marks(j, 900001) >= 10);
}

static void
spells_of_a_transfer_file_are_part_of_the_timeline_and_no_leaver_return(void **state)
{
    struct job *j = support_job(state);
    struct timeline_order order = {.as_of = SUPPORT_TODAY, .known_at = INT64_MAX, .threads = 1};
    const char *path = support_path(j, "t.columns");
    int support = 0, plans = 0, meals = 0;
    struct timeline *t;

    with_school(j);
    load_path(j, ACCEPT "ctf.0-0.v25.xml", LOAD_PUBLISHED);
    j->area = 896;
    assert_ok(j, timeline_build(j, path, &order));
    assert_ok(j, timeline_open(j, path, &t));
    for (uint32_t i = 0; i < t->n[TIMELINE_SPELL]; i++) {
        support += t->spell[i].kind == SPELL_SEN_SUPPORT;
        plans += t->spell[i].kind == SPELL_EHC_PLAN;
        meals += t->spell[i].kind == SPELL_FSM;
    }
    assert_int_equal(support, 1);
    assert_int_equal(plans, 1);
    assert_int_equal(meals, 1);
    assert_int_equal(t->n[TIMELINE_LEAVER], 1);
    for (uint32_t i = 0; i < t->n[TIMELINE_RETURN]; i++)
        assert_int_not_equal(t->returns[i].kind, RETURN_LEAVERS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(wonde_ids_are_joined_to_upns_and_codes),
        SUPPORT_TEST(a_pupil_or_code_without_its_table_is_turned_away),
        SUPPORT_TEST(two_schools_in_one_folder_are_refused),
        SUPPORT_TEST(exclusions_of_a_system_are_notifications),
        SUPPORT_TEST(bromcom_and_arbor_take_the_statutory_mark_first),
        SUPPORT_TEST(strings_of_a_year_and_sims_name_their_school_or_their_folder_does),
        SUPPORT_TEST(b2b_reads_one_reason_and_many),
        SUPPORT_TEST(a_transfer_file_of_each_version_tells_where_a_child_came_from),
        SUPPORT_TEST(spells_of_a_transfer_file_are_part_of_the_timeline_and_no_leaver_return),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
