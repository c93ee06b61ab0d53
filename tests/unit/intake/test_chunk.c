#include "intake/chunk.h"
#include "intake/facts.h"
#include "intake/keep.h"
#include "base/thread.h"
#include "support/loads.h"

static enum err
put_note(struct job *j, struct chunk *c, int64_t line, const char *note)
{
    return chunk_row(j, c, &fact_term_date,
                     ARGS(INT(1), INT(1), INT(1), INT(line), NUL, INT(line), INT(line + 1),
                          TEXT("term"), TEXT(note))
                         .v);
}

static void
rows_come_out_as_they_went_in(void **state)
{
    struct job *j = support_job(state);
    struct chunk *c;
    char note[32];

    support_db(j);
    support_area(j);
    c = chunk_open(j);
    for (int i = 0; i < 30000; i++) {
        snprintf(note, sizeof note, "note %d", i); /* copied: the buffer is used again */
        assert_ok(j, put_note(j, c, i, note));
    }
    assert_ok(j, chunk_flush(j, c));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM term_date WHERE area_id = 1"), 30000);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM term_date WHERE area_id = 1 AND "
                                    "line = 12345 AND note = 'note 12345'"), 1);
    assert_ok(j, chunk_flush(j, c)); /* nothing waits */
}

static void
what_is_forgotten_is_not_written(void **state)
{
    struct job *j = support_job(state);
    struct chunk *c;

    support_db(j);
    support_area(j);
    c = chunk_open(j);
    assert_ok(j, put_note(j, c, 1, "a"));
    chunk_clear(c);
    assert_ok(j, put_note(j, c, 2, "b"));
    assert_ok(j, chunk_flush(j, c));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM term_date WHERE area_id = 1"), 1);
}

static void
a_row_too_large_is_refused_and_large_ones_fit(void **state)
{
    struct job *j = support_job(state);
    struct chunk *c;
    size_t n = 2 * JOB_MB;
    char *blob = job_alloc(j, n);

    support_db(j);
    support_area(j);
    c = chunk_open(j);
    for (int i = 1; i <= 5; i++)
        assert_ok(j, chunk_row(j, c, &fact_file_chunk,
                               ARGS(INT(1), INT(1), INT(1), INT(i), BLOB(blob, n)).v));
    assert_err(j, chunk_row(j, c, &fact_file_chunk,
                            ARGS(INT(1), INT(1), INT(1), INT(9), BLOB(blob, 9 * JOB_MB)).v),
               ERR_INPUT);
    assert_ok(j, chunk_flush(j, c));
    assert_int_equal(loads_count(j, "SELECT sum(length(content)) FROM file_chunk "
                                    "WHERE area_id = 1"), (int64_t)(5 * n));
}

/* ---- others get in --------------------------------------------------------------- */

/* Somebody who writes one row at a time while a load goes on. */
struct visitor {
    const char *url;
    const struct job *parent;
    struct chunk *chunk; /* block 1: the load */
    int64_t writes, slowest;
    volatile bool *done;
};

static int64_t
clock_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static enum err
visit(struct job *j, struct visitor *v)
{
    enum err e = OK;

    while (!e && !__atomic_load_n(v->done, __ATOMIC_ACQUIRE)) {
        struct scope s = job_scope_begin(j);
        int64_t since = clock_us(), took;

        e = db_run(j, "UPDATE area SET next_id = next_id + 1 WHERE area_id = 2", NO_ARGS, NULL);
        took = clock_us() - since;
        v->slowest = took > v->slowest ? took : v->slowest;
        v->writes++;
        job_scope_end(j, s);
    }
    return e;
}

static enum err
two_at_once(struct job *child, void *arg, size_t block)
{
    struct visitor *v = arg;
    struct db *db;
    enum err e = db_open(child, v->url, DB_WRITE, &db);

    if (e)
        return e;
    child->db = db;
    if (block == 0)
        return visit(child, v);
    v->chunk = chunk_open(child);
    e = db_reloadable(child, true);
    for (int i = 0; !e && i < 200000; i++)
        e = put_note(child, v->chunk, i, "a note of some length, as notes are");
    if (!e)
        e = chunk_flush(child, v->chunk);
    __atomic_store_n(v->done, true, __ATOMIC_RELEASE);
    return e;
}

