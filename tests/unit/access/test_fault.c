/* Everything that changes accounts, sessions, settings, audit or the queue, with the database
 * and the memory failing at each step in turn: an error is told and nothing is half done. */
#include "support/people.h"
#include "support/support.h"
#include "access/account.h"
#include "access/account_role.h"
#include "access/agency.h"
#include "access/audit.h"
#include "access/email.h"
#include "access/invitation.h"
#include "access/kept_form.h"
#include "access/outbox.h"
#include "access/seal.h"
#include "access/session.h"
#include "access/setting.h"
#include "access/sign_in.h"
#include "work/task.h"

static struct key key;

static enum err
add_account(struct job *j, void *arg)
{
    const struct account a = {.login = "new", .name = "New", .role = ROLE_SENCO, .area = 1,
                              .urn = 100001};
    int64_t id;

    (void)arg;
    return account_add(j, &a, "three plain words", &id);
}

static enum err
list_accounts(struct job *j, void *arg)
{
    const struct account *list;
    size_t n;

    (void)arg;
    return account_list(j, &list, &n);
}

static enum err
disable(struct job *j, void *arg)
{
    (void)arg;
    return account_disable(j, "ann");
}

static enum err
change_passphrase(struct job *j, void *arg)
{
    (void)arg;
    return account_change_passphrase(j, "ann", "another plain one");
}

static enum err
begin_session(struct job *j, void *arg)
{
    char token[KEY_TOKEN];

    (void)arg;
    return session_add(j, &key, 7, token);
}

static enum err
find_session(struct job *j, void *arg)
{
    const struct actor *who;
    bool stale;

    return session_find(j, &key, arg, &who, &stale);
}

static enum err
end_session(struct job *j, void *arg)
{
    enum err e = session_see(j, &key, arg);

    return e ? e : session_end(j, &key, arg);
}

static enum err
let_in(struct job *j, void *arg)
{
    struct sign_in s = {.login = "ann", .passphrase = "x", .key = &key};
    enum err e = sign_in_look(j, &s);

    (void)arg;
    s.matches = true;
    return e ? e : sign_in_settle(j, &s);
}

static enum err
turn_away(struct job *j, void *arg)
{
    struct sign_in s = {.login = "ann", .passphrase = "x", .key = &key};
    enum err e = sign_in_look(j, &s);

    (void)arg;
    return e ? e : sign_in_settle(j, &s);
}

static enum err
set_up_factor(struct job *j, void *arg)
{
    const char *const *codes, *secret;
    char code[FACTOR_CODE];
    bool right;
    enum err e = factor_begin(j, &key, 7);

    (void)arg;
    if (!e)
        e = factor_pending(j, &key, 7, &secret);
    if (!e)
        e = factor_code(j, secret, j->now, code);
    if (!e)
        e = factor_confirm(j, &key, 7, code, &right);
    return e ? e : factor_paper(j, &key, 7, 3, &codes);
}

/* With a code that is right, and with one that is not. */
static enum err
give_code(struct job *j, const char *typed)
{
    const struct actor who = {.account = 7, .login = "ann", .name = "Ann", .role = ROLE_SENCO,
                              .area = 1, .urn = 100001, .csrf = ""};
    const struct session_new half = {.account = 7, .stage = SESSION_CODE, .address = "",
                                     .device = ""};
    char token[KEY_TOKEN];
    struct sign_in_code c = {.typed = typed, .half = token, .address = "", .device = "",
                             .key = &key, .who = &who};
    enum err e = session_begin(j, &key, &half, token);

    return e ? e : sign_in_code(j, &c);
}

static enum err
take_paper(struct job *j, void *arg)
{
    const char *const *codes;
    enum err e = factor_paper(j, &key, 7, 3, &codes);

    (void)arg;
    return e ? e : give_code(j, codes[1]);
}

static enum err
refuse_code(struct job *j, void *arg)
{
    (void)arg;
    return give_code(j, "000000");
}

static enum err
lose_factor(struct job *j, void *arg)
{
    const char *code;

    (void)arg;
    return account_reset_factor(j, &key, 7, "lost", &code);
}

static enum err
keep_form(struct job *j, void *arg)
{
    const char *path, *form;
    enum err e = kept_form_save(j, &key, 7, "/told/1", "why=late");

    (void)arg;
    return e ? e : kept_form_get(j, &key, 7, &path, &form);
}

