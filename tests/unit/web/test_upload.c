/* Files through the Data page: streamed to disk, kept for the work behind, gone otherwise. */
#include "support/served.h"
#include "web/upload.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct server_limits quick = {.upload_ms = 3000, .head_ms = 20000, .idle_ms = 20000,
                                           .upload_bytes = 100 * 1000};

static int
count(struct job *j, const char *start)
{
    DIR *d = opendir(support_path(j, !strcmp(start, "upload-") ? "quarantine" : "uploads"));
    const struct dirent *e;
    int n = 0;

    while (d && (e = readdir(d)))
        n += !strncmp(e->d_name, start, strlen(start));
    if (d)
        closedir(d);
    return n;
}

/* What a request brought goes with its end, which may come just after its answer. */
static void
assert_all_gone(struct job *j)
{
    struct timespec now;
    time_t until;

    clock_gettime(CLOCK_MONOTONIC, &now);
    for (until = now.tv_sec + 100; count(j, "upload-") && now.tv_sec < until;)
        clock_gettime(CLOCK_MONOTONIC, &now);
    assert_int_equal(count(j, "upload-") + count(j, "kept-"), 0);
}

/* A form with its token and these files: name, content, name, content … NULL. */
static const char *
form(struct job *j, const char *csrf, const char *const *files)
{
    const char *all = job_format(j, "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n"
                                 "%s\r\n", csrf);

    for (; *files; files += 2)
        all = job_format(j, "%s--b\r\nContent-Disposition: form-data; name=\"files\"; "
                         "filename=\"%s\"\r\nContent-Type: text/csv\r\n\r\n%s\r\n", all, files[0],
                         files[1]);
    return job_format(j, "%s--b--\r\n", all);
}

static const char *
head(struct served *s, size_t length)
{
    return job_format(s->j, "POST /data/load HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                      "Origin: http://127.0.0.1:%d\r\nCookie: %s\r\nContent-Length: %zu\r\n"
                      "Content-Type: multipart/form-data; boundary=b\r\n\r\n",
                      s->client.port, s->client.port, s->client.cookie, length);
}

static struct answer_seen
send_form(struct served *s, const char *body)
{
    struct answer_seen a;

    client_connect(&s->client);
    client_say(&s->client, head(s, strlen(body)));
    client_say(&s->client, body);
    a = client_read(&s->client, false);
    client_end(&s->client);
    return a;
}

static const char *
start(struct served *s, struct job *j, const char *role)
{
    struct answer_seen a;

    served_start(s, j, &quick);
    served_sign_in(s, role);
    a = client_get(&s->client, "/");
    return client_csrf(&s->client, &a);
}

static const char sql_input[] = "SELECT input FROM task WHERE area_id = 1 AND kind = 'load'";
static const char sql_tasks[] = "SELECT COUNT(*) FROM task WHERE area_id = 1";

static const char *
kept_folder(struct job *j)
{
    const char *folder = NULL;
    struct rows q;

    db_ask(j, &q, sql_input, NO_ARGS);
    while (db_next(&q))
        folder = upload_folder(j, row_text(&q, 0));
    assert_ok(j, db_done(&q));
    assert_non_null(folder);
    return folder;
}

static void
files_are_kept_under_their_names_and_a_task_is_added(void **state)
{
    static const char *const files[] = {"../aut24_pupilonroll.csv", "UPN\r\nA1\r\n",
                                        "C:\\x\\.hidden \xc3\xa9.csv", "b", NULL};
    struct job *j = support_job(state);
    struct served s;
    const char *csrf = start(&s, j, "analyst"), *folder;
    struct answer_seen a = send_form(&s, form(j, csrf, files));
    struct stat st;

    assert_int_equal(a.status, 303);
    assert_string_equal(client_header(&s.client, &a, "Location"), "/data/loads/1");
    folder = kept_folder(j);
    assert_int_equal(stat(job_format(j, "%s/aut24_pupilonroll.csv", folder), &st), 0);
    assert_int_equal(st.st_size, 9);
    assert_int_equal(stat(job_format(j, "%s/_hidden __.csv", folder), &st), 0);
    assert_int_equal(count(j, "upload-"), 0);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM audit WHERE area_id = 1 AND "
                                  "act = 'load' AND subject = 'task 1'"), 1);
    assert_int_equal(client_get(&s.client, "/data/loads/1").status, 200);
    upload_drop(support_path(j, "."), folder);
    assert_int_equal(count(j, "kept-"), 0);
    served_stop(&s);
}

