/* synth/plans.h - SEN2 of three Januaries, as COLLECT exports it: plans, requests, refusals. */
#pragma once
#include "synth/life.h"
#include "synth/table.h"

enum { PLANS_FIRST = 2023, PLANS_YEARS = 3 };
enum plans_table { PLANS_PERSON, PLANS_REQUEST, PLANS_ASSESSMENT, PLANS_NAMED, PLANS_ACTIVE,
                   PLANS_PLACEMENT, PLANS_NEED, PLANS_TABLES };
struct plan_set {
    const struct folder *in;
    struct table t[PLANS_YEARS][PLANS_TABLES];
};
MUST_CHECK enum err plans_open(struct plan_set *s, const struct folder *in);
void plans_write(struct plan_set *s, const struct life *l);
MUST_CHECK enum err plans_close(struct plan_set *s);
