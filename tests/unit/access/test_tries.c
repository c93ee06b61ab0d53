/* Waits after wrong tries: who waits, where, and who cannot be made to. */
#include "support/support.h"
#include "access/tries.h"

static const int64_t MINUTE = (int64_t)60 * 1000000;
static const int64_t DAY = (int64_t)24 * 3600 * 1000000;
static struct key key;

static void
start(struct job *j)
{
    support_db(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
}

static bool
waits(struct job *j, const char *login, const char *address)
{
    struct tries t = tries_of(&key, login, address);
    int64_t until;

    assert_ok(j, tries_wait(j, &t, &until));
    assert_true(!until || (until > j->now && until <= j->now + 60 * MINUTE));
    return until != 0;
}

static void
wrong(struct job *j, const char *login, const char *address, int n)
{
    struct tries t = tries_of(&key, login, address);

    for (int i = 0; i < n; i++)
        assert_ok(j, tries_wrong(j, &t));
}

static void
let_in(struct job *j, const char *login, const char *address)
{
    struct tries t = tries_of(&key, login, address);

    assert_ok(j, tries_right(j, &t));
}

static void
an_attacker_elsewhere_cannot_lock_a_person_out_at_home(void **state)
{
    struct job *j = support_job(state);

    start(j);
    let_in(j, "ann", "192.0.2.1");
    for (int i = 0; i < 300; i++)
        wrong(j, "ann", job_format(j, "198.51.100.%d", i), 1);
    assert_true(waits(j, "ann", "198.51.100.7"));
    assert_true(waits(j, "ann", "203.0.113.9")); /* a stranger's first try waits too */
    assert_false(waits(j, "ann", "192.0.2.1"));
    /* at home her own wrong tries count */
    wrong(j, "ann", "192.0.2.1", TRIES);
    assert_true(waits(j, "ann", "192.0.2.1"));
    j->now += MINUTE;
    assert_false(waits(j, "ann", "192.0.2.1"));
}

static void
her_own_mistakes_at_home_make_nobody_else_wait(void **state)
{
    struct job *j = support_job(state);

    start(j);
    let_in(j, "ann", "192.0.2.1");
    wrong(j, "ann", "192.0.2.1", TRIES_OF_ADDRESS);
    assert_true(waits(j, "ann", "192.0.2.1"));
    assert_false(waits(j, "ann", "192.0.2.2"));
    assert_false(waits(j, "bob", "192.0.2.1"));
}

static void
one_address_that_tries_many_logins_waits_but_not_those_known_there(void **state)
{
    struct job *j = support_job(state);

    start(j);
    let_in(j, "ann", "192.0.2.1");
    for (int i = 0; i < TRIES_OF_ADDRESS; i++)
        wrong(j, job_format(j, "person%d", i), "192.0.2.1", 1);
    assert_true(waits(j, "bob", "192.0.2.1"));
    assert_false(waits(j, "bob", "192.0.2.2"));
    assert_false(waits(j, "ann", "192.0.2.1"));
}

static void
where_addresses_are_not_known_none_is_to_blame(void **state)
{
    struct job *j = support_job(state);

    start(j);
    for (int i = 0; i < TRIES_OF_ADDRESS; i++)
        wrong(j, job_format(j, "person%d", i), "", 1);
    assert_false(waits(j, "bob", ""));
    wrong(j, "bob", "", TRIES);
    assert_true(waits(j, "bob", ""));
}

static void
the_wait_survives_a_restart_and_ends_when_forgiven(void **state)
{
    struct job *j = support_job(state);
    struct job other;

    start(j);
    wrong(j, "ann", "192.0.2.1", TRIES);
    job_init(&other, 16 * JOB_MB);
    other.now = j->now;
    assert_ok(&other, db_open(&other, support_url(j), DB_WRITE, &other.db));
    assert_true(waits(&other, "ann", "192.0.2.1"));
    assert_ok(&other, tries_forgive(&other, &key, "ann"));
    job_end(&other);
    assert_false(waits(j, "ann", "192.0.2.1"));
}

static void
a_day_without_any_forgets_them_and_ninety_days_a_place(void **state)
{
    static const char sql_rows[] = "SELECT COUNT(*) FROM sign_in_try";
    struct job *j = support_job(state);
    int64_t n;

    start(j);
    wrong(j, "ann", "192.0.2.1", TRIES - 1);
    j->now += DAY + 1;
    wrong(j, "ann", "192.0.2.1", TRIES - 1);
    assert_false(waits(j, "ann", "192.0.2.1"));
    let_in(j, "bob", "192.0.2.2");
    j->now += 3 * DAY;
    assert_ok(j, tries_sweep(j));
    assert_ok(j, db_int(j, sql_rows, NO_ARGS, 0, &n));
    assert_int_equal(n, 1); /* where bob is known */
    j->now += 90 * DAY;
    for (int i = 0; i < TRIES_OF_LOGIN; i++)
        wrong(j, "bob", job_format(j, "198.51.100.%d", i), 1);
    assert_true(waits(j, "bob", "192.0.2.2"));
}

static void
a_clock_turned_back_makes_nobody_wait_for_ever_and_forgets_nothing(void **state)
{
    struct job *j = support_job(state);

    start(j);
    wrong(j, "ann", "192.0.2.1", TRIES);
    assert_true(waits(j, "ann", "192.0.2.1"));
    j->now -= 30 * DAY;
    assert_false(waits(j, "ann", "192.0.2.1"));
    wrong(j, "ann", "192.0.2.1", 1);
    assert_true(waits(j, "ann", "192.0.2.1"));
}

static void
neither_login_nor_address_stands_in_the_database(void **state)
{
    static const char sql_all[] = "SELECT login, address FROM sign_in_try";
    struct job *j = support_job(state);
    struct rows q;
    int n = 0;

    start(j);
    wrong(j, "ann", "192.0.2.1", 1);
    db_ask(j, &q, sql_all, NO_ARGS);
    while (db_next(&q)) {
        assert_true(strlen(row_text(&q, 0)) == 64 || !*row_text(&q, 0));
        assert_true(strlen(row_text(&q, 1)) == 64 || !*row_text(&q, 1));
        n++;
    }
    assert_ok(j, db_done(&q));
    assert_int_equal(n, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_attacker_elsewhere_cannot_lock_a_person_out_at_home),
        SUPPORT_TEST(her_own_mistakes_at_home_make_nobody_else_wait),
        SUPPORT_TEST(one_address_that_tries_many_logins_waits_but_not_those_known_there),
        SUPPORT_TEST(where_addresses_are_not_known_none_is_to_blame),
        SUPPORT_TEST(the_wait_survives_a_restart_and_ends_when_forgiven),
        SUPPORT_TEST(a_day_without_any_forgets_them_and_ninety_days_a_place),
        SUPPORT_TEST(a_clock_turned_back_makes_nobody_wait_for_ever_and_forgets_nothing),
        SUPPORT_TEST(neither_login_nor_address_stands_in_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
