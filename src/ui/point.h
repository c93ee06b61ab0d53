/* ui/point.h - a number with its base, as charts and sentences take it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct point {
    int64_t part, whole; /* whole 0: nothing to divide by */
    bool no_data;        /* a source is missing: never shown as none */
};
static inline bool
point_missing(struct point p)
{
    return p.no_data || p.whole <= 0;
}
