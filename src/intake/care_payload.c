#include "intake/care_fact.h"
#include "returns/fields.h"

/* DfE's daily social care payload: children as they stand on a day, each with its number and
 * all of its episodes.  What is marked "purge" is taken back: it is told and not loaded. */

enum { MOST_SCORE = 40 };

struct payload {
    struct loading *l;
    struct care_source source;
    struct care_people people;
    struct map_salt salt;
    struct map *gone;       /* episodes of this payload that are taken back */
    int64_t identity_id;    /* the child being read; 0: taken back, or none */
};

enum err
care_payload_begin(struct job *j, struct loading *l, void **state)
{
    struct payload *x = job_alloc(j, sizeof *x);
    int32_t day = l->made_on == DATE_NONE ? j->today : l->made_on;
    char text[DATE_TEXT];
    enum err e;

    *state = x;
    x->l = l;
    x->salt = map_salt_new();
    x->source = care_source_on("care-api", day);
    snprintf(l->title, sizeof l->title, "Social care payload, to %s", date_words(day, text));
    e = care_people_open(j, l, &x->people);
    return e ? e : map_open(j, 0, &x->gone);
}

static bool
is_yes(const struct value *v)
{
    return v->given && v->i;
}

/* What earlier files told of the child stays: it is withdrawn with them. */
static const char sql_told_before[] =
    "SELECT COUNT(*) FROM identity i JOIN care_episode c ON c.area_id = i.area_id "
    "AND c.identity_id = i.identity_id WHERE i.area_id = $1 AND i.local_id = $2 "
    "AND c.batch_id <> $3";

static enum err
tell_purged(struct job *j, struct payload *x, const struct record *r, const struct value *id)
{
    struct place at = loading_place(x->l, r, 0);
    char detail[96] = "";
    int64_t n = 0;
    enum err e = OK;

    if (id)
        e = db_int(j, sql_told_before,
                   ARGS(INT(j->area), TEXT(id->s), INT(x->l->batch_id)), 0, &n);
    if (n)
        snprintf(detail, sizeof detail, "; earlier files tell %lld things of this child",
                 (long long)n);
    loading_aside(x->l, "that the sender takes back");
    return e ? e : loading_find(j, x->l, &at, FOUND_PURGED, detail);
}

static enum err
take_child(struct job *j, struct payload *x, const struct record *r)
{
    const struct value *v = r->v;
    struct place at = loading_place(x->l, r, 0);
    struct description d = {
        .local_id = value_span(&v[API_CHILD_ID]), .upn = value_span(&v[API_CHILD_UPN]),
        .former_upn = value_span(&v[API_CHILD_FORMER_UPN]),
        .surname = value_span(&v[API_CHILD_SURNAME]),
        .forename = value_span(&v[API_CHILD_FORENAME]), .born = value_date(&v[API_CHILD_BORN]),
        .sex = value_span(&v[API_CHILD_SEX]), .postcode = value_span(&v[API_CHILD_POSTCODE])};
    char la[32];

    x->identity_id = 0;
    if (!v[API_CHILD_ID].given)
        return loading_find(j, x->l, &at, FOUND_ID_MISSING, NULL);
    if (v[API_CHILD_LA].given && v[API_CHILD_LA].i != j->area) {
        snprintf(la, sizeof la, "%03lld", (long long)v[API_CHILD_LA].i);
        return loading_find(j, x->l, &at, FOUND_OTHER_AREA, la);
    }
    if (is_yes(&v[API_CHILD_PURGE]))
        return tell_purged(j, x, r, &v[API_CHILD_ID]);
    return care_people_add(j, &x->people, &at, &d, &x->identity_id);
}

static enum err
take_sdq(struct job *j, struct payload *x, const struct record *r)
{
    const struct value *day = &r->v[API_SDQ_DATE], *score = &r->v[API_SDQ_SCORE];
    struct care_fact f =
        care_fact_of(x->identity_id, "sdq", (int32_t)day->i, (int32_t)day->i + 1);
    struct place at = loading_place(x->l, r, 0);

    if (!day->given || !score->given) {
        loading_aside(x->l, "without a day or a score");
        return OK;
    }
    if (score->i > MOST_SCORE)
        return loading_find(j, x->l, &at, FOUND_SCORE_RANGE, NULL);
    f.score = INT(score->i);
    return care_fact_write(j, x->l, &x->source, r, &f);
}

static uint64_t
key_of(const struct payload *x, const struct value *v)
{
    return map_key(&x->salt, v->s, v->given ? v->n : 0);
}

