#include "support/client.h"
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 120 * 1000, ANSWER_MOST = 4 * 1024 * 1024 };

static int64_t
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
client_begin(struct client *c, struct job *j, int port)
{
    *c = (struct client){.j = j, .port = port, .fd = -1};
}

void
client_end(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    c->n_rest = 0;
}

void
client_connect(struct client *c)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->port)};

    client_end(c);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(c->fd >= 0);
    assert_int_equal(connect(c->fd, (struct sockaddr *)&a, sizeof a), 0);
}

/* A server that refuses may close before all is sent; what it said is still read. */
void
client_send(struct client *c, const char *s, size_t n)
{
    while (n) {
        ssize_t sent = send(c->fd, s, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        s += sent;
        n -= (size_t)sent;
    }
}

void
client_say(struct client *c, const char *text)
{
    client_send(c, text, strlen(text));
}

/* Bytes read; 0 when the server closed or the deadline passed. */
static size_t
read_some(struct client *c, char *to, size_t room, int64_t until)
{
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    int64_t left = until - now_ms();
    ssize_t n;

    if (c->n_rest) {
        size_t take = c->n_rest < room ? c->n_rest : room;
        memcpy(to, c->rest, take);
        memmove(c->rest, c->rest + take, c->n_rest - take);
        c->n_rest -= take;
        return take;
    }
    if (left <= 0 || poll(&p, 1, (int)left) <= 0)
        return 0;
    n = recv(c->fd, to, room, 0);
    return n > 0 ? (size_t)n : 0;
}

static const char *
find_header(struct job *j, const char *head, const char *name)
{
    const char *at = head;
    size_t n = strlen(name);

    while ((at = strstr(at, "\r\n"))) {
        at += 2;
        if (!strncasecmp(at, name, n) && at[n] == ':')
            return job_copy_n(j, at + n + 2, strcspn(at + n + 2, "\r"));
    }
    return NULL;
}

const char *
client_header(struct client *c, const struct answer_seen *a, const char *name)
{
    return a->head ? find_header(c->j, a->head, name) : NULL;
}

static void
keep_cookie(struct client *c, const struct answer_seen *a)
{
    const char *set = client_header(c, a, "Set-Cookie");

    if (!set)
        return;
    snprintf(c->cookie, sizeof c->cookie, "%.*s", (int)strcspn(set, ";"), set);
    if (strstr(set, "Max-Age=0"))
        c->cookie[0] = '\0';
}

struct answer_seen
client_read(struct client *c, bool head_only)
{
    int64_t until = now_ms() + WAIT_MS;
    static char all[ANSWER_MOST];
    size_t n = 0, got, head, length = 0;
    char *end = NULL;
    struct answer_seen a = {0};

    while (!end && (got = read_some(c, all + n, ANSWER_MOST - 1 - n, until))) {
        n += got;
        all[n] = '\0';
        end = strstr(all, "\r\n\r\n");
    }
    a.closed = !end;
    if (!end)
        return a;
    head = (size_t)(end - all) + 4;
    a.head = job_copy_n(c->j, all, head);
    a.status = (int)strtol(all + strlen("HTTP/1.1 "), NULL, 10);
    if (find_header(c->j, a.head, "Content-Length") && !head_only)
        length = strtoul(find_header(c->j, a.head, "Content-Length"), NULL, 10);
    while (n < head + length && (got = read_some(c, all + n, ANSWER_MOST - 1 - n, until)))
        n += got;
    assert_true(n >= head + length);
    a.body = job_copy_n(c->j, all + head, length);
    a.n_body = length;
    c->n_rest = n - head - length;
    assert_true(c->n_rest <= sizeof c->rest);
    memcpy(c->rest, all + head + length, c->n_rest);
    a.closed = find_header(c->j, a.head, "Connection") != NULL;
    keep_cookie(c, &a);
    return a;
}

int
client_wait_closed(struct client *c)
{
    int64_t began = now_ms();
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    char waste[512];

    while (now_ms() - began < WAIT_MS)
        if (poll(&p, 1, 100) > 0 && recv(c->fd, waste, sizeof waste, 0) <= 0)
            return (int)(now_ms() - began);
    return -1;
}

struct answer_seen
client_get(struct client *c, const char *path)
{
    struct answer_seen a;

    client_connect(c);
    client_say(c, job_format(c->j, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%s\r\n", path,
                             c->port, c->cookie[0] ? "Cookie: " : "", c->cookie,
                             c->cookie[0] ? "\r\n" : ""));
    a = client_read(c, false);
    client_end(c);
    return a;
}

struct answer_seen
client_post(struct client *c, const char *path, const char *form)
{
    struct answer_seen a;

    client_connect(c);
    client_say(c, job_format(c->j,
                             "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                             "Origin: http://127.0.0.1:%d\r\nContent-Length: %zu\r\n"
                             "Content-Type: application/x-www-form-urlencoded\r\n%s%s%s\r\n%s",
                             path, c->port, c->port, strlen(form), c->cookie[0] ? "Cookie: " : "",
                             c->cookie, c->cookie[0] ? "\r\n" : "", form));
    a = client_read(c, false);
    client_end(c);
    return a;
}

struct answer_seen
client_sign_in(struct client *c, const char *login, const char *passphrase)
{
    return client_post(c, "/sign-in", job_format(c->j, "login=%s&passphrase=%s", login,
                                                 passphrase));
}

const char *
client_csrf(struct client *c, const struct answer_seen *a)
{
    const char *at = strstr(a->body, "name=\"csrf\" value=\"");

    assert_non_null(at);
    at += strlen("name=\"csrf\" value=\"");
    return job_copy_n(c->j, at, strcspn(at, "\""));
}

bool
client_has(const struct answer_seen *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}
