#include "intake/care_fact.h"
#include "people/upn.h"
#include "returns/fields.h"

/* The Standard Safeguarding Dataset: a case system's tables as they stand on the day of the
 * export.  What has a beginning and an end is kept, and who is who; nothing of what was found,
 * said or decided.  A table that is not there, or holds SSD_PH, is no data. */

enum { MOST_SCORE = 40, OLDEST = 25 };

struct safeguarding {
    struct loading *l;
    struct care_source source;
    struct care_people people;
    struct map_salt salt;
    struct map *breaks; /* person and day: a short break began */
    struct map *starts; /* person and day: became looked after */
};

enum err
safeguarding_begin(struct job *j, struct loading *l, void **state)
{
    struct safeguarding *x = job_alloc(j, sizeof *x);
    int32_t day = l->made_on == DATE_NONE ? j->today : l->made_on;
    char text[DATE_TEXT];
    enum err e;

    *state = x;
    x->l = l;
    x->salt = map_salt_new();
    x->source = care_source_on("ssd", day);
    snprintf(l->title, sizeof l->title, "Standard Safeguarding Dataset, to %s",
             date_words(day, text));
    if ((e = care_people_open(j, l, &x->people)) || (e = map_open(j, 0, &x->breaks)))
        return e;
    return map_open(j, 0, &x->starts);
}

/* ---- who is who ------------------------------------------------------------------ */

static enum err
take_linked(struct job *j, struct safeguarding *x, const struct record *r)
{
    struct span type = value_span(&r->v[SSD_LINKED_TYPE]);
    struct span number = value_span(&r->v[SSD_LINKED_VALUE]);
    bool former = span_is_nocase(type, "Former Unique Pupil Number");
    bool is_upn = former || span_is_nocase(type, "Unique Pupil Number");
    enum upn_state state = upn_check(number, NULL);

    /* a wrong letter may be the one that the other files carry, too */
    if (!is_upn || (state != UPN_OK && state != UPN_TEMPORARY && state != UPN_CHECK_LETTER)) {
        loading_aside(x->l, "numbers that are no UPN");
        return OK;
    }
    return care_people_note_upn(j, &x->people, value_span(&r->v[SSD_LINKED_PERSON]), number,
                                former);
}

static enum err
take_send(struct job *j, struct safeguarding *x, const struct record *r)
{
    return care_people_note_upn(j, &x->people, value_span(&r->v[SSD_SEND_PERSON]),
                                value_span(&r->v[SSD_SEND_UPN]), false);
}

static enum err
take_person(struct job *j, struct safeguarding *x, const struct record *r)
{
    const struct value *v = r->v;
    struct place at = loading_place(x->l, r, 0);
    struct description d = {
        .local_id = value_span(&v[SSD_PERSON_ID]), .upn = value_span(&v[SSD_PERSON_UPN]),
        .surname = value_span(&v[SSD_PERSON_SURNAME]),
        .forename = value_span(&v[SSD_PERSON_FORENAME]),
        .born = value_date(&v[SSD_PERSON_BORN]), .sex = value_span(&v[SSD_PERSON_SEX])};
    int64_t who;

    /* parents, and children of long ago */
    if (d.born != DATE_NONE && date_age(d.born, x->source.told_to - 1) > OLDEST) {
        loading_aside(x->l, "of people over 25");
        return care_people_leave(j, &x->people, d.local_id);
    }
    return care_people_add(j, &x->people, &at, &d, &who);
}

/* Whose a row is; *f is to be written unless f->identity_id is 0. */
static enum err
whose(struct job *j, struct safeguarding *x, const struct record *r, const struct value *person,
      struct care_fact *f)
{
    struct place at = loading_place(x->l, r, 0);
    enum err e = care_people_find(j, &x->people, &at, value_span(person), &f->identity_id);

    if (!e && !f->identity_id)
        loading_aside(x->l, "of people over 25");
    return e;
}

/* ---- looked after ---------------------------------------------------------------- */

