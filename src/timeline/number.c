#include "timeline/number.h"

/* ---- persons ----------------------------------------------------------------------------- */

/* The description to show: what a school said before a person list before social care; then
 * the last seen; then the newest. */
static bool
shows_better(const struct build_identity *a, const struct build_identity *b)
{
    if (a->source != b->source)
        return a->source > b->source;
    if (a->seen != b->seen)
        return a->seen > b->seen;
    return a->identity_id > b->identity_id;
}

static bool
is_better(const struct build *b, uint32_t shown, const struct build_identity *i)
{
    return !shown || shows_better(i, &b->identity[shown - 1]);
}

static void
note_shown(const struct build *b, struct build_shown *s, uint32_t at)
{
    const struct build_identity *i = &b->identity[at];

    if (is_better(b, s->best, i))
        s->best = at + 1;
    if (i->born != DATE_NONE && is_better(b, s->born, i))
        s->born = at + 1;
    if (i->sex && is_better(b, s->sex, i))
        s->sex = at + 1;
}

static struct timeline_person
person_of(const struct build *b, const struct build_person *p, const struct build_shown *s)
{
    struct timeline_person row = {
        .person_id = p->person_id, .identity_id = b->identity[s->best - 1].identity_id,
        .born = s->born ? b->identity[s->born - 1].born : DATE_NONE,
        .first_seen = p->first_seen, .last_seen = p->last_seen,
        .sex = s->sex ? b->identity[s->sex - 1].sex : '\0'};

    memcpy(row.ethnicity, p->ethnicity, sizeof row.ethnicity);
    return row;
}

static void
note_all_shown(struct build *b)
{
    for (uint32_t i = 0; i < b->identities; i++)
        if (b->identity[i].seen != DATE_NONE)
            note_shown(b, &b->shown[b->identity[i].person], i);
}

/* Those of the part; map: provisional, less the first of it, to final. */
static const uint32_t *
number_persons(struct build *b, uint32_t first, uint32_t end)
{
    uint32_t *map = job_array(b->j, (size_t)(end - first) + 1, sizeof *map);

    b->persons = 0;
    for (uint32_t p = first; p < end; p++)
        map[p - first] = b->shown[p].best ? b->persons++ : TIMELINE_NONE;
    b->person = job_array(b->j, (size_t)b->persons + 1, sizeof *b->person);
    for (uint32_t p = first; p < end; p++)
        if (b->shown[p].best)
            b->person[map[p - first]] = person_of(b, &b->people[p], &b->shown[p]);
    return map;
}

/* ---- returns ----------------------------------------------------------------------------- */

static int
by_return(const void *a, const void *b)
{
    const struct timeline_return *x = &((const struct build_return *)a)->row;
    const struct timeline_return *y = &((const struct build_return *)b)->row;
    int c = build_compare(x->kind, y->kind);

    if (!c)
        c = build_compare(x->school_year, y->school_year);
    if (!c)
        c = build_compare(x->term, y->term);
    if (!c)
        c = build_compare(x->what, y->what);
    if (!c)
        c = build_compare(x->school, y->school);
    if (!c)
        c = build_compare(x->source, y->source);
    return c ? c : build_compare(x->batch, y->batch);
}

static bool
is_annual(const struct timeline_return *r)
{
    static const bool annual[] = {
#define CARE_SOURCE(id, kind, annual) annual,
#include "timeline/care_sources.def"
#undef CARE_SOURCE
    };

    return annual[r->source];
}

/* A census replaces those before it, and so does a yearly return of social care; others add to
 * them. */
static bool
replaces(const struct build *b, const struct timeline_return *x, const struct timeline_return *y)
{
    if ((x->kind == RETURN_CARE || x->kind == RETURN_PLANS) &&
        (x->source != y->source || !is_annual(x)))
        return false;
    return (x->kind == RETURN_CENSUS || x->kind == RETURN_CARE || x->kind == RETURN_PLANS) &&
           x->kind == y->kind &&
           x->school_year == y->school_year && x->term == y->term && x->school == y->school &&
           b->batch[x->batch].rank > b->batch[y->batch].rank;
}

