/* synth/cin.h - the children in need censuses, the person list of the case system, and the
 * notifications of the term that runs. */
#pragma once
#include "synth/life.h"
#include "synth/table.h"
#include "synth/truth.h"

enum { CIN_FIRST = 2019, CIN_LAST = 2025, CIN_YEARS = CIN_LAST - CIN_FIRST + 1 };
struct cin_set {
    const struct folder *in;
    struct truth *truth;
    FILE *year[CIN_YEARS]; /* by the year in which it ends */
    struct table people, notes;
};
MUST_CHECK enum err cin_open(struct cin_set *s, const struct folder *in, struct truth *t);
void cin_write(struct cin_set *s, const struct life *l);
MUST_CHECK enum err cin_close(struct cin_set *s);
void cin_person(struct cin_set *s, const struct life *l);        /* people.c */
void cin_notifications(struct cin_set *s, const struct life *l); /* people.c */
