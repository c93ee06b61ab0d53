#include "web/answer.h"
#include "access/kept_form.h"
#include "access/session.h"
#include "base/date.h"
#include "base/log.h"
#include "web/cookie.h"
#include "web/error.h"
#include "web/form.h"
#include "web/frame.h"
#include "web/reply.h"
#include "web/server_private.h"
#include "web/upload.h"
#include "work/task.h"

/* Of these nothing is kept that came too late: passphrases, files. */
enum { NEVER_KEPT = PAGE_OPEN | PAGE_UPLOAD | PAGE_ALONE | PAGE_HALF };
enum { ANSWER_MEMORY = 8 * JOB_MB, PAGE_MEMORY = 128 * JOB_MB, BODY_MOST = 96 * JOB_MB };

void
answer_begin(struct answer *a, struct server *s)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    *a = (struct answer){.server = s, .reply.route = "-"};
    a->started_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
    a->site = (struct site){.council = "", .phone = "", .address = ""};
    job_init(&a->job, ANSWER_MEMORY);
}

void
answer_free(struct answer *a)
{
    free(a->reply.body);
    free(a->response.body.buf);
    a->reply.body = a->response.body.buf = NULL;
    if (a->job.notes)
        audit_end(a->job.notes);
    job_end(&a->job);
}

static void
refuse(struct answer *a, int status)
{
    struct error_page p = error_of_status(status);

    reply_error(a, &p);
}

/* Copied to where the whole answer lives.  No jump out: other locks may be held. */
static const char *
kept(struct answer *a, const char *s)
{
    char *copy = s ? job_try_alloc(&a->job, strlen(s) + 1) : NULL;

    return copy ? memcpy(copy, s, strlen(s) + 1) : NULL;
}

static const char *
kept_or_empty(struct answer *a, const char *s)
{
    const char *copy = kept(a, s);

    return copy ? copy : "";
}

/* ---- who asks, and may they be here at all ------------------------------------------- */

static enum err
keep_site(struct answer *a, struct job *j)
{
    struct site s;
    enum err e = site_read(j, &s);

    if (e)
        return e;
    s.council = kept_or_empty(a, s.council);
    s.phone = kept_or_empty(a, s.phone);
    s.address = kept_or_empty(a, s.address);
    a->site = s;
    return OK;
}

/* Who typed this, if the session idled out meanwhile: what was typed must not be lost. */
static enum err
find_late(struct answer *a, struct job *j, const struct actor **found)
{
    const struct page *p = a->route.page;
    enum err e = OK;

    if (p && p->method == POST && !(p->flags & NEVER_KEPT))
        e = session_find_idle(j, &a->server->key, a->token, found);
    a->late = !e && *found;
    return e;
}

/* Who has given a passphrase, and lacks the rest. */
static enum err
find_half(struct answer *a, struct job *j, const struct actor **found)
{
    enum err e = session_find_half(j, &a->server->key, a->token, found, &a->stage);

    a->half = !e && *found;
    return e;
}

static void
keep_who(struct answer *a, const struct actor *found)
{
    a->who = *found;
    a->who.login = kept_or_empty(a, found->login);
    a->who.name = kept_or_empty(a, found->name);
    a->who.csrf = kept_or_empty(a, found->csrf);
}

static enum err
keep_actor(struct answer *a, struct job *j)
{
    const struct actor *found = NULL;
    bool stale = false;
    enum err e;

    a->signed_in = a->late = a->half = false;
    a->job.who = NULL;
    a->job.area = 0;
    a->token = kept(a, cookie_token(j, &a->site, a->head.cookie));
    if (!a->token)
        return OK;
    e = session_find(j, &a->server->key, a->token, &found, &stale);
    if (!e && !found)
        e = find_late(a, j, &found);
    if (!e && !found)
        e = find_half(a, j, &found);
    if (e || !found)
        return e;
    keep_who(a, found);
    if (a->half)
        return OK;
    a->signed_in = true;
    a->job.who = &a->who;
    a->job.area = a->who.area;
    if (stale)
        writer_see(a->server->writer, a->token, j->now);
    return OK;
}

static bool
host_is_loopback(const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]", NULL};

    for (const char *const *n = names; host && *n; n++) {
        size_t length = strlen(*n);
        if (!strncasecmp(host, *n, length) && (host[length] == '\0' || host[length] == ':'))
            return true;
    }
    return false;
}

/* "https://rooted.council.gov.uk" or "http://127.0.0.1:8080": where our forms come from. */
static const char *
own_origin(struct answer *a)
{
    if (a->site.tls)
        return a->site.address;
    return job_format(&a->job, "http://%s", a->head.host ? a->head.host : "");
}

