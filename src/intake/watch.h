/* intake/watch.h - a folder into which files are dropped, watched: what is complete is loaded.
 *
 * A folder within it is loaded when all files in it have been still for a while, so that the
 * tables of an export come together.  Nothing is moved or deleted; what is loaded already is
 * known by its bytes and is nothing new.  What could not be read is tried again when it has
 * changed; what failed for another reason (another load, a full disk) in the next round. */
#pragma once
#include "intake/load.h"

struct watch_options {
    const struct load_options *load;
    int quiet_ms;   /* so long must a file be unchanged: 10 s */
    int rescan_ms;  /* look so often even when nothing was heard of: 60 s */
    int stop_fd;    /* readable: end; a load under way is finished first */
    int64_t (*clock)(void *arg); /* the time each load is given */
    /* After each load: its result, or the error in j->err.  false: end. */
    bool (*told)(struct job *j, void *arg, const struct load_result *r, enum err e);
    bool (*looked)(void *arg); /* after each look: false: end; may be NULL */
    void *arg;
};
/* Returns when it is told to end.  ERR_BUSY: somebody watches this folder already; ERR_INPUT:
 * there is no such folder. */
MUST_CHECK enum err watch(struct job *j, const char *folder, const struct watch_options *o);
