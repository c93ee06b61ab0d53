/* access/audit.h - who looked at what, and who changed what.
 *
 * Work done for a person keeps notes while it goes; they are committed before a byte of
 * its answer leaves, in the same transaction as the change, if it makes one.  permit()
 * notes its answers by itself.  Entries hold ids and keyed hashes, never names; the entries
 * of an area are a chain (chain.h, docs/audit.md). */
#pragma once
#include "access/chain.h"
#include "access/key.h"
#include "access/permit.h"

enum note_outcome {
    NOTE_ALLOWED,
    NOTE_REFUSED,
    NOTE_TAKEN_BACK, /* a change that was begun and did not come about */
};
struct note {
    struct note *next;   /* oldest first */
    int64_t at, area, account; /* area 0: of none; account 0: nobody signed in */
    enum act act;
    enum audit_event event;    /* EVENT_NONE when given: the act says (acts.def) */
    enum note_outcome outcome;
    int64_t person;      /* the child it is about; 0 none */
    const char *role;    /* that the account acted in (role_name()); NULL none */
    const char *subject; /* "child 1234"; NULL none */
    const char *detail;  /* "shown 12 13 of 57"; NULL none */
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
/* Note an act.  Does nothing on a job that keeps no notes.  Within a transaction it is the
 * event of a change, else of a look. */
void audit_note(struct job *j, enum act act, const char *subject, bool refused);
/* The same in full; of the note only act, event, outcome, person, subject and detail count. */
void audit_put(struct job *j, struct note what);
/* Words that somebody searched for or typed: kept as "search 3f2a…". */
void audit_words(struct job *j, enum act act, const char *what, const char *words, bool refused);
/* The children whom a list showed: goes with the note of the search or list before it. */
struct audit_list {
    const int64_t *person; /* of the first row */
    size_t stride, n;      /* bytes from row to row; rows */
    int64_t total;         /* of which this is a page */
};
void audit_shown(struct job *j, enum act act, const struct audit_list *l);
/* What a change was of: names of fields, and what they held before and after (NULL nothing),
 * which is kept as keyed hashes.  Goes with the note of the change before it. */
struct audit_field {
    const char *name, *before, *after;
};
void audit_fields(struct job *j, enum act act, const struct audit_field *v, size_t n);
/* Is there a note of this event (for a list, or of a search)?  If not, one is made. */
void audit_ensure(struct job *j, enum act act, enum audit_event event, const char *subject);
/* The changes of this job were taken back. */
void audit_taken_back(struct job *j);

/* Write a list of notes through j->db, inside the caller's transaction. */
MUST_CHECK enum err audit_write(struct job *j, const struct notes *n);
/* For the command line: fn in one transaction of j->db with what it notes, both or neither. */
MUST_CHECK enum err audit_change(struct job *j, const struct key *k, job_fn *fn, void *arg);
/* Several lists at once: audit_open(), audit_add() for each, audit_close(). */
struct audit_pen {
    struct job *j;
    struct audit_place {
        int64_t area, id; /* of the next entry */
        unsigned char hash[CHAIN_HASH];
    } place[4];           /* where the chains of the areas written to stand */
    size_t n;
};
void audit_open(struct job *j, struct audit_pen *pen);
MUST_CHECK enum err audit_add(struct audit_pen *pen, const struct notes *n);
MUST_CHECK enum err audit_close(struct audit_pen *pen);
/* Entries from before there were chains get their hashes, in one transaction an area. */
MUST_CHECK enum err audit_catch_up(struct job *j);
const char *audit_event_name(enum audit_event e);  /* "opened", as stored */
const char *audit_event_words(enum audit_event e); /* "opened", after a person's name */
bool audit_event_find(const char *name, enum audit_event *out);
