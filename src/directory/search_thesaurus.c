#include "directory/search_build.h"

/* The thesaurus laid into an index: each row a concept, each of its words a phrase of terms. */

struct phrases {
    struct search_builder *b;
    struct file_phrase *phrase;
    uint32_t *term;
    size_t n, most, n_terms, most_terms;
};

static enum err
add_concept(struct job *j, struct search_builder *b, const struct thesaurus_row *r)
{
    struct build_item *item = pile_add(j, b->item);

    if (!item)
        return j->err.kind;
    item->text = job_copy(j, r->name);
    item->need = job_copy(j, r->need);
    b->concepts++;
    return OK;
}

static bool
all_stop(const struct search_builder *b, const uint32_t *term, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct build_item *item = pile_at(b->item, term[i]);
        if (!(item->flags & TERM_STOP))
            return false;
    }
    return true;
}

/* One of the words of a row, "part time timetable". */
static enum err
add_phrase(struct job *j, struct phrases *p, struct span words, uint32_t concept, uint16_t flags)
{
    uint32_t term[PHRASE_WORDS];
    uint16_t n = 0;
    struct word w;
    bool capitals = true;

    while (n < PHRASE_WORDS && word_take(&words, &w)) {
        enum err e = build_item_of(j, p->b, &w, &term[n++]);
        if (e)
            return e;
        ((struct build_item *)pile_at(p->b->item, term[n - 1]))->flags |= TERM_PHRASED;
        capitals = capitals && w.capitals;
    }
    if (n == 0 || all_stop(p->b, term, n))
        return OK;
    if (p->n == p->most) {
        p->phrase = job_grow(j, p->phrase, p->most * sizeof *p->phrase,
                             (p->most * 2 + 256) * sizeof *p->phrase);
        p->most = p->most * 2 + 256;
    }
    if (p->n_terms + n > p->most_terms) {
        p->term = job_grow(j, p->term, p->most_terms * sizeof *p->term,
                           (p->most_terms * 2 + 1024) * sizeof *p->term);
        p->most_terms = p->most_terms * 2 + 1024;
    }
    memcpy(p->term + p->n_terms, term, n * sizeof *term);
    p->phrase[p->n++] = (struct file_phrase){
        .first = (uint32_t)p->n_terms, .concept = concept, .n = n,
        .flags = (uint16_t)(flags | (capitals ? PHRASE_CAPITALS : 0))};
    p->n_terms += n;
    return OK;
}

static struct span
next_of(const char **rest)
{
    struct span s = {*rest, strcspn(*rest, "|")};

    *rest += s.n + ((*rest)[s.n] == '|');
    return s;
}

static enum err
add_phrases(struct job *j, struct phrases *p, const char *words, uint32_t concept, uint16_t flags)
{
    enum err e = OK;

    while (*words && !e)
        e = add_phrase(j, p, next_of(&words), concept, flags);
    return e;
}

static enum err
add_flags(struct job *j, struct search_builder *b, const char *words, uint8_t flag)
{
    enum err e = OK;

    while (*words && !e) {
        struct span s = next_of(&words);
        struct word w;
        uint32_t at = 0;
        while (!e && word_take(&s, &w))
            if (!(e = build_item_of(j, b, &w, &at)))
                ((struct build_item *)pile_at(b->item, at))->flags |= flag;
    }
    return e;
}

int
build_by_phrase(const void *one, const void *other, void *arg)
{
    const struct file_phrase *a = one, *b = other;
    const uint32_t *term = arg;

    for (unsigned i = 0; i < a->n && i < b->n; i++)
        if (term[a->first + i] != term[b->first + i])
            return term[a->first + i] < term[b->first + i] ? -1 : 1;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    return a->concept < b->concept ? -1 : a->concept > b->concept;
}

static void
point_at_phrases(struct search_builder *b)
{
    for (uint32_t i = 0; i < b->phrases; i++) {
        struct build_item *first = pile_at(b->item, b->phrase_term[b->phrase[i].first]);
        if (first->phrases++ == 0)
            first->phrase = i;
    }
}

static bool
is_concept(const struct thesaurus_row *r)
{
    return !r->off && (r->kind == THESAURUS_SAME || r->kind == THESAURUS_MEANS);
}

enum err
build_thesaurus(struct job *j, struct search_builder *b, const struct thesaurus *t)
{
    struct phrases p = {.b = b};
    uint32_t concept = 0;
    enum err e = OK;

    for (size_t i = 0; i < t->n && !e; i++) /* the concepts' numbers come before all terms' */
        if (is_concept(&t->row[i]))
            e = add_concept(j, b, &t->row[i]);
    for (size_t i = 0; i < t->n && !e; i++)
        if (!t->row[i].off && !is_concept(&t->row[i]))
            e = add_flags(j, b, t->row[i].words,
                          t->row[i].kind == THESAURUS_STOP ? TERM_STOP : TERM_SOFT);
    for (size_t i = 0; i < t->n && !e; i++) {
        const struct thesaurus_row *r = &t->row[i];
        if (!is_concept(r))
            continue;
        e = add_phrases(j, &p, r->words, concept, PHRASE_ASK | PHRASE_TEXT);
        if (!e && r->kind == THESAURUS_MEANS)
            e = add_phrases(j, &p, r->means, concept, PHRASE_TEXT);
        concept++;
    }
    if (e || p.n == 0)
        return e;
    qsort_r(p.phrase, p.n, sizeof *p.phrase, build_by_phrase, p.term);
    b->phrase = p.phrase;
    b->phrase_term = p.term;
    b->phrases = (uint32_t)p.n;
    b->phrase_terms = (uint32_t)p.n_terms;
    point_at_phrases(b);
    return OK;
}
