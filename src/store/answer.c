#include "store/driver.h"

/* Answers that never change, kept by a connection from job to job.  A job may read one while
 * others are added, so none goes before the job does: then all do, if they are too much. */
enum { MOST_BYTES = 1024 * 1024 };

struct answer {
    struct answer *next; /* in its bucket */
    uint64_t hash;
    const char *sql, *types;
    int64_t version;
    struct args args; /* own copies */
    size_t width, rows, bytes;
    int64_t *cell; /* an integer; of a text where it begins, and its length, in 32 bits each */
    bool *null;
    char *text;
};

/* ---- finding ------------------------------------------------------------------ */

static uint64_t
hash_of(const struct db_kept *k, struct args a)
{
    uint64_t h = driver_hash(k->sql, strlen(k->sql)) ^ (uint64_t)k->version;

    for (size_t i = 0; i < a.n; i++) {
        const struct arg *v = &a.v[i];
        uint64_t own = v->type == ARG_INT ? (uint64_t)v->i
                       : v->type == ARG_TEXT && v->n ? driver_hash(v->s, v->n) : v->type;
        h = (h ^ own) * 0x9e3779b97f4a7c15u;
        h ^= h >> 31;
    }
    return h;
}

static bool
same_args(struct args a, struct args b)
{
    for (size_t i = 0; i < a.n; i++) {
        const struct arg *x = &a.v[i], *y = &b.v[i];
        if (x->type != y->type || x->i != y->i || x->n != y->n ||
            (x->n && memcmp(x->s, y->s, x->n)))
            return false;
    }
    return true;
}

const struct answer *
answer_find(const struct db *db, const struct db_kept *k, struct args a)
{
    uint64_t hash = hash_of(k, a);
    const struct answer *x = db->answer[hash % DB_ANSWERS];

    while (x && (x->hash != hash || x->version != k->version || x->args.n != a.n ||
                 (x->sql != k->sql && strcmp(x->sql, k->sql)) || !same_args(x->args, a)))
        x = x->next;
    return x;
}

/* ---- asking ------------------------------------------------------------------- */

static void
drop(struct answer *x)
{
    for (size_t i = 0; x->args.v && i < x->args.n; i++)
        free((void *)(uintptr_t)x->args.v[i].s);
    free((void *)(uintptr_t)x->args.v);
    free(x->cell);
    free(x->null);
    free(x->text);
    free(x);
}

static bool
copy_args(struct job *j, struct args a, struct answer *x)
{
    struct arg *v = driver_alloc(j, (a.n + 1) * sizeof *v);

    x->args = (struct args){v, a.n};
    for (size_t i = 0; v && i < a.n; i++) {
        char *own = a.v[i].n ? driver_alloc(j, a.v[i].n) : NULL;
        v[i] = a.v[i];
        v[i].s = own;
        if (a.v[i].n && !own)
            return false;
        if (own)
            memcpy(own, a.v[i].s, a.v[i].n);
    }
    return v != NULL;
}

/* Room for n more of what has `used` and is made to hold a power of two. */
static bool
widen(struct job *j, void *at, size_t used, size_t n, size_t size)
{
    void *old, *wide;
    size_t room = 64;

    memcpy(&old, at, sizeof old);
    while (room < used)
        room *= 2;
    if (old && used + n <= room)
        return true;
    while (room < used + n)
        room *= 2;
    if (!(wide = realloc(old, room * size))) {
        err_set(j, ERR_BUSY, "the machine has no memory left");
        return false;
    }
    memcpy(at, &wide, sizeof wide);
    return true;
}

static bool
add_text(struct job *j, struct answer *x, size_t *used, const struct rows *q, int c)
{
    size_t n = 0;
    const char *s = row_peek(q, c, &n);

    if (!widen(j, &x->text, *used, n + 1, 1))
        return false;
    if (n)
        memcpy(x->text + *used, s, n);
    x->text[*used + n] = '\0';
    x->cell[x->rows * x->width + (size_t)c] = (int64_t)((uint64_t)*used << 32 | n);
    *used += n + 1;
    return true;
}

static bool
add_row(struct job *j, struct answer *x, size_t *used, const struct rows *q)
{
    size_t at = x->rows * x->width;
    bool ok = widen(j, &x->cell, at, x->width, sizeof *x->cell) &&
              widen(j, &x->null, at, x->width, sizeof *x->null);

    for (size_t c = 0; ok && c < x->width; c++) {
        x->null[at + c] = row_is_null(q, (int)c);
        if (x->types[c] == 't')
            ok = add_text(j, x, used, q, (int)c);
        else
            x->cell[at + c] = row_int(q, (int)c);
    }
    x->rows += ok;
    return ok;
}

static enum err
read_rows(struct job *j, struct args a, struct answer *x)
{
    struct rows q;
    size_t used = 0;
    bool ok = true;
    enum err e;

    db_ask(j, &q, x->sql, a);
    while (ok && db_next(&q))
        ok = add_row(j, x, &used, &q);
    e = db_done(&q);
    x->bytes = sizeof *x + used + x->rows * x->width * (sizeof *x->cell + sizeof *x->null);
    return e ? e : ok ? OK : ERR_BUSY;
}

enum err
answer_read(struct job *j, const struct db_kept *k, struct args a, const struct answer **out)
{
    struct db *db = j->db;
    struct answer *x = driver_alloc(j, sizeof *x), **bucket;
    enum err e;

    if (!x)
        return j->err.kind;
    x->hash = hash_of(k, a);
    x->sql = k->sql;
    x->types = k->types;
    x->version = k->version;
    x->width = strlen(k->types);
    e = copy_args(j, a, x) ? read_rows(j, a, x) : ERR_BUSY;
    if (e) {
        drop(x);
        return e;
    }
    bucket = &db->answer[x->hash % DB_ANSWERS];
    x->next = *bucket;
    *bucket = x;
    db->answer_bytes += x->bytes;
    *out = x;
    return OK;
}

void
answer_drop_all(struct db *db)
{
    for (size_t i = 0; i < DB_ANSWERS; i++)
        while (db->answer[i]) {
            struct answer *x = db->answer[i];
            db->answer[i] = x->next;
            drop(x);
        }
    db->answer_bytes = 0;
}

void
answer_trim(struct db *db)
{
    if (db->answer_bytes > MOST_BYTES)
        answer_drop_all(db);
}

/* ---- rows --------------------------------------------------------------------- */

bool
answer_next(struct rows *q)
{
    q->open = q->at < q->kept->rows;
    q->at += q->open;
    return q->open;
}

static size_t
place(const struct rows *q, int c)
{
    return (q->at - 1) * q->kept->width + (size_t)c;
}

bool
answer_is_null(const struct rows *q, int c)
{
    return q->kept->null[place(q, c)];
}

int64_t
answer_int(const struct rows *q, int c)
{
    return q->kept->cell[place(q, c)];
}

const char *
answer_peek(const struct rows *q, int c, size_t *n)
{
    uint64_t cell = (uint64_t)q->kept->cell[place(q, c)];

    *n = (size_t)(cell & UINT32_MAX);
    return answer_is_null(q, c) ? NULL : q->kept->text + (cell >> 32);
}
