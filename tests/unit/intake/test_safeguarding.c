/* The Standard Safeguarding Dataset: what is kept, who is who, and SSD_PH everywhere. */
#include "support/loads.h"

static int64_t
rows(struct job *j, const char *condition)
{
    int64_t n;

    assert_ok(j, db_int(j, job_format(j, "SELECT count(*) FROM care_episode WHERE area_id = 896 "
                                         "AND source_kind = 'ssd' AND %s", condition),
                        NO_ARGS, -1, &n));
    return n;
}

static struct load_result
load_folder(struct job *j, const char *folder, enum load_outcome want)
{
    const char *paths[] = {support_path(j, folder)};
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    assert_ok(j, load(j, paths, 1, &o, &r));
    for (size_t i = 0; i < r.n_batches; i++)
        if (r.batch[i].outcome != want)
            fail_msg("%s: %s", r.batch[i].title, r.batch[i].message);
    return r;
}

/* The accepted files of tests/golden/returns, as one export. */
static void
write_export(struct job *j, const char *folder)
{
    static const char *const tables[] = {
        "linked_identifiers", "send", "person", "legal_status", "early_help_episodes",
        "cin_episodes", "cin_assessments", "cin_plans", "s47_enquiry", "cp_plans",
        "cla_episodes", "cla_placement", "sdq_scores", "missing"};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        loads_copy(j, job_format(j, "tests/golden/returns/accept/ssd-%s.0-0.csv", tables[i]),
                   job_format(j, "%s/[ssd_development].[ssd_%s].csv", folder, tables[i]));
    loads_copy(j, "tests/golden/returns/accept/ssd-contacts.0-0.skipped.csv",
               job_format(j, "%s/ssd_contacts.csv", folder));
}

static void
an_export_is_one_batch_of_dated_things(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    write_export(j, "ssd");
    r = load_folder(j, "ssd", LOAD_PUBLISHED);
    assert_int_equal(r.n_batches, 1);
    assert_string_equal(r.batch[0].title, "Standard Safeguarding Dataset, to 4 February 2025");
    assert_int_equal(r.batch[0].read, r.batch[0].loaded + r.batch[0].refused);
    assert_int_equal(r.batch[0].refused, 1); /* the person who is SSD_PH all over */
    assert_int_equal(rows(j, "kind = 'help'"), 2);
    assert_int_equal(rows(j, "kind = 'help' AND ended IS NULL AND told_to = 20124"), 1);
    assert_int_equal(rows(j, "kind = 'referral' AND no_further_action = 1"), 1);
    assert_int_equal(rows(j, "kind = 'referral' AND ended IS NULL AND need = 'N5'"), 1);
    assert_int_equal(rows(j, "kind IN ('assessment', 'plan', 'enquiry', 'protection')"), 4);
    assert_int_equal(rows(j, "category IS NOT NULL"), 0); /* of abuse: not needed */
    assert_int_equal(rows(j, "kind = 'care'"), 2);
    assert_int_equal(rows(j, "kind = 'placement' AND placement = 'K2'"), 1);
    assert_int_equal(rows(j, "kind = 'placement'"), 1); /* the first is no change */
    assert_int_equal(rows(j, "kind = 'sdq' AND score = 16"), 1);
    assert_int_equal(rows(j, "kind = 'missing'"), 1);
    load_folder(j, "ssd", LOAD_KNOWN);
}

static void
numbers_and_names_say_who_is_who(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    write_export(j, "ssd");
    load_folder(j, "ssd", LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "local_id = '10421' AND upn = 'Z896400419017' AND "
                                    "former_upn = 'B916201225003' AND surname = 'Example' AND "
                                    "source = 'person list' AND person_id IS NOT NULL"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "local_id = '10422' AND person_id IS NULL AND "
                                    "source = 'social care'"), 1); /* no name, no number */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND "
                                    "rule = 'not-linkable'"), 1);
}

