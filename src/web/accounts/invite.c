#include "web/accounts/invite.h"
#include "access/account.h"
#include "access/email.h"
#include "access/invitation.h"
#include "access/outbox.h"
#include "base/date.h"
#include "base/text.h"
#include "ui/words.h"
#include "web/accounts/invite.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/session/sign_in.h"

static const char *
typed(const struct request *q, const char *name)
{
    const char *s = q->method == POST ? request_form(q, name) : NULL;

    return s ? s : "";
}

static bool
is_blank(const char *s)
{
    return !s[strspn(s, " \t")];
}

/* ---- the form ------------------------------------------------------------------------------ */

static void
fill_person(struct job *j, const struct request *q, struct invite_page *p)
{
    struct option *how = job_array(j, 2, sizeof *how);

    how[0] = (struct option){"print", "I print it and hand it over", true};
    how[1] = (struct option){"mail", "Send it by e-mail", !strcmp(typed(q, "how"), "mail")};
    how[0].chosen = !how[1].chosen;
    p->name = (struct text_field){.id = "name", .label = "Name", .value = typed(q, "name"),
                                  .hint = "First and last, as pages show it"};
    p->login = (struct text_field){.id = "login", .label = "Login", .value = typed(q, "login"),
                                   .hint = "What they type to sign in: a-z, 0-9, dot, dash, such "
                                           "as sam.hartley"};
    p->email = (struct text_field){.id = "email", .label = "E-mail address",
                                   .hint = "For the invitation and for notices; it may be empty",
                                   .value = typed(q, "email")};
    p->how = (struct text_field){.id = "how", .label = "How does the link reach them?",
                                 .options = how, .n = 2};
    p->name.problem = problem_of(&p->problems, "name");
    p->login.problem = problem_of(&p->problems, "login");
    p->email.problem = problem_of(&p->problems, "email");
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct problem *wrong)
{
    struct invite_page p = {.problems = {wrong, wrong != NULL}};
    struct view *v = frame_view(j, q, "Invite a person");
    enum err e = roles_fields(j, q, &p.problems, &p.fields);

    if (e)
        return e;
    v->back = "/accounts";
    v->back_text = "Accounts";
    p.view = v;
    fill_person(j, q, &p);
    view_invite(&r->body, &p);
    return OK;
}

enum err
page_invite_new(struct job *j, const struct request *q, struct response *r)
{
    enum err e = permit(j, ACT_ACCOUNTS, (struct subject){.what = "a new account"});

    return e || !sign_in_strong(j, q, r) ? e : show(j, q, r, NULL);
}

/* ---- the link -------------------------------------------------------------------------------- */

static enum err
onto_paper(struct job *j, const struct request *q, struct response *r, const struct account *a,
           const char *link)
{
    struct invite_paper_page p = {.name = a->name, .login = a->login, .link = link};
    char until[DATE_TEXT + 16];
    struct invitation i;
    enum err e = invitation_get(j, a->id, &i);

    if (e)
        return e;
    p.back = job_format(j, "/accounts/%lld", (long long)a->id);
    p.until = time_words(i.expires, until);
    p.view = frame_view(j, q, "Your invitation");
    view_invite_paper(&r->body, &p);
    return OK;
}

static enum err
into_post(struct job *j, const struct request *q, struct response *r, const struct account *a,
          const char *link)
{
    const struct mail_order o = {.kind = MAIL_INVITATION, .account = a->id, .link = link};
    bool queued;
    enum err e = outbox_add(j, &q->server->key, &o, &queued);

    if (!e && !queued) {
        err_set(j, ERR_CONFLICT, "no address is known to send it to");
        return err_hint(j, "Give the person's e-mail address first, or print the invitation.");
    }
    r->location = "/mail";
    return e;
}

