/* tests/support/support.h - what every test needs: a job, a folder, a database, plain asserts.
 *
 *     static void a_thing_does_so(void **state) { struct job *j = support_job(state); … }
 *     const struct CMUnitTest tests[] = {SUPPORT_TEST(a_thing_does_so)};
 *
 * Each test has its own; all of it is gone when the test ends. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "store/db.h"

struct support {
    struct job job;  /* first: support_…(j) find the rest from it */
    char folder[64]; /* the test's own, empty at first */
    char url[256];   /* of the test's database once support_db() made it, else "" */
};

/* "Now" of every test: 2025-06-16 09:00 UTC, a Monday. */
#define SUPPORT_NOW INT64_C(1750064400000000)
enum { SUPPORT_TODAY = 20255 };

int support_start(void **state);
int support_stop(void **state);
#define SUPPORT_TEST(f) cmocka_unit_test_setup_teardown(f, support_start, support_stop)
struct job *support_job(void **state);

/* A path within the test's folder. */
const char *support_path(struct job *j, const char *name);
/* A migrated database in j->db, open for writing, on the engine of ROOTED_TEST_DB: a SQLite
 * file by default, a database of its own in the cluster at postgresql://…. */
void support_db(struct job *j);
/* The url of that database, for a second connection or a child process. */
const char *support_url(struct job *j);
/* The url of a second place of that engine, which holds nothing yet. */
const char *support_empty_url(struct job *j);
/* Is ROOTED_TEST_DB a PostgreSQL cluster? */
bool support_postgresql(void);
/* Area 1, the pseudo authority, in the database and in j->area. */
void support_area(struct job *j);

/* The call must succeed; otherwise its message is shown. */
#define assert_ok(j, call) support_expect((j), (call), OK, __FILE__, __LINE__)
/* The call must fail with this kind, and say something. */
#define assert_err(j, call, kind) support_expect((j), (call), (kind), __FILE__, __LINE__)
/* The error's message or hint holds these words. */
#define assert_says(j, words) support_says((j), (words), __FILE__, __LINE__)
void support_expect(struct job *j, enum err got, enum err want, const char *file, int line);
void support_says(struct job *j, const char *words, const char *file, int line);
