/* web/accounts/accounts.h - for administrators: who may sign in, and what becomes of them. */
#pragma once
#include "ui/components.h"
#include "web/page.h"

struct accounts_page {
    const struct view *view;
    const char *lede;
    const char *mail;           /* "1 mail was perhaps sent"; NULL none */
    struct table table;
};
struct open_sign_in {
    const char *device, *begun, *used, *handle;
};
struct account_of_page {
    const struct view *view;
    const struct named *facts;
    size_t n_facts;
    const char *action, *reset, *give; /* paths */
    struct table roles;
    const char *invited;         /* how the invitation stands; NULL: it was taken up */
    bool invitation_open;
    struct text_field email;
    bool disabled, own, has_factor;
    bool strong;                 /* else what gives something is not offered, but: */
    const char *again;           /* the page that asks for passphrase and code again */
    const struct open_sign_in *rows;
    size_t n_rows;
};
struct reset_page {
    const struct view *view;
    const char *name, *action, *back;
    const char *why;             /* as typed */
    const char *code;            /* to hand over; NULL: it is asked still */
    struct problems problems;    /* field "why" */
};
