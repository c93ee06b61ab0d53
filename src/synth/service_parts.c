#include "synth/service_parts.h"
#include "base/date.h"
#include "base/text.h"
#include "directory/uuid.h"

static const char *const sites[] = {
#define SITE(name) name,
#include "synth/services.def"
};
enum { SITES = sizeof sites / sizeof *sites, STREETS = 24 };

static void
put(json_t *v, const char *name, json_t *value)
{
    json_object_set_new(v, name, value);
}

static void
put_text(json_t *v, const char *name, const char *text)
{
    put(v, name, json_string(text));
}

/* An id of a part: the same for the same service and part. */
static void
put_id(json_t *v, const struct site *s, const char *part)
{
    char name[80], id[UUID_TEXT];

    snprintf(name, sizeof name, "ashmere %d %s", s->number, part);
    put_text(v, "id", uuid_of_name(uuid_rooted, span_of(name), id));
}

static void
put_date(json_t *v, const char *name, int32_t date)
{
    char buf[DATE_TEXT];

    put_text(v, name, date_iso(date, buf));
}

/* "a|b c" as a list. */
static json_t *
words(const char *list)
{
    json_t *v = json_array();

    while (*list) {
        size_t n = strcspn(list, "| ");
        json_array_append_new(v, json_stringn(list, n));
        list += n + (list[n] != '\0');
    }
    return v;
}

static bool
given(const struct site *s, char how)
{
    return strchr(s->offer->how, how) != NULL;
}

/* "steady-ground.example": a domain that nobody can own. */
static const char *
domain(struct job *j, const struct provider *p)
{
    char *out = job_alloc(j, strlen(p->name) + 1), *to = out;

    for (const char *c = p->name; *c; c++) {
        if ((*c | 32) >= 'a' && (*c | 32) <= 'z')
            *to++ = (char)(*c | 32);
        else if (*c == ' ')
            *to++ = '-';
    }
    return job_format(j, "%s.example", out);
}

static json_t *
organization(struct job *j, const struct site *s)
{
    json_t *v = json_object();
    char id[UUID_TEXT];

    put_text(v, "id", uuid_of_name(uuid_rooted, span_of(s->provider->name), id));
    put_text(v, "name", s->provider->name);
    put_text(v, "description", s->provider->says);
    put_text(v, "website", job_format(j, "https://%s", domain(j, s->provider)));
    put_text(v, "email", job_format(j, "hello@%s", domain(j, s->provider)));
    return v;
}

static json_t *
address(struct service_file *f, struct site *s)
{
    char postcode[PLACE_TEXT];
    json_t *v = json_object();

    put_id(v, s, "address");
    put_text(v, "address_1", job_format(f->in->j, "%d %s", 1 + (int)random_below(&s->random, 90),
                                        world_street((int)random_below(&s->random, STREETS))));
    put_text(v, "city", world_district(f->w->place[s->place].district));
    put_text(v, "state_province", "Ashmere");
    put_text(v, "postal_code", world_postcode(s->place, s->postcode, postcode));
    put_text(v, "country", "GB");
    put_text(v, "address_type", "physical");
    return v;
}

static json_t *
accessibility(struct site *s)
{
    json_t *v = json_object();

    put_id(v, s, "access");
    put_text(v, "description", random_chance(&s->random, 0.7) ? "Step-free entrance and toilet"
                                                               : "Steps at the entrance");
    return v;
}

static json_t *
location(struct service_file *f, struct site *s)
{
    struct spot at = world_spot(f->w, s->place, s->postcode);
    json_t *v = json_object(), *addresses = json_array(), *access = json_array();

    put_id(v, s, "location");
    put_text(v, "location_type", "physical");
    put_text(v, "name", job_format(f->in->j, "%s %s",
                                   world_district(f->w->place[s->place].district),
                                   sites[random_below(&s->random, SITES)]));
    put(v, "latitude", json_real((double)at.latitude / 1e6));
    put(v, "longitude", json_real((double)at.longitude / 1e6));
    json_array_append_new(addresses, address(f, s));
    put(v, "addresses", addresses);
    if (random_chance(&s->random, 0.6))
        json_array_append_new(access, accessibility(s));
    put(v, "accessibility", access);
    return v;
}

static json_t *
places(struct service_file *f, struct site *s)
{
    json_t *list = json_array(), *v = json_object();

    put_id(v, s, "place");
    put(v, "location", location(f, s));
    json_array_append_new(list, v);
    return list;
}

static json_t *
schedules(const struct site *s)
{
    json_t *list = json_array(), *v;

    if (!*s->offer->days)
        return list;
    v = json_object();
    put_id(v, s, "schedule");
    put_text(v, "freq", "WEEKLY");
    put(v, "interval", json_integer(1));
    put_text(v, "opens_at", s->offer->opens);
    put_text(v, "closes_at", s->offer->closes);
    {
        char days[32];
        size_t n = strlen(s->offer->days);
        for (size_t i = 0; i <= n; i++)
            days[i] = s->offer->days[i] == '|' ? ',' : s->offer->days[i];
        put_text(v, "byday", days);
    }
    json_array_append_new(list, v);
    return list;
}

/* The council's and the health services' are for all of Ashmere, others often for a district. */
static json_t *
areas(struct service_file *f, struct site *s)
{
    json_t *list = json_array(), *v = json_object();
    int district = f->w->place[s->place].district;
    bool all = s->offer->kind == 'C' || s->offer->kind == 'H' || random_chance(&s->random, 0.6);

    put_id(v, s, "area");
    put_text(v, "name", all ? "Ashmere" : world_district(district));
    put_text(v, "extent_type", "gss");
    put_text(v, "extent", all ? "E10000901" : job_format(f->in->j, "E07000%d", 901 + district));
    json_array_append_new(list, v);
    return list;
}

