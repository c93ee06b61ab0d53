/* What must be settled before real data, and what is due to be looked at again. */
#include "support/support.h"
#include "access/governance.h"
#include "access/permit.h"
#include "base/date.h"

static const struct actor officer = {.account = 5, .role = ROLE_GOVERNANCE, .area = 1};

static const struct governance_item *
item(const struct governance *g, enum setting s)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->item[i].setting == s)
            return &g->item[i];
    fail_msg("%s is not listed", setting_name(s));
    return NULL;
}

static void
record(struct job *j, enum setting s, int32_t review)
{
    struct recorded r = {"REF-1", "Jo Smith", SUPPORT_TODAY - 400, review};

    assert_ok(j, setting_record(j, s, &r));
}

static void
nothing_is_recorded_in_a_new_database_and_everything_is_missing(void **state)
{
    struct job *j = support_job(state);
    struct governance g;

    support_db(j);
    support_area(j);
    assert_ok(j, governance_get(j, &g));
    assert_int_equal(g.n, 5);
    for (size_t i = 0; i < g.n; i++)
        assert_int_equal(g.item[i].state, GOVERNANCE_MISSING);
    assert_int_equal(g.agreement, GOVERNANCE_MISSING);
    assert_false(governance_is_complete(&g));
}

static void
a_review_is_good_then_soon_then_overdue(void **state)
{
    struct job *j = support_job(state);
    struct governance g;

    support_db(j);
    record(j, SETTING_OWNER, SUPPORT_TODAY + GOVERNANCE_SOON_DAYS + 1);
    record(j, SETTING_IMPACT, SUPPORT_TODAY + GOVERNANCE_SOON_DAYS);
    record(j, SETTING_SHARING, SUPPORT_TODAY);
    record(j, SETTING_NOTICE, SUPPORT_TODAY - 1);
    assert_ok(j, governance_get(j, &g));
    assert_int_equal(item(&g, SETTING_OWNER)->state, GOVERNANCE_GOOD);
    assert_int_equal(item(&g, SETTING_IMPACT)->state, GOVERNANCE_SOON);
    assert_int_equal(item(&g, SETTING_SHARING)->state, GOVERNANCE_SOON);
    assert_int_equal(item(&g, SETTING_NOTICE)->state, GOVERNANCE_OVERDUE);
    assert_int_equal(item(&g, SETTING_RETENTION)->state, GOVERNANCE_MISSING);
}

static void
it_is_complete_when_all_is_recorded_with_the_name_and_the_address(void **state)
{
    struct job *j = support_job(state);
    struct governance g;

    support_db(j);
    for (int s = 0; s < SETTINGS; s++)
        if (setting_is_record((enum setting)s))
            record(j, (enum setting)s, SUPPORT_TODAY - 1); /* overdue, but there */
    assert_ok(j, setting_change(j, SETTING_COUNCIL, "Ashmere Council"));
    assert_ok(j, governance_get(j, &g));
    assert_false(governance_is_complete(&g));
    assert_ok(j, setting_change(j, SETTING_ADDRESS, "https://rooted.ashmere.gov.uk"));
    assert_ok(j, governance_get(j, &g));
    assert_true(governance_is_complete(&g));
}

static const char sql_agree[] =
    "INSERT INTO agreement (area_id, version, title, article_6, article_9, state, made, made_by, "
    "force_from, review_on) VALUES (1, 1, 'A', '', '', 'agreed', 1, 1, 20000, $1)";

static void
the_agreement_in_force_is_told_to_its_officer_when_it_is_overdue(void **state)
{
    static const struct actor lead = {.account = 6, .role = ROLE_INCLUSION_LEAD, .area = 1};
    struct job *j = support_job(state);
    enum governance_state due;
    struct governance g;
    int32_t by;

    support_db(j);
    support_area(j);
    assert_ok(j, db_run(j, sql_agree, ARGS(INT(SUPPORT_TODAY - 1)), NULL));
    j->who = &officer;
    assert_ok(j, governance_get(j, &g));
    assert_int_equal(g.agreement, GOVERNANCE_OVERDUE);
    assert_int_equal(g.version, 1);
    assert_ok(j, governance_agreement_due(j, &due, &by));
    assert_int_equal(due, GOVERNANCE_OVERDUE);
    assert_int_equal(by, SUPPORT_TODAY - 1);
    j->who = &lead;
    assert_ok(j, governance_agreement_due(j, &due, &by));
    assert_int_equal(due, GOVERNANCE_GOOD);
    assert_err(j, governance_get(j, &g), ERR_DENIED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(nothing_is_recorded_in_a_new_database_and_everything_is_missing),
        SUPPORT_TEST(a_review_is_good_then_soon_then_overdue),
        SUPPORT_TEST(it_is_complete_when_all_is_recorded_with_the_name_and_the_address),
        SUPPORT_TEST(the_agreement_in_force_is_told_to_its_officer_when_it_is_overdue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
