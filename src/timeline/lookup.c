#include "timeline/lookup.h"

/* Linear probing at most half full. */
static uint32_t
slot_of(const struct lookup *l, int64_t key)
{
    uint64_t h = (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t i = (uint32_t)(h >> 32) & (l->size - 1);

    while (l->value[i] && l->key[i] != key)
        i = (i + 1) & (l->size - 1);
    return i;
}

static void
grow(struct job *j, struct lookup *l)
{
    struct lookup more = {.size = l->size ? l->size * 2 : 64, .count = l->count};

    more.key = job_array(j, more.size, sizeof *more.key);
    more.value = job_array(j, more.size, sizeof *more.value);
    for (uint32_t i = 0; i < l->size; i++) {
        if (l->value[i]) {
            uint32_t at = slot_of(&more, l->key[i]);
            more.key[at] = l->key[i];
            more.value[at] = l->value[i];
        }
    }
    *l = more;
}

void
lookup_put(struct job *j, struct lookup *l, int64_t key, uint32_t value)
{
    uint32_t at;

    if (l->count * 2 >= l->size)
        grow(j, l);
    at = slot_of(l, key);
    if (!l->value[at])
        l->count++;
    l->key[at] = key;
    l->value[at] = value + 1;
}

uint32_t
lookup_get(const struct lookup *l, int64_t key)
{
    return l->size ? l->value[slot_of(l, key)] - 1 : UINT32_MAX;
}
