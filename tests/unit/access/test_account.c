/* Accounts, passphrases, and what a wrong one costs. */
#include "support/support.h"
#include "access/account.h"
#include "access/audit.h"
#include "access/passphrase.h"
#include "access/session.h"
#include "access/setting.h"
#include "access/sign_in.h"
#include "access/tries.h"

static const char right[] = "three plain words";
static const int64_t MINUTE = (int64_t)60 * 1000000;

static int64_t
add(struct job *j, const char *login, enum role role)
{
    struct account a = {.login = login, .name = "Ann O'Lee", .role = role, .area = 1,
                        .urn = 100001};
    int64_t id = 0;

    assert_ok(j, account_add(j, &a, right, &id));
    return id;
}

static void
an_account_is_kept_as_given_with_its_login_in_lower_case(void **state)
{
    struct job *j = support_job(state);
    struct account a;
    const struct account *list;
    size_t n;

    support_db(j);
    add(j, " Ann.Lee ", ROLE_SENCO);
    add(j, "boss", ROLE_ADMINISTRATOR);
    assert_ok(j, account_get(j, "ANN.LEE", &a));
    assert_string_equal(a.login, "ann.lee");
    assert_string_equal(a.name, "Ann O'Lee");
    assert_int_equal(a.role, ROLE_SENCO);
    assert_int_equal(a.area, 1);
    assert_int_equal(a.urn, 100001);
    assert_int_equal(a.created, SUPPORT_NOW);
    assert_int_equal(a.disabled, 0);
    assert_ok(j, account_get(j, "boss", &a));
    assert_int_equal(a.area, 0);
    assert_int_equal(a.urn, 0);
    assert_ok(j, account_list(j, &list, &n));
    assert_int_equal(n, 2);
    assert_string_equal(list[0].login, "ann.lee");
    assert_err(j, account_get(j, "carl", &a), ERR_NOT_FOUND);
}

static void
a_login_belongs_to_one_person(void **state)
{
    struct job *j = support_job(state);
    struct account a = {.login = "ANN", .name = "Another", .role = ROLE_ANALYST, .area = 1};
    int64_t id;

    support_db(j);
    add(j, "ann", ROLE_ANALYST);
    assert_err(j, account_add(j, &a, right, &id), ERR_CONFLICT);
    assert_says(j, "already");
}

static void
accounts_that_make_no_sense_are_refused(void **state)
{
    static const struct { struct account a; const char *says; } bad[] = {
        {{.login = "a", .name = "N", .role = ROLE_ANALYST, .area = 1}, "cannot be a login"},
        {{.login = "ann lee", .name = "N", .role = ROLE_ANALYST, .area = 1}, "cannot be a login"},
        {{.login = "ann<b>", .name = "N", .role = ROLE_ANALYST, .area = 1}, "cannot be a login"},
        {{.login = "ann", .name = "", .role = ROLE_ANALYST, .area = 1}, "name"},
        {{.login = "ann", .name = "N", .role = ROLE_ANALYST}, "belongs to an authority"},
        {{.login = "ann", .name = "N", .role = ROLE_SENCO, .area = 1}, "belongs to a school"},
    };
    struct job *j = support_job(state);
    const struct account *list;
    size_t n;
    int64_t id;

    support_db(j);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(j, account_add(j, &bad[i].a, right, &id), ERR_INPUT);
        assert_says(j, bad[i].says);
    }
    assert_ok(j, account_list(j, &list, &n));
    assert_int_equal(n, 0);
}

static void
weak_passphrases_are_refused_with_advice(void **state)
{
    static const struct { const char *phrase, *says; } bad[] = {
        {"", "shorter"}, {"elevenchars", "shorter"}, {"ååååååååååå", "shorter"},
        {"aaaaaaaaaaaaaaaa", "easy"}, {"Password1234", "easy"}, {"123456789012", "easy"},
        {"p4$$w0rd 2024!", "easy"}, {"Summer2024!!", "easy"}, {"liverpool-arsenal", "easy"},
        {"Qwertyuiop[]12", "easy"}, {"thequickbrownfox1", "easy"}, {"2024-06-16-1234", "easy"},
        {"passwordpassword", "easy"}, {"ch0c0late c4ke", "easy"}, {"Letmein!Letmein!", "easy"},
        {"Rooted Council 1", "easy"}, {"correcthorsebatterystaple", "easy"},
        {"monkeyyyyyyyyyyy1", "easy"}, {"ann.lee is in it", "login"},
        {"\xff\xfe\xfd\xfc is not text", "not text"},
    };
    struct job *j = support_job(state);
    char long_one[300];

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(j, passphrase_check(j, "ann.lee", bad[i].phrase), ERR_INPUT);
        assert_says(j, bad[i].says);
    }
    for (size_t i = 0; i < sizeof long_one; i++)
        long_one[i] = (char)('a' + i % 20);
    long_one[299] = '\0';
    assert_err(j, passphrase_check(j, "ann.lee", long_one), ERR_INPUT);
    long_one[256] = '\0';
    err_clear(j);
    assert_ok(j, passphrase_check(j, "ann.lee", long_one));
    assert_ok(j, passphrase_check(j, "ann.lee", "håll då öga p"));
    /* three common words that have nothing to do with each other, and anything without words */
    assert_ok(j, passphrase_check(j, "ann.lee", "dragon pepper tuesday"));
    assert_ok(j, passphrase_check(j, "ann.lee", "three plain words"));
    assert_ok(j, passphrase_check(j, "ann.lee", "xk2 vbq9 tml4"));
    assert_ok(j, passphrase_check(j, "ann.lee", "       blanks count too"));
    /* sixty-four characters and more are taken, of any kind */
    assert_ok(j, passphrase_check(j, "ann.lee",
                                  "\xf0\x9f\x8c\xb3 sixty-four characters, and a tree to begin "
                                  "with: nobody will ever type this"));
}

