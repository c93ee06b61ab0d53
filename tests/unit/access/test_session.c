/* Sessions: who is signed in, and for how long. */
#include "support/people.h"
#include "access/account.h"
#include "access/permit.h"
#include "access/session.h"

static struct key key;

static void
start(struct job *j, const char *role, char *token)
{
    struct actor ann = {.account = 7, .login = "ann", .name = "Ann", .area = 1, .urn = 100001};

    support_db(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    assert_true(role_find(role, &ann.role));
    support_account(j, &ann);
    assert_ok(j, session_add(j, &key, 7, token));
}

static const struct actor *
who(struct job *j, const char *token)
{
    const struct actor *a;
    bool stale;

    assert_ok(j, session_find(j, &key, token, &a, &stale));
    return a;
}

static void
a_token_tells_who_asks(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN];
    const struct actor *a;

    start(j, "senco", token);
    a = who(j, token);
    assert_non_null(a);
    assert_int_equal(a->account, 7);
    assert_string_equal(a->login, "ann");
    assert_int_equal(a->role, ROLE_SENCO);
    assert_int_equal(a->area, 1);
    assert_int_equal(a->urn, 100001);
    assert_int_equal(strlen(a->csrf), 43);
    token[0] = token[0] == 'x' ? 'y' : 'x';
    assert_null(who(j, token));
    assert_null(who(j, ""));
}

static const char sql_stored[] = "SELECT session_id FROM session";

static void
the_database_holds_neither_the_token_nor_a_plain_hash_of_it(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN], hash[KEY_HASH];
    struct rows q;
    const char *stored = NULL;
    struct key other = {.bytes = {1}};

    start(j, "analyst", token);
    db_ask(j, &q, sql_stored, NO_ARGS);
    while (db_next(&q))
        stored = row_text(&q, 0);
    assert_ok(j, db_done(&q));
    assert_non_null(stored);
    assert_null(strstr(stored, token));
    key_hash(&key, "session", token, hash);
    assert_string_equal(stored, hash);
    key = other;
    assert_null(who(j, token));
}

static void
it_ends_thirty_minutes_after_it_was_last_used(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN];

    start(j, "analyst", token);
    j->now += SESSION_IDLE - 1;
    assert_non_null(who(j, token));
    assert_ok(j, session_see(j, &key, token));
    j->now += SESSION_IDLE - 1;
    assert_non_null(who(j, token));
    j->now += 1;
    assert_null(who(j, token));
}

static void
it_ends_twelve_hours_after_it_began_however_much_it_is_used(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN];
    int64_t end;

    start(j, "analyst", token);
    end = j->now + SESSION_LONGEST;
    while (j->now + SESSION_IDLE / 2 < end) {
        j->now += SESSION_IDLE / 2;
        assert_non_null(who(j, token));
        assert_ok(j, session_see(j, &key, token));
    }
    j->now = end;
    assert_null(who(j, token));
}

static void
it_is_due_to_be_seen_once_a_minute(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN];
    const struct actor *a;
    bool stale;

    start(j, "analyst", token);
    j->now += SESSION_GRAIN - 1;
    assert_ok(j, session_find(j, &key, token, &a, &stale));
    assert_false(stale);
    j->now += 1;
    assert_ok(j, session_find(j, &key, token, &a, &stale));
    assert_true(stale);
    assert_ok(j, session_see(j, &key, token));
    assert_ok(j, session_find(j, &key, token, &a, &stale));
    assert_false(stale);
    /* an older page that comes late does not set it back */
    j->now -= 1000;
    assert_ok(j, session_see(j, &key, token));
    j->now += 1000 + SESSION_GRAIN - 1;
    assert_ok(j, session_find(j, &key, token, &a, &stale));
    assert_false(stale);
}

static void
signed_out_it_is_over_and_cannot_be_seen_back(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN];

    start(j, "analyst", token);
    assert_ok(j, session_end(j, &key, token));
    assert_null(who(j, token));
    assert_ok(j, session_see(j, &key, token));
    assert_null(who(j, token));
}

static void
a_role_that_the_program_does_not_know_opens_nothing(void **state)
{
    struct job *j = support_job(state);
    const struct actor *a;
    char token[KEY_TOKEN];

    start(j, "analyst", token);
    assert_ok(j, db_run(j, "UPDATE account_role SET role = 'grand-vizier'", NO_ARGS, NULL));
    a = who(j, token);
    assert_int_equal(a->role, ROLE_NONE);
    assert_int_equal(a->area, 0);
    for (int i = 0; i < ACTS; i++)
        assert_int_equal(permit_act(a, (enum act)i),
                         i == ACT_PUBLIC || i == ACT_SIGN_IN || i == ACT_SELF);
    /* nor does one for a kind of agency that it does not know */
    assert_ok(j, db_run(j, "UPDATE account_role SET role = 'analyst'", NO_ARGS, NULL));
    assert_int_equal(who(j, token)->role, ROLE_ANALYST);
    assert_ok(j, db_run(j, "UPDATE agency SET kind = 'court'", NO_ARGS, NULL));
    assert_int_equal(who(j, token)->role, ROLE_NONE);
}

static void
a_clock_turned_back_ends_what_began_after_it(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN], later[KEY_TOKEN];

    start(j, "analyst", token);
    j->now += SESSION_LONGEST - SESSION_IDLE;
    assert_ok(j, session_see(j, &key, token));
    assert_ok(j, session_add(j, &key, 7, later));
    j->now -= SESSION_LONGEST / 2;
    assert_null(who(j, token)); /* else it would live on until its last use comes again */
    assert_null(who(j, later));
    j->now += SESSION_LONGEST / 2 - 60 * 1000000; /* set right by a minute: nothing happens */
    assert_non_null(who(j, token));
    assert_non_null(who(j, later));
}

