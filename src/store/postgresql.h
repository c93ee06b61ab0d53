/* store/postgresql.h - the PostgreSQL driver's own parts.  Private. */
#pragma once
#include "store/driver.h"
#include <libpq-fe.h>

struct pg_connection {
    PGconn *handle;
    struct statement *streaming; /* whose rows are still on their way, or NULL */
    unsigned statements;         /* made so far: their names */
};

/* Rows taken off the wire because another question came in between. */
struct pg_held {
    char *bytes;
    size_t n, room;
    size_t next; /* where the next row starts */
    size_t row;  /* where the current one starts */
};

struct pg_prepared {
    char name[24];
    Oid *types; /* of the parameters; 0: only NULL was given so far */
    const char **values;
    int *lengths, *formats;
    uint64_t *numbers; /* integers and reals in network order */
    int columns;
    Oid *column_types; /* NULL before the first row */
    PGresult *row;     /* the current row, when it came straight */
    bool holding;      /* rows come from held */
    struct pg_held held;
    enum err late; /* the error met while holding, given when its turn comes */
    struct error late_error;
};

/* Types as PostgreSQL numbers them (pg_type.dat; they never change). */
enum {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_OID = 26,
    PG_FLOAT8 = 701,
    PG_NUMERIC = 1700,
};

static inline struct pg_connection *
pg_of(const struct db *db)
{
    return db->own;
}
/* An error of the server or the connection, as the job's.  res may be NULL. */
enum err pg_error(struct job *j, const struct db *db, const PGresult *res, const char *sql);
/* Statements without parameters and rows. */
MUST_CHECK enum err pg_script(struct job *j, struct db *db, const char *sql);
/* Make the wire free for another command: rows on their way are held in memory. */
MUST_CHECK enum err pg_free_wire(struct job *j, struct db *db);
void pg_discard_results(PGconn *handle);

/* pg_row.c: columns of the current row. */
bool pg_is_null(const struct rows *q, int c);
int64_t pg_int(const struct rows *q, int c);
double pg_real(const struct rows *q, int c);
const char *pg_peek(const struct rows *q, int c, size_t *n);
/* The current row of q to the end of held; false without memory. */
bool pg_hold(struct pg_held *h, const PGresult *res);
bool pg_held_next(struct pg_held *h, int columns);

/* pg_copy.c: COPY BINARY. */
enum err pg_bulk_begin(struct bulk *b);
enum err pg_bulk_row(struct bulk *b, const struct arg *v);
enum err pg_bulk_end(struct bulk *b);
void pg_bulk_close(struct bulk *b);
