/* quality/list.h - what the rules found, as pages and files read it.
 *
 * Of the current run (run.h); counts are read, not made.  Everything asks permit(ACT_QUALITY):
 * a school role gets what its own school can mend, made without social care. */
#pragma once
#include "quality/rules.h"

struct quality_state {
    int64_t run, made, known_at; /* run 0: not asked yet */
    int32_t day;
};
MUST_CHECK enum err quality_state_get(struct job *j, struct quality_state *out);

enum { QUALITY_ALL = -1 };   /* every school, and the authority */
struct quality_counted {
    const char *rule;        /* "": all rules of rules.def together */
    bool at_load;            /* of a finding of loading; urn QUALITY_ALL alone */
    int64_t findings;
    int64_t parts;           /* schools of a rule; rules of a school; batches */
};
/* By rule, those with findings; of a school, 0 the authority itself, or QUALITY_ALL. */
MUST_CHECK enum err quality_by_rule(struct job *j, const struct quality_state *s, int64_t urn,
                                    struct quality_counted **out, size_t *n);
struct quality_of_school {
    int64_t urn;             /* 0: the authority itself */
    const char *name;
    int64_t findings, rules;
};
struct quality_asked {
    int64_t urn;             /* QUALITY_ALL; 0: the authority's */
    const char *rule;        /* NULL all */
    int64_t after, limit;    /* place after which to begin */
};
/* By school, most findings first: of ask->rule and no more than ask->limit. */
MUST_CHECK enum err quality_by_school(struct job *j, const struct quality_state *s,
                                      const struct quality_asked *ask,
                                      struct quality_of_school **out, size_t *n);
struct quality_row {
    int64_t place, urn, person, batch, file, line; /* 0: none */
    const char *rule, *school, *name, *upn, *fact, *value, *message; /* NULL none */
    int32_t born, on;
    bool hidden; /* a child not for j->who: no fact, value, message or line */
};
/* In the order of schools and rules.  A school role gets its own school's. */
MUST_CHECK enum err quality_list(struct job *j, const struct quality_state *s,
                                 const struct quality_asked *ask, struct quality_row **out,
                                 size_t *n);
