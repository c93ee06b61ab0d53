#include "store/postgresql.h"
#include <endian.h>

/* COPY … FROM STDIN (FORMAT binary): a head, then per row a 16-bit count of columns and
 * per column a 32-bit length (-1: NULL) and the value in network order. */
enum { BUFFER = 256 * 1024 };

struct copy {
    size_t n;
    char bytes[BUFFER];
};

static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* no flags, no extension */
enum { HEAD = 19 };

static enum err
send(struct bulk *b, const char *bytes, size_t n)
{
    struct pg_connection *c = pg_of(b->db);

    while (n) {
        int part = n > BUFFER ? BUFFER : (int)n;
        if (PQputCopyData(c->handle, bytes, part) != 1)
            return pg_error(b->j, b->db, NULL, b->table);
        bytes += part;
        n -= (size_t)part;
    }
    return OK;
}

static enum err
flush(struct bulk *b)
{
    struct copy *copy = b->own;
    size_t n = copy->n;

    copy->n = 0;
    return send(b, copy->bytes, n);
}

/* What does not fit the buffer at all goes past it. */
static enum err
put(struct bulk *b, const void *bytes, size_t n)
{
    struct copy *copy = b->own;
    enum err e;

    if (n > BUFFER - copy->n && (e = flush(b)))
        return e;
    if (n > BUFFER)
        return send(b, bytes, n);
    if (n)
        memcpy(copy->bytes + copy->n, bytes, n);
    copy->n += n;
    return OK;
}

static enum err
put_length(struct bulk *b, int32_t n)
{
    uint32_t net = htobe32((uint32_t)n);
    return put(b, &net, sizeof net);
}

static enum err
put_number(struct bulk *b, uint64_t bits)
{
    struct {
        uint32_t length;
        uint64_t value;
    } __attribute__((packed)) out = {htobe32(8), htobe64(bits)};
    return put(b, &out, sizeof out);
}

static enum err
put_value(struct bulk *b, const struct arg *v)
{
    uint64_t bits;
    enum err e;

    switch (v->type) {
    case ARG_INT:
        return put_number(b, (uint64_t)v->i);
    case ARG_REAL:
        memcpy(&bits, &v->r, sizeof bits);
        return put_number(b, bits);
    case ARG_TEXT:
    case ARG_BLOB:
        if (v->n > INT32_MAX)
            return err_set(b->j, ERR_INPUT, "a value is larger than the database can keep");
        if ((e = put_length(b, (int32_t)v->n)))
            return e;
        return put(b, v->s, v->n);
    case ARG_NULL:
        break;
    }
    return put_length(b, -1);
}

enum err
pg_bulk_begin(struct bulk *b)
{
    struct pg_connection *c = pg_of(b->db);
    const char *sql = job_format(b->j, "COPY %s (%s) FROM STDIN (FORMAT binary)", b->table,
                                 b->columns);
    PGresult *res;
    enum err e;

    if ((e = pg_free_wire(b->j, b->db)))
        return e;
    if (!(b->own = driver_alloc(b->j, sizeof(struct copy))))
        return b->j->err.kind;
    res = PQexec(c->handle, sql);
    if (PQresultStatus(res) != PGRES_COPY_IN)
        e = pg_error(b->j, b->db, res, sql);
    PQclear(res);
    return e ? e : put(b, head, HEAD);
}

enum err
pg_bulk_row(struct bulk *b, const struct arg *v)
{
    uint16_t width = htobe16((uint16_t)b->width);
    enum err e = put(b, &width, sizeof width);

    for (size_t i = 0; i < b->width && !e; i++)
        e = put_value(b, &v[i]);
    return e;
}

enum err
pg_bulk_end(struct bulk *b)
{
    struct pg_connection *c = pg_of(b->db);
    uint16_t end = htobe16(UINT16_MAX);
    PGresult *res;
    enum err e;

    if ((e = put(b, &end, sizeof end)) || (e = flush(b)))
        return e;
    if (PQputCopyEnd(c->handle, NULL) != 1)
        return pg_error(b->j, b->db, NULL, b->table);
    res = PQgetResult(c->handle);
    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        e = pg_error(b->j, b->db, res, b->table);
    PQclear(res);
    pg_discard_results(c->handle);
    return e;
}

/* Does nothing to a COPY that has ended. */
void
pg_bulk_close(struct bulk *b)
{
    struct pg_connection *c = pg_of(b->db);

    if (!b->own)
        return;
    if (PQputCopyEnd(c->handle, "abandoned") == 1)
        pg_discard_results(c->handle);
    free(b->own);
    b->own = NULL;
}
