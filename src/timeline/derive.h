/* timeline/derive.h - one child's facts become spells, records and sums.  Private.
 *
 * Children are taken in fixed blocks, each by one thread, each child by itself: nothing is
 * shared but what was numbered before.  Indices in what is written here count from the
 * start of the block; pack.c makes them whole. */
#pragma once
#include "timeline/number.h"

struct derive_child {
    const struct build *b;
    struct job *j;   /* of the block: memory for the while */
    uint32_t person, block;
    /* census rows by time: those that stand, then those of returns sent again */
    struct timeline_census *census;
    uint32_t n_census, n_replaced;
    struct timeline_enrolment *enrolment; /* by start */
    uint32_t n_enrolments;
    struct timeline_spell *spell; /* by start */
    uint32_t n_spells;
};

/* The blocks of persons, each section's areas, then every child. */
MUST_CHECK enum err derive_all(struct build *b);
/* A new row in the block's area; cannot be more than was measured. */
void *derive_add(struct derive_child *c, enum timeline_section s);
uint32_t derive_used(const struct derive_child *c, enum timeline_section s);

/* Each reads what those before it left in *c, and writes its section. */
void derive_census(struct derive_child *c);      /* census.c */
void derive_enrolments(struct derive_child *c);  /* enrolment.c */
void derive_leavers(struct derive_child *c);     /* register.c */
void derive_suspensions(struct derive_child *c); /* suspension.c */
void derive_absence(struct derive_child *c);     /* absence.c */
void derive_spells(struct derive_child *c);      /* spell.c, from care.c and need.c */
void derive_placements(struct derive_child *c);  /* placement.c */
void derive_entries(struct derive_child *c);     /* register.c */
void derive_census_end(struct derive_child *c);  /* census.c: flags, and into the area */

bool derive_is_main(char status); /* C or M */
/* A main enrolment of the child that covers the day, at the school or what it became;
 * school TIMELINE_NONE: at any.  TIMELINE_NONE: none. */
uint32_t derive_enrolled(const struct derive_child *c, uint32_t school, int32_t day);
int32_t derive_census_number(const struct timeline_census *r); /* build_census() of it */
/* The first census after that one with the child on roll in a return that holds all of
 * `holds`, at the school (TIMELINE_NONE: any); 0: none. */
int32_t derive_next_census(const struct derive_child *c, int32_t census, uint32_t school,
                           unsigned holds);
/* A fact of a return that was sent again, about this child, in that census? */
bool derive_is_replaced(const struct derive_child *c, uint32_t batch, int32_t census);
/* Last day on a roll, half-open; DATE_OPEN while on one. */
int32_t derive_roll_end(const struct derive_child *c);

/* ---- spells in the making (spell.c) ---- */
struct derive_episode {
    int32_t start, end;
    const struct timeline_source *source;
    uint32_t n_sources;
    uint8_t kind, flags;
    char code[6];
};
struct derive_episodes {
    struct derive_episode *v;
    uint32_t n;
};
void derive_care(struct derive_child *c, struct derive_episodes *out);
void derive_needs(struct derive_child *c, struct derive_episodes *out);
void derive_register_spells(struct derive_child *c, struct derive_episodes *out);