static void
others_write_between_the_chunks_of_a_load(void **state)
{
    struct job *j = support_job(state);
    volatile bool done = false;
    struct visitor v = {.done = &done};

    support_db(j);
    support_area(j);
    assert_ok(j, db_run(j, "INSERT INTO area (area_id, name, next_id) VALUES (2, 'Other', 1)",
                        NO_ARGS, NULL));
    v.url = support_url(j);
    assert_ok(j, thread_each(j, 2, 2, 32 * JOB_MB, two_at_once, &v));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM term_date WHERE area_id = 1"), 200000);
    /* one at least between any two chunks, so never as few as the load's transactions */
    print_message("%lld writes beside the load, the slowest took %lld ms\n", (long long)v.writes,
                  (long long)v.slowest / 1000);
    assert_true(v.writes >= 10);
}

/* ---- a transaction is short, whatever the machine -------------------------------- */

/* A clock that moves by so much at each look, and what each transaction held. */
struct looking {
    struct job *other;     /* of a second connection; NULL: none */
    int64_t now, step;
    int64_t rows, holds;
    int most_rows;
    size_t most_bytes;
};

static int64_t
look(void *arg)
{
    struct looking *l = arg;

    return l->now += l->step;
}

static void
told(void *arg, const struct chunk_hold *h)
{
    struct looking *l = arg;

    l->holds++;
    l->rows += h->rows;
    l->most_rows = h->rows > l->most_rows ? h->rows : l->most_rows;
    l->most_bytes = h->bytes > l->most_bytes ? h->bytes : l->most_bytes;
    if (!l->other)
        return;
    /* were the writer still held, this one thread would wait ten seconds and be refused */
    assert_ok(l->other, db_begin(l->other));
    assert_ok(l->other, db_run(l->other, "UPDATE area SET next_id = next_id + 1 WHERE area_id = 1",
                               NO_ARGS, NULL));
    assert_ok(l->other, db_commit(l->other));
}

static void
write_notes(struct job *j, struct looking *l, int n)
{
    struct chunk_watch w = {told, look, l};
    struct chunk *c = chunk_open(j);

    chunk_watch(c, &w);
    for (int i = 0; i < n; i++)
        assert_ok(j, put_note(j, c, i, "a note"));
    assert_ok(j, chunk_flush(j, c));
    assert_int_equal(l->rows, n);
}

static void
a_transaction_ends_when_its_time_is_over(void **state)
{
    struct job *j = support_job(state);
    struct looking fast = {.step = 1000}, slow = {.step = CHUNK_HOLD_US};
    int looks = CHUNK_HOLD_US / 1000;

    support_db(j);
    support_area(j);
    write_notes(j, &fast, 5000); /* a millisecond for each few rows */
    assert_int_equal(fast.most_rows, looks * CHUNK_LOOK);
    assert_true(db_longest_hold(j) > 0);
    assert_ok(j, db_run(j, "DELETE FROM term_date WHERE area_id = 1", NO_ARGS, NULL));
    write_notes(j, &slow, 5000); /* the slowest machine: at the first look it is over */
    assert_int_equal(slow.most_rows, CHUNK_LOOK);
    assert_int_equal(slow.holds, 5000 / CHUNK_LOOK + 1);
}

static void
a_transaction_is_bounded_in_rows_and_bytes_without_a_clock(void **state)
{
    struct job *j = support_job(state);
    struct looking l = {.step = 0};
    struct chunk_watch w = {told, look, &l};
    struct chunk *c;
    size_t n = JOB_MB / 2;
    char *blob = job_alloc(j, n);

    support_db(j);
    support_area(j);
    write_notes(j, &l, 3 * CHUNK_ROWS);
    assert_true(l.most_rows <= CHUNK_ROWS && l.most_rows > CHUNK_ROWS / 2);
    l = (struct looking){0};
    c = chunk_open(j);
    chunk_watch(c, &w);
    for (int i = 1; i <= 40; i++)
        assert_ok(j, chunk_row(j, c, &fact_file_chunk,
                               ARGS(INT(1), INT(1), INT(1), INT(i), BLOB(blob, n)).v));
    assert_ok(j, chunk_flush(j, c));
    assert_int_equal(l.rows, 40);
    assert_int_equal(l.most_bytes, CHUNK_BYTES);
}

