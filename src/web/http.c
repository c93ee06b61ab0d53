#include "web/http.h"
#include "base/log.h"
#include "web/answer.h"
#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_MOST = 32 * 1024, STACK = 1024 * 1024, SEND_RATE = 20 }; /* bytes, bytes, per ms */
/* One request, from its first line to the last byte of its answer. */
struct exchange {
    struct answer answer;
    struct server *server;
    char *target;      /* as it came, with its query */
    bool begun, answered;
};

/* ---- the head, strictly ------------------------------------------------------------- */

/* Which headers may come once only, and where they go. */
struct looking {
    struct MHD_Connection *c;
    struct head *head;
    int hosts, lengths, encodings, others;
    const char *transfer;
    const char *expect;  /* where the next header must begin in the head's bytes; NULL: lost */
    const char *broken;
};

static bool
is_token(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c))
            return false;
    }
    return n > 0;
}

static bool
is_value(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool
is_digits(const char *s)
{
    return *s && !s[strspn(s, "0123456789")] && strlen(s) <= 18;
}

static void
take_known(struct looking *l, const char *name, const char *value)
{
    struct head *h = l->head;
    struct { const char *name; const char **to; } once[] = {
        {"Cookie", &h->cookie},
        {"Origin", &h->origin},
        {"Sec-Fetch-Site", &h->fetch_site},
        {"Sec-Fetch-Mode", &h->fetch_mode},
        {"Content-Type", &h->content_type},
        {"Host", &h->host},
        {"Transfer-Encoding", &l->transfer},
        {"OIDC_CLAIM_iss", &h->sso.issuer},
        {"OIDC_CLAIM_sub", &h->sso.subject},
        {"OIDC_CLAIM_amr", &h->sso.amr},
        {"OIDC_CLAIM_acr", &h->sso.acr},
        {"OIDC_CLAIM_iat", &h->sso.issued},
    };

    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        if (strcasecmp(name, once[i].name))
            continue;
        if (*once[i].to)
            l->broken = "a header that may come once came twice";
        *once[i].to = value;
    }
    if (!strcasecmp(name, "Accept-Encoding") && !h->accept_encoding)
        h->accept_encoding = value;
    if (!strcasecmp(name, "If-None-Match") && !h->if_none_match)
        h->if_none_match = value;
    if (!strcasecmp(name, "User-Agent"))
        h->user_agent = value;
    if (!strcasecmp(name, "X-Forwarded-For"))
        h->forwarded_for = value; /* the last is of who stands nearest */
    if (!strncasecmp(name, "X-Forwarded-", 12) || !strcasecmp(name, "Forwarded") ||
        !strcasecmp(name, "Via") || !strcasecmp(name, "X-Real-IP"))
        h->forwarded = true;
    if (strcasecmp(name, "Content-Length"))
        return;
    if (h->content_length >= 0 || !is_digits(value))
        l->broken = "the length of the body is not one number";
    else
        h->content_length = strtoll(value, NULL, 10);
}

/* The library has cut the head into pieces where it lay, and a zero byte, a folded line, a
 * bare line feed or a second blank leave a gap that its pieces do not fill. */
/* callback: */
static enum MHD_Result
take_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t n_name, const char *value,
            size_t n_value)
{
    struct looking *l = arg;

    (void)kind;
    if (!value)
        value = "";
    if (!is_token(name, n_name) || !is_value(value, n_value) || n_value != strlen(value))
        l->broken = "a header holds what none may hold";
    if (l->expect && name != l->expect)
        l->broken = "the head is not made of plain lines";
    if (l->expect)
        l->expect = value + n_value + 2;
    take_known(l, name, value);
    return MHD_YES;
}

/* True for the library whose way of reading is known (Debian 12); newer ones are strict by
 * themselves. */
static bool
can_recount(void)
{
    return !strncmp(MHD_get_version(), "0.9.", 4);
}

static size_t
head_size(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    return i ? i->header_size : 0;
}

