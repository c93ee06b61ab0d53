#include "intake/plan.h"
#include "returns/fields.h"

/* What a batch says of itself in its first records, read before its turn comes. */
struct peek {
    struct planned *b;
    struct reading reading;
    int64_t lea, year, estab;
    bool several; /* GIAS of more than one authority */
    bool enough;  /* the rest need not be read */
    int32_t today, newest;
};

/* Dates to come are plans. */
static void
note_days(struct peek *k, const struct record *r)
{
    for (size_t i = 0; !r->refused && i < r->layout->n_fields; i++)
        if (r->layout->fields[i].rules & FIELD_TOLD && r->v[i].given && r->v[i].i <= k->today &&
            r->v[i].i > k->newest)
            k->newest = (int32_t)r->v[i].i;
}

static enum err
on_record(struct job *j, void *arg, const struct record *r)
{
    struct peek *k = arg;
    const char *name = r->layout->name;

    if (!strcmp(name, "census-schoolcensus") && !k->lea) {
        k->lea = r->v[CENSUS_HEADER_LEA].given ? r->v[CENSUS_HEADER_LEA].i : 0;
        k->estab = r->v[CENSUS_HEADER_ESTAB].given ? r->v[CENSUS_HEADER_ESTAB].i : 0;
        k->b->school_year = k->reading.school_year;
        k->b->term = k->reading.term;
    } else if (!strcmp(name, "cin-header")) {
        k->lea = r->v[CIN_HEADER_LEA].given ? r->v[CIN_HEADER_LEA].i : 0;
        k->year = r->v[CIN_HEADER_YEAR].given ? r->v[CIN_HEADER_YEAR].i : 0;
    } else if (!strcmp(name, "sen2-header")) {
        k->lea = r->v[SEN2_HEADER_LEA].given ? r->v[SEN2_HEADER_LEA].i : 0;
        return OK; /* which year it is of its dates tell where it does not */
    } else if (!strcmp(name, "gias-schools") && !r->refused) {
        k->several = k->several || (k->lea && k->lea != r->v[GIAS_SCHOOL_LA].i);
        k->lea = r->v[GIAS_SCHOOL_LA].i;
    } else {
        if (!strcmp(name, "care-api-child") && r->v[API_CHILD_LA].given)
            k->lea = r->v[API_CHILD_LA].i;
        note_days(k, r);
        return OK;
    }
    k->enough = k->several || strcmp(name, "gias-schools") != 0;
    (void)j;
    return k->enough ? ERR_CONFLICT : OK; /* stops the reader; nothing is wrong */
}

static bool
tells_days(const struct layout *l)
{
    for (size_t i = 0; !l->skip && i < l->n_fields; i++)
        if (l->fields[i].rules & FIELD_TOLD)
            return true;
    return false;
}

static bool
tells(const struct returns_file *f)
{
    return f->form != FORM_CSV || tells_days(f->layout) ||
           !strcmp(f->layout->name, "census-schoolcensus") ||
           !strcmp(f->layout->name, "gias-schools");
}

static void
name_census(struct planned *b, const struct peek *k)
{
    int year = b->school_year + (b->term == TERM_AUTUMN ? 0 : 1);

    b->order = b->school_year * 4 + b->term;
    if (!b->school_year || !b->term)
        snprintf(b->title, sizeof b->title, "%s", b->family->title);
    else if (b->file[0]->file->form == FORM_XML)
        snprintf(b->title, sizeof b->title, "School census, %s %d, school %03lld/%04lld",
                 date_term_name((enum term)b->term), year, (long long)k->lea,
                 (long long)k->estab);
    else
        snprintf(b->title, sizeof b->title, "School census, %s %d",
                 date_term_name((enum term)b->term), year);
}

enum err
plan_peek(struct job *j, struct planned *b)
{
    struct peek k = {.b = b, .newest = DATE_NONE, .today = date_of_time(j->now, NULL)};
    struct receiver to = {&k, on_record, NULL, NULL, &k.reading};
    enum err e = OK;

    for (size_t i = 0; !e && i < b->n && !k.enough; i++) {
        const struct returns_file *f = b->file[i]->file;
        struct scope s = job_scope_begin(j);
        struct returns_counts counts = {0};

        if (tells(f))
            e = returns_read(j, f, &to, &counts);
        /* a file that breaks off is refused in its turn, with all that is wrong */
        if (k.enough || e == ERR_INPUT)
            e = OK;
        job_scope_end(j, s);
    }
    if (!e)
        err_clear(j);
    b->lea = k.several ? 0 : k.lea;
    b->newest = k.newest;
    b->order = k.newest == DATE_NONE ? (int32_t)k.year : k.newest;
    if (!strcmp(b->family->name, "census"))
        name_census(b, &k);
    else
        snprintf(b->title, sizeof b->title, "%s", b->family->title);
    return e;
}
