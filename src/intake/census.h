/* intake/census.h - one school census while its tables come in.  Private to this room.
 *
 * Returns (one a school) come first, then addresses, then pupils, then what hangs on pupils.
 * Pupils wait in memory, about 350 bytes each with their sessions, until all is read: only
 * then are their totals known and their rows written, in the order of the file. */
#pragma once
#include "intake/family.h"
#include "people/attendance.h"
#include "returns/fields.h"

/* Ids are unique within a table only: 1 on roll is not 1 no longer on roll. */
enum roll { ROLL_NONE, ROLL_ON, ROLL_OFF };

struct school_return {
    int64_t urn, line;
    uint32_t file_id;
    uint32_t on_roll, no_longer, with_sessions; /* pupils written */
    int32_t census_day; /* DATE_NONE: not given */
};
struct address {
    struct place at;
    char postcode[10]; /* "" not given */
    bool used;
};
enum pupil_text {
    PUPIL_STATUS, PUPIL_BOARDER, PUPIL_SEN, PUPIL_ETHNICITY, PUPIL_LANGUAGE,
    PUPIL_SERVICE_CHILD, PUPIL_PLAA, PUPIL_YOUNG_CARER, PUPIL_TEXTS
};
struct pupil {
    int64_t identity_id, line;
    int64_t possible, summer2_possible; /* -1 not given */
    uint32_t marks, marks_summer2;      /* 1 + index in totals; 0: no rows came */
    int32_t entered, left;              /* DATE_NONE not given */
    uint32_t school, file_id;           /* index in schools */
    uint16_t text[PUPIL_TEXTS];         /* 1 + index in texts; 0 not given */
    int8_t year_group;                  /* YEAR_NONE not given */
    int8_t part_time, sen_unit, resourced; /* -1 not given */
    uint8_t needs;                      /* so far */
    bool on_roll;
    char postcode[10];
};
enum { YEAR_NONE = -2 };

struct census;
typedef enum err census_fn(struct job *j, struct census *c, const struct record *r,
                           enum roll roll);
struct census {
    struct loading *l;
    struct map_salt salt;
    struct map *by_return, *by_pupil, *by_address, *by_text; /* -> index in the piles */
    struct pile *schools, *pupils, *addresses, *totals, *texts;
    struct { census_fn *fn; enum roll roll; } *handler; /* by row of layouts[] */
    uint64_t last_key;  /* rows of one pupil come together */
    struct pupil *last;
    uint16_t last_text[PUPIL_TEXTS];
    bool full_marks;    /* marks of presence came: codes add up to all sessions */
};

/* The pupil that a record hangs on; NULL: none, and the record is refused for it. */
MUST_CHECK enum err census_pupil_of(struct job *j, struct census *c, const struct record *r,
                                    enum roll roll, struct pupil **out);
struct school_return *census_school(const struct census *c, const struct pupil *p);
uint64_t census_key(const struct census *c, enum roll roll, const struct value *id,
                    const struct value *in_return);

/* census_pupil.c */
census_fn census_take_pupil;
MUST_CHECK enum err census_write_pupils(struct job *j, struct census *c);
/* census_facts.c */
census_fn census_take_exclusion, census_take_need, census_take_meals, census_take_ap,
    census_take_school_ap, census_take_sessions, census_take_summer2;