static uint64_t
key_of(const struct safeguarding *x, const struct value *person, const struct value *day)
{
    char text[96];
    int n = snprintf(text, sizeof text, "%.60s %lld", person->s, (long long)day->i);

    return map_key(&x->salt, text, (size_t)n);
}

static enum err
take_legal(struct job *j, struct safeguarding *x, const struct record *r)
{
    struct span s = value_span(&r->v[SSD_LEGAL_STATUS]);
    bool is_break = s.n >= 2 && (s.s[0] | 32) == 'v' && (s.s[1] == '3' || s.s[1] == '4');

    if (!is_break || !r->v[SSD_LEGAL_FROM].given)
        return OK;
    return map_put(j, x->breaks, key_of(x, &r->v[SSD_LEGAL_PERSON], &r->v[SSD_LEGAL_FROM]), 1);
}

static enum err
take_care(struct job *j, struct safeguarding *x, const struct record *r)
{
    const struct value *who = &r->v[SSD_CARE_PERSON], *from = &r->v[SSD_CARE_FROM];
    const struct value *to = &r->v[SSD_CARE_TO], *why = &r->v[SSD_CARE_WHY];
    struct care_fact f = care_fact_of(0, "care", (int32_t)from->i, DATE_OPEN);
    struct place at = loading_place(x->l, r, 0);
    enum err e = OK;

    if (!from->given) {
        loading_aside(x->l, "without a first day");
        return OK;
    }
    if (map_find(x->breaks, key_of(x, who, from))) {
        loading_aside(x->l, "episodes of short breaks (V3, V4), which are not being looked after");
        return OK;
    }
    if (to->given && to->i < from->i)
        return loading_find(j, x->l, &at, FOUND_END_BEFORE_START, NULL);
    if (to->given) /* the next episode begins that day */
        f.to = to->i == from->i ? f.from + 1 : (int32_t)to->i;
    if (why->given && why->n == 1 && why->s[0] == 'S')
        e = map_put(j, x->starts, key_of(x, who, from), 1);
    if (e || (e = whose(j, x, r, who, &f)) || !f.identity_id)
        return e;
    return care_fact_write(j, x->l, &x->source, r, &f);
}

static enum err
take_placement(struct job *j, struct safeguarding *x, const struct record *r)
{
    const struct value *who = &r->v[SSD_PLACEMENT_PERSON], *from = &r->v[SSD_PLACEMENT_FROM];
    const struct value *type = &r->v[SSD_PLACEMENT_TYPE], *urn = &r->v[SSD_PLACEMENT_URN];
    struct care_fact f = care_fact_of(0, "placement", (int32_t)from->i, (int32_t)from->i + 1);
    int64_t number;
    enum err e;

    if (!from->given || (type->given && type->s[0] == 'T') ||
        map_find(x->starts, key_of(x, who, from))) {
        loading_aside(x->l, from->given ? "first and temporary placements" : "without a first day");
        return OK;
    }
    if ((e = whose(j, x, r, who, &f)) || !f.identity_id)
        return e;
    f.placement = value_text(type);
    if (urn->given && text_to_int(urn->s, urn->n, &number))
        f.provider_urn = INT(number);
    return care_fact_write(j, x->l, &x->source, r, &f);
}

static enum err
take_sdq(struct job *j, struct safeguarding *x, const struct record *r)
{
    const struct value *day = &r->v[SSD_SDQ_DATE], *score = &r->v[SSD_SDQ_SCORE];
    struct care_fact f = care_fact_of(0, "sdq", (int32_t)day->i, (int32_t)day->i + 1);
    struct place at = loading_place(x->l, r, 0);
    enum err e;

    if (!day->given || !score->given) {
        loading_aside(x->l, "without a day or a score");
        return OK;
    }
    if (score->i > MOST_SCORE)
        return loading_find(j, x->l, &at, FOUND_SCORE_RANGE, NULL);
    f.score = INT(score->i);
    e = whose(j, x, r, &r->v[SSD_SDQ_PERSON], &f);
    return e || !f.identity_id ? e : care_fact_write(j, x->l, &x->source, r, &f);
}

