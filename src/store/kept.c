#include "store/driver.h"

/* More than any program keeps; a connection that meets more keeps them no longer than a job. */
enum { KEPT_MOST = 32, KEPT_MEMORY = 4 };

struct kept {
    struct kept *next;
    const char *what;
    int64_t area, id;
    struct job memory;
    void *value;
};

struct making {
    const struct db_keeping *k;
    void **out;
};

static enum err
make_within(struct job *keeper, void *arg)
{
    struct making *m = arg;

    return m->k->make(keeper, m->k->arg, m->out);
}

static struct kept *
find(const struct db *db, const struct job *j, const struct db_keeping *k)
{
    struct kept *x = db->keeps;

    while (x && (x->what != k->what || x->area != j->area || x->id != k->id))
        x = x->next;
    return x;
}

static void
drop(struct kept *x)
{
    job_end(&x->memory);
    free(x);
}

enum err
db_keep(struct job *j, const struct db_keeping *k, void **out)
{
    struct db *db = j->db;
    struct kept *x = find(db, j, k);
    struct making m = {k, out};
    enum err e;

    if (x) {
        *out = x->value;
        return OK;
    }
    if (db->n_keeps >= KEPT_MOST)
        return k->make(j, k->arg, out);
    if (!(x = driver_alloc(j, sizeof *x)))
        return j->err.kind;
    job_init_child(&x->memory, j, KEPT_MEMORY * JOB_MB);
    if ((e = job_run(&x->memory, make_within, &m))) {
        j->err = x->memory.err;
        drop(x);
        return e;
    }
    x->what = k->what;
    x->area = j->area;
    x->id = k->id;
    x->value = *out;
    x->next = db->keeps;
    db->keeps = x;
    db->n_keeps++;
    return OK;
}

void
kept_drop_all(struct db *db)
{
    while (db->keeps) {
        struct kept *x = db->keeps;
        db->keeps = x->next;
        drop(x);
    }
}

void *
db_remembers(const struct job *j, size_t n)
{
    struct db *db = j->db;

    if (!db || db->mode != DB_READ || db->trial || (db->remembers && db->n_remembers != n))
        return NULL;
    if (!db->remembers)
        db->remembers = calloc(1, n);
    db->n_remembers = n;
    return db->remembers;
}
