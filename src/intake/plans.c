#include "intake/family.h"
#include "returns/fields.h"

/* SEN2: requests for education, health and care plans, plans, what they name.
 *
 * A survey of January 2025 tells of the requests of 2024 and of the plans of that January.  Its
 * CSV form does not say of which year it is: its newest decision does. */

enum { FIRST_YEAR = 2023, SURVEY_DAYS = 31 };

struct plans {
    struct loading *l;
    int32_t year;       /* of the January */
    int32_t survey;     /* day of the survey */
    struct map_salt salt;
    struct map *person; /* key of a person -> identity_id */
    struct map *owner;  /* key of a request, assessment, active plan -> identity_id */
    struct map *request_of; /* key of an assessment -> key of its request */
    struct map *planned; /* key of a request of which a plan is told */
};

static enum err
set_year(struct plans *x, int32_t year)
{
    x->year = year;
    /* the day of the spring census: the third Thursday of January */
    x->survey = date_from_ymd(year, 1, 15);
    x->survey += (3 - date_weekday(x->survey) + 7) % 7;
    x->l->reading.school_year = year - 1;
    snprintf(x->l->title, sizeof x->l->title,
             "Education, health and care plans (SEN2), January %d", (int)year);
    return OK;
}

enum err
plans_begin(struct job *j, struct loading *l, void **state)
{
    struct plans *x = job_alloc(j, sizeof *x);
    enum err e;

    *state = x;
    x->l = l;
    x->salt = map_salt_new();
    if ((e = map_open(j, 0, &x->person)) || (e = map_open(j, 0, &x->owner)) ||
        (e = map_open(j, 0, &x->request_of)) || (e = map_open(j, 0, &x->planned)))
        return e;
    if (l->made_on == DATE_NONE) /* an XML file may say so in its header */
        return OK;
    return set_year(x, (int32_t)date_to_ymd(l->made_on - SURVEY_DAYS).year + 1);
}

/* ---- keys ------------------------------------------------------------------------ */

static uint64_t
key_of(const struct plans *x, const struct value *table_id, const struct value *native)
{
    char text[160];
    int n = snprintf(text, sizeof text, "%.70s|%.70s", table_id->s, native->given ? native->s : "");

    return map_key(&x->salt, text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n
                                                                        : sizeof text - 1);
}

/* What a record belongs to. */
struct parent {
    struct map *in;
    uint64_t key;
    const char *what;
};

/* Whose record it is; 0: the finding is told. */
static enum err
owner(struct job *j, struct plans *x, const struct record *r, struct parent p,
      int64_t *identity_id)
{
    const int64_t *known = map_find(p.in, p.key);
    struct place at = loading_place(x->l, r, 0);

    *identity_id = known ? *known : 0;
    return known ? OK : loading_find(j, x->l, &at, FOUND_PARENT_MISSING, p.what);
}

/* ---- facts ----------------------------------------------------------------------- */

struct plan_fact {
    int64_t identity_id;
    const char *kind;
    int part;
    int32_t from, to; /* half-open; DATE_OPEN */
    struct arg code, rank, urn;
};

static enum err
write_fact(struct job *j, struct plans *x, const struct record *r, const struct plan_fact *f)
{
    return loading_row(j, x->l, &fact_ehc_fact,
                       ARGS(INT(j->area), INT(x->l->batch_id), INT(x->l->file_id), INT(r->line),
                            INT(f->part), INT(f->identity_id), INT(x->year), TEXT(f->kind),
                            INT(f->from), f->to == DATE_OPEN ? NUL : INT(f->to),
                            INT(x->survey + 1), f->code, f->rank, f->urn, TEXT("sen2")));
}

static struct plan_fact
fact_on(int64_t identity_id, const char *kind, int32_t day)
{
    return (struct plan_fact){identity_id, kind, 0, day, day + 1, NUL, NUL, NUL};
}

static bool
is_refused(const struct value *outcome)
{
    return outcome->given && outcome->s[0] == 'N';
}

/* ---- records --------------------------------------------------------------------- */

static enum err
take_header(struct job *j, struct plans *x, const struct record *r)
{
    const struct value *year = &r->v[SEN2_HEADER_YEAR], *lea = &r->v[SEN2_HEADER_LEA];
    struct place at = loading_place(x->l, r, 0);
    char text[32];

    loading_made_on(j, x->l, &r->v[SEN2_HEADER_SENT]);
    if (lea->given && lea->i != j->area) {
        snprintf(text, sizeof text, "%03lld", (long long)lea->i);
        return loading_find(j, x->l, &at, FOUND_OTHER_AREA, text);
    }
    if (!year->given)
        return OK;
    if (year->i < FIRST_YEAR || year->i > 2100) {
        err_set(j, ERR_INPUT, "SEN2 by person begins in 2023; this file says %lld",
                (long long)year->i);
        return err_hint(j, "Check Year in the header of the file.");
    }
    return set_year(x, (int32_t)year->i);
}

