#include "store/driver.h"

/* Statements are kept per connection, found by their text: the query builder's texts
 * lie at a new address each time.  Eight bytes at a time, since every call pays it. */
uint64_t
driver_hash(const char *s, size_t n)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t h = n * odd, word;

    for (; n >= sizeof word; s += sizeof word, n -= sizeof word) {
        memcpy(&word, s, sizeof word);
        h = (h ^ word) * odd;
        h ^= h >> 29;
    }
    word = 0;
    memcpy(&word, s, n);
    h = (h ^ word) * odd;
    return h ^ (h >> 32);
}

void *
driver_alloc(struct job *j, size_t n)
{
    void *mem = calloc(1, n);

    if (!mem)
        err_set(j, ERR_BUSY, "the machine has no memory left");
    return mem;
}

char *
driver_copy(struct job *j, const char *s)
{
    size_t n = strlen(s) + 1;
    char *mem = driver_alloc(j, n);

    if (mem)
        memcpy(mem, s, n);
    return mem;
}

static void
statement_free(struct db *db, struct statement *st)
{
    db->driver->drop(db, st);
    free(st->sql);
    free(st);
}

/* Make room: the one not used for the longest time goes. */
static void
evict(struct db *db)
{
    struct statement **oldest = NULL, *st;

    for (int i = 0; i < DB_BUCKETS; i++) {
        for (struct statement **at = &db->bucket[i]; *at; at = &(*at)->next) {
            if (!(*at)->in_use && (!oldest || (*at)->last_used < (*oldest)->last_used))
                oldest = at;
        }
    }
    if (!oldest)
        return;
    st = *oldest;
    *oldest = st->next;
    db->kept--;
    statement_free(db, st);
}

/* The highest $N outside quotes. */
static size_t
count_parameters(const char *sql)
{
    size_t most = 0, number;
    bool quoted = false;

    for (; *sql; sql++) {
        if (*sql == '\'')
            quoted = !quoted;
        if (*sql != '$' || quoted)
            continue;
        number = strtoul(sql + 1, NULL, 10);
        most = number > most ? number : most;
    }
    return most;
}

static enum err
check_count(struct job *j, const char *sql, size_t n, struct args a)
{
    if (n == a.n)
        return OK;
    err_set(j, ERR_FAULT, "a statement takes %zu values but %zu were given", n, a.n);
    return err_detail(j, "%.300s", sql);
}

static enum err
statement_new(struct job *j, const char *sql, struct args a, struct statement **out)
{
    size_t n = count_parameters(sql);
    enum err e = check_count(j, sql, n, a);
    struct statement *st = e ? NULL : driver_alloc(j, sizeof *st);

    if (!st)
        return j->err.kind;
    st->n = n;
    st->sql = driver_copy(j, sql);
    e = st->sql ? j->db->driver->prepare(j, j->db, st, a) : j->err.kind;
    if (e) {
        statement_free(j->db, st);
        return e;
    }
    *out = st;
    return OK;
}

static struct statement *
find(struct statement *st, uint64_t hash, const char *sql)
{
    while (st && (st->hash != hash || strcmp(st->sql, sql) != 0))
        st = st->next;
    return st;
}

static enum err
take_loose(struct job *j, const char *sql, struct args a, struct statement **out)
{
    enum err e = statement_new(j, sql, a, out);

    if (e)
        return e;
    (*out)->loose = (*out)->in_use = true;
    (*out)->next = j->db->loose;
    j->db->loose = *out;
    return OK;
}

enum err
statement_take(struct job *j, const char *sql, struct args a, struct statement **out)
{
    struct db *db = j->db;
    uint64_t hash = driver_hash(sql, strlen(sql));
    struct statement **bucket = &db->bucket[hash % DB_BUCKETS];
    struct statement *st = find(*bucket, hash, sql);
    enum err e;

    if (st && (e = check_count(j, sql, st->n, a)))
        return e;
    if (st && st->in_use)
        return take_loose(j, sql, a, out);
    if (!st) {
        if (db->kept >= DB_MOST_KEPT)
            evict(db);
        if ((e = statement_new(j, sql, a, &st)))
            return e;
        st->hash = hash;
        st->next = *bucket;
        *bucket = st;
        db->kept++;
    }
    st->last_used = ++db->tick;
    st->in_use = true;
    *out = st;
    return OK;
}

enum err
statement_give(struct job *j, struct db *db, struct statement *st)
{
    struct statement **at = &db->loose;
    enum err e = db->driver->finish(j, db, st);

    st->in_use = false;
    st->turn++;
    if (!st->loose)
        return e;
    while (*at != st)
        at = &(*at)->next;
    *at = st->next;
    statement_free(db, st);
    return e;
}

void
statement_give_all(struct db *db)
{
    while (db->loose)
        statement_give(NULL, db, db->loose);
    for (int i = 0; i < DB_BUCKETS; i++) {
        for (struct statement *st = db->bucket[i]; st; st = st->next) {
            if (st->in_use)
                statement_give(NULL, db, st);
        }
    }
}

void
statement_drop_all(struct db *db)
{
    statement_give_all(db);
    for (int i = 0; i < DB_BUCKETS; i++) {
        while (db->bucket[i]) {
            struct statement *st = db->bucket[i];
            db->bucket[i] = st->next;
            statement_free(db, st);
        }
    }
    db->kept = 0;
}
