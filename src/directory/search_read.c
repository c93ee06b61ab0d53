#include "directory/ages.h"
#include "directory/search.h"
#include "directory/search_words.h"

/* What stands in the words beside words: an age, a postcode. */

enum { SAID_TOKENS = 48, OLDEST = 25 };

struct said_token {
    struct word w;
    bool used;
};
struct saying {
    struct job *j;
    struct said_token token[SAID_TOKENS];
    size_t n;
    struct search_said *out;
};

static bool
is(const struct saying *s, size_t at, const char *word)
{
    return at < s->n && strcmp(s->token[at].w.s, word) == 0;
}

static void
use(struct saying *s, size_t at, size_t n)
{
    for (size_t i = at; i < at + n; i++)
        s->token[i].used = true;
}

static const char *
as_said(const struct saying *s, size_t at, size_t n)
{
    const struct span *last = &s->token[at + n - 1].w.from;

    return job_copy_n(s->j, s->token[at].w.from.s,
                      (size_t)(last->s + last->n - s->token[at].w.from.s));
}

static void
set_age(struct saying *s, size_t at, size_t n, int32_t from, int32_t to)
{
    s->out->age = as_said(s, at, n);
    s->out->age_from = from;
    s->out->age_to = to;
    use(s, at, n);
}

/* "8", "8yo", "8yr": the digits alone are the age when `bare`. */
static bool
number_at(const struct saying *s, size_t at, const char *after, int32_t *out)
{
    const struct word *w = &s->token[at].w;
    size_t digits = at < s->n ? strspn(w->s, "0123456789") : 0;
    int64_t v = 0;

    if (digits == 0 || digits > 2 || strcmp(w->s + digits, after) != 0 ||
        !text_to_int(w->s, digits, &v) || v > OLDEST)
        return false;
    *out = (int32_t)v;
    return true;
}

/* How many tokens from here say an age in years; 0 none. */
static size_t
years_at(const struct saying *s, size_t at, int32_t *years)
{
    if (number_at(s, at, "yo", years))
        return 1;
    if (number_at(s, at, "", years) && is(s, at + 1, "yo"))
        return 2;
    if (number_at(s, at, "", years) && is(s, at + 2, "old") &&
        (is(s, at + 1, "year") || is(s, at + 1, "years") || is(s, at + 1, "yr") ||
         is(s, at + 1, "yrs")))
        return 3;
    if ((is(s, at, "age") || is(s, at, "aged")) && number_at(s, at + 1, "", years))
        return 2;
    return 0;
}

/* Do the tokens from here say that phrase?  How many do. */
static size_t
says(const struct saying *s, size_t at, struct span phrase)
{
    struct word w;
    size_t n = 0;

    while (word_take(&phrase, &w))
        if (!is(s, at + n++, w.s))
            return 0;
    return n;
}

static size_t
school_year_at(const struct saying *s, size_t at, const struct age_row **out)
{
    size_t rows, most = 0;
    const struct age_row *row = ages_list(&rows);

    for (size_t i = 0; i < rows; i++)
        for (struct span p, rest = span_of(row[i].spoken); rest.n;) {
            size_t n;
            p = (struct span){rest.s, strcspn(rest.s, "|")};
            rest.s += p.n + (p.n < rest.n);
            rest.n -= p.n + (p.n < rest.n);
            if ((n = says(s, at, p)) > most) {
                most = n;
                *out = &row[i];
            }
        }
    return most;
}

static void
find_age(struct saying *s)
{
    for (size_t at = 0; at < s->n; at++) {
        const struct age_row *row = NULL;
        int32_t years = 0;
        size_t n = years_at(s, at, &years);
        if (n) {
            set_age(s, at, n, years * 12, years * 12 + 12);
            return;
        }
        if ((n = school_year_at(s, at, &row))) {
            set_age(s, at, n, row->from, row->to);
            return;
        }
    }
}

/* "CH65": one or two letters, a digit, perhaps a digit or letter more. */
static bool
is_outward(const struct word *w)
{
    size_t letters = strspn(w->s, "abcdefghijklmnopqrstuvwxyz"), rest = w->n - letters;
    const char *s = w->s + letters;

    return letters >= 1 && letters <= 2 && rest >= 1 && rest <= 2 && *s >= '0' && *s <= '9';
}

static void
set_postcode(struct saying *s, size_t at, size_t n)
{
    use(s, at, n);
    if (at && (is(s, at - 1, "near") || is(s, at - 1, "in") || is(s, at - 1, "around")))
        use(s, at - 1, 1);
}

static void
find_postcode(struct saying *s)
{
    for (size_t at = 0; at < s->n; at++)
        for (size_t n = 2; n >= 1; n--) {
            const char *said = at + n <= s->n ? as_said(s, at, n) : "";
            if (!s->token[at].used && text_postcode(span_of(said), s->out->postcode)) {
                set_postcode(s, at, n);
                return;
            }
        }
    *s->out->postcode = '\0';
    for (size_t at = 0; at < s->n; at++) {
        const struct word *w = &s->token[at].w;
        if (s->token[at].used || !is_outward(w))
            continue;
        for (size_t i = 0; i <= w->n; i++)
            s->out->postcode[i] = (char)(w->s[i] >= 'a' ? w->s[i] - 32 : w->s[i]);
        set_postcode(s, at, 1);
        return;
    }
}

/* The rest, as it was typed. */
static const char *
words_left(const struct saying *s)
{
    const char *words = "";

    for (size_t i = 0; i < s->n; i++)
        if (!s->token[i].used)
            words = job_format(s->j, "%s%s%.*s", words, *words ? " " : "",
                               (int)s->token[i].w.from.n, s->token[i].w.from.s);
    return words;
}

void
search_read(struct job *j, const char *words, struct search_said *out)
{
    struct saying *s = job_alloc(j, sizeof *s);
    struct span rest = span_of(words);

    *out = (struct search_said){.words = ""};
    s->j = j;
    s->out = out;
    while (s->n < SAID_TOKENS && word_take(&rest, &s->token[s->n].w))
        s->n++;
    if (s->n == 0)
        return;
    find_age(s);
    find_postcode(s);
    out->words = words_left(s);
}
