/* access/actor.h - who asks: an account with the role it acts in, its agency, area and school. */
#pragma once
#include "base/job.h"

enum role {
#define ROLE(id, name, title, scope, kind) id,
#include "access/roles.def"
#undef ROLE
    ROLES,
    ROLE_NONE = ROLES, /* no role is in force: opens nothing but one's own account */
};
enum agency_kind {
#define AGENCY(id, name, words, title) id,
#include "access/agency_kinds.def"
#undef AGENCY
    AGENCY_KINDS
};
enum role_scope { SCOPE_NONE, SCOPE_SCHOOL, SCOPE_AREA };

struct actor {
    int64_t account; /* account_id; 0: the command line, which may do all in its area */
    const char *login, *name;
    enum role role;
    int64_t area;
    int64_t urn;     /* the school of a school role; 0 none */
    int64_t agency;  /* for which the role is held (agency.h); 0 none */
    enum agency_kind kind;
    int64_t role_no; /* which of the account's roles; how many of them are in force */
    int roles;
    const char *csrf; /* of this session; "" on the command line */
    int64_t strong_until; /* passphrase and code were given again; session_is_strong() */
};
const char *role_name(enum role r);  /* "analyst", as stored */
const char *role_title(enum role r); /* "data analyst", as shown */
enum role_scope role_scope(enum role r);
/* Of the agency that it is held for; AGENCY_INCLUSION: of any that is no school. */
enum agency_kind role_agency(enum role r);
bool role_find(const char *name, enum role *out);