static enum err
rotate_key(struct job *j, void *arg)
{
    int64_t n;

    (void)arg;
    return seal_rotate(j, &key, &n);
}

static enum err
list_sessions(struct job *j, void *arg)
{
    struct session_opens list;
    struct account_use use[1];
    enum err e = session_list(j, &key, 7, arg, &list);

    return e ? e : account_list_use(j, use, 1);
}

static enum err
record_and_live(struct job *j, void *arg)
{
    const struct recorded r = {"REF", "Jo", SUPPORT_TODAY, 0};
    enum err e = OK;

    (void)arg;
    for (int s = 0; s < SETTINGS && !e; s++)
        if (setting_is_record((enum setting)s))
            e = setting_record(j, (enum setting)s, &r);
    if (!e)
        e = setting_change(j, SETTING_COUNCIL, "Ashmere");
    if (!e)
        e = setting_change(j, SETTING_ADDRESS, "https://rooted.ashmere.gov.uk");
    return e ? e : setting_make_live(j);
}

static enum err
write_audit(struct job *j, void *arg)
{
    struct notes n;
    enum err e;

    (void)arg;
    audit_begin(j, &key, &n);
    audit_note(j, ACT_CHILD, "child 1", false);
    audit_words(j, ACT_CHILDREN, "search", "x", false);
    e = audit_write(j, &n);
    audit_end(&n);
    j->notes = NULL;
    return e;
}

static enum err
ask_permit(struct job *j, void *arg)
{
    static const struct actor senco = {.account = 7, .login = "ann", .name = "Ann",
                                       .role = ROLE_SENCO, .area = 1, .urn = 100001};
    enum err e;

    (void)arg;
    j->who = &senco;
    e = permit(j, ACT_CHILD, (struct subject){.person = 1});
    j->who = NULL;
    return e == ERR_DENIED ? OK : e;
}

static enum err
queue_task(struct job *j, void *arg)
{
    const struct task *list;
    struct task t;
    size_t n;
    int64_t id;
    enum err e = task_add(j, "load", "{}", "ann", &id);

    (void)arg;
    if (!e)
        e = task_get(j, id, &t);
    return e ? e : task_list(j, 5, &list, &n);
}

static enum err
give_role(struct job *j, void *arg)
{
    struct agency police = {.area = 1, .name = "Police", .kind = AGENCY_POLICE};
    struct account_role r = {.account = 7, .role = ROLE_ANALYST, .area = 1, .why = "covers"};
    enum err e = agency_add(j, &police, &police.id);

    r.agency = police.id;
    if (!e)
        e = account_role_give(j, &r, &r.number);
    if (!e)
        e = session_act_as(j, &key, arg, r.number);
    if (!e)
        e = account_role_end(j, &r, "is back");
    return e ? e : agency_end(j, &police);
}

static enum err
invite(struct job *j, void *arg)
{
    const struct account a = {.login = "zoe", .name = "Zoe"};
    char token[KEY_TOKEN];
    struct invitation_use u = {.key = &key, .token = token, .hash = "hash"};
    int64_t id;
    enum err e = account_open(j, &a, "", &id);

    (void)arg;
    if (!e)
        e = invitation_make(j, &key, id, token);
    if (!e)
        e = invitation_withdraw(j, id);
    if (!e)
        e = invitation_make(j, &key, id, token);
    return e ? e : invitation_accept(j, &u);
}

static enum err
queue_mail(struct job *j, void *arg)
{
    const struct mail_order o = {.kind = MAIL_INVITATION, .account = 7, .link = "https://x"};
    bool queued;
    enum err e = email_change(j, &key, 7, "ann@council.example");

    (void)arg;
    return e ? e : outbox_add(j, &key, &o, &queued);
}

static const struct { const char *name; job_fn *fn; } functions[] = {
    {"give_role", give_role}, {"add_account", add_account},
    {"list_accounts", list_accounts}, {"disable", disable},
    {"change_passphrase", change_passphrase}, {"begin_session", begin_session},
    {"find_session", find_session}, {"end_session", end_session}, {"let_in", let_in},
    {"turn_away", turn_away}, {"set_up_factor", set_up_factor}, {"take_paper", take_paper},
    {"refuse_code", refuse_code}, {"keep_form", keep_form}, {"rotate_key", rotate_key},
    {"list_sessions", list_sessions}, {"lose_factor", lose_factor},
    {"record_and_live", record_and_live}, {"write_audit", write_audit},
    {"ask_permit", ask_permit}, {"queue_task", queue_task},
    {"invite", invite}, {"queue_mail", queue_mail},
};