static void
only_the_right_passphrase_matches_and_nobodys_never(void **state)
{
    struct job *j = support_job(state);
    const char *hash;

    assert_ok(j, passphrase_hash(j, right, &hash));
    assert_memory_equal(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31);
    assert_true(passphrase_matches(hash, right));
    assert_false(passphrase_matches(hash, "three plain word"));
    assert_false(passphrase_matches(hash, ""));
    assert_false(passphrase_matches(NULL, right));
    assert_false(passphrase_matches("not a hash", right));
}

/* ---- signing in ----------------------------------------------------------------------- */

static struct key key;
static struct notes notes;

static void
start(struct job *j)
{
    support_db(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    audit_begin(j, &key, &notes);
    add(j, "ann", ROLE_ANALYST);
}

/* The three steps, as the server takes them. */
static bool
try(struct job *j, const char *login, const char *passphrase)
{
    struct sign_in s = {.login = login, .passphrase = passphrase, .key = &key};

    assert_ok(j, sign_in_look(j, &s));
    if (s.waits_until) /* nothing is tried */
        return false;
    sign_in_hash(&s);
    assert_ok(j, db_begin(j));
    assert_ok(j, sign_in_settle(j, &s));
    assert_ok(j, db_commit(j));
    return s.token[0] != '\0';
}

static size_t
count_notes(bool refused)
{
    size_t n = 0;

    for (const struct note *at = notes.first; at; at = at->next)
        n += at->act == ACT_SIGN_IN && (at->outcome == NOTE_REFUSED) == refused;
    return n;
}

static void
signing_in_takes_the_right_login_and_passphrase(void **state)
{
    struct job *j = support_job(state);

    start(j);
    assert_true(try(j, "ANN ", right));
    assert_false(try(j, "ann", "three plain wordz"));
    assert_false(try(j, "nobody", right));
    assert_false(try(j, "", ""));
    assert_int_equal(count_notes(false), 1);
    assert_int_equal(count_notes(true), 3);
    /* what was typed is not in the notes */
    for (const struct note *n = notes.first; n; n = n->next)
        assert_true(!n->subject || !strstr(n->subject, "nobody"));
    audit_end(&notes);
}

static void
after_five_wrong_tries_even_the_right_one_waits_longer_each_time(void **state)
{
    struct job *j = support_job(state);

    start(j);
    for (int i = 0; i < TRIES; i++)
        assert_false(try(j, "ann", "wrong wrong wrong"));
    assert_false(try(j, "ann", right));
    j->now += MINUTE;
    assert_false(try(j, "ann", "wrong wrong wrong")); /* the sixth: two minutes */
    j->now += MINUTE;
    assert_false(try(j, "ann", right));
    j->now += MINUTE;
    assert_true(try(j, "ann", right));
    /* and all is forgotten */
    assert_false(try(j, "ann", "wrong wrong wrong"));
    assert_true(try(j, "ann", right));
    audit_end(&notes);
}

static void
the_wait_doubles_up_to_an_hour(void **state)
{
    (void)state;
    assert_int_equal(tries_wait_after(4, TRIES), 0);
    assert_int_equal(tries_wait_after(5, TRIES), MINUTE);
    assert_int_equal(tries_wait_after(6, TRIES), 2 * MINUTE);
    assert_int_equal(tries_wait_after(10, TRIES), 32 * MINUTE);
    assert_int_equal(tries_wait_after(11, TRIES), 60 * MINUTE);
    assert_int_equal(tries_wait_after(1000000, TRIES), 60 * MINUTE);
    assert_int_equal(tries_wait_after(5, TRIES_OF_LOGIN), 0);
}

static void
a_disabled_account_is_not_let_in_and_its_sessions_end(void **state)
{
    struct job *j = support_job(state);
    const struct actor *who;
    char token[KEY_TOKEN];
    bool stale;
    struct account a;

    start(j);
    assert_ok(j, account_get(j, "ann", &a));
    assert_ok(j, session_add(j, &key, a.id, token));
    assert_ok(j, account_disable(j, "ann"));
    assert_ok(j, session_find(j, &key, token, &who, &stale));
    assert_null(who);
    assert_false(try(j, "ann", right));
    assert_ok(j, account_enable(j, "ann"));
    assert_ok(j, session_find(j, &key, token, &who, &stale));
    assert_null(who);
    assert_true(try(j, "ann", right));
    assert_err(j, account_disable(j, "carl"), ERR_NOT_FOUND);
    audit_end(&notes);
}

static void
a_new_passphrase_ends_sessions_and_the_wait_once_forgiven(void **state)
{
    struct job *j = support_job(state);
    const struct actor *who;
    char token[KEY_TOKEN];
    bool stale;
    struct account a;

    start(j);
    assert_ok(j, account_get(j, "ann", &a));
    assert_ok(j, session_add(j, &key, a.id, token));
    for (int i = 0; i < TRIES; i++)
        assert_false(try(j, "ann", "wrong wrong wrong"));
    assert_ok(j, account_change_passphrase(j, "ann", "another plain one"));
    assert_false(try(j, "ann", "another plain one")); /* it does not end the wait by itself */
    assert_ok(j, tries_forgive(j, &key, "ann"));
    assert_ok(j, session_find(j, &key, token, &who, &stale));
    assert_null(who);
    assert_false(try(j, "ann", right));
    assert_true(try(j, "ann", "another plain one"));
    assert_err(j, account_change_passphrase(j, "ann", "short"), ERR_INPUT);
    audit_end(&notes);
}

static void
a_passphrase_changed_while_it_was_hashed_lets_nobody_in(void **state)
{
    struct job *j = support_job(state);
    struct sign_in s = {.login = "ann", .passphrase = right, .key = &key};

    start(j);
    assert_ok(j, sign_in_look(j, &s));
    sign_in_hash(&s);
    assert_true(s.matches);
    assert_ok(j, account_change_passphrase(j, "ann", "another plain one"));
    assert_ok(j, sign_in_settle(j, &s));
    assert_string_equal(s.token, "");
    audit_end(&notes);
}

/* ---- the demonstration's people ----------------------------------------------------------- */

static const char sql_batch[] =
    "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, published, "
    "loaded_by, rows_read, rows_loaded, rows_refused) "
    "VALUES (1, 1, 'census', 'c', 'd', 'published', 1, 1, 'x', 1, 1, 0)";
static const char sql_pupil[] =
    "INSERT INTO census_pupil (area_id, batch_id, file_id, line, identity_id, urn, school_year, "
    "term, on_roll, year_group) VALUES (1, 1, 1, $1, $1, $2, 2024, 1, 1, 9)";

static void
demonstration_people_exist_only_in_a_demonstration(void **state)
{
    struct job *j = support_job(state);
    const struct demo_account *demo;
    const struct account *list;
    struct account a;
    size_t n, n_list;

    support_db(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    assert_err(j, account_demo(j, &key, &demo, &n), ERR_INPUT);
    assert_ok(j, setting_make_demonstration(j));
    assert_err(j, account_demo(j, &key, &demo, &n), ERR_NOT_FOUND);
    support_area(j);
    assert_ok(j, db_run(j, sql_batch, NO_ARGS, NULL));
    for (int i = 1; i <= 3; i++)
        assert_ok(j, db_run(j, sql_pupil, ARGS(INT(i), INT(i < 3 ? 100002 : 100001)), NULL));
    for (int again = 0; again < 2; again++) {
        assert_ok(j, account_demo(j, &key, &demo, &n));
        assert_int_equal(n, ROLES);
        assert_ok(j, account_list(j, &list, &n_list));
        assert_int_equal(n_list, ROLES);
    }
    assert_ok(j, account_get(j, "senco", &a));
    assert_int_equal(a.urn, 100002); /* the larger school */
    assert_int_equal(a.area, 1);
    assert_ok(j, account_get(j, "admin", &a));
    assert_int_equal(a.role, ROLE_ADMINISTRATOR);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_account_is_kept_as_given_with_its_login_in_lower_case),
        SUPPORT_TEST(a_login_belongs_to_one_person),
        SUPPORT_TEST(accounts_that_make_no_sense_are_refused),
        SUPPORT_TEST(weak_passphrases_are_refused_with_advice),
        SUPPORT_TEST(only_the_right_passphrase_matches_and_nobodys_never),
        SUPPORT_TEST(signing_in_takes_the_right_login_and_passphrase),
        SUPPORT_TEST(after_five_wrong_tries_even_the_right_one_waits_longer_each_time),
        SUPPORT_TEST(the_wait_doubles_up_to_an_hour),
        SUPPORT_TEST(a_disabled_account_is_not_let_in_and_its_sessions_end),
        SUPPORT_TEST(a_new_passphrase_ends_sessions_and_the_wait_once_forgiven),
        SUPPORT_TEST(a_passphrase_changed_while_it_was_hashed_lets_nobody_in),
        SUPPORT_TEST(demonstration_people_exist_only_in_a_demonstration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
