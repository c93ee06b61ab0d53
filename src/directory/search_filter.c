#include "directory/search_private.h"

static uint64_t *
no_rows(struct job *j, const struct search_index *x)
{
    return job_array(j, (size_t)x->words + 1, sizeof(uint64_t));
}

/* ---- counting ---------------------------------------------------------------------------- */

uint32_t
search_rows_in(const struct search_index *x, const uint64_t *rows)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < x->words; i++)
        n += search_ones(rows[i]);
    return n;
}

/* Rows of a service are neighbours, its last one marked in x->last.  Adding all ones to the bits
 * below the mark carries into it when one of them is set, so the marks count services. */
uint32_t
search_services_in(const struct search_index *x, const uint64_t *rows, const uint64_t *also)
{
    uint32_t n = 0;
    uint64_t carry = 0;

    for (uint32_t i = 0; i < x->words; i++) {
        uint64_t set = also ? rows[i] & also[i] : rows[i], below = ~x->last[i], sum;
        bool over = __builtin_add_overflow(set & below, below, &sum);
        over |= __builtin_add_overflow(sum, carry, &sum);
        carry = over;
        n += search_ones((sum | set) & x->last[i]);
    }
    return n;
}

/* ---- words, age, place, time ------------------------------------------------------------- */

static void
set_rows(uint64_t *bits, uint32_t from, uint32_t to)
{
    for (; from < to; from++)
        bits[from / 64] |= UINT64_C(1) << from % 64;
}

static const uint64_t *
rows_of_words(struct job *j, const struct search_index *x, const struct scored *s)
{
    uint64_t *bits = no_rows(j, x);

    for (uint32_t i = 0; i < x->services; i++)
        if (s->cell[i].n >= s->enough)
            set_rows(bits, x->service[i].first_row, x->service[i + 1].first_row);
    return bits;
}

/* Overlap; who does not say is in. */
static const uint64_t *
rows_of_age(struct job *j, const struct search_index *x, const struct search *s)
{
    uint64_t *bits = no_rows(j, x);

    for (uint32_t i = 0; i < x->rows; i++) {
        bool in = x->age[i].from < s->age_to && s->age_from < x->age[i].to;
        bits[i / 64] |= (uint64_t)in << i % 64;
    }
    return bits;
}

/* cos of an angle in millionths of a degree, by its series: the same bits everywhere. */
static double
cosine(double millionths)
{
    double a = millionths * (3.14159265358979323846 / 180e6), q = a * a;

    return 1 - q / 2 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56 * (1 - q / 90))));
}

struct around
search_around(const struct search *s)
{
    double here = cosine(s->latitude), north = cosine(s->latitude + 1e6);

    return (struct around){s->near, s->latitude, s->longitude, here, (here - north) / 2e6};
}

/* On a map whose degrees are as wide as midway between the two: within 0.1% over 100 miles. */
static inline double
squared_metres(const struct file_point *p, const struct around *a)
{
    double up = (double)p->latitude - a->latitude, along = (double)p->longitude - a->longitude;
    double north = up * 0.111195, east = along * 0.111195 * (a->wide - a->less * up);

    return north * north + east * east;
}

uint32_t
search_metres(const struct search_index *x, const struct around *a, uint32_t row)
{
    double square;

    if (!a->given || x->point[row].latitude == SEARCH_NO_PLACE)
        return SEARCH_NOWHERE;
    square = squared_metres(&x->point[row], a);
    return square < 1.8e19 ? (uint32_t)__builtin_sqrt(square) : SEARCH_NOWHERE - 1;
}

static const uint64_t *
rows_near(struct job *j, const struct search_index *x, const struct search *s)
{
    uint64_t *bits = no_rows(j, x);
    double most = ((double)s->metres + 1) * ((double)s->metres + 1);
    struct around a = search_around(s);

    for (uint32_t i = 0; i < x->rows; i++) {
        bool in = x->point[i].latitude != SEARCH_NO_PLACE &&
                  squared_metres(&x->point[i], &a) < most;
        bits[i / 64] |= (uint64_t)in << i % 64;
    }
    return bits;
}

/* Of each day, the rows that are open at some minute of the time asked for. */
static const uint64_t *
rows_of_times(struct job *j, const struct search_index *x, const struct search *s,
              struct filters *f)
{
    uint64_t *day[7], *any = no_rows(j, x);

    for (int d = 0; d < 7; d++)
        f->day[d] = day[d] = no_rows(j, x);
    for (uint32_t i = 0; i < x->rows; i++)
        for (uint32_t h = x->row[i].first_hours; h < x->row[i + 1].first_hours; h++)
            if (x->hours[h].from < s->to && s->from < x->hours[h].to)
                set_rows(day[x->hours[h].day], i, i + 1);
    for (uint32_t i = 0; i < x->words; i++)
        for (int d = 0; d < 7; d++)
            any[i] |= day[d][i];
    return any;
}

static const uint64_t *
rows_modified(struct job *j, const struct search_index *x, int64_t after)
{
    uint64_t *bits = no_rows(j, x);

    for (uint32_t i = 0; i < x->services; i++)
        if (x->service[i].modified > after)
            set_rows(bits, x->service[i].first_row, x->service[i + 1].first_row);
    return bits;
}

