/* access/agency.h - who works together: the council's teams, schools, the police, a charity.
 *
 * A person acts for an agency (account_role.h); its kind decides what the sharing agreement lets
 * it receive (agreement.h). An agency that has ended stays, for what its people wrote. */
#pragma once
#include "access/actor.h"

enum { AGENCY_NAME = 80 }; /* letters, at most */

const char *agency_kind_title(enum agency_kind k); /* "Youth justice" */

struct agency {
    int64_t area, id;
    const char *name;
    enum agency_kind kind;
    int64_t urn;          /* of kind school; 0 none */
    int64_t since, ended; /* times; ended 0: it takes part */
    int64_t people;       /* who may act for it now */
};
/* All ask permit(ACT_AGENCIES). Areas in turn, those that take part first, by name. An agency
 * of a kind that this program does not know is left out. */
MUST_CHECK enum err agency_list(struct job *j, struct agency **out, size_t *n);
/* ERR_NOT_FOUND. */
MUST_CHECK enum err agency_get(struct job *j, int64_t area, int64_t id, struct agency *out);
/* In the caller's transaction. ERR_INPUT says what is missing or too much: an area of three
 * digits, a name, for a school its URN; ERR_CONFLICT: there is one of that name. */
MUST_CHECK enum err agency_add(struct job *j, const struct agency *a, int64_t *id);
MUST_CHECK enum err agency_rename(struct job *j, const struct agency *a, const char *name);
/* Every role that is given for it ends with it, at once. ERR_CONFLICT: it has ended already. */
MUST_CHECK enum err agency_end(struct job *j, const struct agency *a);
/* The first that takes part of a kind, of a school by its URN; made when there is none. */
MUST_CHECK enum err agency_for(struct job *j, const struct agency *like, int64_t *id);
