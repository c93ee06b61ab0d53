#include "thing.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

static const char sql_all[] =
    "SELECT id, name, n, share, content FROM thing WHERE area_id = 1 ORDER BY id";

/* Every row as text, so that two databases can be compared. */
static const char *
content(struct job *j, const char *url)
{
    struct job reader;
    const char *all;
    char *text = NULL;
    size_t size, n;
    FILE *f = open_memstream(&text, &size);
    struct rows q;

    job_init_child(&reader, j, 16 * JOB_MB);
    assert_ok(&reader, db_open(&reader, url, DB_READ, &reader.db));
    db_ask(&reader, &q, sql_all, NO_ARGS);
    while (db_next(&q)) {
        fprintf(f, "%lld %s %lld %a", (long long)row_int(&q, 0), row_text(&q, 1),
                (long long)row_int_or(&q, 2, -1), row_real(&q, 3));
        if (row_peek(&q, 4, &n))
            fprintf(f, " %zu", n);
        fputc('\n', f);
    }
    assert_ok(&reader, db_done(&q));
    job_end(&reader);
    fclose(f);
    all = job_copy(j, text);
    free(text);
    return all;
}

static void
fill(struct job *j)
{
    thing_table(j);
    assert_ok(j, db_begin(j));
    for (int64_t i = 0; i < 200; i++)
        assert_ok(j, db_run(j, sql_thing_add,
                            ARGS(INT(i), i % 2 ? TEXT("Zo\u00eb") : NUL, INT(i * i),
                                 REAL((double)i / 7), i % 3 ? BLOB("\0\1\2", 3) : NUL), NULL));
    assert_ok(j, db_commit(j));
}

static void
a_backup_restores_to_the_same_content(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "backup"), *url, *problem;
    struct stat st;

    fill(j);
    assert_ok(j, db_backup(j, support_url(j), path));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    url = support_empty_url(j);
    assert_ok(j, db_restore(j, path, url));
    assert_string_equal(content(j, url), content(j, support_url(j)));
    assert_ok(j, db_open(j, url, DB_WRITE, &j->db));
    assert_ok(j, db_integrity(j, &problem));
    assert_string_equal(problem, "");
    assert_ok(j, thing_add(j, 1000, "new"));
    assert_ok(j, db_migrate(j, url));
}

static void
the_job_keeps_its_connection_over_a_backup(void **state)
{
    struct job *j = support_job(state);
    struct db *own;

    fill(j);
    own = j->db;
    assert_ok(j, db_backup(j, support_url(j), support_path(j, "backup")));
    assert_ptr_equal(j->db, own);
    assert_int_equal(thing_count(j), 200);
}

struct writer {
    pthread_t thread;
    struct job job;
    const char *url;
    atomic_bool stop;
    enum err err;
    int64_t pairs;
};

/* Always two rows at once: a backup may hold neither or both. */
static void *
write_pairs(void *arg)
{
    struct writer *w = arg;
    struct job *j = &w->job;

    w->err = db_open(j, w->url, DB_WRITE, &j->db);
    for (w->pairs = 0; !w->err && !(w->stop && w->pairs > 10); w->pairs++) {
        struct scope s = job_scope_begin(j);
        if (!(w->err = db_begin(j)) && !(w->err = thing_add(j, 1000 + 2 * w->pairs, "left")) &&
            !(w->err = thing_add(j, 1001 + 2 * w->pairs, "right")))
            w->err = db_commit(j);
        job_scope_end(j, s);
    }
    job_end(j);
    return NULL;
}

static const char sql_half_pairs[] =
    "SELECT count(*) FROM thing a WHERE a.area_id = 1 AND a.name = 'left' AND NOT EXISTS"
    " (SELECT 1 FROM thing b WHERE b.area_id = 1 AND b.id = a.id + 1)";

static void
a_backup_while_another_writes_is_of_one_moment(void **state)
{
    struct job *j = support_job(state);
    struct writer w = {.err = OK};
    const char *url;
    int64_t half;

    fill(j);
    w.url = support_url(j);
    job_init_child(&w.job, j, 8 * JOB_MB);
    assert_int_equal(pthread_create(&w.thread, NULL, write_pairs, &w), 0);
    assert_ok(j, db_backup(j, support_url(j), support_path(j, "one")));
    assert_ok(j, db_backup(j, support_url(j), support_path(j, "two")));
    w.stop = true;
    pthread_join(w.thread, NULL);
    assert_ok(&w.job, w.err);
    assert_int_equal(thing_count(j), 200 + 2 * w.pairs);
    url = support_empty_url(j);
    assert_ok(j, db_restore(j, support_path(j, "two"), url));
    assert_ok(j, db_open(j, url, DB_READ, &j->db));
    assert_ok(j, db_int(j, sql_half_pairs, NO_ARGS, -1, &half));
    assert_int_equal(half, 0);
    assert_int_equal(thing_count(j) % 2, 0);
}

