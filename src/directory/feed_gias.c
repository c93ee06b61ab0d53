#include "directory/feed.h"
#include "store/db.h"

static const char sql_schools[] =
    "SELECT e.urn, e.name, e.type_name, e.phase, e.low_age, e.high_age, e.postcode, e.district, "
    "a.name FROM establishment e JOIN area a ON a.area_id = e.la "
    "WHERE a.area_id = $1 AND e.phase IN ('ap', 'special') AND e.status = 1 ORDER BY e.urn";

struct gias_feed {
    json_t **school;
    size_t n, at;
};

static json_t *
address_of(const char *postcode, const char *district, const char *area)
{
    return json_pack("{s:s, s:s, s:s, s:s?, s:s, s:s}", "address_1",
                     postcode ? postcode : area, "city", district ? district : area,
                     "state_province", area, "postal_code", postcode, "country", "GB",
                     "address_type", "physical");
}

static json_t *
school_json(struct job *j, struct rows *q)
{
    const char *urn = job_format(j, "%lld", (long long)row_int(q, 0)), *name = row_text(q, 1);
    const char *type = row_text(q, 2), *phase = row_text(q, 3);
    bool ap = phase && phase[0] == 'a';
    json_t *v = json_pack(
        "{s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}, s:[{s:s, s:{s:s, s:s, s:s, s:[o]}}],"
        " s:{s:I, s:b, s:b, s:b, s:s}}",
        "id", urn, "name", name, "status", "active", "description",
        job_format(j, "%s: %s.", ap ? "Alternative provision" : "Special school", type),
        "organization", "id", urn, "name", name, "description", type, "website",
        job_format(j, "https://www.get-information-schools.service.gov.uk/"
                      "Establishments/Establishment/Details/%s", urn),
        "service_at_locations", "id", urn, "location", "id", urn, "name", name,
        "location_type", "physical", "addresses",
        address_of(row_text(q, 6), row_text(q, 7), row_text(q, 8)), "rooted", "urn",
        (json_int_t)row_int(q, 0), "full_time", 1, "in_person", 1, "send", !ap, "access",
        "referral");

    if (v && !row_is_null(q, 4))
        json_object_set_new(v, "minimum_age", json_integer(row_int(q, 4)));
    if (v && !row_is_null(q, 5))
        json_object_set_new(v, "maximum_age", json_integer(row_int(q, 5)));
    return document_own(j, v);
}

static enum err
next_school(struct job *j, void *arg, struct feed_record *out, bool *more)
{
    struct gias_feed *f = arg;

    *more = f->at < f->n;
    if (*more)
        *out = (struct feed_record){.value = document_own(j, json_deep_copy(f->school[f->at++]))};
    return OK;
}

enum err
feed_open_gias(struct job *j, struct feed *out)
{
    struct gias_feed *f = job_alloc(j, sizeof *f);
    size_t room = 64;
    struct rows q;
    enum err e;

    f->school = job_array(j, room, sizeof(json_t *));
    db_ask(j, &q, sql_schools, ARGS(INT(j->area)));
    while (db_next(&q)) {
        if (f->n == room) {
            f->school = job_grow(j, f->school, room * sizeof(json_t *),
                                 2 * room * sizeof(json_t *));
            room *= 2;
        }
        f->school[f->n] = school_json(j, &q);
        f->n += f->school[f->n] != NULL;
    }
    e = db_done(&q);
    *out = (struct feed){"schools of GIAS", FEED_GIAS, next_school, f};
    if (!e && !f->n) {
        err_set(j, ERR_INPUT, "No special school and no alternative provision is in the store");
        return err_hint(j, "Load GIAS first: rooted load edubasealldata.csv");
    }
    return e;
}