static enum err
take_person(struct job *j, struct plans *x, const struct record *r)
{
    const struct value *v = r->v;
    struct place at = loading_place(x->l, r, 0);
    struct description d = {
        .source = IDENTITY_NOTIFICATION,
        .upn = value_span(&v[SEN2_PERSON_UPN]),
        .surname = value_span(&v[SEN2_PERSON_SURNAME]),
        .forename = value_span(&v[SEN2_PERSON_FORENAME]),
        .born = value_date(&v[SEN2_PERSON_BORN]),
        .sex = value_span(&v[SEN2_PERSON_SEX]),
        .postcode = value_span(&v[SEN2_PERSON_POSTCODE]),
    };
    struct identity who;
    enum err e;

    if (!x->year) {
        err_set(j, ERR_INPUT, "these tables of SEN2 hold no date, so their year is not known");
        return err_hint(j, "Put all tables of the export in one folder, with the requests.");
    }
    e = loading_who(j, x->l, &at, &d, &who);
    return e ? e
             : map_put(j, x->person, key_of(x, &v[SEN2_PERSON_KEY], &v[SEN2_PERSON_RETURN]),
                       who.identity_id);
}

static enum err
take_request(struct job *j, struct plans *x, const struct record *r)
{
    const struct value *v = r->v, *from = &v[SEN2_REQUEST_RECEIVED];
    const struct value *to = &v[SEN2_REQUEST_DECIDED], *outcome = &v[SEN2_REQUEST_OUTCOME];
    struct place at = loading_place(x->l, r, 0);
    struct plan_fact f = {0};
    int64_t who;
    enum err e = owner(j, x, r,
                       (struct parent){x->person, key_of(x, &v[SEN2_REQUEST_PERSON],
                                                         &v[SEN2_REQUEST_RETURN]), "the person"},
                       &who);

    if (e || !who)
        return e;
    if ((e = map_put(j, x->owner, key_of(x, &v[SEN2_REQUEST_KEY], &v[SEN2_REQUEST_RETURN]), who)))
        return e;
    if (!from->given && !is_refused(outcome)) {
        loading_aside(x->l, "requests without a date, of plans from before the first survey");
        return OK;
    }
    if (from->given && to->given && to->i < from->i)
        return loading_find(j, x->l, &at, FOUND_END_BEFORE_START, NULL);
    f = fact_on(who, "request", from->given ? (int32_t)from->i : DATE_NONE);
    f.to = to->given ? (int32_t)to->i + 1 : DATE_OPEN;
    f.code = value_text(outcome);
    if (from->given && (e = write_fact(j, x, r, &f)))
        return e;
    if (!is_refused(outcome) || !(to->given || from->given))
        return OK;
    f = fact_on(who, "refused", (int32_t)(to->given ? to->i : from->i));
    f.part = 1;
    f.code = TEXT("assess");
    return write_fact(j, x, r, &f);
}

static enum err
take_assessment(struct job *j, struct plans *x, const struct record *r)
{
    const struct value *v = r->v, *native = &v[SEN2_ASSESSMENT_RETURN];
    uint64_t request = key_of(x, &v[SEN2_ASSESSMENT_REQUEST], native);
    uint64_t own = key_of(x, &v[SEN2_ASSESSMENT_KEY], native);
    const struct value *day = &v[SEN2_ASSESSMENT_DECIDED];
    struct plan_fact f;
    int64_t who;
    enum err e = owner(j, x, r, (struct parent){x->owner, request, "the request"}, &who);

    if (e || !who || (e = map_put(j, x->owner, own, who)) ||
        (e = map_put(j, x->request_of, own, (int64_t)request)))
        return e;
    if (!is_refused(&v[SEN2_ASSESSMENT_OUTCOME]) || !day->given) {
        loading_aside(x->l, "assessments that led to a plan or are not decided");
        return OK;
    }
    f = fact_on(who, "refused", (int32_t)day->i);
    f.code = TEXT("plan");
    return write_fact(j, x, r, &f);
}

