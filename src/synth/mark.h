/* synth/mark.h - registers: each session of a life's half terms on a school day of its own.
 *
 * What absence.c counts by code is laid on the days of the term: suspensions where they
 * were, part-time afternoons, illness in runs, late mornings.  So that the census's totals
 * are the marks added up, exactly.  Past years are strings of a year, the last weeks one row
 * a mark, and what a string cannot write (codes of two characters) rows as well. */
#pragma once
#include "synth/life.h"
#include "synth/systems.h"
#include "synth/table.h"
#include "synth/truth.h"

/* None; of the last three years and this one; of all years; of all years as rows alone. */
enum mark_form { MARK_NONE, MARK_RECENT, MARK_YEAR, MARK_DAILY };
enum { MARK_RECENT_FROM = YEAR_LAST - 3 };
enum { MARK_WEEKS = 6 }; /* the last of them as rows */

struct mark_set {
    const struct folder *in;
    struct truth *truth;
    enum mark_form form;
    struct table year[YEARS], codes[YEARS], daily[YEARS], week[MARK_WEEKS];
    struct system_set systems;
    int first_year;
    int32_t first_week; /* Monday of the first that is rows */
    int32_t last_day;
};
MUST_CHECK enum err mark_open(struct mark_set *s, const struct folder *in, enum mark_form form,
                              const struct world *w, struct truth *t);
void mark_write(struct mark_set *s, const struct life *l);
MUST_CHECK enum err mark_close(struct mark_set *s);

/* The sessions of one attend: its school's open days in order, a code (index of
 * people/attendance.h) for morning and afternoon of each. */
enum { MARK_DAYS = 120 };
struct mark_sheet {
    int32_t day[MARK_DAYS];
    int8_t code[MARK_DAYS][2];
    int days;
};
/* mark_lay.c */
void mark_lay(const struct life *l, const struct attend *a, struct mark_sheet *out);