/* ---- facets and keys --------------------------------------------------------------------- */

/* Rows with any of the chosen; `day`: those with the time asked for in the days' place. */
static const uint64_t *
rows_of_facets(struct job *j, const struct search_index *x, uint64_t chosen,
               const uint64_t *const *day)
{
    uint64_t *bits = no_rows(j, x);

    for (; chosen; chosen &= chosen - 1) {
        unsigned facet = (unsigned)__builtin_ctzll(chosen);
        const uint64_t *of = day ? day[facet - FACET_MONDAY]
                                 : x->facet + (size_t)facet * x->words;
        for (uint32_t i = 0; i < x->words; i++)
            bits[i] |= of[i];
    }
    return bits;
}

void
search_keys_of(const struct search_index *x, enum search_key_kind kind, uint32_t *from,
               uint32_t *to)
{
    for (*from = 0; *from < x->keys && x->key[*from].kind < kind;)
        ++*from;
    for (*to = *from; *to < x->keys && x->key[*to].kind == kind;)
        ++*to;
}

const struct file_key *
search_key_find(const struct search_index *x, enum search_key_kind kind, const char *value)
{
    uint32_t from = 0, to = x->keys;

    while (from < to) {
        uint32_t mid = from + (to - from) / 2;
        const struct file_key *k = &x->key[mid];
        int c = k->kind != kind ? (k->kind < kind ? -1 : 1) : strcmp(x->text + k->text, value);
        if (c == 0)
            return k;
        if (c < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

/* Who does not say where it serves is in, as who serves everywhere. */
static const uint64_t *
rows_of_keys(struct job *j, const struct search_index *x, const struct search *s,
             enum search_key_kind kind)
{
    uint64_t *bits = no_rows(j, x);

    for (size_t i = 0; i < s->n_keys; i++) {
        const struct file_key *k = s->keys[i].kind == kind
                                       ? search_key_find(x, kind, s->keys[i].value)
                                       : NULL;
        for (uint32_t r = 0; k && r < k->n; r++)
            set_rows(bits, x->key_row[k->first + r], x->key_row[k->first + r] + 1);
    }
    for (uint32_t i = 0; i < x->words && kind == SEARCH_AREA; i++)
        bits[i] |= x->everywhere[i] | x->area_unknown[i];
    return bits;
}

static bool
asks_for(const struct search *s, enum search_key_kind kind)
{
    for (size_t i = 0; i < s->n_keys; i++)
        if (s->keys[i].kind == kind)
            return true;
    return false;
}

/* ---- all of them ------------------------------------------------------------------------- */

static void
add(struct filters *f, unsigned what, const uint64_t *bits)
{
    f->filter[f->n++] = (struct filter){what, bits};
}

static void
add_facets(struct job *j, const struct search_index *x, const struct search *s, struct filters *f)
{
    for (unsigned g = 0; g < FACET_GROUPS; g++) {
        uint64_t chosen = s->facets & facets_of_group((enum facet_group)g);
        bool timed = g == FACET_DAY && f->day[0];
        if (!chosen)
            continue;
        add(f, FILTER_FACET + g, rows_of_facets(j, x, chosen, timed ? f->day : NULL));
        if (timed)
            f->any_time_day = rows_of_facets(j, x, chosen, NULL);
    }
}

void
search_filters(struct job *j, const struct search_index *x, const struct search *s,
               const struct scored *scored, struct filters *out)
{
    *out = (struct filters){.n = 0};
    if (scored)
        add(out, FILTER_WORDS, rows_of_words(j, x, scored));
    if (s->age_to > s->age_from)
        add(out, FILTER_AGE, rows_of_age(j, x, s));
    if (s->near && s->metres)
        add(out, FILTER_DISTANCE, rows_near(j, x, s));
    if (s->to > s->from)
        add(out, FILTER_TIME, rows_of_times(j, x, s, out));
    if (s->modified_after)
        add(out, FILTER_MODIFIED, rows_modified(j, x, s->modified_after));
    add_facets(j, x, s, out);
    for (unsigned k = 0; k < SEARCH_KEYS; k++)
        if (asks_for(s, (enum search_key_kind)k))
            add(out, FILTER_KEY + k, rows_of_keys(j, x, s, (enum search_key_kind)k));
}

const uint64_t *
search_through(struct job *j, const struct search_index *x, const struct filters *f, unsigned but)
{
    uint64_t *rows = no_rows(j, x);

    for (uint32_t i = 0; i < x->words; i++)
        rows[i] = UINT64_MAX;
    if (x->rows % 64)
        rows[x->words - 1] = (UINT64_C(1) << x->rows % 64) - 1;
    for (size_t k = 0; k < f->n; k++) {
        const uint64_t *bits = f->filter[k].bits;
        if (f->filter[k].what == but)
            continue;
        if (but == FILTER_TIME && f->filter[k].what == FILTER_FACET + FACET_DAY)
            bits = f->any_time_day ? f->any_time_day : bits;
        for (uint32_t i = 0; i < x->words; i++)
            rows[i] &= bits[i];
    }
    return rows;
}