/* A live database is reached through its proxy under its own name, the others directly on
 * loopback: neither a name that somebody else's page points at us, nor a proxy that was
 * set up in front of a trial, gets an answer. */
static bool
way_is_right(struct answer *a)
{
    const char *host = a->head.host ? a->head.host : "";

    if (!a->site.tls)
        return !a->head.forwarded && host_is_loopback(host);
    if (!strcmp(a->target.path, "/health"))
        return true;
    return a->head.forwarded && !strcasecmp(host, a->site.address + strlen("https://"));
}

static enum err
look_who(struct job *j, struct answer *a)
{
    enum err e = db_pool_take(j, a->server->readers);

    if (!e)
        e = keep_site(a, j);
    if (!e)
        e = keep_actor(a, j);
    j->who = a->job.who;
    j->area = a->job.area;
    if (!e)
        e = site_today(j, &a->site, &a->job.today);
    j->today = a->job.today;
    return e;
}

/* Only a page of ours, opened by its owner, may have anything done. */
static bool
came_from_us(struct answer *a)
{
    const char *site = a->head.fetch_site;

    if (site && strcmp(site, "same-origin"))
        return false;
    if (a->head.origin)
        return !strcasecmp(a->head.origin, own_origin(a));
    return site != NULL;
}

/* Another site may link to our pages, but not pull them into its own. */
static bool
pulled_by_another(const struct answer *a)
{
    return a->head.fetch_site && !strcmp(a->head.fetch_site, "cross-site") &&
           a->head.fetch_mode && strcmp(a->head.fetch_mode, "navigate");
}

static void
send_to_sign_in(struct answer *a)
{
    const char *back = a->route.page->method == GET ? a->head.target : NULL;
    const char *to = !a->half                     ? "/sign-in"
                     : a->stage == SESSION_SET_UP ? "/account/second-factor"
                                                  : "/sign-in/code";

    reply_redirect(a, frame_with(&a->job, to, "next", back));
}

/* A status to refuse with; 0: this may be answered, by whoever asks. */
static int
refusal(struct answer *a)
{
    const struct page *p = a->route.page;

    if (!way_is_right(a))
        return 421;
    if (pulled_by_another(a))
        return 403;
    if (!p)
        return a->route.allow ? 405 : 404;
    return p->method == POST && !came_from_us(a) ? 403 : 0;
}

/* False: the reply is ready. */
static bool
may_be_here(struct answer *a)
{
    const struct page *p = a->route.page;
    int status = refusal(a);

    if (status == 421) /* whoever came this way is told nothing about who is signed in */
        a->job.who = NULL;
    if (status) {
        refuse(a, status);
    } else if (p->flags & PAGE_OPEN) {
        return true;
    } else if (a->half && a->stage == SESSION_SET_UP && p->flags & PAGE_HALF) {
        return true;
    } else if (!a->signed_in) {
        send_to_sign_in(a);
    } else if (permit_act(&a->who, p->act)) {
        return true;
    } else {
        audit_note(&a->job, p->act, p->path, true);
        if (a->who.role == ROLE_NONE && p->method == GET)
            reply_redirect(a, "/account/role"); /* which says so */
        else
            refuse(a, 404);
    }
    return false;
}

/* ---- the head ------------------------------------------------------------------------ */

static void
fill_request(struct answer *a)
{
    a->request = (struct request){
        .method = a->route.page ? a->route.page->method : GET,
        .path = a->target.path ? a->target.path : "/",
        .part = a->route.part,
        .n_parts = a->route.n_parts,
        .query = a->target.query,
        .n_query = a->target.n_query,
        .site = &a->site,
        .token = a->token,
        .late = a->late,
        .half = a->half ? &a->who : NULL,
        .stage = a->stage,
        .origin = own_origin(a),
        .address = a->head.address,
        .device = a->device,
        .host = a->head.host,
        .proxied = a->head.proxied,
        .sso = a->head.sso.subject ? &a->head.sso : NULL,
        .server = a->server,
    };
}

static enum err
check_way(struct job *j, void *arg)
{
    struct answer *a = arg;
    enum err e = look_who(j, a);

    if (!e)
        may_be_here(a);
    return e;
}

/* In a job of its own: its connection is given back before a body comes in, or the audit is
 * waited for. */