/* Nothing of the link can be looked up again: it goes onto paper, or into the post. */
static enum err
hand_over(struct job *j, const struct request *q, struct response *r, const struct account *a)
{
    char token[KEY_TOKEN];
    const char *link;
    enum err e = invitation_make(j, &q->server->key, a->id, token);

    if (e)
        return e;
    link = job_format(j, "%s/invitation/%s", q->origin, token);
    return strcmp(typed(q, "how"), "mail") ? onto_paper(j, q, r, a, link)
                                           : into_post(j, q, r, a, link);
}

/* ---- inviting ------------------------------------------------------------------------------- */

struct inviting {
    const struct request *q;
    struct response *r;
    struct account account;
    struct account_role role;
    const char *field;
    struct problem wrong;
};

static enum err
check_form(struct job *j, const struct request *q, struct inviting *v)
{
    v->field = "name";
    if (is_blank(v->account.name))
        return err_set(j, ERR_INPUT, "Give the person’s name");
    v->field = "email";
    if (!strcmp(typed(q, "how"), "mail") && is_blank(typed(q, "email")))
        return err_set(j, ERR_INPUT, "Give the address that the link is sent to");
    return OK;
}

/* The account, its first role, its address: all of it, or an error that takes it back. */
static enum err
make(struct job *j, const struct request *q, struct inviting *v)
{
    int64_t number;
    enum err e = check_form(j, q, v);

    if (!e)
        e = roles_read(j, q, &v->role, &v->field);
    if (e)
        return e;
    v->field = "login";
    e = account_open(j, &v->account, "", &v->account.id);
    if (e)
        return e;
    v->role.account = v->account.id;
    v->field = roles_field(j, &v->role);
    e = account_role_give(j, &v->role, &number);
    if (e || is_blank(typed(q, "email")))
        return e;
    v->field = "email";
    return email_change(j, &q->server->key, v->account.id, typed(q, "email"));
}

static enum err
invite(struct job *j, void *arg)
{
    struct inviting *v = arg;
    enum err e = permit(j, ACT_ACCOUNTS, (struct subject){.what = "a new account"});

    if (e || !session_is_strong(j))
        return e;
    e = make(j, v->q, v);
    if (!e)
        e = account_find(j, v->account.id, &v->account);
    return e ? e : hand_over(j, v->q, v->r, &v->account);
}

static enum err
show_again(struct job *j, void *arg)
{
    struct inviting *v = arg;

    return show(j, v->q, v->r, &v->wrong);
}

enum err
page_invite(struct job *j, const struct request *q, struct response *r)
{
    struct inviting v = {.q = q, .r = r,
                         .account = {.login = typed(q, "login"), .name = typed(q, "name")}};
    enum err e = request_write(j, q, invite, &v);

    if (!e)
        (void)sign_in_strong_for(j, q->path, r); /* nothing was made, but it is noted */
    if (e != ERR_INPUT && e != ERR_CONFLICT)
        return e;
    v.wrong = (struct problem){v.field, words_capital(j, job_copy(j, j->err.message))};
    err_clear(j);
    r->status = 422;
    return request_read(j, q, show_again, &v);
}

/* Its forms stand on the account's page. */
static bool
strong(struct job *j, const struct account *a, struct response *r)
{
    return sign_in_strong_for(j, job_format(j, "/accounts/%lld", (long long)a->id), r);
}

static enum err
find(struct job *j, const struct request *q, struct account *a)
{
    int64_t id = request_part_id(q, 0);
    const char *what = job_format(j, "account %lld", (long long)id);
    enum err e = permit(j, ACT_ACCOUNTS, (struct subject){.what = what});

    return e ? e : account_find(j, id, a);
}

enum err
page_invite_again(struct job *j, const struct request *q, struct response *r)
{
    struct account a;
    enum err e = find(j, q, &a);

    return e || !strong(j, &a, r) ? e : hand_over(j, q, r, &a);
}

enum err
page_account_email(struct job *j, const struct request *q, struct response *r)
{
    struct account a;
    enum err e = find(j, q, &a);

    if (e || !strong(j, &a, r))
        return e;
    e = email_change(j, &q->server->key, a.id, typed(q, "email"));
    if (!e)
        r->location = job_format(j, "/accounts/%lld", (long long)a.id);
    return e;
}
