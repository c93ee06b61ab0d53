#include "timeline/derive.h"

/* Census exclusions are collected one and two terms in arrears since autumn 2019, before
 * that two terms only. */
enum { BOTH_SINCE = 2019 };

/* Facts of one child, school (with what it became), start date and category. */
struct fold {
    const struct build_suspension *v; /* the one that stands first */
    uint32_t n;
    struct timeline_suspension record;
};
struct folds {
    struct derive_child *c;
    struct fold *v;
    uint32_t n;
};

static int32_t
term_number(int32_t school_year, int term)
{
    return school_year * 3 + term - 1;
}

/* Does that census hold what began on that day? */
static bool
covers(int32_t census, int32_t started)
{
    int32_t year = build_census_year(census);
    int32_t late = term_number(year, (int)build_census_term(census)) -
                   term_number(date_school_year(started), (int)date_term(started));

    return late == 2 || (late == 1 && year >= BOTH_SINCE);
}

/* Could a second return hold it? */
static bool
second_is_due(int32_t started)
{
    int32_t first = term_number(date_school_year(started), (int)date_term(started)) + 1;

    return first >= term_number(BOTH_SINCE, TERM_AUTUMN);
}

/* ---- in order of what stands ------------------------------------------------------------- */

struct key {
    const struct build *b;
    const struct build_suspension *s;
};

static int
later_first(const struct build *b, const struct build_suspension *x,
            const struct build_suspension *y)
{
    int c = build_compare(y->census, x->census);

    if (!c) /* of notifications the one told last, whenever it was loaded */
        c = build_compare(y->notified, x->notified);
    if (!c)
        c = build_compare(b->batch[y->source.batch].rank, b->batch[x->source.batch].rank);
    if (!c)
        c = build_compare(y->on_roll, x->on_roll);
    return c ? c : build_compare_source(&y->source, &x->source);
}

static int
by_fold(const void *a, const void *b)
{
    const struct key *k = a, *l = b;
    const struct build_suspension *x = k->s, *y = l->s;
    int c = build_compare(k->b->school[x->school].chain, k->b->school[y->school].chain);

    if (!c)
        c = build_compare(x->started, y->started);
    if (!c)
        c = build_compare(x->category, y->category);
    return c ? c : later_first(k->b, x, y);
}

/* Where a word names the fact of a file that it amends or cancels, a file that merely tells of
 * it again, however late, does not undo that; one that says it is amended since does. */
static int
by_word(const void *a, const void *b)
{
    const struct key *k = a, *l = b;
    int c = k->s->census || l->s->census ? 0 : build_compare(l->s->changed, k->s->changed);

    return c ? c : later_first(k->b, k->s, l->s);
}

static bool
same_fold(const struct build *b, const struct build_suspension *x,
          const struct build_suspension *y)
{
    return b->school[x->school].chain == b->school[y->school].chain &&
           x->started == y->started && x->category == y->category;
}

/* ---- does it stand ----------------------------------------------------------------------- */

/* A return of that school, after the last that has it, covers the term and has the child. */
static bool
later_return_lacks(const struct derive_child *c, const struct fold *f)
{
    const struct build *b = c->b;
    const struct build_suspension *s = f->v;
    uint32_t chain = b->school[s->school].chain;

    for (uint32_t i = 0; i < c->n_census + c->n_replaced; i++) {
        const struct timeline_census *r = &c->census[i];
        const struct build_batch *batch = &b->batch[r->source.batch];
        int32_t census = derive_census_number(r);
        bool later = census > s->census ||
                     (census == s->census && batch->rank > b->batch[s->source.batch].rank);
        if (later && b->school[r->school].chain == chain && batch->holds & HOLDS_SUSPENSIONS &&
            covers(census, s->started))
            return true;
    }
    return false;
}

/* The school said that it is cancelled, and no census after that still has it. */
static bool
is_cancelled(const struct fold *f)
{
    const struct build_suspension *last = NULL;

    for (uint32_t i = 0; i < f->n && !last; i++)
        last = f->v[i].census ? NULL : &f->v[i];
    if (!last || !last->cancelled)
        return false;
    return !f->v[0].census ||
           (last->notified != DATE_NONE && last->notified > build_census_day(f->v[0].census));
}

static enum timeline_state
state_of(const struct derive_child *c, const struct fold *f)
{
    if (is_cancelled(f))
        return STATE_CANCELLED;
    if (later_return_lacks(c, f))
        return STATE_WITHDRAWN;
    if (!f->v[0].census)
        return STATE_NOT_CONFIRMED;
    for (uint32_t i = 1; i < f->n && f->v[i].census; i++)
        if (f->v[i].census != f->v[0].census)
            return STATE_CONFIRMED;
    return second_is_due(f->v[0].started) ? STATE_NOT_CONFIRMED : STATE_CONFIRMED;
}