static const struct sockaddr *
peer_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    return i ? i->client_addr : NULL;
}

/* The process at the other end of our unix socket: is it the proxy that signs people in? */
static bool
is_proxy(const struct server *s, struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct ucred peer;
    socklen_t n = sizeof peer;

    return s->o.signs_in && s->o.socket && i &&
           !getsockopt(i->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) && n == sizeof peer &&
           peer.uid == s->o.proxy;
}

static void
read_head(struct exchange *x, struct MHD_Connection *c, const char *method, const char *version)
{
    struct head *h = &x->answer.head;
    struct looking l = {.c = c, .head = h};

    *h = (struct head){.method = method, .target = x->target, .content_length = -1};
    if (can_recount())
        l.expect = method + strlen(method) + 1 + strlen(x->target) + 1 + strlen(version) + 2;
    MHD_get_connection_values_n(c, MHD_HEADER_KIND, take_header, &l);
    if (l.expect && l.expect + 2 != method + head_size(c))
        l.broken = "the head is not made of plain lines";
    if (l.transfer && (h->content_length >= 0 || strcasecmp(l.transfer, "chunked") ||
                       strcmp(version, "HTTP/1.1")))
        l.broken = "the body's length is told in two ways, or in one we do not take";
    if (strcmp(version, "HTTP/1.1") && strcmp(version, "HTTP/1.0"))
        l.broken = "not a version of HTTP that is spoken here";
    h->has_body = l.transfer || h->content_length > 0;
    h->broken = l.broken;
    h->proxied = is_proxy(x->server, c);
    if (!h->proxied)
        h->sso = (struct sso_claims){0};
    address_of(peer_of(c), h->forwarded_for, h->forwarded, h->address);
}

/* ---- the answer ------------------------------------------------------------------------ */

static int64_t
elapsed_us(int64_t since)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 - since;
}

static void
log_answer(const struct answer *a)
{
    int64_t us = elapsed_us(a->started_us);

    log_event(LOG_INFO, "page", "method=%s route=%s status=%d ms=%lld.%lld bytes=%zu",
              !strcmp(a->head.method, "GET") || !strcmp(a->head.method, "POST") ||
                      !strcmp(a->head.method, "HEAD") ? a->head.method : "other",
              a->reply.route, a->reply.status, (long long)(us / 1000),
              (long long)(us % 1000 / 100), a->reply.n_body);
}

static struct deadline *
deadline_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return i ? i->socket_context : NULL;
}

static struct MHD_Response *
make_response(struct reply *r)
{
    struct MHD_Response *response;

    if (r->body)
        response = MHD_create_response_from_buffer(r->n_body, r->body, MHD_RESPMEM_MUST_FREE);
    else
        response = MHD_create_response_from_buffer(r->n_body, (void *)(uintptr_t)r->fixed,
                                                   MHD_RESPMEM_PERSISTENT);
    if (response)
        r->body = NULL;
    for (size_t i = 0; response && i < r->n_headers; i++)
        MHD_add_response_header(response, r->header[i].name, r->header[i].value);
    if (response && r->close)
        MHD_add_response_header(response, "Connection", "close");
    return response;
}

static enum MHD_Result
send_reply(struct exchange *x, struct MHD_Connection *c)
{
    struct reply *r = &x->answer.reply;
    const struct server_limits *l = &x->server->o.limits;
    struct MHD_Response *response = make_response(r);
    enum MHD_Result sent;

    if (!response)
        return MHD_NO;
    x->answered = true;
    log_answer(&x->answer);
    deadline_set(x->server->deadlines, deadline_of(c),
                 l->answer_ms + (int64_t)r->n_body / SEND_RATE);
    sent = MHD_queue_response(c, (unsigned)r->status, response);
    MHD_destroy_response(response);
    return sent;
}

/* ---- what the library calls ----------------------------------------------------------------- */

