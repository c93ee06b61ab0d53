/* SEN2: plans, requests and refusals become part of a child's time; the year of an export. */
#include "support/loads.h"
#include "timeline/timeline.h"

#define ACCEPT "tests/golden/returns/accept/"
#define COMMON(t) t "tableid,NativeId," t "orderseqcolumn,sourceid,"

static struct load_result
load_path(struct job *j, const char *path, enum load_outcome want)
{
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    assert_ok(j, load(j, &path, 1, &o, &r));
    for (size_t i = 0; i < r.n_batches; i++)
        if (r.batch[i].outcome != want)
            fail_msg("%s: %s", r.batch[i].title, r.batch[i].message);
    return r;
}

static int64_t
facts(struct job *j, const char *condition)
{
    return loads_count(j, job_format(j, "SELECT count(*) FROM ehc_fact WHERE area_id = 896 AND %s",
                                     condition));
}

static const char *
write_export(struct job *j, const char *folder)
{
    const char *stem = job_format(j, "%s/Blade-Export_03-02-2025_", folder);

    loads_file(j, job_format(j, "%sperson.csv", stem),
               COMMON("person") "sen2tableid,surname,forename,personbirthdate,sex,postcode,upn\n"
               "P1,S1,1,a,T1,EXAMPLE,Robin,2011-May-09 00:00:00,M,CH1 9ZZ,Z896400419017\n"
               "P2,S1,2,b,T1,OTHER,Kim,2012-May-09 00:00:00,F,CH1 9ZZ,F896200125001\n"
               "P3,S1,3,c,T1,THIRD,Jo,2010-May-09 00:00:00,F,CH1 9ZZ,V896200119002\n");
    loads_file(j, job_format(j, "%srequests.csv", stem),
               COMMON("requests") "persontableid,receiveddate,requestsource,rya,"
               "requestoutcomedate,requestoutcome\n"
               "R1,S1,1,a,P1,2024-Mar-04 00:00:00,2.0,False,2024-Apr-10 00:00:00,Y\n"
               "R2,S1,2,b,P2,2024-May-04 00:00:00,1.0,False,2024-Jun-10 00:00:00,N\n"
               "R3,S1,3,c,P3,,,,,H\n"
               "R4,S1,4,d,P9,2024-May-04 00:00:00,1.0,False,2024-Jun-10 00:00:00,N\n");
    loads_file(j, job_format(j, "%sassessment.csv", stem),
               COMMON("assessment") "requeststableid,assessmentoutcome,assessmentoutcomedate\n"
               "A1,S1,1,a,R1,Y,2024-Jun-20 00:00:00\nA3,S1,2,b,R3,Y,\n");
    loads_file(j, job_format(j, "%snamedplan.csv", stem),
               COMMON("namedplan") "assessmenttableid,startdate,ceasedate,ceasereason\n"
               "N1,S1,1,a,A1,2024-Jul-01 00:00:00,,\n"
               "N3,S1,2,b,A3,2019-Jul-01 00:00:00,2024-Nov-29 00:00:00,2.0\n");
    loads_file(j, job_format(j, "%sactiveplans.csv", stem),
               COMMON("activeplans") "requeststableid,transferla,lastreview\n"
               "C1,S1,1,a,R1,,\nC2,S1,2,b,R2,,\n");
    loads_file(j, job_format(j, "%splacementdetail.csv", stem),
               COMMON("placementdetail") "activeplanstableid,urn,sensetting,placementrank,"
               "entrydate,leavingdate\n"
               "D1,S1,1,a,C1,900001,,1.0,2024-Sep-04 00:00:00,\n"
               "D2,S1,2,b,C2,,EHE,1.0,2024-Oct-07 00:00:00,\n");
    loads_file(j, job_format(j, "%ssenneed.csv", stem),
               COMMON("senneed") "activeplanstableid,sentype,sentyperank\n"
               "E1,S1,1,a,C1,SEMH,1.0\n");
    loads_file(j, job_format(j, "%ssen2.csv", stem), COMMON("sen2") "dmo,dco,dsco\nT1,S1,1,a,,,\n");
    return support_path(j, folder);
}