static void
given_again_passphrase_and_code_change_the_token_and_are_good_for_ten_minutes(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN], fresh[KEY_TOKEN];
    const char *csrf;
    int64_t begun;

    start(j, "analyst", token);
    begun = j->now;
    j->who = who(j, token);
    csrf = j->who->csrf;
    assert_false(session_is_strong(j));
    j->now += SESSION_IDLE / 2;
    assert_ok(j, session_strengthen(j, &key, token, fresh));
    assert_null(who(j, token));
    j->who = who(j, fresh);
    assert_non_null(j->who);
    assert_true(session_is_strong(j));
    assert_string_equal(j->who->csrf, csrf); /* forms in other windows stay good */
    j->now += SESSION_STRONG - 1;
    assert_true(session_is_strong(j));
    j->now += 1;
    assert_false(session_is_strong(j));
    assert_err(j, session_strengthen(j, &key, token, fresh), ERR_NOT_FOUND);
    err_clear(j);
    /* it is no way to stay for ever */
    assert_ok(j, session_add(j, &key, 7, token));
    j->who = NULL;
    while (j->now + SESSION_IDLE / 2 < begun + 2 * SESSION_LONGEST && who(j, token)) {
        j->now += SESSION_IDLE / 2;
        if (who(j, token))
            assert_ok(j, session_strengthen(j, &key, token, fresh));
        snprintf(token, sizeof token, "%s", fresh);
    }
    assert_null(who(j, token));
    assert_true(j->now <= begun + SESSION_LONGEST + 2 * SESSION_IDLE);
}

static void
a_person_sees_and_ends_their_own_sessions_and_nobody_elses(void **state)
{
    static const struct actor bob = {.account = 8, .login = "bob", .name = "Bob",
                                     .role = ROLE_ANALYST, .area = 1};
    struct job *j = support_job(state);
    char token[KEY_TOKEN], second[KEY_TOKEN], bobs[KEY_TOKEN];
    const struct session_new new = {.account = 7, .address = "192.0.2.7",
                                    .device = "Firefox on Windows"};
    struct session_opens list, of_bob;

    start(j, "analyst", token);
    j->now += SESSION_GRAIN;
    assert_ok(j, session_begin(j, &key, &new, second));
    support_account(j, &bob);
    assert_ok(j, session_add(j, &key, 8, bobs));
    assert_ok(j, session_list(j, &key, 7, token, &list));
    assert_int_equal(list.n, 2);
    assert_string_equal(list.v[0].device, "Firefox on Windows");
    assert_false(list.v[0].here);
    assert_true(list.v[1].here);
    assert_ok(j, session_list(j, &key, 8, NULL, &of_bob));
    assert_int_equal(of_bob.n, 1);
    assert_err(j, session_end_one(j, &key, 7, of_bob.v[0].handle), ERR_NOT_FOUND);
    err_clear(j);
    assert_non_null(who(j, bobs));
    assert_ok(j, session_end_one(j, &key, 7, list.v[0].handle));
    assert_null(who(j, second));
    assert_non_null(who(j, token));
    assert_err(j, session_end_one(j, &key, 7, list.v[0].handle), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, session_add(j, &key, 7, second));
    assert_ok(j, session_end_others(j, &key, 7, token));
    assert_null(who(j, second));
    assert_non_null(who(j, token));
    assert_non_null(who(j, bobs));
    assert_ok(j, session_end_others(j, &key, 7, NULL));
    assert_null(who(j, token));
}

static const char sql_count[] = "SELECT COUNT(*) FROM session";

static void
old_sessions_are_swept_and_young_ones_stay(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN];
    int64_t n;

    start(j, "analyst", token);
    j->now += 2 * SESSION_LONGEST;
    assert_ok(j, session_add(j, &key, 7, token));
    assert_ok(j, session_sweep(j));
    assert_ok(j, db_int(j, sql_count, NO_ARGS, 0, &n));
    assert_int_equal(n, 2);
    j->now += 1;
    assert_ok(j, session_sweep(j));
    assert_ok(j, db_int(j, sql_count, NO_ARGS, 0, &n));
    assert_int_equal(n, 1);
    assert_non_null(who(j, token));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_token_tells_who_asks),
        SUPPORT_TEST(the_database_holds_neither_the_token_nor_a_plain_hash_of_it),
        SUPPORT_TEST(it_ends_thirty_minutes_after_it_was_last_used),
        SUPPORT_TEST(it_ends_twelve_hours_after_it_began_however_much_it_is_used),
        SUPPORT_TEST(it_is_due_to_be_seen_once_a_minute),
        SUPPORT_TEST(signed_out_it_is_over_and_cannot_be_seen_back),
        SUPPORT_TEST(a_role_that_the_program_does_not_know_opens_nothing),
        SUPPORT_TEST(a_clock_turned_back_ends_what_began_after_it),
        SUPPORT_TEST(given_again_passphrase_and_code_change_the_token_and_are_good_for_ten_minutes),
        SUPPORT_TEST(a_person_sees_and_ends_their_own_sessions_and_nobody_elses),
        SUPPORT_TEST(old_sessions_are_swept_and_young_ones_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
