/* Bulk rows as INSERTs of many rows: the engine finds its place in the table once for all of
 * them, and rows in the order of the key go one behind the other without looking for it. */
#include "store/sqlite.h"

enum { ROWS_AT_ONCE = 64, TEXT_AT_ONCE = 64 * 1024 };

struct sqlite_bulk {
    sqlite3_stmt *many, *one; /* made when first needed */
    size_t rows, text_used;   /* gathered so far */
    struct arg *v;            /* ROWS_AT_ONCE rows; their texts are in text */
    char text[TEXT_AT_ONCE];
};

/* A failed row fails the transaction, so nothing need be kept to undo the statement alone. */
static char *
insert_text(struct job *j, const struct bulk *b, size_t rows)
{
    size_t row = 2 * b->width + 2; /* "(?,?)," */
    char *values = job_alloc(j, rows * row + 1), *at = values;

    for (size_t i = 0; i < rows * b->width; i++) {
        *at++ = i % b->width ? ',' : '(';
        *at++ = '?';
        if (i % b->width == b->width - 1) {
            *at++ = ')';
            *at++ = ',';
        }
    }
    at[-1] = '\0';
    return job_format(j, "INSERT OR FAIL INTO %s (%s) VALUES %s", b->table, b->columns, values);
}

static enum err
prepare(struct bulk *b, size_t rows, sqlite3_stmt **out)
{
    struct scope s;
    const char *sql;
    enum err e = OK;

    if (*out)
        return OK;
    s = job_scope_begin(b->j);
    sql = insert_text(b->j, b, rows);
    if (sqlite3_prepare_v3(sqlite_handle(b->db), sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL))
        e = sqlite_error(b->j, b->db, sql);
    job_scope_end(b->j, s);
    return e;
}

enum err
sqlite_bulk_begin(struct bulk *b)
{
    struct sqlite_bulk *s = driver_alloc(b->j, sizeof *s);

    if (!(b->own = s))
        return b->j->err.kind;
    if (!(s->v = driver_alloc(b->j, ROWS_AT_ONCE * b->width * sizeof *s->v)))
        return b->j->err.kind;
    return prepare(b, 1, &s->one);
}

static enum err
insert(struct bulk *b, sqlite3_stmt *stmt, const struct arg *v, size_t n)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < n && !code; i++)
        code = sqlite_bind(stmt, (int)i + 1, &v[i], SQLITE_STATIC);
    if (code || sqlite3_step(stmt) != SQLITE_DONE)
        return sqlite_error(b->j, b->db, b->table);
    sqlite3_reset(stmt);
    return OK;
}

static enum err
insert_gathered(struct bulk *b)
{
    struct sqlite_bulk *s = b->own;
    size_t rows = s->rows;
    enum err e = OK;

    s->rows = s->text_used = 0;
    if (rows == ROWS_AT_ONCE) {
        e = prepare(b, ROWS_AT_ONCE, &s->many);
        return e ? e : insert(b, s->many, s->v, rows * b->width);
    }
    for (size_t i = 0; i < rows && !e; i++)
        e = insert(b, s->one, s->v + i * b->width, b->width);
    return e;
}

static size_t
text_of(const struct arg *v)
{
    return v->type == ARG_TEXT || v->type == ARG_BLOB ? v->n : 0;
}

static void
gather(struct sqlite_bulk *s, const struct arg *v, size_t width)
{
    struct arg *to = s->v + s->rows * width;

    for (size_t i = 0; i < width; i++) {
        to[i] = v[i];
        if (!text_of(&v[i]))
            continue;
        memcpy(s->text + s->text_used, v[i].s, v[i].n);
        to[i].s = s->text + s->text_used;
        s->text_used += v[i].n;
    }
    s->rows++;
}

enum err
sqlite_bulk_row(struct bulk *b, const struct arg *v)
{
    struct sqlite_bulk *s = b->own;
    size_t text = 0;
    enum err e = OK;

    for (size_t i = 0; i < b->width; i++)
        text += text_of(&v[i]);
    if (s->rows == ROWS_AT_ONCE || text > TEXT_AT_ONCE - s->text_used)
        e = insert_gathered(b);
    if (e)
        return e;
    if (text > TEXT_AT_ONCE)
        return insert(b, s->one, v, b->width);
    gather(s, v, b->width);
    return OK;
}

enum err
sqlite_bulk_end(struct bulk *b)
{
    return insert_gathered(b);
}

void
sqlite_bulk_close(struct bulk *b)
{
    struct sqlite_bulk *s = b->own;

    if (!s)
        return;
    sqlite3_finalize(s->many);
    sqlite3_finalize(s->one);
    free(s->v);
    free(s);
    b->own = NULL;
}
