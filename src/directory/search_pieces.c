#include "directory/search_private.h"
#include "directory/search_words.h"

/* Words typed, as pieces that postings are looked up for. */

enum { TOKENS = 48, SPELLED = 3, BEGUN = 8 };
enum { WHOLE = 256, MEANT = 218, SPELT = 205, SPELT_TOO = 128 }; /* of 256 */

struct token {
    struct span from;
    uint32_t term;
    bool known;              /* term is one of the index */
    enum search_taken taken; /* WORD, SPELLING, BEGINNING, NOWHERE */
    uint32_t guess[BEGUN];   /* of SPELLING and BEGINNING: the terms, likeliest first */
    size_t guesses;
};
struct reader {
    struct job *j;
    const struct search_index *x;
    struct token token[TOKENS];
    size_t n;
    struct pieces *out;
};

static uint32_t
services_of(const struct reader *r, uint32_t term)
{
    return r->x->list[r->x->concepts + term].n;
}

/* ---- tokens ------------------------------------------------------------------------------ */

/* Terms that begin so, the commonest first. */
static size_t
begun(const struct reader *r, const char *s, uint32_t *out)
{
    const struct search_index *x = r->x;
    size_t len = strlen(s), n = 0;

    if (len < 3)
        return 0;
    for (uint32_t i = search_term_from(x, s);
         i < x->terms && strncmp(x->text + x->term[i].text, s, len) == 0; i++) {
        size_t at = n;
        if (!services_of(r, i))
            continue;
        while (at && services_of(r, out[at - 1]) < services_of(r, i))
            at--;
        if (at >= BEGUN)
            continue;
        n += n < BEGUN;
        memmove(out + at + 1, out + at, (n - at - 1) * sizeof *out);
        out[at] = i;
    }
    return n;
}

/* Does any service have it, or the thesaurus? */
static bool
is_anywhere(const struct reader *r, uint32_t term)
{
    return services_of(r, term) || r->x->term[term].flags & (TERM_STOP | TERM_PHRASED);
}

static void
look_up(struct reader *r, struct token *t, const char *stem)
{
    t->taken = TAKEN_WORD;
    t->known = search_term_find(r->x, stem, &t->term) && is_anywhere(r, t->term);
    if (t->known)
        return;
    if ((t->guesses = begun(r, stem, t->guess)))
        t->taken = TAKEN_BEGINNING;
    else if ((t->guesses = search_spelled(r->j, r->x, stem, SPELLED, t->guess)))
        t->taken = TAKEN_SPELLING;
    else
        t->taken = TAKEN_NOWHERE;
    t->known = t->guesses;
    if (t->known)
        t->term = t->guess[0];
}

static enum err
read_tokens(struct reader *r, const char *words)
{
    struct span rest = span_of(words);
    struct stemmer *stemmer = NULL;
    struct word w;
    enum err e = word_stemmer(r->j, &stemmer);

    while (!e && r->n < TOKENS && word_take(&rest, &w)) {
        struct token *t = &r->token[r->n++];
        t->from = w.from;
        word_stem(stemmer, &w);
        look_up(r, t, w.s);
    }
    return e;
}

/* ---- pieces ------------------------------------------------------------------------------ */

static bool
fits(const struct reader *r, const struct file_phrase *p, size_t at)
{
    if (!(p->flags & PHRASE_ASK) || at + p->n > r->n || !r->x->list[p->concept].n)
        return false;
    for (unsigned i = 1; i < p->n; i++)
        if (!r->token[at + i].known ||
            r->token[at + i].term != r->x->phrase_term[p->first + i])
            return false;
    return true;
}

/* The most words from here on that are something's name. */
static unsigned
longest(const struct reader *r, size_t at)
{
    const struct file_term *t = &r->x->term[r->token[at].term];
    unsigned most = 0;

    for (unsigned i = 0; i < t->phrases; i++) {
        const struct file_phrase *p = &r->x->phrase[t->phrase + i];
        if (p->n > most && fits(r, p, at))
            most = p->n;
    }
    return most;
}

static void
add_other(struct piece *p, uint32_t list, unsigned share, enum search_why_kind why,
          const char *found)
{
    if (p->n < OTHERS)
        p->other[p->n++] = (struct other){list, (uint16_t)share, why, found};
}

/* What the words from here on, so many, are called else.  True: in texts it stands in capitals. */
static bool
add_meanings(const struct reader *r, struct piece *piece, size_t at, unsigned words, unsigned share)
{
    const struct search_index *x = r->x;
    const struct file_term *t = &x->term[r->token[at].term];
    bool capitals = false;

    for (unsigned i = 0; i < t->phrases; i++) {
        const struct file_phrase *p = &x->phrase[t->phrase + i];
        if (p->n != words || !fits(r, p, at))
            continue;
        add_other(piece, p->concept, share, WHY_MEANING, x->text + x->concept[p->concept].text);
        capitals = capitals || p->flags & PHRASE_CAPITALS;
    }
    return capitals;
}

