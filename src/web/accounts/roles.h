/* web/accounts/roles.h - for administrators: what somebody may act as, and for whom. */
#pragma once
#include "access/account_role.h"
#include "ui/components.h"
#include "web/page.h"

/* What is asked about a role that is to be given; its problems are at "role", "agency",
 * "since", "until", "why". */
struct role_fields {
    struct text_field role, agency, since, until, why;
    bool no_agencies;            /* there is none yet: only an administrator can be made */
};
struct role_new_page {
    const struct view *view;
    const char *action, *back;
    struct problems problems;
    struct role_fields fields;
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
/* As typed before, with what is wrong. */
MUST_CHECK enum err roles_fields(struct job *j, const struct request *q,
                                 const struct problems *problems, struct role_fields *out);
/* The role as typed, of no account yet. ERR_INPUT: a day is none; *field where. */
MUST_CHECK enum err roles_read(struct job *j, const struct request *q, struct account_role *out,
                               const char **field);
/* At which field the words belong that account_role_give() has about it. */
const char *roles_field(const struct job *j, const struct account_role *r);