static void *
on_target(void *arg, const char *target, struct MHD_Connection *c)
{
    struct exchange *x = calloc(1, sizeof *x);
    size_t n = strlen(target);

    (void)c;
    if (!x || !(x->target = malloc(n + 1))) {
        free(x);
        return NULL;
    }
    memcpy(x->target, target, n + 1);
    x->server = arg;
    return x;
}

static void
count(struct server *s, int by)
{
    pthread_mutex_lock(&s->lock);
    s->under_way += by;
    if (!s->under_way)
        pthread_cond_broadcast(&s->idle);
    pthread_mutex_unlock(&s->lock);
}

static enum MHD_Result
begin(struct exchange *x, struct MHD_Connection *c, const char *method, const char *version)
{
    struct server *s = x->server;

    x->begun = true;
    count(s, 1);
    answer_begin(&x->answer, s);
    read_head(x, c, method, version);
    deadline_set(s->deadlines, deadline_of(c), 0);
    answer_head(&x->answer);
    /* sent this early it ends the connection, which only an unread body deserves */
    if (x->answer.reply.ready && (x->answer.head.has_body || x->answer.head.broken))
        return send_reply(x, c);
    if (x->answer.head.has_body)
        deadline_set(s->deadlines, deadline_of(c), answer_body_ms(&x->answer));
    return MHD_YES;
}

/* callback: */
static enum MHD_Result
on_request(void *arg, struct MHD_Connection *c, const char *url, const char *method,
           const char *version, const char *data, size_t *n_data, void **state)
{
    struct exchange *x = *state;

    (void)arg;
    (void)url;
    if (!x)
        return MHD_NO;
    if (!x->begun)
        return begin(x, c, method, version);
    if (x->answered)
        return MHD_YES;
    if (*n_data) {
        answer_body(&x->answer, data, *n_data);
        *n_data = 0;
        return MHD_YES;
    }
    deadline_set(x->server->deadlines, deadline_of(c), 0);
    answer_end(&x->answer);
    return send_reply(x, c);
}

static void
on_completed(void *arg, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode how)
{
    struct server *s = arg;
    struct exchange *x = *state;

    (void)how;
    if (!x)
        return;
    if (x->begun) {
        answer_free(&x->answer);
        count(s, -1);
    }
    deadline_set(s->deadlines, deadline_of(c), s->o.limits.idle_ms);
    free(x->target);
    free(x);
    *state = NULL;
}

static void
on_connection(void *arg, struct MHD_Connection *c, void **state,
              enum MHD_ConnectionNotificationCode what)
{
    struct server *s = arg;
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

    if (what == MHD_CONNECTION_NOTIFY_STARTED && i)
        *state = deadline_add(s->deadlines, i->connect_fd, s->o.limits.head_ms);
    else if (what == MHD_CONNECTION_NOTIFY_CLOSED)
        deadline_remove(s->deadlines, *state);
}

/* Addresses are decoded by route.c alone. */
static size_t
leave_encoded(void *arg, struct MHD_Connection *c, char *s)
{
    (void)arg;
    (void)c;
    return strlen(s);
}

/* The library's remarks may hold what a client sent; only that there was one is kept. */
static void
on_remark(void *arg, const char *fmt, va_list ap)
{
    (void)arg;
    (void)fmt;
    (void)ap;
    log_event(LOG_DEBUG, "http", "remark=1");
}

/* ---- beginning and end ------------------------------------------------------------- */

enum err
http_start(struct job *j, struct server *s, int fd)
{
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC |
                     MHD_USE_ERROR_LOG;

    s->http = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, s,
        MHD_OPTION_EXTERNAL_LOGGER, on_remark, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->o.limits.connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MOST,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_END);
    if (s->http)
        return OK;
    close(fd);
    return err_set(j, ERR_ENV, "the HTTP server cannot start");
}

void
http_quiesce(struct server *s)
{
    int fd = s->http ? MHD_quiesce_daemon(s->http) : -1;

    if (fd >= 0)
        close(fd);
}

void
http_stop(struct server *s)
{
    if (s->http)
        MHD_stop_daemon(s->http);
    s->http = NULL;
}
