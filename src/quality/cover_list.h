/* quality/cover_list.h - coverage as pages read it; permit(ACT_DATA). */
#pragma once
#include "quality/cover.h"
#include "quality/list.h"

struct cover_shown_cell {
    enum cover_state state;
    int64_t told, expected, batch;
};
struct cover_shown {
    int64_t urn;
    const char *name;
    int gaps;
    struct cover_shown_cell *cell; /* by period */
};
struct cover_matrix {
    int32_t *started;       /* of each period, oldest first */
    size_t n;
    struct cover_shown *row; /* recent gaps first, then by name */
    size_t rows;            /* as many as were asked for, of all */
    int64_t all, with_gaps;
};
/* The last `periods` of a source for the first `schools` of it (0 all). */
struct cover_asked {
    enum cover_source source;
    int64_t periods, schools;
};
MUST_CHECK enum err cover_matrix(struct job *j, const struct quality_state *s,
                                 const struct cover_asked *ask, struct cover_matrix *out);
struct cover_told {
    enum cover_source source;
    enum cover_state state;
    int64_t urn;
    const char *message;
};
/* What figures leave out, the newest first. */
MUST_CHECK enum err cover_gaps(struct job *j, const struct quality_state *s, int64_t limit,
                               struct cover_told **out, size_t *n);
