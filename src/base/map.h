/* base/map.h - 64-bit keys to 64-bit values in one flat table, and piles of equal things.
 *
 * For indexes of a few hundred thousand entries held through a long piece of work.  Both
 * keep their memory apart from the job's, so they may grow inside a job_scope(). */
#pragma once
#include "base/job.h"

struct map;
/* Room for `expect` at first.  Given back when the job (or the scope it was opened in) ends. */
MUST_CHECK enum err map_open(struct job *j, size_t expect, struct map **out);
/* The value's place, until the next map_put(); NULL: no such key. */
int64_t *map_find(struct map *m, uint64_t key);
/* Add or replace. */
MUST_CHECK enum err map_put(struct job *j, struct map *m, uint64_t key, int64_t value);
size_t map_count(const struct map *m);
/* Nothing walks a map, so no result depends on the keys' values. */

/* A key for text: SipHash with a salt drawn at random, so that no file can be made to
 * collide.  Two texts of a million have one key by chance once in 10^7 loads. */
struct map_salt {
    unsigned char bytes[16];
};
struct map_salt map_salt_new(void);
uint64_t map_key(const struct map_salt *salt, const void *s, size_t n);

/* Things of one size that stay where they are while the pile grows. */
struct pile;
MUST_CHECK enum err pile_open(struct job *j, size_t item, struct pile **out);
/* A new zeroed item, at index pile_count() - 1.  NULL past the ceiling, with the error set. */
void *pile_add(struct job *j, struct pile *p);
void *pile_at(const struct pile *p, size_t i); /* i < count */
size_t pile_count(const struct pile *p);
/* Text kept as long as the pile, NUL-ended.  NULL past the ceiling, with the error set. */
char *pile_keep(struct job *j, struct pile *p, const char *s, size_t n);
