/* web/directory/service_page.h - one service, for everybody. */
#pragma once
#include "ui/components.h"
#include "web/directory/summary.h"

struct service_fact {
    const char *name, *text, *note; /* text NULL: it does not say */
};
struct service_page {
    const struct view *view;
    struct service_summary s;
    size_t n_story;
    const char *fresh, *fresh_class, *alert;
    const struct link *needs;  /* each leads to what else helps with it */
    size_t n_needs;
    const struct service_fact *facts;
    size_t n_facts;
};