static bool
stands(const struct timeline_suspension *r)
{
    return (r->state == STATE_CONFIRMED || r->state == STATE_NOT_CONFIRMED) &&
           r->outcome != OUTCOME_NOT_UPHELD;
}

/* ---- records ----------------------------------------------------------------------------- */

static bool
is_enrolled(const struct derive_child *c, uint32_t school, int32_t day)
{
    const struct build *b = c->b;

    for (uint32_t i = 0; i < c->n_enrolments; i++) {
        const struct timeline_enrolment *e = &c->enrolment[i];
        if (e->start <= day && day < e->end &&
            b->school[e->school].chain == b->school[school].chain)
            return true;
    }
    return false;
}

/* What the standing fact leaves open, an older one may say. */
static void
fill(struct timeline_suspension *r, const struct build_suspension *s)
{
    r->flags |= s->census ? SUSPENSION_CENSUS : SUSPENSION_NOTIFIED;
    if (r->ended == DATE_NONE)
        r->ended = s->ended;
    if (r->outcome == OUTCOME_UNKNOWN && r->category == CATEGORY_PERMANENT)
        r->outcome = s->outcome;
}

/* A suspension on the day of a permanent exclusion is not what was reviewed. */
static bool
excluded_instead(const struct derive_child *c, const struct build_suspension *s)
{
    const struct build_suspension *v = (const void *)c->b->suspension.rows;
    uint32_t i = c->b->suspension.first[c->person], end = c->b->suspension.first[c->person + 1];

    for (; s->category == CATEGORY_SUSPENSION && i < end; i++)
        if (v[i].category == CATEGORY_PERMANENT && v[i].started == s->started)
            return true;
    return false;
}

/* What the review decided last; a panel's word goes after the board's of the same day.  A
 * permanent exclusion is meant, where both began on that day. */
static const struct build_outcome *
reviewed(const struct derive_child *c, const struct fold *f)
{
    const struct build *b = c->b;
    const struct build_outcome *v = (const void *)b->outcome.rows, *best = NULL;
    uint32_t i = b->outcome.first[c->person], end = b->outcome.first[c->person + 1];

    if (f->v->category == CATEGORY_LUNCHTIME || excluded_instead(c, f->v))
        return NULL;
    for (; i < end; i++) {
        int later = best ? build_compare(v[i].decided, best->decided) : 1;
        if (v[i].started != f->v->started ||
            b->school[v[i].school].chain != b->school[f->v->school].chain)
            continue;
        if (!later)
            later = build_compare(v[i].panel, best->panel);
        if (!later)
            later = build_compare(b->batch[v[i].source.batch].rank,
                                  b->batch[best->source.batch].rank);
        if (later >= 0)
            best = &v[i];
    }
    return best;
}

static void
make_record(const struct derive_child *c, struct fold *f)
{
    const struct build_suspension *s = f->v;
    struct timeline_suspension *r = &f->record;

    *r = (struct timeline_suspension){
        .person = c->person, .school = s->school, .started = s->started, .ended = DATE_NONE,
        .n_sources = f->n > UINT16_MAX ? UINT16_MAX : (uint16_t)f->n, .sessions = s->sessions,
        .school_year = (int16_t)date_school_year(s->started),
        .term = (uint8_t)date_term(s->started), .category = s->category};
    memcpy(r->reason, s->reason, sizeof r->reason);
    for (uint32_t i = 0; i < f->n; i++)
        fill(r, &f->v[i]);
    if (reviewed(c, f))
        r->outcome = reviewed(c, f)->outcome;
    r->state = (uint8_t)state_of(c, f);
    if (!is_enrolled(c, s->school, s->started))
        r->flags |= SUSPENSION_OUTSIDE_ENROLMENT;
    r->counts = stands(r) && r->flags & SUSPENSION_CENSUS;
}

/* Sorted into folds; within one in the order of what stands. */
static void
sort_keys(struct key *keys, uint32_t n)
{
    qsort(keys, n, sizeof *keys, by_fold);
    for (uint32_t i = 0, end; i < n; i = end) {
        bool names = false;
        for (end = i; end < n && same_fold(keys[i].b, keys[i].s, keys[end].s); end++)
            names |= keys[end].s->names != 0;
        if (names)
            qsort(&keys[i], end - i, sizeof *keys, by_word);
    }
}

