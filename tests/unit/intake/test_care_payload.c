/* DfE's daily social care payload: what is kept, and what the sender takes back. */
#include "support/loads.h"

static int64_t
rows(struct job *j, const char *condition)
{
    int64_t n;

    assert_ok(j, db_int(j, job_format(j, "SELECT count(*) FROM care_episode WHERE area_id = 896 "
                                         "AND source_kind = 'care-api' AND %s", condition),
                        NO_ARGS, -1, &n));
    return n;
}

static int64_t
findings(struct job *j, const char *rule)
{
    int64_t n;

    assert_ok(j, db_int(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND rule = $1",
                        ARGS(TEXT(rule)), -1, &n));
    return n;
}

static const char *
payload(struct job *j)
{
    return loads_copy(j, "tests/golden/returns/accept/care-api.0-0.json", "payload.json");
}

static void
a_payload_gives_dated_things_and_who_is_who(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = loads_expect(j, payload(j), LOAD_PUBLISHED);
    assert_int_equal(j->area, 896); /* la_code says so */
    assert_string_equal(r.batch[0].title, "Social care payload, to 1 February 2025");
    assert_int_equal(r.batch[0].read, r.batch[0].loaded + r.batch[0].refused);
    assert_int_equal(rows(j, "kind = 'referral' AND ended IS NULL AND source = '2A'"), 1);
    assert_int_equal(rows(j, "kind IN ('plan', 'enquiry', 'protection', 'assessment')"), 4);
    assert_int_equal(rows(j, "kind = 'care'"), 2);
    assert_int_equal(rows(j, "kind = 'placement' AND placement = 'K2'"), 1);
    assert_int_equal(rows(j, "kind = 'sdq' AND score = 16"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "upn = 'Z896400419017' AND local_id = '10421' AND "
                                    "former_upn = 'B916201225003' AND person_id IS NOT NULL"), 1);
    loads_expect(j, payload(j), LOAD_KNOWN);
}

static void
what_the_sender_takes_back_is_told_and_not_loaded(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_expect(j, payload(j), LOAD_PUBLISHED);
    /* an episode, the plan within it, and a child whose episode is not even looked at */
    assert_int_equal(findings(j, "purged"), 3);
    assert_int_equal(rows(j, "kind = 'plan'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "local_id = '10422'"), 0);
    loads_expect(j, loads_file(j, "later.json",
                               "{\"la_code\": 896, \"Children\": [{\"la_child_id\": \"10421\", "
                               "\"purge\": true}]}"), LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND "
                                    "message LIKE '%earlier files tell 9 things of this child%'"),
                     1);
}

static void
a_child_without_an_id_takes_nothing_of_it_to_another(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_expect(j, loads_file(j, "p.json",
                               "{\"la_code\": 896, \"Children\": [{\"la_child_id\": \"1\", "
                               "\"social_care_episodes\": [{\"referral_date\": \"2024-01-01\"}]}, "
                               "{\"la_child_id\": \"\", \"social_care_episodes\": [{"
                               "\"referral_date\": \"2024-02-01\"}]}]}"), LOAD_PUBLISHED);
    assert_int_equal(findings(j, "local-id-missing"), 1);
    assert_int_equal(rows(j, "kind = 'referral'"), 1);
}

static void
a_payload_of_another_authority_brings_nothing(void **state)
{
    struct job *j = support_job(state);
    struct load_options o = {.area = 895, .loaded_by = "test"};
    struct load_result r;
    const char *paths[1];

    support_db(j);
    paths[0] = payload(j);
    assert_ok(j, load(j, paths, 1, &o, &r));
    assert_int_equal(r.batch[0].outcome, LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "it is of authority 896"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_payload_gives_dated_things_and_who_is_who),
        SUPPORT_TEST(what_the_sender_takes_back_is_told_and_not_loaded),
        SUPPORT_TEST(a_child_without_an_id_takes_nothing_of_it_to_another),
        SUPPORT_TEST(a_payload_of_another_authority_brings_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
