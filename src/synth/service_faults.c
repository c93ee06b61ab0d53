#include "base/date.h"
#include "base/text.h"
#include "directory/uuid.h"
#include "synth/service_parts.h"

static void
put_text(json_t *v, const char *name, const char *text)
{
    json_object_set_new(v, name, json_string(text));
}

static void
aged(struct service_file *f, struct site *s, json_t *v, int32_t from, int32_t days)
{
    char buf[DATE_TEXT];

    put_text(v, "assured_date",
             date_iso(f->today - from - (int32_t)random_below(&s->random, days), buf));
}

static void due(struct service_file *f, struct site *s, json_t *v) { aged(f, s, v, 100, 160); }
static void stale(struct service_file *f, struct site *s, json_t *v) { aged(f, s, v, 380, 900); }

static void
unchecked(struct service_file *f, struct site *s, json_t *v)
{
    (void)f, (void)s;
    json_object_del(v, "assured_date");
}

static void
formatted(struct service_file *f, struct site *s, json_t *v)
{
    put_text(v, "description",
             job_format(f->in->j, "<p><strong>%s</strong></p><p>%s&nbsp;</p><script>x()</script>",
                        s->offer->summary, s->offer->story));
}

static void
empties(struct service_file *f, struct site *s, json_t *v)
{
    (void)f, (void)s;
    put_text(v, "fees", "");
    json_object_set_new(v, "accreditations", json_null());
    put_text(v, "alert", "  ");
}

/* As many feeds number theirs. */
static void
numbered(struct service_file *f, struct site *s, json_t *v)
{
    put_text(v, "id", job_format(f->in->j, "svc-%d", s->number));
}

static void
ages(struct service_file *f, struct site *s, json_t *v)
{
    (void)f;
    json_object_set_new(v, "minimum_age", json_integer(s->offer->to));
    json_object_set_new(v, "maximum_age", json_integer(s->offer->from));
}

static void
ageless(struct service_file *f, struct site *s, json_t *v)
{
    (void)f, (void)s;
    json_object_del(v, "minimum_age");
    json_object_del(v, "maximum_age");
}

static void
undescribed(struct service_file *f, struct site *s, json_t *v)
{
    (void)f, (void)s;
    json_object_del(json_object_get(v, "organization"), "description");
}

static void
addresses(struct service_file *f, struct site *s, json_t *v)
{
    (void)f, (void)s;
    put_text(v, "url", "ask at the desk");
    put_text(v, "email", "hello at example");
}

static void
status(struct service_file *f, struct site *s, json_t *v)
{
    (void)f, (void)s;
    put_text(v, "status", "Active");
    put_text(v, "assured_date", "14/03/2025");
}

/* A place without a county, and without coordinates. */
static void
unplaced(struct service_file *f, struct site *s, json_t *v)
{
    json_t *at = json_object_get(json_array_get(json_object_get(v, "service_at_locations"), 0),
                                 "location");
    (void)f, (void)s;
    json_object_del(at, "latitude");
    json_object_del(at, "longitude");
    json_object_del(json_array_get(json_object_get(at, "addresses"), 0), "state_province");
}

/* What is wrong, and how often: of a hundred. */
static const struct fault {
    void (*plant)(struct service_file *f, struct site *s, json_t *v);
    int share;
} faults[] = {
    {due, 18},       {stale, 12},      {unchecked, 4}, {formatted, 7}, {empties, 6},
    {numbered, 6},   {ages, 2},        {ageless, 5},   {undescribed, 6}, {addresses, 3},
    {status, 4},     {unplaced, 5},
};

void
service_spoil(struct service_file *f, struct site *s, json_t *v)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (random_below(&s->random, 100) < faults[i].share)
            faults[i].plant(f, s, v);
}

json_t *
service_again(const json_t *v)
{
    json_t *twin = json_deep_copy(v);
    char id[UUID_TEXT];
    const char *name = json_string_value(json_object_get(v, "name"));
    char other[160];

    snprintf(other, sizeof other, "%s (Ashmere)", name);
    put_text(twin, "id", uuid_of_name(uuid_rooted, span_of(other), id));
    put_text(twin, "name", other);
    json_object_del(json_array_get(json_object_get(twin, "service_at_locations"), 0), "id");
    return twin;
}
