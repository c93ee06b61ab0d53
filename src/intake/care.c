#include "intake/care.h"
#include "intake/care_fact.h"

enum { WEEKS_BEFORE_BIRTH = 40, SCHOOL_AGE = 5, LEAVES_SCHOOL_AGE = 16, OLDEST = 25 };

static uint64_t
key_of(const struct care *c, const struct value *v)
{
    return map_key(&c->salt, v->s, v->given ? v->n : 0);
}

/* First day after the period of the return. */
static int32_t
period_end(const struct care *c)
{
    return date_from_ymd(c->year, 4, 1);
}

static enum err
find(struct job *j, struct care *c, const struct record *r, enum found what, const char *detail)
{
    struct place at = loading_place(c->l, r, 0);

    return loading_find(j, c->l, &at, what, detail);
}

static enum err
find_if(struct job *j, struct care *c, const struct record *r, bool wrong, enum found what)
{
    return wrong ? find(j, c, r, what, NULL) : OK;
}

/* ---- the return ------------------------------------------------------------------ */

static enum err
take_header(struct job *j, struct care *c, const struct record *r)
{
    const struct value *day = &r->v[CIN_HEADER_REFERENCE_DATE], *lea = &r->v[CIN_HEADER_LEA];
    int64_t year = r->v[CIN_HEADER_YEAR].i;
    char text[32];

    loading_made_on(j, c->l, &r->v[CIN_HEADER_SENT]);
    if (lea->given && lea->i != j->area) {
        snprintf(text, sizeof text, "%03lld", (long long)lea->i);
        return find(j, c, r, FOUND_OTHER_AREA, text);
    }
    if (year < 2009 || year > 2100) {
        err_set(j, ERR_INPUT, "a children-in-need census of the year %lld is not known",
                (long long)year);
        return err_hint(j, "Check Year in the header of the file.");
    }
    c->year = (int32_t)year;
    snprintf(c->l->title, sizeof c->l->title, "Children in need census, year to March %lld",
             (long long)year);
    return find_if(j, c, r, day->given && day->i != period_end(c) - 1, FOUND_CIN_100);
}

/* ---- children -------------------------------------------------------------------- */

static enum err
check_twice(struct job *j, struct care *c, const struct record *r)
{
    const struct value *id = &r->v[CIN_CHILD_LOCAL_ID], *upn = &r->v[CIN_CHILD_UPN];
    enum err e;

    if (map_find(c->local_ids, key_of(c, id)) && (e = find(j, c, r, FOUND_CIN_8510, NULL)))
        return e;
    if ((e = map_put(j, c->local_ids, key_of(c, id), 1)) || !upn->given)
        return e;
    if (map_find(c->upns, key_of(c, upn)) && (e = find(j, c, r, FOUND_CIN_1520, NULL)))
        return e;
    return map_put(j, c->upns, key_of(c, upn), 1);
}

static enum err
check_child(struct job *j, struct care *c, const struct record *r)
{
    const struct value *born = &r->v[CIN_CHILD_BORN], *expected = &r->v[CIN_CHILD_EXPECTED];
    int age = born->given ? date_age((int32_t)born->i, period_end(c) - 1) : 0;
    bool no_upn = !r->v[CIN_CHILD_UPN].given && !r->v[CIN_CHILD_UPN_UNKNOWN].given;
    enum err e;

    if ((e = check_twice(j, c, r)) ||
        (e = find_if(j, c, r, born->given == expected->given, FOUND_CIN_8525)) ||
        (e = find_if(j, c, r, born->given && born->i >= period_end(c), FOUND_CIN_8520)) ||
        (e = find_if(j, c, r, no_upn && age >= SCHOOL_AGE && age < LEAVES_SCHOOL_AGE,
                     FOUND_CIN_8770)))
        return e;
    return find_if(j, c, r, age > OLDEST, FOUND_CIN_8775);
}

static enum err
take_child(struct job *j, struct care *c, const struct record *r)
{
    struct description d = {
        .source = IDENTITY_CARE,
        .upn = value_span(&r->v[CIN_CHILD_UPN]),
        .former_upn = value_span(&r->v[CIN_CHILD_FORMER_UPN]),
        .local_id = value_span(&r->v[CIN_CHILD_LOCAL_ID]),
        .born = value_date(&r->v[CIN_CHILD_BORN]),
        .sex = value_span(&r->v[CIN_CHILD_SEX]),
    };
    struct identity who;
    enum err e;

    if ((e = care_check_child(j, c)))
        return e;
    c->child_at = loading_place(c->l, r, 0);
    c->child_key = key_of(c, &r->v[CIN_CHILD_KEY]);
    c->born = d.born;
    c->n_cases = 0;
    memset(c->n_spells, 0, sizeof c->n_spells);
    c->identity_id = 0;
    if (!r->v[CIN_CHILD_LOCAL_ID].given)
        return find(j, c, r, FOUND_CIN_8500, NULL);
    if ((e = loading_who(j, c->l, &c->child_at, &d, &who)))
        return e;
    c->identity_id = who.identity_id;
    return check_child(j, c, r);
}

