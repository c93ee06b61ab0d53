#include "base/random.h"
#include "base/maths.h"

__extension__ typedef unsigned __int128 wide;

/* SplitMix64's output function: each input has one output and each bit moves half of them. */
static uint64_t
mix(uint64_t z)
{
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

struct random
random_stream(uint64_t seed, uint64_t entity, uint64_t stream)
{
    uint64_t which = mix(entity * UINT64_C(0x100000001B3) + stream);

    return (struct random){.key = mix(mix(seed ^ UINT64_C(0xA5A5A5A5)) + which)};
}

uint64_t
random_next(struct random *r)
{
    return mix(r->key + ++r->n * UINT64_C(0x9E3779B97F4A7C15));
}

double
random_unit(struct random *r)
{
    return ((double)(random_next(r) >> 11) + 0.5) * 0x1p-53;
}

/* Without bias: Lemire, Fast random integer generation in an interval (2019). */
int64_t
random_below(struct random *r, int64_t n)
{
    uint64_t m = (uint64_t)n, least = (0 - m) % m;
    wide product;

    do
        product = (wide)random_next(r) * m;
    while ((uint64_t)product < least);
    return (int64_t)(product >> 64);
}

bool
random_chance(struct random *r, double p)
{
    return random_unit(r) < p;
}

double
random_normal(struct random *r)
{
    return maths_phi_inverse(random_unit(r));
}