static enum err
run_inner(struct answer *a, job_fn *fn)
{
    struct job j;
    enum err e;

    job_init_child(&j, &a->job, PAGE_MEMORY);
    j.notes = a->job.notes;
    e = job_run(&j, fn, a);
    if (e)
        a->job.err = j.err;
    job_end(&j);
    return e;
}

static bool
is_post(const struct answer *a)
{
    return a->route.page && a->route.page->method == POST;
}

static void
open_body(struct answer *a)
{
    const struct server *s = a->server;
    bool upload = a->route.page->flags & PAGE_UPLOAD;
    int64_t limit = upload ? s->o.limits.upload_bytes : s->o.limits.form_bytes;
    enum body_kind kind = body_kind(a->head.content_type);

    if (a->head.content_length > limit)
        refuse(a, 413);
    else if (a->head.has_body && kind != BODY_FORM && !(upload && kind == BODY_MULTIPART))
        refuse(a, 415);
    else if (kind == BODY_MULTIPART &&
             !upload_has_room(s, a->head.content_length < 0 ? limit : a->head.content_length))
        refuse(a, 503);
    else
        a->body = body_open(&a->job, a->head.content_type, s->quarantine, limit);
}

static enum err
take_head(struct job *j, void *arg)
{
    struct answer *a = arg;
    enum err e = OK;

    audit_begin(j, &a->server->key, job_alloc(j, sizeof(struct notes)));
    j->now = server_now(a->server);
    device_words(a->head.user_agent, a->device);
    fill_request(a);
    if (a->head.broken || !route_parse(j, a->head.target, &a->target)) {
        refuse(a, 400);
        return OK;
    }
    if (!strncmp(a->target.path, "/assets/", 8) && strcmp(a->head.method, "POST")) {
        reply_asset(a, a->target.path);
        return OK;
    }
    route_find(j, a->head.method, a->target.path, &a->route);
    if (a->route.page)
        a->reply.route = a->route.page->path;
    fill_request(a);
    if (!a->head.has_body && !is_post(a))
        return OK;
    if (a->route.page && !is_post(a))
        refuse(a, 400);
    else
        e = run_inner(a, check_way);
    if (!e && !a->reply.ready)
        open_body(a);
    return e;
}

/* The notes of a refusal are committed like any others. */
static void
settle(struct answer *a, enum err e)
{
    struct error_page p;

    if (!e)
        e = writer_keep(a->server->writer, &a->job);
    else if (writer_keep(a->server->writer, &a->job))
        a->job.err.kind = ERR_BUSY;
    if (!e)
        return;
    p = error_of_job(&a->job);
    if (p.status >= 500)
        log_error(&a->job, "page");
    reply_error(a, &p);
}

static enum err
settle_run(struct job *j, void *arg)
{
    settle(arg, j->err.kind);
    return OK;
}

/* Even the error page needs memory; without any the reply stays empty, and is 503. */
static void
run(struct answer *a, job_fn *step)
{
    enum err e = job_run(&a->job, step, a);

    a->job.err.kind = e;
    if (a->head.broken)
        a->reply.close = true;
    if (!e && !a->reply.ready)
        return;
    if (job_run(&a->job, settle_run, a)) {
        free(a->reply.body);
        a->reply = (struct reply){.ready = true, .status = 503, .close = true, .route = "-"};
    }
}

void
answer_head(struct answer *a)
{
    run(a, take_head);
    if (a->reply.ready && a->head.has_body)
        a->reply.close = true;
}

int64_t
answer_body_ms(const struct answer *a)
{
    const struct server_limits *l = &a->server->o.limits;
    const struct page *p = a->route.page;

    return p && (p->flags & PAGE_UPLOAD) ? l->upload_ms : l->body_ms;
}

struct piece {
    struct answer *a;
    const char *s;
    size_t n;
};

static enum err
add_piece(struct job *j, void *arg)
{
    const struct piece *p = arg;

    (void)j;
    body_add(p->a->body, p->s, p->n);
    return OK;
}

void
answer_body(struct answer *a, const char *s, size_t n)
{
    struct piece p = {a, s, n};

    if (a->body && job_run(&a->job, add_piece, &p))
        a->body = NULL;
}

/* ---- the page ------------------------------------------------------------------------ */

/* Whatever the page noted by itself, there is an entry of the event that its row declares.  A
 * form that came back with its problems changed nothing. */
static void
note_page(struct answer *a, struct job *j)
{
    const struct page *p = a->route.page;

    if (p->flags & PAGE_OPEN)
        return;
    if (a->response.status >= 400)
        audit_taken_back(j);
    else
        audit_ensure(j, p->act, page_event(p), a->target.path);
}

