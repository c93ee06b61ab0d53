/* web/session/sign_in_view.h - what the sign-in page shows. */
#pragma once
#include "ui/components.h"

struct sign_in_view {
    const struct view *view;
    const char *login;          /* as typed before; "" at first */
    const char *next;           /* path to go on to after signing in; NULL: the start */
    const char *csrf;           /* token of the form, where there is one; NULL none */
    const char *ended;          /* "You were signed out after 30 minutes."; NULL */
    struct problems problems;   /* fields "login" and "passphrase" */
    bool demonstration;
};
