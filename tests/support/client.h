/* tests/support/client.h - a browser of a few lines: sends bytes, reads answers, keeps the
 * cookie.  Everything it waits for has a deadline of twenty seconds. */
#pragma once
#include "support/support.h"

struct answer_seen {
    int status;          /* 0: the connection ended without an answer */
    const char *head;    /* all header lines */
    const char *body;
    size_t n_body;
    bool closed;         /* the server said or did so */
};
struct client {
    struct job *j;       /* memory of what is read */
    int port;
    int fd;              /* -1: not connected */
    char cookie[200];    /* "rooted=…"; "" none */
    char rest[8192];     /* read, but of the next answer */
    size_t n_rest;
};
void client_begin(struct client *c, struct job *j, int port);
void client_end(struct client *c);
void client_connect(struct client *c);
void client_send(struct client *c, const char *s, size_t n);
void client_say(struct client *c, const char *text); /* a whole text */
/* The next answer; head_only after a HEAD. */
struct answer_seen client_read(struct client *c, bool head_only);
/* Wait until the server closes; milliseconds that took, or -1. */
int client_wait_closed(struct client *c);
/* A header's value, or NULL. */
const char *client_header(struct client *c, const struct answer_seen *a, const char *name);

/* GET and POST as a browser on this machine sends them; each on a connection of its own. */
struct answer_seen client_get(struct client *c, const char *path);
struct answer_seen client_post(struct client *c, const char *path, const char *form);
struct answer_seen client_sign_in(struct client *c, const char *login, const char *passphrase);
/* The csrf token on a page. */
const char *client_csrf(struct client *c, const struct answer_seen *a);
bool client_has(const struct answer_seen *a, const char *text); /* its body */
