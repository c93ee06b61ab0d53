/* base/cost.h - what a step of the program costs: time, processor, memory. */
#pragma once
#include <stdint.h>

struct cost {
    int64_t us;           /* by the clock */
    int64_t processor_us; /* of all threads, those of other work included */
    int64_t peak_kb;      /* the most memory of the program that was resident, so far */
};
struct cost cost_now(void);
struct cost cost_since(struct cost start);
