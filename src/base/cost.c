#include "base/cost.h"
#include "base/banned.h"
#include <sys/resource.h>

static int64_t
us_of(struct timeval t)
{
    return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

struct cost
cost_now(void)
{
    struct timespec t;
    struct rusage r;

    clock_gettime(CLOCK_MONOTONIC, &t);
    getrusage(RUSAGE_SELF, &r);
    return (struct cost){(int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000,
                         us_of(r.ru_utime) + us_of(r.ru_stime), r.ru_maxrss};
}

struct cost
cost_since(struct cost start)
{
    struct cost now = cost_now();

    return (struct cost){now.us - start.us, now.processor_us - start.processor_us, now.peak_kb};
}
