/* Schools in a term: what census and registers tell of the children of whom both do.  Sums of a
 * term stay as they are while column file and weeks do, so they are kept from run to run. */
#include "quality/terms.h"
#include "quality/run.h"
#include "store/worked.h"

/* ---- what was added up before ---------------------------------------------------------- */

struct quality_terms {
    uint64_t key[QUALITY_TERMS]; /* of the weeks that a term was added up from; 0: it was not */
    struct quality_term term[];
};

static size_t
slots_of(const struct quality_look *q)
{
    return (size_t)q->t->n[TIMELINE_SCHOOL] * QUALITY_TERMS;
}

static size_t
size_of(const struct quality_look *q)
{
    return sizeof(struct quality_terms) + slots_of(q) * sizeof(struct quality_term);
}

static struct worked
kept_as(struct job *j, const struct quality_look *q)
{
    return (struct worked){"terms", timeline_name(j, q->t)};
}

enum err
quality_read_terms(struct job *j, struct quality_look *q)
{
    struct worked what = kept_as(j, q);
    const void *kept;
    enum err e = worked_get(j, &what, size_of(q), &kept);

    q->terms_before = kept;
    return e;
}

static uint64_t
stir(uint64_t key, uint64_t v)
{
    key = (key ^ v) * UINT64_C(0x9e3779b97f4a7c15);
    return key ^ key >> 29;
}

/* Of all weeks that touch the term, as far as their days count; 0: they are not known again. */
static uint64_t
key_of(const struct quality_look *q, int32_t year, enum term term)
{
    int32_t from = timeline_term_start(year, term), to = timeline_term_end(year, term);
    uint64_t key = stir((uint64_t)year, (uint64_t)term + 1);

    for (size_t w = marks_week_at(q->m, from); w < q->m->n && q->m->week[w].monday < to; w++) {
        const struct marks_week *week = &q->m->week[w];
        bool clipped = week->monday + 6 > q->m->as_of;
        if (!week->digest)
            return 0;
        key = stir(stir(key, week->digest), (uint64_t)week->monday);
        key = stir(key, clipped ? (uint64_t)q->m->as_of : 0);
    }
    return key ? key : 1;
}

void
quality_open_terms(struct quality_look *q)
{
    int32_t first = date_school_year(q->from);

    for (int k = 0; q->m && k < QUALITY_TERMS; k++) {
        q->term_key[k] = key_of(q, first + k / 3, (enum term)(k % 3 + TERM_AUTUMN));
        for (int b = 0; q->terms_before && b < QUALITY_TERMS; b++) {
            if (!q->term_key[k] || q->terms_before->key[b] != q->term_key[k])
                continue;
            q->term_stands[k] = true;
            for (size_t at = 0; at < slots_of(q); at += QUALITY_TERMS)
                q->term[at + (size_t)k] = q->terms_before->term[at + (size_t)b];
        }
    }
}

enum err
quality_keep_terms(struct job *j, const struct quality_look *q)
{
    struct worked what = kept_as(j, q);
    struct quality_terms *now;

    if (!q->m || (q->terms_before && !memcmp(q->terms_before->key, q->term_key,
                                             sizeof q->term_key)))
        return OK;
    now = job_alloc(j, size_of(q));
    memcpy(now->key, q->term_key, sizeof now->key);
    memcpy(now->term, q->term, slots_of(q) * sizeof *now->term);
    return worked_put(j, &what, now, size_of(q));
}

/* ---- added up -------------------------------------------------------------------------- */

/* A term's sessions of one child at one school, by the census; -1: not of the whole term. */
static int32_t
census_sessions(const struct quality_look *q, uint32_t p, const struct quality_term *at,
                int32_t *absent)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ABSENCE, p);
    int32_t possible = 0, halves = 0;

    *absent = 0;
    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_absence *a = &q->t->absence[i];
        int term = a->half >= HALF_SUMMER1 ? TERM_SUMMER : a->half + 1;
        if (a->school != at->school || a->school_year != at->school_year || term != (int)at->term)
            continue;
        halves++;
        possible += a->possible;
        *absent += a->authorised + a->unauthorised;
    }
    return halves == (at->term == TERM_SUMMER ? 2 : 1) ? possible : -1;
}

