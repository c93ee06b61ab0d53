/* risk/clocks.h - what the law counts: days of suspension, school days until something is
 * due, sessions of unauthorised absence.
 *
 * Pure: the events and the calendar of the child's school in, sums and due dates out.  School
 * days come from people/school_day.h, never from weekdays; where the term dates of that time
 * are not loaded a due date is DATE_NONE, and whoever shows it says so.  The day something is
 * told is day 0; the first day of an exclusion is day 1.  Sessions are half days; a lunchtime
 * suspension is one.  Definitions and sources: clocks.def (domain.md §2.4, §2.5, §5.7). */
#pragma once
#include "people/school_day.h"
#include "timeline/rows.h"

enum clock {
#define CLOCK(id, name, amount, unit, short_, sentence, source) id,
#include "risk/clocks.def"
#undef CLOCK
    CLOCKS
};
struct clock_about {
    const char *name, *title, *sentence, *source;
    int amount;
    char unit; /* S school days, D days of suspension, X sessions of absence */
};
extern const struct clock_about clocks[CLOCKS];

/* The amounts in force: clocks.def, changed by the setting "clocks", a list such as
 * "review-panel=15, sixth-day=6".  ERR_INPUT: a name or number in it is not known. */
struct clock_rules {
    int amount[CLOCKS];
};
MUST_CHECK enum err clock_rules_load(struct job *j, struct clock_rules *out);
MUST_CHECK enum err clock_rules_parse(struct job *j, const char *text, struct clock_rules *out);

/* One suspension or exclusion of a child, one record an event. */
struct clock_event {
    int64_t urn;
    int32_t started;
    int32_t ended;      /* half-open; DATE_NONE not given */
    int32_t notified;   /* the board was told; DATE_NONE: taken as the first day */
    int32_t sessions;   /* -1 not given: the school days from first to last */
    enum timeline_category category;
    bool exam;          /* a public examination or national test is missed */
};
/* The sessions of an event that fall in [from, to), laid on the school's days one after the
 * other.  Without term dates all are taken to fall on its first day. */
int clock_sessions_in(const struct school_days *d, const struct clock_event *e, int32_t from,
                      int32_t to);

struct clock_sums {
    int term; /* sessions in the term of the event, at its school, of events to it */
    int year; /* sessions in its school year, 1 August to 31 July, at all schools */
    bool incomplete; /* some event says neither sessions nor its last day */
};
/* Of the child's n events, ordered by first day, as they stood when the `at`-th began: that
 * one is counted whole. */
struct clock_sums clock_sum(const struct school_calendars *c, const struct clock_event *e,
                            size_t n, size_t at);

enum clock_board {
    BOARD_NOTE,      /* may be told what parents think; cannot reinstate */
    BOARD_IF_ASKED,
    BOARD_MUST,
};
struct clock_due {
    enum clock_board board;
    int32_t board_by;    /* DATE_NONE: no fixed time, or no term dates */
    int32_t sixth_day;   /* DATE_NONE: not needed, or no term dates */
    bool sixth_needed;   /* more than five school days in a row, or permanent */
    bool by_authority;   /* day 6 falls to the authority where the child lives */
};
struct clock_due clock_due(const struct clock_rules *r, const struct school_days *d,
                           const struct clock_event *e, struct clock_sums sums);

enum clock_limit { LIMIT_OK, LIMIT_AMBER, LIMIT_RED, LIMIT_BREACH };
/* Of the year's sessions: from two thirds of the limit amber, from eight ninths red (30 and
 * 40 of 45 days), above it a breach. */
enum clock_limit clock_limit(const struct clock_rules *r, int year_sessions);

/* A school week with its sessions of G, N, O, U; in order, weeks without a session left out,
 * so that the window runs over holidays, terms and years. */
struct clock_week {
    int32_t monday;
    int sessions;
};
enum { CLOCK_WINDOW = 10 };
/* Sessions in the window of ten school weeks that ends with week `at`. */
int clock_window(const struct clock_week *w, size_t at);
/* The first week from `from` on in which the window reaches the amount; n: none. */
size_t clock_penalty(const struct clock_rules *r, const struct clock_week *w, size_t n,
                     size_t from);

/* A school day with its marks (indices of people/attendance.h; -1 no mark). */
struct clock_day {
    int32_t date;
    int am, pm;
};
/* School days up to the last one, without a break, on which every mark is one of these codes
 * ("GNOU"), and there is one. */
int clock_run(const struct clock_day *d, size_t n, const char *codes);
/* School days on which any mark is one of these codes. */
int clock_days(const struct clock_day *d, size_t n, const char *codes);
