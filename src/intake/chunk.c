#include "intake/chunk.h"

enum {
    MOST_ARGS = 64 * 1024,
    MOST_TABLES = 24,
};

struct waiting {
    const struct db_table *table;
    struct arg *v;
    int next; /* row of the same table; -1: last */
};

/* The rows of one table, as a chain through the waiting rows. */
struct chain {
    const struct db_table *table;
    size_t width;
    int first, last;
};

struct chunk {
    struct waiting row[CHUNK_ROWS];
    struct chain chain[MOST_TABLES];
    struct arg arg[MOST_ARGS];
    char byte[CHUNK_BYTES];
    int n_rows, n_chains;
    size_t n_args, n_bytes;
    struct chunk_watch watch;
};

struct chunk *
chunk_open(struct job *j)
{
    return job_alloc(j, sizeof(struct chunk));
}

void
chunk_clear(struct chunk *c)
{
    c->n_rows = c->n_chains = 0;
    c->n_args = c->n_bytes = 0;
}

void
chunk_watch(struct chunk *c, const struct chunk_watch *w)
{
    c->watch = *w;
}

static int64_t
clock_us(const struct chunk *c)
{
    struct timespec t;

    if (c->watch.clock)
        return c->watch.clock(c->watch.arg);
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* ---- taking rows ----------------------------------------------------------------- */

static struct chain *
chain_of(struct chunk *c, const struct db_table *t)
{
    struct chain *x;

    for (int i = c->n_chains; i-- > 0;)
        if (c->chain[i].table == t)
            return &c->chain[i];
    if (c->n_chains == MOST_TABLES)
        return NULL;
    x = &c->chain[c->n_chains++];
    *x = (struct chain){t, strlen(t->types), -1, -1};
    return x;
}

static size_t
bytes_of(const struct arg *v, size_t n)
{
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++)
        bytes += v[i].n;
    return bytes;
}

static void
copy_row(struct chunk *c, struct chain *x, const struct arg *v)
{
    struct arg *to = &c->arg[c->n_args];

    for (size_t i = 0; i < x->width; i++) {
        to[i] = v[i];
        if (!v[i].n)
            continue;
        to[i].s = memcpy(&c->byte[c->n_bytes], v[i].s, v[i].n);
        c->n_bytes += v[i].n;
    }
    c->n_args += x->width;
    c->row[c->n_rows] = (struct waiting){x->table, to, -1};
    if (x->last < 0)
        x->first = c->n_rows;
    else
        c->row[x->last].next = c->n_rows;
    x->last = c->n_rows++;
}

/* ---- writing them ---------------------------------------------------------------- */

/* The transaction that is open. */
struct hold {
    struct job *j;
    struct chunk *c;
    struct bulk *bulk;
    int64_t since;
    struct chunk_hold held;
};

static enum err
hold_begin(struct hold *h)
{
    enum err e = db_begin(h->j);

    h->since = clock_us(h->c);
    h->held = (struct chunk_hold){0};
    return e;
}

static enum err
hold_end(struct hold *h)
{
    enum err e = db_commit(h->j);

    if (!e && h->c->watch.told)
        h->c->watch.told(h->c->watch.arg, &h->held);
    return e;
}

/* Let others in when this has held the writer long enough. */
static enum err
hold_breathe(struct hold *h, const struct db_table *t)
{
    int64_t held;
    enum err e;

    if (h->held.rows % CHUNK_LOOK)
        return OK;
    held = clock_us(h->c) - h->since;
    if (held < CHUNK_HOLD_US && (held < CHUNK_POLITE_US || !db_wanted(h->j)))
        return OK;
    if ((e = db_bulk_end(h->bulk, NULL)) || (e = hold_end(h)) || (e = hold_begin(h)))
        return e;
    return db_bulk_begin(h->j, t->name, t->columns, t->types, &h->bulk);
}

static enum err
write_chain(struct hold *h, const struct chain *x)
{
    const struct db_table *t = x->table;
    enum err e = db_bulk_begin(h->j, t->name, t->columns, t->types, &h->bulk);

    for (int i = x->first; !e && i >= 0; i = h->c->row[i].next) {
        e = db_bulk_row(h->bulk, h->c->row[i].v);
        h->held.rows++;
        h->held.bytes += bytes_of(h->c->row[i].v, x->width);
        if (!e)
            e = hold_breathe(h, t);
    }
    return e ? e : db_bulk_end(h->bulk, NULL);
}

static enum err
write_all(struct job *j, struct chunk *c)
{
    struct hold h = {.j = j, .c = c};
    enum err e = hold_begin(&h);

    for (int i = 0; !e && i < c->n_chains; i++)
        e = write_chain(&h, &c->chain[i]);
    return e ? e : hold_end(&h);
}

enum err
chunk_flush(struct job *j, struct chunk *c)
{
    struct scope s;
    enum err e;

    if (!c->n_rows)
        return OK;
    s = job_scope_begin(j);
    e = write_all(j, c);
    job_scope_end(j, s); /* rolls back what an error left open */
    chunk_clear(c);
    return e;
}

enum err
chunk_row(struct job *j, struct chunk *c, const struct db_table *t, const struct arg *v)
{
    size_t width = strlen(t->types), bytes = bytes_of(v, width);
    struct chain *x = chain_of(c, t);
    enum err e;

    if (bytes > CHUNK_BYTES) {
        err_set(j, ERR_INPUT, "a record is larger than can be kept");
        return err_detail(j, "%zu bytes for %s", bytes, t->name);
    }
    if (!x || c->n_rows == CHUNK_ROWS || c->n_args + width > MOST_ARGS ||
        c->n_bytes + bytes > CHUNK_BYTES) {
        if ((e = chunk_flush(j, c)))
            return e;
        x = chain_of(c, t);
    }
    copy_row(c, x, v);
    return OK;
}
