/* quality/correct.h - facts set aside or corrected by an analyst, with a reason.
 *
 * The fact stays as its file gave it; the timeline reads it with what is in force at the time
 * asked (timeline/correct.h), so figures of a past day do not change.  A correction belongs to
 * what the fact tells of - this child's suspension at this school from that day - and holds
 * for the same fact loaded again.  Undone by a later word, it stays on record. */
#pragma once
#include "people/fact.h"

enum correct_field {
    CORRECT_ASIDE,    /* the fact does not count */
    CORRECT_SESSIONS, CORRECT_STARTED, CORRECT_ENDED, CORRECT_CATEGORY,
    CORRECT_MARK,     /* of a register */
    CORRECT_FIELDS
};
const char *correct_field_name(enum correct_field f);  /* as stored, and in forms */
const char *correct_field_words(enum correct_field f); /* "The number of sessions" */
bool correct_field_find(const char *name, enum correct_field *out);
/* May this field of a fact of that kind be corrected (people/correctable.def)?  Every kind that
 * may be at all may be set aside. */
bool correct_may(enum fact_kind k, enum correct_field f);
/* May anything of this fact be?  Of a register's lines those that give one mark. */
bool correct_any(const struct fact *f);

struct correct_ask {
    enum correct_field field;
    const char *value;  /* as typed: a number, a date, suspension, permanent or lunchtime */
    const char *reason;
};
enum { CORRECT_REASON_MOST = 500 }; /* bytes */
/* What is wrong with it, in words for a form; NULL: nothing.  *about_reason: which field. */
const char *correct_problem(struct job *j, const struct fact *f, const struct correct_ask *ask,
                            bool *about_reason);
/* permit(ACT_CORRECT) of the child.  ERR_INPUT: correct_problem() says why. */
MUST_CHECK enum err correct_add(struct job *j, int64_t person, struct fact_key k,
                                const struct correct_ask *ask);
MUST_CHECK enum err correct_undo(struct job *j, int64_t id, const char *why);

struct correction {
    int64_t id, person, urn, batch, file, line, made, undone; /* undone 0: in force */
    const char *fact, *kind, *school, *name; /* NULL not known */
    enum correct_field field;
    const char *was, *value;  /* in words; value of CORRECT_ASIDE: "set aside" */
    const char *reason, *made_by, *undone_by, *undone_why;
};
/* Newest first; permit(ACT_DATA).  of NULL: all; else those of the fact of that line. */
MUST_CHECK enum err correct_list(struct job *j, const struct fact_key *of,
                                 struct correction **out, size_t *n);
MUST_CHECK enum err correct_get(struct job *j, int64_t id, struct correction *out);
