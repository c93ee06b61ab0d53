/* The daily round: asked for where it is time, once, and done by the queue. */
#include "access/setting.h"
#include "cli/retention_task.h"
#include "support/support.h"

static int64_t
count(struct job *j, const char *sql)
{
    int64_t n;

    assert_ok(j, db_int(j, sql, NO_ARGS, -1, &n));
    return n;
}

static const char sql_tasks[] =
    "SELECT COUNT(*) FROM task WHERE area_id = 1 AND kind = 'retention'";
static const char sql_old[] =
    "INSERT INTO task (area_id, task_id, kind, input, state, asked, asked_by, ended, done, total, "
    "attempts) VALUES (1, 90001, 'load', '{}', 'done', 0, 'x', 0, 0, 0, 1)";

static void
a_round_is_asked_for_once_and_in_a_live_database_alone(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    support_area(j);
    j->area = 0; /* as the tick has it */
    assert_ok(j, retention_ask(j));
    assert_int_equal(count(j, sql_tasks), 0);
    assert_ok(j, setting_change(j, SETTING_LIVE, "1"));
    assert_ok(j, retention_ask(j));
    assert_ok(j, retention_ask(j));
    assert_int_equal(count(j, sql_tasks), 1);
    assert_int_equal(j->area, 0);
}

static void
the_round_removes_what_is_due_and_says_how_much(void **state)
{
    struct job *j = support_job(state);
    struct task t;
    int64_t id;

    support_db(j);
    support_area(j);
    assert_ok(j, setting_change(j, SETTING_LIVE, "1"));
    assert_ok(j, db_run(j, sql_old, NO_ARGS, NULL));
    assert_ok(j, retention_ask(j));
    assert_ok(j, db_int(j, "SELECT MIN(task_id) FROM task WHERE area_id = 1 AND kind = "
                           "'retention'", NO_ARGS, 0, &id));
    assert_ok(j, task_get(j, id, &t));
    assert_ok(j, retention_task(j, &t, (void *)(uintptr_t)support_path(j, ".")));
    assert_string_equal(t.message, "1 removed because their time was over, 0 stayed.");
    assert_int_equal(count(j, "SELECT COUNT(*) FROM task WHERE area_id = 1 AND task_id = 90001"),
                     0);
    assert_int_equal(count(j, "SELECT COUNT(*) FROM retention_run WHERE area_id = 1 AND "
                              "run_by = 'each day' AND ended IS NOT NULL"), 1);
    assert_ok(j, db_run(j, "UPDATE task SET state = 'done' WHERE area_id = 1", NO_ARGS, NULL));
    assert_ok(j, retention_ask(j)); /* done for today */
    assert_int_equal(count(j, sql_tasks), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_round_is_asked_for_once_and_in_a_live_database_alone),
        SUPPORT_TEST(the_round_removes_what_is_due_and_says_how_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
