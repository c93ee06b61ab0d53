#include "intake/care_fact.h"
#include "returns/fields.h"

/* The lists of Annex A: what was open, or closed in some months before the day they were made.
 * Children are told by the id of the case system alone. */

struct annex {
    struct loading *l;
    struct care_source source;
    struct care_people people;
};

enum err
annex_a_begin(struct job *j, struct loading *l, void **state)
{
    struct annex *x = job_alloc(j, sizeof *x);
    int32_t day = l->made_on == DATE_NONE ? j->today : l->made_on;
    char text[DATE_TEXT];

    *state = x;
    x->l = l;
    x->source = care_source_on("annex-a", day);
    snprintf(l->title, sizeof l->title, "Annex A, to %s", date_words(day, text));
    return care_people_open(j, l, &x->people);
}

/* The same three columns begin each list that is kept. */
enum { ID = ANNEX_HELP_ID, SEX = ANNEX_HELP_SEX, BORN = ANNEX_HELP_BORN };
_Static_assert(ID == (int)ANNEX_REFERRAL_ID && ID == (int)ANNEX_ASSESSMENT_ID &&
                   ID == (int)ANNEX_ENQUIRY_ID && ID == (int)ANNEX_NEED_ID &&
                   ID == (int)ANNEX_PROTECTION_ID && ID == (int)ANNEX_CARE_ID,
               "every list begins with the child");

static enum err
whose(struct job *j, struct annex *x, const struct record *r, int64_t *identity_id)
{
    struct place at = loading_place(x->l, r, 0);
    struct description d = {.local_id = value_span(&r->v[ID]), .born = value_date(&r->v[BORN]),
                            .sex = value_span(&r->v[SEX])};

    if (care_people_has(&x->people, d.local_id))
        return care_people_find(j, &x->people, &at, d.local_id, identity_id);
    return care_people_add(j, &x->people, &at, &d, identity_id);
}

/* ---- the lists ------------------------------------------------------------------- */

struct lasting {
    const char *layout, *kind;
    int from, to;
};
static const struct lasting lasting[] = {
    {"annex-a-list_2", "help", ANNEX_HELP_FROM, ANNEX_HELP_TO},
    {"annex-a-list_4", "assessment", ANNEX_ASSESSMENT_FROM, ANNEX_ASSESSMENT_TO},
    {"annex-a-list_5", "enquiry", ANNEX_ENQUIRY_FROM, ANNEX_ENQUIRY_TO},
    {"annex-a-list_6", "referral", ANNEX_NEED_FROM, ANNEX_NEED_TO},
    {"annex-a-list_7", "protection", ANNEX_PROTECTION_FROM, ANNEX_PROTECTION_TO},
};

static enum err
take_lasting(struct job *j, struct annex *x, const struct record *r, const struct lasting *t)
{
    struct care_fact f = care_fact_of(0, t->kind, DATE_NONE, DATE_OPEN);
    enum err e = care_fact_days(j, x->l, r, (struct care_days){&r->v[t->from], &r->v[t->to]}, &f);

    if (e || f.from == DATE_NONE || (e = whose(j, x, r, &f.identity_id)))
        return e;
    if (!strcmp(t->kind, "enquiry") && f.to == DATE_OPEN)
        f.to = f.from + 1; /* the list tells no end, and most come to no conference */
    if (!strcmp(t->kind, "referral"))
        f.no_action = INT(0);
    return care_fact_write(j, x->l, &x->source, r, &f);
}

static enum err
take_referral(struct job *j, struct annex *x, const struct record *r)
{
    const struct value *day = &r->v[ANNEX_REFERRAL_FROM];
    const struct value *none = &r->v[ANNEX_REFERRAL_NO_ACTION];
    struct care_fact f = care_fact_of(0, "referral", (int32_t)day->i, (int32_t)day->i + 1);
    enum err e;

    if (!day->given || !none->given || !none->i) {
        loading_aside(x->l, "referrals that led on: their cases are in list 6");
        return OK;
    }
    f.no_action = INT(1);
    e = whose(j, x, r, &f.identity_id);
    return e ? e : care_fact_write(j, x->l, &x->source, r, &f);
}

/* "C2", "V4 - Accommodated …", "a) V2": the code is what begins with V and a digit. */
static bool
is_short_break(struct span status)
{
    for (size_t i = 0; i + 1 < status.n; i++)
        if ((status.s[i] | 32) == 'v' && (status.s[i + 1] == '3' || status.s[i + 1] == '4'))
            return true;
    return false;
}

static enum err
write_placement(struct job *j, struct annex *x, const struct record *r,
                const struct care_fact *care)
{
    const struct value *placed = &r->v[ANNEX_CARE_PLACED], *type = &r->v[ANNEX_CARE_TYPE];
    const struct value *urn = &r->v[ANNEX_CARE_URN];
    struct care_fact f = care_fact_of(care->identity_id, "placement", (int32_t)placed->i,
                                      (int32_t)placed->i + 1);
    const struct code *code =
        type->given ? code_find(CODE_CARE_PLACEMENT, VALUE_SPAN(*type)) : NULL;
    int64_t number;

    if (!placed->given || f.from <= care->from)
        return OK;
    f.part = 2;
    f.placement = code ? TEXT(code->code) : NUL;
    if (urn->given && text_to_int(urn->s, urn->n, &number))
        f.provider_urn = INT(number);
    return care_fact_write(j, x->l, &x->source, r, &f);
}

static enum err
take_care(struct job *j, struct annex *x, const struct record *r)
{
    const struct value *from = &r->v[ANNEX_CARE_FROM], *to = &r->v[ANNEX_CARE_TO];
    struct care_fact f = care_fact_of(0, "care", (int32_t)from->i, DATE_OPEN);
    struct place at = loading_place(x->l, r, 0);
    enum err e;

    if (!from->given || is_short_break(value_span(&r->v[ANNEX_CARE_STATUS]))) {
        loading_aside(x->l, from->given ? "short breaks (V3, V4), which are not being looked after"
                                        : "without a first day");
        return OK;
    }
    if (to->given && to->i < from->i)
        return loading_find(j, x->l, &at, FOUND_END_BEFORE_START, NULL);
    if (to->given)
        f.to = to->i == from->i ? f.from + 1 : (int32_t)to->i;
    if ((e = whose(j, x, r, &f.identity_id)) || (e = care_fact_write(j, x->l, &x->source, r, &f)))
        return e;
    return write_placement(j, x, r, &f);
}

enum err
annex_a_record(struct job *j, void *arg, const struct record *r)
{
    struct annex *x = arg;

    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
        if (!strcmp(lasting[i].layout, r->layout->name))
            return take_lasting(j, x, r, &lasting[i]);
    if (!strcmp(r->layout->name, "annex-a-list_3"))
        return take_referral(j, x, r);
    if (!strcmp(r->layout->name, "annex-a-list_8"))
        return take_care(j, x, r);
    return err_set(j, ERR_FAULT, "nothing is known to do with %s", r->layout->name);
}

enum err
annex_a_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}