static void
fold_all(struct folds *w, const struct build_suspension *v, uint32_t n)
{
    const struct build *b = w->c->b;
    struct key *keys = job_array(w->c->j, n + 1, sizeof *keys);
    struct build_suspension *sorted = job_array(w->c->j, n + 1, sizeof *sorted);

    for (uint32_t i = 0; i < n; i++)
        keys[i] = (struct key){b, &v[i]};
    sort_keys(keys, n);
    for (uint32_t i = 0; i < n; i++)
        sorted[i] = *keys[i].s;
    for (uint32_t i = 0; i < n; i++) {
        struct fold *last = w->n ? &w->v[w->n - 1] : NULL;
        if (last && same_fold(b, last->v, &sorted[i]))
            last->n++;
        else
            w->v[w->n++] = (struct fold){.v = &sorted[i], .n = 1};
    }
    for (uint32_t i = 0; i < w->n; i++)
        make_record(w->c, &w->v[i]);
}

static int
by_date(const void *a, const void *b)
{
    const struct timeline_suspension *x = &((const struct fold *)a)->record;
    const struct timeline_suspension *y = &((const struct fold *)b)->record;
    int c = build_compare(x->started, y->started);

    if (!c)
        c = build_compare(x->category, y->category);
    return c ? c : build_compare(x->school, y->school);
}

/* ---- what happened to the child ---------------------------------------------------------- */

/* Two schools tell of the same: no sessions are told of a permanent exclusion. */
static bool
same_event(const struct timeline_suspension *x, const struct timeline_suspension *y)
{
    return x->started == y->started && x->category == y->category &&
           (x->category == CATEGORY_PERMANENT ||
            (x->sessions == y->sessions && x->sessions >= 0));
}

/* Of the main registration; what stands goes before what does not. */
static bool
tells_better(const struct derive_child *c, const struct timeline_suspension *x,
             const struct timeline_suspension *y)
{
    bool main_x = derive_enrolled(c, x->school, x->started) != TIMELINE_NONE;
    bool main_y = derive_enrolled(c, y->school, y->started) != TIMELINE_NONE;

    if (stands(x) != stands(y))
        return stands(x);
    if (main_x != main_y)
        return main_x;
    return x->school < y->school;
}

static void
add_event(struct folds *w, uint32_t first, uint32_t base)
{
    struct derive_child *c = w->c;
    const struct timeline_suspension *best = &w->v[first].record;
    uint32_t best_at = first, number = derive_used(c, TIMELINE_EVENT);
    struct timeline_event *e = derive_add(c, TIMELINE_EVENT);
    int records = 0, standing = 0;

    for (uint32_t i = first; i < w->n; i++) {
        struct timeline_suspension *r = &w->v[i].record;
        if (i != first && (r->event != TIMELINE_NONE || !same_event(&w->v[first].record, r)))
            continue;
        r->event = number;
        records++;
        standing += stands(r);
        if (tells_better(c, r, best)) {
            best = r;
            best_at = i;
        }
    }
    *e = (struct timeline_event){
        .person = c->person, .school = best->school, .started = best->started,
        .ended = best->ended, .sessions = best->sessions, .school_year = best->school_year,
        .category = best->category, .flags = best->flags, .counts = standing > 0,
        .records = records > UINT8_MAX ? UINT8_MAX : (uint8_t)records,
        .suspension = base + best_at};
    if (standing < 2)
        return;
    e->flags |= SUSPENSION_TWO_SCHOOLS;
    for (uint32_t i = first; i < w->n; i++)
        if (w->v[i].record.event == number && stands(&w->v[i].record))
            w->v[i].record.flags |= SUSPENSION_TWO_SCHOOLS;
}

static void
write_records(struct folds *w)
{
    for (uint32_t i = 0; i < w->n; i++) {
        struct fold *f = &w->v[i];
        struct timeline_suspension *out = derive_add(w->c, TIMELINE_SUSPENSION);
        f->record.source = derive_used(w->c, TIMELINE_SOURCE);
        *out = f->record;
        for (uint32_t k = 0; k < f->record.n_sources; k++)
            *(struct timeline_source *)derive_add(w->c, TIMELINE_SOURCE) = f->v[k].source;
    }
}

void
derive_suspensions(struct derive_child *c)
{
    const struct build *b = c->b;
    uint32_t first = b->suspension.first[c->person];
    uint32_t n = b->suspension.first[c->person + 1] - first;
    uint32_t base = derive_used(c, TIMELINE_SUSPENSION);
    struct folds w = {.c = c};

    w.v = job_array(c->j, n + 1, sizeof *w.v);
    fold_all(&w, (const struct build_suspension *)(const void *)b->suspension.rows + first, n);
    qsort(w.v, w.n, sizeof *w.v, by_date);
    for (uint32_t i = 0; i < w.n; i++)
        w.v[i].record.event = TIMELINE_NONE;
    for (uint32_t i = 0; i < w.n; i++)
        if (w.v[i].record.event == TIMELINE_NONE)
            add_event(&w, i, base);
    write_records(&w);
}
