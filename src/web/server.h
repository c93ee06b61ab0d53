/* web/server.h - the program as a server: from a socket to answers.
 *
 * Listens on loopback or on a unix socket only; a proxy with TLS stands in front of a live
 * database.  One thread a connection, up to a cap; each request has a deadline for its
 * head, its body and its answer, whatever the client does. */
#pragma once
#include "base/job.h"
#include <sys/types.h>

struct server_limits {       /* 0: the default */
    int connections;         /* 200; more are turned away */
    int readers;             /* database connections of pages that read: twice the cores */
    int head_ms, idle_ms;    /* to send a head: 10 s; between two requests: 20 s */
    int body_ms, upload_ms;  /* to send a body: 30 s; of a page that takes files: 15 min */
    int answer_ms;           /* to take an answer: 60 s, and a second per 20 kB */
    int64_t form_bytes, upload_bytes; /* largest bodies: 256 kB, 1 GB */
    int64_t least_free;      /* of the disk, after files that come: 512 MB */
};
struct server_options {
    const char *url, *home;  /* of the database; of key file and uploads */
    int port;                /* on 127.0.0.1; 0: any free one */
    const char *socket;      /* instead of the port: path of a unix socket */
    bool signs_in;           /* single sign-on: a proxy running as `proxy` says who signed in */
    uid_t proxy;             /* on the socket; from anybody else such words are not heard */
    struct server_limits limits;
    int64_t (*clock)(void *arg); /* UTC microseconds; NULL: the system's */
    void *clock_arg;
    struct work *work;       /* woken after a page added a task; NULL none */
};
struct server;

/* Start serving; it stops when the job ends.  The schema must be this program's.  ERR_ENV
 * when the place to listen is taken, or the database cannot be reached. */
MUST_CHECK enum err server_start(struct job *j, const struct server_options *o,
                                 struct server **out);
const char *server_address(const struct server *s); /* "http://127.0.0.1:8080" */
const char *server_home(const struct server *s);    /* folder of derived files; NULL: s is */
struct shelf *server_shelf(const struct server *s); /* directory/shelf.h; NULL: s is */
int server_port(const struct server *s);            /* 0 on a unix socket */
/* "Today" of j->area as its pages have it: in a demonstration the last day with data. */
MUST_CHECK enum err server_today(struct job *j, int32_t *out);
/* Accept nobody any more, wait this long for the requests under way, then close. */
void server_stop(struct server *s, int milliseconds);
