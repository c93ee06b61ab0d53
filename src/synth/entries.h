/* synth/entries.h - what the authority's registers hold of one child.
 *
 * Made from the life: who leaves to be educated at home is on that register, a managed move
 * is mostly on record, and so on; a few things the registers do not have. */
#pragma once
#include "people/entry.h"
#include "synth/life.h"

enum { MOST_ENTRIES = 96 };
struct entry {
    enum entry_kind kind;
    int32_t start, end;  /* [start, end); DATE_OPEN */
    int32_t review;      /* DATE_NONE */
    int spell;           /* whose school; -1 none */
    int provider;        /* a school; -1 none */
    int hours;           /* hundredths a week; 0 none */
    const char *reason, *outcome;
};
struct entries {
    const struct life *l;
    struct random r;
    struct entry v[MOST_ENTRIES + 1]; /* the last takes what is beyond */
    int n;
};
struct decision { /* of a board or panel */
    int32_t day;
    const char *result;
    bool panel;
};
void entries_make(struct entries *x);