static enum err
call_handler(struct job *j, void *arg)
{
    struct answer *a = arg;
    struct response *r = &a->response;
    enum err e;

    r->body.max = BODY_MOST;
    e = a->route.page->fn(j, &a->request, r);
    if (e)
        return e;
    note_page(a, j);
    if (r->body.cut)
        return err_set(j, ERR_BUSY, "the page became larger than a page may be");
    r->type = kept(a, r->type);
    r->location = kept(a, r->location);
    r->download = kept(a, r->download);
    r->set_cookie = kept(a, r->set_cookie);
    return OK;
}

static enum err
read_page(struct job *j, void *arg)
{
    struct answer *a = arg;
    enum err e = look_who(j, a);

    if (e || !may_be_here(a))
        return e;
    fill_request(a);
    return call_handler(j, a);
}

/* An open page (signing in) belongs to no session yet: its origin was checked.  With one that
 * is half-way it does. */
static bool
token_is_right(const struct answer *a)
{
    const char *given = request_form(&a->request, "csrf");
    unsigned flags = a->route.page->flags;

    if (flags & PAGE_OPEN && !(flags & PAGE_HALF && a->half))
        return true;
    return given && key_same(given, a->who.csrf);
}

/* Refused here: the reply is ready. */
static bool
take_body(struct answer *a)
{
    switch (a->body ? body_close(a->body, &a->request) : BODY_NO_ROOM) {
    case BODY_OK:
        return true;
    case BODY_BROKEN:
        refuse(a, 400);
        break;
    case BODY_LARGE:
        refuse(a, 413);
        break;
    case BODY_NO_ROOM:
        refuse(a, 503);
        break;
    }
    return false;
}

static enum err
save_form(struct job *j, void *arg)
{
    struct answer *a = arg;

    return kept_form_save(j, &a->server->key, a->who.account, a->request.path,
                          form_print(j, a->request.form, a->request.n_form));
}

/* The session idled out while somebody typed: their form waits for them, and they sign in. */
static enum err
keep_form(struct answer *a)
{
    bool typed = false;
    enum err e = OK;

    for (size_t i = 0; i < a->request.n_form; i++)
        typed = typed || strcmp(a->request.form[i].name, "csrf");
    if (typed)
        e = writer_run(a->server->writer, &a->job, save_form, a);
    a->job.who = NULL;
    if (!e)
        reply_redirect(a, typed ? "/sign-in?next=/account/kept" : "/sign-in");
    return e;
}

static enum err
post_page(struct answer *a)
{
    enum err e;

    a->job.now = server_now(a->server); /* the body may have taken its time */
    e = run_inner(a, check_way);
    if (e || a->reply.ready)
        return e;
    fill_request(a);
    if (!take_body(a))
        return OK;
    if (!token_is_right(a)) {
        if (a->late) /* nothing is told of whose the session was */
            a->job.who = NULL;
        refuse(a, 403);
        return OK;
    }
    if (a->late && !(a->route.page->flags & PAGE_KEEP))
        return keep_form(a);
    if (a->route.page->flags & PAGE_ALONE)
        return run_inner(a, call_handler);
    e = writer_run(a->server->writer, &a->job, call_handler, a);
    if (!e)
        work_wake(a->server->o.work);
    return e;
}

static enum err
make_page(struct job *j, void *arg)
{
    struct answer *a = arg;
    enum err e = is_post(a) ? post_page(a) : run_inner(a, read_page);

    if (!e)
        e = writer_keep(a->server->writer, j);
    if (!e && !a->reply.ready)
        reply_page(a, &a->response);
    return e;
}

void
answer_end(struct answer *a)
{
    if (!a->reply.ready)
        run(a, make_page);
}

/* ---- for pages that open their own transactions -------------------------------------- */

struct reading {
    const struct request *q;
    job_fn *fn;
    void *arg;
};

static enum err
take_and_read(struct job *j, void *arg)
{
    const struct reading *r = arg;
    enum err e = db_pool_take(j, r->q->server->readers);

    return e ? e : r->fn(j, r->arg);
}

enum err
request_read(struct job *j, const struct request *q, job_fn *fn, void *arg)
{
    struct reading r = {q, fn, arg};
    struct job inner;
    enum err e;

    job_init_child(&inner, j, PAGE_MEMORY);
    e = job_run(&inner, take_and_read, &r);
    if (e)
        j->err = inner.err;
    job_end(&inner);
    return e;
}

enum err
request_write(struct job *j, const struct request *q, job_fn *fn, void *arg)
{
    return writer_run(q->server->writer, j, fn, arg);
}
