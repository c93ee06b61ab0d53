#include "directory/search_words.h"
#include <libstemmer.h>

/* ' and U+2019, U+02BC, which end up in the same words. */
static size_t
apostrophe(struct span a)
{
    static const char *const signs[] = {"'", "\xE2\x80\x99", "\xE2\x80\x98", "\xCA\xBC"};

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (a.n >= strlen(signs[i]) && memcmp(a.s, signs[i], strlen(signs[i])) == 0)
            return strlen(signs[i]);
    return 0;
}

static void
put(struct word *w, const char *letters, size_t n)
{
    if (w->n + n > WORD_MOST)
        return;
    memcpy(w->s + w->n, letters, n);
    w->n = (uint8_t)(w->n + n);
}

/* Most text is ASCII. */
static size_t
fold(struct span a, char out[4], size_t *took)
{
    unsigned char c = (unsigned char)*a.s;

    if (c >= 0x80)
        return text_fold(a, out, took);
    *took = 1;
    *out = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

bool
word_take(struct span *rest, struct word *w)
{
    const char *start = NULL;
    unsigned letters = 0, capitals = 0;
    size_t took;

    w->n = 0;
    for (; rest->n; rest->s += took, rest->n -= took) {
        char out[4];
        size_t n = fold(*rest, out, &took);
        if (n) {
            start = start ? start : rest->s;
            letters++;
            capitals += *rest->s >= 'A' && *rest->s <= 'Z';
            put(w, out, n);
        } else if (start && !(took = apostrophe(*rest))) {
            break;
        } else if (!start) {
            took = took ? took : 1;
        }
    }
    w->s[w->n] = '\0';
    w->capitals = letters > 1 && capitals == letters;
    w->from = (struct span){start, start ? (size_t)(rest->s - start) : 0};
    return start != NULL;
}

struct stemmer {
    struct sb_stemmer *snowball;
};

static void
stemmer_end(void *arg)
{
    sb_stemmer_delete(arg);
}

enum err
word_stemmer(struct job *j, struct stemmer **out)
{
    struct stemmer *s = job_alloc(j, sizeof *s);
    struct cleanup *end = job_on_end(j, stemmer_end);

    s->snowball = sb_stemmer_new("english", NULL);
    if (!s->snowball)
        return err_set(j, ERR_BUSY, "the machine has no memory left for this search");
    end->arg = s->snowball;
    *out = s;
    return OK;
}

void
word_stem(struct stemmer *s, struct word *w)
{
    const sb_symbol *stem;
    int n;

    for (size_t i = 0; i < w->n; i++)
        if (w->s[i] < 'a' || w->s[i] > 'z')
            return; /* numbers and other scripts stay as they are */
    stem = sb_stemmer_stem(s->snowball, (const sb_symbol *)w->s, w->n);
    n = stem ? sb_stemmer_length(s->snowball) : 0;
    if (n <= 0 || n > WORD_MOST)
        return;
    memcpy(w->s, stem, (size_t)n);
    w->n = (uint8_t)n;
    w->s[n] = '\0';
}
