/* base/progress.h - how far a long piece of work is.
 *
 * On a terminal one line that redraws (bar, rate, time left); elsewhere a plain line at
 * each tenth.  Work behind pages gives a function of its own instead.  Used by one thread. */
#pragma once
#include "base/job.h"

struct progress {
    const char *what;    /* "School census, autumn 2024" */
    const char *unit;    /* "rows" */
    int64_t done, total; /* total 0: not known */
    int64_t started, shown; /* times by the monotonic clock */
    bool quiet, terminal;
    void (*tell)(void *arg, int64_t done, int64_t total); /* instead of printing; may be NULL */
    void *arg;
};
/* Begin with {0}, or with quiet, tell and arg set. */
void progress_begin(struct progress *p, const char *what, const char *unit, int64_t total);
void progress_add(struct progress *p, int64_t n); /* cheap: draws at most ten times a second */
void progress_end(struct progress *p);
