/* directory/repair.h - from a record as a source has it to a document of the table.
 *
 * Each rule is a row of repair.def with a sentence.  Nothing is changed without a note of it, and
 * nothing is dropped without its value in the note: that is the record's quality report. */
#pragma once
#include "directory/document.h"

enum repair_rule {
#define RULE(id, name, weight, words) REPAIR_##id,
#include "directory/repair.def"
#undef RULE
    REPAIR_RULES
};
struct repair_note {
    enum repair_rule rule;
    int64_t count;    /* rules that only tidy have one note a record, with the first path */
    const char *path;
    const char *was;  /* what stood there, at most REPAIR_WAS bytes; NULL nothing did */
};
enum { REPAIR_WAS = 200, REPAIR_NOTES = 200 }; /* further notes of one record are counted */
struct repaired {
    json_t *doc;         /* the job's; NULL: refused */
    const char *refused; /* why, a sentence */
    const char *key;     /* its id in the source; NULL it has none */
    const char *name;    /* NULL: not readable */
    struct repair_note *note;
    size_t n, more;      /* more: notes beyond REPAIR_NOTES */
    int filled;          /* of 100 */
};
struct repair {
    const char *space; /* UUID: ids of the source become UUIDs within it */
    bool open;         /* the source is published: its contacts are public already */
    int32_t today;
};
/* v: one record in the form of HSDS 3; it is taken over and changed.  Never an error: what cannot
 * be used is refused with a sentence. */
void repair_record(struct job *j, const struct repair *r, json_t *v, struct repaired *out);
const char *repair_name(enum repair_rule r);  /* "html" */
int repair_weight(enum repair_rule r);        /* 0 to 2, as repair.def says */
const char *repair_words(enum repair_rule r); /* "Formatting was taken out of the text" */
bool repair_find(const char *name, enum repair_rule *out);
/* The notes as JSON for directory_run_record.report; NULL none. */
const char *repair_report(struct job *j, const struct repaired *r);
/* Text with HTML in it as plain text with paragraphs.  False: there was none, *out untouched. */
bool repair_html(struct job *j, const char *s, const char **out);
/* How much of what helps a reader is there, of 100 (filled.def). */
int repair_filled(const json_t *doc);
