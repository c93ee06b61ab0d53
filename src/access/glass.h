/* access/glass.h - a restricted record opened in an emergency ("break-glass").
 *
 * Whoever works for the whole area may open a restricted record that they are not named for:
 * with a category and a reason, to read, for 60 minutes or until they leave it.  The owner and
 * the information-governance officer see it at once; it stays in the officer's queue until it
 * is found justified or not.  Sealed records cannot be opened so (casework guide 3.1 (7)). */
#pragma once
#include "access/actor.h"

#define GLASS_LASTS ((int64_t)60 * 60 * 1000000)
enum glass_reason {
#define REASON(id, name, words) id,
#include "access/glass_reasons.def"
#undef REASON
    GLASS_REASONS
};
const char *glass_reason_name(enum glass_reason r);  /* "harm", as stored and as forms send it */
const char *glass_reason_words(enum glass_reason r);
bool glass_reason_find(const char *name, enum glass_reason *out);

struct glass_order {
    int64_t person;
    enum glass_reason reason;
    const char *why; /* at least a few words */
};
/* In the caller's transaction.  ERR_NOT_FOUND: there is no such record that j->who could open
 * so; ERR_INPUT: the reason is not written. */
MUST_CHECK enum err glass_begin(struct job *j, struct glass_order o);
/* Leave it; OK also when it is not open. */
MUST_CHECK enum err glass_end(struct job *j, int64_t person);

struct glass {
    int64_t id, person, account;
    const char *name;              /* of who opened it */
    enum glass_reason reason;
    const char *why;
    int64_t begun, until, finished; /* finished 0: not left before it closed by itself */
    const char *owner_name;
    const char *verdict;           /* "justified", "not justified"; NULL: to be looked at */
    const char *verdict_why, *verdict_by;
    int64_t verdict_at;
};
enum glass_which {
    GLASS_WAITING, /* to be looked at, oldest first */
    GLASS_CLOSED,  /* looked at, newest first; at most GLASS_MOST */
    GLASS_MINE,    /* of records that j->who owns, newest first; at most GLASS_MOST */
};
enum { GLASS_MOST = 200 };
/* permit: the officer for all but GLASS_MINE. */
MUST_CHECK enum err glass_list(struct job *j, enum glass_which which, struct glass **out,
                               size_t *n);
MUST_CHECK enum err glass_get(struct job *j, int64_t id, struct glass *out);
/* How many wait for the officer, or were opened of j->who's records and not yet seen by j->who:
 * for the home page and the menu.  0 for anybody else. */
MUST_CHECK enum err glass_count(struct job *j, size_t *n);
/* j->who has seen those of their records. */
MUST_CHECK enum err glass_seen(struct job *j);
/* The officer's finding, with a reason; nobody judges an opening of their own.  ERR_CONFLICT: it
 * was judged already. */
MUST_CHECK enum err glass_judge(struct job *j, int64_t id, bool justified, const char *why);

/* Openings of one month (of a day in it), by category, for the monthly page. */
struct glass_month {
    int opened[GLASS_REASONS], justified, not_justified, waiting;
};
MUST_CHECK enum err glass_month(struct job *j, int64_t from, int64_t until,
                                struct glass_month *out);
