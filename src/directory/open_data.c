#include "directory/open_data.h"
#include "directory/needs.h"
#include "directory/open_terms.h"
#include "directory/uuid.h"

/* ---- parts that lack what the standard demands ----------------------------------------------- */

static bool keep_part(json_t *v, enum hsds_object o, int depth);

/* Members that are objects themselves: those that cannot stand go. */
static void
keep_within(json_t *v, const struct hsds_field *f, int depth)
{
    json_t *part = json_object_get(v, f->name);

    if (f->type == HSDS_ONE && part && !keep_part(part, f->of, depth))
        json_object_del(v, f->name);
    if (f->type != HSDS_MANY || !json_is_array(part))
        return;
    for (size_t i = json_array_size(part); i-- > 0;)
        if (!keep_part(json_array_get(part, i), f->of, depth))
            json_array_remove(part, i);
    if (!json_array_size(part))
        json_object_del(v, f->name);
}

static bool
keep_part(json_t *v, enum hsds_object o, int depth)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);

    if (depth > DOCUMENT_DEPTH)
        return false;
    for (size_t i = 0; i < n; i++)
        keep_within(v, &f[i], depth + 1);
    for (size_t i = 0; i < n; i++)
        if (f[i].flags & (HSDS_REQUIRED | HSDS_WANTED) && !(f[i].flags & HSDS_LINK) &&
            !json_object_get(v, f[i].name))
            return false;
    return true;
}

/* ---- ours by names of the standard ----------------------------------------------------------- */

static void
set_text(json_t *v, const char *name, const char *text)
{
    if (text && text[0] && !json_object_get(v, name))
        json_object_set_new(v, name, json_string(text));
}

/* An id for a part that the document has not: the same each time. */
static json_t *
part_with_id(struct job *j, const json_t *service, const char *part)
{
    const char *of = document_string(service, "id");
    char id[UUID_TEXT];
    json_t *v = json_object();

    json_object_set_new(v, "id", json_string(uuid_of_name(
                                     of, span_of(job_format(j, "%s", part)), id)));
    return v;
}

static json_t *
list_of(json_t *v, const char *name)
{
    json_t *list = json_object_get(v, name);

    if (!list) {
        list = json_array();
        json_object_set_new(v, name, list);
    }
    return list;
}

static void
add_attribute(struct job *j, json_t *v, const char *label, const char *value)
{
    json_t *a = part_with_id(j, v, job_format(j, "%s=%s", label, value));

    json_object_set(a, "link_id", json_object_get(v, "id"));
    set_text(a, "link_entity", "service");
    set_text(a, "link_type", "local");
    set_text(a, "label", label);
    set_text(a, "value", value);
    json_array_append_new(list_of(v, "attributes"), a);
}

static void
add_needs(struct job *j, json_t *v, const json_t *needs)
{
    for (size_t i = 0; i < json_array_size(needs); i++) {
        const char *id = json_string_value(json_array_get(needs, i));
        json_t *term = open_need(j, id), *a;
        if (!term)
            continue;
        a = part_with_id(j, v, job_format(j, "need=%s", id));
        json_object_set(a, "link_id", json_object_get(v, "id"));
        set_text(a, "link_entity", "service");
        set_text(a, "link_type", "taxonomy_term");
        json_object_set(a, "taxonomy_term_id", json_object_get(term, "id"));
        json_object_set(a, "taxonomy_term", term);
        json_array_append_new(list_of(v, "attributes"), a);
    }
}

static void
add_wait(struct job *j, json_t *v, const json_t *wait)
{
    const json_t *weeks = json_object_get(wait, "weeks");

    if (json_is_integer(weeks))
        set_text(v, "wait_time", job_format(j, "%lld weeks", (long long)json_integer_value(weeks)));
    else
        set_text(v, "wait_time", json_string_value(json_object_get(wait, "band")));
}

static void
add_capacity(struct job *j, json_t *v, const json_t *capacity)
{
    const char *on = json_string_value(json_object_get(capacity, "measured_on")),
               *unit = json_string_value(json_object_get(capacity, "unit"));
    json_t *c, *u;

    if (!json_object_get(capacity, "available") || !on || json_object_get(v, "service_capacity"))
        return;
    c = part_with_id(j, v, "capacity");
    u = part_with_id(j, v, "capacity unit");
    set_text(u, "name", unit ? unit : "places");
    json_object_set_new(c, "unit", u);
    json_object_set(c, "unit_id", json_object_get(u, "id"));
    json_object_set(c, "available", json_object_get(capacity, "available"));
    json_object_set(c, "maximum", json_object_get(capacity, "maximum"));
    set_text(c, "updated", job_format(j, "%sT00:00:00Z", on));
    json_array_append_new(list_of(v, "service_capacity"), c);
}

