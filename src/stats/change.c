#include "stats/change.h"
#include "base/maths.h"
#include <math.h>

static struct verdict
judge(struct interval by, double none)
{
    struct verdict v = {.by = by};

    if (!by.known)
        v.change = CHANGE_NOT_KNOWN;
    else if (by.low > none)
        v.change = CHANGE_UP;
    else if (by.high < none)
        v.change = CHANGE_DOWN;
    else
        v.change = CHANGE_NOT_CLEAR;
    return v;
}

struct verdict
change_of_parts(struct part before, struct part after, double level)
{
    return judge(interval_difference(after, before, level), 0);
}

/* Given their sum, the later events are a binomial part of it; its exact limits become
 * limits of the ratio of the rates. */
static struct interval
exact_ratio(struct events before, struct events after, double level)
{
    struct part later = {after.events, before.events + after.events};
    struct interval p = interval_exact(later, level);
    double scale = (double)before.base / (double)after.base;

    if (!p.known)
        return p;
    return (struct interval){
        .value = before.events ? (double)after.events / (double)before.events * scale : INFINITY,
        .low = p.low / (1 - p.low) * scale,
        .high = p.high < 1 ? p.high / (1 - p.high) * scale : INFINITY,
        .known = true,
    };
}

static struct interval
bundled_ratio(struct events before, struct events after, double level)
{
    double b = (double)before.events, a = (double)after.events;
    double ratio = a / (double)after.base / (b / (double)before.base);
    double error = sqrt((double)before.squares / (b * b) + (double)after.squares / (a * a));
    double factor = maths_exp(-maths_phi_inverse((1 - level) / 2) * error);

    return (struct interval){ratio, ratio / factor, ratio * factor, true, false};
}

static bool
is_bundled(struct events e)
{
    return e.events > 0 && e.squares > e.events;
}

struct verdict
change_of_events(struct events before, struct events after, double level)
{
    if (before.base <= 0 || after.base <= 0 || before.events < 0 || after.events < 0)
        return judge((struct interval){0}, 1);
    if (before.events == 0 || after.events == 0 || (!is_bundled(before) && !is_bundled(after)))
        return judge(exact_ratio(before, after, level), 1);
    if (before.squares < before.events)
        before.squares = before.events;
    if (after.squares < after.events)
        after.squares = after.events;
    return judge(bundled_ratio(before, after, level), 1);
}

const char *
change_words(enum change c)
{
    switch (c) {
    case CHANGE_NOT_CLEAR:
        return "no clear change";
    case CHANGE_UP:
        return "up";
    case CHANGE_DOWN:
        return "down";
    case CHANGE_NOT_KNOWN:
        break;
    }
    return "not known";
}
