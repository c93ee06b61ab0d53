#include "access/audit.h"
#include "access/heads.h"
#include "access/invitation.h"
#include "access/kept_form.h"
#include "access/outbox.h"
#include "access/seal.h"
#include "access/session.h"
#include "access/setting.h"
#include "access/tries.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/index_task.h"
#include "cli/load_task.h"
#include "cli/mail_task.h"
#include "cli/retention_task.h"
#include "cli/sandbox.h"
#include "cli/sign_task.h"
#include "cli/verb.h"
#include "intake/batch.h"
#include "intake/counted.h"
#include "intake/sealing.h"
#include "people/school_child.h"
#include "store/db.h"
#include "web/server.h"
#include "web/upload.h"
#include "work/task.h"
#include "work/tick.h"
#include <malloc.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

enum { DEFAULT_PORT = 8080, GRACE_MS = 10 * 1000, PREPARE_MEMORY = 64 * JOB_MB };
enum { SWEEP_MS = 60 * 60 * 1000, HEADS_MS = 3 * 60 * 1000, MAIL_MS = 15 * 1000,
       INDEX_MS = 3 * 1000, INDEX_MEMORY = 1024 * JOB_MB, HEADS_MEMORY = 8 * JOB_MB };

static const struct option options[] = {
    {"--port", "N", "listen on http://127.0.0.1:N (8080; 0: any free port)"},
    {"--socket", "PATH", "listen on a unix socket instead"},
    {"--proxy-user", "NAME", "single sign-on: the proxy on the socket runs as this user"},
    {0},
};

/* Only on a socket is it known that a request came through the proxy. */
static enum err
way_is_right(struct job *j, const struct command *c, const struct settings *all)
{
    if (!setting_is_live(all) || command_option(c, "--socket"))
        return OK;
    err_set(j, ERR_INPUT, "a live database is served through its proxy only");
    return err_hint(j, "Name the socket that the proxy reaches: rooted serve --socket PATH "
                       "(docs/first-day.md).");
}

/* In a job of its own: its connection is closed before the server opens others. */
static enum err
check_key(struct job *j, const struct command *c)
{
    struct key key;
    enum err e = key_load(j, c->home, &key);

    return e ? e : seal_check(j, &key, true);
}

static enum err
prepare(struct job *j, void *arg)
{
    const struct command *c = arg;
    struct settings all;
    int64_t swept = 0;
    enum err e = command_db(j, c, true);

    if (!e)
        e = setting_list(j, &all);
    if (!e)
        e = way_is_right(j, c, &all);
    if (!e)
        e = check_key(j, c);
    if (!e)
        e = audit_catch_up(j);
    if (!e)
        e = batch_sweep_all(j, &swept);
    if (!e)
        e = counted_catch_up(j);
    if (!e)
        e = school_child_catch_up(j);
    if (swept)
        log_event(LOG_INFO, "swept", "batches=%lld", (long long)swept);
    return e ? e : upload_sweep(j, c->home);
}

static enum err
prepare_alone(struct job *j, const struct command *c)
{
    struct job first;
    enum err e;

    job_init_child(&first, j, PREPARE_MEMORY);
    e = job_run(&first, prepare, (void *)(uintptr_t)c);
    if (e)
        j->err = first.err;
    job_end(&first);
    return e;
}

static enum err
read_port(struct job *j, const struct command *c, int *port)
{
    int64_t n;
    enum err e = command_int(j, c, "--port", DEFAULT_PORT, &n);

    *port = (int)n;
    if (e || (n >= 0 && n <= 65535))
        return e;
    return err_set(j, ERR_USAGE, "--port wants a number from 0 to 65535");
}

/* Every thread started from here on leaves these signals to wait_for_signal(). */
static void
block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* A page takes some hundred kilobytes for a moment.  The library would give them back to
 * the system each time, and fetching them again costs as much as making the page. */
static void
keep_memory_between_pages(void)
{
    mallopt(M_ARENA_MAX, 4);
    mallopt(M_MMAP_THRESHOLD, JOB_MB);
    mallopt(M_TRIM_THRESHOLD, 4 * JOB_MB);
}

static void
say_where(const struct command *c, const struct server *s)
{
    if (c->json)
        printf("{\"address\":\"%s\"}\n", server_address(s));
    else
        printf("RootED is served on %s (stop with Ctrl-C)\n", server_address(s));
    fflush(stdout);
}

static enum err
open_work(struct job *j, const struct command *c, struct work **out)
{
    static const struct { const char *kind; task_fn *fn; } kinds[] = {
        {"load", load_task}, {"check", check_task}, {"figures", figures_task},
        {"signs", sign_task}, {"sign-test", sign_test_task}, {"school-form", school_form_task},
        {"retention", retention_task}};
    enum err e = work_open(j, &(struct work_options){.url = c->db}, out);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !e; i++)
        work_register(*out, kinds[i].kind, (size_t)LOAD_TASK_MB * JOB_MB, kinds[i].fn,
                      (void *)(uintptr_t)c->home);
    return e;
}

struct signing {
    const struct command *c;
    struct heads_known known;
};

static enum err
sign_heads(struct job *j, void *arg)
{
    struct signing *s = arg;
    enum err e = db_open(j, s->c->db, DB_READ, &j->db);

    return e ? e : heads_sign(j, s->c->home, &s->known, NULL);
}

struct sweeping {
    const struct command *c;
    struct work *work;
};