/* ---- episodes -------------------------------------------------------------------- */

struct episode {
    const char *kind;
    enum care_kind noted;          /* for the checks across cases; CARE_OTHER: not */
    const struct value *from, *to; /* to: the last day; NULL: see open */
    bool moment;                   /* without an end it is of one day, not open */
    struct arg no_action, need, source, close_reason;
};

static enum err
write_episode(struct job *j, struct care *c, const struct record *r, const struct episode *x,
              const struct spell *s)
{
    struct care_source source = {"cin", c->year, period_end(c)};
    struct care_fact f = care_fact_of(c->identity_id, x->kind, s->from, s->to);

    f.no_action = x->no_action;
    f.need = x->need;
    f.source = x->source;
    f.close_reason = x->close_reason;
    return care_fact_write(j, c->l, &source, r, &f);
}

/* What ends before it starts is refused; *s then does so, too. */
static enum err
take_episode(struct job *j, struct care *c, const struct record *r, const struct episode *x,
             struct spell *s)
{
    char from[DATE_TEXT], to[DATE_TEXT], detail[2 * DATE_TEXT + 16];
    enum err e = OK;

    *s = (struct spell){(int32_t)x->from->i, DATE_OPEN, r->line};
    if (x->to && x->to->given)
        s->to = (int32_t)x->to->i + 1;
    else if (x->moment)
        s->to = s->from + 1;
    if (s->to <= s->from) {
        snprintf(detail, sizeof detail, "%s, then %s", date_iso(s->from, from),
                 date_iso(s->to - 1, to));
        return find(j, c, r, FOUND_CIN_8608, detail);
    }
    if (x->noted != CARE_OTHER && c->n_spells[x->noted] < MOST_SPELLS)
        c->spells[x->noted][c->n_spells[x->noted]++] = *s;
    if (s->from >= period_end(c) || (s->to != DATE_OPEN && s->to > period_end(c)))
        e = find(j, c, r, FOUND_CIN_8620,
                 date_iso(s->from >= period_end(c) ? s->from : s->to - 1, from));
    return e ? e : write_episode(j, c, r, x, s);
}

static enum err
take_referral(struct job *j, struct care *c, const struct record *r)
{
    const struct value *closed = &r->v[CIN_REFERRAL_CLOSED];
    bool no_action = r->v[CIN_REFERRAL_NO_ACTION].given && r->v[CIN_REFERRAL_NO_ACTION].i;
    struct episode x = {
        .kind = "referral", .noted = CARE_CASE, .from = &r->v[CIN_REFERRAL_DATE], .to = closed,
        .moment = no_action, /* nothing was opened */
        .no_action = value_int(&r->v[CIN_REFERRAL_NO_ACTION]),
        .need = value_text(&r->v[CIN_REFERRAL_NEED]),
        .source = value_text(&r->v[CIN_REFERRAL_SOURCE]),
        .close_reason = value_text(&r->v[CIN_REFERRAL_CLOSE_REASON]),
    };
    struct care_case *now;
    struct spell s;
    enum err e = take_episode(j, c, r, &x, &s);

    if (c->n_cases < MOST_SPELLS) { /* also of a refused one: what is in it has its child */
        now = &c->cases[c->n_cases++];
        *now = (struct care_case){.key = key_of(c, &r->v[CIN_REFERRAL_KEY]), .spell = s,
                                  .no_action = no_action, .closed = closed->given};
    }
    if (e || s.to <= s.from)
        return e;
    if ((e = find_if(j, c, r, closed->given != r->v[CIN_REFERRAL_CLOSE_REASON].given,
                     FOUND_CIN_8805)))
        return e;
    return find_if(j, c, r, c->born != DATE_NONE && s.from < c->born - 7 * WEEKS_BEFORE_BIRTH,
                   FOUND_CIN_8606);
}

