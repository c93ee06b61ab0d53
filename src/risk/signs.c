/* All children of an area on a day: which signs each has. */
#include "risk/sign_walk.h"

enum { DEPRIVED = 2 };

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
    struct sign_child child[SIGN_BLOCK];
    struct sign_found found[SIGN_BLOCK * SIGNS_MOST];
    size_t n, n_found, looked_at;
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
look_at_child(const struct sign_pass *pass, struct sign_view *v, struct piece *out)
{
    const struct sign_pack *pack = pass->pack;
    struct sign_found *found = &out->found[out->n_found];
    struct sign_child *c = &out->child[out->n];
    size_t n = sign_look(pass, v, found);

    if (!n)
        return;
    qsort(found, n, sizeof *found, by_rule);
    *c = (struct sign_child){
        .person = v->p, .school = v->school, .year_group = v->year_group,
        .found = (uint32_t)out->n_found, .n = (uint32_t)n, .met = v->met,
        .met_school = v->met & pass->schools, .context = context_of(v),
    };
    c->tier = (uint8_t)sign_tier(sign_domains(pack, c->met));
    c->tier_school = (uint8_t)sign_tier(sign_domains(pack, c->met_school));
    out->n++;
    out->n_found += n;
}

/* ---- all children ---------------------------------------------------------------- */

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

struct sign_finding {
    struct sign_pass pass;
    int32_t day;
    struct piece *piece; /* by block of the wave */
    struct growing child, found;
    size_t looked_at;
};

static void
begin_block(struct job *j, void *arg, size_t block)
{
    struct piece *piece = &((struct sign_finding *)arg)->piece[block];

    (void)j;
    piece->n = piece->n_found = piece->looked_at = 0;
}

static void
look_in_block(void *arg, size_t block, struct sign_view *v)
{
    struct sign_finding *f = arg;

    f->piece[block].looked_at++;
    look_at_child(&f->pass, v, &f->piece[block]);
}

static void
append(struct job *j, struct sign_finding *f, const struct piece *piece)
{
    size_t n = f->child.n, n_found = f->found.n;
    struct sign_child *child = grow(j, &f->child, piece->n);
    struct sign_found *found = grow(j, &f->found, piece->n_found);

    for (size_t i = 0; i < piece->n; i++) {
        child[n + i] = piece->child[i];
        child[n + i].found += (uint32_t)n_found;
    }
    if (piece->n_found)
        memcpy(found + n_found, piece->found, piece->n_found * sizeof *found);
    f->looked_at += piece->looked_at;
}

static void
take_wave(struct job *j, void *arg, size_t n)
{
    struct sign_finding *f = arg;

    for (size_t b = 0; b < n; b++)
        append(j, f, &f->piece[b]);
}

struct sign_finding *
sign_finding_open(struct job *j, const struct sign_order *o, struct sign_looker *looker)
{
    struct sign_finding *f = job_alloc(j, sizeof *f);

    *f = (struct sign_finding){.pass = sign_pass_of(o->pack, o->t, o->marks), .day = o->day,
                               .piece = job_array(j, SIGN_WAVE, sizeof *f->piece),
                               .child.size = sizeof(struct sign_child),
                               .found.size = sizeof(struct sign_found)};
    *looker = (struct sign_looker){&f->pass, o->day, f, begin_block, look_in_block, take_wave};
    return f;
}

void
sign_finding_end(const struct sign_finding *f, struct sign_list *out)
{
    *out = (struct sign_list){.child = f->child.v, .found = f->found.v, .n = f->child.n,
                              .n_found = f->found.n, .looked_at = f->looked_at,
                              .no_data = f->pass.no_data, .day = f->day};
}

enum err
signs_find(struct job *j, const struct sign_order *o, struct sign_list *out)
{
    struct sign_looker looker;
    struct sign_finding *f = sign_finding_open(j, o, &looker);
    struct sign_walk w = {o->t, o->marks, &looker, 1, o->threads};
    enum err e = sign_walk(j, &w);

    sign_finding_end(f, out);
    return e;
}
