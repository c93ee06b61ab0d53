#include "web/directory/service_page.h"
#include "directory/fresh.h"
#include "directory/needs.h"
#include "directory/service.h"
#include "web/directory/current.h"
#include "web/directory/service.html.h"
#include "web/frame.h"
#include "web/pages.h"

static void
add_facts(struct job *j, struct service_page *p)
{
    const struct service_summary *s = &p->s;
    const struct service_fact all[] = {
        {"Wait", s->wait, s->wait_note},
        {"Places", s->places, s->places_note},
        {"Price", s->cost, s->cost_note},
        {"Ages", s->ages, NULL},
        {"When", s->times, NULL},
        {"Where", s->where, NULL},
        {"Who can ask", s->how, NULL},
        {"Answer within", s->answer, NULL},
        {"Languages besides English", s->languages, NULL},
        {"Access", s->access, NULL},
    };
    struct service_fact *v = job_array(j, sizeof all / sizeof *all, sizeof *v);

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].text || strcmp(all[i].name, "Places") != 0)
            v[p->n_facts++] = all[i];
    p->facts = v;
}

static void
add_needs(struct job *j, const json_t *doc, struct service_page *p)
{
    const json_t *list = document_get(doc, "rooted.needs");
    size_t n = json_array_size(list);
    struct link *v = job_array(j, n + 1, sizeof *v);

    for (size_t i = 0; i < n; i++) {
        const struct need *need = needs_find(json_string_value(json_array_get(list, i)));
        if (need)
            v[p->n_needs++] = (struct link){frame_with(j, "/find-help", "need", need->id),
                                            need->label, false};
    }
    p->needs = v;
}

static enum err
make(struct job *j, const struct request *q, json_t *doc, struct service_page *out)
{
    static const enum fresh badges[CHECK_STATES] = {FRESH, FRESH_DUE, FRESH_STALE, FRESH_STALE};
    struct view *view = frame_view(j, q, document_string(doc, "name"));
    enum check_state state;
    struct fresh_days days;
    enum err e = fresh_days_get(j, &days);

    if (e)
        return e;
    view->back = "/find-help";
    view->back_text = "Find help";
    *out = (struct service_page){.view = view, .alert = document_string(doc, "alert")};
    service_summarise(j, doc, NULL, &out->s);
    while (out->s.story[out->n_story])
        out->n_story++;
    state = check_of(&days, out->s.checked, j->today);
    out->fresh = check_words(j, state, out->s.checked, NULL);
    out->fresh_class = fresh_class(badges[state]);
    add_needs(j, doc, out);
    add_facts(j, out);
    return OK;
}

enum err
page_service(struct job *j, const struct request *q, struct response *r)
{
    struct service_page p;
    json_t *doc;
    enum err e = directory_here(j);

    if (!e)
        e = service_live(j, q->part[0], NULL, &doc);
    if (!e)
        e = make(j, q, document_public(j, doc), &p);
    if (!e)
        view_service(&r->body, &p);
    return e;
}
