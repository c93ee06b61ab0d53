/* The file that searches read: whole or refused, and who has the old one goes on with it. */
#include "directory/search.h"
#include "directory/thesaurus.h"
#include "support/services.h"
#include "support/support.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SERVICES = 40 };

static char *
bytes_of(struct job *j, const char *path, size_t *n)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    char *bytes;

    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &st), 0);
    *n = (size_t)st.st_size;
    bytes = job_alloc(j, *n);
    assert_int_equal(fread(bytes, 1, *n, f), *n);
    fclose(f);
    return bytes;
}

static void
put(const char *path, const char *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

static void
the_same_rows_give_the_same_bytes(void **state)
{
    struct job *j = support_job(state);
    size_t n, m;
    const char *one, *other;

    assert_ok(j, services_index(j, SERVICES, support_path(j, "one")));
    assert_ok(j, services_index(j, SERVICES, support_path(j, "other")));
    one = bytes_of(j, support_path(j, "one"), &n);
    other = bytes_of(j, support_path(j, "other"), &m);
    assert_int_equal(n, m);
    assert_memory_equal(one, other, n);
}

static void
a_damaged_file_is_refused_wherever_the_damage_is(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "index"), *bad = support_path(j, "bad");
    struct search_index *x = NULL;
    size_t n;
    char *bytes;

    assert_err(j, search_index_open(j, path, &x), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, services_index(j, SERVICES, path));
    bytes = bytes_of(j, path, &n);
    for (size_t i = 0; i < n; i += 1 + n / 400) {
        bytes[i] ^= 16;
        put(bad, bytes, n);
        bytes[i] ^= 16;
        if (search_index_open(j, bad, &x) == OK) /* a byte between sections, which nobody reads */
            assert_ok(j, search_run(j, x, &(struct search){.words = "anger"},
                                    &(struct search_found){0}));
        err_clear(j);
    }
    for (size_t cut = 0; cut < n; cut += 1 + n / 50) {
        put(bad, bytes, cut);
        assert_err(j, search_index_open(j, bad, &x), ERR_ENV);
        err_clear(j);
    }
}

static void
who_has_the_old_file_goes_on_with_it(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "index");
    struct search_index *old = NULL, *new = NULL;
    struct search_found f;
    struct search s = {.most = 1};

    assert_ok(j, services_index(j, SERVICES, path));
    assert_ok(j, search_index_open(j, path, &old));
    assert_ok(j, services_index(j, 2 * SERVICES, path));
    assert_ok(j, search_index_open(j, path, &new));
    assert_ok(j, search_run(j, old, &s, &f));
    assert_int_equal(f.services, SERVICES);
    assert_ok(j, search_run(j, new, &s, &f));
    assert_int_equal(f.services, 2 * SERVICES);
}

static void
an_empty_directory_has_an_index_too(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "index");
    struct search_index *x = NULL;
    struct search_found f;
    struct search s = {.words = "speech", .most = 5, .counts = true, .metres = 5, .near = true};

    assert_ok(j, services_index(j, 0, path));
    assert_ok(j, search_index_open(j, path, &x));
    assert_ok(j, search_run(j, x, &s, &f));
    assert_int_equal(f.services, 0);
    assert_int_equal(f.n_looser, 0);
}

static void
rows_out_of_order_and_names_that_are_none_are_refused(void **state)
{
    struct job *j = support_job(state);
    struct search_builder *b = NULL;
    struct search_row row = {.entry = 1, .uuid = "00000002-0000-4000-8000-000000000000"};

    assert_ok(j, search_index_begin(j, &(struct thesaurus){0}, &b));
    assert_ok(j, search_index_row(j, b, &row));
    row.uuid = "00000001-0000-4000-8000-000000000000";
    assert_err(j, search_index_row(j, b, &row), ERR_FAULT);
    err_clear(j);
    row.uuid = "three";
    assert_err(j, search_index_row(j, b, &row), ERR_FAULT);
}

static void
what_cannot_be_written_leaves_nothing_behind(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "nowhere/index");

    assert_err(j, services_index(j, SERVICES, path), ERR_ENV);
    assert_int_equal(access(job_format(j, "%s.new", path), F_OK), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_same_rows_give_the_same_bytes),
        SUPPORT_TEST(a_damaged_file_is_refused_wherever_the_damage_is),
        SUPPORT_TEST(who_has_the_old_file_goes_on_with_it),
        SUPPORT_TEST(an_empty_directory_has_an_index_too),
        SUPPORT_TEST(rows_out_of_order_and_names_that_are_none_are_refused),
        SUPPORT_TEST(what_cannot_be_written_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
