/* directory/search_build.h - what search_build.c gathers and search_write.c lays into the file. */
#pragma once
#include "base/map.h"
#include "directory/search_file.h"
#include "directory/search_words.h"
#include "directory/thesaurus.h"

/* A concept or a term.  While a service is read: what it adds up to in it. */
struct build_item {
    const char *text;  /* a stem; of a concept its name */
    const char *shown; /* the first word of that stem */
    const char *need; /* id; NULL: none, or a term */
    uint8_t n, flags;
    uint16_t phrases;
    uint32_t phrase;
    uint32_t seen;    /* the service last read that has it, from 1 */
    uint32_t weight, heaviest;
    uint8_t field;
    uint32_t services;
};
struct build_pair {
    uint32_t item, posting; /* posting: service << 8 | byte of the file */
};
struct build_row {
    struct file_row row;
    struct file_age age;
    struct file_point point;
    uint64_t facets;
    uint32_t owner;
    bool everywhere, area_said;
};
struct build_key {
    const char *value;
    uint32_t kind;
};
struct build_key_row {
    uint32_t key, row;
};
struct build_service {
    struct file_service s;
    const char *name; /* as it is ordered */
};
struct build_token {
    uint32_t item;
    bool capitals;
};

struct search_builder {
    struct job mem; /* of token and touched, which outlive scopes of whoever gives rows */
    struct stemmer *stemmer;
    struct map_salt salt;
    struct map *words, *stems, *key_of; /* of words as they stand, of stems, of keys */
    struct pile *item, *pair, *row, *hours, *key, *key_row, *service;
    uint32_t concepts;
    struct file_phrase *phrase; /* with the items' numbers of here */
    uint32_t *phrase_term;
    uint32_t phrases, phrase_terms;
    struct build_token *token;  /* of the field at hand */
    size_t tokens, most_tokens;
    uint32_t *touched;          /* items of the service at hand */
    size_t n_touched, most_touched;
};

/* Does the phrase stand at the beginning of these tokens? */
bool build_phrase_fits(const struct search_builder *b, const struct file_phrase *p,
                       const struct build_token *t, size_t n);
/* For qsort_r(): phrases by their words; arg: the terms of all phrases. */
int build_by_phrase(const void *one, const void *other, void *arg);
/* Concepts, phrases, stop words and soft words of the thesaurus. */
MUST_CHECK enum err build_thesaurus(struct job *j, struct search_builder *b,
                                    const struct thesaurus *t);
/* The item of a word, new if need be. */
MUST_CHECK enum err build_item_of(struct job *j, struct search_builder *b, const struct word *w,
                                  uint32_t *out);
/* The service at hand is over: its items become pairs. */
MUST_CHECK enum err build_service_end(struct job *j, struct search_builder *b);