/* Is it a name by itself? */
static bool
is_name(const struct reader *r, uint32_t term)
{
    const struct file_term *t = &r->x->term[term];

    for (unsigned i = 0; i < t->phrases; i++)
        if (r->x->phrase[t->phrase + i].n == 1)
            return true;
    return false;
}

/* A service that has the telling words of a phrase apart from each other does, too; a single
 * one of them only when it is a name of something. */
static void
add_all(const struct reader *r, struct piece *piece, size_t at, unsigned words)
{
    bool sure = false;

    for (unsigned i = 0; i < words; i++) {
        uint32_t term = r->token[at + i].term;
        if (r->x->term[term].flags & (TERM_STOP | TERM_SOFT) || piece->n_all == RAW)
            continue;
        piece->all[piece->n_all++] = r->x->concepts + term;
        sure = sure || is_name(r, term);
    }
    if (piece->n_all == 1 && !sure)
        piece->n_all = 0;
}

static void
add_term(struct reader *r, const char *asked, const char *as, enum search_taken taken)
{
    if (taken == TAKEN_MEANING && as && strcasecmp(asked, as) == 0)
        taken = TAKEN_WORD;
    r->out->term[r->out->n_terms++] = (struct search_term){asked, as, taken};
}

static const char *
asked_of(const struct reader *r, size_t at, unsigned words)
{
    const struct span *last = &r->token[at + words - 1].from;

    return job_copy_n(r->j, r->token[at].from.s,
                      (size_t)(last->s + last->n - r->token[at].from.s));
}

static void
add_phrase(struct reader *r, size_t at, unsigned words)
{
    struct piece *p = &r->out->piece[r->out->n++];

    p->asked = asked_of(r, at, words);
    add_meanings(r, p, at, words, WHOLE);
    add_all(r, p, at, words);
    add_term(r, p->asked, p->n ? p->other[0].found : NULL, TAKEN_MEANING);
}

static void
add_guesses(const struct reader *r, const struct token *t, struct piece *p)
{
    const struct search_index *x = r->x;
    bool begins = t->taken == TAKEN_BEGINNING;

    for (size_t i = 0; i < t->guesses; i++)
        if (services_of(r, t->guess[i]))
            add_other(p, x->concepts + t->guess[i], i == 0 || begins ? SPELT : SPELT_TOO,
                      begins ? WHY_BEGINNING : WHY_SPELLING, x->text + x->term[t->guess[i]].shown);
}

static void
add_word(struct reader *r, size_t at)
{
    const struct token *t = &r->token[at];
    const struct file_term *term = &r->x->term[t->term];
    struct piece piece = {.asked = asked_of(r, at, 1)};
    const char *text = r->x->text + term->shown;

    if (t->taken == TAKEN_WORD && term->flags & TERM_STOP)
        return;
    piece.soft = t->taken == TAKEN_WORD && term->flags & TERM_SOFT;
    if (t->guesses)
        add_guesses(r, t, &piece);
    else if (services_of(r, t->term))
        add_other(&piece, r->x->concepts + t->term, WHOLE, WHY_WORD, text);
    /* "SEND" in capitals is a name, "send" is not: then the bare word says nothing. */
    if (add_meanings(r, &piece, at, 1, t->guesses ? SPELT : MEANT) && piece.n > 1 && !t->guesses)
        memmove(piece.other, piece.other + 1, --piece.n * sizeof *piece.other);
    if (piece.soft && !piece.n)
        return;
    if (!piece.n)
        add_term(r, piece.asked, NULL, TAKEN_NOWHERE);
    else if (t->guesses)
        add_term(r, piece.asked, text, t->taken);
    else if (piece.other[0].why == WHY_MEANING)
        add_term(r, piece.asked, piece.other[0].found, TAKEN_MEANING);
    else
        add_term(r, piece.asked, piece.asked, TAKEN_WORD);
    if (piece.n)
        r->out->piece[r->out->n++] = piece;
}

static void
count_needed(struct pieces *p)
{
    for (size_t i = 0; i < p->n; i++)
        p->needed += !p->piece[i].soft;
    if (p->needed)
        return;
    for (size_t i = 0; i < p->n; i++) /* "help for young people": there is nothing else */
        p->piece[i].soft = false;
    p->needed = (uint32_t)p->n;
}

enum err
search_pieces(struct job *j, const struct search_index *x, const char *words, struct pieces *out)
{
    struct reader *r = job_alloc(j, sizeof *r);
    enum err e;

    *r = (struct reader){.j = j, .x = x, .out = out};
    *out = (struct pieces){.n = 0};
    if ((e = read_tokens(r, words)))
        return e;
    for (size_t at = 0; at < r->n && out->n < PIECES && out->n_terms < PIECES;) {
        unsigned n = r->token[at].known ? longest(r, at) : 0;
        if (!r->token[at].known)
            add_term(r, asked_of(r, at, 1), NULL, TAKEN_NOWHERE);
        else if (n > 1)
            add_phrase(r, at, n);
        else
            add_word(r, at);
        at += n > 1 ? n : 1;
    }
    count_needed(out);
    return OK;
}
