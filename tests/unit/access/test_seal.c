/* Sealed texts: their place, their key, rotation killed at any moment, a restored database. */
#include "support/support.h"
#include "access/seal.h"
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct seal_place place = {"second_factor.secret", 0, 7};

static const char sql_account[] =
    "INSERT INTO account (account_id, login, name, passphrase, created, failures) "
    "VALUES ($1, $2, 'Ann', '-', 1, 0)";
static const char sql_factor[] =
    "INSERT INTO second_factor (account_id, kind, secret, pending, changed, last_step) "
    "VALUES ($1, 'program', $2, $3, 1, 0)";
static const char sql_secret[] = "SELECT secret FROM second_factor WHERE account_id = $1";
static const char sql_pending[] = "SELECT pending FROM second_factor WHERE account_id = $1";

static void
load(struct job *j, struct key *k)
{
    assert_ok(j, key_load(j, support_path(j, "."), k));
}

static const char *
stored(struct job *j, const char *sql, int64_t id)
{
    struct rows q;
    const char *s = NULL;

    db_ask(j, &q, sql, ARGS(INT(id)));
    while (db_next(&q))
        s = row_text(&q, 0);
    assert_ok(j, db_done(&q));
    assert_non_null(s);
    return s;
}

static void
a_sealed_text_opens_in_its_own_row_and_column_only(void **state)
{
    static const struct seal_place others[] = {
        {"second_factor.secret", 0, 8}, {"second_factor.secret", 1, 7},
        {"second_factor.pending", 0, 7}, {"second_factor.secret 0", 7, 7},
    };
    struct job *j = support_job(state);
    struct key k, other;
    const char *a, *b, *text;

    load(j, &k);
    assert_ok(j, seal_text(j, &k, place, "a secret", &a));
    assert_ok(j, seal_text(j, &k, place, "a secret", &b));
    assert_string_not_equal(a, b); /* no two nonces are the same */
    assert_null(strstr(a, "secret"));
    assert_memory_equal(a, "v1.", 3);
    assert_ok(j, seal_open(j, &k, place, a, &text));
    assert_string_equal(text, "a secret");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_err(j, seal_open(j, &k, others[i], a, &text), ERR_ENV);
        assert_says(j, "does not open");
    }
    other = k;
    other.seal[1][0] ^= 1;
    assert_err(j, seal_open(j, &other, place, a, &text), ERR_ENV);
    assert_ok(j, seal_text(j, &k, place, "", &a));
    assert_ok(j, seal_open(j, &k, place, a, &text));
    assert_string_equal(text, "");
}

static void
no_changed_byte_and_nothing_else_opens(void **state)
{
    static const char *const not_sealed[] = {"", "v", "v1", "v1.", "v1.AAAA", "x", "v0.AAAA",
                                             "v99999999999.AAAA", "v1.!!!!", "secret"};
    struct job *j = support_job(state);
    struct key k;
    const char *sealed, *text;
    char *changed;

    load(j, &k);
    assert_ok(j, seal_text(j, &k, place, "a secret", &sealed));
    changed = job_copy(j, sealed);
    for (size_t i = 0; changed[i]; i++) {
        char before = changed[i];
        changed[i] = before == 'A' ? 'B' : 'A';
        assert_err(j, seal_open(j, &k, place, changed, &text), ERR_ENV);
        changed[i] = before;
        err_clear(j);
    }
    for (size_t i = 0; i < sizeof not_sealed / sizeof *not_sealed; i++)
        assert_err(j, seal_open(j, &k, place, not_sealed[i], &text), ERR_ENV);
}

/* Three accounts, each with a secret, one with another that is pending. */
static void
fill(struct job *j, struct key *k)
{
    support_db(j);
    load(j, k);
    assert_ok(j, seal_check(j, k, true));
    for (int64_t id = 1; id <= 3; id++) {
        const char *secret, *pending;
        assert_ok(j, seal_text(j, k, (struct seal_place){"second_factor.secret", 0, id},
                               job_format(j, "secret %lld", (long long)id), &secret));
        assert_ok(j, seal_text(j, k, (struct seal_place){"second_factor.pending", 0, id},
                               "pending", &pending));
        assert_ok(j, db_run(j, sql_account,
                            ARGS(INT(id), TEXT(job_format(j, "a%lld", (long long)id))), NULL));
        assert_ok(j, db_run(j, sql_factor,
                            ARGS(INT(id), TEXT(secret), id == 2 ? TEXT(pending) : NUL), NULL));
    }
}

