/* intake/original.h - a line of a loaded file as it stood, for showing a fact beside it. */
#pragma once
#include "intake/batch.h"
#include "returns/reader.h"

struct original_place {
    int64_t batch, file, line;
};
struct original_record {
    const char *file, *digest;  /* name without folders; SHA-256 of its bytes */
    const char *layout;         /* title of the table: "pupils on roll" */
    const struct original *v;   /* columns or elements, and their values as they stood */
    size_t n;
    const char *raw;            /* the record's text, cut after ORIGINAL_RAW bytes */
    bool cut;
    bool rebuilt;               /* its text is not kept: made again from what was taken from it */
};
enum { ORIGINAL_RAW = 4000 };
/* What is kept of the record that starts there is removed, in the caller's transaction.  Of a
 * batch of one table the row is blanked, so that other lines keep their numbers.  Where a child's
 * record may be part of another (XML, JSON), or several tables tell of it, each by a number of
 * its own, the text of the whole batch goes.  None kept: nothing to do. */
MUST_CHECK enum err original_forget(struct job *j, struct original_place at);
/* permit(ACT_ORIGINAL).  ERR_NOT_FOUND: no record of that batch starts in that line, or its
 * text is not kept any more. */
MUST_CHECK enum err original_get(struct job *j, struct original_place at,
                                 struct original_record *out);

/* For who seals (sealing.h), without asking for permission: the kept text that begins in that line,
 * and the record that does; empty when none is kept. */
MUST_CHECK enum err original_piece(struct job *j, struct original_place at, struct span *out);
MUST_CHECK enum err original_text(struct job *j, struct original_place at, struct span *out);
