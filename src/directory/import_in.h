/* directory/import_in.h - what the files of an import share; for these alone. */
#pragma once
#include "base/map.h"
#include "directory/import.h"
#include "directory/service.h"
#include "directory/uuid.h"
#include <stdio.h>

enum { DIGEST = 65 };
enum outcome { IMPORT_ADDED, IMPORT_CHANGED, IMPORT_SAME, IMPORT_HELD, IMPORT_REFUSED, OUTCOMES };
const char *outcome_name(enum outcome o);

/* What the directory has of the source. */
struct known {
    const char *key;
    int64_t entry;
    char uuid[UUID_TEXT], digest[DIGEST];
    bool gone, seen;
};
struct import {
    struct job *j;
    const struct feed *feed;
    const struct import_order *order;
    struct import_source source;
    struct import_run run;
    struct repair repair;
    struct map_salt salt;
    struct pile *known;   /* struct known */
    struct map *by_key;   /* to its place in known */
    struct map *seen;     /* keys of this feed, to the number of the record */
    struct map *uuids;    /* taken in the area: 1 */
    FILE *spool;          /* struct read_record after read_record */
    int64_t count[OUTCOMES];
    bool moved;           /* what is live changed since the turn was last said */
};
/* One record as it was read, between reading and writing. */
struct read_record {
    int64_t no, known;    /* place in known; -1 it is new */
    enum outcome outcome; /* what it would be */
    int filled;
    char digest[DIGEST], uuid[UUID_TEXT];
    const char *key, *name, *organization, *report; /* NULL none */
    struct span doc;      /* canonical; empty: same or refused */
};
/* import_read.c: all of the feed into the spool.  Changes nothing of the directory. */
MUST_CHECK enum err import_read(struct import *m);
/* The next of the spool; false: that was all.  From its start after import_rewind(). */
MUST_CHECK enum err import_rewind(struct import *m);
MUST_CHECK enum err import_spooled(struct import *m, struct read_record *out, bool *more);
/* import_write.c: one record into the directory; what it became is in r->outcome, its entry in
 * *entry. */
MUST_CHECK enum err import_write(struct import *m, struct read_record *r, int64_t *entry);
/* What the source had and has no more. */
MUST_CHECK enum err import_gone(struct import *m, const struct known *k);
