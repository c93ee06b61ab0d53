/* Leaver returns meet the enrolments they end; entries of registers told more than once are
 * folded, the last batch standing. */
#include "people/entry.h"
#include "people/ground.h"
#include "timeline/derive.h"

enum { NEAR = 45 /* days between the leaver return's day and the census's */ };

/* ---- leavers ----------------------------------------------------------------------------- */

struct leavers {
    struct derive_child *c;
    struct timeline_leaver *v;
    uint32_t n;
};

static uint32_t
rank_of(const struct build *b, const struct timeline_source *s)
{
    return b->batch[s->batch].rank;
}

static int
by_leaving(const void *a, const void *b)
{
    const struct timeline_leaver *x = a, *y = b;
    int c = build_compare(x->school, y->school);

    if (!c)
        c = build_compare(x->left, y->left);
    if (!c)
        c = build_compare(x->notified, y->notified);
    return c ? c : build_compare_source(&x->source, &y->source);
}

/* Of the same school and day the one told last, and of those the one loaded last, stands. */
static bool
is_superseded(const struct leavers *w, uint32_t i)
{
    const struct build *b = w->c->b;
    const struct timeline_leaver *x = &w->v[i];

    for (uint32_t k = 0; k < w->n; k++) {
        const struct timeline_leaver *y = &w->v[k];
        bool same = y->school == x->school && y->left == x->left;
        int later = build_compare(y->notified, x->notified);
        if (!later)
            later = build_compare(rank_of(b, &y->source), rank_of(b, &x->source));
        if (!later)
            later = build_compare(k, i);
        if (same && later > 0)
            return true;
    }
    return false;
}

/* Days between the end the census gives and the day the return gives; -1: another end. */
static int32_t
distance(const struct derive_child *c, const struct timeline_enrolment *e,
         const struct timeline_leaver *l)
{
    bool open = e->end == DATE_OPEN || e->quality & ENROLMENT_NO_LEAVING_DATE;
    int32_t days = e->end > l->left ? e->end - l->left : l->left - e->end;

    if (c->b->school[e->school].chain != c->b->school[l->school].chain ||
        e->start >= l->left || e->quality & ENROLMENT_LEAVER_TOLD)
        return -1;
    if (open && e->last_seen < l->left)
        return 0;
    return days <= NEAR ? days : -1;
}

static void
note_on_enrolment(struct timeline_enrolment *e, const struct timeline_leaver *l)
{
    bool open = e->end == DATE_OPEN || e->quality & ENROLMENT_NO_LEAVING_DATE;

    e->ground = l->ground;
    e->says = l->says;
    e->explains = l->explains;
    if (l->explains == GROUND_EXPLAINS_DESTINATION && l->destination == TIMELINE_NONE)
        e->explains = GROUND_EXPLAINS_NOTHING;
    e->quality |= ENROLMENT_LEAVER_TOLD;
    if (!open || e->last_seen >= l->left)
        return;
    e->end = l->left;
    e->quality &= (uint16_t)~ENROLMENT_NO_LEAVING_DATE;
    e->quality |= ENROLMENT_END_TOLD;
}

/* The enrolment that ends nearest; the rows written already are kept the same. */
static void
meet(struct leavers *w, struct timeline_leaver *l)
{
    struct derive_child *c = w->c;
    const struct build_output *o = &c->b->out[TIMELINE_ENROLMENT];
    uint32_t base = derive_used(c, TIMELINE_ENROLMENT) - c->n_enrolments;
    struct timeline_enrolment *rows = (void *)(o->rows + (o->area[c->block] + base) * o->width);
    int32_t best = INT32_MAX;

    for (uint32_t i = 0; i < c->n_enrolments; i++) {
        int32_t d = distance(c, &c->enrolment[i], l);
        if (d < 0 || d >= best)
            continue;
        best = d;
        l->enrolment = i;
    }
    if (l->enrolment == TIMELINE_NONE)
        return;
    note_on_enrolment(&rows[l->enrolment], l);
    note_on_enrolment(&c->enrolment[l->enrolment], l);
    l->enrolment += base;
}