static bool
is_replaced(const struct build *b, uint32_t i)
{
    const struct timeline_return *r = &b->returns[i].row;

    for (uint32_t k = i; k-- > 0 && b->returns[k].row.school == r->school &&
                         b->returns[k].row.term == r->term;)
        if (replaces(b, &b->returns[k].row, r))
            return true;
    for (uint32_t k = i + 1; k < b->n_returns && b->returns[k].row.school == r->school &&
                             b->returns[k].row.term == r->term; k++)
        if (replaces(b, &b->returns[k].row, r))
            return true;
    return false;
}

static int64_t
standing_key(uint32_t school, int32_t census)
{
    return (int64_t)census << 32 | school;
}

static bool
is_later(const struct build *b, const struct timeline_return *r, uint32_t than)
{
    for (uint32_t i = 0; i < b->care_returns; i++) {
        const struct timeline_return *x = &b->returns[b->care_return[i]].row;
        if (x->batch == than && x->source == CARE_SSD)
            return r->until > x->until || (r->until == x->until &&
                                           b->batch[r->batch].rank > b->batch[than].rank);
    }
    return true;
}

/* How far each kind is told, and which dataset tells of it last. */
static void
note_care(struct build *b, uint32_t i)
{
    const struct build_return *r = &b->returns[i];

    for (int k = 0; k < SPELL_KINDS; k++) {
        if (!(r->kinds & 1u << k))
            continue;
        if (r->row.until > b->care_until[k])
            b->care_until[k] = r->row.until;
        if (r->row.source == CARE_SSD && is_later(b, &r->row, b->care_latest[k]))
            b->care_latest[k] = r->row.batch;
    }
    b->care_return[b->care_returns++] = i;
}

static void
note_standing(struct build *b, uint32_t i)
{
    const struct timeline_return *r = &b->returns[i].row;
    int32_t day;

    if (r->kind == RETURN_CENSUS) {
        lookup_put(b->j, &b->return_at,
                   standing_key(r->school, build_census(r->school_year, r->term)), i);
        day = timeline_census_day(r->school_year, r->term);
        b->head.last_census = day > b->head.last_census ? day : b->head.last_census;
    }
    if (r->kind == RETURN_CARE || r->kind == RETURN_PLANS)
        note_care(b, i);
}

static void
number_returns(struct build *b)
{
    b->return_at = (struct lookup){0};
    b->care_return = job_array(b->j, b->n_returns + 1, sizeof *b->care_return);
    for (int k = 0; k < SPELL_KINDS; k++) {
        b->care_latest[k] = TIMELINE_NONE;
        b->care_until[k] = DATE_NONE;
    }
    b->head.last_census = DATE_NONE;
    for (uint32_t i = 0; i < b->n_returns; i++) {
        struct timeline_return *r = &b->returns[i].row;
        if (r->school != TIMELINE_NONE)
            r->school = b->school_map[r->school];
        if (r->kind == RETURN_CENSUS)
            r->holds |= b->batch[r->batch].holds;
    }
    if (b->n_returns)
        qsort(b->returns, b->n_returns, sizeof *b->returns, by_return);
    for (uint32_t i = 0; i < b->n_returns; i++) {
        b->returns[i].stands = !is_replaced(b, i);
        if (b->returns[i].stands)
            note_standing(b, i);
    }
}

uint32_t
number_return(const struct build *b, uint32_t school, int32_t census)
{
    return lookup_get(&b->return_at, standing_key(school, census));
}

/* ---- everything -------------------------------------------------------------------------- */

