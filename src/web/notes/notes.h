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
    const char *visible;        /* the line before saving */
    const struct option *reads; /* kinds that may be left out */
    size_t n_reads;
};
