#include "intake/census.h"
#include "people/establishment.h"

/* ---- keys ------------------------------------------------------------------------ */

uint64_t
census_key(const struct census *c, enum roll roll, const struct value *id,
           const struct value *in_return)
{
    char buf[256];
    size_t n_return = in_return->given ? in_return->n : 0;
    uint64_t parts[3];

    if (id->n + n_return + 2 <= sizeof buf) {
        buf[0] = (char)roll;
        memcpy(buf + 1, id->s, id->n);
        buf[1 + id->n] = '\0';
        if (n_return)
            memcpy(buf + 2 + id->n, in_return->s, n_return);
        return map_key(&c->salt, buf, id->n + n_return + 2);
    }
    parts[0] = (uint64_t)roll;
    parts[1] = map_key(&c->salt, id->s, id->n);
    parts[2] = n_return ? map_key(&c->salt, in_return->s, n_return) : 0;
    return map_key(&c->salt, parts, sizeof parts);
}

struct school_return *
census_school(const struct census *c, const struct pupil *p)
{
    return pile_at(c->schools, p->school);
}

/* ---- returns --------------------------------------------------------------------- */

/* Of a number no school is known by, LLLEEEE stands in: no URN is as long. */
static enum err
school_urn(struct job *j, struct census *c, const struct record *r, int64_t *urn)
{
    const struct value *la = &r->v[CENSUS_HEADER_LEA], *estab = &r->v[CENSUS_HEADER_ESTAB];
    const struct value *day = &r->v[CENSUS_HEADER_REFERENCE_DATE];
    struct place at = loading_place(c->l, r, 0);
    char number[32];
    enum err e;

    *urn = r->v[CENSUS_HEADER_URN].given ? r->v[CENSUS_HEADER_URN].i : 0;
    if (*urn > 0)
        return OK;
    e = establishment_by_number(j, la->i, estab->given ? estab->i : 0, value_date(day), urn);
    if (e || *urn)
        return e;
    *urn = la->i % 1000 * 10000 + (estab->given ? estab->i % 10000 : 0);
    snprintf(number, sizeof number, "%07lld", (long long)*urn);
    return loading_find(j, c->l, &at, FOUND_SCHOOL_UNKNOWN, number);
}

static enum err
take_return(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    const struct value *key = &r->v[CENSUS_HEADER_KEY], *nr = &r->v[CENSUS_HEADER_RETURN];
    struct place at = loading_place(c->l, r, 0);
    struct loading *l = c->l;
    struct school_return *s;
    char lea[32];
    enum err e;

    (void)roll;
    if (r->v[CENSUS_HEADER_LEA].given && r->v[CENSUS_HEADER_LEA].i != j->area) {
        snprintf(lea, sizeof lea, "%03lld", (long long)r->v[CENSUS_HEADER_LEA].i);
        return loading_find(j, l, &at, FOUND_OTHER_AREA, lea);
    }
    loading_made_on(j, l, &r->v[CENSUS_HEADER_SENT]);
    if (l->school_year != l->reading.school_year || l->term != l->reading.term)
        return loading_find(j, l, &at, FOUND_TERMS_MIXED, NULL);
    if (!(s = pile_add(j, c->schools)))
        return j->err.kind;
    s->census_day = value_date(&r->v[CENSUS_HEADER_REFERENCE_DATE]);
    s->line = r->line;
    s->file_id = (uint32_t)l->file_id;
    if ((e = school_urn(j, c, r, &s->urn)))
        return e;
    return map_put(j, c->by_return, census_key(c, ROLL_NONE, key, nr),
                   (int64_t)pile_count(c->schools) - 1);
}

/* Its name and type are GIAS's business; the text is kept. */
static enum err
take_school(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    (void)j, (void)c, (void)r, (void)roll;
    return OK;
}

/* ---- addresses ------------------------------------------------------------------- */

static enum err
take_address(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    const struct value *postcode = &r->v[CENSUS_ADDRESS_POSTCODE];
    uint64_t key =
        census_key(c, roll, &r->v[CENSUS_ADDRESS_PUPIL], &r->v[CENSUS_ADDRESS_RETURN]);
    struct address *a;

    if (map_find(c->by_address, key)) {
        struct place at = loading_place(c->l, r, 0);
        return loading_find(j, c->l, &at, FOUND_ADDRESS_TWICE, NULL);
    }
    if (!(a = pile_add(j, c->addresses)))
        return j->err.kind;
    a->at = loading_place(c->l, r, 0);
    if (postcode->given && postcode->n < sizeof a->postcode)
        memcpy(a->postcode, postcode->s, postcode->n);
    return map_put(j, c->by_address, key, (int64_t)pile_count(c->addresses) - 1);
}

static enum err
tell_of_addresses_of_nobody(struct job *j, struct census *c)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < pile_count(c->addresses); i++) {
        const struct address *a = pile_at(c->addresses, i);
        if (!a->used)
            e = loading_find(j, c->l, &a->at, FOUND_PARENT_MISSING, "the pupil");
    }
    return e;
}

/* ---- whose ----------------------------------------------------------------------- */

