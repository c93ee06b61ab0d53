/* Bodies of forms, in pieces of any size. */
#include "support/support.h"
#include "base/text.h"
#include "web/body.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static const char multipart[] = "multipart/form-data; boundary=xYz";
static const char urlencoded[] = "application/x-www-form-urlencoded; charset=UTF-8";

static const char two_fields_one_file[] =
    "--xYz\r\n"
    "Content-Disposition: form-data; name=\"csrf\"\r\n\r\n"
    "tok\r\n--en\r\n"
    "--xYz\r\n"
    "content-disposition: form-data; name=\"files\"; filename=\"C:\\data\\Autumn 2024.csv\"\r\n"
    "Content-Type: text/csv\r\n\r\n"
    "UPN,Name\r\n1,\"a\r\n--xY\r\n-\"\r\n"
    "\r\n--xYz\r\n"
    "Content-Disposition: form-data; name=\"why\"\r\n\r\n"
    "\r\n--xYz--\r\n";
static const char file_content[] = "UPN,Name\r\n1,\"a\r\n--xY\r\n-\"\r\n";

static size_t
count_files(struct job *j)
{
    DIR *d = opendir(support_path(j, "up"));
    const struct dirent *e;
    size_t n = 0;

    while (d && (e = readdir(d)))
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static enum body_state
take(struct job *j, const char *type, struct span body, size_t piece, struct request *q)
{
    struct body *b = body_open(j, type, support_path(j, "up"), 10000);

    *q = (struct request){0};
    while (body.n) {
        size_t n = body.n < piece ? body.n : piece;
        body_add(b, body.s, n);
        body.s += n;
        body.n -= n;
    }
    return body_close(b, q);
}

static void
check_file(const char *path)
{
    char got[200];
    FILE *f = fopen(path, "rb");
    size_t n;

    assert_non_null(f);
    n = fread(got, 1, sizeof got, f);
    fclose(f);
    assert_int_equal(n, sizeof file_content - 1);
    assert_memory_equal(got, file_content, n);
}

static void
a_form_with_a_file_is_the_same_in_pieces_of_any_size(void **state)
{
    struct job *j = support_job(state);
    struct request q;

    for (size_t piece = 1; piece < sizeof two_fields_one_file; piece++) {
        struct job page;
        struct stat st;
        struct body *b;
        job_init_child(&page, j, JOB_MB);
        b = body_open(&page, multipart, support_path(j, "up"), 10000);
        q = (struct request){0};
        for (size_t at = 0; at < sizeof two_fields_one_file - 1; at += piece) {
            size_t left = sizeof two_fields_one_file - 1 - at;
            assert_int_equal(body_add(b, two_fields_one_file + at, left < piece ? left : piece),
                             BODY_OK);
        }
        assert_int_equal(body_close(b, &q), BODY_OK);
        assert_string_equal(request_form(&q, "csrf"), "tok\r\n--en");
        assert_string_equal(request_form(&q, "why"), "");
        assert_int_equal(q.n_form, 2);
        assert_int_equal(q.n_uploads, 1);
        assert_string_equal(q.uploads[0].field, "files");
        assert_string_equal(q.uploads[0].name, "Autumn 2024.csv");
        assert_int_equal(q.uploads[0].bytes, sizeof file_content - 1);
        check_file(q.uploads[0].path);
        assert_int_equal(stat(q.uploads[0].path, &st), 0);
        assert_int_equal(st.st_mode & 077, 0);
        job_end(&page);
        assert_int_equal(count_files(j), 0); /* gone with the request */
    }
}

static void
a_file_moved_away_stays(void **state)
{
    struct job *j = support_job(state), page;
    struct request q = {0};
    struct body *b;

    job_init_child(&page, j, JOB_MB);
    b = body_open(&page, multipart, support_path(j, "up"), 10000);
    body_add(b, two_fields_one_file, sizeof two_fields_one_file - 1);
    assert_int_equal(body_close(b, &q), BODY_OK);
    assert_int_equal(rename(q.uploads[0].path, support_path(j, "kept")), 0);
    job_end(&page);
    check_file(support_path(j, "kept"));
}

static void
broken_bodies_are_refused_and_leave_no_file(void **state)
{
    static const char *const bad[] = {
        "",
        "--xYz",
        "nothing at all",
        "--xYz\r\n\r\nno head\r\n--xYz--\r\n",
        "--xYz\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--xYz--\r\n",
        "--xYz\r\nContent-Disposition: form-data; name=\"a\r\n\r\nhalf a name\r\n--xYz--\r\n",
        "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever ends",
        "--xYz\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b.csv\"\r\n\r\nnever ends",
        "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--xYz",
        "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--xYz\n\n",
        "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\xfe\r\n--xYz--\r\n",
        "--xYz\r\nX-name=\"a\"\r\n\r\nv\r\n--xYz--\r\n",
        NULL,
    };
    struct job *j = support_job(state);
    struct request q;

    for (const char *const *s = bad; *s; s++) {
        if (take(j, multipart, span_of(*s), 7, &q) != BODY_BROKEN)
            fail_msg("taken: %s", *s);
        assert_int_equal(q.n_form + q.n_uploads, 0);
    }
    assert_int_equal(take(j, multipart,
                          SPAN("--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                               "\0\r\n--xYz--\r\n"), 7, &q), BODY_BROKEN);
}

static void
a_boundary_must_be_one(void **state)
{
    static const char *const bad[] = {
        "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"x",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567"
        "8901234567890",
        NULL};
    struct job *j = support_job(state);
    struct request q;

    for (const char *const *s = bad; *s; s++)
        assert_int_equal(take(j, *s, SPAN("--x--"), 5, &q), BODY_BROKEN);
    assert_int_equal(take(j, "multipart/form-data; charset=x; boundary=\"a b\"",
                          SPAN("--a b--"), 5, &q), BODY_OK);
}

static void
a_file_field_left_empty_brings_no_file(void **state)
{
    struct job *j = support_job(state);
    struct request q;

    assert_int_equal(take(j, multipart,
                          SPAN("--xYz\r\nContent-Disposition: form-data; name=\"files\"; "
                               "filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                               "\r\n--xYz--\r\n"), 9, &q), BODY_OK);
    assert_int_equal(q.n_uploads, 0);
    assert_int_equal(count_files(j), 0);
}

static void
names_of_files_lose_their_folders(void **state)
{
    struct job *j = support_job(state);
    struct request q;

    assert_int_equal(take(j, multipart,
                          SPAN("--xYz\r\nContent-Disposition: form-data; name=\"f\"; "
                               "filename=\"../../etc/cron.d/x\"\r\n\r\nv\r\n--xYz--\r\n"), 9, &q),
                     BODY_OK);
    assert_string_equal(q.uploads[0].name, "x");
    assert_null(strstr(q.uploads[0].path, "cron"));
}

static void
what_is_over_the_limit_is_refused(void **state)
{
    struct job *j = support_job(state);
    char *large = job_alloc(j, 20000);
    struct request q;

    memset(large, 'a', 20000);
    assert_int_equal(take(j, urlencoded, (struct span){large, 10000}, 999, &q), BODY_OK);
    assert_int_equal(take(j, urlencoded, (struct span){large, 10001}, 999, &q), BODY_LARGE);
    memcpy(large, two_fields_one_file, 200);
    assert_int_equal(take(j, multipart, (struct span){large, 20000}, 999, &q), BODY_LARGE);
}

static void
more_parts_than_a_form_has_are_refused(void **state)
{
    static const char one[] = "\r\n--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv";
    struct job *j = support_job(state);
    struct request q;
    char *all = job_alloc(j, 101 * sizeof one + 20);
    size_t n = 0;

    for (int i = 0; i < 101; i++) {
        memcpy(all + n, one, sizeof one - 1);
        n += sizeof one - 1;
        if (i == 99)
            assert_int_equal(take(j, multipart,
                                  (struct span){job_format(j, "%s\r\n--xYz--", all), n + 9}, 999,
                                  &q), BODY_OK);
    }
    memcpy(all + n, "\r\n--xYz--", 9);
    assert_int_equal(take(j, multipart, (struct span){all, n + 9}, 999, &q), BODY_BROKEN);
}

static void
a_disk_that_cannot_be_written_is_said(void **state)
{
    struct job *j = support_job(state);
    struct request q = {0};
    struct body *b = body_open(j, multipart, "/proc/nowhere", 10000);

    body_add(b, two_fields_one_file, sizeof two_fields_one_file - 1);
    assert_int_equal(body_close(b, &q), BODY_NO_ROOM);
}

static void
the_type_of_a_body_is_told_apart(void **state)
{
    (void)state;
    assert_int_equal(body_kind(NULL), BODY_NONE);
    assert_int_equal(body_kind(urlencoded), BODY_FORM);
    assert_int_equal(body_kind("Application/X-WWW-form-urlencoded"), BODY_FORM);
    assert_int_equal(body_kind("application/x-www-form-urlencodedx"), BODY_OTHER);
    assert_int_equal(body_kind(multipart), BODY_MULTIPART);
    assert_int_equal(body_kind("text/plain"), BODY_OTHER);
    assert_int_equal(body_kind(""), BODY_OTHER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_form_with_a_file_is_the_same_in_pieces_of_any_size),
        SUPPORT_TEST(a_file_moved_away_stays),
        SUPPORT_TEST(broken_bodies_are_refused_and_leave_no_file),
        SUPPORT_TEST(a_boundary_must_be_one),
        SUPPORT_TEST(a_file_field_left_empty_brings_no_file),
        SUPPORT_TEST(names_of_files_lose_their_folders),
        SUPPORT_TEST(what_is_over_the_limit_is_refused),
        SUPPORT_TEST(more_parts_than_a_form_has_are_refused),
        SUPPORT_TEST(a_disk_that_cannot_be_written_is_said),
        SUPPORT_TEST(the_type_of_a_body_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
