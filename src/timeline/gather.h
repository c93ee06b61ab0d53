/* timeline/gather.h - facts from the database into stages.  Private to this room.
 *
 * Batch by batch, each table in one ordered pass; all in the memory of the build. */
#pragma once
#include "store/db.h"
#include "timeline/build.h"

struct gather {
    struct build *b;
    struct lookup postcode_at; /* packed postcode to provisional place */
    int64_t *postcode; /* packed, by provisional place */
    uint32_t postcodes, postcodes_size;
    uint32_t schools_size, returns_size;
    uint32_t last_school, last_return; /* most rows follow one of the same */
    uint32_t batch;    /* being read */
    int64_t gias, postcode_edition; /* editions that were known (people/edition.h) */
    struct correct_row *corrected; /* corrections in force (correct.h) */
    struct lookup corrected_at;    /* by provisional person: the first of the person's */
    uint32_t corrections;
    struct gather_classes {
        int32_t day;   /* the classes are of this day */
        uint8_t of[ATTENDANCE_CODES];
        bool possible[ATTENDANCE_CODES];
    } classes;
    int code_e, code_c2, code_i, code_b, code_d, code_k, code_x, code_l, code_u;
};

/* Everything of one batch; gather_all() asks whether it could all be put aside. */
MUST_CHECK enum err gather_census(struct gather *g);
MUST_CHECK enum err gather_facts(struct gather *g);
MUST_CHECK enum err gather_registers(struct gather *g);
MUST_CHECK enum err gather_plans(struct gather *g);

/* Provisional index of a school by URN, added when new. */
uint32_t gather_school(struct gather *g, int64_t urn);
/* The return of that school in that census by the batch being read. */
struct build_return *gather_return(struct gather *g, struct timeline_return want);
/* A new zeroed row of a person, until the next of that stage; and how many its part has. */
void *gather_add(struct gather *g, enum build_stage s, uint32_t person);
uint32_t gather_count(const struct gather *g, enum build_stage s, uint32_t person);
/* Index of an identity; UINT32_MAX: not there. */
uint32_t gather_identity(const struct build *b, int64_t identity_id);
/* Person of an identity that has a fact on that day; TIMELINE_NONE: cannot be told. */
uint32_t gather_person(struct gather *g, int64_t identity_id, int32_t day);
/* The same for a fact that is no social care's: counted when it cannot be told. */
uint32_t gather_linked(struct gather *g, const struct rows *q, int c, int32_t day);
/* After the last day that counts?  Then it is left out, and counted. */
bool gather_too_late(struct gather *g, int32_t day);
/* What became of an exclusion, by a column with CS105's code. */
enum timeline_outcome gather_outcome(const struct rows *q, int c);
/* A date column; DATE_NONE for NULL and what cannot be a date. */
int32_t gather_date(const struct rows *q, int c);
/* The same as a half-open end: NULL gives if_null. */
int32_t gather_end(const struct rows *q, int c, int32_t if_null);
char gather_char(const struct rows *q, int c); /* first character; 0 for NULL */
/* Up to size-1 characters of a text column; the rest zero. */
void gather_code(const struct rows *q, int c, char *to, size_t size);
struct timeline_source gather_source(const struct gather *g, const struct rows *q);
int16_t gather_small(const struct rows *q, int c, int16_t if_null); /* clamped */
/* School years that can be; anything else is left out and counted. */
bool gather_year_ok(int64_t school_year);
/* The whole: everything of every batch that counts. */
MUST_CHECK enum err gather_all(struct gather *g);
