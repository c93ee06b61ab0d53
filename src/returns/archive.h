/* returns/archive.h - the members of a zip (a workbook is one, too), within limits; for this
 * room, and for the directory’s zips of tables.
 *
 * Nothing is ever written to a place that the archive names. */
#pragma once
#include "base/text.h"

struct zip;

enum {
    ARCHIVE_MEMBERS = 10000,
    ARCHIVE_RATIO = 200,                 /* unpacked to packed, once it is past … */
    ARCHIVE_RATIO_FROM = 10 * 1024 * 1024,
};
struct archive {
    struct zip *zip;
    const char *name;  /* of the file, for messages */
    size_t n;          /* members */
    int64_t left;      /* bytes that may still be unpacked */
};
struct archive_member {
    const char *name;  /* as it stands in the archive; may hold folders */
    int64_t packed, unpacked; /* as the archive says */
    bool folder, locked;      /* locked: with a password */
};
/* Is it one, from its first bytes? */
bool archive_is(const char *s, size_t n);
/* Over bytes that outlive the job.  `most`: bytes that may be unpacked of it all.  ERR_INPUT:
 * broken, its members overlap, or there are too many. */
MUST_CHECK enum err archive_open(struct job *j, const char *name, struct span bytes,
                                 int64_t most, struct archive **out);
/* False: its name cannot be read. */
bool archive_member(const struct archive *a, size_t i, struct archive_member *out);
/* Index of the member with this name (without case); -1: none. */
int64_t archive_find(const struct archive *a, const char *name);
/* Hand its bytes out in pieces, until take() gives false (which is no error here).  ERR_INPUT:
 * damaged, locked, larger than `most`, or packed more tightly than an honest file is. */
struct archive_sink {
    int64_t most;
    bool (*take)(void *arg, const char *s, size_t n);
    void *arg;
};
MUST_CHECK enum err archive_read(struct job *j, struct archive *a, size_t i,
                                 struct archive_sink to);
