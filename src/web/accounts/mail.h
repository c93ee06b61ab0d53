/* web/accounts/mail.h - for administrators: what was sent by mail, and what did not go. */
#pragma once
#include "ui/components.h"
#include "web/page.h"

struct mail_page {
    const struct view *view;
    const char *lede;
    struct table table;
};
