/* access/audit.h - who looked at what, and who changed what.
 *
 * Work done for a person keeps notes while it goes; they are committed before a byte of
 * its answer leaves, in the same transaction as the change, if it makes one.  permit()
 * notes its answers by itself.  Entries hold ids and keyed hashes, never names. */
#pragma once
#include "access/key.h"
#include "access/permit.h"

struct note {
    struct note *next;   /* oldest first */
    int64_t at, area, account; /* area 0: of none; account 0: nobody signed in */
    enum act act;
    bool refused;
    const char *subject; /* "child 1234"; NULL none */
};
/* Notes outlive the scopes of the job, so they have memory of their own. */
struct notes {
    struct job memory;
    const struct key *key;
    struct note *first, **last;
    bool lost;           /* there was no memory for one: nothing may leave */
};

/* Keep notes on this job from now on; audit_end gives their memory back. */
void audit_begin(struct job *j, const struct key *key, struct notes *n);
void audit_end(struct notes *n);
/* Note an act.  Does nothing on a job that keeps no notes. */
void audit_note(struct job *j, enum act act, const char *subject, bool refused);
/* The same for words that somebody searched for or typed: kept as "search 3f2a…". */
void audit_words(struct job *j, enum act act, const char *what, const char *words, bool refused);
/* Write a list of notes through j->db, inside the caller's transaction. */
MUST_CHECK enum err audit_write(struct job *j, const struct notes *n);
