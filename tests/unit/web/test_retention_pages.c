/* How long data is kept, over HTTP: the officer holds, releases and decides; others look or not. */
#include "support/children.h"
#include "support/html.h"
#include "support/served.h"
#include "intake/retention.h"
#include <string.h>

static const char sql_hold[] = "SELECT MAX(hold_id) FROM retention_hold WHERE area_id = 1";

static void
the_officer_holds_a_child_and_lets_it_go(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    const char *hold, *field;
    struct served s;

    children_make(j);
    served_start(&s, j, NULL);
    served_sign_in(&s, "governance-officer");
    a = served_get(&s, "/retention", 200);
    assert_true(client_has(&a, "Nothing is held"));
    assert_true(client_has(&a, "25 years"));
    a = served_post(&s, "/retention/holds", "&child=x&why=inquiry", 422);
    assert_true(client_has(&a, "has digits only"));
    assert_true(client_has(&a, "value=\"inquiry\""));
    a = served_post(&s, "/retention/holds", "&child=987654&why=inquiry", 422);
    assert_true(client_has(&a, "no child with that number"));
    a = served_post(&s, "/retention/holds", "&child=1&why=+", 422);
    assert_true(client_has(&a, "Say why it must be held"));
    served_post(&s, "/retention/holds", "&child=1&why=an+<inquiry>", 303);
    served_post(&s, "/retention/holds", "&child=&why=told+to", 303);
    a = served_get(&s, "/retention", 200);
    assert_true(client_has(&a, "2 holds are in force"));
    assert_true(client_has(&a, "<strong>Child 1</strong>"));
    assert_true(client_has(&a, "an &lt;inquiry&gt;"));
    assert_true(client_has(&a, "<strong>Everything</strong>"));
    hold = job_format(j, "/retention/holds/%lld", (long long)served_count(&s, sql_hold));
    field = job_format(j, "release-%lld", (long long)served_count(&s, sql_hold));
    a = served_post(&s, hold, job_format(j, "&%s=", field), 422);
    assert_true(client_has(&a, "Say why it need not be held any more"));
    served_post(&s, hold, job_format(j, "&%s=all+clear", field), 303);
    served_post(&s, hold, job_format(j, "&%s=again", field), 404);
    a = served_get(&s, "/retention", 200);
    assert_true(client_has(&a, "1 hold is in force"));
    assert_true(client_has(&a, "all clear"));
    served_stop(&s);
}

static void
the_officer_decides_how_long(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    served_sign_in(&s, "governance-officer");
    a = served_post(&s, "/retention/rules", "&rule=signs&keep=long&reference=X", 422);
    assert_true(client_has(&a, "Say how long, as in"));
    a = served_post(&s, "/retention/rules", "&rule=signs&keep=2+years&reference=", 422);
    assert_true(client_has(&a, "where was it decided"));
    served_post(&s, "/retention/rules", "&rule=signs&keep=2+years&reference=Schedule+7", 303);
    a = served_get(&s, "/retention", 200);
    assert_true(client_has(&a, "Ours: Schedule 7"));
    served_stop(&s);
}

static const char sql_run[] =
    "INSERT INTO retention_run (area_id, run_id, at, run_by, figures, ended, gone, held) "
    "VALUES (1, 7, 1, 'each day', 0, 2, 2, 3)";
static const char sql_gone[] =
    "INSERT INTO retention_gone (area_id, run_id, rule, subject, since, gone) "
    "VALUES (1, 7, $1, $2, 10000, 1)";

static void
what_went_is_a_list_of_numbers(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    assert_ok(j, db_run(j, sql_run, NO_ARGS, NULL));
    assert_ok(j, db_run(j, sql_gone, ARGS(TEXT("child"), INT(42)), NULL));
    assert_ok(j, db_run(j, sql_gone, ARGS(TEXT("registers"), INT(17889)), NULL));
    assert_ok(j, retention_copied(j, "/secret/place/copy.db", 5));
    served_sign_in(&s, "governance-officer");
    a = served_get(&s, "/retention", 200);
    assert_true(client_has(&a, "href=\"/retention/7\""));
    assert_true(client_has(&a, "Copies of the database"));
    assert_false(client_has(&a, "/secret/place"));
    a = served_get(&s, "/retention/7", 200);
    assert_true(client_has(&a, "2 things were removed"));
    assert_true(client_has(&a, "3 other things were held and stayed"));
    assert_true(client_has(&a, "Child 42"));
    assert_true(client_has(&a, "Week of 24 December 2018"));
    served_get(&s, "/retention/8", 404);
    served_stop(&s);
}

static void
the_administrator_looks_and_others_do_not(void **state)
{
    static const char *const others[] = {"analyst", "inclusion-lead", "senco"};
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    served_sign_in(&s, "administrator");
    a = served_get(&s, "/retention", 200);
    assert_false(client_has(&a, "Hold it"));
    assert_true(client_has(&a, "on the page of its officer"));
    assert_false(client_has(&a, "Nothing is held"));
    served_post(&s, "/retention/holds", "&child=&why=x", 404);
    served_post(&s, "/retention/rules", "&rule=signs&keep=2+years&reference=X", 404);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        served_sign_in(&s, others[i]);
        served_get(&s, "/retention", 404);
        served_post(&s, "/retention/holds", "&child=&why=x", 404);
    }
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_officer_holds_a_child_and_lets_it_go),
        SUPPORT_TEST(the_officer_decides_how_long),
        SUPPORT_TEST(what_went_is_a_list_of_numbers),
        SUPPORT_TEST(the_administrator_looks_and_others_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