static void
without_the_token_nothing_is_kept(void **state)
{
    static const char *const files[] = {"a.csv", "x", NULL};
    struct job *j = support_job(state);
    struct served s;

    start(&s, j, "analyst");
    assert_int_equal(send_form(&s, form(j, "wrong", files)).status, 403);
    assert_int_equal(served_count(&s, sql_tasks), 0);
    assert_all_gone(j);
    served_stop(&s);
}

static void
a_form_without_files_and_two_of_one_name_are_told(void **state)
{
    static const char *const none[] = {NULL}, *const empty[] = {"", "", NULL};
    static const char *const twice[] = {"a.csv", "1", "x/a.csv", "2", NULL};
    struct job *j = support_job(state);
    struct served s;
    const char *csrf = start(&s, j, "analyst");
    struct answer_seen a;

    a = send_form(&s, form(j, csrf, none));
    assert_int_equal(a.status, 422);
    assert_non_null(strstr(a.body, "Choose at least one file"));
    assert_int_equal(send_form(&s, form(j, csrf, empty)).status, 422);
    a = send_form(&s, form(j, csrf, twice));
    assert_int_equal(a.status, 422);
    assert_non_null(strstr(a.body, "both called a.csv"));
    assert_int_equal(served_count(&s, sql_tasks), 0);
    assert_all_gone(j);
    served_stop(&s);
}

static void
who_may_not_load_is_refused_before_the_files_are_read(void **state)
{
    static const char *const roles[] = {"senco", "inclusion-lead", "administrator", NULL};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, &quick);
    for (const char *const *r = roles; *r; r++) {
        served_sign_in(&s, *r);
        client_connect(&s.client);
        client_say(&s.client, head(&s, 90 * 1000)); /* and not a byte of it */
        a = client_read(&s.client, false);
        assert_int_equal(a.status, 404);
        assert_true(a.closed);
    }
    s.client.cookie[0] = '\0';
    client_connect(&s.client);
    client_say(&s.client, head(&s, 90 * 1000));
    assert_int_equal(client_read(&s.client, false).status, 303);
    served_stop(&s);
}

static void
more_than_the_limit_is_refused_and_gone(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    char *large = job_alloc(j, 120 * 1000 + 1);
    const char *files[] = {"a.csv", large, NULL}, *body;
    const char *csrf = start(&s, j, "analyst");

    memset(large, 'x', 120 * 1000);
    body = form(j, csrf, files);
    assert_int_equal(send_form(&s, body).status, 413); /* by what it says */
    client_connect(&s.client);                         /* and by what it does */
    client_say(&s.client, job_format(j, "POST /data/load HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                     "Sec-Fetch-Site: same-origin\r\nCookie: %s\r\n"
                                     "Transfer-Encoding: chunked\r\n"
                                     "Content-Type: multipart/form-data; boundary=b\r\n\r\n%zx\r\n",
                                     s.client.cookie, strlen(body)));
    client_say(&s.client, body);
    client_say(&s.client, "\r\n0\r\n\r\n");
    a = client_read(&s.client, false);
    assert_int_equal(a.status, 413);
    assert_all_gone(j);
    served_stop(&s);
}

static void
what_is_no_table_does_not_leave_quarantine(void **state)
{
    static const char *const wrong[] = {"\x7F" "ELF\x02\x01", "%PDF-1.7", "#!/bin/sh",
                                        "\x89PNG\r\n"};
    static const char *const right[] = {"a.csv", "UPN\n", "b.zip", "PK\3\4x", "c.csv",
                                        "\xFF\xFEU", NULL};
    struct job *j = support_job(state);
    struct served s;
    const char *csrf = start(&s, j, "analyst");
    struct answer_seen a;
    struct stat st;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *files[] = {"good.csv", "UPN\n", "bad.csv", wrong[i], NULL};
        a = send_form(&s, form(j, csrf, files));
        assert_int_equal(a.status, 422);
        assert_non_null(strstr(a.body, "bad.csv is no table"));
        assert_int_equal(stat(support_path(j, "quarantine"), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0700);
        assert_int_equal(served_count(&s, sql_tasks), 0);
    }
    assert_all_gone(j);
    assert_int_equal(send_form(&s, form(j, csrf, right)).status, 303);
    assert_int_equal(served_count(&s, sql_tasks), 1);
    served_stop(&s);
}

