/* timeline/marks.h - attendance week by week: each child's marks as columns, a file a week.
 *
 * Beside the column file lies a folder with one file for each week (Monday to Sunday) that
 * registers tell of: of each child and school the marks that count, the last extract of each
 * session.  A file belongs to the batches that tell of its week, so a week's registers
 * change one or two files and leave the rest.  All of it is derived and may be deleted.
 *
 *     struct marks *m;
 *     e = marks_get(j, marks_path(j, home), &order, &m);
 *     for (size_t w = 0; w < m->n; w++) {             // weeks by date
 *         struct marks_range r = marks_of(&cursor, w, person_id);
 *         for (; r.from < r.to; r.from++)             // one row a school
 *             … marks_pattern(&m->week[w], r.from)->authorised …
 *
 * Asked for persons in rising order of person_id (as timeline.h has them) a cursor walks
 * each file once; a thread has a cursor of its own.  Children whom no census has met yet
 * are here too. */
#pragma once
#include "people/register.h"

/* Fourteen half days and what they come to by DfE's classes on their dates. */
struct marks_pattern {
    uint8_t mark[REGISTER_SLOTS]; /* code index + 1 (people/attendance.h); 0: nothing given */
    uint8_t present;      /* / \ L */
    uint8_t activity;     /* approved educational activity */
    uint8_t authorised, unauthorised; /* absence */
    uint8_t counted;      /* possible, neither present nor absent: X in the pandemic */
    uint8_t not_possible; /* D Q X Y Z # */
    uint8_t missing;      /* "-": no mark */
    uint8_t late, late_closed; /* L (present), U (unauthorised) */
    uint8_t part_time;    /* C2 (authorised) */
};
struct marks_row {
    uint32_t person;      /* person_id - week->first_person */
    uint32_t pattern;
    uint32_t school;
};
struct marks_school {
    uint32_t urn, children;
    uint32_t marks, missing; /* given in all, "#" not among them; "-" */
    uint16_t open;        /* bit per half day for which it gave any mark but "#" and "-" */
    uint16_t given;       /* the same, for which it gave anything, "#" and "-" too */
    uint32_t spare;
};
struct marks_week {
    int32_t monday;
    int64_t first_person;
    const struct marks_row *row; /* by person, then school */
    const struct marks_pattern *pattern;
    const struct marks_school *school; /* by URN */
    uint32_t rows, patterns, schools;
    uint64_t digest;      /* of what the week is derived from; 0: not of a file */
    bool mapped;          /* of a file: its memory can be given back */
};
struct marks_range {
    uint32_t from, to;
};
/* Open weeks, by date; half days after `as_of` are not given. */
struct marks {
    struct marks_week *week;
    size_t n;
    int32_t as_of;
};

/* As of: the last day that counts.  Known at: as timeline_order.  from_made: a batch counts
 * from the day its files were made, where that is before it was loaded here, and who is who
 * is as now. */
struct marks_order {
    int32_t as_of;
    int64_t known_at;
    bool from_made;
    int32_t from, to;     /* weeks that touch [from, to); both DATE_NONE: all */
};
/* "<home>/marks-<area>". */
const char *marks_path(struct job *j, const char *home);
/* Derive the weeks whose batches changed; *built (may be NULL): how many.  Files of weeks
 * of the period that are of another order (known at) are removed, so orders that live side
 * by side want folders of their own. */
MUST_CHECK enum err marks_build(struct job *j, const char *folder, const struct marks_order *o,
                                size_t *built);
/* Map the weeks; unmapped when the job ends.  ERR_NOT_FOUND: one is not built as the order
 * wants it; ERR_ENV: damaged (the message names it). */
MUST_CHECK enum err marks_open(struct job *j, const char *folder, const struct marks_order *o,
                               struct marks **out);
/* Open, building first what is not there. */
MUST_CHECK enum err marks_get(struct job *j, const char *folder, const struct marks_order *o,
                              struct marks **out);
/* Which weeks there are by the order, by date, without opening them: what each is derived
 * from. */
struct marks_digest {
    int32_t monday;
    uint64_t digest;
};
MUST_CHECK enum err marks_digests(struct job *j, const struct marks_order *o,
                                  struct marks_digest **out, size_t *n);
/* Who is who, as a number: another one once who was known before is known as somebody else, or
 * a record is sealed or opened again. */
MUST_CHECK enum err marks_who_is_who(struct job *j, int64_t known_at, int64_t *out);
/* The last day of which registers that count give a mark; DATE_NONE: there are none. */
MUST_CHECK enum err marks_last_day(struct job *j, int64_t known_at, int32_t *out);

struct marks_cursor {
    const struct marks *m;
    uint32_t *at;         /* by week */
};
void marks_cursor(struct job *j, const struct marks *m, struct marks_cursor *out);
/* Give the memory of rows that were read back to the system: at the end of a block of persons. */
void marks_give_back(const struct marks *m);
/* The same with all that goes with the rows: when for a while nobody asks. */
void marks_give_back_all(const struct marks *m);
/* Of one week, the rows [r.from, r.to). */
void marks_give_back_rows(const struct marks_week *w, struct marks_range r);
/* Rows of the persons with person_id in [from, to). */
struct marks_range marks_between(const struct marks_week *w, int64_t from, int64_t to);
/* A person's rows in week w. */
struct marks_range marks_of(struct marks_cursor *c, size_t w, int64_t person_id);
const struct marks_pattern *marks_pattern(const struct marks_week *w, uint32_t row);
uint32_t marks_urn(const struct marks_week *w, uint32_t row);
/* Index of the first week that ends after a day; m->n when none does. */
size_t marks_week_at(const struct marks *m, int32_t day);

/* Half days added up by code, and what they come to. */
struct marks_sum {
    int32_t possible, present, activity, authorised, unauthorised, not_possible, missing;
    int32_t late, late_closed;
};
/* Those of the pattern on days in [from, to). */
void marks_add(const struct marks_week *w, uint32_t row, int32_t from, int32_t to,
               struct marks_sum *sum);
/* How often a code stands there on days in [from, to). */
int marks_count(const struct marks_week *w, uint32_t row, int code, int32_t from, int32_t to);
/* Did the school give a register for the week of that day? */
const struct marks_school *marks_school_in(const struct marks_week *w, int64_t urn);
