#include "web/reply.h"
#include "ui/asset.h"
#include "web/error.html.h"
#include "web/frame.h"
#include "web/gzip.h"
#include <sodium.h>

enum { WORTH_PACKING = 1024, TAG_BYTES = 16 };

void
reply_header(struct reply *r, const char *name, const char *value)
{
    if (r->n_headers < REPLY_HEADERS)
        r->header[r->n_headers++] = (struct pair){name, value};
}

void
reply_secure(struct reply *r, bool tls)
{
    /* same-origin, not no-referrer: under the latter browsers hide the origin of our forms */
    reply_header(r, "Referrer-Policy", "same-origin");
    reply_header(r, "Content-Security-Policy",
                 "default-src 'self'; base-uri 'none'; form-action 'self'; "
                 "frame-ancestors 'none'; object-src 'none'");
    reply_header(r, "X-Content-Type-Options", "nosniff");
    reply_header(r, "X-Frame-Options", "DENY");
    reply_header(r, "Cross-Origin-Opener-Policy", "same-origin");
    reply_header(r, "Cross-Origin-Resource-Policy", "same-origin");
    reply_header(r, "Permissions-Policy",
                 "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if (tls)
        reply_header(r, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

/* A token of a comma-separated list that is not refused with q=0. */
static bool
accepts_gzip(const char *list)
{
    const char *at = list ? strcasestr(list, "gzip") : NULL;

    if (!at || (at > list && !strchr(", \t", at[-1])))
        return false;
    at += 4;
    at += strspn(at, " \t");
    if (*at != ';')
        return true;
    at = strcasestr(at, "q=");
    return !at || strtod(at + 2, NULL) > 0;
}

static bool
is_text(const char *type)
{
    return !strncmp(type, "text/", 5) || !strncmp(type, "application/json", 16) ||
           !strncmp(type, "application/x-ndjson", 20) || !strncmp(type, "image/svg+xml", 13);
}

static void
pack(struct answer *a, const char *type)
{
    struct reply *r = &a->reply;
    char *packed;
    size_t n;

    if (!is_text(type))
        return;
    reply_header(r, "Vary", "Accept-Encoding");
    if (r->n_body <= WORTH_PACKING || !accepts_gzip(a->head.accept_encoding))
        return;
    packed = gzip_pack(r->body, r->n_body, &n);
    if (!packed)
        return;
    free(r->body);
    r->body = packed;
    r->n_body = n;
    reply_header(r, "Content-Encoding", "gzip");
}

/* RFC 6266: plain letters for old programs, the true name for the others. */
static const char *
attachment(struct job *j, const char *name)
{
    struct html encoded = {.max = 2000};
    char *plain = job_copy(j, name), *value;

    for (char *p = plain; *p; p++)
        if ((unsigned char)*p < ' ' || (unsigned char)*p > '~' || strchr("\"\\%/", *p))
            *p = '_';
    html_part_text(&encoded, name);
    value = job_format(j, "attachment; filename=\"%s\"; filename*=UTF-8''%.*s", plain,
                       (int)encoded.len, encoded.buf ? encoded.buf : "");
    free(encoded.buf);
    return value;
}

static void
start(struct answer *a, int status)
{
    const char *route = a->reply.route;
    bool close = a->reply.close;

    free(a->reply.body);
    a->reply = (struct reply){.ready = true, .status = status, .close = close, .route = route};
    reply_secure(&a->reply, a->site.tls);
}

/* The same bytes have the same tag; who has them is told so. */
static void
open_data(struct answer *a)
{
    struct reply *r = &a->reply;
    unsigned char hash[TAG_BYTES];
    char hex[2 * TAG_BYTES + 1];
    const char *tag;

    crypto_generichash(hash, sizeof hash, (const unsigned char *)r->body, r->n_body, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    tag = job_format(&a->job, "\"%s\"", hex);
    reply_header(r, "Access-Control-Allow-Origin", "*");
    reply_header(r, "Access-Control-Expose-Headers", "ETag");
    reply_header(r, "Cache-Control", "public, max-age=60");
    reply_header(r, "ETag", tag);
    if (r->status == 200 && a->head.if_none_match && strstr(a->head.if_none_match, hex)) {
        r->status = 304;
        r->n_body = 0;
    }
}

void
reply_page(struct answer *a, struct response *r)
{
    const char *type = r->type ? r->type : "text/html; charset=utf-8";

    start(a, r->status ? r->status : 200);
    a->reply.body = r->body.buf;
    a->reply.n_body = r->body.len;
    r->body.buf = NULL;
    if (r->open)
        open_data(a);
    else
        reply_header(&a->reply, "Cache-Control", "no-store");
    reply_header(&a->reply, "Content-Type", type);
    if (r->download)
        reply_header(&a->reply, "Content-Disposition", attachment(&a->job, r->download));
    if (r->set_cookie)
        reply_header(&a->reply, "Set-Cookie", r->set_cookie);
    if (r->forget)
        reply_header(&a->reply, "Clear-Site-Data", "\"cache\", \"storage\"");
    if (r->location) {
        a->reply.status = 303;
        reply_header(&a->reply, "Location", r->location);
    }
    pack(a, type);
}

void
reply_redirect(struct answer *a, const char *location)
{
    struct response r = {.location = location};

    reply_page(a, &r);
}

void
reply_error(struct answer *a, const struct error_page *p)
{
    struct response r = {.status = p->status, .body = {.max = JOB_MB}};
    struct request nowhere = a->request;

    nowhere.path = ""; /* the page is the same wherever one looked for what is not there */
    view_error(&r.body, frame_view(&a->job, &nowhere, p->heading), p);
    reply_page(a, &r);
    if (p->status == 503)
        reply_header(&a->reply, "Retry-After", "30");
    if (p->status == 405 && a->route.allow)
        reply_header(&a->reply, "Allow", a->route.allow);
}

static void
not_there(struct answer *a)
{
    struct error_page p = error_of_status(404);

    reply_error(a, &p);
}

void
reply_asset(struct answer *a, const char *path)
{
    const char *name = path + strlen("/assets/"), *type = asset_type(name);
    const struct embedded *e = type ? asset_find(name) : NULL, *packed;
    const char *tag;

    a->reply.route = "/assets/:name";
    if (!e) {
        not_there(a);
        return;
    }
    tag = job_format(&a->job, "\"%s\"", name);
    packed = accepts_gzip(a->head.accept_encoding)
                 ? asset_find(job_format(&a->job, "%s.gz", name)) : NULL;
    start(a, 200);
    /* the name holds the hash of the content: it never changes under this name */
    reply_header(&a->reply, "Cache-Control", "public, max-age=31536000, immutable");
    reply_header(&a->reply, "ETag", tag);
    reply_header(&a->reply, "Vary", "Accept-Encoding");
    if (a->head.if_none_match && strstr(a->head.if_none_match, tag)) {
        a->reply.status = 304;
        return;
    }
    reply_header(&a->reply, "Content-Type", type);
    if (packed)
        reply_header(&a->reply, "Content-Encoding", "gzip");
    a->reply.fixed = packed ? packed->bytes : e->bytes;
    a->reply.n_body = packed ? packed->n : e->n;
}