/* All of it, with the file as it is now. */
static void
everything_opens(struct job *j)
{
    struct key k;
    const char *text;

    load(j, &k);
    assert_ok(j, seal_check(j, &k, false));
    for (int64_t id = 1; id <= 3; id++) {
        assert_ok(j, seal_open(j, &k, (struct seal_place){"second_factor.secret", 0, id},
                               stored(j, sql_secret, id), &text));
        assert_string_equal(text, job_format(j, "secret %lld", (long long)id));
    }
    assert_ok(j, seal_open(j, &k, (struct seal_place){"second_factor.pending", 0, 2},
                           stored(j, sql_pending, 2), &text));
    assert_string_equal(text, "pending");
}

/* As the verb does it. */
static enum err
rotate(struct job *j, struct key *k, int64_t *n)
{
    enum err e = seal_renew(j, k);

    if (!e)
        e = db_begin(j);
    if (!e)
        e = seal_rotate(j, k, n);
    return e ? e : db_commit(j);
}

static enum err
rotate_in_job(struct job *j, void *arg)
{
    int64_t n = 0;
    enum err e = rotate(j, arg, &n);

    return !e && n != 4 ? ERR_FAULT : e;
}

static void
rotated_everything_is_under_the_new_version_and_a_running_program_reads_on(void **state)
{
    struct job *j = support_job(state);
    struct key k, running;
    char before[KEY_HASH], after[KEY_HASH];
    const char *text, *sealed;
    int64_t n;
    int oldest;

    fill(j, &k);
    running = k;
    key_hash(&k, "session", "token", before);
    assert_ok(j, rotate(j, &k, &n));
    assert_int_equal(n, 4);
    everything_opens(j);
    assert_memory_equal(stored(j, sql_secret, 1), "v2.", 3);
    assert_memory_equal(stored(j, sql_pending, 2), "v2.", 3);
    assert_ok(j, seal_oldest(j, &k, &oldest));
    assert_int_equal(oldest, 2);
    load(j, &k);
    key_hash(&k, "session", "token", after);
    assert_string_equal(before, after); /* nobody is signed out */
    /* a program that read the file before */
    assert_ok(j, seal_open(j, &running, (struct seal_place){"second_factor.secret", 0, 1},
                           stored(j, sql_secret, 1), &text));
    assert_string_equal(text, "secret 1");
    assert_ok(j, seal_text(j, &running, place, "new", &sealed));
    assert_memory_equal(sealed, "v2.", 3);
}

