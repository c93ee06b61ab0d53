/* Invitations: good once, for a while, and for one person; and where mail reaches people. */
#include "support/people.h"
#include "access/account.h"
#include "access/email.h"
#include "access/invitation.h"
#include "access/permit.h"
#include "access/setting.h"

static const int64_t DAY = (int64_t)24 * 3600 * 1000000;
static const struct actor admin = {.account = 9, .login = "admin", .name = "Noor",
                                   .role = ROLE_ADMINISTRATOR};
static struct key key;

static int64_t
start(struct job *j, char *token)
{
    const struct account ann = {.login = "Ann ", .name = "Ann"};
    int64_t id = 0;

    support_db(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    support_account(j, &admin);
    j->who = &admin;
    assert_ok(j, account_open(j, &ann, "", &id));
    assert_ok(j, invitation_make(j, &key, id, token));
    return id;
}

static bool
is_good(struct job *j, const char *token)
{
    struct invited who;

    assert_ok(j, invitation_find(j, &key, token, &who));
    return who.account != 0;
}

static bool
use(struct job *j, const char *token)
{
    struct invitation_use u = {.key = &key, .token = token, .hash = "hash"};

    assert_ok(j, invitation_accept(j, &u));
    return u.session[0] != '\0';
}

static void
a_link_is_good_once_and_is_not_kept(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN];
    struct invited who;
    const struct actor *half;
    struct invitation i;
    enum session_stage stage;
    struct invitation_use u = {.key = &key, .token = token, .hash = "hash"};
    int64_t id = start(j, token), n;

    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM invitation WHERE token = $1", ARGS(TEXT(token)),
                        0, &n));
    assert_int_equal(n, 0);
    assert_ok(j, invitation_find(j, &key, token, &who));
    assert_int_equal(who.account, id);
    assert_string_equal(who.login, "ann");
    assert_true(is_good(j, token)); /* looking used nothing up */
    assert_ok(j, invitation_get(j, id, &i));
    assert_int_equal(i.state, INVITATION_OPEN);
    assert_int_equal(i.expires, SUPPORT_NOW + 7 * DAY);
    assert_ok(j, invitation_accept(j, &u));
    assert_ok(j, session_find_half(j, &key, u.session, &half, &stage));
    assert_int_equal(half->account, id);
    assert_int_equal(stage, SESSION_SET_UP);
    assert_false(is_good(j, token));
    assert_false(use(j, token));
    assert_ok(j, invitation_get(j, id, &i));
    assert_int_equal(i.state, INVITATION_NONE);
    assert_err(j, invitation_make(j, &key, id, token), ERR_CONFLICT);
}

static void
a_link_ends_by_itself_at_its_moment(void **state)
{
    struct job *j = support_job(state);
    char token[KEY_TOKEN];
    struct invitation i;
    int64_t id = start(j, token);

    j->now = SUPPORT_NOW + 7 * DAY - 1;
    assert_true(is_good(j, token));
    j->now++;
    assert_false(is_good(j, token));
    assert_false(use(j, token));
    assert_ok(j, invitation_get(j, id, &i));
    assert_int_equal(i.state, INVITATION_OVER);
    /* a clock that was turned back does not make it good */
    j->now = SUPPORT_NOW - 1;
    assert_false(is_good(j, token));
    /* as the setting says */
    j->now = SUPPORT_NOW;
    assert_ok(j, setting_choose(j, SETTING_INVITATION, "2"));
    assert_ok(j, invitation_make(j, &key, id, token));
    assert_ok(j, invitation_get(j, id, &i));
    assert_int_equal(i.expires, SUPPORT_NOW + 2 * DAY);
    j->now += 400 * DAY;
    assert_ok(j, invitation_sweep(j));
    assert_ok(j, invitation_get(j, id, &i));
    assert_int_equal(i.expires, 0);
}

static void
another_link_or_a_closed_account_ends_it(void **state)
{
    struct job *j = support_job(state);
    char first[KEY_TOKEN], second[KEY_TOKEN];
    int64_t id = start(j, first);

    assert_ok(j, invitation_make(j, &key, id, second));
    assert_false(use(j, first));
    assert_true(is_good(j, second));
    assert_ok(j, account_disable(j, "ann"));
    assert_false(use(j, second));
    assert_ok(j, account_enable(j, "ann"));
    assert_true(is_good(j, second));
    assert_ok(j, invitation_withdraw(j, id));
    assert_false(use(j, second));
    assert_ok(j, invitation_withdraw(j, id)); /* again: nothing */
    assert_false(is_good(j, ""));
    assert_false(is_good(j, "made-up"));
}

static void
nobody_but_an_administrator_invites(void **state)
{
    const struct actor lead = {.account = 8, .login = "lead", .role = ROLE_INCLUSION_LEAD,
                               .area = 1};
    struct job *j = support_job(state);
    char token[KEY_TOKEN];
    struct invitation i;
    int64_t id = start(j, token);

    j->who = &lead;
    j->area = 1;
    assert_err(j, invitation_make(j, &key, id, token), ERR_DENIED);
    assert_err(j, invitation_withdraw(j, id), ERR_DENIED);
    assert_err(j, invitation_get(j, id, &i), ERR_DENIED);
    assert_err(j, email_change(j, &key, id, "a@b.example"), ERR_DENIED);
}

static void
an_address_is_kept_sealed_and_a_header_does_not_fit_into_it(void **state)
{
    static const char *const bad[] = {"ann", "@b.example", "a@b", "a@.example", "a@b.example.",
                                      "a b@c.example", "a@b@c.example", "a@b.example\r\nBcc: x",
                                      "Ann <a@b.example>", "a,b@c.example", "-x@c.example"};
    struct job *j = support_job(state);
    char token[KEY_TOKEN];
    const char *email;
    int64_t id = start(j, token), n;

    assert_ok(j, email_get(j, &key, id, &email));
    assert_null(email);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(j, email_change(j, &key, id, bad[i]), ERR_INPUT);
        err_clear(j);
    }
    assert_ok(j, email_change(j, &key, id, " ann.o'lee+x@school.example "));
    assert_ok(j, email_get(j, &key, id, &email));
    assert_string_equal(email, "ann.o'lee+x@school.example");
    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM account WHERE email LIKE '%school%'", NO_ARGS, 0,
                        &n));
    assert_int_equal(n, 0);
    assert_ok(j, email_change(j, &key, id, ""));
    assert_ok(j, email_get(j, &key, id, &email));
    assert_null(email);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_link_is_good_once_and_is_not_kept),
        SUPPORT_TEST(a_link_ends_by_itself_at_its_moment),
        SUPPORT_TEST(another_link_or_a_closed_account_ends_it),
        SUPPORT_TEST(nobody_but_an_administrator_invites),
        SUPPORT_TEST(an_address_is_kept_sealed_and_a_header_does_not_fit_into_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