static enum err
take_plan(struct job *j, struct plans *x, const struct record *r)
{
    const struct value *v = r->v, *from = &v[SEN2_PLAN_STARTED], *to = &v[SEN2_PLAN_CEASED];
    uint64_t assessment = key_of(x, &v[SEN2_PLAN_ASSESSMENT], &v[SEN2_PLAN_RETURN]);
    const int64_t *request = map_find(x->request_of, assessment);
    struct place at = loading_place(x->l, r, 0);
    struct plan_fact f;
    int64_t who;
    enum err e = owner(j, x, r, (struct parent){x->owner, assessment, "the assessment"},
                       &who);

    if (e || !who)
        return e;
    if (to->given && to->i < from->i)
        return loading_find(j, x->l, &at, FOUND_END_BEFORE_START, NULL);
    if (request && (e = map_put(j, x->planned, (uint64_t)*request, 1)))
        return e;
    f = fact_on(who, "plan", (int32_t)from->i);
    f.to = to->given ? (int32_t)to->i + 1 : DATE_OPEN;
    f.code = value_text(&v[SEN2_PLAN_REASON]);
    return write_fact(j, x, r, &f);
}

/* A plan whose beginning no table tells: it was there on the day of the survey. */
static enum err
take_active(struct job *j, struct plans *x, const struct record *r)
{
    const struct value *v = r->v;
    uint64_t request = key_of(x, &v[SEN2_ACTIVE_REQUEST], &v[SEN2_ACTIVE_RETURN]);
    struct plan_fact f;
    int64_t who;
    enum err e = owner(j, x, r, (struct parent){x->owner, request, "the request"}, &who);

    if (e || !who ||
        (e = map_put(j, x->owner, key_of(x, &v[SEN2_ACTIVE_KEY], &v[SEN2_ACTIVE_RETURN]), who)))
        return e;
    if (map_find(x->planned, request)) {
        loading_aside(x->l, "active plans, whose beginning the named plan tells");
        return OK;
    }
    f = fact_on(who, "plan", x->survey);
    f.to = DATE_OPEN;
    return write_fact(j, x, r, &f);
}

static enum err
take_placement(struct job *j, struct plans *x, const struct record *r)
{
    const struct value *v = r->v, *from = &v[SEN2_PLACEMENT_ENTERED];
    const struct value *to = &v[SEN2_PLACEMENT_LEFT];
    struct place at = loading_place(x->l, r, 0);
    struct plan_fact f;
    int64_t who;
    enum err e = owner(j, x, r,
                       (struct parent){x->owner, key_of(x, &v[SEN2_PLACEMENT_PLAN],
                                                        &v[SEN2_PLACEMENT_RETURN]),
                                       "the active plan"},
                       &who);

    if (e || !who)
        return e;
    if (!from->given || (!v[SEN2_PLACEMENT_URN].given && !v[SEN2_PLACEMENT_SETTING].given)) {
        loading_aside(x->l, "placements without a school, a setting or a first day");
        return OK;
    }
    if (to->given && to->i < from->i)
        return loading_find(j, x->l, &at, FOUND_END_BEFORE_START, NULL);
    f = fact_on(who, "setting", (int32_t)from->i);
    f.to = to->given ? (int32_t)to->i + 1 : DATE_OPEN;
    f.code = value_text(&v[SEN2_PLACEMENT_SETTING]);
    f.urn = value_int(&v[SEN2_PLACEMENT_URN]);
    f.rank = value_int(&v[SEN2_PLACEMENT_RANK]);
    return write_fact(j, x, r, &f);
}

static enum err
take_need(struct job *j, struct plans *x, const struct record *r)
{
    const struct value *v = r->v;
    struct plan_fact f;
    int64_t who;
    enum err e = owner(j, x, r,
                       (struct parent){x->owner, key_of(x, &v[SEN2_NEED_PLAN],
                                                        &v[SEN2_NEED_RETURN]), "the active plan"},
                       &who);

    if (e || !who)
        return e;
    f = fact_on(who, "need", x->survey);
    f.code = value_text(&v[SEN2_NEED_TYPE]);
    f.rank = v[SEN2_NEED_RANK].given ? INT(v[SEN2_NEED_RANK].i) : INT(1);
    return write_fact(j, x, r, &f);
}

enum err
plans_record(struct job *j, void *arg, const struct record *r)
{
    static const struct {
        const char *layout;
        enum err (*fn)(struct job *j, struct plans *x, const struct record *r);
    } handlers[] = {
        {"sen2-header", take_header}, {"sen2-person", take_person},
        {"sen2-requests", take_request}, {"sen2-assessment", take_assessment},
        {"sen2-namedplan", take_plan}, {"sen2-activeplans", take_active},
        {"sen2-placementdetail", take_placement}, {"sen2-senneed", take_need},
    };

    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (!strcmp(handlers[i].layout, r->layout->name))
            return handlers[i].fn(j, arg, r);
    return err_set(j, ERR_FAULT, "nothing is known to do with %s", r->layout->name);
}

enum err
plans_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}
