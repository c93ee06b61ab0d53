/* The children-in-need census: what is kept of it, and DfE's rules about what is kept. */
#include "support/loads.h"
#include "timeline/timeline.h"

/* A return of March 2025 with these children. */
static const char *
return_of(struct job *j, const char *children)
{
    return loads_file(
        j, "cin.xml",
        job_format(j,
                   "<Message><Header><CollectionDetails><Collection>CIN</Collection>"
                   "<Year>2025</Year><ReferenceDate>2025-03-31</ReferenceDate>"
                   "</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>896</LEA>"
                   "</Source></Header><Children>%s</Children></Message>\n",
                   children));
}

/* A child with an id, born 1 May 2015, and what is in its case of 3 June 2024. */
static const char *
child(struct job *j, const char *id, const char *in_case)
{
    return job_format(j,
                      "<Child><ChildIdentifiers><LAchildID>%s</LAchildID>"
                      "<UPNunknown>UN4</UPNunknown><PersonBirthDate>2015-05-01</PersonBirthDate>"
                      "<Sex>F</Sex></ChildIdentifiers><CINdetails><CINreferralDate>2024-06-03"
                      "</CINreferralDate><ReferralSource>2A</ReferralSource><PrimaryNeedCode>N5"
                      "</PrimaryNeedCode>%s</CINdetails></Child>\n",
                      id, in_case);
}

static int64_t
findings(struct job *j, const char *rule)
{
    int64_t n;

    assert_ok(j, db_int(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND rule = $1",
                        ARGS(TEXT(rule)), -1, &n));
    return n;
}

#define OPEN_CASE "<ReferralNFA>false</ReferralNFA>"
#define PLAN(from, to)                                                         \
    "<CINPlanDates><CINPlanStartDate>" from "</CINPlanStartDate>" to "</CINPlanDates>"
#define PLAN_END(d) "<CINPlanEndDate>" d "</CINPlanEndDate>"
#define PROTECTION(from, to)                                                   \
    "<ChildProtectionPlans><CPPstartDate>" from "</CPPstartDate>" to                     \
    "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse></ChildProtectionPlans>"
#define CLOSED(d, why) "<CINclosureDate>" d "</CINclosureDate>" why

static void
what_a_case_holds_becomes_dated_rows(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_expect(j, return_of(j, child(j, "1", OPEN_CASE PLAN("2024-07-01", PLAN_END("2024-07-31"))
                                                   PROTECTION("2024-08-01", ""))),
                 LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM care_episode WHERE area_id = 896 AND "
                                    "return_year = 2025"), 3);
    /* the last day is part of it: 31 July 2024 is 19935 */
    assert_int_equal(loads_count(j, "SELECT ended FROM care_episode WHERE area_id = 896 AND "
                                    "kind = 'plan'"), 19936);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM care_episode WHERE area_id = 896 AND "
                                    "kind = 'protection' AND ended IS NULL AND "
                                    "category IS NULL"), 1); /* not needed, not kept */
}

static void
a_referral_without_action_is_of_one_day(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_expect(j, return_of(j, child(j, "1", "<ReferralNFA>true</ReferralNFA>")),
                 LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM care_episode WHERE area_id = 896 AND "
                                    "kind = 'referral' AND ended = started + 1 AND "
                                    "no_further_action = 1"), 1);
}

static void
what_ends_before_it_starts_is_refused_but_not_the_rest(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = loads_expect(j, return_of(j, job_format(j, "%s%s", child(j, "1", OPEN_CASE
                                         PLAN("2024-07-01", PLAN_END("2024-06-30"))
                                         PROTECTION("2024-08-01", "")),
                                         child(j, "2", OPEN_CASE PLAN("2024-07-01", "")))),
                     LOAD_PUBLISHED);
    assert_int_equal(r.batch[0].refused, 1);
    assert_int_equal(findings(j, "cin-8608"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM care_episode WHERE area_id = 896"), 4);
}

/* Each rule of findings.def has a file that breaks it, and a sound file breaks none. */
static void
each_rule_finds_what_it_is_for(void **state)
{
    struct job *j = support_job(state);
    static const struct {
        const char *rule, *in_case;
    } broken[] = {
        {"cin-1103", OPEN_CASE PLAN("2024-05-01", "")},
        {"cin-2990", "<ReferralNFA>true</ReferralNFA>" PLAN("2024-07-01", "")},
        {"cin-4001", OPEN_CASE PLAN("2024-07-01", PLAN_END("2024-08-10"))
                         PROTECTION("2024-08-01", "")},
        {"cin-4004", OPEN_CASE PLAN("2024-07-01", "") PLAN("2024-08-01", "")},
        {"cin-8608", OPEN_CASE PLAN("2024-07-01", PLAN_END("2024-06-30")) PLAN("2024-07-01", "")},
        {"cin-8620", OPEN_CASE PLAN("2025-04-02", "")},
        {"cin-8805", OPEN_CASE CLOSED("2024-12-31", "")},
        {"cin-8815", OPEN_CASE "</CINdetails><CINdetails><CINreferralDate>2024-09-01"
                     "</CINreferralDate>" OPEN_CASE},
        {"cin-8820", OPEN_CASE CLOSED("2024-12-31", "<ReasonForClosure>RC8</ReasonForClosure>")
                     "</CINdetails><CINdetails><CINreferralDate>2024-12-01</CINreferralDate>"
                     OPEN_CASE},
        {"cin-8867", OPEN_CASE CLOSED("2024-12-31", "<ReasonForClosure>RC8</ReasonForClosure>")
                     PLAN("2024-07-01", "")},
        {"cin-8935", OPEN_CASE PROTECTION("2024-08-01", "") PROTECTION("2024-09-01", "")},
    };

    support_db(j);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        int64_t before = findings(j, broken[i].rule);
        loads_expect(j, return_of(j, child(j, "1", broken[i].in_case)), LOAD_PUBLISHED);
        if (findings(j, broken[i].rule) != before + 1)
            fail_msg("%s was not found once", broken[i].rule);
    }
    assert_int_equal(findings(j, "parent-missing"), 0);
}

static void
a_sound_return_has_no_finding(void **state)
{
    struct job *j = support_job(state);
    const char *sound = OPEN_CASE PLAN("2024-07-01", PLAN_END("2024-07-31"))
                            PROTECTION("2024-08-01", "");

    support_db(j);
    loads_expect(j, return_of(j, child(j, "1", sound)), LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND "
                                    "rule <> 'not-linkable'"), 0);
}

