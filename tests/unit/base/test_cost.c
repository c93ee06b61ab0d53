/* What a step costs. */
#include "base/cost.h"
#include "support/support.h"

static void
memory_that_was_touched_is_in_the_peak(void **state)
{
    enum { BYTES = 64 * JOB_MB };
    struct job *j = support_job(state);
    struct scope s = job_scope_begin(j);
    struct cost start = cost_now(), end;
    char *p = job_alloc(j, BYTES);

    for (size_t i = 0; i < BYTES; i += 1024)
        p[i] = 1;
    job_scope_end(j, s);
    end = cost_since(start);
    assert_true(end.peak_kb >= BYTES / 1024 && end.peak_kb >= start.peak_kb);
}

static void
work_takes_the_processor_and_time(void **state)
{
    struct cost start = cost_now(), so_far = {0};
    volatile unsigned n = 0;

    (void)state;
    while (so_far.processor_us < 20000) {
        for (int i = 0; i < 100000; i++)
            n = n + 1;
        so_far = cost_since(start);
    }
    assert_true(so_far.us >= so_far.processor_us / 2);
    assert_int_equal(n % 100000, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(memory_that_was_touched_is_in_the_peak),
        SUPPORT_TEST(work_takes_the_processor_and_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
