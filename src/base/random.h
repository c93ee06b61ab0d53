/* base/random.h - the same numbers on every machine for the same seed.
 *
 * SplitMix64 (Steele, Lea, Flood 2014), counter-based: a stream belongs to one entity and
 * one process, so that changing one process leaves all others as they were
 * (analytics.md §4.2).  Not for secrets. */
#pragma once
#include "base/job.h"

struct random { uint64_t key, n; };

struct random random_stream(uint64_t seed, uint64_t entity, uint64_t stream);
uint64_t random_next(struct random *r);
double random_unit(struct random *r);              /* in (0, 1) */
int64_t random_below(struct random *r, int64_t n); /* 0 … n-1 */
bool random_chance(struct random *r, double p);
double random_normal(struct random *r);            /* mean 0, variance 1: inverse of maths_phi */
