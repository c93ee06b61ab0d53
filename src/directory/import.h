/* directory/import.h - a feed into the directory: new, changed, same, held, refused, gone.
 *
 * The same feed twice changes nothing.  A feed that shrinks by more than the setting says waits
 * for a person.  What a person owns is proposed, never overwritten.  Nothing is written before the
 * feed was read to its end; then record by record, in short transactions: what an import that is
 * killed then left to do, the same feed does again. */
#pragma once
#include "directory/feed.h"
#include "directory/repair.h"
#include "store/db.h"

struct import_source {
    int64_t id;
    const char *name, *place, *space;
    enum feed_kind kind;
    bool trusted;
    int64_t records;   /* that it had at its last import */
    int64_t last_run;  /* 0: none */
};
MUST_CHECK enum err import_sources(struct job *j, struct import_source **out, size_t *n);
/* By name, made when it is new. */
MUST_CHECK enum err import_source(struct job *j, const char *name, enum feed_kind kind,
                                  struct import_source *out);
/* Does what it says go live, or wait for approval?  A new source is trusted. */
MUST_CHECK enum err import_trust(struct job *j, struct import_source *s, bool yes);

struct import_run {
    int64_t id, source, started, ended;
    const char *state, *place, *message; /* message NULL: none */
    int64_t read, added, changed, same, held, refused, gone, repaired;
};
struct import_order {
    const char *source;  /* its name; NULL: the feed's place */
    int64_t account;     /* who asked; 0: the command line */
    bool shrunk;         /* a person has said that fewer records are right */
    bool wait;           /* from now on what the source says waits for approval */
};
/* The whole feed.  OK also when it is held: out->state says so.  On an error the directory is as
 * before, and the run says what happened. */
MUST_CHECK enum err import_feed(struct job *j, const struct feed *f, const struct import_order *o,
                                struct import_run *out);
/* Newest first. */
MUST_CHECK enum err import_runs(struct job *j, int64_t limit, struct import_run **out, size_t *n);
struct import_record {
    int64_t no, service; /* service 0: none */
    const char *key, *name, *outcome, *report; /* report: JSON, NULL none */
    int64_t filled;
};
/* outcome NULL: all. */
MUST_CHECK enum err import_records(struct job *j, int64_t run, const char *outcome,
                                   struct import_record **out, size_t *n);
