#include "directory/duplicate.h"
#include "directory/export.h"
#include "directory/import.h"
#include "directory/service.h"
#include "report/services.h"
#include "support/support.h"
#include <string.h>

static const char feed[] =
    "[{\"id\":\"1\",\"name\":\"Anchor: the School Worries Group\",\"organization\":{\"id\":\"o\","
    "\"name\":\"Harbour Trust\"},\"phones\":[{\"number\":\"01632 960001\"}]},"
    "{\"id\":\"2\",\"name\":\"Anchor school worries group\",\"organization\":{\"id\":\"p\","
    "\"name\":\"Harbour-Trust\"},\"phones\":[{\"number\":\"+44 1632 960 001\"}]},"
    "{\"id\":\"3\",\"name\":\"Bridge mentoring\",\"organization\":{\"id\":\"o\","
    "\"name\":\"Harbour Trust\"},\"phones\":[{\"number\":\"01632 960001\"}]},"
    "{\"id\":\"4\",\"name\":\"Breakfast club\",\"organization\":{\"id\":\"q\",\"name\":\"Elm\"}},"
    "{\"id\":\"5\",\"name\":\"Breakfast club\",\"organization\":{\"id\":\"r\",\"name\":\"Oak\"},"
    "\"fees\":\"=HYPERLINK(1)\",\"rooted\":{\"notes\":\"secret\"}}]";

static struct job *
loaded(void **state)
{
    struct job *j = support_job(state);
    const char *path = support_path(j, "feed.json");
    FILE *f = fopen(path, "w");
    struct feed from;
    struct import_run r;

    support_db(j);
    support_area(j);
    fputs(feed, f);
    fclose(f);
    assert_ok(j, feed_open_file(j, path, &from));
    assert_ok(j, import_feed(j, &from, &(struct import_order){0}, &r));
    assert_int_equal(r.added, 5);
    return j;
}

static int64_t
shown(struct job *j)
{
    struct service_counts n;

    assert_ok(j, service_count(j, &n));
    return n.shown;
}

static void
the_same_service_of_two_spellings_is_a_candidate_and_nothing_else_is(void **state)
{
    struct job *j = loaded(state);
    struct duplicate *v;
    int64_t found;
    size_t n;

    assert_ok(j, duplicate_derive(j, &found));
    assert_int_equal(found, 1);
    assert_ok(j, duplicate_list(j, NULL, &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].why, "name, organisation, phone");
    assert_true(v[0].score >= 80);
    assert_true(v[0].id < v[0].other);
}

static void
a_merge_hides_the_other_and_can_be_undone(void **state)
{
    struct job *j = loaded(state);
    struct duplicate *v;
    int64_t found;
    size_t n;

    assert_ok(j, duplicate_derive(j, &found));
    assert_ok(j, duplicate_list(j, NULL, &v, &n));
    assert_ok(j, duplicate_merge(j, v[0].other, v[0].id));
    assert_int_equal(shown(j), 4);
    assert_err(j, duplicate_merge(j, v[0].id, v[0].other), ERR_CONFLICT);
    err_clear(j);
    assert_ok(j, duplicate_derive(j, &found));
    assert_int_equal(found, 0);
    assert_ok(j, duplicate_undo(j, v[0].id, v[0].other));
    assert_int_equal(shown(j), 5);
    assert_ok(j, duplicate_differ(j, v[0].id, v[0].other));
    assert_ok(j, duplicate_derive(j, &found));
    assert_int_equal(found, 0);
    assert_ok(j, duplicate_list(j, "different", &v, &n));
    assert_int_equal(n, 1);
    assert_err(j, duplicate_differ(j, v[0].id, v[0].id), ERR_INPUT);
}

static const char *
exported(struct job *j, enum export_format format, const char **path)
{
    static const char *const names[] = {"out.csv", "out.ndjson", "out.json"};
    char *all = job_alloc(j, 100000);
    FILE *f;

    *path = support_path(j, names[format]);
    f = fopen(*path, "w");
    assert_ok(j, export_write(j, format, f));
    fclose(f);
    f = fopen(*path, "r");
    assert_true(fread(all, 1, 99999, f) > 0);
    fclose(f);
    return all;
}

static void
what_is_exported_can_be_imported_and_holds_nothing_private(void **state)
{
    struct job *j = loaded(state);

    for (int f = EXPORT_CSV; f <= EXPORT_ORUK; f++) {
        struct import_order o = {.source = job_format(j, "copy %d", f)};
        struct import_run r;
        struct feed from;
        const char *path, *all = exported(j, (enum export_format)f, &path);

        assert_null(strstr(all, "secret"));
        assert_non_null(strstr(all, "Bridge mentoring"));
        assert_non_null(strstr(all, f == EXPORT_CSV ? " =HYPERLINK" : "=HYPERLINK"));
        assert_ok(j, feed_open_file(j, path, &from));
        assert_ok(j, import_feed(j, &from, &o, &r));
        assert_int_equal(r.read, 5 * (1 << f));
        assert_int_equal(r.refused, 0);
        assert_int_equal(r.added, r.read);
    }
}

static void
a_workbook_has_a_row_for_each_service(void **state)
{
    struct job *j = loaded(state);
    struct span s;

    assert_ok(j, services_xlsx(j, &s));
    assert_true(s.n > 1000);
    assert_memory_equal(s.s, "PK", 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_same_service_of_two_spellings_is_a_candidate_and_nothing_else_is),
        SUPPORT_TEST(a_merge_hides_the_other_and_can_be_undone),
        SUPPORT_TEST(what_is_exported_can_be_imported_and_holds_nothing_private),
        SUPPORT_TEST(a_workbook_has_a_row_for_each_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