static void
an_export_is_one_batch_of_the_january_its_dates_tell(void **state)
{
    struct job *j = support_job(state);
    const char *folder;
    struct load_result r;

    support_db(j);
    folder = write_export(j, "sen2");
    r = load_path(j, folder, LOAD_PUBLISHED);
    assert_int_equal(r.n_batches, 1);
    assert_string_equal(r.batch[0].title,
                        "Education, health and care plans (SEN2), January 2025");
    assert_int_equal(r.batch[0].read, r.batch[0].loaded + r.batch[0].refused);
    assert_int_equal(r.batch[0].refused, 1); /* the request of nobody */
    /* received 4 March 2024, decided 10 April 2024 (19823), the last day of the request */
    assert_int_equal(facts(j, "kind = 'request' AND code = 'Y' AND ended = 19824"), 1);
    assert_int_equal(facts(j, "kind = 'refused' AND code = 'assess' AND started = 19884"), 1);
    assert_int_equal(facts(j, "kind = 'plan' AND ended IS NULL AND told_to = 20105"), 2);
    assert_int_equal(facts(j, "kind = 'plan' AND code = '2' AND ended = 20057"), 1);
    assert_int_equal(facts(j, "kind = 'need' AND code = 'SEMH' AND need_rank = 1"), 1);
    assert_int_equal(facts(j, "kind = 'setting' AND urn = 900001"), 1);
    assert_int_equal(facts(j, "return_year <> 2025"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE note LIKE "
                                    "'%not kept: 1 requests without a date%'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE note LIKE "
                                    "'%recognised but not used: 1%'"), 1);
    load_path(j, folder, LOAD_KNOWN);
}

static uint32_t
spells(const struct timeline *t, enum timeline_kind kind, const struct timeline_spell **last)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < t->n[TIMELINE_SPELL]; i++)
        if (t->spell[i].kind == kind) {
            *last = &t->spell[i];
            n++;
        }
    return n;
}

static const struct timeline *
built(struct job *j)
{
    struct timeline_order order = {.as_of = SUPPORT_TODAY, .known_at = INT64_MAX, .threads = 1};
    struct timeline *t;

    j->area = 896;
    assert_ok(j, timeline_build(j, support_path(j, "t.columns"), &order));
    assert_ok(j, timeline_open(j, support_path(j, "t.columns"), &t));
    return t;
}

static void
plans_requests_and_home_education_become_part_of_the_timeline(void **state)
{
    struct job *j = support_job(state);
    const struct timeline_spell *s = NULL;
    const struct timeline *t;

    support_db(j);
    load_path(j, write_export(j, "sen2"), LOAD_PUBLISHED);
    t = built(j);
    assert_int_equal(spells(t, SPELL_EHC_PLAN, &s), 3);
    assert_int_equal(spells(t, SPELL_EHC_REQUEST, &s), 2);
    assert_int_equal(spells(t, SPELL_EHC_REFUSED, &s), 1);
    assert_int_equal(s->start, date_from_ymd(2024, 6, 10));
    assert_int_equal(s->end, s->start + 1);
    assert_int_equal(spells(t, SPELL_EHC_NAMED, &s), 1);
    assert_string_equal(s->code, "00001");
    assert_int_equal(spells(t, SPELL_HOME_EDUCATED, &s), 1);
    assert_int_equal(spells(t, SPELL_SEN_NEED, &s), 1);
    assert_int_equal(timeline_care_until(t), DATE_NONE); /* plans are no social care */
}

static void
a_survey_sent_again_replaces_the_first(void **state)
{
    struct job *j = support_job(state);
    const struct timeline_spell *s = NULL;
    const char *folder;
    const struct timeline *t;

    support_db(j);
    load_path(j, write_export(j, "first"), LOAD_PUBLISHED);
    folder = write_export(j, "second");
    loads_edit(j, job_format(j, "%s/Blade-Export_03-02-2025_requests.csv", folder),
               "2024-Jun-10 00:00:00,N\nR3", "2024-Jun-10 00:00:00,W\nR3");
    loads_edit(j, job_format(j, "%s/Blade-Export_03-02-2025_senneed.csv", folder), "SEMH", "ASD");
    load_path(j, folder, LOAD_PUBLISHED);
    t = built(j);
    assert_int_equal(spells(t, SPELL_EHC_REFUSED, &s), 0);
    assert_int_equal(spells(t, SPELL_SEN_NEED, &s), 1);
    assert_string_equal(s->code, "ASD");
    assert_int_equal(spells(t, SPELL_EHC_PLAN, &s), 3);
}

