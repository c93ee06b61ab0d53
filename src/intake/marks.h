/* intake/marks.h - attendance marks on their way in, whatever kind of file holds them.
 *
 * A family begins one for its batch, gives each mark or string of marks with the child it is
 * of, and ends it.  Marks are gathered by child and week and written as the weeks of a
 * school (people/register.h): pages of them, never a row a mark.  What is wrong with a mark
 * becomes a finding here: an unknown code, a day to come, a string of the wrong length,
 * marks on days on which the term dates say that the school was closed.  How a mark counts
 * is told by its code alone (people/attendance.h); a supplier's class is not asked for.
 *
 * A family that brings marks and nothing else of children has a name that begins with
 * "marks": what it loads is followed by the weeks it changed, not by a new column file.
 *
 *     begin:   marks_begin(j, l, &m)
 *     record:  loading_who(j, l, &at, &d, &who)   or, by UPN alone, marks_who()
 *              marks_take(j, m, &(struct mark_given){...})
 *     end:     marks_end(j, m) */
#pragma once
#include "intake/loading.h"

struct marks_in;
/* Until the scope or job of the batch ends. */
MUST_CHECK enum err marks_begin(struct job *j, struct loading *l, struct marks_in **out);

/* Who has this UPN, remembered for the batch: for files that tell a child by UPN and no more.
 * Without a UPN, or with one that is nobody's, *identity_id is 0 and the record refused. */
MUST_CHECK enum err marks_who(struct job *j, struct marks_in *m, const struct place *at,
                              struct span upn, int64_t *identity_id);

/* One mark.  Of a session given twice in a batch with one `extracted` the later line counts. */
struct mark_given {
    struct place at;      /* loading_place() with the school's URN */
    int64_t identity_id;
    int32_t date;
    int session;          /* 0 morning, 1 afternoon */
    struct span code;     /* as the file has it; "-" or empty: no mark */
    int minutes_late;     /* -1 not given */
    int32_t extracted;    /* the day the school's system gave it; DATE_NONE: not given */
};
/* A mark that cannot be kept (unknown code, a day to come) refuses its record. */
MUST_CHECK enum err marks_take(struct job *j, struct marks_in *m, const struct mark_given *g);

/* A string of marks, two characters a day from `start`: morning and afternoon, "#" for a
 * closed day, "-" or a blank for no mark.  Days are calendar days; a string that has marks
 * where Sundays would be is read as one that leaves weekends out, and that is told. */
struct marks_given {
    struct place at;
    int64_t identity_id;
    int32_t start;
    struct span marks;    /* as the file has it, blanks within it too */
    int32_t extracted;
};
/* A string whose length cannot be refuses its record; an unknown character leaves out its mark. */
MUST_CHECK enum err marks_take_string(struct job *j, struct marks_in *m,
                                      const struct marks_given *g);

/* All are given: the rest is written, and what was found of many marks is told. */
MUST_CHECK enum err marks_end(struct job *j, struct marks_in *m);
