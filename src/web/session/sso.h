/* web/session/sso.h - what the pages of single sign-on show. */
#pragma once
#include "ui/components.h"

struct sso_page {
    const struct view *view;
    const char *lede;
    const char *button;         /* "Sign in as Ada Fenwick"; NULL: there is nothing to press */
    bool code;                  /* a link code is asked for */
    const char *next;           /* path to go on to; NULL: the start */
    const char *again;          /* path of signing in at the provider again; NULL none */
    struct problems problems;   /* field "code" */
};
