#include "directory/search_private.h"

uint32_t
search_term_from(const struct search_index *x, const char *s)
{
    uint32_t from = 0, to = x->terms;

    while (from < to) {
        uint32_t mid = from + (to - from) / 2;
        if (strcmp(x->text + x->term[mid].text, s) < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

bool
search_term_find(const struct search_index *x, const char *s, uint32_t *out)
{
    *out = search_term_from(x, s);
    return *out < x->terms && strcmp(x->text + x->term[*out].text, s) == 0;
}

/* Services that have it, by its own name or another. */
static uint32_t
services_of(const struct search_index *x, uint32_t term)
{
    uint32_t n = x->list[x->concepts + term].n;

    for (unsigned i = 0; i < x->term[term].phrases; i++) {
        const struct file_phrase *p = &x->phrase[x->term[term].phrase + i];
        uint32_t of = p->flags & PHRASE_ASK ? x->list[p->concept].n : 0;
        n = of > n ? of : n;
    }
    return n;
}

static uint8_t
least(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

/* Letters left out, put in, changed, or two neighbours swapped; more than `most` is not told
 * apart. */
static unsigned
distance(const char *a, size_t an, const char *b, size_t bn, unsigned most)
{
    uint8_t row[3][WORD_MOST_OF_FILE + 1];

    for (size_t k = 0; k <= bn; k++)
        row[0][k] = (uint8_t)k;
    for (size_t i = 1; i <= an; i++) {
        uint8_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        uint8_t best = now[0] = (uint8_t)i;
        for (size_t k = 1; k <= bn; k++) {
            now[k] = least((uint8_t)(least(last[k], now[k - 1]) + 1),
                           (uint8_t)(last[k - 1] + (a[i - 1] != b[k - 1])));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                now[k] = least(now[k], (uint8_t)(before[k - 2] + 1));
            best = least(best, now[k]);
        }
        if (best > most)
            return most + 1;
    }
    return row[an % 3][bn];
}

struct guess {
    uint32_t term, services, own; /* own: with the word itself */
    unsigned cost; /* 2 a step, 1 for another first letter */
};

static bool
likelier(const struct guess *a, const struct guess *b)
{
    if (a->cost != b->cost)
        return a->cost < b->cost;
    return a->services != b->services ? a->services > b->services : a->own > b->own;
}

/* Sorted in; the last falls out. */
static void
keep(struct guess *g, size_t *n, size_t most, struct guess new)
{
    size_t at = *n;

    while (at && likelier(&new, &g[at - 1]))
        at--;
    if (at >= most)
        return;
    *n += *n < most;
    memmove(g + at + 1, g + at, (*n - at - 1) * sizeof *g);
    g[at] = new;
}

size_t
search_spelled(struct job *j, const struct search_index *x, const char *s, size_t most,
               uint32_t *out)
{
    size_t len = strlen(s), n = 0, same = 0;
    unsigned steps = len < 4 ? 0 : len < 8 ? 1 : 2;
    uint32_t letters = search_file_letters(s, len);
    struct guess *g = job_array(j, most + 1, sizeof *g);

    for (uint32_t i = 0; i < x->terms && steps; i++) {
        const struct file_term *t = &x->term[i];
        unsigned far;
        if (t->n + steps < len || t->n > len + steps || t->n > WORD_MOST_OF_FILE ||
            search_ones(t->letters ^ letters) > 2 * steps || (t->flags & TERM_STOP))
            continue;
        far = distance(s, len, x->text + t->text, t->n, steps);
        if (far <= steps && services_of(x, i))
            keep(g, &n, most, (struct guess){i, services_of(x, i),
                                             x->list[x->concepts + i].n,
                                             2 * far + (*s != x->text[t->text])});
    }
    for (; same < n && g[same].cost <= g[0].cost + 1; same++)
        out[same] = g[same].term;
    return same;
}
