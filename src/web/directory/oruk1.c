#include "directory/open_oruk1.h"
#include "directory/service.h"
#include "web/directory/api.h"
#include "web/directory/current.h"
#include "web/pages.h"

/* Open Referral UK 1.0 below /oruk: the same search by the names that it had for parameters. */
static const struct { const char *old, *now; } names[] = {
    {"text", "search"}, {"coverage", "postcode"}, {"taxonomy_id", "taxonomy_term_id"},
};

static enum err
read_old(struct job *j, const struct request *q, struct api_asked *a)
{
    struct request now = *q;
    struct pair *v = job_array(j, q->n_query + 1, sizeof *v);

    for (size_t i = 0; i < q->n_query; i++) {
        v[i] = q->query[i];
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (!strcmp(v[i].name, names[k].old))
                v[i].name = names[k].now;
    }
    now.query = v;
    return api_read(j, &now, a);
}

static enum err
add(struct job *j, const char *uuid, json_t *contents)
{
    json_t *doc, *v;
    enum err e = service_live(j, uuid, NULL, &doc);

    if (e == ERR_NOT_FOUND) {
        err_clear(j);
        return OK;
    }
    if (e)
        return e;
    v = open_service(j, document_public(j, doc), OPEN_FULL);
    if (v)
        json_array_append(contents, oruk1_of(j, v));
    return OK;
}

enum err
page_oruk1_services(struct job *j, const struct request *q, struct response *r)
{
    json_t *contents = document_own(j, json_array());
    struct search_found found = {0};
    struct api_asked a;
    enum err e = directory_here(j);

    if (!e)
        e = read_old(j, q, &a);
    if (!e)
        e = directory_search(j, q, &a.search, &found);
    for (size_t i = 0; i < found.n && !e; i++)
        e = add(j, found.hit[i].uuid, contents);
    return e ? e : api_put(j, r, oruk1_page(j, found.services, a.page, a.per_page, contents));
}

enum err
page_oruk1_service(struct job *j, const struct request *q, struct response *r)
{
    json_t *contents = document_own(j, json_array());
    enum err e = directory_here(j);

    if (!e)
        e = add(j, q->part[0], contents);
    if (!e && !json_array_size(contents))
        e = err_set(j, ERR_NOT_FOUND, "there is no such service");
    return e ? e : api_put(j, r, json_array_get(contents, 0));
}

enum err
page_oruk1_taxonomies(struct job *j, const struct request *q, struct response *r)
{
    json_t *contents = document_own(j, json_array());
    struct open_terms t;
    struct api_asked a;
    enum err e = directory_here(j);

    if (!e)
        e = read_old(j, q, &a);
    if (!e)
        e = open_terms(j, &t);
    if (e)
        return e;
    for (uint32_t i = 0; i < a.search.most; i++) {
        const json_t *term = json_array_get(t.terms, a.search.first + i);
        if (term)
            json_array_append(contents, oruk1_taxonomy(j, term));
    }
    return api_put(j, r, oruk1_page(j, (int64_t)json_array_size(t.terms), a.page, a.per_page,
                                    contents));
}
