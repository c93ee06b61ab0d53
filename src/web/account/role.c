/* "You act as …; change": which of one's roles is active in this sign-in. */
#include "web/account/role.h"
#include "access/account_role.h"
#include "access/audit.h"
#include "base/date.h"
#include "ui/words.h"
#include "web/account/role.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"

/* The last day. */
static const char *
until_words(struct job *j, int64_t until)
{
    char words[DATE_TEXT];
    int32_t minute;

    return until ? job_copy(j, date_words(date_of_time(until - 1, &minute), words)) : NULL;
}

static void
fill(struct job *j, const struct account_role *v, size_t n, struct own_role_page *p)
{
    struct role_choice *out = job_array(j, n, sizeof *out);

    for (size_t i = 0; i < n; i++) {
        bool here = v[i].number == j->who->role_no;
        if (!account_role_holds(&v[i], j->now) || v[i].role == ROLE_NONE)
            continue;
        out[p->n++] = (struct role_choice){
            .number = job_format(j, "%lld", (long long)v[i].number),
            .words = words_capital(j, account_role_words(j, &v[i])),
            .until = until_words(j, v[i].until), .here = here};
        if (here)
            p->lede = job_format(j, "You act as %s.", account_role_words(j, &v[i]));
    }
    p->v = out;
}

enum err
page_own_role(struct job *j, const struct request *q, struct response *r)
{
    struct own_role_page p = {
        .view = frame_view(j, q, "What you act as"),
        .lede = "You have no role at present: the one you had is over, or the first has not "
                "begun. Ask the person at the council who gave you the account."};
    struct account_role *v;
    size_t n;
    enum err e = account_role_list(j, j->who->account, &v, &n);

    if (e)
        return e;
    fill(j, v, n, &p);
    view_own_role(&r->body, &p);
    return OK;
}

enum err
page_own_role_change(struct job *j, const struct request *q, struct response *r)
{
    int64_t number = request_int(q, "role", 0);
    struct account_role role;
    struct actor next = *j->who;
    enum err e = number ? account_role_get(j, j->who->account, number, &role)
                        : err_set(j, ERR_USAGE, "choose what to act as");

    if (!e)
        e = session_act_as(j, &q->server->key, q->token, number);
    if (e)
        return e;
    audit_note(j, ACT_SELF, job_format(j, "acts as role %lld", (long long)number), false);
    next.role = role.role;
    r->location = frame_start(&next);
    return OK;
}
