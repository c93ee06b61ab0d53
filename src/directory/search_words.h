/* directory/search_words.h - text as the words that are kept of it and asked for. */
#pragma once
#include "base/text.h"

enum { WORD_MOST = 40 }; /* bytes of a word; what is longer is cut */
struct word {
    char s[WORD_MOST + 4];
    uint8_t n;
    bool capitals;    /* two or more letters, all capitals: "SEND" */
    struct span from; /* as it stands in the text */
};
/* The next word of *rest, small and without accents; apostrophes within go, other signs part.
 * False: no more. */
bool word_take(struct span *rest, struct word *out);

struct stemmer;
/* English, by Snowball; ends with the job. */
MUST_CHECK enum err word_stemmer(struct job *j, struct stemmer **out);
/* In place. */
void word_stem(struct stemmer *s, struct word *w);
