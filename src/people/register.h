/* people/register.h - a school's register of one week, packed.
 *
 * One row of register_week holds what one batch says of one school's week: the children,
 * their fourteen half days, where in the batch's files each stood.  Mostly the same few
 * patterns for hundreds of children, and mostly what the batch before said: patterns are
 * written once, and a week may be packed against an earlier one of the same school, which
 * then is needed to unpack it (docs/decisions/0006-marks.md). */
#pragma once
#include "base/date.h"
#include "base/job.h"

enum { REGISTER_SLOTS = 14 }; /* half days from Monday morning to Sunday afternoon */

#define REGISTER_SESSION(slot) ((slot) % 2 ? "PM" : "AM")

/* Packed bytes, not yet compressed: what an earlier week is when others lean on it. */
struct register_bytes {
    const uint8_t *p;
    size_t n;
};

/* A child's week as one record, or several, of a batch give it. */
struct register_row {
    int64_t identity_id;
    uint32_t file, line;          /* where it starts in the batch */
    int32_t extracted;            /* day; DATE_NONE not given */
    uint8_t mark[REGISTER_SLOTS]; /* code index + 1 (people/attendance.h); 0: not given */
};
struct register_late {
    uint32_t row;
    uint8_t slot;
    uint16_t minutes;
};
struct register_week {
    struct register_row *row; /* by identity, then as given */
    size_t n;
    struct register_late *late;
    size_t n_late;
    uint32_t (*lines)[REGISTER_SLOTS]; /* of each row: where its marks stand; NULL: in its line */
    struct register_bytes packed_lines; /* unpacked, but for these; n 0: none */
};

struct register_bytes register_pack(struct job *j, const struct register_week *w);
/* ERR_FAULT: the bytes are no such thing. */
MUST_CHECK enum err register_unpack(struct job *j, struct register_bytes packed,
                                    struct register_week *out);
bool register_has_lines(struct register_bytes packed);
/* Where each mark of an unpacked week stands, where its marks are of several lines: w->lines. */
MUST_CHECK enum err register_unpack_lines(struct job *j, struct register_week *w);
/* Only the rows of some identities, without what was late; of the others no more is read than
 * it takes to find these. */
MUST_CHECK enum err register_unpack_of(struct job *j, struct register_bytes packed,
                                       const int64_t *identity, size_t n,
                                       struct register_week *out);
/* Compress against `base` (n 0: none), and back.  For many weeks one after the other. */
struct register_press;
MUST_CHECK enum err register_press_open(struct job *j, struct register_press **out);
MUST_CHECK enum err register_press(struct job *j, struct register_press *x,
                                   struct register_bytes packed, struct register_bytes base,
                                   struct register_bytes *out);
MUST_CHECK enum err register_unpress(struct job *j, struct register_press *x,
                                     struct register_bytes content, struct register_bytes base,
                                     struct register_bytes *out);
