#include "intake/marks.h"
#include "intake/notice.h"
#include "people/establishment.h"
#include "returns/fields.h"

/* The Common Transfer File: what a school tells the next of a child who leaves.  Marks of past
 * years, spells of special needs and free meals, and which schools the child left, when, why. */

struct transfer {
    struct loading *l;
    struct marks_in *m;
    int32_t made;        /* day it was made */
    int64_t from, to;    /* URN of the school that sends, of the one it is for; 0 not known */
    int64_t identity_id; /* of the child being read; 0 none yet */
};

enum err
transfer_begin(struct job *j, struct loading *l, void **state)
{
    struct transfer *x = job_alloc(j, sizeof *x);

    *state = x;
    x->l = l;
    x->made = date_of_time(j->now, NULL);
    return marks_begin(j, l, &x->m);
}

/* ---- schools --------------------------------------------------------------------- */

struct school_at {
    const struct value *urn, *lea, *estab;
    int32_t day;
};

/* By URN, else by authority and number; letters (XXXX, LLLL, MMMM) are no school. */
static enum err
find_school(struct job *j, const struct school_at *s, int64_t *urn)
{
    int64_t la, estab;

    *urn = s->urn && s->urn->given ? s->urn->i : 0;
    if (*urn || !s->lea->given || !s->estab->given ||
        !text_to_int(s->estab->s, s->estab->n, &estab))
        return OK;
    la = s->lea->i;
    if (!la && (!s->lea->s || !text_to_int(s->lea->s, s->lea->n, &la)))
        return OK;
    return establishment_by_number(j, la, estab, s->day, urn);
}

static enum err
take_header(struct job *j, struct transfer *x, const struct record *r)
{
    const struct value *v = r->v;
    struct school_at from = {&v[CTF_HEADER_URN], &v[CTF_HEADER_LEA], &v[CTF_HEADER_ESTAB], 0};
    struct school_at to = {&v[CTF_HEADER_TO_URN], &v[CTF_HEADER_TO_LEA], &v[CTF_HEADER_TO_ESTAB],
                           0};
    enum err e;

    loading_made_on(j, x->l, &v[CTF_HEADER_SENT]);
    if (v[CTF_HEADER_SENT].given)
        x->made = (int32_t)v[CTF_HEADER_SENT].i;
    from.day = to.day = x->made;
    e = find_school(j, &from, &x->from);
    return e ? e : find_school(j, &to, &x->to);
}

/* ---- the child ------------------------------------------------------------------- */

static enum err
take_pupil(struct job *j, struct transfer *x, const struct record *r)
{
    const struct value *v = r->v;
    struct place at = loading_place(x->l, r, x->from);
    struct description d = {
        .source = IDENTITY_NOTIFICATION,
        .upn = value_span(&v[CTF_PUPIL_UPN]),
        .former_upn = value_span(&v[CTF_PUPIL_FORMER_UPN]),
        .surname = value_span(&v[CTF_PUPIL_SURNAME]),
        .forename = value_span(&v[CTF_PUPIL_FORENAME]),
        .born = value_date(&v[CTF_PUPIL_BORN]),
        .sex = value_span(&v[CTF_PUPIL_SEX]),
        .postcode = value_span(&v[CTF_PUPIL_POSTCODE]),
    };
    struct identity who;
    enum err e = loading_who(j, x->l, &at, &d, &who);

    x->identity_id = who.identity_id;
    return e;
}

/* Open in the file: told up to the day it was made. */
static int32_t
end_of(const struct transfer *x, const struct value *last)
{
    return (last->given ? (int32_t)last->i : x->made) + 1;
}

static enum err
ends_before(struct job *j, struct transfer *x, const struct record *r)
{
    struct place at = loading_place(x->l, r, x->from);

    return loading_find(j, x->l, &at, FOUND_END_BEFORE_START, NULL);
}

static enum err
take_meals(struct job *j, struct transfer *x, const struct record *r)
{
    const struct value *v = r->v, *country = &v[CTF_MEALS_COUNTRY];
    int64_t from = v[CTF_MEALS_FROM].i;
    int32_t to = end_of(x, &v[CTF_MEALS_TO]);

    if (from >= to)
        return ends_before(j, x, r);
    return loading_row(j, x->l, &fact_fsm_period,
                       ARGS(INT(j->area), INT(x->l->batch_id), INT(x->l->file_id), INT(r->line),
                            INT(x->identity_id), INT(x->from), INT(from), INT(to - 1),
                            country->given ? value_text(country) : TEXT("ENG")));
}

