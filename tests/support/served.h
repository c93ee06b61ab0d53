/* tests/support/served.h - the real server within a test, on a free port, with a clock that
 * the test moves. */
#pragma once
#include "support/client.h"
#include "support/people.h"
#include "web/server.h"

struct served {
    struct job *j;       /* the test's; its database is the server's */
    struct job serving;
    struct server *server;
    struct client client;
};
/* limits may be NULL.  A database that the test filled before is used.  The four people
 * below are there: login is the name of the role. */
void served_start(struct served *s, struct job *j, const struct server_limits *limits);
void served_stop(struct served *s);
void served_pass(int64_t microseconds); /* the clock moves on */
#define SERVED_PASSPHRASE "three+plain+words"
/* Sign in as "analyst", "inclusion-lead", "senco" or "administrator". */
void served_sign_in(struct served *s, const char *role);
/* The passphrase again, for what matters; of somebody without a second factor. */
void served_again(struct served *s);
/* A page that answers so, and is sound HTML. */
struct answer_seen served_get(struct served *s, const char *path, int status);
/* A form with the token that belongs to it; fields: "&name=value…". */
struct answer_seen served_post(struct served *s, const char *path, const char *fields, int status);
int64_t served_count(struct served *s, const char *sql);
