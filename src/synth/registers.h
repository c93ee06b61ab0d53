/* synth/registers.h - leaver returns and the authority's registers, a file of each a school
 * year; outcomes of exclusion reviews, few, in one.
 *
 * A register's file of a year has every entry that touches it, as known on its last day, so
 * that what is open in one is told again with its end in the next. */
#pragma once
#include "synth/life.h"
#include "synth/table.h"
#include "synth/truth.h"

enum { REGISTER_YEARS = YEAR_LAST - YEAR_SHOWN + 1 };
struct register_set {
    struct truth *truth;
    const struct folder *in;
    struct table leavers[REGISTER_YEARS], entries[REGISTER_YEARS], outcomes;
};
MUST_CHECK enum err registers_open(struct register_set *s, const struct folder *in,
                                   struct truth *t);
void registers_write(struct register_set *s, const struct life *l);
MUST_CHECK enum err registers_close(struct register_set *s);
