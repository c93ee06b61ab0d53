#include "directory/open_oruk1.h"

/* Which members go where, object by object: {as it is called here, as it is called there}. */
struct name { const char *from, *to; };

static const struct name service_names[] = {
    {"id", "id"}, {"name", "name"}, {"description", "description"}, {"url", "url"},
    {"email", "email"}, {"status", "status"}, {"fees", "fees"},
    {"accreditations", "accreditations"}, {"assured_date", "assured_date"}, {NULL, NULL}};
static const struct name organization_names[] = {
    {"id", "id"}, {"name", "name"}, {"description", "description"}, {"email", "email"},
    {"website", "url"}, {"logo", "logo"}, {"uri", "uri"}, {NULL, NULL}};
static const struct name contact_names[] = {
    {"id", "id"}, {"name", "name"}, {"title", "title"}, {"email", "email"}, {NULL, NULL}};
static const struct name phone_names[] = {{"id", "id"}, {"number", "number"}, {NULL, NULL}};
static const struct name cost_names[] = {
    {"id", "id"}, {"option", "option"}, {"amount", "amount"},
    {"amount_description", "amount_description"}, {"valid_from", "valid_from"},
    {"valid_to", "valid_to"}, {NULL, NULL}};
static const struct name language_names[] = {{"id", "id"}, {"name", "language"}, {NULL, NULL}};
static const struct name schedule_names[] = {
    {"id", "id"}, {"freq", "freq"}, {"interval", "interval"}, {"byday", "byday"},
    {"bymonthday", "bymonthday"}, {"opens_at", "opens_at"}, {"closes_at", "closes_at"},
    {"valid_from", "valid_from"}, {"valid_to", "valid_to"}, {"dtstart", "dtstart"},
    {"description", "description"}, {NULL, NULL}};
static const struct name area_names[] = {
    {"id", "id"}, {"name", "service_area"}, {"extent", "extent"}, {"uri", "uri"}, {NULL, NULL}};
static const struct name funding_names[] = {{"id", "id"}, {"source", "source"}, {NULL, NULL}};
static const struct name location_names[] = {
    {"id", "id"}, {"name", "name"}, {"description", "description"}, {"latitude", "latitude"},
    {"longitude", "longitude"}, {NULL, NULL}};
static const struct name address_names[] = {
    {"id", "id"}, {"address_1", "address_1"}, {"city", "city"},
    {"state_province", "state_province"}, {"postal_code", "postal_code"}, {"country", "country"},
    {NULL, NULL}};
static const struct name access_names[] = {
    {"id", "id"}, {"description", "accessibility"}, {NULL, NULL}};

static json_t *
renamed(const json_t *v, const struct name *names)
{
    json_t *to = json_object();

    for (; names->from; names++)
        if (json_object_get(v, names->from))
            json_object_set(to, names->to, json_object_get(v, names->from));
    return to;
}

/* Every one of a list; nothing where there is none. */
static void
put_list(json_t *to, const char *as, const json_t *list, const struct name *names)
{
    json_t *all = json_array();

    for (size_t i = 0; i < json_array_size(list); i++)
        json_array_append_new(all, renamed(json_array_get(list, i), names));
    if (json_array_size(all))
        json_object_set(to, as, all);
    json_decref(all);
}

static void
put_contacts(json_t *to, const json_t *v)
{
    const json_t *contacts = json_object_get(v, "contacts"), *phones = json_object_get(v, "phones");
    json_t *all = json_array();

    for (size_t i = 0; i < json_array_size(contacts); i++) {
        const json_t *c = json_array_get(contacts, i);
        json_t *one = renamed(c, contact_names);
        put_list(one, "phones", json_object_get(c, "phones"), phone_names);
        json_array_append_new(all, one);
    }
    if (json_array_size(phones)) { /* 1.0 has phones of contacts alone */
        json_t *one = json_object();
        json_object_set(one, "id", json_object_get(json_array_get(phones, 0), "id"));
        put_list(one, "phones", phones, phone_names);
        json_array_append_new(all, one);
    }
    if (json_array_size(all))
        json_object_set(to, "contacts", all);
    json_decref(all);
}

static void
put_ages(json_t *to, const json_t *v)
{
    static const struct name names[] = {{"id", "id"}, {"minimum_age", "minimum_age"},
                                        {"maximum_age", "maximum_age"}, {NULL, NULL}};
    json_t *one = renamed(v, names);

    if (json_object_size(one) < 2) {
        json_decref(one);
        return;
    }
    json_object_set_new(to, "eligibilitys", json_pack("[o]", one));
}

static void
put_places(json_t *to, const json_t *v)
{
    const json_t *list = json_object_get(v, "service_at_locations");
    json_t *all = json_array();

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *at = json_array_get(list, i), *location = json_object_get(at, "location");
        json_t *one = json_object(), *where = renamed(location, location_names);
        json_object_set(one, "id", json_object_get(at, "id"));
        put_list(where, "physical_addresses", json_object_get(location, "addresses"),
                 address_names);
        put_list(where, "accessibility_for_disabilities",
                 json_object_get(location, "accessibility"), access_names);
        json_object_set_new(one, "location", where);
        json_array_append_new(all, one);
    }
    if (json_array_size(all))
        json_object_set(to, "service_at_locations", all);
    json_decref(all);
}

static json_t *
taxonomy(const json_t *term)
{
    static const struct name names[] = {
        {"id", "id"}, {"name", "name"}, {"taxonomy", "vocabulary"}, {NULL, NULL}};

    return renamed(term, names);
}

json_t *
oruk1_taxonomy(struct job *j, const json_t *term)
{
    return document_own(j, taxonomy(term));
}

static void
put_taxonomies(json_t *to, const json_t *v)
{
    const json_t *list = json_object_get(v, "attributes");
    json_t *all = json_array();

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *a = json_array_get(list, i), *term = json_object_get(a, "taxonomy_term");
        if (term)
            json_array_append_new(all, json_pack("{s:O, s:o}", "id", json_object_get(a, "id"),
                                                 "taxonomy", taxonomy(term)));
    }
    if (json_array_size(all))
        json_object_set(to, "service_taxonomys", all);
    json_decref(all);
}

json_t *
oruk1_of(struct job *j, const json_t *v)
{
    json_t *to = document_own(j, renamed(v, service_names));

    if (json_object_get(v, "organization"))
        json_object_set_new(to, "organization",
                            renamed(json_object_get(v, "organization"), organization_names));
    put_contacts(to, v);
    put_ages(to, v);
    put_places(to, v);
    put_taxonomies(to, v);
    put_list(to, "cost_options", json_object_get(v, "cost_options"), cost_names);
    put_list(to, "fundings", json_object_get(v, "funding"), funding_names);
    put_list(to, "languages", json_object_get(v, "languages"), language_names);
    put_list(to, "regular_schedules", json_object_get(v, "schedules"), schedule_names);
    put_list(to, "service_areas", json_object_get(v, "service_areas"), area_names);
    return to;
}

/* Its text says "contents", what is served everywhere is "content". */
json_t *
oruk1_page(struct job *j, int64_t total, int64_t page, int64_t per_page, json_t *contents)
{
    int64_t pages = (total + per_page - 1) / per_page, size = (int64_t)json_array_size(contents);

    return document_own(
        j, json_pack("{s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:O}", "totalElements",
                     (json_int_t)total, "totalPages", (json_int_t)pages, "number",
                     (json_int_t)page, "size", (json_int_t)size, "first", page == 1, "last",
                     page == pages || !pages, "empty", size == 0, "content", contents));
}
