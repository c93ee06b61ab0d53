#include "directory/search_private.h"

enum {
#define RANK(id, points, words) id = (points),
#include "directory/ranks.def"
#undef RANK
};
enum { HALF_WAY = 4828 /* metres: 3 miles */, CLOSE_YEARS = 7 };

/* A result before it is one.  Less is better: first, then second, then the row. */
struct candidate {
    uint64_t first;
    uint32_t second, row, service, metres, places;
    int32_t points;
};

/* ---- points ------------------------------------------------------------------------------ */

static bool
has(const struct search_index *x, uint32_t row, enum facet f)
{
    return search_bit(x->facet + (size_t)f * x->words, row);
}

/* What comes to the family is as near as three miles. */
static int32_t
points_of_place(const struct asking *a, uint32_t row, uint32_t metres)
{
    const struct search_index *x = a->x;

    if (!a->s->near)
        return 0;
    if (metres != SEARCH_NOWHERE)
        return (int32_t)((uint64_t)RANK_NEAR * HALF_WAY / (HALF_WAY + (uint64_t)metres));
    return has(x, row, FACET_AT_SCHOOL) || has(x, row, FACET_AT_HOME) ||
                   has(x, row, FACET_ONLINE) || has(x, row, FACET_PHONE)
               ? RANK_NEAR / 2
               : 0;
}

static int32_t
points_of_age(const struct asking *a, uint32_t row)
{
    const struct file_age *age = &a->x->age[row];

    if (a->s->age_to <= a->s->age_from)
        return 0;
    if (age->to == SEARCH_NO_AGE)
        return RANK_AGE / 4;
    return RANK_AGE + (age->to - age->from <= CLOSE_YEARS * 12 ? RANK_AGE_CLOSE : 0);
}

static int32_t
points_of(const struct asking *a, uint32_t row, uint32_t metres)
{
    const struct file_service *s = &a->x->service[a->x->owner[row]];
    int32_t points = points_of_place(a, row, metres) + points_of_age(a, row);

    if (a->scored && a->scored->ideal) {
        const struct cell *c = &a->scored->cell[a->x->owner[row]];
        points += (int32_t)(RANK_WORDS * ((uint64_t)c->sum + c->now) / a->scored->ideal);
    }
    if (a->serves && search_bit(a->serves, row))
        points += RANK_SERVES;
    if (s->fresh == SEARCH_FRESH)
        points += RANK_FRESH;
    else if (s->fresh == SEARCH_DUE)
        points += RANK_FRESH / 2;
    return points + RANK_COMPLETE * s->complete / 100;
}

/* ---- order ------------------------------------------------------------------------------- */

static void
set_order(const struct asking *a, struct candidate *c)
{
    const struct file_service *s = &a->x->service[c->service];
    uint64_t last = (uint64_t)s->harmful << 40;
    uint32_t fewer = (uint32_t)(INT32_MAX - c->points);

    c->second = fewer;
    switch (a->s->sort) {
    case SEARCH_BEST:
        c->first = last | fewer;
        c->second = c->metres;
        return;
    case SEARCH_NEAREST:
        c->first = last | c->metres;
        return;
    case SEARCH_SOONEST:
        c->first = last | s->wait;
        return;
    case SEARCH_BY_NAME:
        c->first = s->name_order;
        return;
    case SEARCH_CHECKED:
        c->first = (uint64_t)((int64_t)INT32_MAX - s->checked);
        return;
    case SEARCH_BY_UUID:
        c->first = c->second = 0;
        return;
    }
}

static int
by_order(const void *one, const void *other)
{
    const struct candidate *a = one, *b = other;

    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->second != b->second)
        return a->second < b->second ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* The best so far, as a heap: the worst of them at the top, until they are sorted. */
struct best {
    struct candidate *c;
    size_t n, most;
};

static void
sift_down(struct best *b, size_t at)
{
    for (;;) {
        size_t worst = at;
        for (size_t k = 2 * at + 1; k <= 2 * at + 2 && k < b->n; k++)
            if (by_order(&b->c[k], &b->c[worst]) > 0)
                worst = k;
        if (worst == at)
            return;
        struct candidate c = b->c[at];
        b->c[at] = b->c[worst];
        b->c[worst] = c;
        at = worst;
    }
}

static void
keep(struct best *b, const struct candidate *c)
{
    if (b->n == b->most) {
        if (b->most && by_order(c, &b->c[0]) < 0) {
            b->c[0] = *c;
            sift_down(b, 0);
        }
        return;
    }
    b->c[b->n++] = *c;
    if (b->n == b->most)
        for (size_t at = b->n / 2; at-- > 0;)
            sift_down(b, at);
}