static void
rules_about_the_child_itself(void **state)
{
    struct job *j = support_job(state);
    static const struct {
        const char *rule, *identifiers, *id;
    } broken[] = {
        {"cin-8590", "<PersonBirthDate>2019-01-01</PersonBirthDate>", "1"},
        {"cin-8525", "<UPNunknown>UN1</UPNunknown>", "2"},
        {"cin-8520", "<PersonBirthDate>2025-04-01</PersonBirthDate>", "3"},
        {"cin-8770", "<PersonBirthDate>2012-04-01</PersonBirthDate>", "4"},
        {"cin-8775", "<PersonBirthDate>1999-03-01</PersonBirthDate>"
                     "<UPNunknown>UN4</UPNunknown>", "5"},
        {"cin-8510", "<PersonBirthDate>2019-01-01</PersonBirthDate>", "1"},
    };
    struct lines all = {.j = j};

    support_db(j);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        lines_add(&all, "<Child><ChildIdentifiers><LAchildID>%s</LAchildID>%s<Sex>U</Sex>"
                        "</ChildIdentifiers></Child>",
                  broken[i].id, broken[i].identifiers);
    loads_expect(j, return_of(j, all.s), LOAD_PUBLISHED);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (findings(j, broken[i].rule) < 1)
            fail_msg("%s was not found", broken[i].rule);
    assert_int_equal(findings(j, "cin-8590"), 6);
    assert_int_equal(findings(j, "cin-8510"), 1);
}

static void
a_referral_long_before_birth_and_a_shared_upn_are_remarked(void **state)
{
    struct job *j = support_job(state);
    const char *unborn = child(j, "1", OPEN_CASE), *path;

    support_db(j);
    path = return_of(j, job_format(j, "%s%s%s", unborn, child(j, "2", OPEN_CASE),
                                   child(j, "3", OPEN_CASE)));
    loads_edit(j, path, "<LAchildID>1</LAchildID><UPNunknown>UN4</UPNunknown>"
                        "<PersonBirthDate>2015-05-01",
               "<LAchildID>1</LAchildID><UPNunknown>UN1</UPNunknown>"
               "<PersonBirthDate>2025-03-30");
    loads_edit(j, path, "<LAchildID>2</LAchildID><UPNunknown>UN4</UPNunknown>",
               "<LAchildID>2</LAchildID><UPN>H801200001001</UPN>");
    loads_edit(j, path, "<LAchildID>3</LAchildID><UPNunknown>UN4</UPNunknown>",
               "<LAchildID>3</LAchildID><UPN>H801200001001</UPN>");
    loads_expect(j, path, LOAD_PUBLISHED);
    assert_int_equal(findings(j, "cin-8606"), 1);
    assert_int_equal(findings(j, "cin-1520"), 1);
}