static void
renumber_census(struct build *b)
{
    struct timeline_census *c = (void *)b->census.rows;

    for (uint32_t i = 0; i < b->census.count; i++, c++) {
        int32_t born = b->person[c->person].born;
        c->school = b->school_map[c->school];
        c->place = c->place == TIMELINE_NONE ? TIMELINE_NONE : b->place_map[c->place];
        if (born != DATE_NONE && born < timeline_census_day(c->school_year, c->term)) {
            int32_t age = date_age_31_august(born, c->school_year);
            c->age = age < 0 || age > INT8_MAX ? -1 : (int8_t)age;
        }
        number_place(b, c);
    }
}

static uint32_t
school_or_none(const struct build *b, uint32_t school)
{
    return school == TIMELINE_NONE ? TIMELINE_NONE : b->school_map[school];
}

static void
renumber_facts(struct build *b)
{
    struct build_suspension *s = (void *)b->suspension.rows;
    struct build_placement *p = (void *)b->placement.rows;

    for (uint32_t i = 0; i < b->suspension.count; i++)
        s[i].school = b->school_map[s[i].school];
    for (uint32_t i = 0; i < b->placement.count; i++) {
        p[i].row.school = b->school_map[p[i].row.school];
        p[i].row.provider = school_or_none(b, p[i].row.provider);
    }
}

static void
renumber_registers(struct build *b)
{
    struct build_outcome *o = (void *)b->outcome.rows;
    struct timeline_leaver *l = (void *)b->leaver.rows;
    struct timeline_entry *e = (void *)b->entry.rows;

    for (uint32_t i = 0; i < b->outcome.count; i++)
        o[i].school = b->school_map[o[i].school];
    for (uint32_t i = 0; i < b->leaver.count; i++) {
        l[i].school = b->school_map[l[i].school];
        l[i].destination = school_or_none(b, l[i].destination);
    }
    for (uint32_t i = 0; i < b->entry.count; i++) {
        e[i].school = school_or_none(b, e[i].school);
        e[i].provider = school_or_none(b, e[i].provider);
    }
}

/* Absence rows point at their census row by its number of arrival. */
static void
renumber_absence(struct build *b, const uint32_t *where)
{
    struct timeline_absence *a = (void *)b->absence.rows;

    for (uint32_t i = 0; i < b->absence.count; i++) {
        a[i].school = b->school_map[a[i].school];
        a[i].census = where[a[i].census];
    }
}

enum err
number_shared(struct gather *g)
{
    enum err e;

    if ((e = number_schools(g, &g->b->school_map)) || (e = number_places(g, &g->b->place_map)))
        return e;
    number_returns(g->b);
    note_all_shown(g->b);
    return OK;
}

static enum err
take_stages(struct build *b, uint32_t part)
{
    size_t stream = (size_t)part * BUILD_STAGES;
    enum err e;

#define STAGE(name, row)                                                                        \
    if ((e = stage_take(b->j, &b->name, sizeof(row), b->gathered, stream + STAGE_##name)))     \
        return e;
#include "timeline/stages.def"
#undef STAGE
    return OK;
}

static void
order_stages(struct build *b, struct stage_map people, uint32_t *where)
{
#define STAGE(name, row)                                                                        \
    stage_order(b->j, &b->name, people, STAGE_##name == STAGE_census ? where : NULL);
#include "timeline/stages.def"
#undef STAGE
}

enum err
number_part(struct build *b, uint32_t part)
{
    uint32_t first = part * b->part, end = first + b->part, *where;
    struct stage_map people = {.from = first};
    enum err e = take_stages(b, part);

    if (e)
        return e;
    end = end > b->n_people ? b->n_people : end;
    people.person = number_persons(b, first, end);
    people.persons = b->persons;
    where = job_array(b->j, (size_t)b->census.count + 1, sizeof *where);
    order_stages(b, people, where);
    renumber_census(b);
    renumber_facts(b);
    renumber_registers(b);
    renumber_absence(b, where);
    return OK;
}
