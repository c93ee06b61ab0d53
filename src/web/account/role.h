/* web/account/role.h - what one acts as, and acting as something else. */
#pragma once
#include "ui/components.h"
#include "web/page.h"

struct role_choice {
    const char *number, *words, *until; /* until: "until 3 May 2026"; NULL no end known */
    bool here;
};
struct own_role_page {
    const struct view *view;
    const char *lede;
    const struct role_choice *v;
    size_t n;
};
