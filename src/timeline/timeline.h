/* timeline/timeline.h - every child of an area over the years, as columns in one file.
 *
 * The column file is derived: built from the published facts after each load, deleted
 * without loss.  It is mapped read-only; each section is an array of fixed-width rows,
 * those of children sorted by person, then date.  A person, school, batch … is named by
 * its index; TIMELINE_NONE is none.  Intervals are half-open; dates as in base/date.h.
 *
 *     struct timeline_range r = timeline_of(t, TIMELINE_ENROLMENT, p);
 *     for (uint32_t i = r.from; i < r.to; i++) … t->enrolment[i] …
 *
 * The rows: timeline/rows.h.  How each is derived: docs/decisions/0005-column-file.md, and
 * the file of its name (README.md). */
#pragma once
#include "timeline/rows.h"

/* An open file.  Arrays belong to it; n[section] is how many rows each has. */
struct timeline {
    const struct timeline_head *head;
    size_t mapped;                        /* bytes of the file behind head; 0: in memory */
    const struct timeline_person *person; /* by person_id; one more at the end, see rows.h */
    const struct timeline_school *school; /* by URN */
    const struct timeline_district *district; /* by name */
    const struct timeline_place *place;
    const struct timeline_batch *batch;   /* by batch_id */
    const struct timeline_return *returns; /* by kind, school year, term, school */
    const struct timeline_source *source;
    const struct timeline_census *census;
    const struct timeline_enrolment *enrolment;
    const struct timeline_suspension *suspension;
    const struct timeline_event *event;
    const struct timeline_absence *absence;
    const struct timeline_spell *spell;
    const struct timeline_placement *placement;
    const struct timeline_leaver *leaver;
    const struct timeline_entry *entry;
    const struct timeline_move *move;
    uint32_t n[TIMELINE_SECTIONS]; /* persons: without the one at the end */
};

/* What to build.  As of: nothing dated later counts.  Known at: batches published later, or
 * withdrawn by then, do not count, and who is who is as it was then.  From made: a batch
 * counts from the day its files were made, where that is before it was loaded here, unless
 * it was ever withdrawn; who is who is as now.  Schools and postcodes are as known then, from
 * made: today's; indices of deprivation are today's.  Batches of registers (marks.h) are none of
 * the file's. */
struct timeline_order {
    int32_t as_of;
    int64_t known_at;
    int threads; /* 0: as many as cores; the bytes are the same for any number */
    bool from_made;
    uint32_t part; /* people in memory at once, 0: 8,192; the same bytes for any number */
};

/* The moment after which nothing was published, withdrawn or corrected; 0: nothing ever was. */
MUST_CHECK enum err timeline_known(struct job *j, int64_t *out);
/* "<home>/timeline-<area>.columns". */
const char *timeline_path(struct job *j, const char *home);
/* Build j->area's file from j->db: written aside, synced, renamed over path.  Takes its
 * memory in a job of its own.  ERR_ENV: cannot be written. */
MUST_CHECK enum err timeline_build(struct job *j, const char *path,
                                   const struct timeline_order *order);
/* Map and check a file; unmapped when the job ends.  ERR_NOT_FOUND: there is none; ERR_ENV:
 * damaged, of another version, or another area's (the message names it). */
MUST_CHECK enum err timeline_open(struct job *j, const char *path, struct timeline **out);
/* Give the memory of what was read back to the system; what is read again comes back by itself.
 * For whoever walks through everybody, now and then. */
void timeline_give_back(const struct timeline *t);
enum { TIMELINE_WALK = 16 * 1024 };
/* The same every so many rows, for a loop over rows that are in order of persons. */
static inline void
timeline_walked(const struct timeline *t, size_t row)
{
    if (row % TIMELINE_WALK == TIMELINE_WALK - 1)
        timeline_give_back(t);
}
/* Of the persons [from, to) alone: others may be reading on. */
void timeline_give_back_of(const struct timeline *t, uint32_t from, uint32_t to);
/* By what a file is known again: its checksum, in words; NULL of one that was made by hand. */
const char *timeline_name(struct job *j, const struct timeline *t);
/* Is it of the batches now published in j->db? */
MUST_CHECK enum err timeline_is_current(struct job *j, const struct timeline *t, bool *current);
/* What a file of such an order is of: two orders with the same state know the same. */
enum { TIMELINE_STATE = 32 };
MUST_CHECK enum err timeline_state(struct job *j, const struct timeline_order *order,
                                   uint8_t *out);
/* Open; where there is none, or it is stale, damaged or of another order, build it first. */
MUST_CHECK enum err timeline_get(struct job *j, const char *path,
                                 const struct timeline_order *order, struct timeline **out);

struct timeline_range {
    uint32_t from, to;
};
/* A person's rows of a section from TIMELINE_CENSUS on. */
struct timeline_range timeline_of(const struct timeline *t, enum timeline_section s, uint32_t p);
/* Index of a person by person_id, a school by URN; TIMELINE_NONE: not there. */
uint32_t timeline_person_find(const struct timeline *t, int64_t person_id);
uint32_t timeline_school_find(const struct timeline *t, int64_t urn);
/* The enrolment that counts on a day: C before M, S, G, F, O; then the later start; then the
 * lower URN.  TIMELINE_NONE: on no roll. */
uint32_t timeline_main(const struct timeline *t, uint32_t p, int32_t day);
/* The census row that counts in one census, by the same order; TIMELINE_NONE: not on roll. */
uint32_t timeline_census_of(const struct timeline *t, uint32_t p, int32_t school_year,
                            enum term term);
/* A spell of that kind covering the day; TIMELINE_NONE: none. */
uint32_t timeline_spell_on(const struct timeline *t, uint32_t p, enum timeline_kind k,
                           int32_t day);
/* An entry of that kind (enum entry_kind) that touches [from, to); TIMELINE_NONE: none. */
struct timeline_days {
    int32_t from, to;
};
uint32_t timeline_entry_within(const struct timeline *t, uint32_t p, int kind,
                               struct timeline_days d);
/* Is there such a return?  So that "none" can be told from "no data". */
struct timeline_wanted {
    enum timeline_return_kind kind;
    int32_t school_year;
    int term;        /* 0: any */
    uint32_t school; /* TIMELINE_NONE: of any school */
    unsigned holds;  /* HOLDS_… that it must have; 0: no matter */
    int what;        /* register: enum entry_kind + 1; 0: any */
};
bool timeline_has(const struct timeline *t, const struct timeline_wanted *w);
/* 0 for C … 5 for O, more for no status: the order of timeline_main(). */
int timeline_status_rank(char status);
/* Care data reach up to this day (half-open); DATE_NONE: no return of social care. */
int32_t timeline_care_until(const struct timeline *t);
/* The school year that a leaving on that day (half-open) belongs to: to 15 September the
 * one before. */
int32_t timeline_leaving_year(int32_t day);
/* Day of a census: first Thursday of October, third of January, third of May. */
int32_t timeline_census_day(int32_t school_year, enum term term);
/* First day of the term by DfE's absence definition, and of the next. */
int32_t timeline_term_start(int32_t school_year, enum term term);
int32_t timeline_term_end(int32_t school_year, enum term term);
