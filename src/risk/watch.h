/* risk/watch.h - what the law counts of each pupil, as lists for a meeting with the school.
 *
 * Of the day of the current run of signs; derived with it (sign_run.h) from the timeline, the
 * registers and the school's calendar, with the amounts of clocks.def.  A list says what is
 * so, never what to do to a family.  Definitions: domain.md §2.4, §2.5. */
#pragma once
#include "risk/clocks.h"
#include "risk/sign_run.h"

enum watch {
#define WATCH(id, name, title, words, about) id,
#include "risk/watch.def"
#undef WATCH
    WATCHES
};
struct watch_about {
    const char *name, *title, *words, *about;
};
extern const struct watch_about watches[WATCHES];

struct watched {
    uint32_t person, school; /* indices of the timeline */
    enum watch watch;
    int8_t year_group;
    int32_t part, whole;
    int32_t on, due;         /* DATE_NONE: none, or not known */
};
struct watched_list {
    struct watched *v;       /* by person */
    size_t n;
};
struct watch_order {
    const struct timeline *t;
    const struct marks *marks; /* NULL: no registers */
    const struct school_calendars *calendars;
    struct clock_rules rules;
    int32_t day;
    int threads;             /* 0: as many as cores; the same answer for any number */
};
MUST_CHECK enum err watch_find(struct job *j, const struct watch_order *o,
                               struct watched_list *out);

/* A pupil on a list, as pages read it. */
struct watched_pupil {
    enum watch watch;
    int64_t person, urn;
    const char *name, *words;
    int year_group;
    int32_t due;             /* DATE_NONE */
};
struct watched_page {
    struct watched_pupil *v; /* by list, then name */
    size_t n;
    size_t of[WATCHES];      /* how many in each list */
    int32_t day, registers_to;
};
/* Of a school.  Asks permit(ACT_SIGNS) with it.  ERR_NOT_FOUND: no run yet. */
MUST_CHECK enum err watch_school(struct job *j, int64_t urn, struct watched_page *out);
/* The sentence of a row. */
const char *watch_words(struct job *j, const struct watched *w);
