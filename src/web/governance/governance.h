/* web/governance/governance.h - what must be settled before real data, and what is due again. */
#pragma once
#include "ui/components.h"

struct governance_page {
    const struct view *view;
    const char *heading, *lede;
    struct table records;
    const struct named *about; /* council, address, agreement in force */
    size_t n_about;
    bool setup;                /* this person may change it: the commands are shown */
};
