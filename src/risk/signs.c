/* All children of an area on a day: which signs each has. */
#include "base/thread.h"
#include "risk/sign_view.h"

enum { PEOPLE_A_BLOCK = 256, BLOCKS_A_WAVE = 32, DEPRIVED = 2 };

enum source {
    SOURCE_NONE, SOURCE_REGISTERS, SOURCE_SUSPENSIONS, SOURCE_CARE, SOURCE_EARLY_HELP,
    SOURCE_YOUTH_JUSTICE, SOURCE_CENSUS
};
static const struct {
    sign_fn *find;
    enum source source;
} kinds[SIGN_KINDS] = {
#define SIGN(id, name, function, source, audience, limits, values)             \
    [id] = {sign_##function, source},
#include "risk/signs.def"
#undef SIGN
};

int
sign_tier(unsigned domains)
{
    unsigned own = 1u << DOMAIN_ATTENDANCE | 1u << DOMAIN_BEHAVIOUR | 1u << DOMAIN_MOBILITY;
    int n = __builtin_popcount(domains);

    if (!(domains & own))
        return 0;
    return n > 3 ? 3 : n;
}

unsigned
sign_domains(const struct sign_pack *pack, uint32_t met)
{
    unsigned domains = 0;

    for (size_t i = 0; i < pack->n; i++)
        if (met >> i & 1)
            domains |= 1u << pack->rule[i].domain;
    return domains;
}

/* ---- one child ------------------------------------------------------------------- */

/* A block of persons: its children with a sign, and what was found of them. */
struct piece {
    struct sign_child child[PEOPLE_A_BLOCK];
    struct sign_found found[PEOPLE_A_BLOCK * SIGNS_MOST];
    size_t n, n_found, looked_at;
};
struct pass {
    struct sign_pass all;
    const struct marks *marks;
    int32_t day;
    size_t first_block;  /* of this wave */
    struct piece *piece; /* by block of the wave; the caller's memory */
};

/* The year group of the day: that of the last census, carried on by the years since; where none
 * gave one, by age on 31 August (domain.md §5.7). */
static int8_t
year_group_on(const struct timeline_enrolment *e, int32_t born, int32_t day)
{
    enum { RECEPTION_AGE = 4 };
    int32_t school_year = date_school_year(day), age = date_age_31_august(born, school_year);
    int year = INT8_MIN;

    if (e->year_group != INT8_MIN)
        year = e->year_group + school_year - e->school_year;
    else if (age != DATE_NONE)
        year = age - RECEPTION_AGE;
    return (int8_t)(year > 14 || year < -1 ? INT8_MIN : year);
}

bool
sign_is_looked_at(const struct sign_pass *pass, struct sign_view *v)
{
    const struct timeline *t = pass->t;
    const struct timeline_enrolment *e;

    v->t = t;
    v->attendance = pass->attendance;
    v->schools = pass->schools;
    v->enrolment = timeline_main(t, v->p, v->day);
    if (v->enrolment == TIMELINE_NONE)
        return false;
    e = &t->enrolment[v->enrolment];
    v->school = e->school;
    v->year_group = year_group_on(e, t->person[v->p].born, v->day);
    return timeline_status_rank(e->status) <= 1 && t->school[e->school].local &&
           v->year_group >= pass->pack->first_year && v->year_group <= pass->pack->last_year;
}

/* Signs about attendance first: others may ask for them. */
static size_t
look(const struct sign_pass *pass, struct sign_view *v, bool attendance,
     struct sign_found *found)
{
    size_t n = 0;

    for (size_t i = 0; i < pass->pack->n; i++) {
        const struct sign_rule *r = &pass->pack->rule[i];
        struct sign_found *f = &found[n];
        if ((r->domain == DOMAIN_ATTENDANCE) != attendance || (pass->no_data >> i & 1))
            continue;
        *f = (struct sign_found){0};
        if (!kinds[r->kind].find(v, r, f))
            continue;
        f->rule = (uint8_t)i;
        if (kinds[r->kind].source == SOURCE_REGISTERS || (f->data_day == 0 && v->n_weeks))
            f->data_day = v->data_day;
        v->met |= 1u << i;
        n++;
    }
    return n;
}

size_t
sign_look(const struct sign_pass *pass, struct sign_view *v, struct sign_found *found)
{
    size_t n;

    v->met = 0;
    n = look(pass, v, true, found);
    return n + look(pass, v, false, found + n);
}

/* Social care on the day; where its data end before, open when they did, a year ago at most. */
static bool
has_social_worker(const struct sign_view *v)
{
    enum { KINDS = 1 << SPELL_NEED | 1 << SPELL_PLAN | 1 << SPELL_PROTECTION |
                   1 << SPELL_LOOKED_AFTER, YEAR = 366 };
    struct timeline_range r = timeline_of(v->t, TIMELINE_SPELL, v->p);

    for (; r.from < r.to; r.from++) {
        const struct timeline_spell *s = &v->t->spell[r.from];
        bool open = (s->flags & SPELL_OPEN) && s->end > v->day - YEAR;
        if ((KINDS >> s->kind & 1) && s->start <= v->day && (s->end > v->day || open))
            return true;
    }
    return false;
}

static uint8_t
context_of(const struct sign_view *v)
{
    const struct timeline *t = v->t;
    const struct timeline_census *c = &t->census[t->enrolment[v->enrolment].census];
    uint8_t context = 0;

    if (sign_spell_on(v, SPELL_FSM, NULL) != TIMELINE_NONE)
        context |= CONTEXT_FSM;
    if (c->idaci && c->idaci <= DEPRIVED)
        context |= CONTEXT_DEPRIVED;
    if (sign_spell_on(v, SPELL_EHC_PLAN, NULL) != TIMELINE_NONE)
        context |= CONTEXT_PLAN;
    if (has_social_worker(v))
        context |= CONTEXT_CARE;
    return context;
}

static int
by_rule(const void *a, const void *b)
{
    return ((const struct sign_found *)a)->rule - ((const struct sign_found *)b)->rule;
}

static void
look_at_child(const struct pass *pass, struct sign_view *v, struct piece *out)
{
    const struct sign_pack *pack = pass->all.pack;
    struct sign_found *found = &out->found[out->n_found];
    struct sign_child *c = &out->child[out->n];
    size_t n = sign_look(&pass->all, v, found);

    if (!n)
        return;
    qsort(found, n, sizeof *found, by_rule);
    *c = (struct sign_child){
        .person = v->p, .school = v->school, .year_group = v->year_group,
        .found = (uint32_t)out->n_found, .n = (uint32_t)n, .met = v->met,
        .met_school = v->met & pass->all.schools, .context = context_of(v),
    };
    c->tier = (uint8_t)sign_tier(sign_domains(pack, c->met));
    c->tier_school = (uint8_t)sign_tier(sign_domains(pack, c->met_school));
    out->n++;
    out->n_found += n;
}

/* ---- all children ---------------------------------------------------------------- */

static enum err
find_block(struct job *j, void *arg, size_t block)
{
    const struct pass *pass = arg;
    uint32_t people = pass->all.t->n[TIMELINE_PERSON];
    uint32_t from = (uint32_t)(pass->first_block + block) * PEOPLE_A_BLOCK;
    uint32_t to = from + PEOPLE_A_BLOCK < people ? from + PEOPLE_A_BLOCK : people;
    struct sign_view v = {.t = pass->all.t, .day = pass->day, .data_day = DATE_NONE};
    struct piece *out = &pass->piece[block];
    struct marks_cursor cursor;
    struct sign_span span = sign_span_of(j, pass->day, pass->day, SIGN_WEEKS);

    out->n = out->n_found = out->looked_at = 0;
    if (pass->marks)
        marks_cursor(j, pass->marks, &cursor);
    for (v.p = from; v.p < to; v.p++) {
        if (!sign_is_looked_at(&pass->all, &v))
            continue;
        out->looked_at++;
        if (pass->marks)
            sign_view_window(&v, span.week, sign_view_load(&v, &cursor, &span));
        look_at_child(pass, &v, out);
    }
    return OK;
}

/* What no file of any kind tells is not "none" but "no data". */
static bool
is_loaded(const struct timeline *t, const struct marks *marks, enum source s)
{
    enum timeline_kind kind = s == SOURCE_EARLY_HELP ? SPELL_EARLY_HELP : SPELL_YOUTH_JUSTICE;

    switch (s) {
    case SOURCE_REGISTERS:
        return marks && marks->n > 0;
    case SOURCE_SUSPENSIONS:
        return t->n[TIMELINE_SUSPENSION] > 0;
    case SOURCE_CARE:
        return timeline_care_until(t) != DATE_NONE;
    case SOURCE_EARLY_HELP:
    case SOURCE_YOUTH_JUSTICE:
        for (uint32_t i = 0; i < t->n[TIMELINE_SPELL]; i++)
            if (t->spell[i].kind == kind)
                return true;
        return false;
    case SOURCE_CENSUS:
    case SOURCE_NONE:
        break;
    }
    return true;
}

struct sign_pass
sign_pass_of(const struct sign_pack *pack, const struct timeline *t, const struct marks *marks)
{
    struct sign_pass pass = {.pack = pack, .t = t};

    for (size_t i = 0; i < pack->n; i++) {
        const struct sign_rule *r = &pack->rule[i];
        if (!is_loaded(t, marks, kinds[r->kind].source))
            pass.no_data |= 1u << i;
        if (r->domain == DOMAIN_ATTENDANCE)
            pass.attendance |= 1u << i;
        if (r->schools)
            pass.schools |= 1u << i;
    }
    return pass;
}

/* An array that doubles. */
struct growing {
    void *v;
    size_t n, most, size;
};

/* Room for `more` behind the n that are there. */
static void *
grow(struct job *j, struct growing *g, size_t more)
{
    size_t want = g->most ? g->most : 1024;

    while (want < g->n + more)
        want *= 2;
    if (want != g->most) {
        g->v = job_grow(j, g->v, g->n * g->size, want * g->size);
        g->most = want;
    }
    g->n += more;
    return g->v;
}

struct growing_list {
    struct growing child, found;
    size_t looked_at;
};

static void
append(struct job *j, struct growing_list *g, const struct piece *piece)
{
    size_t n = g->child.n, n_found = g->found.n;
    struct sign_child *child = grow(j, &g->child, piece->n);
    struct sign_found *found = grow(j, &g->found, piece->n_found);

    for (size_t i = 0; i < piece->n; i++) {
        child[n + i] = piece->child[i];
        child[n + i].found += (uint32_t)n_found;
    }
    if (piece->n_found)
        memcpy(found + n_found, piece->found, piece->n_found * sizeof *found);
    g->looked_at += piece->looked_at;
}

enum err
signs_find(struct job *j, const struct sign_order *o, struct sign_list *out)
{
    struct pass pass = {.all = sign_pass_of(o->pack, o->t, o->marks), .marks = o->marks,
                        .day = o->day, .piece = job_array(j, BLOCKS_A_WAVE, sizeof *pass.piece)};
    size_t blocks = (o->t->n[TIMELINE_PERSON] + PEOPLE_A_BLOCK - 1) / PEOPLE_A_BLOCK;
    struct growing_list g = {.child.size = sizeof *out->child,
                             .found.size = sizeof *out->found};

    for (; pass.first_block < blocks; pass.first_block += BLOCKS_A_WAVE) {
        size_t left = blocks - pass.first_block, n = left < BLOCKS_A_WAVE ? left : BLOCKS_A_WAVE;
        enum err e = thread_each(j, o->threads, n, JOB_MB, find_block, &pass);
        if (e)
            return e;
        timeline_give_back(o->t);
        if (o->marks)
            marks_give_back(o->marks);
        for (size_t b = 0; b < n; b++)
            append(j, &g, &pass.piece[b]);
    }
    *out = (struct sign_list){.child = g.child.v, .found = g.found.v, .n = g.child.n,
                              .n_found = g.found.n, .looked_at = g.looked_at,
                              .no_data = pass.all.no_data, .day = o->day};
    return OK;
}
