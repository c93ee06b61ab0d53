#include "intake/census.h"

/* The start of every fact row: whose, and where it came from. */
#define WHERE_FROM(j, c, r)                                                    \
    INT((j)->area), INT((c)->l->batch_id), INT((c)->l->file_id), INT((r)->line)

enum err
census_take_exclusion(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    const struct value *started = &r->v[CENSUS_EXCLUSION_STARTED];
    const struct school_return *s;
    struct place at;
    struct pupil *p;
    enum err e = census_pupil_of(j, c, r, roll, &p);

    if (e || !p)
        return e;
    s = census_school(c, p);
    at = loading_place(c->l, r, s->urn);
    if (s->census_day != DATE_NONE && started->i > s->census_day &&
        (e = loading_find(j, c->l, &at, FOUND_SUSPENSION_FUTURE, NULL)))
        return e;
    return loading_row(
        j, c->l, &fact_suspension,
        ARGS(WHERE_FROM(j, c, r), INT(p->identity_id), INT(s->urn), TEXT("census"),
             INT(c->l->school_year), INT(c->l->term), INT(p->on_roll),
             value_text(&r->v[CENSUS_EXCLUSION_CATEGORY]), INT(started->i), NUL,
             value_int(&r->v[CENSUS_EXCLUSION_SESSIONS]),
             value_text(&r->v[CENSUS_EXCLUSION_REASON1]),
             value_text(&r->v[CENSUS_EXCLUSION_REASON2]),
             value_text(&r->v[CENSUS_EXCLUSION_REASON3]), value_text(&r->v[CENSUS_EXCLUSION_SEN]),
             value_text(&r->v[CENSUS_EXCLUSION_REVIEW_RESULT]),
             value_int(&r->v[CENSUS_EXCLUSION_REVIEW_DATE]),
             value_int(&r->v[CENSUS_EXCLUSION_REINSTATED]), NUL, TEXT("new"), NUL, NUL, NUL));
}

enum err
census_take_need(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    const struct value *rank = &r->v[CENSUS_NEED_RANK];
    struct pupil *p;
    enum err e = census_pupil_of(j, c, r, roll, &p);

    if (e || !p)
        return e;
    if (p->needs < UINT8_MAX)
        p->needs++; /* a rank that is not given is the place in the list */
    return loading_row(j, c->l, &fact_sen_need,
                       ARGS(WHERE_FROM(j, c, r), INT(p->identity_id),
                            INT(census_school(c, p)->urn), INT(c->l->school_year),
                            INT(rank->given ? rank->i : p->needs),
                            value_text(&r->v[CENSUS_NEED_TYPE])));
}

enum err
census_take_meals(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    struct arg country = value_text(&r->v[CENSUS_MEALS_COUNTRY]);
    struct pupil *p;
    enum err e = census_pupil_of(j, c, r, roll, &p);

    if (e || !p)
        return e;
    return loading_row(j, c->l, &fact_fsm_period,
                       ARGS(WHERE_FROM(j, c, r), INT(p->identity_id),
                            INT(census_school(c, p)->urn), INT(r->v[CENSUS_MEALS_STARTED].i),
                            value_int(&r->v[CENSUS_MEALS_ENDED]),
                            country.n ? country : TEXT("ENG")));
}

enum err
census_take_ap(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    struct pupil *p;
    enum err e = census_pupil_of(j, c, r, roll, &p);

    if (e || !p)
        return e;
    return loading_row(j, c->l, &fact_ap_placement,
                       ARGS(WHERE_FROM(j, c, r), INT(p->identity_id),
                            INT(census_school(c, p)->urn), INT(c->l->school_year),
                            INT(c->l->term), TEXT("authority"), NUL,
                            value_int(&r->v[CENSUS_AP_PREVIOUS_URN]),
                            value_text(&r->v[CENSUS_AP_REASON]), NUL, NUL, NUL, NUL, NUL));
}

enum err
census_take_school_ap(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    struct pupil *p;
    enum err e = census_pupil_of(j, c, r, roll, &p);

    if (e || !p)
        return e;
    return loading_row(
        j, c->l, &fact_ap_placement,
        ARGS(WHERE_FROM(j, c, r), INT(p->identity_id), INT(census_school(c, p)->urn),
             INT(c->l->school_year), INT(c->l->term), TEXT("school"),
             value_int(&r->v[CENSUS_SCHOOL_AP_URN]), NUL,
             value_text(&r->v[CENSUS_SCHOOL_AP_REASON]),
             value_text(&r->v[CENSUS_SCHOOL_AP_SETTING]),
             value_text(&r->v[CENSUS_SCHOOL_AP_PATTERN]),
             value_int(&r->v[CENSUS_SCHOOL_AP_ENTERED]), value_int(&r->v[CENSUS_SCHOOL_AP_LEFT]),
             value_int(&r->v[CENSUS_SCHOOL_AP_SESSIONS])));
}

/* ---- sessions -------------------------------------------------------------------- */

/* A year has 380 sessions; boarders and errors aside, a term has no more. */
enum { MOST_SESSIONS = 500 };

static enum err
add_sessions(struct job *j, struct census *c, const struct record *r, uint32_t *at)
{
    const struct value *code = &r->v[CENSUS_SESSIONS_CODE];
    int index = (int)code->i; /* as people/attendance.h counts them */
    int64_t n = r->v[CENSUS_SESSIONS_COUNT].i;
    struct attendance_totals *t;
    struct place here;
    char detail[32];

    if (n < 0 || n > MOST_SESSIONS) {
        here = loading_place(c->l, r, 0);
        snprintf(detail, sizeof detail, "%lld", (long long)n);
        return loading_find(j, c->l, &here, FOUND_SESSIONS_RANGE, detail);
    }
    if (index < 0 || index >= ATTENDANCE_CODES)
        return err_set(j, ERR_FAULT, "an attendance code has no place of its own");
    if (!*at) {
        if (!pile_add(j, c->totals))
            return j->err.kind;
        *at = (uint32_t)pile_count(c->totals);
    }
    t = pile_at(c->totals, *at - 1);
    n += t->by_code[index];
    t->by_code[index] = (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
    if (code->s[0] == '/' || code->s[0] == '\\')
        c->full_marks = true;
    return OK;
}

enum err
census_take_sessions(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    struct pupil *p;
    enum err e = census_pupil_of(j, c, r, roll, &p);

    return e || !p ? e : add_sessions(j, c, r, &p->marks);
}

enum err
census_take_summer2(struct job *j, struct census *c, const struct record *r, enum roll roll)
{
    struct pupil *p;
    enum err e = census_pupil_of(j, c, r, roll, &p);

    return e || !p ? e : add_sessions(j, c, r, &p->marks_summer2);
}
