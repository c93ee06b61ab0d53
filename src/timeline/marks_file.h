/* timeline/marks_file.h - one week as a file, and which weeks an order wants.  Private.
 *
 * <folder>/2025-01-13-5fd3a90c11e2b407.week: the Monday, and the digest of all that the week
 * is derived from, so that a file is right or is not there.  It is not synced: what a power
 * cut leaves of it is found by its checksums and derived again. */
#pragma once
#include "store/db.h"
#include "timeline/marks.h"

enum { MARKS_VERSION = 4, MARKS_DIGEST = 32 };

/* A batch that counts for a week. */
struct marks_batch {
    int64_t batch_id, published;
};
struct marks_wanted {
    int32_t monday;
    uint8_t digest[MARKS_DIGEST];
    struct marks_batch *batch; /* by publishing */
    size_t n;
    int64_t known_at;          /* what was corrected by then is laid over them */
};
/* marks_order.c: the weeks that registers of the order tell of, by date. */
MUST_CHECK enum err marks_weeks(struct job *j, const struct marks_order *o,
                                struct marks_wanted **out, size_t *n);
const char *marks_file_name(const struct marks_wanted *w, char *buf); /* MARKS_NAME bytes */
enum { MARKS_NAME = 64 };

struct marks_head {
    char magic[8];       /* "rootedMW" */
    uint32_t version, order; /* order: 0x01020304 as this machine writes it */
    uint64_t bytes, checksum; /* of all that follows the head */
    int64_t area, first_person;
    int32_t monday;
    uint32_t rows, patterns, schools;
    uint8_t digest[MARKS_DIGEST];
    uint64_t head_checksum; /* itself 0 */
};
_Static_assert(sizeof(struct marks_head) == 104, "no holes");
/* marks_week.c: derive one week.  `who` is everybody, once for all weeks. */
struct marks_who;
MUST_CHECK enum err marks_who_load(struct job *j, int64_t known_at, struct marks_who **out);
MUST_CHECK enum err marks_week_derive(struct job *j, const struct marks_who *who,
                                      const struct marks_wanted *w, struct marks_week *out);
/* What a pattern comes to in the week of that Monday; half days after `last` are cleared. */
void marks_add_up(struct marks_pattern *p, int32_t monday, int32_t last);
/* marks_file.c */
MUST_CHECK enum err marks_write_file(struct job *j, const char *folder,
                                     const struct marks_wanted *w, const struct marks_week *week);
/* Is there a file of that digest with a right head?  Its rows are not read. */
MUST_CHECK enum err marks_is_there(struct job *j, const char *folder,
                                   const struct marks_wanted *w);
/* Mapped, with a right head; and whether its rows are right, for which they are all read. */
MUST_CHECK enum err marks_map_file(struct job *j, const char *folder,
                                   const struct marks_wanted *w, struct marks_week *out);
bool marks_rows_are_right(const struct marks_week *w);
enum err marks_is_damaged(struct job *j, const char *folder, const struct marks_wanted *w);
