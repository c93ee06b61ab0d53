/* directory/document.h - one service as a document: JSON by the table of hsds.h.
 *
 * A document is a tree of jansson's that the job owns: given back when the job (or the scope in
 * which it was read) ends.  What others keep from it they copy.  Stored it is canonical: names
 * sorted, nothing empty, so that equal documents are equal texts.
 * Paths: "organization.name", "service_at_locations[0].location.latitude". */
#pragma once
#include "directory/hsds.h"
#include <jansson.h>

enum {
    DOCUMENT_BYTES = 1024 * 1024, /* a larger one is refused */
    DOCUMENT_DEPTH = 32,
};
/* Hand v over to the job.  v may be NULL; returns v. */
json_t *document_own(struct job *j, json_t *v);
/* ERR_INPUT: too large, no JSON (which line), not one object, nested too deeply. */
MUST_CHECK enum err document_parse(struct job *j, struct span text, json_t **out);
/* What canonical text it has.  Into the job. */
struct span document_text(struct job *j, const json_t *doc);
/* Take out what is empty: null, "", {}, []. */
void document_tidy(json_t *doc);

/* What is at a path; NULL nothing.  Borrowed. */
json_t *document_get(const json_t *doc, const char *path);
const char *document_string(const json_t *doc, const char *path); /* NULL: no text there */
/* Put v (taken over, also on an error) there, making the objects on the way; NULL takes away.  A
 * list grows by its next place alone.  ERR_FAULT: not a path of the table. */
MUST_CHECK enum err document_set(struct job *j, json_t *doc, const char *path, json_t *v);
/* A value as people read it: "Yes", "12", "2026-11-25", its words with commas. */
const char *document_words(struct job *j, const json_t *v);

/* What is wrong with it by the table. */
struct document_problem {
    const char *path;
    const struct hsds_field *field; /* NULL: a member that the table does not have */
    const char *message;            /* "is missing", "is not a date such as 2026-11-25" */
};
MUST_CHECK enum err document_check(struct job *j, const json_t *doc,
                                   struct document_problem **out, size_t *n);
/* Does a text have the form of its field?  What is wrong, in words; NULL nothing. */
const char *document_form(const struct hsds_field *f, const char *text);

/* Every value that is no object, in the order of the table; list members in theirs. */
struct document_at {
    const char *path;
    const struct hsds_field *field;
    const json_t *value;
    const json_t *within; /* the object that it is a member of */
};
typedef enum err document_fn(struct job *, void *arg, const struct document_at *at);
MUST_CHECK enum err document_walk(struct job *j, const json_t *doc, document_fn *fn, void *arg);

/* How two differ, value by value: members of lists are the same where their ids are.  In the
 * order of the table. */
struct document_change {
    const char *path;          /* in the document that has it; in both, in `after` */
    const char *label;         /* "Times, 2: From" */
    const char *before, *after; /* as document_words(); NULL: not there */
    bool private;
};
MUST_CHECK enum err document_diff(struct job *j, const json_t *before, const json_t *after,
                                  struct document_change **out, size_t *n);
/* Members that people own one by one: "description", "rooted.wait".  Those in which two differ,
 * in the order of the table, ends with NULL. */
const char *const *document_members(struct job *j, const json_t *a, const json_t *b);
/* Make a member of `into` what it is in `from`, there or not.  `into` keeps its own copy. */
void document_take(json_t *into, const json_t *from, const char *member);
const char *document_member_label(struct job *j, const char *member); /* "Waiting time" */

/* What of it the public may see, a copy: nothing private; where its address is kept secret no
 * addresses, coordinates or names of places; contacts of a name only with consent. */
json_t *document_public(struct job *j, const json_t *doc);
/* The same of a document that nobody needs whole any more. */
void document_conceal(json_t *doc);
/* Take out the parts that the standard does not take: addresses without a postcode. */
void document_standard(json_t *doc);
