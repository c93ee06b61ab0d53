/* Rows on their way to many places at once. */
#include "base/random.h"
#include "support/support.h"
#include "base/streams.h"
#include <dirent.h>

enum { STREAMS = 40, ROWS = 60000 };

struct row {
    uint64_t stream, number;
    char more[24];
};

struct reading {
    uint64_t stream, next, step;
    size_t n;
    struct row row[STREAMS_BLOCK / sizeof(struct row)];
};

static enum err
look(void *arg, const void *p, size_t n)
{
    struct reading *r = arg;

    assert_int_equal(n % sizeof(struct row), 0);
    memcpy(r->row, p, n);
    for (size_t i = 0; i < n / sizeof(struct row); i++, r->n++, r->next += r->step) {
        assert_int_equal(r->row[i].stream, r->stream);
        assert_int_equal(r->row[i].number, r->next);
        assert_int_equal(r->row[i].more[0], '\0');
    }
    return OK;
}

static struct streams_place
somewhere(struct job *j)
{
    return (struct streams_place){support_path(j, "."), "a test"};
}

static void
what_was_given_to_a_stream_comes_back_whole_and_in_order(void **state)
{
    struct job *j = support_job(state);
    struct streams *x = streams_open(j, somewhere(j), STREAMS + 1);
    struct reading *r = job_alloc(j, sizeof *r);

    for (uint64_t i = 0; i < ROWS; i++) {
        struct row *to = streams_room(x, i % STREAMS, sizeof *to);
        to->stream = i % STREAMS;
        to->number = i;
    }
    assert_ok(j, streams_state(x));
    for (uint64_t s = 0; s < STREAMS; s++) {
        *r = (struct reading){.stream = s, .next = s, .step = STREAMS};
        assert_int_equal(streams_bytes(x, s), ROWS / STREAMS * sizeof(struct row));
        assert_ok(j, streams_read(x, s, look, r));
        assert_int_equal(r->n, ROWS / STREAMS);
    }
    *r = (struct reading){0};
    assert_int_equal(streams_bytes(x, STREAMS), 0);
    assert_ok(j, streams_read(x, STREAMS, look, r));
    assert_int_equal(r->n, 0);
}

struct text {
    char *to;
    size_t n;
};

static enum err
join(void *arg, const void *p, size_t n)
{
    struct text *t = arg;

    memcpy(t->to + t->n, p, n);
    t->n += n;
    return OK;
}

static void
pieces_of_any_length_are_joined(void **state)
{
    struct job *j = support_job(state);
    struct streams *x = streams_open(j, somewhere(j), 2);
    struct random r = random_stream(3, 0, 0);
    struct text all = {job_alloc(j, 8 * STREAMS_BLOCK), 0};
    struct text got = {job_alloc(j, 8 * STREAMS_BLOCK), 0};

    for (size_t n = 0; all.n + 2 * STREAMS_BLOCK < 8 * STREAMS_BLOCK; n = 0) {
        for (size_t most = (size_t)random_below(&r, 2 * STREAMS_BLOCK); n < most; n++)
            all.to[all.n + n] = (char)random_below(&r, 256);
        streams_put(x, 1, all.to + all.n, n);
        all.n += n;
    }
    assert_int_equal(streams_bytes(x, 1), all.n);
    assert_ok(j, streams_read(x, 1, join, &got));
    assert_int_equal(got.n, all.n);
    assert_memory_equal(got.to, all.to, all.n);
}

static void
the_file_has_no_name(void **state)
{
    struct job *j = support_job(state);
    struct streams_place at = somewhere(j);
    struct streams *x = streams_open(j, at, 1);
    char block[STREAMS_BLOCK] = "";
    const struct dirent *f;
    DIR *d;

    for (int i = 0; i < 5; i++)
        streams_put(x, 0, block, sizeof block);
    assert_ok(j, streams_state(x));
    d = opendir(at.folder);
    assert_non_null(d);
    while ((f = readdir(d)))
        assert_null(strstr(f->d_name, "rooted."));
    closedir(d);
}

static void
a_folder_that_is_not_there_is_told_once_it_is_needed(void **state)
{
    struct job *j = support_job(state);
    struct streams *x = streams_open(j, (struct streams_place){support_path(j, "no-folder"), "it"},
                                     2);
    char block[STREAMS_BLOCK] = "";
    struct text none = {block, 0};

    streams_put(x, 0, block, sizeof block);
    assert_ok(j, streams_state(x));
    streams_put(x, 0, block, sizeof block);
    assert_err(j, streams_state(x), ERR_ENV);
    assert_non_null(streams_room(x, 1, sizeof(struct row)));
    assert_err(j, streams_read(x, 0, join, &none), ERR_ENV);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_was_given_to_a_stream_comes_back_whole_and_in_order),
        SUPPORT_TEST(pieces_of_any_length_are_joined),
        SUPPORT_TEST(the_file_has_no_name),
        SUPPORT_TEST(a_folder_that_is_not_there_is_told_once_it_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
