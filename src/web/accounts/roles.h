/* web/accounts/roles.h - for administrators: what somebody may act as, and for whom. */
#pragma once
#include "access/account_role.h"
#include "ui/components.h"
#include "web/page.h"

struct role_new_page {
    const struct view *view;
    const char *action, *back;
    struct problems problems;    /* fields "agency", "since", "until", "why" */
    struct text_field role, agency, since, until, why;
    bool no_agencies;            /* there is none yet but for the administrator */
};
struct role_page {
    const struct view *view;
    const char *action, *back;
    const struct named *facts;
    size_t n_facts;
    bool over;
    struct problems problems;    /* field "why" */
    struct text_field why;
};
/* The roles of an account as a table, newest first. */
MUST_CHECK enum err roles_table(struct job *j, int64_t account, struct table *out);
/* "authority 896, Ashmere Academy", or NULL */
const char *role_place(struct job *j, const struct account_role *r);

/* From a day as typed to a time; of a last day to the end of it. Empty: 0. ERR_INPUT. */
MUST_CHECK enum err roles_day(struct job *j, const char *typed, bool last, int64_t *out);
/* What a role may be given for: "896-3" names an agency in a form; "" none. */
MUST_CHECK enum err roles_agencies(struct job *j, const char *chosen, struct option **out,
                                   size_t *n);
struct option *roles_options(struct job *j, const char *chosen);
