/* web/agreement/agreement.h - the sharing agreement: versions, one of them, what differs. */
#pragma once
#include "access/agreement.h"
#include "ui/components.h"
#include "web/page.h"

struct agreements_page {
    const struct view *view;
    const char *heading, *lede;
    struct table table;
    const char *draft;          /* path to post to for a new draft; NULL: not for this person */
};
struct agreement_page {
    const struct view *view;
    struct problems problems;   /* fields "agency", "on", "from" */
    const char *heading, *caption, *lede;
    const struct named *about;
    size_t n_about;
    struct links purposes;      /* which purpose the table shows */
    const char *purpose;        /* its words */
    struct table shared;
    struct table signatures;
    const char *difference;     /* path; NULL: the first version */
    const char *words, *path;   /* words: path of the form; NULL: not for this person */
    const struct option *kinds; /* who may sign */
    size_t n_kinds;
    const char *agency, *by, *on, *from; /* as typed */
};
struct agreement_words_page {
    const struct view *view;
    struct problems problems;   /* fields "title", "review" */
    const char *action, *back, *title, *article_6, *article_9, *review;
};
struct agreement_choice {
    const char *id, *label;
    struct option option[SHARES];
};
struct agreement_share_page {
    const struct view *view;
    const char *heading, *lede, *action, *back;
    const struct agreement_choice *choices;
    size_t n;
};
struct agreement_difference_page {
    const struct view *view;
    const char *heading, *lede;
    struct table table;
};