/* ---- candidates -------------------------------------------------------------------------- */

static bool
follows(const struct asking *a, const struct candidate *c, uint32_t row)
{
    return c->places && !a->s->places && a->x->owner[row] == c->service;
}

static void
hand_in(const struct asking *a, struct best *b, struct candidate *c)
{
    if (!c->places)
        return;
    c->points = points_of(a, c->row, c->metres);
    set_order(a, c);
    keep(b, c);
}

/* A service once, with the nearest of its places that fit; or each place by itself. */
static void
gather(const struct asking *a, const uint64_t *rows, struct best *b)
{
    struct around around = search_around(a->s);
    struct candidate c = {.places = 0};

    for (uint32_t i = 0; i < a->x->words; i++)
        for (uint64_t left = rows[i]; left; left &= left - 1) {
            uint32_t row = i * 64 + (uint32_t)__builtin_ctzll(left);
            uint32_t metres = search_metres(a->x, &around, row);
            if (follows(a, &c, row)) {
                c.places++;
                c.row = metres < c.metres ? row : c.row;
                c.metres = metres < c.metres ? metres : c.metres;
                continue;
            }
            hand_in(a, b, &c);
            c = (struct candidate){.service = a->x->owner[row], .row = row, .metres = metres,
                                   .places = 1};
        }
    hand_in(a, b, &c);
}

/* ---- why --------------------------------------------------------------------------------- */

enum { WHYS = PIECES + 8 };

struct told {
    struct job *j;
    const struct asking *a;
    const struct candidate *c; /* of the page */
    struct search_hit *hit;
    struct search_why *why;    /* WHYS a hit */
    uint32_t *service;         /* of the page, ascending … */
    size_t *at;                /* … and whose hit it is */
    size_t n;
};

static void
tell(struct told *t, size_t hit, struct search_why why)
{
    struct search_hit *h = &t->hit[hit];

    if (h->n_why < WHYS)
        t->why[hit * WHYS + h->n_why++] = why;
}

static enum search_field
field_of(uint8_t byte)
{
    return (byte & 7) < SEARCH_FIELDS ? (enum search_field)(byte & 7) : SEARCH_OTHER;
}

/* Of the ways in which a piece may stand in a service, the one that counted. */
static void
tell_piece(struct told *t, const struct piece *p)
{
    uint8_t *byte = job_array(t->j, t->n + 1, 1);
    unsigned *most = job_array(t->j, t->n + 1, sizeof *most);
    struct search_why *why = job_array(t->j, t->n + 1, sizeof *why);

    for (size_t i = 0; i < p->n; i++) {
        search_postings(t->a->x, p->other[i].list, t->service, t->n, byte);
        for (size_t k = 0; k < t->n; k++) {
            unsigned points = p->other[i].share * (unsigned)(byte[k] >> 3);
            if (points <= most[k])
                continue;
            most[k] = points;
            why[k] = (struct search_why){.kind = p->other[i].why, .asked = p->asked,
                                         .found = p->other[i].found,
                                         .field = field_of(byte[k])};
        }
    }
    for (size_t i = 0; i < p->n_all; i++) {
        search_postings(t->a->x, p->all[i], t->service, t->n, byte);
        for (size_t k = 0; k < t->n; k++)
            if (!most[k] && byte[k] && !why[k].asked)
                why[k] = (struct search_why){.kind = WHY_WORD, .asked = p->asked,
                                             .field = field_of(byte[k])};
    }
    for (size_t k = 0; k < t->n; k++)
        if (why[k].asked)
            tell(t, t->at[k], why[k]);
}

/* The first of the areas asked for that it serves: the smallest. */
static const char *
area_served(const struct asking *a, uint32_t row)
{
    for (size_t i = 0; i < a->s->n_keys; i++) {
        const struct search_key *k = &a->s->keys[i];
        const struct file_key *of = k->kind == SEARCH_AREA
                                        ? search_key_find(a->x, SEARCH_AREA, k->value)
                                        : NULL;
        uint32_t from = 0, to = of ? of->n : 0;
        while (from < to) {
            uint32_t mid = from + (to - from) / 2, at = a->x->key_row[of->first + mid];
            if (at == row)
                return a->x->text + of->text;
            if (at < row)
                from = mid + 1;
            else
                to = mid;
        }
    }
    return NULL;
}

