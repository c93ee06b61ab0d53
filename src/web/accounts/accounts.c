#include "web/accounts/accounts.h"
#include "access/account.h"
#include "access/email.h"
#include "access/invitation.h"
#include "access/outbox.h"
#include "access/session.h"
#include "access/tries.h"
#include "base/date.h"
#include "ui/words.h"
#include "web/accounts/accounts.html.h"
#include "web/accounts/roles.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/session/sign_in.h"

/* ---- all of them ----------------------------------------------------------------------- */

static const char *
factor_word(enum factor f)
{
    return f == FACTOR_PROGRAM ? "Program" : f == FACTOR_LIST ? "Printed list" : "None";
}

/* Where the first role is held, and whether there are more. */
static const char *
place_of(struct job *j, const struct account *a, int64_t roles)
{
    const char *more = roles > 1 ? job_format(j, "and %s", words_counted(j, roles - 1, "more role",
                                                                        "more roles"))
                                 : NULL;

    if (!a->agency)
        return more;
    return job_format(j, "%s, %03lld%s%s", a->agency, (long long)a->area, more ? ", " : "",
                      more ? more : "");
}

static void
fill_row(struct job *j, const struct account *a, const struct account_use *u, struct cell *c)
{
    c[0] = (struct cell){.text = a->name, .note = a->login,
                         .href = job_format(j, "/accounts/%lld", (long long)a->id)};
    c[1] = (struct cell){.text = role_title(a->role), .note = place_of(j, a, u->roles)};
    c[2] = (struct cell){.text = factor_word(u->factor)};
    c[3] = (struct cell){.text = words_count(j, u->sessions)};
    c[4] = (struct cell){.text = a->disabled ? "Disabled" : u->invited ? "Invited" : "May sign in"};
}

enum err
page_accounts(struct job *j, const struct request *q, struct response *r)
{
    static const struct column columns[] = {
        {"Name", false}, {"Role", false}, {"Second factor", false}, {"Open sign-ins", true},
        {"State", false},
    };
    enum { N = sizeof columns / sizeof *columns };
    struct accounts_page p = {.view = frame_view(j, q, "Accounts")};
    const struct account *list;
    struct account_use *use;
    struct cell *cells;
    int64_t unsure = 0;
    size_t n;
    enum err e = permit(j, ACT_ACCOUNTS, (struct subject){.what = "all"});

    if (!e)
        e = account_list(j, &list, &n);
    if (e)
        return e;
    use = job_array(j, n, sizeof *use);
    cells = job_array(j, N * n, sizeof *cells);
    e = account_list_use(j, use, n);
    if (!e)
        e = outbox_unsure(j, &unsure);
    if (e)
        return e;
    if (unsure)
        p.mail = job_format(j, "Nobody knows whether %s went.",
                            words_counted(j, unsure, "mail", "mails"));
    for (size_t i = 0; i < n; i++)
        fill_row(j, &list[i], &use[i], cells + N * i);
    p.lede = job_format(j, "%s. A change has effect on the next page that somebody opens.",
                        words_counted(j, (int64_t)n, "person has an account",
                                      "people have an account"));
    p.table = (struct table){.name = "Accounts", .columns = columns, .n_columns = N,
                             .cells = cells, .n_rows = n, .stack = true};
    view_accounts(&r->body, &p);
    return OK;
}

/* ---- one of them ----------------------------------------------------------------------- */

static const char *
when(struct job *j, int64_t t)
{
    char text[DATE_TEXT + 16];

    return job_copy(j, time_words(t, text));
}

static const char *
path_of(struct job *j, const struct account *a)
{
    return job_format(j, "/accounts/%lld", (long long)a->id);
}

static enum err
find(struct job *j, const struct request *q, struct account *a, const char *what)
{
    int64_t id = request_part_id(q, 0);
    const char *subject = job_format(j, "account %lld%s%s", (long long)id, what ? ": " : "",
                                     what ? what : "");
    enum err e = permit(j, ACT_ACCOUNTS, (struct subject){.what = subject});

    return e ? e : account_find(j, id, a);
}

static enum err
list_open(struct job *j, const struct request *q, const struct account *a,
          struct account_of_page *p)
{
    struct session_opens list;
    struct open_sign_in *rows;
    enum err e = session_list(j, &q->server->key, a->id, NULL, &list);

    if (e)
        return e;
    rows = job_array(j, list.n, sizeof *rows);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct open_sign_in){
            list.v[i].device[0] ? list.v[i].device : "A program", when(j, list.v[i].created),
            when(j, list.v[i].seen), list.v[i].handle};
    p->rows = rows;
    p->n_rows = list.n;
    return OK;
}

static void
fill_facts(struct job *j, const struct account *a, const struct factor_state *s,
           struct account_of_page *p)
{
    struct named *v = job_array(j, 4, sizeof *v);

    v[0] = (struct named){.name = "Login", .value = a->login};
    v[1] = (struct named){.name = "Since", .value = when(j, a->created)};
    v[2] = (struct named){.name = "Second factor", .value = factor_word(s->kind),
                          .note = s->kind == FACTOR_RESET ? "A code was handed over" : NULL};
    v[3] = (struct named){.name = "State",
                          .value = a->disabled
                                       ? job_format(j, "Disabled, %s", when(j, a->disabled))
                                       : p->invited ? "Invited" : "May sign in"};
    p->facts = v;
    p->n_facts = 4;
    p->has_factor = s->kind != FACTOR_NONE;
}

