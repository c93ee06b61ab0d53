#include "directory/facets.h"

static const struct {
    const char *name, *question;
} groups[] = {
#define GROUP(id, name, question) {name, question},
#define FACET(group, id, name, label)
#include "directory/facets.def"
#undef GROUP
#undef FACET
};

static const struct {
    enum facet_group group;
    const char *name, *label;
} values[] = {
#define GROUP(id, name, question)
#define FACET(group, id, name, label) {group, name, label},
#include "directory/facets.def"
#undef GROUP
#undef FACET
};
_Static_assert(FACETS <= 64, "a row has 64 bits");

const char *
facets_group_name(enum facet_group g)
{
    return groups[g].name;
}

const char *
facets_group_question(enum facet_group g)
{
    return groups[g].question;
}

uint64_t
facets_of_group(enum facet_group g)
{
    uint64_t bits = 0;

    for (int f = 0; f < FACETS; f++)
        bits |= values[f].group == g ? FACET_BIT(f) : 0;
    return bits;
}

enum facet_group
facets_group(enum facet f)
{
    return values[f].group;
}

const char *
facets_name(enum facet f)
{
    return values[f].name;
}

const char *
facets_label(enum facet f)
{
    return values[f].label;
}

bool
facets_find(enum facet_group g, const char *name, enum facet *out)
{
    for (int f = 0; f < FACETS; f++)
        if (values[f].group == g && strcmp(values[f].name, name) == 0) {
            *out = (enum facet)f;
            return true;
        }
    return false;
}

bool
facets_find_group(const char *name, enum facet_group *out)
{
    for (int g = 0; g < FACET_GROUPS; g++)
        if (strcmp(groups[g].name, name) == 0) {
            *out = (enum facet_group)g;
            return true;
        }
    return false;
}