/* Tables that hang on pupils hold key, pupil and return at the same positions. */
_Static_assert((int)CENSUS_EXCLUSION_PUPIL == (int)CENSUS_SESSIONS_PUPIL &&
                   (int)CENSUS_NEED_PUPIL == (int)CENSUS_SESSIONS_PUPIL &&
                   (int)CENSUS_MEALS_PUPIL == (int)CENSUS_SESSIONS_PUPIL &&
                   (int)CENSUS_AP_PUPIL == (int)CENSUS_SESSIONS_PUPIL &&
                   (int)CENSUS_SCHOOL_AP_PUPIL == (int)CENSUS_SESSIONS_PUPIL &&
                   (int)CENSUS_EXCLUSION_RETURN == (int)CENSUS_SESSIONS_RETURN &&
                   (int)CENSUS_NEED_RETURN == (int)CENSUS_SESSIONS_RETURN &&
                   (int)CENSUS_MEALS_RETURN == (int)CENSUS_SESSIONS_RETURN &&
                   (int)CENSUS_AP_RETURN == (int)CENSUS_SESSIONS_RETURN &&
                   (int)CENSUS_SCHOOL_AP_RETURN == (int)CENSUS_SESSIONS_RETURN,
               "one function finds the pupil of every table");

enum err
census_pupil_of(struct job *j, struct census *c, const struct record *r, enum roll roll,
                struct pupil **out)
{
    uint64_t key =
        census_key(c, roll, &r->v[CENSUS_SESSIONS_PUPIL], &r->v[CENSUS_SESSIONS_RETURN]);
    const int64_t *at;
    struct place here;

    if (c->last && key == c->last_key) {
        *out = c->last;
        return OK;
    }
    at = map_find(c->by_pupil, key);
    *out = NULL;
    if (!at) {
        here = loading_place(c->l, r, 0);
        return loading_find(j, c->l, &here, FOUND_PARENT_MISSING, "the pupil");
    }
    c->last_key = key;
    *out = c->last = pile_at(c->pupils, (size_t)*at);
    return OK;
}

/* ---- the family ------------------------------------------------------------------ */

static const struct {
    const char *layout;
    census_fn *fn;
    enum roll roll;
} handlers[] = {
    {"census-schoolcensus", take_return, ROLL_NONE},
    {"census-school", take_school, ROLL_NONE},
    {"census-addresses", take_address, ROLL_ON},
    {"census-addressesonroll", take_address, ROLL_ON},
    {"census-addressesoffroll", take_address, ROLL_OFF},
    {"census-pupilonroll", census_take_pupil, ROLL_ON},
    {"census-pupilnolongeronroll", census_take_pupil, ROLL_OFF},
    {"census-termlyexclusionsonroll", census_take_exclusion, ROLL_ON},
    {"census-termlyexclusionsoffroll", census_take_exclusion, ROLL_OFF},
    {"census-senneeds", census_take_need, ROLL_ON},
    {"census-fsmperiod", census_take_meals, ROLL_ON},
    {"census-fsmperiodsonroll", census_take_meals, ROLL_ON},
    {"census-approvisiondetailonroll", census_take_ap, ROLL_ON},
    {"census-approvisiondetailoffroll", census_take_ap, ROLL_OFF},
    {"census-schoolarrangedapdetailonroll", census_take_school_ap, ROLL_ON},
    {"census-schoolarrangedapdetailoffroll", census_take_school_ap, ROLL_OFF},
    {"census-termlysessiondetailsonroll", census_take_sessions, ROLL_ON},
    {"census-termlysessiondetailsoffroll", census_take_sessions, ROLL_OFF},
    {"census-summerhalfterm2sessiondetailsonroll", census_take_summer2, ROLL_ON},
    {"census-summerhalfterm2sessiondetailsoffroll", census_take_summer2, ROLL_OFF},
};

static enum err
open_indexes(struct job *j, struct census *c)
{
    enum err e;

    if ((e = map_open(j, 0, &c->by_return)) || (e = map_open(j, 0, &c->by_pupil)) ||
        (e = map_open(j, 0, &c->by_address)) || (e = map_open(j, 0, &c->by_text)) ||
        (e = pile_open(j, sizeof(struct school_return), &c->schools)) ||
        (e = pile_open(j, sizeof(struct pupil), &c->pupils)) ||
        (e = pile_open(j, sizeof(struct address), &c->addresses)) ||
        (e = pile_open(j, sizeof(struct attendance_totals), &c->totals)))
        return e;
    return pile_open(j, sizeof(char *), &c->texts);
}

enum err
census_begin(struct job *j, struct loading *l, void **state)
{
    struct census *c = job_alloc(j, sizeof *c);

    *state = c;
    c->l = l;
    c->salt = map_salt_new();
    c->handler = job_array(j, n_layouts, sizeof *c->handler);
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++) {
        const struct layout *t = layout_find(handlers[i].layout);
        if (!t)
            return err_set(j, ERR_FAULT, "there is no layout %s", handlers[i].layout);
        c->handler[t - layouts].fn = handlers[i].fn;
        c->handler[t - layouts].roll = handlers[i].roll;
    }
    return open_indexes(j, c);
}

enum err
census_record(struct job *j, void *arg, const struct record *r)
{
    struct census *c = arg;
    census_fn *fn = c->handler[r->layout - layouts].fn;

    if (!fn)
        return err_set(j, ERR_FAULT, "nothing is known to do with %s", r->layout->name);
    return fn(j, c, r, c->handler[r->layout - layouts].roll);
}

enum err
census_end(struct job *j, void *state)
{
    struct census *c = state;
    enum err e = tell_of_addresses_of_nobody(j, c);

    return e ? e : census_write_pupils(j, c);
}