static enum err
fill_invitation(struct job *j, const struct account *a, struct account_of_page *p)
{
    struct invitation i;
    enum err e = invitation_get(j, a->id, &i);

    if (e || i.state == INVITATION_NONE)
        return e;
    p->invitation_open = i.state == INVITATION_OPEN;
    p->invited = p->invitation_open
                     ? job_format(j, "There is no passphrase yet: the link is good until %s.",
                                  when(j, i.expires))
                     : "There is no passphrase yet, and no link that is good.";
    return OK;
}

static enum err
fill_email(struct job *j, const struct request *q, const struct account *a,
           struct account_of_page *p)
{
    const char *email;
    enum err e = email_get(j, &q->server->key, a->id, &email);

    p->email = (struct text_field){.id = "email", .label = "E-mail address",
                                   .hint = "For invitations and notices; empty: none are sent",
                                   .value = !e && email ? email : ""};
    return e;
}

enum err
page_account_of(struct job *j, const struct request *q, struct response *r)
{
    struct account_of_page p = {0};
    struct factor_state state;
    struct account a;
    struct view *v;
    enum err e = find(j, q, &a, NULL);

    if (!e)
        e = factor_get(j, a.id, &state);
    if (!e)
        e = list_open(j, q, &a, &p);
    if (!e)
        e = roles_table(j, a.id, &p.roles);
    if (!e)
        e = fill_invitation(j, &a, &p);
    if (!e)
        e = fill_email(j, q, &a, &p);
    if (e)
        return e;
    v = frame_view(j, q, a.name);
    v->back = "/accounts";
    v->back_text = "Accounts";
    p.view = v;
    p.action = path_of(j, &a);
    p.give = job_format(j, "%s/roles", p.action);
    p.reset = job_format(j, "%s/reset", p.action);
    p.disabled = a.disabled != 0;
    p.own = a.id == j->who->account;
    p.strong = session_is_strong(j);
    p.again = frame_with(j, "/account/again", "next", p.action);
    fill_facts(j, &a, &state, &p);
    view_account_of(&r->body, &p);
    return OK;
}

static enum err
end_session(struct job *j, const struct request *q, const struct account *a)
{
    const struct key *k = &q->server->key;
    const char *handle = request_form(q, "handle");
    enum err e;

    if (!handle)
        return session_end_others(j, k, a->id, NULL);
    e = session_end_one(j, k, a->id, handle);
    if (e != ERR_NOT_FOUND) /* it had ended already */
        return e;
    err_clear(j);
    return OK;
}

static enum err
not_oneself(struct job *j)
{
    err_set(j, ERR_CONFLICT, "you cannot disable your own account");
    return err_hint(j, "Ask another administrator: else nobody could undo it.");
}

enum err
page_account_change(struct job *j, const struct request *q, struct response *r)
{
    const char *what = request_form(q, "do");
    struct account a;
    enum err e;

    if (!what)
        what = "";
    e = find(j, q, &a, strlen(what) < 20 ? what : NULL);
    if (e)
        return e;
    r->location = path_of(j, &a);
    if (!strcmp(what, "end"))
        return end_session(j, q, &a);
    if (!strcmp(what, "disable"))
        return a.id == j->who->account ? not_oneself(j) : account_disable(j, a.login);
    if (!strcmp(what, "enable")) /* gives; the others take away, which is not held up */
        return sign_in_strong_for(j, path_of(j, &a), r) ? account_enable(j, a.login) : OK;
    if (!strcmp(what, "withdraw"))
        return invitation_withdraw(j, a.id);
    if (!strcmp(what, "forgive"))
        return tries_forgive(j, &q->server->key, a.login);
    return err_set(j, ERR_USAGE, "that is nothing that can be done with an account");
}

/* ---- a lost second factor ----------------------------------------------------------------- */

static void
show_reset(struct job *j, const struct request *q, struct response *r, const struct account *a,
           struct reset_page *p)
{
    const char *typed = q->method == POST ? request_form(q, "why") : NULL;
    struct view *v = frame_view(j, q, "A lost second factor");

    p->view = v;
    p->back = v->back = path_of(j, a);
    v->back_text = a->name;
    p->name = a->name;
    p->action = job_format(j, "%s/reset", p->back);
    p->why = typed ? typed : "";
    view_reset(&r->body, p);
}

enum err
page_reset(struct job *j, const struct request *q, struct response *r)
{
    struct reset_page p = {0};
    struct account a;
    enum err e = find(j, q, &a, NULL);

    if (!e && sign_in_strong(j, q, r))
        show_reset(j, q, r, &a, &p);
    return e;
}

enum err
page_reset_factor(struct job *j, const struct request *q, struct response *r)
{
    const char *why = request_form(q, "why");
    struct reset_page p = {0};
    struct account a;
    enum err e = find(j, q, &a, "second factor taken away");

    if (e)
        return e;
    if (!session_is_strong(j)) { /* its page asks for passphrase and code again */
        r->location = q->path;
        return OK;
    }
    e = account_reset_factor(j, &q->server->key, a.id, why ? why : "", &p.code);
    if (e == ERR_INPUT) {
        r->status = 422;
        err_set(j, ERR_INPUT, "Say what happened, and how you know that it is this person");
        err_hint(j, "Nothing was changed.");
        p.problems = sign_in_problem(j, "why");
    } else if (e) {
        return e;
    }
    show_reset(j, q, r, &a, &p);
    return OK;
}
