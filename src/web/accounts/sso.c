/* For administrators: linking a person with a provider. */
#include "access/sso.h"
#include "access/account.h"
#include "access/permit.h"
#include "base/date.h"
#include "web/accounts/sso.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server_private.h"
#include "web/session/sign_in.h"

static enum err
find(struct job *j, const struct request *q, const char *what, struct account *a)
{
    int64_t id = request_part_id(q, 0);
    enum err e = permit(j, ACT_ACCOUNTS,
                        (struct subject){.what = job_format(j, "account %lld, %s", (long long)id,
                                                            what)});

    return e ? e : account_find(j, id, a);
}

static enum err
fill_links(struct job *j, int64_t account, struct account_sso_page *p)
{
    struct sso_link *v;
    struct named *out;
    enum err e = sso_links(j, account, &v, &p->n_links);

    out = job_array(j, p->n_links, sizeof *out);
    for (size_t i = 0; i < p->n_links && !e; i++) {
        char words[DATE_TEXT + 16];
        out[i] = (struct named){
            .name = v[i].provider_name,
            .value = job_format(j, "since %s, as %s", time_words(v[i].linked, words),
                                v[i].subject)};
    }
    p->links = out;
    return e;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, const struct account *a,
     struct account_sso_page *p)
{
    struct view *v = frame_view(j, q, "Single sign-on of this person");
    enum err e = fill_links(j, a->id, p);

    p->view = v;
    p->name = v->back_text = a->name;
    p->back = v->back = job_format(j, "/accounts/%lld", (long long)a->id);
    p->action = job_format(j, "%s/sso", p->back);
    if (!e)
        view_account_sso(&r->body, p);
    return e;
}

enum err
page_account_sso(struct job *j, const struct request *q, struct response *r)
{
    struct account_sso_page p = {0};
    struct account a;
    enum err e = find(j, q, "single sign-on", &a);

    return e || !sign_in_strong(j, q, r) ? e : show(j, q, r, &a, &p);
}

enum err
page_account_sso_change(struct job *j, const struct request *q, struct response *r)
{
    const char *what = request_form(q, "do");
    char *code = job_alloc(j, SSO_CODE);
    struct account_sso_page p = {0};
    struct account a;
    enum err e = find(j, q, "single sign-on", &a);

    if (e)
        return e;
    r->location = q->path; /* also when passphrase and code are to be given again */
    if (!session_is_strong(j))
        return OK;
    if (what && !strcmp(what, "unlink"))
        return sso_unlink(j, a.id);
    if (!what || strcmp(what, "code"))
        return err_set(j, ERR_USAGE, "that is nothing that can be done here");
    r->location = NULL;
    p.code = code;
    e = sso_code_make(j, &q->server->key, a.id, code);
    return e ? e : show(j, q, r, &a, &p);
}