static void
forgotten_versions_open_nothing_and_the_file_stays_its_owners(void **state)
{
    struct job *j = support_job(state);
    struct key k;
    const char *old, *text;
    struct stat st;
    int64_t n;

    fill(j, &k);
    assert_ok(j, seal_text(j, &k, place, "old", &old));
    assert_ok(j, rotate(j, &k, &n));
    assert_ok(j, seal_open(j, &k, place, old, &text)); /* as in a backup */
    assert_ok(j, key_forget(j, &k, 2));
    load(j, &k);
    assert_int_equal(k.oldest, 2);
    assert_err(j, seal_open(j, &k, place, old, &text), ERR_ENV);
    everything_opens(j);
    assert_int_equal(stat(key_path(j, support_path(j, ".")), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void
many_rotations_need_the_oldest_forgotten_at_last(void **state)
{
    struct job *j = support_job(state);
    struct key k;
    int64_t n;

    fill(j, &k);
    for (int v = 2; v <= KEY_VERSIONS; v++)
        assert_ok(j, rotate(j, &k, &n));
    assert_err(j, rotate(j, &k, &n), ERR_CONFLICT);
    assert_says(j, "forget");
    err_clear(j);
    assert_ok(j, key_forget(j, &k, KEY_VERSIONS - 1));
    for (int v = 0; v < KEY_VERSIONS - 2; v++)
        assert_ok(j, rotate(j, &k, &n));
    load(j, &k);
    assert_int_equal(k.newest, 2 * KEY_VERSIONS - 2);
    everything_opens(j);
}

/* A child that is killed when the Nth question to the database, or the Nth piece of memory, is
 * due.  True: it came to its end before. */
static bool
killed_at(struct job *j, int nth, bool memory)
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (!child) {
        struct job own;
        struct key k;
        job_init(&own, 16 * JOB_MB);
        own.now = SUPPORT_NOW;
        if (key_load(&own, support_path(j, "."), &k) ||
            db_open(&own, support_url(j), DB_WRITE, &own.db))
            _exit(9);
        *(memory ? &job_alloc_fault : &db_fault) = nth;
        if (job_run(&own, rotate_in_job, &k))
            raise(SIGKILL);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return false;
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    return true;
}

static void
killed_at_any_moment_of_a_rotation_everything_opens(void **state)
{
    struct job *j = support_job(state);
    struct key k;

    fill(j, &k);
    for (int memory = 0; memory < 2; memory++) {
        int nth = 1;
        while (!killed_at(j, nth, memory)) {
            everything_opens(j);
            nth++;
        }
        everything_opens(j);
        assert_true(nth > 10);
    }
    load(j, &k);
    assert_int_equal(k.newest, 3); /* cut short, a rotation goes on with its version */
    assert_memory_equal(stored(j, sql_secret, 3), "v3.", 3);
}

static void
a_restored_database_without_its_key_says_so_and_what_to_do(void **state)
{
    struct job *j = support_job(state);
    struct key k, fresh;
    int64_t n;
    fill(j, &k);
    assert_int_equal(rename(key_path(j, support_path(j, ".")), support_path(j, "key.kept")), 0);
    load(j, &fresh);
    assert_err(j, seal_check(j, &fresh, true), ERR_ENV);
    assert_says(j, "does not belong to this database");
    assert_says(j, "key file of the installation");
    err_clear(j);
    assert_err(j, seal_rotate(j, &fresh, &n), ERR_ENV);
    err_clear(j);
    /* put back, all is well */
    assert_int_equal(rename(support_path(j, "key.kept"), key_path(j, support_path(j, "."))), 0);
    everything_opens(j);
    /* the same versions with other hashes are another key too */
    fresh = k;
    fresh.bytes[0] ^= 1;
    assert_err(j, seal_check(j, &fresh, true), ERR_ENV);
    err_clear(j);
    /* given up, the database is the new key's, and holds nothing of the old */
    assert_ok(j, seal_give_up(j, &fresh));
    assert_ok(j, seal_check(j, &fresh, false));
    assert_err(j, seal_check(j, &k, false), ERR_ENV);
    err_clear(j);
    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM second_factor", NO_ARGS, 9, &n));
    assert_int_equal(n, 0);
}

static void
a_key_file_with_anything_else_in_it_is_refused(void **state)
{
    static const char *const bad[] = {
        "rooted key\n", "rooted key\nhash 00\n", "key\nhash", "rooted key\nhash x\nseal 1 y\n",
    };
    struct job *j = support_job(state);
    struct key k;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        FILE *f = fopen(key_path(j, support_path(j, ".")), "w");
        assert_non_null(f);
        fputs(bad[i], f);
        fclose(f);
        assert_int_equal(chmod(key_path(j, support_path(j, ".")), 0600), 0);
        assert_err(j, key_load(j, support_path(j, "."), &k), ERR_ENV);
        assert_says(j, "does not hold a key");
        err_clear(j);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_sealed_text_opens_in_its_own_row_and_column_only),
        SUPPORT_TEST(no_changed_byte_and_nothing_else_opens),
        SUPPORT_TEST(rotated_everything_is_under_the_new_version_and_a_running_program_reads_on),
        SUPPORT_TEST(forgotten_versions_open_nothing_and_the_file_stays_its_owners),
        SUPPORT_TEST(many_rotations_need_the_oldest_forgotten_at_last),
        SUPPORT_TEST(killed_at_any_moment_of_a_rotation_everything_opens),
        SUPPORT_TEST(a_restored_database_without_its_key_says_so_and_what_to_do),
        SUPPORT_TEST(a_key_file_with_anything_else_in_it_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
