#include "base/date.h"
#include "base/text.h"
#include "directory/repair_in.h"
#include <string.h>

static const char *
get(const json_t *v, const char *name)
{
    return json_string_value(json_object_get(v, name));
}

static void
set(json_t *v, const char *name, const char *s)
{
    json_object_set_new(v, name, json_string(s));
}

/* Where a member of at is, for a note. */
#define AT(member) (&(struct place){at, (member), -1})

/* A text that is missing comes from the first of these members that is there. */
static void
fill(struct mend *m, const struct place *at, json_t *v, const char *name, const char *const *from)
{
    for (; !get(v, name) && *from; from++)
        if (get(v, *from)) {
            mend_note(m, REPAIR_NAMED, AT(name), NULL);
            set(v, name, get(v, *from));
        }
}
#define FROM(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- service ----------------------------------------------------------------------------- */

enum { AGE_MOST = 120 };

static void
drop_age(struct mend *m, const struct place *at, json_t *v, const char *name)
{
    const json_t *age = json_object_get(v, name);

    if (age && (json_number_value(age) < 0 || json_number_value(age) > AGE_MOST)) {
        mend_note(m, REPAIR_NOT_AGE, AT(name), mend_was(m, age));
        json_object_del(v, name);
    }
}

static void
order_ages(struct mend *m, const struct place *at, json_t *v)
{
    json_t *low, *high;

    drop_age(m, at, v, "minimum_age");
    drop_age(m, at, v, "maximum_age");
    low = json_object_get(v, "minimum_age");
    high = json_object_get(v, "maximum_age");
    if (!low || !high || json_number_value(low) <= json_number_value(high))
        return;
    mend_note(m, REPAIR_AGES_SWAPPED, AT("minimum_age"),
              job_format(m->j, "%s to %s", document_words(m->j, low), document_words(m->j, high)));
    json_incref(low);
    json_object_set(v, "minimum_age", high);
    json_object_set_new(v, "maximum_age", low);
}

static void
look_at_age_of_check(struct mend *m, const struct place *at, const json_t *v)
{
    const char *on = get(v, "assured_date");
    int32_t day;

    if (on && date_parse(on, strlen(on), &day) && m->r->today - day <= 366)
        return;
    mend_note(m, REPAIR_OLD, AT("assured_date"), on);
}

static bool
service(struct mend *m, const struct place *at, json_t *v)
{
    if (!get(v, "status")) {
        mend_note(m, REPAIR_STATUS, AT("status"), NULL);
        set(v, "status", "active");
    }
    order_ages(m, at, v);
    if (!json_object_get(v, "organization"))
        mend_note(m, REPAIR_ORGANIZATION, AT("organization"), NULL);
    look_at_age_of_check(m, at, v);
    fill(m, at, v, "name", FROM("alternate_name"));
    return get(v, "name") != NULL;
}

/* ---- whose it is, where it is ------------------------------------------------------------ */

static bool
organization(struct mend *m, const struct place *at, json_t *v)
{
    fill(m, at, v, "name", FROM("alternate_name"));
    if (get(v, "name") && !get(v, "description")) {
        mend_note(m, REPAIR_DESCRIPTION, AT("description"), NULL);
        set(v, "description", get(v, "name"));
    }
    return get(v, "name") != NULL;
}

static bool
organization_identifier(struct mend *m, const struct place *at, json_t *v)
{
    fill(m, at, v, "identifier_type", FROM("identifier_scheme"));
    return get(v, "identifier_type") && get(v, "identifier");
}

/* The United Kingdom, with the Channel Islands left out. */
static bool
in_uk(double latitude, double longitude)
{
    return latitude >= 49.8 && latitude <= 61 && longitude >= -8.7 && longitude <= 1.8;
}

static void
look_at_coordinates(struct mend *m, const struct place *at, json_t *v)
{
    json_t *lat = json_object_get(v, "latitude"), *lon = json_object_get(v, "longitude");
    double a = json_number_value(lat), b = json_number_value(lon);
    const char *was;

    if ((!lat && !lon) || (lat && lon && in_uk(a, b)))
        return;
    was = job_format(m->j, "%s, %s", lat ? document_words(m->j, lat) : "",
                     lon ? document_words(m->j, lon) : "");
    if (lat && lon && in_uk(b, a)) {
        mend_note(m, REPAIR_PLACE_SWAPPED, AT("latitude"), was);
        json_incref(lat);
        json_object_set(v, "latitude", lon);
        json_object_set_new(v, "longitude", lat);
        return;
    }
    mend_note(m, REPAIR_PLACE, AT("latitude"), was);
    json_object_del(v, "latitude");
    json_object_del(v, "longitude");
}

static bool
location(struct mend *m, const struct place *at, json_t *v)
{
    look_at_coordinates(m, at, v);
    if (!get(v, "location_type")) {
        bool there = json_object_get(v, "addresses") || json_object_get(v, "latitude");

        mend_note(m, REPAIR_NAMED, AT("location_type"), NULL);
        set(v, "location_type", there ? "physical" : "virtual");
    }
    return true;
}

