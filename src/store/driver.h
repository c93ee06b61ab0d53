/* store/driver.h - what a database engine must be able to do.  Private to this room:
 * db.c speaks to the engines through struct driver, and nothing else knows them. */
#pragma once
#include "store/db.h"

/* A statement as kept by its connection; owned by statement.c. */
struct statement {
    struct statement *next; /* in its bucket, or in db->loose */
    char *sql;
    uint64_t hash;
    uint64_t last_used; /* tick of the connection */
    size_t n;           /* parameters: $1 … $n */
    uint32_t turn;      /* counts askings: rows of an older turn are gone */
    bool in_use;        /* between db_ask() and db_done() */
    bool loose;         /* a second copy, while the kept one is in use */
    void *own;          /* the engine's */
};

enum { DB_BUCKETS = 128, DB_MOST_KEPT = 256, DB_ANSWERS = 256, DB_ONCE = 8 };

/* An integer of this snapshot: db_int_once(). */
struct once {
    const char *sql;
    int64_t v, is;
};

struct db {
    const struct driver *driver;
    enum db_mode mode;
    char *url;   /* as given: may hold a password */
    char *shown; /* without it */
    void *own;   /* the engine's connection */
    struct job *user;     /* whose j->db is cleared when the connection goes */
    struct cleanup *undo; /* of the open transaction, in its job */
    struct statement *bucket[DB_BUCKETS];
    struct statement *loose;
    int kept;
    uint64_t tick;
    bool in_transaction;
    int64_t began, longest_hold; /* the open transaction; the longest so far, microseconds */
    bool snapshot; /* DB_READ: a read transaction is open */
    bool failed;   /* an error happened within either of the two */
    bool reloadable;
    bool trial;    /* PostgreSQL: a transaction is open all the time, to be rolled back */
    bool nested;   /* trial: a caller has begun one within it */
    int locks;     /* held by db_lock(): they would go with the connection */
    bool closing;  /* the engine forgets its statements with the connection */
    struct bulk *bulk; /* the one going on, if any */
    struct kept *keeps; /* db_keep() */
    int n_keeps;
    bool pooled; /* of a pool of readers: keeps answers from job to job */
    struct answer *answer[DB_ANSWERS]; /* db_ask_kept(), in buckets */
    size_t answer_bytes;
    void *remembers; /* db_remembers() */
    size_t n_remembers;
    struct once once[DB_ONCE];
    int n_once;
};

void kept_drop_all(struct db *db); /* at the end of the connection */

struct driver {
    enum db_engine engine;
    /* db->url, mode are set; close() copes with a half-opened connection. */
    enum err (*open)(struct job *j, struct db *db);
    void (*close)(struct db *db);

    enum err (*prepare)(struct job *j, struct db *db, struct statement *st, struct args a);
    void (*drop)(struct db *db, struct statement *st);
    /* Bind and begin; the args need not live on. */
    enum err (*start)(struct rows *q, struct args a);
    bool (*step)(struct rows *q); /* false at the end, or with q->err set */
    /* No more rows wanted.  What still went wrong meanwhile is j's error; j may be NULL. */
    enum err (*finish)(struct job *j, struct db *db, struct statement *st);
    enum err (*run)(struct job *j, struct statement *st, struct args a, int64_t *changed);

    bool (*is_null)(const struct rows *q, int c);
    int64_t (*get_int)(const struct rows *q, int c);
    double (*get_real)(const struct rows *q, int c);
    const char *(*peek)(const struct rows *q, int c, size_t *n);

    enum err (*begin)(struct job *j, struct db *db);    /* DB_WRITE */
    enum err (*snapshot)(struct job *j, struct db *db); /* DB_READ */
    enum err (*commit)(struct job *j, struct db *db);
    void (*tidy)(struct db *db); /* what may follow a commit, nobody waiting; NULL: nothing */
    void (*rollback)(struct db *db); /* either of the two */
    enum err (*reloadable)(struct job *j, struct db *db, bool yes);
    enum err (*lean)(struct job *j, struct db *db, bool yes); /* db_lean(); NULL: always is */
    enum err (*analyse)(struct job *j, struct db *db);
    /* Several statements in one text, without parameters. */
    enum err (*script)(struct job *j, struct db *db, const char *sql);
    bool (*wanted)(const struct db *db); /* db_wanted(); NULL: never */
    bool (*lost)(struct db *db); /* the connection is gone; asked when nothing is under way */

    enum err (*bulk_begin)(struct bulk *b);
    enum err (*bulk_row)(struct bulk *b, const struct arg *v);
    enum err (*bulk_end)(struct bulk *b);
    void (*bulk_close)(struct bulk *b); /* always called, also after an error */
};
extern const struct driver driver_sqlite;
extern const struct driver driver_postgresql;

struct bulk {
    struct job *j;
    struct db *db;
    const char *table, *columns, *types;
    size_t width; /* columns */
    int64_t rows;
    enum err err;
    void *own; /* the engine's */
    struct cleanup *end;
};

/* db.c: the connection itself, in memory of its own; db_open() and the pool own it. */
MUST_CHECK enum err driver_connect(struct job *j, const char *url, enum db_mode mode,
                                   struct db **out);
void driver_disconnect(struct db *db);
MUST_CHECK enum err driver_ready(struct job *j); /* may a statement run now? */
MUST_CHECK enum err driver_fault(struct job *j); /* db_fault's turn? */
/* Close open questions, roll back, give up the snapshot. */
void driver_settle(struct db *db);
void driver_leave(struct db *db); /* and forget the job that used it */

/* bulk.c: end it without keeping its rows. */
void bulk_abandon(struct bulk *b);

/* statement.c: the prepared statement for sql, marked as in use. */
MUST_CHECK enum err statement_take(struct job *j, const char *sql, struct args a,
                                   struct statement **out);
/* Finish it, and keep it for next time; j as in driver.finish. */
enum err statement_give(struct job *j, struct db *db, struct statement *st);
void statement_give_all(struct db *db);
void statement_drop_all(struct db *db);

/* answer.c: the answer to a question asked before; NULL: not kept. */
const struct answer *answer_find(const struct db *db, const struct db_kept *k, struct args a);
/* Ask, and keep what comes. */
MUST_CHECK enum err answer_read(struct job *j, const struct db_kept *k, struct args a,
                                const struct answer **out);
bool answer_next(struct rows *q);
bool answer_is_null(const struct rows *q, int c);
int64_t answer_int(const struct rows *q, int c);
const char *answer_peek(const struct rows *q, int c, size_t *n);
void answer_trim(struct db *db); /* nobody reads: if they are too much, all go */
void answer_drop_all(struct db *db);

/* statement.c: of texts, eight bytes at a time. */
uint64_t driver_hash(const char *s, size_t n);
/* Memory of the room's own, freed by hand; NULL with ERR_BUSY set. */
void *driver_alloc(struct job *j, size_t n);
char *driver_copy(struct job *j, const char *s);
