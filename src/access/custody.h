/* access/custody.h - sealed records: who keeps them, and what came for them.
 *
 * A sealed child lies in an area of its own, minus the number of its authority.  Every statement
 * of the program is about j->area, so that none about the authority reaches the child: what is
 * not there cannot be counted, listed, found or told by mistake.  Only the custodians named for
 * the child go there, through custody_within(); permit() knows no other way.  What was done there
 * is in the audit of that area.  Docs: decisions/0016-sealed-records.md. */
#pragma once
#include "access/key.h"
#include "access/actor.h"

enum { CUSTODY_WHY = 400, CUSTODY_MOST = 200 };

/* Where the sealed children of this authority lie. */
int64_t custody_area(int64_t area);
/* And back: the authority of an area.  What is of many children at once (registers, calendars, the
 * counter of numbers) lies with it, sealed or not. */
int64_t custody_authority(int64_t area);
/* Is j->who a custodian of this child?  Of a child that is not sealed: no. */
MUST_CHECK enum err custody_ask(struct job *j, int64_t person, bool *yes);
/* Is any child of j->area sealed? */
MUST_CHECK enum err custody_any(struct job *j, bool *yes);

/* fn(j, arg) with j->area where the child lies, for a custodian, who is noted as having used
 * ACT_SEAL on it.  ERR_NOT_FOUND for anybody else. */
MUST_CHECK enum err custody_within(struct job *j, int64_t person, job_fn *fn, void *arg);

/* The children whom j->who keeps, newest first; at most CUSTODY_MOST. */
struct custody {
    int64_t person, since;
    const char *why, *by;  /* by: who sealed it */
    int64_t news;          /* how much came for it that was not looked at */
};
MUST_CHECK enum err custody_list(struct job *j, const struct key *k, struct custody **out,
                                 size_t *n);
/* How much came for all of them that j->who has not looked at: for a notice on each page. */
MUST_CHECK enum err custody_count(struct job *j, int64_t *n);

/* What follows is about the area where the child lies: within custody_within(), or by the program
 * itself; changes are in the caller's transaction. */
MUST_CHECK enum err custody_begin(struct job *j, const struct key *k, int64_t person,
                                  const char *why);
MUST_CHECK enum err custody_end(struct job *j, int64_t person);
/* ERR_INPUT: nobody of the inclusion team signs in so. */
MUST_CHECK enum err custody_find(struct job *j, const char *login, int64_t *account);
MUST_CHECK enum err custody_name(struct job *j, int64_t person, const char *login);
/* Where all who keep a record have left: what a closed account keeps in j->area another inclusion
 * lead keeps as well.  For who runs the program, in the caller's transaction.  ERR_CONFLICT: the
 * account is open. */
MUST_CHECK enum err custody_hand_over(struct job *j, const char *from, const char *to);
struct custodian {
    const char *name, *login;
    int64_t since;
    bool closed;           /* the account is */
};
MUST_CHECK enum err custody_people(struct job *j, int64_t person, struct custodian **out,
                                   size_t *n);
struct custody_news {
    int64_t at, source, records, account; /* account: who searched; 0 not known */
    const char *kind, *who;               /* that person's name; NULL not known */
};
MUST_CHECK enum err custody_tell(struct job *j, int64_t person, struct custody_news what);
/* Newest first; at most CUSTODY_MOST. */
MUST_CHECK enum err custody_news(struct job *j, int64_t person, struct custody_news **out,
                                 size_t *n);
/* j->who has looked at what came until now. */
MUST_CHECK enum err custody_seen(struct job *j, int64_t person);
