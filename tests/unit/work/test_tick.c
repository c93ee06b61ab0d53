/* What is done every so often: at the start, again and again, and at the end. */
#include "support/support.h"
#include "work/tick.h"
#include <pthread.h>

struct counted {
    pthread_mutex_t lock;
    pthread_cond_t more;
    int n;
    int64_t now;
    bool fails;
};

static enum err
count(struct job *j, void *arg)
{
    struct counted *c = arg;

    pthread_mutex_lock(&c->lock);
    c->n++;
    c->now = j->now;
    pthread_cond_signal(&c->more);
    pthread_mutex_unlock(&c->lock);
    return c->fails ? err_set(j, ERR_ENV, "no") : OK;
}

static void
wait_for(struct counted *c, int n)
{
    pthread_mutex_lock(&c->lock);
    while (c->n < n)
        pthread_cond_wait(&c->more, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

static void
begin(struct counted *c)
{
    *c = (struct counted){.n = 0};
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->more, NULL);
}

static int64_t
june(void *arg)
{
    (void)arg;
    return SUPPORT_NOW;
}

static void
open_tick(struct job *j, struct tick **t)
{
    assert_ok(j, tick_open(j, &(struct tick_options){.clock = june}, t));
}

static void
it_is_done_at_the_start_and_at_the_end(void **state)
{
    enum { HOUR = 3600 * 1000 };
    struct job *j = support_job(state);
    struct counted c;
    struct tick *t;

    begin(&c);
    open_tick(j, &t);
    tick_add(t, &(struct tick_work){"count", HOUR, JOB_MB, count, &c});
    assert_ok(j, tick_start(j, t));
    wait_for(&c, 1);
    tick_stop(t);
    assert_int_equal(c.n, 2);
    assert_true(c.now == SUPPORT_NOW);
    tick_stop(t); /* once is enough */
    assert_int_equal(c.n, 2);
}

static void
it_is_done_again_and_again_though_it_fails_and_each_at_its_own_pace(void **state)
{
    struct job *j = support_job(state);
    struct counted often, seldom;
    struct tick *t;

    begin(&often);
    begin(&seldom);
    often.fails = true;
    open_tick(j, &t);
    tick_add(t, &(struct tick_work){"often", 1, JOB_MB, count, &often});
    tick_add(t, &(struct tick_work){"seldom", 3600 * 1000, JOB_MB, count, &seldom});
    assert_ok(j, tick_start(j, t));
    wait_for(&often, 5);
    wait_for(&seldom, 1);
    tick_stop(t);
    assert_int_equal(seldom.n, 2);
}

static void
the_end_of_the_job_stops_it(void **state)
{
    struct job *j = support_job(state);
    struct counted c;
    struct job serving;
    struct tick *t;

    (void)j;
    begin(&c);
    job_init(&serving, JOB_MB);
    open_tick(&serving, &t);
    tick_add(t, &(struct tick_work){"count", 3600 * 1000, JOB_MB, count, &c});
    assert_ok(&serving, tick_start(&serving, t));
    job_end(&serving);
    assert_true(c.n >= 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(it_is_done_at_the_start_and_at_the_end),
        SUPPORT_TEST(it_is_done_again_and_again_though_it_fails_and_each_at_its_own_pace),
        SUPPORT_TEST(the_end_of_the_job_stops_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
