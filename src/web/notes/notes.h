/* web/notes/notes.h - notes on a child's record, and one written. */
#pragma once
#include "people/child.h"
#include "people/note.h"
#include "ui/components.h"
#include "web/page.h"

struct note_shown {
    const char *by, *when, *content, *audience;
    const char *id, *follows;   /* "note-12"; follows: words, NULL by itself */
    const char *add;            /* path of the form that adds to it */
};
struct notes_page {
    const struct view *view;
    struct problems problems;   /* field "content" */
    const char *heading, *action;
    const struct note_shown *notes;
    size_t n;
    const char *adds_to;        /* "to Ada Fenwick’s note of 3 November 2025"; NULL by itself */
    const char *follows;        /* its number, for the form; "" */
    const char *content;        /* as typed */
    bool sealed;                /* who reads a note is not said beside it: nobody else does yet */
    const char *visible;        /* the line before saving */
    const struct option *reads; /* kinds that may be left out */
    size_t n_reads;
};
/* The notes that j->who may read, and the form for one, which page->action takes: that page shows
 * the form for adding to note 12 when it is asked for with add=12. */
MUST_CHECK enum err notes_make(struct job *j, const struct request *q, int64_t person,
                               struct notes_page *page);
/* What the form says: the child, the content, the note that it adds to, and who reads it. */
struct note_order notes_order(const struct request *q, int64_t person,
                              const struct note_audience *a);
