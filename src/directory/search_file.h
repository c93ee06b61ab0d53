/* directory/search_file.h - how the file of search_index.h lies, for those that make and read it.
 *
 * A head, then sections; each is an array of fixed-width things that begins at a multiple of 64.
 * A list is a posting list: of concepts first (rows of the thesaurus), then of terms.  A posting
 * is how much further the next service stands (7 bits a byte, lowest first, the top bit set
 * while more follow), then a byte: weight of the term in the service (0 to 31) << 3 | field. */
#pragma once
#include "directory/search_index.h"

enum { SEARCH_VERSION = 1, SEARCH_WEIGHT = 31 };
#define SEARCH_MAGIC "rootedDW"
#define SEARCH_NO_AGE UINT16_MAX
#define SEARCH_NO_PLACE INT32_MIN

enum search_section {
    SECTION_SERVICE, /* struct file_service, by UUID; one more at the end for its first_row */
    SECTION_OWNER,   /* uint32_t: service of a row */
    SECTION_AGE,     /* struct file_age of a row */
    SECTION_POINT,   /* struct file_point of a row */
    SECTION_ROW,     /* struct file_row; one more at the end for its first_hours */
    SECTION_HOURS,   /* struct file_hours */
    SECTION_BITS,    /* uint64_t: last rows of services, then a bitmap of rows a facet, everywhere,
                        area not said */
    SECTION_KEY,     /* struct file_key, by kind and name */
    SECTION_KEY_ROW, /* uint32_t: rows of keys */
    SECTION_CONCEPT, /* struct file_concept */
    SECTION_PHRASE,  /* struct file_phrase, by their words */
    SECTION_PHRASE_TERM, /* uint32_t: terms of phrases */
    SECTION_TERM,    /* struct file_term, by text */
    SECTION_LIST,    /* struct file_list: of concepts, then of terms */
    SECTION_POSTING, /* bytes */
    SECTION_TEXT,    /* bytes: texts, NUL-ended */
    SECTIONS
};

struct file_part {
    uint64_t offset;
    uint32_t count, width;
};
struct file_head {
    char magic[8];
    uint32_t version, order; /* order: 0x01020304 as this machine writes it */
    uint64_t bytes;          /* of the whole file */
    int64_t made_at;         /* version of the rows */
    uint32_t services, rows, concepts, terms;
    uint32_t facets, sections;
    struct file_part part[SECTIONS];
    uint8_t digest[32];      /* of the sections, one after another */
    uint8_t check[32];       /* of the head with this zero */
};
struct file_service {
    int64_t entry, modified;
    uint8_t uuid[16];
    uint32_t first_row, name_order;
    int32_t checked;
    uint16_t wait; /* weeks; UINT16_MAX not known */
    uint8_t fresh, complete, harmful, pad[7];
};
struct file_age {
    uint16_t from, to; /* months; to SEARCH_NO_AGE: nothing is known */
};
struct file_point {
    int32_t latitude, longitude; /* SEARCH_NO_PLACE none */
};
struct file_row {
    uint8_t place[16];
    uint32_t first_hours;
};
struct file_hours {
    uint16_t day, from, to;
};
struct file_key {
    uint32_t kind, text, first, n; /* its rows */
};
struct file_concept {
    uint32_t text;       /* name */
    uint32_t need;       /* text: id; 0 none */
};
enum { PHRASE_ASK = 1, PHRASE_TEXT = 2, PHRASE_CAPITALS = 4, PHRASE_WORDS = 12 };
struct file_phrase {
    uint32_t first;      /* of its terms */
    uint32_t concept;
    uint16_t n, flags;
};
enum { TERM_STOP = 1, TERM_SOFT = 2, TERM_PHRASED = 4 }; /* PHRASED: in a phrase */
struct file_term {
    uint32_t text, letters; /* the stem; its letters, a bit each */
    uint32_t shown;         /* text: a word of that stem */
    uint32_t phrase;        /* the first that begins with it */
    uint16_t phrases;
    uint8_t n, flags;
};
struct file_list {
    uint64_t at;   /* of its first byte */
    uint32_t n;    /* services */
    uint32_t bytes;
};

struct search_index {
    const struct file_head *head;
    uint32_t services, rows, concepts, terms, words; /* words: of 64 rows each */
    const struct file_service *service;
    const uint32_t *owner;
    const struct file_age *age;
    const struct file_point *point;
    const struct file_row *row;
    const struct file_hours *hours;
    const uint64_t *last, *facet, *everywhere, *area_unknown;
    const struct file_key *key;
    uint32_t keys, phrases;
    const uint32_t *key_row, *phrase_term;
    const struct file_concept *concept;
    const struct file_phrase *phrase;
    const struct file_term *term;
    const struct file_list *list;
    const uint8_t *posting;
    const char *text;
};

/* The width of a section's things. */
uint32_t search_file_width(enum search_section s);
/* A bit a letter; digits and others share the rest. */
uint32_t search_file_letters(const char *s, size_t n);
