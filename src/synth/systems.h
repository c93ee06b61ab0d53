/* synth/systems.h - the last week of one school's register each, once more, as the school's own
 * system exports it: Wonde, Bromcom, SIMS, Arbor. */
#pragma once
#include "synth/life.h"
#include "synth/table.h"

enum system_kind { SYSTEM_WONDE, SYSTEM_BROMCOM, SYSTEM_SIMS, SYSTEM_ARBOR, SYSTEMS };
struct system_set {
    const struct folder *in;
    FILE *pupils[SYSTEMS], *marks[SYSTEMS]; /* NULL: the authority has no such school */
    int64_t n_pupils[SYSTEMS], n_marks[SYSTEMS], last[SYSTEMS];
};
MUST_CHECK enum err systems_open(struct system_set *s, const struct folder *in,
                                 const struct world *w);
struct system_mark {
    const struct life *l;
    int school, half;
    const char *upn, *code;
    int32_t date;
};
/* Nothing when the school has none of these systems. */
void systems_mark(struct system_set *s, const struct system_mark *m);
MUST_CHECK enum err systems_close(struct system_set *s);