/* Something within a case. */
static enum err
take_within(struct job *j, struct care *c, const struct record *r, const struct episode *x,
            const struct value *parent)
{
    const struct care_case *of = NULL;
    char date[DATE_TEXT];
    struct spell s;
    enum err e = take_episode(j, c, r, x, &s);

    for (size_t i = 0; i < c->n_cases; i++)
        if (c->cases[i].key == key_of(c, parent))
            of = &c->cases[i];
    if (e || s.to <= s.from || !of)
        return e;
    if (s.from < of->spell.from &&
        (e = find(j, c, r, FOUND_CIN_1103, date_iso(of->spell.from, date))))
        return e;
    if (of->no_action && (e = find(j, c, r, FOUND_CIN_2990, x->kind)))
        return e;
    if (of->closed && s.to == DATE_OPEN)
        return find(j, c, r, FOUND_CIN_8867, x->kind);
    return OK;
}

static enum err
take_assessment(struct job *j, struct care *c, const struct record *r)
{
    struct episode x = {.kind = "assessment", .from = &r->v[CIN_ASSESSMENT_STARTED],
                        .to = &r->v[CIN_ASSESSMENT_AUTHORISED]};

    return take_within(j, c, r, &x, &r->v[CIN_ASSESSMENT_REFERRAL]);
}

static enum err
take_plan(struct job *j, struct care *c, const struct record *r)
{
    struct episode x = {.kind = "plan", .noted = CARE_PLAN, .from = &r->v[CIN_PLAN_STARTED],
                        .to = &r->v[CIN_PLAN_ENDED]};

    return take_within(j, c, r, &x, &r->v[CIN_PLAN_REFERRAL]);
}

/* It ends with the first conference; when none was required it is of one day. */
static enum err
take_enquiry(struct job *j, struct care *c, const struct record *r)
{
    const struct value *none = &r->v[CIN_ENQUIRY_NOT_REQUIRED];
    struct episode x = {.kind = "enquiry", .from = &r->v[CIN_ENQUIRY_STARTED],
                        .to = &r->v[CIN_ENQUIRY_CONFERENCE], .moment = none->given && none->i};

    return take_within(j, c, r, &x, &r->v[CIN_ENQUIRY_REFERRAL]);
}

static enum err
take_protection(struct job *j, struct care *c, const struct record *r)
{
    struct episode x = {.kind = "protection", .noted = CARE_PROTECTION,
                        .from = &r->v[CIN_PROTECTION_STARTED],
                        .to = &r->v[CIN_PROTECTION_ENDED]};

    return take_within(j, c, r, &x, &r->v[CIN_PROTECTION_REFERRAL]);
}

/* ---- the family ------------------------------------------------------------------ */

/* Disabilities, factors and reviews are kept as text only; nothing is counted by them. */
static enum err
take_aside(struct job *j, struct care *c, const struct record *r)
{
    (void)j, (void)c, (void)r;
    return OK;
}

static const struct {
    const char *layout;
    enum err (*fn)(struct job *j, struct care *c, const struct record *r);
} handlers[] = {
    {"cin-header", take_header},       {"cin-child", take_child},
    {"cin-referral", take_referral},   {"cin-assessment", take_assessment},
    {"cin-plan", take_plan},           {"cin-enquiry", take_enquiry},
    {"cin-protection", take_protection}, {"cin-disability", take_aside},
    {"cin-factor", take_aside},        {"cin-review", take_aside},
};

enum err
care_begin(struct job *j, struct loading *l, void **state)
{
    struct care *c = job_alloc(j, sizeof *c);
    enum err e;

    *state = c;
    c->l = l;
    c->salt = map_salt_new();
    e = map_open(j, 0, &c->upns);
    return e ? e : map_open(j, 0, &c->local_ids);
}

enum err
care_record(struct job *j, void *arg, const struct record *r)
{
    struct care *c = arg;
    const char *name = r->layout->name;

    if (!c->year && strcmp(name, "cin-header")) {
        err_set(j, ERR_INPUT, "the children-in-need census has no header with a year");
        return err_hint(j, "Ask for the file again as the case system writes it for COLLECT.");
    }
    if (!c->identity_id && strcmp(name, "cin-header") && strcmp(name, "cin-child"))
        return find(j, c, r, FOUND_PARENT_MISSING, "the child");
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (!strcmp(handlers[i].layout, name))
            return handlers[i].fn(j, c, r);
    return err_set(j, ERR_FAULT, "nothing is known to do with %s", name);
}

enum err
care_end(struct job *j, void *state)
{
    return care_check_child(j, state);
}
