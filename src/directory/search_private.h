/* directory/search_private.h - one search from its words to its results: what the files of
 * search.c hand each other. */
#pragma once
#include "directory/search.h"
#include "directory/search_file.h"

enum { PIECES = 24, OTHERS = 10, RAW = 8, WORD_MOST_OF_FILE = 44 };

/* One way in which a piece of the words may stand in a service. */
struct other {
    uint32_t list;
    uint16_t share; /* of 256: what it is worth beside the word itself */
    enum search_why_kind why;
    const char *found; /* in the file */
};
/* A piece of the words: a word, or a phrase that the thesaurus knows. */
struct piece {
    const char *asked;
    bool soft;            /* orders, is not needed */
    struct other other[OTHERS];
    size_t n;
    uint32_t all[RAW];    /* lists that together do as well: the words of a phrase */
    size_t n_all;
    int32_t worth;        /* idf, 1024ths */
};
struct pieces {
    struct piece piece[PIECES];
    size_t n;
    struct search_term term[PIECES];
    size_t n_terms;
    uint32_t needed;      /* pieces that are not soft */
};
/* What the words mean in this index. */
MUST_CHECK enum err search_pieces(struct job *j, const struct search_index *x, const char *words,
                                  struct pieces *out);
/* The term that begins at or after this text: index, terms if none. */
uint32_t search_term_from(const struct search_index *x, const char *s);
bool search_term_find(const struct search_index *x, const char *s, uint32_t *out);
/* Words of the index that may be meant by one that it does not have: lists, the likeliest first. */
size_t search_spelled(struct job *j, const struct search_index *x, const char *s, size_t most,
                      uint32_t *out);

/* ---- points of words, a cell a service ---- */
struct cell {
    uint32_t sum;    /* of pieces before */
    uint32_t now;    /* of the piece at hand: the most of its others */
    uint8_t piece;   /* that, from 1 */
    uint8_t n;       /* pieces found that are needed */
};
struct scored {
    struct cell *cell;
    uint64_t ideal;  /* what a service with all of it could have */
    uint32_t enough; /* so many needed pieces are to be found */
};
void search_score(struct job *j, const struct search_index *x, const struct pieces *p,
                  struct scored *out);
/* For each of n services in ascending order, the posting of a list, 0: it is not in it. */
void search_postings(const struct search_index *x, uint32_t list, const uint32_t *service, size_t n,
                     uint8_t *out);

/* ---- filters, a bit a row ---- */
struct filter {
    unsigned what; /* as struct search_looser.filter */
    const uint64_t *bits;
};
struct filters {
    struct filter filter[SEARCH_FILTERS];
    size_t n;
    const uint64_t *day[7];       /* with the time asked for; NULL without one */
    const uint64_t *any_time_day; /* days chosen whatever the time; NULL as above */
};
void search_filters(struct job *j, const struct search_index *x, const struct search *s,
                    const struct scored *scored, struct filters *out);
/* Rows that all filters let through but one (SEARCH_FILTERS: none left out). */
const uint64_t *search_through(struct job *j, const struct search_index *x, const struct filters *f,
                               unsigned but);
uint32_t search_rows_in(const struct search_index *x, const uint64_t *rows);
/* Services that have a row in both; `also` NULL: all rows. */
uint32_t search_services_in(const struct search_index *x, const uint64_t *rows,
                            const uint64_t *also);
/* Around the point of a search: how wide a degree is there, and how much less to the north. */
struct around {
    bool given;
    int32_t latitude, longitude;
    double wide, less;
};
struct around search_around(const struct search *s);
/* SEARCH_NOWHERE: no place, or no point was given. */
uint32_t search_metres(const struct search_index *x, const struct around *a, uint32_t row);
/* Keys of a kind: their range. */
void search_keys_of(const struct search_index *x, enum search_key_kind kind, uint32_t *from,
                    uint32_t *to);
const struct file_key *search_key_find(const struct search_index *x, enum search_key_kind kind,
                                       const char *value);

/* ---- order, results ---- */
struct asking {
    const struct search_index *x;
    const struct search *s;
    const struct pieces *pieces;
    const struct scored *scored; /* NULL: no words */
    const uint64_t *serves;      /* rows that say that they serve an area asked for; NULL: none */
};
/* The page of results among the rows that are through. */
void search_rank(struct job *j, const struct asking *a, const uint64_t *rows,
                 struct search_found *out);
static inline bool
search_bit(const uint64_t *rows, uint32_t i)
{
    return rows[i / 64] >> i % 64 & 1;
}
/* With two steps a level: as fast as a table, on any machine. */
static inline uint32_t
search_ones(uint64_t v)
{
    v -= v >> 1 & UINT64_C(0x5555555555555555);
    v = (v & UINT64_C(0x3333333333333333)) + (v >> 2 & UINT64_C(0x3333333333333333));
    v = (v + (v >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)(v * UINT64_C(0x0101010101010101) >> 56);
}
