/* risk/now.h - what an area holds now, opened once for all that is made from it after a load:
 * figures, signs, watch lists, the quality of the data (intake/after.def).
 *
 *     struct risk_now now;
 *     e = risk_now(j, &now);                  // which days, nothing opened
 *     …figures_due(j, &now, &due)…            // is there anything to do?
 *     e = risk_now_open(j, home, &now);       // files, in j's scope
 *     e = risk_now_order(j, &now);            // for what writes lists
 *     e = figures_refresh_now(j, &now, false, &done); */
#pragma once
#include "base/cost.h"
#include "risk/places.h"
#include "timeline/marks.h"

struct risk_now {
    int32_t columns_day;  /* the last day that the column file tells of; DATE_NONE: no facts */
    int32_t day;          /* the last day with data, registers included, not after today */
    int32_t registers_to; /* the last day of registers, not after today; DATE_NONE: none */
    int64_t known_at;     /* after it nothing was published, withdrawn or corrected */
    /* Once opened; NULL before, and where nothing is loaded at all. */
    const struct timeline *t;
    const struct marks *marks;   /* all weeks up to `day` */
    const char *weeks;           /* the folder of marks */
    const char *home;            /* where they lie */
    struct cost opening;         /* what the column file took */
    const struct places *places; /* the order of names; only lists need it */
};
MUST_CHECK enum err risk_now(struct job *j, struct risk_now *out);
/* Column file and weeks are built where they are not there. */
MUST_CHECK enum err risk_now_open(struct job *j, const char *home, struct risk_now *now);
MUST_CHECK enum err risk_now_order(struct job *j, struct risk_now *now);
