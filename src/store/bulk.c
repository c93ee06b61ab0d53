#include "store/driver.h"

static size_t
count_columns(const char *columns)
{
    size_t n = 1;

    for (; *columns; columns++)
        n += *columns == ',';
    return n;
}

void
bulk_abandon(struct bulk *b)
{
    b->db->driver->bulk_close(b);
    b->db->bulk = NULL;
    b->end->arg = NULL;
}

static void
abandon_at_end(void *arg)
{
    bulk_abandon(arg);
}

/* Within the transaction a failed bulk load leaves nothing but the roll back. */
static enum err
noted(struct bulk *b, enum err e)
{
    if (e)
        b->db->failed = true;
    return b->err = e;
}

enum err
db_bulk_begin(struct job *j, const char *table, const char *columns, const char *types,
              struct bulk **out)
{
    struct bulk *b = job_alloc(j, sizeof *b);
    struct db *db = j->db;
    enum err e;

    *b = (struct bulk){.j = j, .db = db, .table = table, .columns = columns, .types = types,
                       .width = count_columns(columns), .end = job_on_end(j, abandon_at_end)};
    if (!db || !db->in_transaction || db->failed || strlen(types) != b->width)
        return err_set(j, ERR_FAULT, "a bulk load into %s cannot begin here", table);
    if ((e = driver_ready(j)))
        return noted(b, e);
    db->bulk = b;
    b->end->arg = b;
    if (noted(b, db->driver->bulk_begin(b))) {
        bulk_abandon(b);
        return b->err;
    }
    *out = b;
    return OK;
}

static bool
fits(char type, const struct arg *v)
{
    switch (v->type) {
    case ARG_NULL:
        return true;
    case ARG_INT:
        return type == 'i';
    case ARG_TEXT:
        return type == 't';
    case ARG_BLOB:
        return type == 'b';
    case ARG_REAL:
        return type == 'r';
    }
    return false;
}

/* COPY takes bytes on trust, so what does not fit is refused here, for both engines. */
static enum err
check_row(struct bulk *b, const struct arg *v)
{
    for (size_t i = 0; i < b->width; i++) {
        if (!fits(b->types[i], &v[i]))
            return err_set(b->j, ERR_FAULT, "value %zu for %s is of another type", i + 1,
                           b->table);
        if (v[i].type == ARG_TEXT && v[i].n && memchr(v[i].s, 0, v[i].n))
            return err_set(b->j, ERR_INPUT, "text with a zero byte in it cannot be kept");
    }
    return OK;
}

enum err
db_bulk_row(struct bulk *b, const struct arg *v)
{
    enum err e;

    if (b->db->bulk != b || b->err)
        return b->err ? b->err : err_set(b->j, ERR_FAULT, "this bulk load has ended");
    if ((db_fault && (e = driver_fault(b->j))) || (e = check_row(b, v)))
        return noted(b, e);
    b->rows++;
    return noted(b, b->db->driver->bulk_row(b, v));
}

enum err
db_bulk_end(struct bulk *b, int64_t *rows)
{
    enum err e = b->err;

    if (b->db->bulk != b)
        return e ? e : err_set(b->j, ERR_FAULT, "this bulk load has ended");
    if (!e && !(e = driver_fault(b->j)))
        e = b->db->driver->bulk_end(b);
    noted(b, e);
    bulk_abandon(b);
    if (rows)
        *rows = e ? 0 : b->rows;
    return e;
}
