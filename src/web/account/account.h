/* web/account/account.h - one's own account: sign-ins, passphrase, second factor. */
#pragma once
#include "access/factor.h"
#include "access/session.h"
#include "ui/components.h"
#include "web/page.h"

struct sign_in_row {
    const char *device, *begun, *used, *handle;
    bool here;
};
struct account_page {
    const struct view *view;
    const struct named *facts;   /* login, role, passphrase, second factor */
    size_t n_facts;
    const struct sign_in_row *rows;
    size_t n_rows;
    bool others;                 /* there are sign-ins elsewhere, */
    bool strong;                 /* and they can be ended: both were given again */
    const char *warning;         /* no second factor yet; NULL */
    bool has_paper;              /* recovery codes can be made anew */
};
struct passphrase_page {
    const struct view *view;
    struct problems problems;    /* fields "passphrase", "fresh", "repeated" */
};
struct factor_page {
    const struct view *view;
    const char *csrf, *next;
    const char *says;            /* what stands now */
    bool must;                   /* before anything else */
    const char *secret, *uri;    /* of the program that is set up; NULL: it is not begun */
    struct problems problems;    /* field "code" */
};
/* Codes that are shown once. */
struct paper_page {
    const struct view *view;
    const char *lede, *on;       /* on: path to go on to */
    const char *const *codes;
    size_t n;
    const char *whose;           /* "RootED, login ada" */
};
struct kept_page {
    const struct view *view;
    const char *action;          /* NULL: nothing is kept (any more) */
    const char *title;           /* of the page it was for */
    const struct pair *fields;
    size_t n;
    const struct named *words;   /* what was typed, as a reader sees it */
    size_t n_words;
};
