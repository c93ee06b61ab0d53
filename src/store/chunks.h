/* store/chunks.h - a table written in chunks that hold the writer at most 50 ms. */
#pragma once
#include "store/db.h"

struct chunks {
    const char *table, *columns, *types; /* as db_bulk_begin() wants them */
    struct bulk *bulk;
    int64_t rows;                        /* written so far */
};
/* One row, in a transaction that begins and ends by itself. */
MUST_CHECK enum err chunks_row(struct job *j, struct chunks *c, const struct arg *v);
/* Ends the last transaction. */
MUST_CHECK enum err chunks_end(struct job *j, struct chunks *c);
