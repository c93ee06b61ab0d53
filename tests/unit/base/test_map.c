#include "base/map.h"
#include "base/worker.h"
#include "support/support.h"

static void
a_map_gives_back_what_was_put(void **state)
{
    struct job *j = support_job(state);
    struct map *m;

    assert_ok(j, map_open(j, 0, &m));
    assert_null(map_find(m, 5));
    for (uint64_t i = 0; i < 100000; i++)
        assert_ok(j, map_put(j, m, i * 0x10001, (int64_t)i));
    assert_int_equal(map_count(m), 100000);
    for (uint64_t i = 0; i < 100000; i++)
        assert_int_equal(*map_find(m, i * 0x10001), i);
    assert_null(map_find(m, 1));
    assert_ok(j, map_put(j, m, 0, 77)); /* the key 0 is a key like any other */
    assert_int_equal(*map_find(m, 0), 77);
    assert_int_equal(map_count(m), 100000);
}

static void
a_map_and_a_pile_outlive_the_scopes_in_which_they_grow(void **state)
{
    struct job *j = support_job(state);
    struct map *m;
    struct pile *p;
    const char *kept = NULL;

    assert_ok(j, map_open(j, 0, &m));
    assert_ok(j, pile_open(j, sizeof(int64_t), &p));
    for (int64_t i = 0; i < 5000; i++) {
        struct scope s = job_scope_begin(j);
        int64_t *item = pile_add(j, p);

        *item = i;
        if (i == 17)
            kept = pile_keep(j, p, "kept text", 4);
        assert_ok(j, map_put(j, m, (uint64_t)i + 1, i));
        job_scope_end(j, s);
    }
    assert_int_equal(pile_count(p), 5000);
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(*(int64_t *)pile_at(p, i), i);
    assert_string_equal(kept, "kept");
    assert_int_equal(*map_find(m, 5000), 4999);
}

static void
keys_of_text_differ_by_text_and_by_salt(void **state)
{
    struct map_salt a = map_salt_new(), b = map_salt_new();

    (void)state;
    assert_true(map_key(&a, "abc", 3) == map_key(&a, "abc", 3));
    assert_true(map_key(&a, "abc", 3) != map_key(&a, "abd", 3));
    assert_true(map_key(&a, "abc", 3) != map_key(&b, "abc", 3));
}

struct sum {
    int64_t add, *total;
};

static void
add_up(void *arg)
{
    struct sum *s = arg;

    *s->total = *s->total * 3 + s->add; /* not commutative: tells the order */
}

static void
a_worker_does_everything_in_order(void **state)
{
    struct job *j = support_job(state);
    struct sum work[50];
    struct worker *w;
    int64_t total = 0, want = 0, ticket = 0;

    assert_ok(j, worker_start(j, 4, &w));
    for (int i = 0; i < 50; i++) {
        work[i] = (struct sum){i % 3, &total};
        want = want * 3 + i % 3;
        if (i == 30)
            total = want = 0;
        ticket = worker_give(w, add_up, &work[i]);
        if (i == 29)
            worker_wait(w, ticket);
    }
    want = 0;
    for (int i = 30; i < 50; i++)
        want = want * 3 + i % 3;
    worker_wait(w, ticket);
    assert_int_equal(total, want);
}

static void
a_worker_finishes_its_work_when_the_job_ends(void **state)
{
    struct job *parent = support_job(state), j;
    struct sum work[8];
    struct worker *w;
    int64_t total = 0;

    job_init_child(&j, parent, JOB_MB);
    assert_ok(parent, worker_start(&j, 8, &w));
    for (int i = 0; i < 8; i++) {
        work[i] = (struct sum){1, &total};
        worker_give(w, add_up, &work[i]);
    }
    job_end(&j);
    assert_int_equal(total, (6561 - 1) / 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_map_gives_back_what_was_put),
        SUPPORT_TEST(a_map_and_a_pile_outlive_the_scopes_in_which_they_grow),
        SUPPORT_TEST(keys_of_text_differ_by_text_and_by_salt),
        SUPPORT_TEST(a_worker_does_everything_in_order),
        SUPPORT_TEST(a_worker_finishes_its_work_when_the_job_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