static void
register_sessions(struct quality_look *q, uint32_t p, const struct quality_term *at,
                  struct marks_sum *sum)
{
    int32_t from = timeline_term_start(at->school_year, at->term);
    int32_t to = timeline_term_end(at->school_year, at->term);
    uint32_t urn = q->t->school[at->school].urn;

    for (size_t w = marks_week_at(q->m, from); w < q->m->n && q->m->week[w].monday < to; w++) {
        struct marks_range r = marks_of(&q->cursor, w, q->t->person[p].person_id);
        for (uint32_t i = r.from; i < r.to; i++)
            if (marks_urn(&q->m->week[w], i) == urn)
                marks_add(&q->m->week[w], i, from, to, sum);
    }
}

/* Children of whom both tell, added up by school and term. */
void
quality_add_terms(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ABSENCE, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_absence *a = &q->t->absence[i];
        int term = a->half >= HALF_SUMMER1 ? TERM_SUMMER : a->half + 1;
        int64_t slot = a->half == HALF_SUMMER2
                           ? -1 : quality_slot(q, a->school, a->school_year, term);
        struct quality_term at = {.school = a->school, .school_year = a->school_year,
                                  .term = (enum term)term};
        struct marks_sum sum = {0};
        int32_t absent, possible;
        if (slot < 0 || q->term_stands[slot % QUALITY_TERMS] || !q->weeks[slot] ||
             (possible = census_sessions(q, p, &at, &absent)) <= 0)
            continue;
        register_sessions(q, p, &at, &sum);
        if (!sum.possible)
            continue;
        if (q->term[slot].children)
            at = q->term[slot];
        at.children++;
        at.census_possible += possible;
        at.census_absent += absent;
        at.register_possible += sum.possible;
        at.register_absent += sum.authorised + sum.unauthorised;
        q->term[slot] = at;
    }
}

void
quality_add_up_terms(struct quality_look *q, struct quality_term *piece)
{
    size_t slots = (size_t)q->t->n[TIMELINE_SCHOOL] * QUALITY_TERMS;

    for (size_t i = 0; i < slots; i++) {
        struct quality_term *to = &q->term[i], at = piece[i];
        if (!at.children)
            continue;
        at.children += to->children;
        at.census_possible += to->census_possible;
        at.census_absent += to->census_absent;
        at.register_possible += to->register_possible;
        at.register_absent += to->register_absent;
        *to = at;
        piece[i] = (struct quality_term){0};
    }
}

/* ---- asked ----------------------------------------------------------------------------- */

static int32_t
most_weeks(const struct quality_look *q, size_t slot)
{
    int32_t most = 0;

    for (size_t s = slot % QUALITY_TERMS; s < (size_t)q->t->n[TIMELINE_SCHOOL] * QUALITY_TERMS;
         s += QUALITY_TERMS)
        most = q->weeks[s] > most ? q->weeks[s] : most;
    return most;
}

/* Terms of which the registers are whole: at most a week fewer than any school gave. */
void
quality_ask_terms(struct quality_look *q)
{
    size_t slots = (size_t)q->t->n[TIMELINE_SCHOOL] * QUALITY_TERMS;

    for (size_t slot = 0; slot < slots; slot++) {
        if (!q->term[slot].children || q->weeks[slot] + 1 < most_weeks(q, slot))
            continue;
        for (q->rule = 0; q->rule < QUALITY_RULES; q->rule++)
            if (quality_rules[q->rule].term && !q->stands[q->rule])
                quality_rules[q->rule].term(q, &q->term[slot]);
    }
}