/* A flood of wrong sign-ins leaves rows; sessions and forms of yesterday are of no use. */
static enum err
sweep(struct job *j, void *arg)
{
    const struct sweeping *s = arg;
    enum err e = db_open(j, s->c->db, DB_WRITE, &j->db);

    if (!e)
        e = db_begin(j);
    if (!e)
        e = session_sweep(j);
    if (!e)
        e = tries_sweep(j);
    if (!e)
        e = kept_form_sweep(j);
    if (!e)
        e = invitation_sweep(j);
    if (!e)
        e = outbox_sweep(j);
    if (!e)
        e = db_commit(j);
    if (!e)
        e = retention_ask(j);
    work_wake(s->work);
    return e;
}

/* Custodians of sealed records hear of searches a while later, at no cost to whoever searched. */
static enum err
tell_searches(struct job *j, void *arg)
{
    const struct command *c = arg;
    enum err e = db_open(j, c->db, DB_WRITE, &j->db);

    return e ? e : sealing_searches(j, c->home);
}

struct ticking {
    struct work *work;
    struct shelf *shelf;
};

static enum err
open_tick(struct job *j, const struct command *c, const struct ticking *ticking, struct tick **out)
{
    struct signing *s = job_alloc(j, sizeof *s);
    struct sweeping *w = job_alloc(j, sizeof *w);
    struct mail_task *mail = job_alloc(j, sizeof *mail);
    struct index_task *index = job_alloc(j, sizeof *index);
    enum err e = tick_open(j, &(struct tick_options){0}, out);

    s->c = c;
    *w = (struct sweeping){c, ticking->work};
    if (!e)
        tick_add(*out, &(struct tick_work){"heads", HEADS_MS, HEADS_MEMORY, sign_heads, s});
    if (!e)
        tick_add(*out, &(struct tick_work){"sweep", SWEEP_MS, HEADS_MEMORY, sweep, w});
    if (!e)
        tick_add(*out, &(struct tick_work){"searches", HEADS_MS, HEADS_MEMORY, tell_searches,
                                           (void *)(uintptr_t)c});
    *mail = (struct mail_task){.home = c->home, .url = c->db};
    if (!e)
        tick_add(*out, &(struct tick_work){"mail", MAIL_MS, HEADS_MEMORY, mail_task, mail});
    *index = (struct index_task){.home = c->home, .url = c->db, .shelf = ticking->shelf};
    if (!e)
        tick_add(*out, &(struct tick_work){"directory", INDEX_MS, INDEX_MEMORY, index_task, index});
    if (!e)
        tick_add(*out, &(struct tick_work){"searched", HEADS_MS, HEADS_MEMORY, searched_task,
                                           index});
    return e ? e : tick_start(j, *out);
}

/* Whose word on who signed in is heard: docs/single-sign-on.md. */
static enum err
read_proxy(struct job *j, const struct command *c, struct server_options *o)
{
    const char *name = command_option(c, "--proxy-user");
    const struct passwd *user;

    if (!name)
        return OK;
    if (!o->socket) {
        err_set(j, ERR_USAGE, "--proxy-user goes with --socket");
        return err_hint(j, "On a port anybody of this machine could say who signed in.");
    }
    user = getpwnam(name);
    if (!user)
        return err_set(j, ERR_USAGE, "there is no user \"%.40s\" on this machine", name);
    o->signs_in = true;
    o->proxy = user->pw_uid;
    return OK;
}

static enum err
serve(struct job *j, const struct command *c)
{
    struct server_options o = {.url = c->db, .home = c->home,
                               .socket = command_option(c, "--socket")};
    struct server *server;
    struct tick *tick;
    sigset_t signals;
    int signal_number;
    enum err e = command_words(j, c, 0, 0);

    if (!e)
        e = read_port(j, c, &o.port);
    if (!e)
        e = read_proxy(j, c, &o);
    if (!e)
        e = prepare_alone(j, c);
    if (e)
        return e;
    keep_memory_between_pages();
    block_signals(&signals);
    e = open_work(j, c, &o.work);
    if (!e)
        e = server_start(j, &o, &server);
    if (!e)
        e = sandbox_enter(j);
    if (!e)
        e = work_start(j, o.work);
    if (!e)
        e = open_tick(j, c, &(struct ticking){o.work, server_shelf(server)}, &tick);
    if (e)
        return e;
    say_where(c, server);
    sigwait(&signals, &signal_number);
    log_event(LOG_INFO, "stop", "signal=%d", signal_number);
    server_stop(server, GRACE_MS);
    tick_stop(tick);
    /* a load that does not stop is killed, as at any other moment: nothing half remains */
    if (!work_quiet(o.work, GRACE_MS))
        _exit(0);
    return OK;
}

const struct verb verb_serve = {
    .name = "serve",
    .usage = "[--port N | --socket PATH [--proxy-user NAME]]",
    .about = "serve the pages on this machine",
    .manual =
        "Serves the application to browsers on this machine until it is told to stop\n"
        "(Ctrl-C or SIGTERM; requests under way are finished first). The database is\n"
        "made when it is missing, and brought up to date when it is older.\n\n"
        "It listens on loopback or on a unix socket only. A trial or demonstration\n"
        "database answers nobody else. A live database (see \"rooted setup\") answers\n"
        "only through a proxy with TLS, such as nginx or Apache, which must pass on the\n"
        "Host header and add X-Forwarded-For. With --proxy-user that proxy may also say who\n"
        "signed in at a provider (single sign-on).",
    .options = options,
    .fn = serve,
};
