/* intake/retention.h - how long each kind of data is kept, and removing it afterwards.
 *
 * Rules say how long (retention.def; an authority may set its own).  What is due goes whole or
 * not at all: a child with all facts, names, notes and lines of kept text; a week of registers;
 * the text of a batch.  A hold, of one child or of everything, keeps it; of a week of registers
 * the rows of held children stay, and all others go.  Entries of the audit
 * stay: they hold numbers and hashes only.  When facts went, what is derived from them is
 * deleted and made again.  Killed at any moment, it goes on the next time; a restored backup
 * loses the same things again on the next day.  In a live database it runs each day. */
#pragma once
#include "base/date.h"
#include "base/job.h"

enum retention_rule {
#define RULE(id, name, words, months, from, source, mend) id,
#include "intake/retention.def"
#undef RULE
    RETENTION_RULES
};
struct retention_words {
    const char *name, *words, *from, *source; /* as stored; as shown */
    int months;                               /* standard */
};
struct retention_words retention_words(enum retention_rule r);
bool retention_find(const char *name, enum retention_rule *out);
/* "25 years", "18 months". */
const char *retention_span(struct job *j, int months);
/* "25 years", "18 months", "6 months": 1 to 1,200 months. */
bool retention_months(const char *text, int *out);

/* What holds in j->area; permit(ACT_RETENTION). */
struct retention_kept {
    int months;
    const char *reference, *set_by; /* NULL: the program's standard */
    int64_t set_at;
};
MUST_CHECK enum err retention_rules(struct job *j, struct retention_kept out[RETENTION_RULES]);
/* permit(ACT_RETENTION_WRITE); ERR_INPUT: no reference. */
struct retention_decided {
    enum retention_rule rule;
    int months;
    const char *reference; /* where it was decided */
};
MUST_CHECK enum err retention_set(struct job *j, const struct retention_decided *d);

struct retention_hold {
    int64_t id, person;             /* person 0: everything */
    const char *why, *set_by, *ended_by, *ended_why;
    int64_t since, ended;           /* ended 0: in force */
};
/* Those in force first, then newest first; permit(ACT_RETENTION). */
MUST_CHECK enum err retention_holds(struct job *j, struct retention_hold **out, size_t *n);
/* permit(ACT_RETENTION_WRITE).  person 0: everything.  ERR_NOT_FOUND: no such child. */
MUST_CHECK enum err retention_hold(struct job *j, int64_t person, const char *why, int64_t *id);
/* ERR_NOT_FOUND: no such hold, or it has ended. */
MUST_CHECK enum err retention_release(struct job *j, int64_t hold, const char *why);

/* ---- what is due -------------------------------------------------------------------- */

enum retention_held {
    HELD_NOT, HELD_ALL, HELD_CHILD, HELD_REGISTERS, HELD_BY_HAND,
    HELD_SEALED, /* by a hold on a sealed child alone: no list of what is due shows it */
};
const char *retention_held_words(enum retention_held h); /* "a hold on everything" */
struct retention_item {
    enum retention_rule rule;
    int64_t subject;          /* child, batch … as retention_gone has it */
    int32_t since;            /* the day its time counted from */
    enum retention_held held; /* why it stays */
};
/* "child 12", "week of 7 January 2019", "copy /backup/rooted.db". */
const char *retention_subject(struct job *j, enum retention_rule r, int64_t subject);
/* By rule, then oldest first; at most RETENTION_MOST of a rule.  permit(ACT_RETENTION). */
enum { RETENTION_MOST = 2000 };
MUST_CHECK enum err retention_due(struct job *j, struct retention_item **out, size_t *n);
/* Of these the copies of the database alone: cheap. */
MUST_CHECK enum err retention_due_copies(struct job *j, struct retention_item **out, size_t *n);

/* ---- removing it -------------------------------------------------------------------- */

struct retention_order {
    const char *home; /* derived files, key */
    const char *by;   /* "command line", "each day" */
};
struct retention_done {
    int64_t run;      /* 0: nothing was due */
    size_t gone[RETENTION_RULES], held[RETENTION_RULES], n_gone, n_held;
    bool figures;     /* made again */
};
/* For j->area, in transactions of its own.  ERR_BUSY: a load is under way.  For the command line
 * and the daily round alone: permit(ACT_RETENTION_WRITE). */
MUST_CHECK enum err retention_apply(struct job *j, const struct retention_order *o,
                                    struct retention_done *out);
/* Is the daily round due: in a live database, and not begun today, or not ended? */
MUST_CHECK enum err retention_is_time(struct job *j, bool *yes);

struct retention_run {
    int64_t id, at, ended, gone, held; /* ended 0: not yet */
    const char *by;
};
/* Newest first; permit(ACT_RETENTION). */
MUST_CHECK enum err retention_runs(struct job *j, struct retention_run **out, size_t *n);
struct retention_gone {
    enum retention_rule rule;
    int64_t subject, gone;
    int32_t since;
};
/* What a run removed, in the order of the rules; ERR_NOT_FOUND. */
MUST_CHECK enum err retention_certificate(struct job *j, int64_t run, struct retention_run *r,
                                          struct retention_gone **out, size_t *n);

/* ---- copies of the database ------------------------------------------------------------ */

struct retention_copy {
    int64_t id, made, bytes, destroyed; /* destroyed 0: not said yet */
    const char *path, *destroyed_by;
};
/* A copy was made: of the whole installation; in a transaction of the caller. */
MUST_CHECK enum err retention_copied(struct job *j, const char *path, int64_t bytes);
MUST_CHECK enum err retention_copies(struct job *j, struct retention_copy **out, size_t *n);
/* Somebody says that no copy of it is left.  ERR_CONFLICT: the file is still where it was. */
MUST_CHECK enum err retention_destroyed(struct job *j, int64_t copy);