/* Its cases must not go to the child before. */
static void
a_child_without_an_id_is_refused_with_all_that_is_in_it(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = loads_expect(j, return_of(j, job_format(j, "%s%s%s", child(j, "1", OPEN_CASE
                                                      PLAN("2024-07-01", "")),
                                                child(j, "", OPEN_CASE PLAN("2024-07-01", "")),
                                                child(j, "3", OPEN_CASE))),
                     LOAD_PUBLISHED);
    assert_int_equal(r.batch[0].refused, 3);
    assert_int_equal(findings(j, "cin-8500"), 1);
    assert_int_equal(findings(j, "parent-missing"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM care_episode WHERE area_id = 896"), 3);
}

static void
the_header_decides_year_and_authority(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    const char *path;

    support_db(j);
    path = return_of(j, child(j, "1", OPEN_CASE));
    loads_edit(j, path, "<ReferenceDate>2025-03-31", "<ReferenceDate>2025-03-30");
    r = loads_expect(j, path, LOAD_PUBLISHED);
    assert_string_equal(r.batch[0].title, "Children in need census, year to March 2025");
    assert_int_equal(j->area, 896);
    assert_int_equal(findings(j, "cin-100"), 1);
    loads_edit(j, path, "<Year>2025", "<Year>1025");
    r = loads_expect(j, path, LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "1025"));
}

static void
a_child_not_linkable_now_is_linked_when_the_census_comes(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_expect(j, LOADS_COUNCIL "/cin", LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "person_id IS NULL"), 3);
    loads_expect(j, LOADS_COUNCIL "/census/2024-autumn", LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "person_id IS NULL"), 2); /* by UPN */
    loads_expect(j, LOADS_COUNCIL "/people.csv", LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "person_id IS NULL"), 1); /* by the list, name and postcode */
    assert_int_equal(
        loads_count(j, "SELECT count(DISTINCT person_id) FROM identity WHERE area_id = 896 AND "
                       "(local_id = '502' OR surname = 'Patel')"),
        1);
}

/* A pupil of the small council with a case from 3 June 2024. */
static const char *
pupil(struct job *j, const char *id, const char *upn, const char *born, const char *in_case)
{
    return job_format(j,
                      "<Child><ChildIdentifiers><LAchildID>%s</LAchildID><UPN>%s</UPN>"
                      "<PersonBirthDate>%s</PersonBirthDate><Sex>M</Sex></ChildIdentifiers>"
                      "<CINdetails><CINreferralDate>2024-06-03</CINreferralDate>"
                      "<ReferralSource>2A</ReferralSource><PrimaryNeedCode>N5</PrimaryNeedCode>"
                      "%s<ReferralNFA>false</ReferralNFA></CINdetails></Child>\n",
                      id, upn, born, in_case);
}

/* Is the child with this UPN in need on that day? */
static bool
in_need(struct job *j, const struct timeline *t, const char *upn, int32_t on)
{
    int64_t person;
    uint32_t p;

    assert_ok(j, db_int(j, "SELECT max(person_id) FROM identity WHERE area_id = 896 AND upn = $1",
                        ARGS(TEXT(upn)), 0, &person));
    p = timeline_person_find(t, person);
    assert_int_not_equal(p, TIMELINE_NONE);
    return timeline_spell_on(t, p, SPELL_NEED, on) != TIMELINE_NONE;
}

#define CLOSED_ON(d) CLOSED(d, "<ReasonForClosure>RC8</ReasonForClosure>")

/* 31 March, the census day of children in need: the day of closing is the last of the case. */
static void
a_case_is_open_on_census_day_or_closed_before_it(void **state)
{
    struct job *j = support_job(state);
    struct timeline_order order = {.as_of = SUPPORT_TODAY, .known_at = INT64_MAX, .threads = 1};
    int32_t census_day = date_from_ymd(2025, 3, 31);
    const char *path = support_path(j, "t.columns");
    struct timeline *t;

    support_db(j);
    loads_expect(j, LOADS_COUNCIL "/census/2024-autumn", LOAD_PUBLISHED);
    loads_expect(j, return_of(j, job_format(j, "%s%s%s",
        pupil(j, "1", "M896400120001", "2010-03-01", ""),
        pupil(j, "2", "Q896200121003", "2017-01-02", CLOSED_ON("2025-03-31")),
        pupil(j, "3", "E896200121004", "2017-01-02", CLOSED_ON("2025-03-30")))), LOAD_PUBLISHED);
    j->area = 896;
    assert_ok(j, timeline_build(j, path, &order));
    assert_ok(j, timeline_open(j, path, &t));
    assert_true(in_need(j, t, "M896400120001", census_day));
    assert_true(in_need(j, t, "Q896200121003", census_day));
    assert_false(in_need(j, t, "E896200121004", census_day));
    assert_true(in_need(j, t, "E896200121004", census_day - 1));
    assert_true(in_need(j, t, "E896200121004", date_from_ymd(2024, 6, 3)));
    assert_false(in_need(j, t, "E896200121004", date_from_ymd(2024, 6, 2)));
    assert_false(in_need(j, t, "M896400120001", census_day + 1)); /* nothing tells */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_a_case_holds_becomes_dated_rows),
        SUPPORT_TEST(a_referral_without_action_is_of_one_day),
        SUPPORT_TEST(what_ends_before_it_starts_is_refused_but_not_the_rest),
        SUPPORT_TEST(each_rule_finds_what_it_is_for),
        SUPPORT_TEST(a_sound_return_has_no_finding),
        SUPPORT_TEST(rules_about_the_child_itself),
        SUPPORT_TEST(a_referral_long_before_birth_and_a_shared_upn_are_remarked),
        SUPPORT_TEST(a_child_without_an_id_is_refused_with_all_that_is_in_it),
        SUPPORT_TEST(the_header_decides_year_and_authority),
        SUPPORT_TEST(a_case_is_open_on_census_day_or_closed_before_it),
        SUPPORT_TEST(a_child_not_linkable_now_is_linked_when_the_census_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
