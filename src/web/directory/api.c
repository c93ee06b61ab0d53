#include "web/directory/api.h"
#include "directory/service.h"
#include "web/directory/current.h"
#include "web/pages.h"

/* ---- writing --------------------------------------------------------------------------------- */

static int
put_bytes(const char *s, size_t n, void *arg)
{
    html_lit(arg, s, n);
    return 0;
}

static void
headers(struct response *r, bool lines)
{
    r->type = lines ? "application/x-ndjson" : "application/json";
    r->open = true;
}

enum err
api_put(struct job *j, struct response *r, const json_t *v)
{
    headers(r, false);
    if (json_dump_callback(v, put_bytes, &r->body, JSON_COMPACT | JSON_REAL_PRECISION(9)))
        return err_set(j, ERR_FAULT, "an answer could not be written as JSON");
    return OK;
}

static enum err
put_lines(struct job *j, struct response *r, json_t *contents)
{
    headers(r, true);
    for (size_t i = 0; i < json_array_size(contents); i++) {
        if (json_dump_callback(json_array_get(contents, i), put_bytes, &r->body,
                               JSON_COMPACT | JSON_REAL_PRECISION(9)))
            return err_set(j, ERR_FAULT, "a line could not be written as JSON");
        html_lit(&r->body, "\n", 1);
    }
    return OK;
}

enum err
api_put_list(struct job *j, struct response *r, const struct api_asked *a, json_t *contents,
             int64_t total)
{
    const struct open_page page = {total, a->page, a->per_page};

    return a->lines ? put_lines(j, r, contents) : api_put(j, r, open_page(j, &page, contents));
}

/* ---- what it is ------------------------------------------------------------------------------ */

enum err
page_hsds(struct job *j, const struct request *q, struct response *r)
{
    (void)q;
    return api_put(j, r, document_own(
        j, json_pack("{s:s, s:s, s:s}", "version", "HSDS-UK-3.0", "profile",
                     "https://openreferraluk.org/specifications/3.0", "openapi_url",
                     "https://openreferraluk.org/specifications/3.0/openapi.json")));
}

/* ---- services and places --------------------------------------------------------------------- */

static enum err
public_doc(struct job *j, const char *uuid, json_t **out)
{
    json_t *doc;
    enum err e = service_live(j, uuid, NULL, &doc);

    *out = e ? NULL : document_public(j, doc);
    return e;
}

/* One that is gone since the index was made is passed over. */
static enum err
add(struct job *j, const struct api_asked *a, const struct search_hit *h, json_t *contents)
{
    json_t *doc, *v;
    enum err e = public_doc(j, h->uuid, &doc);

    if (e == ERR_NOT_FOUND) {
        err_clear(j);
        return OK;
    }
    if (e)
        return e;
    v = a->search.places ? open_place(j, doc, h->place, a->form) : open_service(j, doc, a->form);
    if (v)
        json_array_append(contents, v);
    return OK;
}

static enum err
list(struct job *j, const struct request *q, struct response *r, bool places)
{
    struct search_found found;
    struct api_asked a;
    json_t *contents = document_own(j, json_array());
    enum err e = directory_here(j);

    if (!e)
        e = api_read(j, q, &a);
    if (e)
        return e;
    a.search.places = places;
    e = directory_search(j, q, &a.search, &found);
    for (size_t i = 0; i < found.n && !e; i++)
        e = add(j, &a, &found.hit[i], contents);
    return e ? e : api_put_list(j, r, &a, contents, places ? found.places : found.services);
}

enum err
page_hsds_services(struct job *j, const struct request *q, struct response *r)
{
    return list(j, q, r, false);
}

enum err
page_hsds_places(struct job *j, const struct request *q, struct response *r)
{
    return list(j, q, r, true);
}

