/* What must be settled before real data, over HTTP: for the administrator and the officer. */
#include "support/html.h"
#include "support/served.h"
#include "access/setting.h"
#include <string.h>

static void
record_all(struct job *j, int32_t review)
{
    for (int s = 0; s < SETTINGS; s++) {
        struct recorded r = {"REF-77", "Jo <Smith>", SUPPORT_TODAY - 400, review};
        if (setting_is_record((enum setting)s))
            assert_ok(j, setting_record(j, (enum setting)s, &r));
    }
    assert_ok(j, setting_change(j, SETTING_COUNCIL, "Ashmere Council"));
    assert_ok(j, setting_change(j, SETTING_ADDRESS, "https://rooted.ashmere.gov.uk"));
}

static void
the_page_says_what_is_missing_and_what_is_overdue(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    served_sign_in(&s, "administrator");
    a = served_get(&s, "/governance", 200);
    assert_true(client_has(&a, "Seven things are missing") ||
                client_has(&a, "7 things are missing"));
    assert_true(client_has(&a, "Not recorded"));
    assert_true(client_has(&a, "rooted setup --record owner"));
    record_all(j, SUPPORT_TODAY - 1);
    a = served_get(&s, "/governance", 200);
    assert_true(client_has(&a, "5 reviews are overdue"));
    assert_true(client_has(&a, "REF-77"));
    assert_true(client_has(&a, "Jo &lt;Smith&gt;"));
    record_all(j, SUPPORT_TODAY + 100);
    a = served_get(&s, "/governance", 200);
    assert_true(client_has(&a, "Everything is in order"));
    assert_true(client_has(&a, "href=\"/governance\""));
    served_stop(&s);
}

static void
the_officer_sees_it_and_nobody_else_does(void **state)
{
    static const char *const others[] = {"analyst", "inclusion-lead", "senco"};
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    served_sign_in(&s, "governance-officer");
    a = served_get(&s, "/governance", 200);
    assert_true(client_has(&a, "Nothing may be shared until one is brought into force"));
    assert_false(client_has(&a, "rooted setup --record owner"));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        served_sign_in(&s, others[i]);
        a = served_get(&s, "/governance", 404);
        a = served_get(&s, "/help", 200);
        assert_false(client_has(&a, "href=\"/governance\""));
    }
    served_stop(&s);
}

static const char sql_agree[] =
    "INSERT INTO agreement (area_id, version, title, article_6, article_9, state, made, made_by, "
    "force_from, review_on) VALUES (1, 1, 'A', '', '', 'agreed', 1, 1, 20000, $1)";
static const char sql_review[] = "UPDATE agreement SET review_on = $1 WHERE area_id = 1";

static void
an_overdue_agreement_stands_on_the_officers_first_page(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    assert_ok(j, db_run(j, sql_agree, ARGS(INT(SUPPORT_TODAY - 15)), NULL));
    served_sign_in(&s, "governance-officer");
    a = served_get(&s, "/", 200);
    assert_true(client_has(&a,
                           "The sharing agreement should have been "
                               "looked at again by 1 June 2025."));
    a = served_get(&s, "/openings", 200); /* where they come to after signing in */
    assert_true(client_has(&a, "The sharing agreement should have been looked at again"));
    a = served_get(&s, "/governance", 200);
    assert_true(client_has(&a, "Overdue: look at it again"));
    served_sign_in(&s, "inclusion-lead");
    a = served_get(&s, "/", 200);
    assert_false(client_has(&a, "looked at again"));
    served_sign_in(&s, "governance-officer");
    assert_ok(j, db_run(j, sql_review, ARGS(INT(SUPPORT_TODAY + 365)), NULL));
    a = served_get(&s, "/", 200);
    assert_false(client_has(&a, "looked at again"));
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_page_says_what_is_missing_and_what_is_overdue),
        SUPPORT_TEST(the_officer_sees_it_and_nobody_else_does),
        SUPPORT_TEST(an_overdue_agreement_stands_on_the_officers_first_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
