/* timeline/lookup.h - whole numbers to small numbers, quickly.  Private to this room. */
#pragma once
#include "base/job.h"

struct lookup {
    int64_t *key;
    uint32_t *value; /* + 1; 0: empty */
    uint32_t size, count; /* size: a power of two, or 0 */
};
/* Add, or change, the value of a key; values below UINT32_MAX. */
void lookup_put(struct job *j, struct lookup *l, int64_t key, uint32_t value);
/* UINT32_MAX: not there. */
uint32_t lookup_get(const struct lookup *l, int64_t key);
