#include "directory/needs.h"

static const struct need needs[] = {
#define NEED(id, under, label, terms, types, signs) {id, under, label, terms, types, signs},
#include "directory/needs.def"
#undef NEED
};
enum { NEEDS = sizeof needs / sizeof *needs };

const struct need *
needs_list(size_t *n)
{
    *n = NEEDS;
    return needs;
}

const struct need *
needs_find(const char *id)
{
    for (size_t i = 0; i < NEEDS; i++)
        if (strcmp(needs[i].id, id) == 0)
            return &needs[i];
    return NULL;
}

/* Is it one of the words, which blanks part? */
static bool
names(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *s = words; (s = strstr(s, word)); s += n)
        if (n && (s == words || s[-1] == ' ') && (s[n] == ' ' || s[n] == '\0'))
            return true;
    return false;
}

static size_t
pointing(struct job *j, const char *word, bool sign, const struct need ***out)
{
    const struct need **found = job_array(j, NEEDS, sizeof *found);
    size_t n = 0;

    for (size_t i = 0; i < NEEDS; i++)
        if (names(sign ? needs[i].signs : needs[i].types, word))
            found[n++] = &needs[i];
    *out = found;
    return n;
}

size_t
needs_of_type(struct job *j, const char *type, const struct need ***out)
{
    return pointing(j, type, false, out);
}

size_t
needs_of_sign(struct job *j, const char *sign, const struct need ***out)
{
    return pointing(j, sign, true, out);
}
