/* synth/tally.h - what was really generated, counted as DfE counts (rulings, first family).
 *
 * By school year and group of children.  All groups leave alternative provision out, but
 * the one of that name.  Headcount: January census, sole and dual-main registrations. */
#pragma once
#include "synth/life.h"

enum measure {
    HEADCOUNT, SUSPENSIONS, SUSPENDED, /* enrolments with one or more */
    SUSPENDED_TWICE,                   /* children with two or more */
    EXCLUSIONS,
    ENROLMENTS, POSSIBLE, ABSENT, PERSISTENT, SEVERE, MEASURES
};
extern const char *const tally_measures[MEASURES];

enum {
    GROUP_ALL, GROUP_PHASE, GROUP_SEX = GROUP_PHASE + PHASES, GROUP_MEALS = GROUP_SEX + 2,
    GROUP_SEN = GROUP_MEALS + 2, GROUP_SEMH = GROUP_SEN + 3, GROUP_CARE = GROUP_SEMH + 1,
    GROUP_CONTACT = GROUP_CARE + 3, GROUP_DECILE, GROUP_YEAR = GROUP_DECILE + 10,
    GROUP_ETHNICITY = GROUP_YEAR + 14, GROUPS = GROUP_ETHNICITY + ETHNICITIES
};
struct tally {
    int64_t n[YEARS][GROUPS][MEASURES];
    int64_t *school; /* [school][year]: suspensions, then headcount in the same order */
};
/* Name of a group: "sex" and "M". */
const char *tally_dimension(int group);
const char *tally_member(int group, char *buf); /* buf of 16 bytes */
void tally_add(struct tally *t, const struct life *l);