static json_t *
cost(const struct site *s, const char *who, int pence)
{
    json_t *v = json_object();

    put_id(v, s, who);
    put_text(v, "option", who);
    put(v, "amount", json_real((double)pence / 100));
    put_text(v, "currency", "GBP");
    return v;
}

static json_t *
costs(const struct site *s)
{
    json_t *list = json_array();

    if (s->offer->school > 0)
        json_array_append_new(list, cost(s, "Schools", s->offer->school));
    if (s->offer->family > 0)
        json_array_append_new(list, cost(s, "Families", s->offer->family));
    return list;
}

static json_t *
languages(struct site *s)
{
    static const char *const most[][2] = {{"pl", "Polish"}, {"ar", "Arabic"}, {"ur", "Urdu"},
                                          {"ro", "Romanian"}, {"bfi", "British Sign Language"}};
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        json_t *v;
        if (!random_chance(&s->random, 0.08))
            continue;
        v = json_object();
        put_id(v, s, most[i][0]);
        put_text(v, "code", most[i][0]);
        put_text(v, "name", most[i][1]);
        json_array_append_new(list, v);
    }
    return list;
}

static json_t *
phones(struct site *s)
{
    json_t *list = json_array(), *v = json_object();
    char number[24];

    /* 01632 960000 to 960999 are kept for drama (Ofcom) */
    snprintf(number, sizeof number, "01632 960%03d", (int)random_below(&s->random, 1000));
    put_id(v, s, "phone");
    put_text(v, "number", number);
    json_array_append_new(list, v);
    return list;
}

static json_t *
waiting(struct service_file *f, struct site *s)
{
    int weeks = s->offer->wait + (int)random_below(&s->random, 4) - 1;
    json_t *v = json_object();

    if (s->offer->wait < 0 || random_chance(&s->random, 0.2))
        return v;
    put(v, "weeks", json_integer(weeks < 0 ? 0 : weeks));
    put_date(v, "measured_on", f->today - (int32_t)random_below(&s->random, 120));
    return v;
}

static json_t *
price(const struct offer *o)
{
    bool course = strstr(o->how, "s") || o->school > 20000;
    json_t *v = json_object();

    put(v, "amount", json_integer(o->school));
    put_text(v, "unit", o->school < 13000 ? "day" : course ? "course" : "place");
    put_text(v, "included", "All sessions, and a report at the end");
    return v;
}

static json_t *
capacity(struct service_file *f, struct site *s)
{
    int most = 6 + (int)random_below(&s->random, 30);
    json_t *v = json_object();

    put(v, "maximum", json_integer(most));
    put(v, "available", json_integer(s->offer->wait > 2 ? 0 : random_below(&s->random, most)));
    put_text(v, "unit", "places");
    put_date(v, "measured_on", f->today - (int32_t)random_below(&s->random, 120));
    return v;
}

static json_t *
ours(struct service_file *f, struct site *s)
{
    const struct offer *o = s->offer;
    json_t *v = json_object();

    put(v, "needs", words(o->needs));
    put(v, "refer_by", words(o->refer));
    if (*o->send) {
        put(v, "send", json_true());
        put(v, "send_needs", words(o->send));
    }
    put(v, "in_person", json_boolean(given(s, 'p') || given(s, 's')));
    put(v, "home", json_boolean(given(s, 'h')));
    put(v, "online", json_boolean(given(s, 'o')));
    put(v, "by_phone", json_boolean(given(s, 't')));
    put(v, "free_to_family", json_boolean(o->family <= 0));
    if (o->school >= 0)
        put(v, "free_to_school", json_boolean(o->school == 0));
    put(v, "wait", waiting(f, s));
    if (o->kind != 'C' && random_chance(&s->random, 0.5))
        put(v, "capacity", capacity(f, s));
    if (o->school > 0)
        put(v, "prices", json_pack("[o]", price(o)));
    put_text(v, "how_to_refer",
             strstr(o->refer, "young-person") ? "Call, write or walk in. Nobody has to refer you."
             : strstr(o->refer, "parent")
                 ? "Call us, or ask the school to send the form."
                 : "The school sends the form, with the parents’ consent.");
    put(v, "consent_needed", json_boolean(!strstr(o->refer, "young-person")));
    put(v, "reply_days", json_integer(2 + random_below(&s->random, 9)));
    if (strstr(o->names, "Refuge")) {
        put(v, "masked_address", json_true());
        put_text(v, "notes", "Never give out where this is.");
    }
    return v;
}

json_t *
service_make(struct service_file *f, struct site *s)
{
    struct job *j = f->in->j;
    const struct offer *o = s->offer;
    json_t *v = json_object();

    put_id(v, s, "service");
    put_text(v, "name", s->name);
    put_text(v, "description", job_format(j, "%s\n\n%s", o->summary, o->story));
    put_text(v, "status", "active");
    put_text(v, "url", job_format(j, "https://%s/help/%d", domain(j, s->provider), s->number));
    put_text(v, "email", job_format(j, "team%d@%s", s->number, domain(j, s->provider)));
    if (o->from >= 0) {
        put(v, "minimum_age", json_integer(o->from));
        put(v, "maximum_age", json_integer(o->to));
    }
    put_date(v, "assured_date", f->today - (int32_t)random_below(&s->random, 100));
    put(v, "organization", organization(j, s));
    put(v, "service_at_locations", given(s, 'p') || given(s, 's') ? places(f, s) : json_array());
    put(v, "schedules", schedules(s));
    put(v, "service_areas", areas(f, s));
    put(v, "cost_options", costs(s));
    put(v, "languages", languages(s));
    put(v, "phones", phones(s));
    put(v, "rooted", ours(f, s));
    return v;
}
