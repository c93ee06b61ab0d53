#include "web/server.h"
#include "base/log.h"
#include "base/thread.h"
#include "directory/shelf.h"
#include "web/http.h"
#include "web/server_private.h"
#include "work/task.h"
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const struct server_limits defaults = {
    .connections = 200,
    .head_ms = 10 * 1000,
    .idle_ms = 20 * 1000,
    .body_ms = 30 * 1000,
    .upload_ms = 15 * 60 * 1000,
    .answer_ms = 60 * 1000,
    .form_bytes = 256 * 1024,
    .upload_bytes = (int64_t)1024 * 1024 * 1024,
    .least_free = (int64_t)512 * 1024 * 1024,
};

static void
fill_limits(struct server_limits *l)
{
    int cores = thread_cores();

#define DEFAULT(field) if (!l->field) l->field = defaults.field
    DEFAULT(connections);
    DEFAULT(head_ms);
    DEFAULT(idle_ms);
    DEFAULT(body_ms);
    DEFAULT(upload_ms);
    DEFAULT(answer_ms);
    DEFAULT(form_bytes);
    DEFAULT(upload_bytes);
    DEFAULT(least_free);
#undef DEFAULT
    if (!l->readers)
        l->readers = 2 * (cores > 1 ? cores : 2);
}

int64_t
server_now(const struct server *s)
{
    struct timespec t;

    if (s->o.clock)
        return s->o.clock(s->o.clock_arg);
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- where to listen ------------------------------------------------------------------ */

static enum err
cannot_listen(struct job *j, int fd, const char *where)
{
    int why = errno;

    if (fd >= 0)
        close(fd);
    err_set(j, ERR_ENV, "cannot listen on %s: %s", where, strerror(why));
    return err_hint(j, "Is the program running already? Stop it, or choose another place with "
                       "--port or --socket.");
}

static enum err
listen_port(struct job *j, struct server *s, int *out)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)s->o.port)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    const char *where = job_format(j, "http://127.0.0.1:%d", s->o.port);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
        bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, SOMAXCONN) ||
        getsockname(fd, (struct sockaddr *)&a, &n))
        return cannot_listen(j, fd, where);
    s->port = ntohs(a.sin_port);
    s->address = job_format(j, "http://127.0.0.1:%d", s->port);
    *out = fd;
    return OK;
}

/* A socket left behind by a killed program answers nobody. */
static void
remove_dead_socket(const struct sockaddr_un *a)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)a, sizeof *a) && errno == ECONNREFUSED)
        unlink(a->sun_path);
    close(fd);
}

static void
remove_socket(void *arg)
{
    unlink(arg);
}

static enum err
listen_socket(struct job *j, struct server *s, int *out)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct cleanup *gone = job_on_end(j, remove_socket);
    int fd;

    if (strlen(s->o.socket) >= sizeof a.sun_path) {
        err_set(j, ERR_USAGE, "the path of the socket is too long");
        return err_hint(j, "It may have %zu bytes at most.", sizeof a.sun_path - 1);
    }
    snprintf(a.sun_path, sizeof a.sun_path, "%s", s->o.socket);
    remove_dead_socket(&a);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) || chmod(a.sun_path, 0660) ||
        listen(fd, SOMAXCONN))
        return cannot_listen(j, fd, s->o.socket);
    gone->arg = job_copy(j, s->o.socket);
    s->address = job_format(j, "unix:%s", s->o.socket);
    *out = fd;
    return OK;
}

/* ---- beginning and end -------------------------------------------------------------------- */

static void
wait_idle(struct server *s, int milliseconds)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&s->lock);
    while (s->under_way && !pthread_cond_timedwait(&s->idle, &s->lock, &until))
        continue;
    pthread_mutex_unlock(&s->lock);
}

void
server_stop(struct server *s, int milliseconds)
{
    http_quiesce(s);
    wait_idle(s, milliseconds);
    http_stop(s);
}

static void
stop_at_end(void *arg)
{
    struct server *s = arg;

    http_quiesce(s);
    http_stop(s);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->hashing);
    pthread_cond_destroy(&s->idle);
}

static void
init_locks(struct server *s)
{
    pthread_condattr_t monotonic;

    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->hashing, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->idle, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

/* What http.c uses must outlive it: it is opened before, so ends after. */
enum err
server_start(struct job *j, const struct server_options *o, struct server **out)
{
    struct server *s = job_alloc(j, sizeof *s);
    struct cleanup *end;
    int fd = -1;
    enum err e;

    s->o = *o;
    fill_limits(&s->o.limits);
    s->uploads = job_format(j, "%s/uploads", o->home);
    s->quarantine = job_format(j, "%s/quarantine", o->home);
    e = key_load(j, o->home, &s->key);
    if (!e)
        e = db_pool_open(j, o->url, s->o.limits.readers, &s->readers);
    if (!e)
        e = writer_open(j, o->url, &s->key, &s->writer);
    if (!e)
        e = deadlines_open(j, &s->deadlines);
    if (!e)
        e = shelf_open(j, o->home, &s->shelf);
    if (!e)
        e = o->socket ? listen_socket(j, s, &fd) : listen_port(j, s, &fd);
    if (e)
        return e;
    end = job_on_end(j, stop_at_end);
    init_locks(s);
    end->arg = s;
    *out = s;
    return http_start(j, s, fd);
}

const char *
server_address(const struct server *s)
{
    return s->address;
}

const char *
server_home(const struct server *s)
{
    return s ? s->o.home : NULL;
}

struct shelf *
server_shelf(const struct server *s)
{
    return s ? s->shelf : NULL;
}

int
server_port(const struct server *s)
{
    return s->port;
}
