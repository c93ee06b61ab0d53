#include "stats/concentration.h"

__extension__ typedef __int128 wide;

static int
by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

struct tallies
concentration_tallies(struct job *j, const int32_t *x, size_t n)
{
    int32_t *sorted = job_array(j, n, sizeof *sorted);
    struct tallies t = {.people = (int64_t)n};

    if (n)
        memcpy(sorted, x, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_number);
    for (size_t i = 0; i < n; i++)
        t.n += i == 0 || sorted[i] != sorted[i - 1];
    t.v = job_array(j, t.n, sizeof *t.v);
    for (size_t i = 0, k = 0; i < n; i++) {
        k += i > 0 && sorted[i] != sorted[i - 1];
        t.v[k].people++;
        t.v[k].events += sorted[i];
        t.events += sorted[i];
    }
    return t;
}

/* Fewer events a person: a/b < c/d without dividing. */
static bool
is_less(const struct tally *a, const struct tally *b)
{
    return (wide)a->events * b->people < (wide)b->events * a->people;
}

void
concentration_sort(struct tally *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct tally t = v[i];
        size_t k = i;
        for (; k > 0 && is_less(&t, &v[k - 1]); k--)
            v[k] = v[k - 1];
        v[k] = t;
    }
}

static struct tally
total(const struct tally *v, size_t n)
{
    struct tally t = {0};

    for (size_t i = 0; i < n; i++) {
        t.people += v[i].people;
        t.events += v[i].events;
    }
    return t;
}

double
concentration_index(const struct tally *v, size_t n)
{
    struct tally all = total(v, n);
    wide whole = (wide)all.people * all.events, area = 0;
    int64_t events = 0;

    if (whole == 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        area += (wide)(2 * events + v[i].events) * v[i].people;
        events += v[i].events;
    }
    return (double)(whole - area) / (double)whole;
}

double
concentration_top_share(const struct tally *v, size_t n, double share)
{
    struct tally all = total(v, n);
    double left = share * (double)all.people, events = 0;

    if (all.events == 0)
        return 0;
    for (size_t i = n; i-- > 0 && left > 0;) {
        double people = (double)v[i].people;
        if (people == 0)
            continue;
        events += left < people ? (double)v[i].events * (left / people) : (double)v[i].events;
        left -= people;
    }
    return events / (double)all.events;
}

struct slope
concentration_slope(const struct tally *v, size_t n)
{
    struct tally all = total(v, n);
    double people = (double)all.people, before = 0, covariance = 0, variance = 0;
    double mean, start;
    struct slope s = {0};

    if (all.people == 0)
        return s;
    mean = (double)all.events / people;
    for (size_t i = 0; i < n; i++) {
        double w = (double)v[i].people / people;
        double rank = before + w / 2 - 0.5;
        covariance += rank * ((double)v[i].events / people - w * mean);
        variance += w * rank * rank;
        before += w;
    }
    if (variance <= 0)
        return s;
    s.index = covariance / variance;
    start = mean - s.index / 2;
    s.ratio = start > 0 ? (mean + s.index / 2) / start : 0;
    return s;
}

void
concentration_curve(const struct tally *v, size_t n, struct lorenz_point *out)
{
    struct tally all = total(v, n), at = {0};

    out[0] = (struct lorenz_point){0, 0};
    for (size_t i = 0; i < n; i++) {
        at.people += v[i].people;
        at.events += v[i].events;
        out[i + 1].people = all.people ? (double)at.people / (double)all.people : 0;
        out[i + 1].events = all.events ? (double)at.events / (double)all.events : 0;
    }
}
