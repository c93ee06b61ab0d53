/* directory/facets.h - what the search filters by and counts (facets.def). */
#pragma once
#include "base/job.h"

enum facet_group {
#define GROUP(id, name, question) id,
#define FACET(group, id, name, label)
#include "directory/facets.def"
#undef GROUP
#undef FACET
    FACET_GROUPS
};
enum facet {
#define GROUP(id, name, question)
#define FACET(group, id, name, label) id,
#include "directory/facets.def"
#undef GROUP
#undef FACET
    FACETS
};
#define FACET_BIT(f) (UINT64_C(1) << (f))

const char *facets_group_name(enum facet_group g);     /* "ask" */
const char *facets_group_question(enum facet_group g); /* "Who can ask" */
uint64_t facets_of_group(enum facet_group g);          /* the bits of its values */
enum facet_group facets_group(enum facet f);
const char *facets_name(enum facet f);  /* "parent" */
const char *facets_label(enum facet f); /* "Parent or carer" */
/* False: the group has no such value. */
bool facets_find(enum facet_group g, const char *name, enum facet *out);
bool facets_find_group(const char *name, enum facet_group *out);