static void
add_prices(struct job *j, json_t *v, const json_t *prices)
{
    if (json_object_get(v, "cost_options"))
        return;
    for (size_t i = 0; i < json_array_size(prices); i++) {
        const json_t *p = json_array_get(prices, i), *amount = json_object_get(p, "amount");
        const char *unit = json_string_value(json_object_get(p, "unit"));
        json_t *c = part_with_id(j, v, job_format(j, "price %zu", i));

        if (json_is_integer(amount))
            json_object_set_new(c, "amount", json_real((double)json_integer_value(amount) / 100));
        set_text(c, "currency", "GBP");
        set_text(c, "option", unit ? job_format(j, "For schools, a %s", unit) : "For schools");
        set_text(c, "amount_description", json_string_value(json_object_get(p, "included")));
        set_text(c, "valid_from", json_string_value(json_object_get(p, "from")));
        set_text(c, "valid_to", json_string_value(json_object_get(p, "to")));
        json_array_append_new(list_of(v, "cost_options"), c);
    }
}

/* What else is ours, each by the label of its field. */
static void
add_rest(struct job *j, json_t *v, const json_t *ours)
{
    static const char *const named[] = {"needs", "wait", "capacity", "prices", "how_to_refer"};
    size_t n;
    const struct hsds_field *f = hsds_fields(HSDS_ROOTED, &n);

    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(ours, f[i].name);
        bool done = !value || f[i].flags & HSDS_PRIVATE || f[i].type == HSDS_ONE ||
                    f[i].type == HSDS_MANY;
        for (size_t k = 0; k < sizeof named / sizeof *named; k++)
            done = done || !strcmp(named[k], f[i].name);
        if (!done)
            add_attribute(j, v, f[i].label, document_words(j, value));
    }
}

static void
translate(struct job *j, json_t *v)
{
    json_t *ours = json_incref(json_object_get(v, "rooted"));

    json_object_del(v, "rooted");
    if (!ours)
        return;
    add_needs(j, v, json_object_get(ours, "needs"));
    add_wait(j, v, json_object_get(ours, "wait"));
    add_capacity(j, v, json_object_get(ours, "capacity"));
    add_prices(j, v, json_object_get(ours, "prices"));
    set_text(v, "application_process", json_string_value(json_object_get(ours, "how_to_refer")));
    add_rest(j, v, ours);
    json_decref(ours);
}

/* ---- services -------------------------------------------------------------------------------- */

/* Lists have what is one to one. */
static void
flatten(json_t *v)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(HSDS_SERVICE, &n);

    for (size_t i = 0; i < n; i++)
        if (f[i].type == HSDS_MANY)
            json_object_del(v, f[i].name);
}

static void
flatten_organization(json_t *v)
{
    static const char *const lists[] = {"organization_identifiers", "phones", "contacts", "funding",
                                        "attributes"};
    json_t *o = json_object_get(v, "organization");

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        json_object_del(o, lists[i]);
}

static json_t *
minimal(struct job *j, const json_t *doc)
{
    static const char *const kept[] = {"id", "name", "status", "last_modified"};
    json_t *v = document_own(j, json_object());

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (json_object_get(doc, kept[i]))
            json_object_set(v, kept[i], json_object_get(doc, kept[i]));
    return v;
}

json_t *
open_service(struct job *j, const json_t *doc, enum open_form form)
{
    json_t *v;

    if (form == OPEN_MINIMAL)
        return minimal(j, doc);
    v = document_own(j, json_deep_copy(doc));
    translate(j, v);
    document_tidy(v);
    if (!keep_part(v, HSDS_SERVICE, 0))
        return NULL;
    if (json_object_get(v, "organization"))
        json_object_set(v, "organization_id",
                        json_object_get(json_object_get(v, "organization"), "id"));
    if (form == OPEN_LIST) {
        flatten(v);
        flatten_organization(v);
    }
    return v;
}

json_t *
open_place(struct job *j, const json_t *doc, const char *id, enum open_form form)
{
    json_t *v = open_service(j, doc, OPEN_FULL),
           *service = open_service(j, doc, form == OPEN_FULL ? OPEN_FULL : OPEN_LIST), *list, *out;

    list = v ? json_object_get(v, "service_at_locations") : NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *at = json_array_get(list, i), *location = json_object_get(at, "location");
        if (strcmp(json_string_value(json_object_get(at, "id")), id) != 0)
            continue;
        out = document_own(j, json_copy(at));
        if (location)
            json_object_set(out, "location_id", json_object_get(location, "id"));
        json_object_set(out, "service_id", json_object_get(v, "id"));
        json_object_del(service, "service_at_locations");
        json_object_set(out, "service", service);
        json_object_set(out, "name", json_object_get(v, "name"));
        json_object_set(out, "status", json_object_get(v, "status"));
        return out;
    }
    return NULL;
}

json_t *
open_organization(struct job *j, const json_t *doc, enum open_form form)
{
    json_t *v = open_service(j, doc, form == OPEN_FULL ? OPEN_FULL : OPEN_LIST);

    return v ? json_object_get(v, "organization") : NULL;
}

/* ---- pages ----------------------------------------------------------------------------------- */

json_t *
open_page(struct job *j, const struct open_page *p, json_t *contents)
{
    int64_t pages = (p->total + p->per_page - 1) / p->per_page,
            size = (int64_t)json_array_size(contents);

    return document_own(
        j, json_pack("{s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:O}", "total_items",
                     (json_int_t)p->total, "total_pages", (json_int_t)pages, "page_number",
                     (json_int_t)p->page, "size", (json_int_t)size, "first_page", p->page == 1,
                     "last_page", p->page == pages || !pages, "empty", size == 0, "contents",
                     contents));
}
