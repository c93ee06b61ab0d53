/* directory/feed.h - records of services, one after another, wherever they come from.
 *
 * A feed is a function that gives the next record as the source has it; import.h asks no more of
 * it.  Files are read here (feed_open_file); an HTTP reader fills the same struct. */
#pragma once
#include "directory/document.h"

enum feed_kind {
#define FEED(id, name, words) FEED_##id,
#include "directory/feeds.def"
#undef FEED
    FEED_KINDS
};
struct feed_record {
    struct span text;  /* JSON of one record, as it stands; NULL: `value` is it */
    json_t *value;     /* made by a reader of another form; owned by the job's scope */
    const char *fault; /* why it cannot be read, a sentence; NULL it could */
    int64_t line;      /* of the file; 0 none */
};
/* *more false: there was no further record.  The record is good until the next call.  An error
 * (ERR_INPUT, ERR_ENV) ends the import: the feed could not be read to its end. */
typedef enum err feed_next(struct job *j, void *arg, struct feed_record *out, bool *more);
struct feed {
    const char *place;  /* file or address, as reports name it */
    enum feed_kind kind;
    feed_next *next;
    void *arg;
};
const char *feed_kind_name(enum feed_kind k);  /* "hsds" */
const char *feed_kind_words(enum feed_kind k); /* "HSDS 3 as JSON" */
bool feed_kind_find(const char *name, enum feed_kind *out);

/* A file: JSON (page, list, one record, a record a line), a zip of CSVs, or the template's CSV.
 * ERR_INPUT: HTML, empty, or none of these, said in words. */
MUST_CHECK enum err feed_open_file(struct job *j, const char *path, struct feed *out);
/* The schools in the store that are alternative provision or special schools of j->area. */
MUST_CHECK enum err feed_open_gias(struct job *j, struct feed *out);

/* The text of one page of a JSON feed: where its records are, and what it says of further pages.
 * For readers that get a page at a time. */
struct feed_page {
    struct span *record;
    size_t n;
    int64_t total_items, total_pages, page; /* -1: it does not say */
    bool oruk1;                             /* the envelope of ORUK 1.0 */
};
MUST_CHECK enum err feed_page(struct job *j, const char *place, struct span text,
                              struct feed_page *out);
