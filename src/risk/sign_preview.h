/* risk/sign_preview.h - who would be listed by another pack of signs, before it is adopted. */
#pragma once
#include "risk/signs.h"

struct sign_preview_rule {
    const char *id, *title;
    int64_t now, then;       /* children with that sign, listed or not; -1: not in the pack */
};
struct sign_preview_school {
    int64_t urn;
    const char *name;
    int64_t now, then, added, removed; /* listed */
};
struct sign_preview_child {
    int64_t person, urn;
    const char *name, *school;
    int year_group;
    const char *words;       /* its signs: of the new pack when added, of the old when removed */
};
struct sign_preview {
    int32_t day;
    int64_t now, then;       /* children listed */
    const struct sign_preview_rule *rule;     /* of both packs, by id */
    const struct sign_preview_school *school; /* with a change, by name */
    const struct sign_preview_child *added, *removed; /* by school, then name */
    size_t n_rules, n_schools, n_added, n_removed;
};
/* On the last day with data, from the files under home.  `now`: the pack in force.
 * Asks permit(ACT_SIGN_PACK). */
MUST_CHECK enum err sign_preview(struct job *j, const char *home, const struct sign_pack *then,
                                 struct sign_preview *out);
