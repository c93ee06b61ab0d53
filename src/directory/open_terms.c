#include "directory/open_terms.h"
#include "directory/needs.h"
#include "directory/open_data.h"
#include "directory/service.h"
#include "directory/uuid.h"

static const char vocabulary[] = "rooted needs";

static const char *
term_id(struct job *j, const char *need, char out[UUID_TEXT])
{
    return uuid_of_name(uuid_rooted, span_of(job_format(j, "need %s", need)), out);
}

json_t *
open_needs_taxonomy(struct job *j)
{
    char id[UUID_TEXT];

    uuid_of_name(uuid_rooted, span_of(vocabulary), id);
    return document_own(
        j, json_pack("{s:s, s:s, s:s, s:s}", "id", id, "name", "What families worry about",
                     "description",
                     "What a service helps with, in a family's words, two levels deep.", "version",
                     "1"));
}

const char *
open_need_of(struct job *j, const char *term)
{
    size_t n;
    const struct need *all = needs_list(&n);
    char id[UUID_TEXT];

    for (size_t i = 0; i < n; i++)
        if (!strcmp(term_id(j, all[i].id, id), term))
            return all[i].id;
    return NULL;
}

bool
open_is_needs(const char *taxonomy)
{
    char id[UUID_TEXT];

    return !strcmp(uuid_of_name(uuid_rooted, span_of(vocabulary), id), taxonomy);
}

json_t *
open_need(struct job *j, const char *id)
{
    const struct need *need = id ? needs_find(id) : NULL;
    char own[UUID_TEXT], parent[UUID_TEXT], taxonomy[UUID_TEXT];
    json_t *v;

    if (!need)
        return NULL;
    uuid_of_name(uuid_rooted, span_of(vocabulary), taxonomy);
    v = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", term_id(j, need->id, own), "name",
                  need->label, "description", need->label, "taxonomy", "What families worry about",
                  "taxonomy_id", taxonomy, "code", need->id);
    if (need->under)
        json_object_set_new(v, "parent_id", json_string(term_id(j, need->under, parent)));
    return document_own(j, v);
}

/* ---- all that the directory uses ------------------------------------------------------------- */

struct gather {
    json_t *taxonomies, *terms; /* objects by id */
};

static void
put(json_t *into, json_t *v)
{
    const char *id = v ? json_string_value(json_object_get(v, "id")) : NULL;

    if (id && !json_object_get(into, id))
        json_object_set(into, id, v);
}

/* A term of somebody else's; what the standard demands stands in for what it lacks. */
static void
take_term(struct gather *g, json_t *term)
{
    json_t *detail = json_object_get(term, "taxonomy_detail");

    if (!json_object_get(term, "description"))
        json_object_set(term, "description", json_object_get(term, "name"));
    if (detail) {
        if (!json_object_get(detail, "description"))
            json_object_set(detail, "description", json_object_get(detail, "name"));
        put(g->taxonomies, detail);
    }
    if (json_object_get(term, "name"))
        put(g->terms, term);
}

static enum err
on_service(struct job *j, void *arg, const struct service_step *step)
{
    json_t *doc;
    enum err e = document_parse(j, step->text, &doc);
    const json_t *list;

    if (e)
        return e;
    list = json_object_get(document_public(j, doc), "attributes");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *term = json_object_get(json_array_get(list, i), "taxonomy_term");
        if (term)
            take_term(arg, term);
    }
    return OK;
}

/* In the order of their ids: jansson sorts as it writes, and reads in the order it finds. */
static json_t *
sorted(struct job *j, json_t *by_id)
{
    json_t *list = document_own(j, json_array()), *text;
    char *all = json_dumps(by_id, JSON_SORT_KEYS | JSON_COMPACT);

    text = all ? json_loads(all, 0, NULL) : NULL;
    free(all);
    if (text) {
        const char *name;
        json_t *v;
        json_object_foreach(text, name, v)
            json_array_append(list, v);
    }
    json_decref(text);
    return list;
}

enum err
open_terms(struct job *j, struct open_terms *out)
{
    struct gather g = {document_own(j, json_object()), document_own(j, json_object())};
    size_t n;
    const struct need *all = needs_list(&n);
    enum err e;

    put(g.taxonomies, open_needs_taxonomy(j));
    for (size_t i = 0; i < n; i++)
        put(g.terms, open_need(j, all[i].id));
    e = service_walk(j, on_service, &g);
    if (e)
        return e;
    *out = (struct open_terms){sorted(j, g.taxonomies), sorted(j, g.terms)};
    return OK;
}

static enum err
on_organization(struct job *j, void *arg, const struct service_step *step)
{
    json_t *doc;
    enum err e = document_parse(j, step->text, &doc);

    if (!e)
        put(arg, open_organization(j, document_public(j, doc), OPEN_LIST));
    return e;
}

enum err
open_organizations(struct job *j, json_t **out)
{
    json_t *by_id = document_own(j, json_object());
    enum err e = service_walk(j, on_organization, by_id);

    *out = sorted(j, by_id);
    return e;
}