static void
tell_place(struct told *t, size_t i)
{
    const struct asking *a = t->a;
    const struct candidate *c = &t->c[i];
    bool asked = false;
    const char *area = area_served(a, c->row);

    for (size_t k = 0; k < a->s->n_keys; k++)
        asked = asked || a->s->keys[k].kind == SEARCH_AREA;
    if (c->metres != SEARCH_NOWHERE)
        tell(t, i, (struct search_why){.kind = WHY_NEAR, .n = c->metres});
    if (area)
        tell(t, i, (struct search_why){.kind = WHY_SERVES, .found = area});
    else if (asked && search_bit(a->x->everywhere, c->row))
        tell(t, i, (struct search_why){.kind = WHY_EVERYWHERE});
    else if (asked && search_bit(a->x->area_unknown, c->row))
        tell(t, i, (struct search_why){.kind = WHY_AREA_UNKNOWN});
}

static void
tell_rest(struct told *t, size_t i)
{
    const struct search_index *x = t->a->x;
    const struct candidate *c = &t->c[i];
    const struct file_age *age = &x->age[c->row];
    const struct file_service *s = &x->service[c->service];

    if (t->a->s->age_to > t->a->s->age_from) {
        if (age->to == SEARCH_NO_AGE)
            tell(t, i, (struct search_why){.kind = WHY_AGE_UNKNOWN});
        else
            tell(t, i, (struct search_why){.kind = WHY_AGE, .n = age->from, .m = age->to});
    }
    tell_place(t, i);
    if (has(x, c->row, FACET_RIGOROUS))
        tell(t, i, (struct search_why){.kind = WHY_EVIDENCE});
    if (s->fresh == SEARCH_STALE || s->fresh == SEARCH_UNCHECKED)
        tell(t, i, (struct search_why){.kind = WHY_UNCHECKED, .n = s->checked});
    if (s->harmful)
        tell(t, i, (struct search_why){.kind = WHY_HARMFUL});
}

static int
by_service(const void *one, const void *other, void *arg)
{
    const struct candidate *c = arg;
    size_t a = *(const size_t *)one, b = *(const size_t *)other;

    if (c[a].service != c[b].service)
        return c[a].service < c[b].service ? -1 : 1;
    return a < b ? -1 : a > b;
}

static void
tell_words(struct told *t)
{
    t->service = job_array(t->j, t->n + 1, sizeof *t->service);
    t->at = job_array(t->j, t->n + 1, sizeof *t->at);
    for (size_t i = 0; i < t->n; i++)
        t->at[i] = i;
    qsort_r(t->at, t->n, sizeof *t->at, by_service, (void *)(uintptr_t)t->c);
    for (size_t i = 0; i < t->n; i++)
        t->service[i] = t->c[t->at[i]].service;
    for (size_t i = 0; i < t->a->pieces->n; i++)
        if (!t->a->pieces->piece[i].soft)
            tell_piece(t, &t->a->pieces->piece[i]);
}

/* ---- the page ---------------------------------------------------------------------------- */

static void
write_uuid(const uint8_t from[16], char to[37])
{
    static const char digit[] = "0123456789abcdef";
    bool any = false;

    for (int i = 0; i < 16; i++) {
        any = any || from[i];
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *to++ = '-';
        *to++ = digit[from[i] >> 4];
        *to++ = digit[from[i] & 15];
    }
    *to = '\0';
    if (!any)
        to[-36] = '\0';
}

static struct search_hit
hit_of(const struct search_index *x, const struct candidate *c)
{
    struct search_hit h = {.entry = x->service[c->service].entry, .metres = c->metres,
                           .places = c->places, .points = c->points};

    write_uuid(x->service[c->service].uuid, h.uuid);
    write_uuid(x->row[c->row].place, h.place);
    return h;
}

void
search_rank(struct job *j, const struct asking *a, const uint64_t *rows, struct search_found *out)
{
    uint32_t all = a->s->places ? out->places : out->services;
    uint64_t want = (uint64_t)a->s->first + a->s->most;
    struct best b = {.most = want < all ? (size_t)want : all};
    struct told t = {.j = j, .a = a};

    if (a->s->first >= all || !a->s->most)
        return;
    b.c = job_array(j, b.most + 1, sizeof *b.c);
    gather(a, rows, &b);
    qsort(b.c, b.n, sizeof *b.c, by_order);
    t.c = b.c + a->s->first;
    t.n = b.n - a->s->first;
    t.hit = job_array(j, t.n + 1, sizeof *t.hit);
    t.why = job_array(j, t.n * WHYS + 1, sizeof *t.why);
    for (size_t i = 0; i < t.n; i++) {
        t.hit[i] = hit_of(a->x, &t.c[i]);
        t.hit[i].why = t.why + i * WHYS;
    }
    if (a->scored)
        tell_words(&t);
    for (size_t i = 0; i < t.n; i++)
        tell_rest(&t, i);
    out->hit = t.hit;
    out->n = t.n;
}
