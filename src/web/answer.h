/* web/answer.h - the journey of a request, from its head to the bytes of its answer, without
 * a word of how they travel.
 *
 * http.c makes one, calls answer_head() when the head is there, answer_body() with each
 * piece of the body, answer_end() when all is there, and sends reply.  A reply that is
 * ready after answer_head() refuses the request before its body was read. */
#pragma once
#include "access/session.h"
#include "access/sso.h"
#include "web/address.h"
#include "web/body.h"
#include "web/device.h"
#include "web/page.h"
#include "web/route.h"

struct head {                  /* as it came; NULL: not there */
    const char *method;
    const char *target;        /* "/children/12?tab=2" */
    const char *host, *cookie, *origin, *fetch_site, *fetch_mode;
    const char *content_type, *accept_encoding, *if_none_match;
    int64_t content_length;    /* -1: not given */
    bool has_body;
    bool forwarded;            /* a proxy stands before us */
    const char *forwarded_for; /* what it says of who stands before it */
    const char *user_agent;
    char address[ADDRESS_TEXT]; /* address.h; "" not known */
    bool proxied;              /* by the proxy that signs people in */
    struct sso_claims sso;     /* what it says of who signed in there; empty from anybody else */
    const char *broken;        /* why it is no request of ours at all; NULL: it is one */
};

enum { REPLY_HEADERS = 20 };
struct reply {
    bool ready;
    int status;
    struct pair header[REPLY_HEADERS];
    size_t n_headers;
    char *body;                /* of malloc(): whoever sends it frees it */
    const unsigned char *fixed; /* or bytes of the program itself */
    size_t n_body;
    bool close;                /* end the connection with it */
    const char *route;         /* for the log: "/children/:person" */
};

struct answer {
    struct job job;            /* lives from head to end */
    struct server *server;
    struct head head;
    struct target target;
    struct route route;
    struct request request;
    struct body *body;
    struct site site;
    struct actor who;          /* copied here: the connection it was read by is given back */
    bool signed_in;
    bool late;                 /* not signed in any more, but may keep what was typed */
    bool half;                 /* `who` is half-way through signing in, at this stage */
    enum session_stage stage;
    char device[DEVICE_TEXT];
    const char *token;         /* of the session's cookie; NULL none */
    struct response response;  /* the handler's */
    struct reply reply;
    int64_t started_us;        /* monotonic */
};
void answer_begin(struct answer *a, struct server *s);
void answer_head(struct answer *a);
/* How long the body may take, in ms. */
int64_t answer_body_ms(const struct answer *a);
void answer_body(struct answer *a, const char *s, size_t n);
void answer_end(struct answer *a);
void answer_free(struct answer *a);
