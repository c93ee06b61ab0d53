/* web/accounts/mail.h - for administrators: what was sent by mail, and what did not go. */
#pragma once
#include "ui/components.h"
#include "web/page.h"

struct mail_unsure {         /* one that is perhaps sent */
    const char *what;        /* "An invitation to Ann, written on 16 June 2025, 10am" */
    const char *why;         /* nobody knows */
    int64_t area, id;
};
struct mail_page {
    const struct view *view;
    const char *lede;
    struct table table;
    const struct mail_unsure *unsure;
    size_t n_unsure;
};
