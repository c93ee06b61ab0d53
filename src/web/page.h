/* web/page.h - what a page sees of HTTP, and what it gives back.
 *
 * A page is a row of pages.def and a handler: read the request, call one domain function,
 * write one template.  Only http.c knows how requests travel. */
#pragma once
#include "access/permit.h"
#include "ui/html.h"

enum method { GET, POST };

struct upload {          /* a file field of a form, already on disk */
    const char *field, *name, *path;
    int64_t bytes;
};
struct request {
    enum method method;
    const char *path;          /* "/children/1234" */
    const char *const *part;   /* what stood for each :word of the row's path, in order */
    size_t n_parts;
    const struct pair { const char *name, *value; } *query, *form;
    size_t n_query, n_form;
    const struct upload *uploads;
    size_t n_uploads;
    const struct site *site;   /* demonstration? trial? council's name; figures' version */
};
/* First value of that name; NULL: not there. */
const char *request_query(const struct request *q, const char *name);
const char *request_form(const struct request *q, const char *name);
/* A whole number, or if_none where it is absent or not a number. */
int64_t request_int(const struct request *q, const char *name, int64_t if_none);

struct response {
    int status;               /* 200 unless set */
    const char *type;         /* "text/html; charset=utf-8" unless set */
    const char *location;     /* 303 See Other */
    const char *download;     /* file name: sent as attachment */
    const char *set_cookie;   /* whole header value */
    struct html body;         /* any bytes */
};

typedef enum err page_fn(struct job *j, const struct request *q, struct response *r);
struct page {
    enum method method;
    const char *path;         /* "/children/:person" */
    enum act act;
    bool open;                /* may be seen without signing in */
    page_fn *fn;
    const char *title;        /* for documentation and the smoke test */
};
extern const struct page pages[]; /* pages.def */
extern const size_t n_pages;

/* The state of the installation that every page shows. */
struct site {
    const char *council;      /* "Ashmere Council" or the area's name */
    const char *phone;        /* of the inclusion team, for the footer; "" none */
    bool demonstration, trial;
    bool tls;                 /* behind a proxy with TLS: __Host- cookie */
    const char *css;          /* path of the stylesheet with its hash */
};
