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
    struct table gone;          /* of records that one kept, because their time was over */
};
struct sealed_hold {
    const char *says, *field;   /* field: for the reason why it ends */
    int64_t id;
};
struct child_page_facts;
struct sealed_page {
    const struct view *view;
    struct problems problems;   /* fields "name", "content", "hold", of a hold */
    const char *heading, *lede, *action, *open, *name;
    const struct named *about;
    size_t n_about;
    struct table news, people, facts;
    struct table weeks;         /* of registers; n_rows 0: none loaded */
    struct notes_page notes;    /* and the form for one */
    const char *keep;           /* until when it is kept, and why */
    const struct sealed_hold *holds;
    size_t n_holds;
    bool unseen;                /* some of the news was not looked at */
};
/* Within custody_within(). */
MUST_CHECK enum err sealed_weeks(struct job *j, const struct child_page_facts *known,
                                 struct table *out);
MUST_CHECK enum err sealed_notes(struct job *j, const struct request *q, struct notes_page *p);
MUST_CHECK enum err sealed_note_add(struct job *j, const struct request *q);
MUST_CHECK enum err sealed_keep(struct job *j, const struct key *k, int64_t person,
                                struct sealed_page *p);
MUST_CHECK enum err sealed_hold_add(struct job *j, const struct request *q);
MUST_CHECK enum err sealed_hold_end(struct job *j, const struct request *q);
/* Of the authority. */
MUST_CHECK enum err sealed_gone(struct job *j, struct table *out);
/* Sealing, and bringing back. */
struct seal_page {
    const struct view *view;
    struct problems problems;   /* fields "why", "name" */
    const char *heading, *action, *back, *why, *name;
    bool seals;                 /* false: brings back */
};