enum err
page_hsds_service(struct job *j, const struct request *q, struct response *r)
{
    json_t *doc = NULL, *v = NULL;
    enum err e = directory_here(j);

    if (!e)
        e = public_doc(j, q->part[0], &doc);
    if (!e && !(v = open_service(j, doc, OPEN_FULL)))
        e = err_set(j, ERR_NOT_FOUND, "there is no such service");
    return e ? e : api_put(j, r, v);
}

/* ---- places and organisations, one by one ---------------------------------------------------- */

static enum err
holding(struct job *j, const struct request *q, json_t **doc)
{
    enum err e = directory_here(j);

    if (!e)
        e = service_holding(j, q->part[0], doc);
    if (!e)
        *doc = document_public(j, *doc);
    return e;
}

enum err
page_hsds_place(struct job *j, const struct request *q, struct response *r)
{
    json_t *doc = NULL, *v = NULL;
    enum err e = holding(j, q, &doc);

    if (!e && !(v = open_place(j, doc, q->part[0], OPEN_FULL)))
        e = err_set(j, ERR_NOT_FOUND, "there is no such service at a location");
    return e ? e : api_put(j, r, v);
}

static bool
has_id(const json_t *v, const char *id)
{
    const char *own = v ? json_string_value(json_object_get(v, "id")) : NULL;

    return own && !strcmp(own, id);
}

enum err
page_hsds_organization(struct job *j, const struct request *q, struct response *r)
{
    json_t *doc = NULL, *v = NULL;
    enum err e = holding(j, q, &doc);

    if (!e)
        v = open_organization(j, doc, OPEN_FULL);
    if (!e && !has_id(v, q->part[0]))
        e = err_set(j, ERR_NOT_FOUND, "there is no such organisation");
    return e ? e : api_put(j, r, v);
}

/* ---- lists that are short: a page of an array that is all there ------------------------------ */

static enum err
page_of(struct job *j, const struct request *q, struct response *r, const json_t *all)
{
    json_t *contents = document_own(j, json_array());
    struct api_asked a;
    enum err e = api_read(j, q, &a);

    if (e)
        return e;
    for (uint32_t i = a.search.first; i - a.search.first < a.search.most; i++) {
        json_t *v = json_array_get(all, i);
        if (!v)
            break;
        json_array_append(contents, v);
    }
    return api_put_list(j, r, &a, contents, (int64_t)json_array_size(all));
}

static enum err
one_of(struct job *j, const struct request *q, struct response *r, const json_t *all)
{
    for (size_t i = 0; i < json_array_size(all); i++)
        if (has_id(json_array_get(all, i), q->part[0]))
            return api_put(j, r, json_array_get(all, i));
    return err_set(j, ERR_NOT_FOUND, "there is no such thing in the directory");
}

static enum err
terms(struct job *j, struct open_terms *out)
{
    enum err e = directory_here(j);

    return e ? e : open_terms(j, out);
}

enum err
page_hsds_taxonomies(struct job *j, const struct request *q, struct response *r)
{
    struct open_terms t;
    enum err e = terms(j, &t);

    return e ? e : page_of(j, q, r, t.taxonomies);
}

enum err
page_hsds_taxonomy(struct job *j, const struct request *q, struct response *r)
{
    struct open_terms t;
    enum err e = terms(j, &t);

    return e ? e : one_of(j, q, r, t.taxonomies);
}

enum err
page_hsds_terms(struct job *j, const struct request *q, struct response *r)
{
    struct open_terms t;
    enum err e = terms(j, &t);

    return e ? e : page_of(j, q, r, t.terms);
}

enum err
page_hsds_term(struct job *j, const struct request *q, struct response *r)
{
    struct open_terms t;
    enum err e = terms(j, &t);

    return e ? e : one_of(j, q, r, t.terms);
}

enum err
page_hsds_organizations(struct job *j, const struct request *q, struct response *r)
{
    json_t *all;
    enum err e = directory_here(j);

    if (!e)
        e = open_organizations(j, &all);
    return e ? e : page_of(j, q, r, all);
}