/* ---- what has a beginning and an end --------------------------------------------- */

struct lasting {
    const char *layout, *kind;
    int person, from, to;
};
static const struct lasting lasting[] = {
    {"ssd-early_help_episodes", "help", SSD_HELP_PERSON, SSD_HELP_FROM, SSD_HELP_TO},
    {"ssd-cin_episodes", "referral", SSD_REFERRAL_PERSON, SSD_REFERRAL_FROM, SSD_REFERRAL_TO},
    {"ssd-cin_assessments", "assessment", SSD_ASSESSMENT_PERSON, SSD_ASSESSMENT_FROM,
     SSD_ASSESSMENT_TO},
    {"ssd-cin_plans", "plan", SSD_PLAN_PERSON, SSD_PLAN_FROM, SSD_PLAN_TO},
    {"ssd-s47_enquiry", "enquiry", SSD_ENQUIRY_PERSON, SSD_ENQUIRY_FROM, SSD_ENQUIRY_TO},
    {"ssd-cp_plans", "protection", SSD_PROTECTION_PERSON, SSD_PROTECTION_FROM, SSD_PROTECTION_TO},
    {"ssd-missing", "missing", SSD_MISSING_PERSON, SSD_MISSING_FROM, SSD_MISSING_TO},
};

static void
add_referral(const struct record *r, struct care_fact *f)
{
    f->no_action = value_int(&r->v[SSD_REFERRAL_NO_ACTION]);
    f->need = value_text(&r->v[SSD_REFERRAL_NEED]);
    f->source = value_text(&r->v[SSD_REFERRAL_SOURCE]);
    f->close_reason = value_text(&r->v[SSD_REFERRAL_REASON]);
    if (f->to == DATE_OPEN && f->no_action.type == ARG_INT && f->no_action.i)
        f->to = f->from + 1; /* nothing was opened */
}

static bool
is_away(const struct record *r)
{
    const struct value *kind = &r->v[SSD_MISSING_KIND];

    return kind->given && (kind->s[0] | 32) == 'a';
}

static enum err
take_lasting(struct job *j, struct safeguarding *x, const struct record *r,
             const struct lasting *t)
{
    struct care_fact f = care_fact_of(0, t->kind, DATE_NONE, DATE_OPEN);
    enum err e;

    if (!strcmp(t->kind, "missing") && is_away(r)) {
        loading_aside(x->l, "times away from placement without authorisation");
        return OK;
    }
    e = care_fact_days(j, x->l, r, (struct care_days){&r->v[t->from], &r->v[t->to]}, &f);
    if (e || f.from == DATE_NONE)
        return e;
    if (!strcmp(t->kind, "referral"))
        add_referral(r, &f);
    e = whose(j, x, r, &r->v[t->person], &f);
    return e || !f.identity_id ? e : care_fact_write(j, x->l, &x->source, r, &f);
}

enum err
safeguarding_record(struct job *j, void *arg, const struct record *r)
{
    static const struct {
        const char *layout;
        enum err (*fn)(struct job *j, struct safeguarding *x, const struct record *r);
    } handlers[] = {
        {"ssd-linked_identifiers", take_linked}, {"ssd-send", take_send},
        {"ssd-person", take_person}, {"ssd-legal_status", take_legal},
        {"ssd-cla_episodes", take_care}, {"ssd-cla_placement", take_placement},
        {"ssd-sdq_scores", take_sdq},
    };

    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (!strcmp(handlers[i].layout, r->layout->name))
            return handlers[i].fn(j, arg, r);
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
        if (!strcmp(lasting[i].layout, r->layout->name))
            return take_lasting(j, arg, r, &lasting[i]);
    return err_set(j, ERR_FAULT, "nothing is known to do with %s", r->layout->name);
}

enum err
safeguarding_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}