static enum err
take_sen(struct job *j, struct transfer *x, const struct record *r)
{
    const struct value *v = r->v, *from = &v[CTF_SEN_FROM], *level = &v[CTF_SEN_PROVISION];
    int32_t to = end_of(x, &v[CTF_SEN_TO]);
    bool plan = level->s[0] == 'E' || level->s[0] == 'S';

    if (level->s[0] == 'N' || !from->given) {
        loading_aside(x->l, "levels of special needs without a first day, or none");
        return OK;
    }
    if (from->i >= to)
        return ends_before(j, x, r);
    return loading_row(j, x->l, &fact_ehc_fact,
                       ARGS(INT(j->area), INT(x->l->batch_id), INT(x->l->file_id), INT(r->line),
                            INT(0), INT(x->identity_id), INT(date_to_ymd(x->made).year),
                            TEXT(plan ? "plan" : "support"), INT(from->i),
                            v[CTF_SEN_TO].given ? INT(to) : NUL, INT(x->made + 1), NUL, NUL, NUL,
                            TEXT("ctf")));
}

static enum err
take_year(struct job *j, struct transfer *x, const struct record *r)
{
    const struct value *v = r->v, *marks = &v[CTF_YEAR_MARKS], *start = &v[CTF_YEAR_STARTED];
    struct school_at s = {NULL, &v[CTF_YEAR_LEA], &v[CTF_YEAR_ESTAB], value_date(start)};
    struct marks_given g = {.identity_id = x->identity_id, .marks = value_span(marks),
                            .start = value_date(start), .extracted = x->made};
    enum err e;

    if (!marks->given || !start->given) {
        loading_aside(x->l, "years of attendance with sums alone, without marks");
        return OK;
    }
    if ((e = find_school(j, &s, &g.at.urn)))
        return e;
    g.at = loading_place(x->l, r, g.at.urn ? g.at.urn : x->from);
    return marks_take_string(j, x->m, &g);
}

/* A school that was left: where the child came from. */
static enum err
take_school(struct job *j, struct transfer *x, const struct record *r)
{
    const struct value *v = r->v, *left = &v[CTF_SCHOOL_LEFT];
    struct school_at s = {&v[CTF_SCHOOL_URN], &v[CTF_SCHOOL_LEA], &v[CTF_SCHOOL_ESTAB],
                          left->given ? (int32_t)left->i : x->made};
    int64_t urn;
    enum err e = find_school(j, &s, &urn);

    if (e)
        return e;
    if (!left->given || !urn) {
        loading_aside(x->l, left->given ? "schools left that are not in the list of schools"
                                        : "schools that the child is still at");
        return OK;
    }
    return loading_row(j, x->l, &fact_leaver,
                       ARGS(INT(j->area), INT(x->l->batch_id), INT(x->l->file_id), INT(r->line),
                            INT(x->identity_id), INT(urn), INT(left->i),
                            value_text(&v[CTF_SCHOOL_GROUND]),
                            urn == x->from && x->to ? INT(x->to) : NUL, NUL,
                            x->l->made_on == DATE_NONE ? NUL : INT(x->l->made_on), TEXT("ctf")));
}

/* ---- all ------------------------------------------------------------------------- */

enum err
transfer_record(struct job *j, void *arg, const struct record *r)
{
    static const struct {
        const char *layout;
        enum err (*fn)(struct job *j, struct transfer *x, const struct record *r);
    } handlers[] = {
        {"ctf-header", take_header}, {"ctf-pupil", take_pupil}, {"ctf-meals", take_meals},
        {"ctf-sen", take_sen}, {"ctf-year", take_year}, {"ctf-school", take_school},
    };
    struct transfer *x = arg;
    struct place at = loading_place(x->l, r, x->from);

    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (!strcmp(handlers[i].layout, r->layout->name))
            return i > 1 && !x->identity_id
                       ? loading_find(j, x->l, &at, FOUND_PARENT_MISSING, "the pupil")
                       : handlers[i].fn(j, x, r);
    return err_set(j, ERR_FAULT, "nothing is known to do with %s", r->layout->name);
}

enum err
transfer_end(struct job *j, void *state)
{
    struct transfer *x = state;

    return marks_end(j, x->m);
}
