/* web/server_private.h - what the files of this room share about a running server. */
#pragma once
#include "access/writer.h"
#include "store/db.h"
#include "web/address.h"
#include "web/deadline.h"
#include "web/page.h"
#include "web/server.h"
#include <pthread.h>

enum { HASHES_MOST = 16 };
struct server {
    struct server_options o;
    struct key key;
    struct db_pool *readers;
    struct writer *writer;
    struct deadlines *deadlines;
    pthread_mutex_t hashing;   /* one passphrase at a time */
    pthread_mutex_t lock;
    struct {                   /* under `lock`: who waits for a passphrase, or has its turn */
        bool taken;
        char address[ADDRESS_TEXT];
    } hashing_for[HASHES_MOST];
    pthread_cond_t idle;       /* no request is under way */
    int under_way;
    const char *uploads;       /* folder of files that wait to be loaded */
    const char *quarantine;    /* where they come in, and are looked at (upload.h) */
    struct shelf *shelf;       /* directory/shelf.h */
    const char *address;
    int port;
    void *http;                /* http.c's own */
};
int64_t server_now(const struct server *s);

/* site.c: as the database is set up at this moment. */
MUST_CHECK enum err site_read(struct job *j, struct site *out);
/* "Today" of the work: in a demonstration the last day with data. */
MUST_CHECK enum err site_today(struct job *j, const struct site *s, int32_t *out);
