#include "ui/components.h"
#include "base/banned.h"
#include <string.h>

const char *
absent_word(enum absent a)
{
    static const char *const word[] = {
        [PRESENT] = "", [NO_DATA] = "No data", [NONE] = "None", [NOT_SHARED] = "Not shared",
        [NOT_ASKED] = "Not asked", [SUPPRESSED] = "Too few to show"};
    return word[a];
}

const char *
absent_class(enum absent a)
{
    static const char *const name[] = {
        [PRESENT] = "", [NO_DATA] = "abs abs--nodata", [NONE] = "abs abs--none",
        [NOT_SHARED] = "abs abs--notshared", [NOT_ASKED] = "abs abs--notasked",
        [SUPPRESSED] = "rt-c"};
    return name[a];
}

const char *
fresh_class(enum fresh f)
{
    static const char *const name[] = {
        [FRESH] = "rt-fresh", [FRESH_DUE] = "rt-fresh rt-fresh--due",
        [FRESH_STALE] = "rt-fresh rt-fresh--stale", [FRESH_ABSENT] = ""};
    return name[f];
}

const char *
problem_of(const struct problems *p, const char *field)
{
    for (size_t i = 0; p && i < p->n; i++)
        if (!strcmp(p->v[i].field, field))
            return p->v[i].text;
    return NULL;
}
