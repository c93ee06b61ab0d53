#include "intake/family.h"
#include "returns/fields.h"

/* SEND Annex A: the list of plans.  It says what held when it was made, which its newest date
 * tells; the list of SEN support has no dates, and the census tells that. */

struct annex_send {
    struct loading *l;
    int32_t told; /* last day that it tells of */
};

enum err
annex_send_begin(struct job *j, struct loading *l, void **state)
{
    struct annex_send *x = job_alloc(j, sizeof *x);

    *state = x;
    x->l = l;
    x->told = l->made_on == DATE_NONE ? date_of_time(j->now, NULL) : l->made_on;
    l->reading.school_year = date_school_year(x->told);
    return OK;
}

static const char *
code_of_words(struct span words)
{
    for (const struct code *c = code_all(); c->code; c++)
        if (c->set == CODE_SEN_TYPE && span_is_nocase(words, c->label))
            return code_stored(c);
    return NULL;
}

/* "ASD", "a) ASD", or the words of the census; NULL: none of them. */
static const char *
need_of(const struct value *v)
{
    struct span s = value_span(v);
    const struct code *c = code_find(CODE_SEN_TYPE, s);

    for (size_t i = 0; !c && i + 1 < s.n && i < 3; i++)
        if (s.s[i] == ' ')
            c = code_find(CODE_SEN_TYPE, (struct span){s.s + i + 1, s.n - i - 1});
    return c ? code_stored(c) : code_of_words(s);
}

struct send_fact {
    const char *kind;
    int part;
    int32_t from;
    struct arg to, code;
};

static enum err
write_fact(struct job *j, struct annex_send *x, const struct record *r, int64_t identity_id,
           const struct send_fact *f)
{
    return loading_row(j, x->l, &fact_ehc_fact,
                       ARGS(INT(j->area), INT(x->l->batch_id), INT(x->l->file_id), INT(r->line),
                            INT(f->part), INT(identity_id), INT(date_to_ymd(x->told).year),
                            TEXT(f->kind), INT(f->from), f->to, INT(x->told + 1), f->code, INT(1),
                            NUL, TEXT("annex-send")));
}

enum err
annex_send_record(struct job *j, void *arg, const struct record *r)
{
    struct annex_send *x = arg;
    const struct value *v = r->v, *issued = &v[ANNEX_PLAN_ISSUED];
    struct place at = loading_place(x->l, r, 0);
    struct description d = {.source = IDENTITY_NOTIFICATION, .upn = value_span(&v[ANNEX_PLAN_UPN]),
                            .born = value_date(&v[ANNEX_PLAN_BORN])};
    const char *need = need_of(&v[ANNEX_PLAN_NEED]);
    struct identity who;
    enum err e = loading_who(j, x->l, &at, &d, &who);

    if (e || !issued->given) {
        if (!e)
            loading_aside(x->l, "plans without the day they were issued");
        return e;
    }
    e = write_fact(j, x, r, who.identity_id,
                   &(struct send_fact){"plan", 0, (int32_t)issued->i, NUL, NUL});
    if (!e && need)
        e = write_fact(j, x, r, who.identity_id,
                       &(struct send_fact){"need", 1, x->told, INT(x->told + 1), TEXT(need)});
    else if (!e && v[ANNEX_PLAN_NEED].given)
        e = loading_find(j, x->l, &at, FOUND_NEED_UNKNOWN, v[ANNEX_PLAN_NEED].s);
    if (!e && v[ANNEX_PLAN_HOME].given && v[ANNEX_PLAN_HOME].i)
        e = write_fact(j, x, r, who.identity_id,
                       &(struct send_fact){"setting", 2, x->told, INT(x->told + 1), TEXT("EHE")});
    return e;
}

enum err
annex_send_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}
