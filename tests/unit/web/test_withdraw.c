/* Taking a batch back on its page: a reason, the question whether it is sure, then the same
 * function as on the command line. */
#include "intake/batch.h"
#include "risk/refresh.h"
#include "support/children.h"
#include "support/html.h"
#include "support/served.h"
#include <string.h>

static const char path[] = "/data/batches/10/withdraw";

static void
start(struct served *s, struct job *j, const char *role)
{
    children_make(j);
    served_start(s, j, NULL);
    served_sign_in(s, role);
}

static bool
has(const struct answer_seen *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

static struct answer_seen
post(struct served *s, const char *fields)
{
    struct answer_seen a = client_get(&s->client, "/data");

    return client_post(&s->client, path,
                       job_format(s->j, "csrf=%s%s", client_csrf(&s->client, &a), fields));
}

static const char sql_published[] =
    "SELECT COUNT(*) FROM batch WHERE area_id = 1 AND batch_id = 10 AND state = 'published'";
static const char sql_withdrawn[] =
    "SELECT COUNT(*) FROM batch WHERE area_id = 1 AND batch_id = 10 AND state = 'withdrawn' AND "
    "withdrawn_why = 'the wrong year''s <file>' AND withdrawn_by = 'analyst'";
static const char sql_tasks[] =
    "SELECT COUNT(*) FROM task WHERE area_id = 1 AND kind = 'figures' AND state = 'waiting'";
static const char sql_audit[] =
    "SELECT COUNT(*) FROM audit WHERE area_id = 1 AND act = 'load' AND subject = 'batch 10' AND "
    "outcome = 'allowed'";

static void
is_sound(const struct answer_seen *a)
{
    struct html o;

    html_begin(&o);
    html_lit(&o, a->body, a->n_body);
    html_sound(&o);
    html_done(&o);
}

static void
a_batch_is_withdrawn_after_a_reason_and_a_question(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, "analyst");
    a = client_get(&s.client, "/data/batches/10");
    assert_true(has(&a, "href=\"/data/batches/10/withdraw\""));
    a = client_get(&s.client, path);
    assert_int_equal(a.status, 200);
    is_sound(&a);
    a = post(&s, "&why=+the+wrong+year%27s+%3Cfile%3E+");
    assert_int_equal(a.status, 200);
    is_sound(&a);
    assert_true(has(&a, "out of all figures?"));
    assert_true(has(&a, "the wrong year&#39;s &lt;file&gt;"));
    assert_int_equal(served_count(&s, sql_published), 1); /* nothing has happened yet */
    a = post(&s, "&sure=yes&why=the+wrong+year%27s+%3Cfile%3E");
    assert_int_equal(a.status, 303);
    assert_int_equal(served_count(&s, sql_withdrawn), 1);
    assert_int_equal(served_count(&s, sql_tasks), 1);
    assert_int_equal(served_count(&s, sql_audit), 1);
    a = client_get(&s.client, client_header(&s.client, &a, "Location"));
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "Making the figures again"));
    a = client_get(&s.client, "/data/batches/10");
    assert_true(has(&a, "the wrong year&#39;s &lt;file&gt;"));
    assert_false(has(&a, path));
    served_stop(&s);
}

static void
without_a_reason_the_form_comes_back(void **state)
{
    static const char *const fields[] = {"", "&why=", "&why=+%09", "&why=&sure=yes", "&sure=yes"};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, "analyst");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        a = post(&s, fields[i]);
        assert_int_equal(a.status, 422);
        is_sound(&a);
        assert_true(has(&a, "Say why it should not be there"));
    }
    a = post(&s, job_format(j, "&sure=yes&why=%0600d", 7));
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "Say it in fewer words"));
    assert_int_equal(served_count(&s, sql_published), 1);
    assert_int_equal(served_count(&s, sql_tasks), 0);
    served_stop(&s);
}

static void
without_the_token_nothing_is_withdrawn(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    start(&s, j, "analyst");
    assert_int_equal(client_post(&s.client, path, "sure=yes&why=x").status, 403);
    assert_int_equal(client_post(&s.client, path, "csrf=x&sure=yes&why=x").status, 403);
    assert_int_equal(served_count(&s, sql_published), 1);
    served_stop(&s);
}

static void
who_may_not_load_may_not_withdraw(void **state)
{
    static const char *const roles[] = {"inclusion-lead", "senco", "administrator"};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, "analyst");
    for (size_t i = 0; i < 3; i++) {
        served_sign_in(&s, roles[i]);
        a = client_get(&s.client, "/");
        assert_int_equal(client_get(&s.client, path).status, 404);
        a = client_post(&s.client, path, job_format(j, "csrf=%s&sure=yes&why=x",
                                                    client_csrf(&s.client, &a)));
        assert_int_equal(a.status, 404);
    }
    served_sign_in(&s, "inclusion-lead");
    a = client_get(&s.client, "/data/batches/10");
    assert_int_equal(a.status, 200);
    assert_false(has(&a, "Withdraw"));
    assert_int_equal(served_count(&s, sql_published), 1);
    served_stop(&s);
}

static void
a_batch_that_is_not_published_cannot_be_withdrawn(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, "analyst");
    a = client_get(&s.client, "/data/batches/12/withdraw"); /* still loading */
    assert_int_equal(a.status, 303);
    assert_int_equal(client_get(&s.client, "/data/batches/999/withdraw").status, 404);
    assert_int_equal(post(&s, "&sure=yes&why=once").status, 303);
    assert_int_equal(post(&s, "&sure=yes&why=twice").status, 409);
    assert_int_equal(served_count(&s, sql_tasks), 1);
    served_stop(&s);
}

static const char sql_rows[] = "SELECT COUNT(*) FROM child_year WHERE area_id = 1";

static void
when_the_last_census_is_withdrawn_no_figure_stays(void **state)
{
    struct job *j = support_job(state);
    struct refresh_order now = {.as_of = DATE_NONE};
    struct refreshed made;
    struct snapshot s;
    int64_t n;

    children_make(j);
    j->now = SUPPORT_NOW;
    assert_ok(j, figures_refresh(j, support_path(j, "."), &now, &made));
    assert_true(made.made);
    assert_ok(j, batch_withdraw(j, 10, "wrong"));
    assert_ok(j, figures_refresh(j, support_path(j, "."), &now, &made));
    assert_true(made.made);
    assert_ok(j, batch_withdraw(j, 11, "wrong"));
    assert_ok(j, figures_refresh(j, support_path(j, "."), &now, &made));
    assert_false(made.made);
    assert_err(j, snapshot_current(j, &s), ERR_NOT_FOUND);
    assert_ok(j, db_int(j, sql_rows, NO_ARGS, -1, &n));
    assert_int_equal(n, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_batch_is_withdrawn_after_a_reason_and_a_question),
        SUPPORT_TEST(without_a_reason_the_form_comes_back),
        SUPPORT_TEST(without_the_token_nothing_is_withdrawn),
        SUPPORT_TEST(who_may_not_load_may_not_withdraw),
        SUPPORT_TEST(a_batch_that_is_not_published_cannot_be_withdrawn),
        SUPPORT_TEST(when_the_last_census_is_withdrawn_no_figure_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
