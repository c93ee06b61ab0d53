#include "access/actor.h"

static const struct role_row {
    const char *name, *title;
    enum role_scope scope;
    enum agency_kind kind;
} roles[] = {
#define ROLE(id, name, title, scope, kind) [id] = {name, title, scope, AGENCY_##kind},
#include "access/roles.def"
#undef ROLE
    [ROLE_NONE] = {"none", "no role at present", SCOPE_NONE, AGENCY_INCLUSION},
};

const char *
role_name(enum role r)
{
    return roles[r].name;
}

const char *
role_title(enum role r)
{
    return roles[r].title;
}

enum role_scope
role_scope(enum role r)
{
    return roles[r].scope;
}

enum agency_kind
role_agency(enum role r)
{
    return roles[r].kind;
}

bool
role_find(const char *name, enum role *out)
{
    for (int r = 0; r < ROLES; r++) {
        if (strcmp(roles[r].name, name))
            continue;
        *out = (enum role)r;
        return true;
    }
    return false;
}
