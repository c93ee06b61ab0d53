/* tests/bench/calibrate.c - how fast this machine's core is, so that figures of two machines
 * can be held side by side: millions of rounds a second of a fixed integer loop. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

int
main(void)
{
    struct timespec a, b;
    uint64_t x = 88172645463325252u;
    const int rounds = 300000000;
    double s;

    clock_gettime(CLOCK_MONOTONIC, &a);
    for (int i = 0; i < rounds; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    clock_gettime(CLOCK_MONOTONIC, &b);
    s = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
    printf("%.0f\n", rounds / s / 1e6);
    return x == 0;
}
