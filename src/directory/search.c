#include "directory/search_private.h"

/* ---- counts ------------------------------------------------------------------------------ */

static bool
is_filtered(const struct filters *f, unsigned what)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->filter[i].what == what)
            return true;
    return false;
}

/* Services by value of each facet: those that all filters let through but its own group's. */
static void
count_facets(struct job *j, const struct search_index *x, const struct filters *f,
             const uint64_t *all, struct search_found *out)
{
    for (unsigned g = 0; g < FACET_GROUPS; g++) {
        const uint64_t *rows = is_filtered(f, FILTER_FACET + g)
                                   ? search_through(j, x, f, FILTER_FACET + g)
                                   : all;
        for (uint64_t left = facets_of_group((enum facet_group)g); left; left &= left - 1) {
            unsigned i = (unsigned)__builtin_ctzll(left);
            const uint64_t *of = g == FACET_DAY && f->day[0]
                                     ? f->day[i - FACET_MONDAY]
                                     : x->facet + (size_t)i * x->words;
            out->facet[i] = search_services_in(x, rows, of);
        }
    }
}

static int
by_count(const void *one, const void *other)
{
    const struct search_count *a = one, *b = other;

    if (a->services != b->services)
        return a->services > b->services ? -1 : 1;
    return strcmp(a->value, b->value);
}

static uint32_t
services_with(const struct search_index *x, const struct file_key *k, const uint64_t *rows)
{
    uint32_t n = 0, last = UINT32_MAX;

    for (uint32_t i = 0; i < k->n; i++) {
        uint32_t row = x->key_row[k->first + i];
        if (!search_bit(rows, row) || x->owner[row] == last)
            continue;
        last = x->owner[row];
        n++;
    }
    return n;
}

static const struct search_count *
count_keys(struct job *j, const struct search_index *x, enum search_key_kind kind,
           const uint64_t *rows, size_t *n)
{
    uint32_t from, to;
    struct search_count *c;

    search_keys_of(x, kind, &from, &to);
    c = job_array(j, (size_t)to - from + 1, sizeof *c);
    *n = 0;
    for (uint32_t i = from; i < to; i++) {
        c[*n] = (struct search_count){x->text + x->key[i].text,
                                      services_with(x, &x->key[i], rows)};
        *n += c[*n].services > 0;
    }
    qsort(c, *n, sizeof *c, by_count);
    return c;
}

static void
count(struct job *j, const struct search_index *x, const struct filters *f, const uint64_t *all,
      struct search_found *out)
{
    const uint64_t *needs = is_filtered(f, FILTER_KEY + SEARCH_NEED)
                                ? search_through(j, x, f, FILTER_KEY + SEARCH_NEED)
                                : all;
    const uint64_t *languages = is_filtered(f, FILTER_KEY + SEARCH_LANGUAGE)
                                    ? search_through(j, x, f, FILTER_KEY + SEARCH_LANGUAGE)
                                    : all;

    count_facets(j, x, f, all, out);
    out->need = count_keys(j, x, SEARCH_NEED, needs, &out->n_needs);
    out->language = count_keys(j, x, SEARCH_LANGUAGE, languages, &out->n_languages);
}

/* ---- what to let go of ------------------------------------------------------------------- */

static uint32_t
nearest(const struct search_index *x, const struct search *s, const uint64_t *rows)
{
    struct around around = search_around(s);
    uint32_t least = SEARCH_NOWHERE;

    for (uint32_t i = 0; i < x->words; i++)
        for (uint64_t left = rows[i]; left; left &= left - 1) {
            uint32_t m = search_metres(x, &around, i * 64 + (uint32_t)__builtin_ctzll(left));
            least = m < least ? m : least;
        }
    return least;
}

static int
by_services(const void *one, const void *other)
{
    const struct search_looser *a = one, *b = other;

    if (a->services != b->services)
        return a->services > b->services ? -1 : 1;
    return a->filter < b->filter ? -1 : a->filter > b->filter;
}

static void
loosen(struct job *j, const struct search_index *x, const struct search *s,
       const struct filters *f, struct search_found *out)
{
    struct search_looser *l = job_array(j, f->n + 1, sizeof *l);

    for (size_t i = 0; i < f->n; i++) {
        const uint64_t *rows = search_through(j, x, f, f->filter[i].what);
        l[out->n_looser] = (struct search_looser){.filter = f->filter[i].what,
                                                  .services = search_services_in(x, rows, NULL)};
        if (f->filter[i].what == FILTER_DISTANCE)
            l[out->n_looser].metres = nearest(x, s, rows);
        out->n_looser += l[out->n_looser].services > 0;
    }
    qsort(l, out->n_looser, sizeof *l, by_services);
    out->looser = l;
}

/* ---- all of it --------------------------------------------------------------------------- */

/* Rows with a key of an area asked for; NULL: no area was. */
static const uint64_t *
rows_serving(struct job *j, const struct search_index *x, const struct search *s)
{
    uint64_t *rows = NULL;

    for (size_t i = 0; i < s->n_keys; i++) {
        const struct file_key *k;
        if (s->keys[i].kind != SEARCH_AREA)
            continue;
        rows = rows ? rows : job_array(j, (size_t)x->words + 1, sizeof *rows);
        k = search_key_find(x, SEARCH_AREA, s->keys[i].value);
        for (uint32_t r = 0; k && r < k->n; r++) {
            uint32_t row = x->key_row[k->first + r];
            rows[row / 64] |= UINT64_C(1) << row % 64;
        }
    }
    return rows;
}

/* Without services that have no place. */
static const uint64_t *
placed(struct job *j, const struct search_index *x, const uint64_t *rows)
{
    static const uint8_t nowhere[sizeof x->row->place] = {0};
    uint64_t *bits = job_array(j, (size_t)x->words + 1, sizeof *bits);

    for (uint32_t i = 0; i < x->words; i++)
        bits[i] = rows[i];
    for (uint32_t i = 0; i < x->rows; i++)
        if (!memcmp(x->row[i].place, nowhere, sizeof nowhere))
            bits[i / 64] &= ~(UINT64_C(1) << i % 64);
    return bits;
}

static bool
has_words(const char *s)
{
    return s && s[strspn(s, " \t\r\n")];
}

enum err
search_run(struct job *j, const struct search_index *x, const struct search *s,
           struct search_found *out)
{
    struct pieces *p = job_alloc(j, sizeof *p);
    struct filters f;
    struct scored scored;
    struct asking a = {.x = x, .s = s, .pieces = p, .serves = rows_serving(j, x, s)};
    const uint64_t *rows;
    enum err e = has_words(s->words) ? search_pieces(j, x, s->words, p) : OK;

    *out = (struct search_found){.services = 0};
    if (e)
        return e;
    if (p->n_terms || p->n) {
        search_score(j, x, p, &scored);
        a.scored = &scored;
        out->words = p->needed;
        out->enough = scored.enough;
    }
    out->term = p->term;
    out->n_terms = p->n_terms;
    search_filters(j, x, s, a.scored, &f);
    rows = search_through(j, x, &f, SEARCH_FILTERS);
    if (s->places)
        rows = placed(j, x, rows);
    out->services = search_services_in(x, rows, NULL);
    out->places = search_rows_in(x, rows);
    if (s->counts)
        count(j, x, &f, rows, out);
    if (!out->services)
        loosen(j, x, s, &f, out);
    search_rank(j, &a, rows, out);
    return OK;
}
