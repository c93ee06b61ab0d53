#include "store/chunks.h"

/* About 30 ms of writer time a chunk. */
enum { ROWS_A_CHUNK = 8192 };

enum err
chunks_end(struct job *j, struct chunks *c)
{
    int64_t n;
    enum err e = c->bulk ? db_bulk_end(c->bulk, &n) : OK;

    if (!e && c->bulk)
        e = db_commit(j);
    c->bulk = NULL;
    return e;
}

enum err
chunks_row(struct job *j, struct chunks *c, const struct arg *v)
{
    enum err e = OK;

    if (c->rows && c->rows % ROWS_A_CHUNK == 0)
        e = chunks_end(j, c);
    if (!e && !c->bulk) {
        e = db_begin(j);
        if (!e)
            e = db_bulk_begin(j, c->table, c->columns, c->types, &c->bulk);
    }
    c->rows++;
    return e ? e : db_bulk_row(c->bulk, v);
}
