/* web/sealed/sealed.h - sealed records: sealing one, and what its custodians see. */
#pragma once
#include "access/custody.h"
#include "ui/components.h"
#include "web/notes/notes.h"
#include "web/page.h"

struct sealed_list_page {
    const struct view *view;
    const char *lede;
    struct table records;
};
struct child_page_facts;
struct sealed_page {
    const struct view *view;
    struct problems problems;   /* fields "name", "content" */
    const char *heading, *lede, *action, *open, *name;
    const struct named *about;
    size_t n_about;
    struct table news, people, facts;
    struct table weeks;         /* of registers; n_rows 0: none loaded */
    struct notes_page notes;    /* and the form for one */
    bool unseen;                /* some of the news was not looked at */
};
/* Within custody_within(). */
MUST_CHECK enum err sealed_weeks(struct job *j, const struct child_page_facts *known,
                                 struct table *out);
MUST_CHECK enum err sealed_notes(struct job *j, const struct request *q, struct notes_page *p);
MUST_CHECK enum err sealed_note_add(struct job *j, const struct request *q);
/* Sealing, and bringing back. */
struct seal_page {
    const struct view *view;
    struct problems problems;   /* fields "why", "name" */
    const char *heading, *action, *back, *why, *name;
    bool seals;                 /* false: brings back */
};
