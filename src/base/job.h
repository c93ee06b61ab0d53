/* base/job.h - what one piece of work carries: memory, who, database, clock, error.
 *
 * A job is a page, a verb, or one background step.  Memory taken from it is
 * never NULL and is given back when the job (or the scope) ends; past its
 * ceiling the job itself ends with ERR_BUSY.  What is not memory (a file, a
 * statement) is registered with job_on_end() before it is acquired. */
#pragma once
#include "base/banned.h"
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum err {
    OK = 0,
    ERR_NOT_FOUND, /* there is no such thing, or not for this actor */
    ERR_DENIED,    /* this actor may not */
    ERR_INPUT,     /* what was given is refused; nothing changed */
    ERR_USAGE,     /* the command line is wrong */
    ERR_CONFLICT,  /* somebody else changed it meanwhile */
    ERR_BUSY,      /* over a limit: memory, time, connections */
    ERR_ENV,       /* the machine: disk, network, permissions, a missing part */
    ERR_FAULT,     /* a mistake of ours */
};

#define MUST_CHECK __attribute__((warn_unused_result))

struct db;    /* store/db.h: this job's connection, or NULL */
struct actor; /* access/actor.h: who asks, or NULL for the system itself */
struct notes; /* access/audit.h: what was looked at and done, or NULL: not kept */

struct error {
    enum err kind;
    char message[512]; /* what happened, for the reader */
    char hint[512];    /* what to do about it; may be empty */
    char detail[512];  /* for the log: SQL, errno; never personal data */
};

struct block;
struct cleanup {
    struct cleanup *next;
    void (*fn)(void *);
    void *arg; /* NULL: nothing to do (any more) */
};

struct job {
    struct block *blocks;     /* newest first */
    struct cleanup *cleanups; /* newest first */
    size_t used, limit;       /* bytes taken, and the most it may take */
    jmp_buf *out;             /* job_run()'s way out; NULL outside it */
    struct db *db;
    const struct actor *who;
    struct notes *notes;
    int64_t area;             /* area_id this job works in; 0 before it is known */
    int64_t now;              /* UTC microseconds since 1970: the job's clock */
    int32_t today;            /* days since 1970: "today" of the work */
    struct error err;
};

typedef enum err job_fn(struct job *, void *);

enum { JOB_MB = 1024 * 1024 };

/* Prepare *j with a ceiling of limit bytes; the rest is zero.  The caller owns *j. */
void job_init(struct job *j, size_t limit);
/* A job for another thread or an inner piece of work: same actor, area, clock;
 * own memory, no database.  Owned by the caller, ended with job_end(). */
void job_init_child(struct job *child, const struct job *parent, size_t limit);
/* Run fn(j, arg) so that running out of memory ends it with ERR_BUSY.
 * The only setjmp() in the program.  Does not end the job. */
MUST_CHECK enum err job_run(struct job *j, job_fn *fn, void *arg);
/* Run the clean-ups, newest first, and give back all memory.  Idempotent. */
void job_end(struct job *j);

/* Zeroed memory, aligned for any type, until the job or scope ends.  Never NULL. */
__attribute__((returns_nonnull, malloc)) void *job_alloc(struct job *j, size_t n);
/* The same for count things of size n; the product is checked. */
__attribute__((returns_nonnull)) void *job_array(struct job *j, size_t count, size_t n);
/* Grow an array: a copy of *old (n_old bytes) in n_new bytes. */
__attribute__((returns_nonnull)) void *job_grow(struct job *j, const void *old, size_t n_old,
                                                size_t n_new);
/* For code called back by expat, SQLite or libcurl, where no jump may cross:
 * NULL past the ceiling, with the error set. */
void *job_try_alloc(struct job *j, size_t n);
char *job_copy(struct job *j, const char *s); /* NULL gives NULL */
char *job_copy_n(struct job *j, const char *s, size_t n);
char *job_format(struct job *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Memory taken between begin and end is given back at end; clean-ups
 * registered in between run then.  Scopes nest. */
struct scope {
    struct block *block;
    struct cleanup *cleanup;
    size_t used, at;
};
struct scope job_scope_begin(struct job *j);
void job_scope_end(struct job *j, struct scope s);

/* Call fn(arg) when the job or scope ends, however it ends.  Register first
 * (arg NULL), acquire, then set arg. */
struct cleanup *job_on_end(struct job *j, void (*fn)(void *));

/* Record an error and return its kind: "return err_set(j, ...)".  Set once,
 * where it is known; passed up untouched. */
enum err err_set(struct job *j, enum err kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
enum err err_hint(struct job *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum err err_detail(struct job *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void err_clear(struct job *j);
/* 0 done, 1 refused, 2 usage, 3 environment. */
int err_exit_code(enum err kind);

/* Tests: the Nth allocation from now fails; 0 = none.  Per thread. */
extern _Thread_local int job_alloc_fault;