static void
each_version_of_the_xml_tells_the_same(void **state)
{
    struct job *j = support_job(state);
    static const char *const versions[] = {"first", "v12", "v13"};

    support_db(j);
    for (int i = 0; i < 3; i++) {
        struct load_result r = load_path(j, job_format(j, ACCEPT "sen2.0-0.%s.xml", versions[i]),
                                         LOAD_PUBLISHED);
        const char *year = job_format(j, "return_year = %d AND ", 2023 + i);
        assert_string_equal(r.batch[0].title,
                            job_format(j, "Education, health and care plans (SEN2), January %d",
                                       2023 + i));
        assert_int_equal(facts(j, job_format(j, "%s kind = 'plan'", year)), 1);
        assert_int_equal(facts(j, job_format(j, "%s kind = 'refused'", year)), 1);
        assert_int_equal(facts(j, job_format(j, "%s kind = 'request'", year)), 2);
        assert_int_equal(facts(j, job_format(j, "%s kind = 'need'", year)), 1);
        assert_int_equal(facts(j, job_format(j, "%s kind = 'setting'", year)), 1);
        assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE made_on IS NULL"), 0);
    }
}

static void
another_authoritys_return_is_turned_away(void **state)
{
    struct job *j = support_job(state);
    struct load_options o = {.area = 916, .loaded_by = "test"};
    const char *path = ACCEPT "sen2.0-0.v12.xml";
    struct load_result r;

    support_db(j);
    assert_ok(j, load(j, &path, 1, &o, &r));
    assert_int_equal(r.refused, 1);
    assert_non_null(strstr(r.batch[0].message, "896"));
}

static void
a_table_without_its_persons_is_left_out_with_a_reason(void **state)
{
    struct job *j = support_job(state);
    struct load_options o = {.area = 896, .loaded_by = "test"};
    const char *path = ACCEPT "sen2-senneed.2024-0.csv";
    struct load_result r;

    support_db(j);
    assert_err(j, load(j, &path, 1, &o, &r), ERR_INPUT);
}

static void
the_list_of_an_inspection_tells_plans_as_they_were_then(void **state)
{
    struct job *j = support_job(state);
    const struct timeline_spell *s = NULL;
    const struct timeline *t;
    struct load_result r;

    support_db(j);
    r = load_path(j, ACCEPT "annex-send-plans.0-0.csv", LOAD_PUBLISHED);
    assert_int_equal(r.batch[0].findings, 0);
    assert_int_equal(facts(j, "kind = 'plan' AND source_kind = 'annex-send'"), 2);
    assert_int_equal(facts(j, "kind = 'need' AND code IN ('ASD', 'SEMH')"), 2);
    assert_int_equal(facts(j, "kind = 'setting' AND code = 'EHE' AND started = 20047"), 1);
    t = built(j);
    assert_int_equal(spells(t, SPELL_EHC_PLAN, &s), 2);
    assert_int_equal(spells(t, SPELL_SEN_NEED, &s), 2);
    assert_int_equal(spells(t, SPELL_HOME_EDUCATED, &s), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_export_is_one_batch_of_the_january_its_dates_tell),
        SUPPORT_TEST(plans_requests_and_home_education_become_part_of_the_timeline),
        SUPPORT_TEST(a_survey_sent_again_replaces_the_first),
        SUPPORT_TEST(each_version_of_the_xml_tells_the_same),
        SUPPORT_TEST(another_authoritys_return_is_turned_away),
        SUPPORT_TEST(the_list_of_an_inspection_tells_plans_as_they_were_then),
        SUPPORT_TEST(a_table_without_its_persons_is_left_out_with_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
