/* web/sealed/sealed.h - sealed records: sealing one, and what its custodians see. */
#pragma once
#include "access/custody.h"
#include "ui/components.h"
#include "web/page.h"

struct sealed_list_page {
    const struct view *view;
    const char *lede;
    struct table records;
};
struct sealed_page {
    const struct view *view;
    struct problems problems;   /* field "name" */
    const char *heading, *lede, *action, *open, *name;
    const struct named *about;
    size_t n_about;
    struct table news, people, facts, notes;
    bool unseen;                /* some of the news was not looked at */
};
MUST_CHECK enum err sealed_notes(struct job *j, int64_t person, struct table *out);
/* Sealing, and bringing back. */
struct seal_page {
    const struct view *view;
    struct problems problems;   /* fields "why", "name" */
    const char *heading, *action, *back, *why, *name;
    bool seals;                 /* false: brings back */
};