static enum err
take_episode(struct job *j, struct payload *x, const struct record *r)
{
    const struct value *v = r->v;
    struct care_fact f = care_fact_of(x->identity_id, "referral", DATE_NONE, DATE_OPEN);
    enum err e;

    if (is_yes(&v[API_EPISODE_PURGE])) {
        e = map_put(j, x->gone, key_of(x, &v[API_EPISODE_KEY]), 1);
        return e ? e : tell_purged(j, x, r, NULL);
    }
    e = care_fact_days(j, x->l, r,
                       (struct care_days){&v[API_EPISODE_FROM], &v[API_EPISODE_TO]}, &f);
    if (e || f.from == DATE_NONE)
        return e;
    f.no_action = value_int(&v[API_EPISODE_NO_ACTION]);
    f.source = value_text(&v[API_EPISODE_SOURCE]);
    f.close_reason = value_text(&v[API_EPISODE_REASON]);
    if (f.to == DATE_OPEN && is_yes(&v[API_EPISODE_NO_ACTION]))
        f.to = f.from + 1; /* nothing was opened */
    return care_fact_write(j, x->l, &x->source, r, &f);
}

static enum err
take_lasting(struct job *j, struct payload *x, const struct record *r, const char *kind)
{
    struct care_fact f = care_fact_of(x->identity_id, kind, DATE_NONE, DATE_OPEN);
    enum err e;

    if (is_yes(&r->v[API_LASTING_PURGE]) || map_find(x->gone, key_of(x, &r->v[API_LASTING_PARENT])))
        return tell_purged(j, x, r, NULL);
    e = care_fact_days(j, x->l, r,
                       (struct care_days){&r->v[API_LASTING_FROM], &r->v[API_LASTING_TO]}, &f);
    return e || f.from == DATE_NONE ? e : care_fact_write(j, x->l, &x->source, r, &f);
}

/* To another place and carer, and not for a while only. */
static bool
has_moved(const struct record *r)
{
    const struct value *why = &r->v[API_PLACEMENT_WHY], *to = &r->v[API_PLACEMENT_TYPE];

    return why->given && (why->s[0] == 'P' || why->s[0] == 'T') && !(to->given && to->s[0] == 'T');
}

static enum err
take_placement(struct job *j, struct payload *x, const struct record *r)
{
    const struct value *from = &r->v[API_PLACEMENT_FROM], *to = &r->v[API_PLACEMENT_TO];
    struct care_fact f = care_fact_of(x->identity_id, "care", (int32_t)from->i, DATE_OPEN);
    struct place at = loading_place(x->l, r, 0);
    enum err e;

    if (is_yes(&r->v[API_PLACEMENT_PURGE]) ||
        map_find(x->gone, key_of(x, &r->v[API_PLACEMENT_PARENT])))
        return tell_purged(j, x, r, NULL);
    if (!from->given) {
        loading_aside(x->l, "without a first day");
        return OK;
    }
    if (to->given && to->i < from->i)
        return loading_find(j, x->l, &at, FOUND_END_BEFORE_START, NULL);
    if (to->given) /* the next one begins that day */
        f.to = to->i == from->i ? f.from + 1 : (int32_t)to->i;
    if ((e = care_fact_write(j, x->l, &x->source, r, &f)) || !has_moved(r))
        return e;
    f = care_fact_of(x->identity_id, "placement", f.from, f.from + 1);
    f.part = 2;
    f.placement = value_text(&r->v[API_PLACEMENT_TYPE]);
    return care_fact_write(j, x->l, &x->source, r, &f);
}

enum err
care_payload_record(struct job *j, void *arg, const struct record *r)
{
    static const char *const lasting[] = {"plan", "enquiry", "protection", "assessment"};
    const char *table = r->layout->name + strlen("care-api-");
    struct payload *x = arg;

    if (!strcmp(table, "child"))
        return take_child(j, x, r);
    if (!x->identity_id) {
        loading_aside(x->l, "of children who are not loaded");
        return OK;
    }
    if (!strcmp(table, "sdq"))
        return take_sdq(j, x, r);
    if (!strcmp(table, "episode"))
        return take_episode(j, x, r);
    if (!strcmp(table, "placement"))
        return take_placement(j, x, r);
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
        if (!strcmp(table, lasting[i]))
            return take_lasting(j, x, r, lasting[i]);
    return err_set(j, ERR_FAULT, "nothing is known to do with %s", r->layout->name);
}

enum err
care_payload_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}