static void
postcode(struct mend *m, const struct place *at, json_t *v)
{
    static const char *const within[] = {"city", "region", "state_province", "address_2",
                                         "address_1"};
    const char *s = get(v, "postal_code");
    char code[10];

    for (size_t i = 0; !s && i < sizeof within / sizeof *within; i++)
        if (get(v, within[i]) && text_postcode(span_of(get(v, within[i])), code)) {
            mend_note(m, REPAIR_NAMED, AT("postal_code"), NULL);
            set(v, "postal_code", code);
            return;
        }
    if (!s)
        return;
    if (!text_postcode(span_of(s), code)) {
        mend_note(m, REPAIR_NOT_POSTCODE, AT("postal_code"), s);
    } else if (strcmp(s, code)) {
        mend_note(m, REPAIR_POSTCODE, AT("postal_code"), s);
        set(v, "postal_code", code);
    }
}

static void
country(struct mend *m, const struct place *at, json_t *v)
{
    static const char *const ours[] = {"UK", "U.K.", "GBR", "United Kingdom", "Great Britain",
                                       "England", "Wales", "Scotland", "Northern Ireland",
                                       "Britain", "gb"};
    const char *s = get(v, "country");
    bool fold = !s;

    for (size_t i = 0; s && i < sizeof ours / sizeof *ours; i++)
        fold = fold || !strcasecmp(s, ours[i]);
    if (fold && (!s || strcmp(s, "GB"))) {
        mend_note(m, REPAIR_COUNTRY, AT("country"), s);
        set(v, "country", "GB");
    }
}

/* What the standard demands of an address, from what is there of it. */
static bool
address(struct mend *m, const struct place *at, json_t *v)
{
    bool whole = get(v, "address_1") && get(v, "city") && get(v, "postal_code");

    postcode(m, at, v);
    if (!whole)
        mend_note(m, REPAIR_ADDRESS, at, NULL);
    fill(m, at, v, "city", FROM("region", "state_province"));
    fill(m, at, v, "address_1", FROM("address_2", "attention", "city", "postal_code"));
    fill(m, at, v, "city", FROM("address_2", "address_1"));
    fill(m, at, v, "state_province", FROM("region", "city"));
    country(m, at, v);
    if (!get(v, "address_type")) {
        mend_note(m, REPAIR_NAMED, AT("address_type"), NULL);
        set(v, "address_type", "physical");
    }
    return get(v, "address_1") != NULL;
}

/* ---- when, whom to ask ------------------------------------------------------------------- */

static bool
schedule(struct mend *m, const struct place *at, json_t *v)
{
    const char *days = get(v, "byday"), *form = days ? form_days(m->j, days) : NULL;

    if (days && !form) {
        mend_note(m, REPAIR_NOT_DAYS, AT("byday"), days);
        json_object_del(v, "byday");
    } else if (days && strcmp(days, form)) {
        mend_note(m, REPAIR_DAYS, AT("byday"), days);
        set(v, "byday", form);
    }
    if (form && !get(v, "freq")) {
        mend_note(m, REPAIR_FREQ, AT("freq"), NULL);
        set(v, "freq", "WEEKLY");
    }
    return true;
}

static bool
phone(struct mend *m, const struct place *at, json_t *v)
{
    const char *s = get(v, "number");

    if (s && strpbrk(s, "0123456789"))
        return true;
    mend_note(m, REPAIR_PHONE, AT("number"), s);
    return false;
}

static bool
contact(struct mend *m, const struct place *at, json_t *v)
{
    if (!m->r->open || !get(v, "name") || document_get(v, "rooted.consent"))
        return true;
    mend_note(m, REPAIR_CONSENT, AT("name"), NULL);
    json_object_set_new(v, "rooted", json_pack("{s:b}", "consent", 1));
    return true;
}

/* ---- categories -------------------------------------------------------------------------- */

static bool
taxonomy_term(struct mend *m, const struct place *at, json_t *v)
{
    fill(m, at, v, "name", FROM("term", "code"));
    fill(m, at, v, "description", FROM("name"));
    return get(v, "name") != NULL;
}

static bool
attribute(struct mend *m, const struct place *at, json_t *v)
{
    (void)m;
    (void)at;
    return json_object_get(v, "taxonomy_term") || get(v, "value") || get(v, "label");
}

static bool (*const own[HSDS_OBJECTS])(struct mend *, const struct place *, json_t *) = {
    [HSDS_SERVICE] = service,
    [HSDS_ORGANIZATION] = organization,
    [HSDS_ORGANIZATION_IDENTIFIER] = organization_identifier,
    [HSDS_LOCATION] = location,
    [HSDS_ADDRESS] = address,
    [HSDS_SCHEDULE] = schedule,
    [HSDS_PHONE] = phone,
    [HSDS_CONTACT] = contact,
    [HSDS_TAXONOMY_TERM] = taxonomy_term,
    [HSDS_TAXONOMY] = taxonomy_term,
    [HSDS_ATTRIBUTE] = attribute,
};

bool
mend_object(struct mend *m, const struct place *at, enum hsds_object o, json_t *v)
{
    return !own[o] || own[o](m, at, v);
}
