/* web/session/sign_in_view.h - what the pages show on which passphrases and codes are typed. */
#pragma once
#include "ui/components.h"

struct sign_in_view {
    const struct view *view;
    const char *login;          /* as typed before; "" at first */
    const char *next;           /* path to go on to after signing in; NULL: the start */
    const char *ended;          /* "You were signed out after 30 minutes."; NULL */
    struct problems problems;   /* fields "login" and "passphrase" */
    const struct sso_link_view { const char *name, *href; } *providers; /* single sign-on */
    size_t n_providers;
    bool demonstration;
};

/* The second page, and giving both again. */
struct code_view {
    const struct view *view;
    const char *next, *csrf;
    bool passphrase, code;      /* which are asked for */
    bool list;                  /* a printed list is all there is; else a program */
    bool handed;                /* a code that an administrator handed over */
    struct problems problems;   /* fields "passphrase" and "code" */
    bool demonstration;
};
