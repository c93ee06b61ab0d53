#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/thread.h"
#include <pthread.h>
#include <sys/resource.h>

enum { BLOCKS = 100 };

struct work {
    int64_t sum[BLOCKS];
    size_t fails_from, fails_every;
    int threads;
    size_t cleaned[BLOCKS];
};

static void
count_up(void *arg)
{
    ++*(size_t *)arg;
}

static enum err
add_up(struct job *child, void *arg, size_t block)
{
    struct work *w = arg;
    int64_t *v = job_array(child, 1000, sizeof *v);

    job_on_end(child, count_up)->arg = &w->cleaned[block];
    assert_null(child->db);
    for (int64_t i = 0; i < 1000; i++)
        v[i] = i * (int64_t)block;
    for (int64_t i = 0; i < 1000; i++)
        w->sum[block] += v[i];
    if (w->fails_every && block >= w->fails_from && block % w->fails_every == 0)
        return err_set(child, ERR_INPUT, "block %zu", block);
    return OK;
}

static enum err
run(struct job *j, void *arg)
{
    struct work *w = arg;

    return thread_each(j, w->threads, BLOCKS, 64 * 1024, add_up, w);
}

static void
every_block_is_done_once_for_any_number_of_threads(void **state)
{
    static const int threads[] = {0, 1, 2, 3, 8, 200};

    (void)state;
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        struct work w = {.threads = threads[t]};
        struct job j;
        job_init(&j, JOB_MB);
        assert_int_equal(job_run(&j, run, &w), OK);
        job_end(&j);
        for (int64_t b = 0; b < BLOCKS; b++) {
            assert_int_equal(w.sum[b], b * 499500);
            assert_int_equal(w.cleaned[b], 1);
        }
    }
}

static void
the_lowest_failing_block_is_told(void **state)
{
    (void)state;
    for (int turn = 0; turn < 200; turn++) {
        struct work w = {.threads = 1 + turn % 8, .fails_from = 1 + (size_t)turn % 60,
                         .fails_every = 7};
        char expected[32];
        struct job j;
        job_init(&j, JOB_MB);
        assert_int_equal(job_run(&j, run, &w), ERR_INPUT);
        snprintf(expected, sizeof expected, "block %zu", (w.fails_from + 6) / 7 * 7);
        assert_string_equal(j.err.message, expected);
        job_end(&j);
        for (size_t b = 0; b < BLOCKS; b++)
            assert_int_equal(w.cleaned[b], w.sum[b] || b == 0);
    }
}

static enum err
greedy(struct job *child, void *arg, size_t block)
{
    (void)arg;
    job_alloc(child, block == 5 ? JOB_MB : 10);
    return OK;
}

static enum err
run_greedy(struct job *j, void *arg)
{
    (void)arg;
    return thread_each(j, 3, 20, 64 * 1024, greedy, NULL);
}

static void
a_block_past_its_ceiling_ends_the_work_and_not_the_program(void **state)
{
    struct job j;

    (void)state;
    job_init(&j, JOB_MB);
    assert_int_equal(job_run(&j, run_greedy, NULL), ERR_BUSY);
    assert_int_equal(j.err.kind, ERR_BUSY);
    job_end(&j);
}

static enum err
run_none(struct job *j, void *arg)
{
    return thread_each(j, 4, 0, 1024, add_up, arg);
}

static void
no_blocks_are_no_work(void **state)
{
    struct work w = {0};
    struct job j;

    (void)state;
    job_init(&j, JOB_MB);
    assert_int_equal(job_run(&j, run_none, &w), OK);
    job_end(&j);
    assert_true(thread_cores() >= 1);
}

static void *
give_way(void *arg)
{
    int *nice = arg;

    thread_give_way();
    *nice = getpriority(PRIO_PROCESS, 0);
    return NULL;
}

static void
only_the_thread_that_gives_way_does(void **state)
{
    int before = getpriority(PRIO_PROCESS, 0), there = -100;
    pthread_t t;

    (void)state;
    assert_int_equal(pthread_create(&t, NULL, give_way, &there), 0);
    assert_int_equal(pthread_join(t, NULL), 0);
    assert_true(there >= 10);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_thread_that_gives_way_does),
        cmocka_unit_test(every_block_is_done_once_for_any_number_of_threads),
        cmocka_unit_test(the_lowest_failing_block_is_told),
        cmocka_unit_test(a_block_past_its_ceiling_ends_the_work_and_not_the_program),
        cmocka_unit_test(no_blocks_are_no_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