static void
a_disk_that_would_be_full_takes_no_files(void **state)
{
    struct server_limits full = quick;
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    full.least_free = INT64_MAX;
    served_start(&s, j, &full);
    served_sign_in(&s, "analyst");
    client_connect(&s.client);
    client_say(&s.client, head(&s, 90 * 1000)); /* and not a byte of it */
    a = client_read(&s.client, false);
    assert_int_equal(a.status, 503);
    assert_non_null(client_header(&s.client, &a, "Retry-After"));
    assert_int_equal(client_get(&s.client, "/data").status, 200);
    assert_int_equal(served_count(&s, sql_tasks), 0);
    served_stop(&s);
}

static void
an_upload_that_stops_half_way_is_cut_off_and_gone(void **state)
{
    static const char *const files[] = {"a.csv", "xxxxxxxxxxxxxxxxxxxxx", NULL};
    struct job *j = support_job(state);
    struct served s;
    const char *csrf = start(&s, j, "analyst"), *body = form(j, csrf, files);

    client_connect(&s.client);
    client_say(&s.client, head(&s, strlen(body)));
    client_send(&s.client, body, strlen(body) - 20);
    assert_in_range(client_wait_closed(&s.client), 200, 100 * 1000);
    assert_all_gone(j);
    assert_int_equal(served_count(&s, sql_tasks), 0);
    served_stop(&s);
}

static const char sql_task[] =
    "INSERT INTO task (area_id, task_id, kind, input, state, asked, asked_by, done, total, "
    "attempts) "
    "VALUES (1, $1, 'load', $2, $3, 1, 'ann', 0, 0, 0)";

static void
what_no_waiting_task_names_is_swept_at_the_start(void **state)
{
    static const char *const folders[] = {"kept-wait", "kept-done", "kept-lost"};
    struct job *j = support_job(state);
    FILE *f;

    support_db(j);
    support_area(j);
    assert_int_equal(mkdir(support_path(j, "uploads"), 0700), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mkdir(support_path(j, job_format(j, "uploads/%s", folders[i])), 0700), 0);
        f = fopen(support_path(j, job_format(j, "uploads/%s/a.csv", folders[i])), "w");
        assert_non_null(f);
        fclose(f);
    }
    assert_int_equal(mkdir(support_path(j, "quarantine"), 0700), 0);
    f = fopen(support_path(j, "quarantine/upload-half"), "w");
    assert_non_null(f);
    fclose(f);
    f = fopen(support_path(j, "kept-elsewhere"), "w");
    assert_non_null(f);
    fclose(f);
    assert_ok(j, db_run(j, sql_task, ARGS(INT(1), TEXT("{\"folder\":\"h/uploads/kept-wait\"}"),
                                          TEXT("waiting")), NULL));
    assert_ok(j, db_run(j, sql_task, ARGS(INT(2), TEXT("{\"folder\":\"h/uploads/kept-done\"}"),
                                          TEXT("done")), NULL));
    assert_ok(j, upload_sweep(j, support_path(j, ".")));
    assert_int_equal(count(j, "kept-"), 1);
    assert_int_equal(count(j, "kept-wait"), 1);
    assert_int_equal(count(j, "upload-"), 0);
    upload_drop(support_path(j, "."), support_path(j, "kept-elsewhere"));
    upload_drop(support_path(j, "."), support_path(j, "uploads/kept-wait/../../kept-elsewhere"));
    assert_int_equal(access(support_path(j, "kept-elsewhere"), F_OK), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(files_are_kept_under_their_names_and_a_task_is_added),
        SUPPORT_TEST(without_the_token_nothing_is_kept),
        SUPPORT_TEST(a_form_without_files_and_two_of_one_name_are_told),
        SUPPORT_TEST(who_may_not_load_is_refused_before_the_files_are_read),
        SUPPORT_TEST(more_than_the_limit_is_refused_and_gone),
        SUPPORT_TEST(what_is_no_table_does_not_leave_quarantine),
        SUPPORT_TEST(a_disk_that_would_be_full_takes_no_files),
        SUPPORT_TEST(an_upload_that_stops_half_way_is_cut_off_and_gone),
        SUPPORT_TEST(what_no_waiting_task_names_is_swept_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