static const struct actor ann = {.account = 7, .login = "ann", .name = "Ann", .role = ROLE_SENCO,
                                 .area = 1, .urn = 100001};
/* Grows or changes with anything that is kept. */
static const char sql_sum[] =
    "SELECT (SELECT COUNT(*) FROM account) "
    "+ 10 * (SELECT COALESCE(SUM(failures), 0) FROM sign_in_try) "
    "+ 100 * (SELECT COUNT(*) FROM account WHERE disabled IS NOT NULL OR passphrase <> 'x') "
    "+ 1000 * (SELECT COUNT(*) FROM session) "
    "+ 10000 * (SELECT COUNT(*) FROM session WHERE ended IS NOT NULL) "
    "+ 100000 * (SELECT COUNT(*) FROM setting) + 1000000 * (SELECT COUNT(*) FROM audit) "
    "+ 10000000 * (SELECT COUNT(*) FROM task) "
    "+ 100000000 * (SELECT COUNT(*) FROM recovery_code WHERE used IS NULL) "
    "+ 1000000000 * ((SELECT COUNT(*) FROM second_factor WHERE account_id > 0 AND secret > '') "
    "+ (SELECT COUNT(*) FROM kept_form)) + 10000000000 * ((SELECT COUNT(*) FROM agency) "
    "+ (SELECT COUNT(*) FROM agency WHERE ended IS NOT NULL) "
    "+ (SELECT COUNT(*) FROM account_role) "
    "+ (SELECT COUNT(*) FROM account_role WHERE until IS NOT NULL)) "
    "+ 1000000000000 * ((SELECT COUNT(*) FROM invitation) "
    "+ (SELECT COUNT(*) FROM invitation WHERE used IS NOT NULL OR withdrawn IS NOT NULL)) "
    "+ 100000000000000 * ((SELECT COUNT(*) FROM outbox) "
    "+ (SELECT COUNT(*) FROM outbox WHERE settled IS NOT NULL))";

struct trying {
    job_fn *fn;
    void *arg;
};

static enum err
in_transaction(struct job *j, void *arg)
{
    const struct trying *t = arg;
    enum err e = db_begin(j);

    if (!e)
        e = t->fn(j, t->arg);
    return e ? e : db_commit(j);
}

/* Fails at the first, second, third … step until it goes through.  *fault is set anew for
 * each try; all but the last change nothing. */
static void
fail_each_step(struct job *j, size_t i, int *fault, struct trying *t)
{
    enum err e = ERR_FAULT;
    int64_t before, after;

    t->fn = functions[i].fn;
    assert_ok(j, db_int(j, sql_sum, NO_ARGS, 0, &before));
    for (int n = 1; e && n < 200; n++) {
        struct job inner;
        job_init_child(&inner, j, 4 * JOB_MB);
        db_use(&inner, j->db);
        *fault = n;
        e = job_run(&inner, in_transaction, t);
        *fault = 0;
        if (e && (!inner.err.message[0] || inner.err.kind != e))
            fail_msg("%s: step %d failed without a word", functions[i].name, n);
        job_end(&inner);
        assert_ok(j, db_int(j, sql_sum, NO_ARGS, 0, &after));
        if (e && after != before)
            fail_msg("%s: step %d left something behind", functions[i].name, n);
    }
    if (e)
        fail_msg("%s never goes through: %s", functions[i].name, j->err.message);
}

static void
each_step(struct job *j, int *fault)
{
    char token[KEY_TOKEN];
    struct trying t = {.arg = token};

    support_db(j);
    support_area(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    support_account(j, &ann);
    assert_ok(j, session_add(j, &key, 7, token));
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        fail_each_step(j, i, fault, &t);
        if (functions[i].fn == disable)
            assert_ok(j, account_enable(j, "ann"));
    }
}

static void
a_database_that_fails_at_any_step_leaves_nothing_half_done(void **state)
{
    each_step(support_job(state), &db_fault);
}

static void
memory_that_fails_at_any_step_leaves_nothing_half_done(void **state)
{
    each_step(support_job(state), &job_alloc_fault);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_database_that_fails_at_any_step_leaves_nothing_half_done),
        SUPPORT_TEST(memory_that_fails_at_any_step_leaves_nothing_half_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
