/* web/accounts/sso.h - for administrators: which providers vouch for a person. */
#pragma once
#include "ui/components.h"

struct account_sso_page {
    const struct view *view;
    const char *name, *action, *back;
    const char *code;            /* to hand over; NULL: none was made now */
    const struct named *links;   /* provider, and since when and as whom */
    size_t n_links;
};
