/* intake/keep.h - the text of loaded files, kept compressed beside the facts.
 *
 * Pieces come as the reader gives them, are compressed (zstd) by a worker thread while
 * reading goes on, and are handed back in order to be written. */
#pragma once
#include "base/job.h"

struct keeper;
/* A worker and a few buffers, until the job or scope ends. */
MUST_CHECK enum err keeper_open(struct job *j, struct keeper **out);

struct kept {
    int64_t file_id, first_line;
    const void *content;
    size_t n;
};
/* Called with pieces that are ready, in the order they were given. */
typedef enum err kept_fn(struct job *j, void *arg, const struct kept *k);
MUST_CHECK enum err keeper_give(struct job *j, struct keeper *k, const struct kept *piece,
                                kept_fn *fn, void *arg);
/* Hand back all that is still on its way. */
MUST_CHECK enum err keeper_drain(struct job *j, struct keeper *k, kept_fn *fn, void *arg);
/* Forget it: the batch comes to nothing. */
void keeper_clear(struct keeper *k);
/* A piece compressed at once, in the job: for one that was changed. */
MUST_CHECK enum err kept_pack(struct job *j, const char *text, size_t n, const void **content,
                              size_t *n_content);
/* The text again, NUL-ended, in the job.  ERR_FAULT: the database holds something else. */
MUST_CHECK enum err kept_text(struct job *j, const void *content, size_t n, const char **text,
                              size_t *n_text);
