/* Clients that mean harm: the table of broken heads, slow senders, large bodies, floods.
 * Deadlines are short here; each case must be over in far less than the client would take. */
#include "support/served.h"
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Soon over, yet long enough for whoever sends all at once on a busy machine. */
static const struct server_limits quick = {
    .head_ms = 1500, .idle_ms = 1500, .body_ms = 1500, .upload_ms = 1500, .answer_ms = 1500,
    .form_bytes = 64 * 1024, .connections = 64,
};

enum { LATEST_MS = 100 * 1000 }; /* a busy machine is no fault */

#define HOST "Host: 127.0.0.1\r\n"
#define GOOD "GET /health HTTP/1.1\r\n" HOST "\r\n"
/* A second request behind the first: it must not be answered where the two could be taken
 * apart in two ways. */
static const struct raw {
    const char *what, *bytes;
    size_t n;
    int status; /* of the first answer; 0: none */
    bool ends;  /* and the connection is over */
} table[] = {
#define RAW(what, bytes, status, ends) {what, bytes, sizeof(bytes) - 1, status, ends}
    RAW("a plain request", GOOD, 200, false),
    RAW("Content-Length and Transfer-Encoding",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n" GOOD, 400, true),
    RAW("the same the other way round",
        "POST /sign-in HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
        "0\r\n\r\n" GOOD, 400, true),
    RAW("two lengths, different",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\na=bc" GOOD,
        400, true),
    RAW("two lengths, the same",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\na=b" GOOD,
        400, true),
    RAW("a list of lengths",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\na=b" GOOD, 400, true),
    RAW("a length with a sign",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\na=b" GOOD, 400, true),
    RAW("a negative length",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: -3\r\n\r\na=b" GOOD, 400, true),
    RAW("a hexadecimal length",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\na=b" GOOD, 400, true),
    RAW("a length beyond all numbers",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999\r\n\r\na=b" GOOD,
        413, true),
    RAW("a blank before the colon",
        "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length : 3\r\n\r\na=b" GOOD, 400, true),
    RAW("Transfer-Encoding twice",
        "POST /sign-in HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
        "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" GOOD, 400, true),
    RAW("an encoding that is not chunked",
        "POST /sign-in HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" GOOD,
        400, true),
    RAW("chunked by HTTP/1.0",
        "POST /sign-in HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" GOOD,
        400, true),
    RAW("a zero byte in a value",
        "GET /health HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n" GOOD, 400, true),
    RAW("a zero byte in a name", "GET /health HTTP/1.1\r\n" HOST "X\0Y: a\r\n\r\n" GOOD, 400, true),
    RAW("a zero byte in the address", "GET /health\0/x HTTP/1.1\r\n" HOST "\r\n" GOOD, 400, true),
    RAW("a zero byte written out", "GET /health%00 HTTP/1.1\r\n" HOST "\r\n", 400, false),
    RAW("lines that end with a bare line feed", "GET /health HTTP/1.1\n" "Host: 127.0.0.1\n\n" GOOD,
        400, true),
    RAW("one line that does",
        "GET /health HTTP/1.1\r\nHost: 127.0.0.1\nX: y\r\n\r\n" GOOD, 400, true),
    RAW("a folded line", "GET /health HTTP/1.1\r\n" HOST "X: a\r\n  b\r\n\r\n" GOOD, 400, true),
    RAW("a folded line at the end of the head",
        "GET /health HTTP/1.1\r\nX: a\r\n" HOST "Y: z\r\n\tb\r\n\r\n" GOOD, 400, true),
    RAW("a line without colon", "GET /health HTTP/1.1\r\n" HOST "nothing\r\n\r\n" GOOD, 400, true),
    RAW("a carriage return within a value", "GET /health HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n" GOOD,
        400, true),
    RAW("a control character in a value", "GET /health HTTP/1.1\r\n" HOST "X: a\x01z\r\n\r\n" GOOD,
        400, true),
    RAW("an empty name", "GET /health HTTP/1.1\r\n" HOST ": a\r\n\r\n" GOOD, 400, true),
    RAW("no Host", "GET /health HTTP/1.1\r\nX: y\r\n\r\n" GOOD, 400, true),
    RAW("two Hosts", "GET /health HTTP/1.1\r\n" HOST "Host: evil.example\r\n\r\n" GOOD, 400, true),
    RAW("two Cookies", "GET /health HTTP/1.1\r\n" HOST "Cookie: a=b\r\nCookie: c=d\r\n\r\n" GOOD,
        400, true),
    RAW("two blanks in the first line", "GET  /health HTTP/1.1\r\n" HOST "\r\n" GOOD, 400, true),
    RAW("an address with a scheme",
        "GET http://127.0.0.1/health HTTP/1.1\r\n" HOST "\r\n", 400, false),
    RAW("a star for an address", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400, false),
    RAW("HTTP/2.0", "GET /health HTTP/2.0\r\n" HOST "\r\n" GOOD, 505, true),
    RAW("HTTP/0.9", "GET /health\r\n\r\n", 400, true),
    RAW("no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 0, true),
    RAW("a GET with a body",
        "GET /health HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nGET /" GOOD, 400, true),
    RAW("out of the folder", "GET /assets/../../etc/passwd HTTP/1.1\r\n" HOST "\r\n", 400, false),
    RAW("out of the folder, written out",
        "GET /assets/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" HOST "\r\n", 400, false),
    RAW("out of the folder by a backslash",
        "GET /assets/..\\x HTTP/1.1\r\n" HOST "\r\n", 400, false),
    RAW("a broken escape", "GET /%zz HTTP/1.1\r\n" HOST "\r\n", 400, false),
    RAW("bytes that are no text", "GET /%ff%fe HTTP/1.1\r\n" HOST "\r\n", 400, false),
    RAW("a form that is no form",
        "POST /sign-in HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" GOOD, 415, true),
    RAW("files where none are taken",
        "POST /sign-in HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5\r\n\r\n--x--" GOOD,
        415, true),
    RAW("a body larger than the page takes, said beforehand",
        "POST /sign-in HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000000\r\n\r\n",
        413, true),
    RAW("a broken form",
        "POST /sign-in HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nlogin=%zz",
        400, false),
};

static void
each_broken_request_is_refused_and_nothing_is_taken_for_a_second(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int bad = 0;

    served_start(&s, j, &quick);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct raw *r = &table[i];
        struct answer_seen a;
        client_connect(&s.client);
        client_send(&s.client, r->bytes, r->n);
        a = client_read(&s.client, false);
        if (a.status != r->status && !(r->ends && r->status == 400 && a.status == 0)) {
            print_error("%s: %d\n", r->what, a.status);
            bad++;
        }
        if (r->ends && a.status && client_read(&s.client, false).status != 0) {
            print_error("%s: a second answer came\n", r->what);
            bad++;
        }
        client_end(&s.client);
    }
    assert_int_equal(bad, 0);
    assert_int_equal(client_get(&s.client, "/health").status, 200);
    served_stop(&s);
}

/* ---- slow ------------------------------------------------------------------------ */

/* Sends a byte whenever 20 ms went by without the server closing; ms until it did. */
static int
drip(struct client *c, const char *bytes, char more)
{
    struct timespec began, now;
    int64_t ms = 0;

    clock_gettime(CLOCK_MONOTONIC, &began);
    while (ms <= LATEST_MS) {
        struct timeval wait = {0, 20000};
        char waste[64], byte = *bytes ? *bytes++ : more;
        ssize_t n;
        if (send(c->fd, &byte, 1, MSG_NOSIGNAL) != 1)
            break;
        setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        n = recv(c->fd, waste, sizeof waste, 0);
        if (n == 0 || (n < 0 && errno == ECONNRESET))
            break;
        clock_gettime(CLOCK_MONOTONIC, &now);
        ms = (now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000;
    }
    return (int)ms;
}

static void
a_head_that_comes_byte_by_byte_is_cut_off(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int ms;

    served_start(&s, j, &quick);
    client_connect(&s.client);
    ms = drip(&s.client, "GET /health HTTP/1.1\r\nX-Slow: ", 'a');
    assert_in_range(ms, 200, LATEST_MS);
    served_stop(&s);
}

static void
a_body_that_comes_byte_by_byte_is_cut_off(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int ms;

    served_start(&s, j, &quick);
    client_connect(&s.client);
    client_say(&s.client, "POST /sign-in HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Content-Length: 60000\r\n\r\n");
    ms = drip(&s.client, "login=", 'a');
    assert_in_range(ms, 200, LATEST_MS);
    served_stop(&s);
}

static void
a_chunked_body_that_never_ends_is_cut_off(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int ms;

    served_start(&s, j, &quick);
    client_connect(&s.client);
    client_say(&s.client, "POST /sign-in HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n");
    ms = drip(&s.client, "1\r\na\r\n1\r\nb\r\nffff\r\n", 'c');
    assert_in_range(ms, 200, LATEST_MS);
    served_stop(&s);
}

static void
a_silent_connection_is_cut_off_before_and_after_a_request(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, &quick);
    client_connect(&s.client);
    assert_in_range(client_wait_closed(&s.client), 200, LATEST_MS);
    client_connect(&s.client);
    client_say(&s.client, GOOD);
    assert_int_equal(client_read(&s.client, false).status, 200);
    assert_in_range(client_wait_closed(&s.client), 200, LATEST_MS);
    served_stop(&s);
}

static void
a_client_that_does_not_read_is_cut_off(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    int small = 2048;
    const char *get;

    served_start(&s, j, &quick);
    a = client_get(&s.client, "/");
    get = strstr(a.body, "/assets/rooted-");
    get = job_format(j, "GET %.*s HTTP/1.1\r\n" HOST "\r\n", (int)strcspn(get, "\""), get);
    client_connect(&s.client);
    setsockopt(s.client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    /* asks for the largest file again and again and never reads an answer: buffers fill on
     * both sides, and when the deadline of an answer has passed the socket is shut */
    for (;;) {
        struct pollfd p = {.fd = s.client.fd, .events = POLLOUT};
        assert_true(poll(&p, 1, LATEST_MS) > 0);
        if (p.revents & (POLLERR | POLLHUP) ||
            send(s.client.fd, get, strlen(get), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
            break;
    }
    assert_int_equal(client_get(&s.client, "/health").status, 200);
    served_stop(&s);
}

/* ---- large ----------------------------------------------------------------------- */

static void
a_head_of_200_kilobytes_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    char *large = job_alloc(j, 200001);

    served_start(&s, j, &quick);
    memset(large, 'a', 200000);
    client_connect(&s.client);
    client_say(&s.client, "GET /health HTTP/1.1\r\n" HOST "X: ");
    client_send(&s.client, large, 200000);
    client_say(&s.client, "\r\n\r\n");
    a = client_read(&s.client, false);
    assert_true(a.status == 431 || a.status == 0);
    client_connect(&s.client);
    client_say(&s.client, "GET /");
    client_send(&s.client, large, 200000);
    client_say(&s.client, " HTTP/1.1\r\n" HOST "\r\n");
    a = client_read(&s.client, false);
    assert_true(a.status == 414 || a.status == 431 || a.status == 0);
    assert_int_equal(client_get(&s.client, "/health").status, 200);
    served_stop(&s);
}

static void
a_chunked_body_over_the_limit_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    char *large = job_alloc(j, 0x1000);

    served_start(&s, j, &quick);
    memset(large, 'a', 0x1000);
    client_connect(&s.client);
    client_say(&s.client, "POST /sign-in HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 20; i++) { /* 80 kB */
        client_say(&s.client, "1000\r\n");
        client_send(&s.client, large, 0x1000);
        client_say(&s.client, "\r\n");
    }
    client_say(&s.client, "0\r\n\r\n");
    a = client_read(&s.client, false);
    assert_int_equal(a.status, 413);
    served_stop(&s);
}

static void
a_form_of_ten_thousand_fields_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    char *form = job_alloc(j, 40001);

    served_start(&s, j, &quick);
    for (int i = 0; i < 10000; i++)
        memcpy(form + 4 * i, "a=b&", 4);
    assert_int_equal(client_post(&s.client, "/sign-in", form).status, 400);
    served_stop(&s);
}

/* ---- many ------------------------------------------------------------------------ */

static void
connections_over_the_cap_are_turned_away_until_the_idle_ones_are_gone(void **state)
{
    enum { MANY = 100 };
    struct job *j = support_job(state);
    struct served s;
    struct client idle[MANY];
    struct timespec now;
    time_t until;
    int status;

    served_start(&s, j, &quick); /* 64 at once */
    for (int i = 0; i < MANY; i++) {
        client_begin(&idle[i], j, s.client.port);
        client_connect(&idle[i]);
    }
    assert_in_range(client_wait_closed(&idle[MANY - 1]), 0, LATEST_MS);
    clock_gettime(CLOCK_MONOTONIC, &now);
    until = now.tv_sec + 100;
    do {
        status = client_get(&s.client, "/health").status;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (status != 200 && now.tv_sec < until);
    assert_int_equal(status, 200);
    for (int i = 0; i < MANY; i++)
        client_end(&idle[i]);
    served_stop(&s);
}

static void
half_a_request_and_gone_leaves_nothing_behind(void **state)
{
    static const char *const half[] = {
        "", "G", "GET /health HTTP/1.1\r\nHo", "POST /sign-in HTTP/1.1\r\n" HOST
        "Sec-Fetch-Site: same-origin\r\nContent-Length: 100\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=", GOOD};
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, &quick);
    for (int i = 0; i < 100; i++) {
        client_connect(&s.client);
        client_say(&s.client, half[i % 5]);
        client_end(&s.client); /* without reading */
    }
    assert_int_equal(client_get(&s.client, "/health").status, 200);
    served_stop(&s); /* the sanitizer counts what was left */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(each_broken_request_is_refused_and_nothing_is_taken_for_a_second),
        SUPPORT_TEST(a_head_that_comes_byte_by_byte_is_cut_off),
        SUPPORT_TEST(a_body_that_comes_byte_by_byte_is_cut_off),
        SUPPORT_TEST(a_chunked_body_that_never_ends_is_cut_off),
        SUPPORT_TEST(a_silent_connection_is_cut_off_before_and_after_a_request),
        SUPPORT_TEST(a_client_that_does_not_read_is_cut_off),
        SUPPORT_TEST(a_head_of_200_kilobytes_is_refused),
        SUPPORT_TEST(a_chunked_body_over_the_limit_is_refused),
        SUPPORT_TEST(a_form_of_ten_thousand_fields_is_refused),
        SUPPORT_TEST(connections_over_the_cap_are_turned_away_until_the_idle_ones_are_gone),
        SUPPORT_TEST(half_a_request_and_gone_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
