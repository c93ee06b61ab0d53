/* web/page.h - what a page sees of HTTP, and what it gives back.
 *
 * A page is a row of pages.def and a handler: read the request, call one domain function,
 * write one template.  Only http.c knows how requests travel.  A GET gets a reading
 * connection and changes nothing.  A POST runs inside one transaction of the writer, after
 * its origin and token were checked: an error takes back all it did.  What was looked at
 * is committed to the audit before a byte of the page leaves. */
#pragma once
#include "access/permit.h"
#include "access/session.h"
#include "ui/html.h"

enum method { GET, POST };

struct upload {          /* a file field of a form, already on disk */
    const char *field, *name, *path; /* name as the browser gave it, without folders */
    int64_t bytes;       /* the file is removed when the request ends, unless moved away */
};
struct pair { const char *name, *value; };
struct server;
struct sso_claims; /* access/sso.h */
struct request {
    enum method method;
    const char *path;          /* "/children/1234" */
    const char *const *part;   /* what stood for each :word of the row's path, in order */
    size_t n_parts;
    const struct pair *query, *form;
    size_t n_query, n_form;
    const struct upload *uploads;
    size_t n_uploads;
    const struct site *site;   /* demonstration? trial? council's name; figures' version */
    const char *token;         /* of the session, for signing out; NULL none */
    bool late;                 /* PAGE_KEEP: the session had idled too long */
    const struct actor *half;  /* PAGE_HALF: who is half-way through signing in; NULL nobody */
    enum session_stage stage;  /* of half */
    const char *origin;        /* "https://rooted.council.gov.uk": before a path, for a link */
    const char *address, *device; /* of the client: "192.0.2.7" ("" not known), "Edge on a Mac" */
    const char *host;          /* as the client named it; NULL none */
    bool proxied;              /* by the proxy that signs people in (server.h) */
    const struct sso_claims *sso; /* what it says of who signed in there; NULL nobody */
    struct server *server;     /* server.h; NULL in tests of a page alone */
};
/* First value of that name; NULL: not there. */
const char *request_query(const struct request *q, const char *name);
const char *request_form(const struct request *q, const char *name);
/* A whole number, or if_none where it is absent or not a number. */
int64_t request_int(const struct request *q, const char *name, int64_t if_none);
/* The part of the path as an id; 0 when it is not a positive whole number. */
int64_t request_part_id(const struct request *q, size_t i);

struct response {
    int status;               /* 200 unless set; a 4xx page of one's own keeps its body */
    const char *type;         /* "text/html; charset=utf-8" unless set */
    const char *location;     /* set: 303 See Other, a path of this site */
    const char *download;     /* file name: sent as attachment */
    const char *set_cookie;   /* whole header value */
    bool open;                /* open data: any site may read it, and keep it while its tag holds */
    bool forget;              /* the browser is to throw away what it kept of this site */
    struct html body;         /* any bytes; max is set by the caller */
};

typedef enum err page_fn(struct job *j, const struct request *q, struct response *r);

enum {
    PAGE_OPEN = 1,   /* may be seen without signing in */
    PAGE_UPLOAD = 2, /* takes files: a larger body, and longer to send it */
    PAGE_KEEP = 8,   /* a POST that keeps what was typed though the session idled out
                      * (request.late): it shows nothing, but sends to sign in and on to it */
    PAGE_ALONE = 4,  /* a POST that opens its own transactions (request_write) */
    PAGE_HALF = 16,  /* also for somebody who is half-way through signing in (request.half) */
};
struct page {
    enum method method;
    const char *path;         /* "/children/:person" */
    enum act act;
    unsigned flags;
    page_fn *fn;
    const char *title;        /* for documentation and the smoke test */
};
extern const struct page pages[]; /* pages.def; ends with path NULL */
/* What the audit keeps when it is opened, by its act (acts.def); EVENT_NONE: nobody in particular
 * is seen by it. */
enum audit_event page_event(const struct page *p);
/* Does this page exist, and may this person ever open it?  For menus and links. */
bool page_offered(const struct actor *who, const char *path);

/* The state of the installation that every page shows. */
struct site {
    const char *council;      /* "Ashmere Council" or the area's name; "" not known */
    const char *phone;        /* of the inclusion team, for the footer; "" none */
    const char *address;      /* "https://…" of a live database; "" none */
    bool demonstration, trial;
    bool tls;                 /* behind a proxy with TLS: __Host- cookie */
};
/* For a PAGE_ALONE POST, which begins without a database: run fn(job, arg) in a job of its
 * own, on a reading connection, or in one transaction of the writer with the audit of the
 * job so far.  What it is to give back goes into arg by value. */
MUST_CHECK enum err request_read(struct job *j, const struct request *q, job_fn *fn, void *arg);
MUST_CHECK enum err request_write(struct job *j, const struct request *q, job_fn *fn, void *arg);
