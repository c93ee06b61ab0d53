#include "risk/members.h"

const struct member_row member_rows[MEMBERS] = {
#define MEMBER(dimension, member, label, has, lacks) \
    {dimension, member, label, (has) | (lacks), has},
#include "risk/members.def"
#undef MEMBER
};

size_t
members_of(enum dimension d, size_t *n)
{
    size_t first = 0, end;

    while (first < MEMBERS && member_rows[first].dimension != d)
        first++;
    for (end = first; end < MEMBERS && member_rows[end].dimension == d; end++)
        ;
    *n = end - first;
    return first;
}

const struct member_row *
member_find(enum dimension d, const char *member)
{
    for (size_t i = 0; i < MEMBERS; i++)
        if (member_rows[i].dimension == d && !strcmp(member_rows[i].member, member))
            return &member_rows[i];
    return NULL;
}