static void
a_backup_never_writes_over_a_file(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "backup");
    FILE *f = fopen(path, "w");

    fputs("precious", f);
    fclose(f);
    support_db(j);
    assert_err(j, db_backup(j, support_url(j), path), ERR_INPUT);
    assert_says(j, "already");
    assert_err(j, db_backup(j, support_url(j), support_path(j, "no/folder")), ERR_ENV);
}

static void
a_restore_goes_into_an_empty_place_only(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "backup");

    fill(j);
    assert_ok(j, db_backup(j, support_url(j), path));
    assert_err(j, db_restore(j, path, support_url(j)), ERR_INPUT);
    assert_says(j, "never writes over");
    assert_int_equal(thing_count(j), 200);
}

static void
a_file_that_is_no_backup_is_refused(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "letter"), *url = support_empty_url(j);
    FILE *f = fopen(path, "w");

    assert_err(j, db_restore(j, support_path(j, "none"), url), ERR_ENV);
    fclose(f);
    assert_err(j, db_restore(j, path, url), ERR_INPUT);
    f = fopen(path, "w");
    fputs("Dear Sir or Madam", f);
    fclose(f);
    assert_err(j, db_restore(j, path, url), ERR_INPUT);
    assert_says(j, "no backup");
}

static void
a_damaged_backup_is_refused(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "backup"), *url;
    enum err e;

    fill(j);
    assert_ok(j, db_backup(j, support_url(j), path));
    assert_int_equal(truncate(path, 20000), 0);
    url = support_empty_url(j);
    e = db_restore(j, path, url);
    assert_true(e == ERR_INPUT || e == ERR_ENV);
    assert_err(j, e, j->err.kind);
    if (!support_postgresql())
        assert_int_not_equal(access(url + 7, F_OK), 0);
}

static void
integrity_of_a_sound_database_is_no_problem(void **state)
{
    struct job *j = support_job(state);
    const char *problem = NULL;

    fill(j);
    assert_ok(j, db_integrity(j, &problem));
    assert_string_equal(problem, "");
}

static void
integrity_finds_a_damaged_page(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "backup"), *problem = "";
    FILE *f;
    long size;
    enum err e;

    if (support_postgresql())
        return;
    fill(j);
    assert_ok(j, db_backup(j, support_url(j), path));
    f = fopen(path, "r+");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    size = ftell(f);
    for (long at = size / 2 / 4096 * 4096; at < size; at += 4096) { /* one may hold nothing */
        fseek(f, at + 100, SEEK_SET);
        for (int i = 0; i < 3000; i++)
            fputc(0x55, f);
    }
    assert_int_equal(fclose(f), 0);
    e = db_open(j, job_format(j, "sqlite:%s", path), DB_READ, &j->db);
    if (!e) /* where the damage is such that it can be opened at all */
        e = db_integrity(j, &problem);
    assert_true(e == ERR_ENV || *problem);
}

static void
a_reader_may_check_the_integrity(void **state)
{
    struct job *j = support_job(state);
    struct job reader;
    const char *problem = NULL;

    fill(j);
    thing_other(j, DB_READ, &reader);
    assert_ok(&reader, db_integrity(&reader, &problem));
    assert_string_equal(problem, "");
    job_end(&reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_backup_restores_to_the_same_content),
        SUPPORT_TEST(the_job_keeps_its_connection_over_a_backup),
        SUPPORT_TEST(a_backup_while_another_writes_is_of_one_moment),
        SUPPORT_TEST(a_backup_never_writes_over_a_file),
        SUPPORT_TEST(a_restore_goes_into_an_empty_place_only),
        SUPPORT_TEST(a_file_that_is_no_backup_is_refused),
        SUPPORT_TEST(a_damaged_backup_is_refused),
        SUPPORT_TEST(integrity_of_a_sound_database_is_no_problem),
        SUPPORT_TEST(integrity_finds_a_damaged_page),
        SUPPORT_TEST(a_reader_may_check_the_integrity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
