/* timeline/moves.h - changes of the main enrolment of one child.  Private to this room.
 *
 * moves.c goes from one main enrolment to the next, trial.c knows managed moves by their
 * trials, evidence.c looks at what happened around the day. */
#pragma once
#include "timeline/pack.h"

enum {
    MOVES_NO_DAY = DATE_NONE,
    MOVES_LAST_YEAR = 11, /* Year 11, the end of compulsory schooling in a school */
};
/* A stretch of time with one main enrolment. */
struct moves_segment {
    uint32_t enrolment;
    int32_t from, to;
};
struct moves_child {
    const struct build *b;
    const struct timeline *t;
    struct job *j;
    uint32_t person, block;
    struct moves_segment *segment;
    uint32_t segments;
    struct timeline_move *move;
    uint32_t n; /* moves so far */
    /* where the child lived, by census */
    int32_t *home_day;
    uint32_t *home;
    uint32_t homes;
};

/* recorded.c: adds the managed moves that a register has. */
void moves_recorded(struct moves_child *m);
/* trial.c: adds the managed moves that registrations show as probable. */
void moves_trials(struct moves_child *m);
/* Is the change from one enrolment to another told by a managed move already, or is it the
 * way back from one that failed? */
bool moves_is_told(const struct moves_child *m, uint32_t from, uint32_t to);
/* recorded.c: what registers and the leaver return say about leaving `from` on v->on. */
uint32_t moves_told_evidence(const struct moves_child *m, const struct timeline_move *v);
/* The main enrolment on that day; TIMELINE_NONE. */
uint32_t moves_main_on(const struct moves_child *m, int32_t day);

/* evidence.c */
enum moves_address { ADDRESS_SAME, ADDRESS_CHANGED, ADDRESS_UNKNOWN };
void moves_homes(struct moves_child *m);
/* Did the home change between `before` days before that day and `after` days after it?  Seen
 * in censuses only: a change lies somewhere between two, and counts if it may. */
enum moves_address moves_address(const struct moves_child *m, int32_t day, int32_t before,
                                 int32_t after);
bool moves_excluded(const struct moves_child *m, uint32_t school, int32_t from, int32_t to);
/* Everything that is known about leaving `from` on that day for `to` (or TIMELINE_NONE). */
uint32_t moves_evidence(const struct moves_child *m, uint32_t from, uint32_t to, int32_t day);
/* School days of that school between two days, half-open. */
int32_t moves_school_days(const struct moves_child *m, uint32_t school, int32_t from, int32_t to);

/* Year group when leaving; INT8_MIN not known. */
int8_t moves_year_group(const struct moves_child *m, uint32_t enrolment, int32_t day);
bool moves_is_mid_year(int32_t day); /* not from 1 July to 15 September */
bool moves_same_school(const struct moves_child *m, uint32_t a, uint32_t b, int32_t day);
