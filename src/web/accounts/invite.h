/* web/accounts/invite.h - for administrators: asking a person to take an account up. */
#pragma once
#include "web/accounts/roles.h"

struct invite_page {
    const struct view *view;
    struct problems problems;    /* fields "name", "login", "email", and those of a role */
    struct text_field name, login, email, how;
    struct role_fields fields;
};
/* The link, shown once, to be printed. */
struct invite_paper_page {
    const struct view *view;
    const char *name, *login, *link, *until, *back;
};
