#include "access/kept_form.h"
#include "base/text.h"
#include "web/account/account.h"
#include "web/account/factor.html.h"
#include "web/form.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/route.h"
#include "web/server_private.h"

/* "school-year" reads as "School year". */
static const char *
name_words(struct job *j, const char *name)
{
    char *words = job_copy(j, name);

    for (char *p = words; *p; p++)
        if (*p == '-' || *p == '_')
            *p = ' ';
    if (*words >= 'a' && *words <= 'z')
        *words = (char)(*words - 'a' + 'A');
    return words;
}

static void
fill(struct job *j, const struct page *page, struct kept_page *p)
{
    struct named *words = job_array(j, p->n, sizeof *words);

    p->title = page->title;
    for (size_t i = 0; i < p->n; i++)
        if (p->fields[i].value[0])
            words[p->n_words++] = (struct named){.name = name_words(j, p->fields[i].name),
                                                 .value = p->fields[i].value};
    p->words = words;
}

/* Only to a page that takes forms, and that this person may still use. */
enum err
page_kept(struct job *j, const struct request *q, struct response *r)
{
    struct kept_page p = {.view = frame_view(j, q, "What you had typed")};
    struct route route = {0};
    const char *path, *form;
    enum err e = kept_form_get(j, &q->server->key, j->who->account, &path, &form);

    if (e)
        return e;
    if (path)
        route_find(j, "POST", path, &route);
    if (route.page && permit_act(j->who, route.page->act) &&
        form_parse(j, span_of(form), &p.fields, &p.n)) {
        p.action = path;
        fill(j, route.page, &p);
    }
    view_kept(&r->body, &p);
    return OK;
}

enum err
page_kept_drop(struct job *j, const struct request *q, struct response *r)
{
    (void)q;
    r->location = frame_start(j->who);
    return kept_form_drop(j, j->who->account);
}
