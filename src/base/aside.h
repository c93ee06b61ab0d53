/* base/aside.h - files that can be derived again: written aside and renamed whole, and mapped.
 *
 * One name aside and a lock on it: what a killed program left is written over, and of two that
 * write at once the second waits, and then finds that the first has renamed its file.  Who has the
 * old file mapped goes on with it. */
#pragma once
#include "base/job.h"

/* "the column file": for messages; hint: what to do when it cannot be written. */
struct aside_words {
    const char *what, *hint;
};
struct aside;
/* PATH.new; it goes when the job (or scope) ends, unless it was put in place. */
MUST_CHECK enum err aside_open(struct job *j, const char *path, const struct aside_words *w,
                               struct aside **out);
MUST_CHECK enum err aside_put(struct aside *a, const void *p, size_t n);
uint64_t aside_at(const struct aside *a); /* bytes put so far */
/* Over the first bytes: a head, which knows what follows it. */
MUST_CHECK enum err aside_put_first(struct aside *a, const void *p, size_t n);
/* On disk, and in place. */
MUST_CHECK enum err aside_end(struct aside *a);

/* Mapped for reading until the job (or scope) ends.  *at NULL: it is no ordinary file, or smaller
 * than `least` bytes.  ERR_NOT_FOUND; ERR_ENV. */
struct aside_map {
    const void *at;
    size_t bytes;
};
MUST_CHECK enum err aside_map(struct job *j, const char *path, const char *what, size_t least,
                              struct aside_map *out);
