#include "directory/oruk1.h"
#include <string.h>

static const char *const marks[] = {"eligibilitys", "regular_schedules", "holiday_schedules",
                                    "service_taxonomys", "fundings", "attending_type",
                                    "attending_access", "deliverable_type", "link_taxonomies",
                                    "reviews"};

bool
oruk1_is(const json_t *v)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (json_object_get(v, marks[i]))
            return true;
    return document_get(v, "service_at_locations[0].location.physical_addresses") ||
           document_get(v, "organization.url");
}

/* ---- one thing after another ------------------------------------------------------------- */

static void
rename_to(json_t *v, const char *from, const char *to)
{
    json_t *in = json_object_get(v, from);

    if (!in || json_object_get(v, to))
        return;
    json_object_set(v, to, in);
    json_object_del(v, from);
}

static void
rename_each(json_t *list, const char *from, const char *to)
{
    json_t *v;
    size_t i;

    json_array_foreach(list, i, v)
        rename_to(v, from, to);
}

static json_t *
list_of(json_t *v, const char *name)
{
    if (!json_is_array(json_object_get(v, name)))
        json_object_set_new(v, name, json_array());
    return json_object_get(v, name);
}

static json_t *
ours(json_t *v)
{
    if (!json_is_object(json_object_get(v, "rooted")))
        json_object_set_new(v, "rooted", json_object());
    return json_object_get(v, "rooted");
}

static bool
to_number(struct job *j, const json_t *v, double *out)
{
    int64_t n;
    const char *s = document_words(j, v);

    if (json_is_number(v)) {
        *out = json_number_value(v);
        return true;
    }
    if (!text_to_int(s, strlen(s), &n))
        return false;
    *out = (double)n;
    return true;
}

/* The widest of the ages that its groups have. */
static void
widen(struct job *j, json_t *v, const char *name, const json_t *given, bool low)
{
    json_t *now = json_object_get(v, name);
    double a, b;

    if (!to_number(j, given, &a)) {
        if (!now && json_is_string(given) && json_string_length(given))
            json_object_set_new(v, name, json_copy((json_t *)(uintptr_t)given));
        return;
    }
    if (!now || !to_number(j, now, &b) || (low ? a < b : a > b))
        json_object_set_new(v, name, json_copy((json_t *)(uintptr_t)given));
}

static void
eligibility(struct job *j, json_t *v)
{
    const char *all = document_string(v, "eligibility_description");
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(v, "eligibilitys"), i, one) {
        const char *s = document_string(one, "eligibility");

        widen(j, v, "minimum_age", json_object_get(one, "minimum_age"), true);
        widen(j, v, "maximum_age", json_object_get(one, "maximum_age"), false);
        if (s && *s && (!all || !strstr(all, s)))
            all = all ? job_format(j, "%s\n\n%s", all, s) : s;
    }
    if (all)
        json_object_set_new(v, "eligibility_description", json_string(all));
    json_object_del(v, "eligibilitys");
}

static void
schedules(json_t *v)
{
    json_t *to = list_of(v, "schedules"), *one;
    size_t i;

    json_array_foreach(json_object_get(v, "regular_schedules"), i, one) {
        rename_to(one, "weekday", "byday");
        json_array_append(to, one);
    }
    json_array_foreach(json_object_get(v, "holiday_schedules"), i, one) {
        rename_to(one, "start_date", "valid_from");
        rename_to(one, "end_date", "valid_to");
        if (json_is_true(json_object_get(one, "closed")))
            json_object_set_new(one, "notes", json_string("Closed"));
        json_object_del(one, "closed");
        json_array_append(to, one);
    }
    json_object_del(v, "regular_schedules");
    json_object_del(v, "holiday_schedules");
}

/* A taxonomy of 1.0 is a term; its vocabulary is the taxonomy. */
static json_t *
term_of(json_t *taxonomy)
{
    rename_to(taxonomy, "vocabulary", "taxonomy");
    rename_to(taxonomy, "parent", "parent_id");
    return json_incref(taxonomy);
}

static void
categories(json_t *v, const char *from)
{
    json_t *to = list_of(v, "attributes"), *one;
    size_t i;

    json_array_foreach(json_object_get(v, from), i, one) {
        json_t *taxonomy = json_object_get(one, "taxonomy"), *a;

        if (!json_is_object(taxonomy))
            continue;
        a = json_object();
        if (json_object_get(one, "id"))
            json_object_set(a, "id", json_object_get(one, "id"));
        json_object_set_new(a, "taxonomy_term", term_of(taxonomy));
        json_array_append_new(to, a);
    }
    json_object_del(v, from);
    if (!json_array_size(to))
        json_object_del(v, "attributes");
}

/* How one attends, which 1.0 has as one value or several with commas. */
static void
attending(json_t *v)
{
    static const char *const is[][2] = {{"phone", "by_phone"}, {"online", "online"},
                                        {"venue", "in_person"}, {"home", "home"}};
    const char *s = document_string(v, "attending_type");

    for (size_t i = 0; s && i < sizeof is / sizeof *is; i++)
        if (strcasestr(s, is[i][0]))
            json_object_set_new(ours(v), is[i][1], json_true());
    if (s)
        json_object_del(v, "attending_type");
    if (document_string(v, "attending_access"))
        json_object_set(ours(v), "access", json_object_get(v, "attending_access"));
    json_object_del(v, "attending_access");
}

static void
deliverable(json_t *v)
{
    const char *s = document_string(v, "deliverable_type");

    if (s && *s)
        json_array_append_new(list_of(v, "attributes"),
                              json_pack("{s:s, s:s, s:s}", "link_type", "deliverable_type",
                                        "label", "What it gives", "value", s));
    json_object_del(v, "deliverable_type");
}

static void
places(json_t *v)
{
    json_t *place;
    size_t i;

    json_array_foreach(json_object_get(v, "service_at_locations"), i, place) {
        json_t *location = json_object_get(place, "location");

        rename_to(location, "physical_addresses", "addresses");
        rename_to(location, "accessibility_for_disabilities", "accessibility");
        rename_to(place, "regular_schedules", "schedules");
        rename_each(json_object_get(place, "schedules"), "weekday", "byday");
        if (json_is_object(location))
            categories(location, "link_taxonomies");
    }
}

void
oruk1_convert(struct job *j, json_t *v)
{
    json_t *organization = json_object_get(v, "organization");

    eligibility(j, v);
    schedules(v);
    categories(v, "service_taxonomys");
    categories(v, "link_taxonomies");
    attending(v);
    deliverable(v);
    places(v);
    rename_to(v, "fundings", "funding");
    rename_each(json_object_get(v, "languages"), "language", "name");
    rename_to(organization, "url", "website");
    if (json_is_object(organization))
        categories(organization, "link_taxonomies");
    if (!json_array_size(json_object_get(v, "schedules")))
        json_object_del(v, "schedules");
}
