/* web/early/signs.h - the warning signs themselves: what each is, how often it was right, and
 * changing which count. */
#pragma once
#include "risk/sign_list.h"
#include "risk/sign_packs.h"
#include "risk/sign_preview.h"
#include "risk/sign_test.h"
#include "ui/components.h"

struct signs_page {             /* all of them */
    const struct view *view;
    const char *caption, *lede;
    struct table signs, tiers;
    const char *tested;         /* on which past days; NULL: not tested yet */
    const char *change;         /* path; NULL: not for this person */
    bool may_test;
};
struct sign_group {
    const char *title;
    struct table table;
};
struct sign_page_view {         /* one of them */
    const struct view *view;
    const char *caption, *heading, *words, *evidence, *schools, *listed_href, *listed;
    const struct named *limits;
    size_t n_limits;
    const char *warning, *tested;
    struct table all;
    const struct sign_group *groups;
    size_t n_groups;
};
struct sign_limit_field {
    const char *name, *label, *value;
};
struct sign_field {
    const char *id, *name, *title;
    bool on;
    const struct sign_limit_field *limit;
    size_t n_limits;
};
struct sign_change_page {
    const struct view *view;
    struct problems problems;
    const char *version;
    const struct sign_field *field;
    size_t n;
    const struct named *packs;  /* earlier ones */
    size_t n_packs;
};
struct sign_preview_page {
    const struct view *view;
    struct problems problems;
    const char *heading, *lede, *action, *why;
    struct table signs, schools, added, removed;
    bool draft;                 /* may still be adopted */
};
