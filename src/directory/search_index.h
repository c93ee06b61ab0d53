/* directory/search_index.h - the file that searches read: derived, deleted without loss.
 *
 * One file an authority, built from rows that somebody gives: a row is one service at one place,
 * or a service without a place.  Rows of a service follow each other; services come in the order
 * of their UUIDs.  Written aside, synced, renamed: who has the old file open goes on with it. */
#pragma once
#include "base/text.h"
#include "directory/facets.h"

/* Fields of text, with their weight in search_index.c.  Words of PLACE count from every row of a
 * service, those of the others from its first. */
enum search_field {
    SEARCH_NAME,
    SEARCH_ORGANISATION, /* its name */
    SEARCH_NEEDS,        /* labels of taxonomies, attributes; needs by id are keys */
    SEARCH_SUMMARY,
    SEARCH_DESCRIPTION,
    SEARCH_PLACE,        /* name of the place, town */
    SEARCH_OTHER,        /* how to refer, eligibility, fees … */
    SEARCH_FIELDS
};

/* Lists of names that a row stands in.  Chosen names of one kind add up, kinds narrow. */
enum search_key_kind {
    SEARCH_AREA,         /* GSS code of an area it serves */
    SEARCH_NEED,         /* id of needs.def; the need above it is added by the index */
    SEARCH_LANGUAGE,     /* "pl" */
    SEARCH_ORGANISATION_ID,
    SEARCH_TAXONOMY,
    SEARCH_TERM,         /* of a taxonomy, by id */
    SEARCH_KEYS
};
struct search_key {
    enum search_key_kind kind;
    const char *value;
};

struct search_hours {
    uint8_t day;       /* 0 Monday … 6 Sunday */
    uint16_t from, to; /* minutes after midnight; from < to */
};

/* How well somebody checked it: search ranks by it, and says it. */
enum search_fresh { SEARCH_FRESH, SEARCH_DUE, SEARCH_STALE, SEARCH_UNCHECKED };

enum { SEARCH_UNKNOWN = -1 };
struct search_row {
    int64_t entry;
    const char *uuid;     /* of the service, 36 characters */
    const char *place;    /* UUID of the service at location; NULL: without a place */
    struct span text[SEARCH_FIELDS];
    int32_t age_from, age_to; /* months, half-open; SEARCH_UNKNOWN either or both */
    bool located;
    int32_t latitude, longitude; /* millionths of a degree */
    bool everywhere;      /* serves every area; no area key and not everywhere: does not say */
    const struct search_key *keys;
    size_t n_keys;
    const struct search_hours *hours;
    size_t n_hours;
    uint64_t facets;      /* bits of facets.def, days excepted */
    enum search_fresh fresh;
    bool harmful;         /* rated as such on any scale: goes last, labelled */
    uint8_t complete;     /* 0 to 100 */
    int32_t wait_weeks;   /* or SEARCH_UNKNOWN */
    int32_t checked;      /* the day it was last checked; 0 never */
    int64_t modified;     /* time */
};

struct search_builder;
struct thesaurus;
/* Memory is taken apart from the job's, and given back when the job ends.  The words of t are
 * laid into the file: searches need nothing else. */
MUST_CHECK enum err search_index_begin(struct job *j, const struct thesaurus *t,
                                       struct search_builder **out);
/* ERR_FAULT: out of order. */
MUST_CHECK enum err search_index_row(struct job *j, struct search_builder *b,
                                     const struct search_row *r);
/* `version` is what the rows were read at; searches are told it. */
MUST_CHECK enum err search_index_write(struct job *j, struct search_builder *b, const char *path,
                                       int64_t version);

struct search_index;
/* Open until the job ends; good for any number of threads.  ERR_NOT_FOUND: no such file;
 * ERR_ENV: damaged, or of another program. */
MUST_CHECK enum err search_index_open(struct job *j, const char *path, struct search_index **out);
/* Only of which version it is, without looking further. */
MUST_CHECK enum err search_index_peek(struct job *j, const char *path, int64_t *version);
int64_t search_index_version(const struct search_index *x);
uint32_t search_index_services(const struct search_index *x);
uint32_t search_index_places(const struct search_index *x); /* rows */
size_t search_index_bytes(const struct search_index *x);
