/* returns/unpacked.h - text unpacked from a workbook or a zip, in a temporary file without a
 * name; for this room, and for the directory.  It is gone with the job, however that ends. */
#pragma once
#include "base/text.h"

struct unpacked {
    int fd;
    int64_t written; /* bytes given so far */
    int64_t most;    /* and how many they may be */
    bool failed;     /* an error is set: may be called further, does nothing */
    struct job *j;
    const char *name; /* for messages: what is unpacked */
};
/* most: in bytes; past it, or when the disk is full, an error is set. */
MUST_CHECK enum err unpacked_open(struct job *j, const char *name, int64_t most,
                                  struct unpacked **out);
/* Writes at once: give large pieces.  May be called where no jump may cross.  False: failed. */
bool unpacked_write(struct unpacked *u, const char *s, size_t n);
/* All of it, to be read until the job ends; nothing can be written further. */
MUST_CHECK enum err unpacked_map(struct job *j, struct unpacked *u, struct span *out);