static void
the_writer_is_free_between_any_two_chunks(void **state)
{
    struct job *j = support_job(state), other;
    struct looking l = {.step = 5000, .other = &other};
    struct db *db;

    support_db(j);
    support_area(j);
    job_init_child(&other, j, 16 * JOB_MB);
    assert_ok(&other, db_open(&other, support_url(j), DB_WRITE, &db));
    other.db = db;
    other.area = 1;
    write_notes(j, &l, 2000);
    assert_true(l.holds >= 10);
    assert_int_equal(loads_count(j, "SELECT next_id FROM area WHERE area_id = 1"), l.holds + 1);
    job_end(&other);
}

/* ---- kept text ------------------------------------------------------------------- */

struct handed {
    struct job *j;
    struct lines out;
    int64_t next;
};

static enum err
take_back(struct job *j, void *arg, const struct kept *k)
{
    struct handed *h = arg;
    const char *text;
    size_t n;

    assert_int_equal(k->first_line, h->next++);
    assert_ok(j, kept_text(j, k->content, k->n, &text, &n));
    lines_add_n(&h->out, text, n);
    return OK;
}

static void
kept_pieces_come_back_in_order_and_whole(void **state)
{
    struct job *j = support_job(state);
    struct handed h = {.j = j, .out = {.j = j}, .next = 1};
    struct lines all = {.j = j};
    struct keeper *k;

    assert_ok(j, keeper_open(j, &k));
    for (int i = 1; i <= 40; i++) {
        char *text = job_format(j, "piece %d %0*d\n", i, i * 100, i);
        struct kept piece = {1, i, text, strlen(text)};
        lines_add_n(&all, text, strlen(text));
        assert_ok(j, keeper_give(j, k, &piece, take_back, &h));
        text[0] = 'X'; /* it was copied */
    }
    assert_ok(j, keeper_drain(j, k, take_back, &h));
    assert_int_equal(h.next, 41);
    assert_string_equal(h.out.s, all.s);
}

static void
what_is_no_kept_text_is_told(void **state)
{
    struct job *j = support_job(state);
    const char *text;
    size_t n;

    assert_err(j, kept_text(j, "rubbish", 7, &text, &n), ERR_FAULT);
    assert_err(j, kept_text(j, "", 0, &text, &n), ERR_FAULT);
}

/* Every fact of the small council is found again in the kept text of its file. */
static void
each_fact_is_shown_beside_its_original(void **state)
{
    struct job *j = support_job(state);
    struct kept_text k = {.form = FORM_CSV, .first_line = 1};
    struct original *o;
    const void *content;
    struct rows q;
    size_t n, n_text;
    const char *text;

    support_db(j);
    loads_run(j, LOADS_COUNCIL "/census/2025-spring");
    db_ask(j, &q, "SELECT content FROM file_chunk c JOIN batch_file f ON f.area_id = c.area_id AND "
                  "f.batch_id = c.batch_id AND f.file_id = c.file_id WHERE c.area_id = 896 AND "
                  "f.layout = 'census-pupilonroll' AND c.first_line = 1", NO_ARGS);
    assert_true(db_next(&q));
    content = row_blob(&q, 0, &n);
    assert_ok(j, db_done(&q));
    assert_ok(j, kept_text(j, content, n, &text, &n_text));
    k.layout = layout_find("census-pupilonroll");
    k.header = k.text = (struct span){text, n_text};
    assert_ok(j, returns_show(j, &k, 4, &o, &n));
    for (size_t i = 0; i < n; i++)
        if (!strcmp(o[i].name, "surname"))
            assert_string_equal(o[i].value, "PATEL");
    assert_true(n > 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(rows_come_out_as_they_went_in),
        SUPPORT_TEST(what_is_forgotten_is_not_written),
        SUPPORT_TEST(a_row_too_large_is_refused_and_large_ones_fit),
        SUPPORT_TEST(others_write_between_the_chunks_of_a_load),
        SUPPORT_TEST(a_transaction_ends_when_its_time_is_over),
        SUPPORT_TEST(a_transaction_is_bounded_in_rows_and_bytes_without_a_clock),
        SUPPORT_TEST(the_writer_is_free_between_any_two_chunks),
        SUPPORT_TEST(kept_pieces_come_back_in_order_and_whole),
        SUPPORT_TEST(what_is_no_kept_text_is_told),
        SUPPORT_TEST(each_fact_is_shown_beside_its_original),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