static void
short_breaks_are_told_by_the_legal_status(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    write_export(j, "ssd");
    loads_append(j, support_path(j, "ssd/[ssd_development].[ssd_cla_episodes].csv"),
                 "E3,10422,2024-05-01 00:00:00,S,N2,2024-05-03 00:00:00,E8,C2,R2,PL3,,SSD_PH\n");
    load_folder(j, "ssd", LOAD_PUBLISHED);
    assert_int_equal(rows(j, "kind = 'care'"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE area_id = 896 AND note "
                                    "LIKE '%not kept: 1 episodes of short breaks%'"), 1);
}

static void
placeholders_everywhere_are_counted_and_no_data(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    loads_file(j, "ssd/ssd_person.csv", "pers_person_id,pers_forename,pers_surname,pers_dob\n"
                                        "10421,SSD_PH,SSD_PH,SSD_PH\n");
    loads_file(j, "ssd/ssd_early_help_episodes.csv",
               "earl_person_id,earl_episode_start_date,earl_episode_end_date\n"
               "10421,SSD_PH,SSD_PH\n10421,SSD_PH,SSD_PH\n");
    loads_file(j, "ssd/ssd_sdq_scores.csv",
               "csdq_person_id,csdq_sdq_completed_date,csdq_sdq_score\n10421,SSD_PH,SSD_PH\n");
    r = load_folder(j, "ssd", LOAD_PUBLISHED);
    assert_int_equal(r.batch[0].loaded, 4);
    assert_int_equal(rows(j, "1 = 1"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE area_id = 896 AND note "
                                    "LIKE '%not kept: 2 without a first day%'"), 1);
    loads_file(j, "all/ssd_person.csv", "pers_person_id,pers_forename,pers_surname,pers_dob\n"
                                        "SSD_PH,SSD_PH,SSD_PH,SSD_PH\n");
    r = load_folder(j, "all", LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "1 of 1 records cannot be used"));
}

/* Parents are persons of a case system, too. */
static void
nothing_is_kept_of_people_over_25(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    write_export(j, "ssd");
    loads_append(j, support_path(j, "ssd/[ssd_development].[ssd_person].csv"),
                 "900,,,Eve,Example,F,02,WBRI,1985-05-09 00:00:00,,,,N,Y,SSD_PH\n");
    loads_append(j, support_path(j, "ssd/[ssd_development].[ssd_cin_episodes].csv"),
                 "R9,900,2024-01-03 00:00:00,N1,6,Police,SSD_PH,N,,,SSD_PH,SSD_PH\n");
    load_folder(j, "ssd", LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "local_id = '900'"), 0);
    assert_int_equal(rows(j, "kind = 'referral'"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE area_id = 896 AND note "
                                    "LIKE '%not kept: 1 of people over 25%'"), 2);
}

/* What is not needed is not kept as text either. */
static void
tables_that_are_not_needed_leave_no_text(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    write_export(j, "ssd");
    load_folder(j, "ssd", LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file f WHERE f.area_id = 896 AND "
                                    "NOT EXISTS (SELECT 1 FROM file_chunk c WHERE c.area_id = 896 "
                                    "AND c.batch_id = f.batch_id AND c.file_id = f.file_id) AND "
                                    "f.layout = 'ssd-contacts'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file f WHERE f.area_id = 896 AND "
                                    "NOT EXISTS (SELECT 1 FROM file_chunk c WHERE c.area_id = 896 "
                                    "AND c.batch_id = f.batch_id AND c.file_id = f.file_id)"), 1);
}

static void
a_withdrawn_export_is_out_of_all_that_counts(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    write_export(j, "ssd");
    r = load_folder(j, "ssd", LOAD_PUBLISHED);
    assert_ok(j, batch_withdraw(j, r.batch[0].id, "of another council"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896 AND "
                                    "state = 'withdrawn' AND kind = 'ssd'"), 1);
    load_folder(j, "ssd", LOAD_PUBLISHED); /* may come again */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_export_is_one_batch_of_dated_things),
        SUPPORT_TEST(numbers_and_names_say_who_is_who),
        SUPPORT_TEST(short_breaks_are_told_by_the_legal_status),
        SUPPORT_TEST(placeholders_everywhere_are_counted_and_no_data),
        SUPPORT_TEST(nothing_is_kept_of_people_over_25),
        SUPPORT_TEST(tables_that_are_not_needed_leave_no_text),
        SUPPORT_TEST(a_withdrawn_export_is_out_of_all_that_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
