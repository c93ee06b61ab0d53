/* web/session/invitation.h - taking an account up. */
#pragma once
#include "ui/components.h"

struct invitation_page {
    const struct view *view;
    const char *name, *login, *action; /* login NULL: the link is good no more */
    struct problems problems;          /* fields "fresh", "repeated" */
};