void
derive_leavers(struct derive_child *c)
{
    const struct build *b = c->b;
    uint32_t first = b->leaver.first[c->person], total = b->leaver.first[c->person + 1] - first;
    const struct timeline_leaver *rows = (const void *)b->leaver.rows;
    struct leavers w = {.c = c, .n = total};

    w.v = job_array(c->j, total + 1, sizeof *w.v);
    if (total)
        memcpy(w.v, rows + first, total * sizeof *w.v);
    qsort(w.v, total, sizeof *w.v, by_leaving);
    for (uint32_t i = 0; i < total; i++) {
        struct timeline_leaver *out;
        if (is_superseded(&w, i))
            continue;
        meet(&w, &w.v[i]);
        out = derive_add(c, TIMELINE_LEAVER);
        *out = w.v[i];
        out->person = c->person;
    }
}

/* ---- registers --------------------------------------------------------------------------- */

struct key {
    const struct build *b;
    const struct timeline_entry *e;
};

static int
by_entry(const void *a, const void *b)
{
    const struct key *k = a, *l = b;
    const struct timeline_entry *x = k->e, *y = l->e;
    int c = build_compare(x->start, y->start);

    if (!c)
        c = build_compare(x->kind, y->kind);
    if (!c)
        c = build_compare(x->school, y->school);
    if (!c)
        c = build_compare(rank_of(l->b, &y->source), rank_of(k->b, &x->source));
    return c ? c : build_compare_source(&y->source, &x->source);
}

static bool
same_entry(const struct timeline_entry *x, const struct timeline_entry *y)
{
    return x->start == y->start && x->kind == y->kind && x->school == y->school;
}

static struct timeline_entry
closed_entry(const struct derive_child *c, const struct timeline_entry *e)
{
    struct timeline_entry out = *e;
    int32_t end = c->b->order->as_of + 1;

    out.person = c->person;
    if (out.end > end) {
        out.end = end;
        out.flags |= ENTRY_OPEN;
    }
    if (out.end <= out.start)
        out.end = out.start + 1;
    return out;
}

/* The child's entries in order, each once. */
static uint32_t
fold(const struct derive_child *c, struct timeline_entry **out)
{
    const struct build *b = c->b;
    uint32_t first = b->entry.first[c->person], n = 0;
    uint32_t total = b->entry.first[c->person + 1] - first;
    const struct timeline_entry *rows = (const void *)b->entry.rows;
    struct key *keys = job_array(c->j, total + 1, sizeof *keys);

    *out = job_array(c->j, total + 1, sizeof **out);
    for (uint32_t i = 0; i < total; i++)
        keys[i] = (struct key){b, &rows[first + i]};
    qsort(keys, total, sizeof *keys, by_entry);
    for (uint32_t i = 0; i < total; i++)
        if (!i || !same_entry(keys[i - 1].e, keys[i].e))
            (*out)[n++] = closed_entry(c, keys[i].e);
    return n;
}

void
derive_entries(struct derive_child *c)
{
    struct timeline_entry *v;
    uint32_t n = fold(c, &v);

    for (uint32_t i = 0; i < n; i++)
        *(struct timeline_entry *)derive_add(c, TIMELINE_ENTRY) = v[i];
}

/* Days on a register are spells, too. */
void
derive_register_spells(struct derive_child *c, struct derive_episodes *out)
{
    static const uint8_t spell[ENTRY_KINDS] = {
        [ENTRY_EHE] = SPELL_HOME_EDUCATED, [ENTRY_CME] = SPELL_MISSING_EDUCATION,
        [ENTRY_PTT] = SPELL_PART_TIME,     [ENTRY_MM] = SPELL_MANAGED_MOVE,
        [ENTRY_OSD] = SPELL_OFF_SITE,      [ENTRY_AP] = SPELL_ALTERNATIVE,
        [ENTRY_EH] = SPELL_EARLY_HELP,     [ENTRY_YJS] = SPELL_YOUTH_JUSTICE,
        [ENTRY_FAP] = SPELL_FAIR_ACCESS,   [ENTRY_D6] = SPELL_DAY_SIX,
        [ENTRY_INT] = SPELL_INTERNAL,
    };
    struct timeline_entry *v;
    uint32_t n = fold(c, &v);

    out->v = job_grow(c->j, out->v, out->n * sizeof *out->v,
                      ((size_t)out->n + n + 1) * sizeof *out->v);
    for (uint32_t i = 0; i < n; i++)
        out->v[out->n++] = (struct derive_episode){
            .start = v[i].start, .end = v[i].end, .source = &v[i].source, .n_sources = 1,
            .kind = spell[v[i].kind], .flags = v[i].flags & ENTRY_OPEN ? SPELL_OPEN : 0};
}
