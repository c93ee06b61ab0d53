#include "cli/load_watch.h"
#include "base/log.h"
#include "intake/watch.h"
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { QUIET_MS = 10 * 1000, RESCAN_MS = 60 * 1000 };

struct watching {
    void (*print)(const struct load_result *r);
};

static int64_t
clock_us(void *arg)
{
    struct timespec t;

    (void)arg;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The log has counts only; what is said to the terminal names files, too. */
static bool
told(struct job *j, void *arg, const struct load_result *r, enum err e)
{
    const struct watching *w = arg;

    for (size_t i = 0; i < r->n_batches; i++) {
        const struct load_batch *b = &r->batch[i];
        log_event(LOG_INFO, "watch",
                  "area=%lld kind=%s outcome=\"%s\" batch=%lld read=%lld refused=%lld "
                  "findings=%lld",
                  (long long)b->area, b->kind, load_outcome_name(b->outcome), (long long)b->id,
                  (long long)b->read, (long long)b->refused, (long long)b->findings);
    }
    if (r->n_left)
        log_event(LOG_INFO, "watch", "left=%zu", r->n_left);
    w->print(r);
    if (e && !r->n_batches)
        printf("  not loaded   %s\n", j->err.message);
    fflush(stdout);
    return true;
}

static void
close_fd(void *arg)
{
    close((int)(intptr_t)arg - 1);
}

static enum err
signals_as_file(struct job *j, int *out)
{
    struct cleanup *end = job_on_end(j, close_fd);
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    *out = signalfd(-1, &set, SFD_CLOEXEC);
    if (*out < 0) {
        err_set(j, ERR_ENV, "the watch cannot be told when to end");
        return err_detail(j, "%s", strerrorname_np(errno));
    }
    end->arg = (void *)(intptr_t)(*out + 1);
    return OK;
}

enum err
load_watch(struct job *j, const struct command *c, const struct load_options *o,
           void (*print)(const struct load_result *r))
{
    struct watching arg = {print};
    struct watch_options w = {.load = o, .quiet_ms = QUIET_MS, .rescan_ms = RESCAN_MS,
                              .clock = clock_us, .told = told, .arg = &arg};
    int64_t seconds;
    enum err e;

    if ((e = command_words(j, c, 1, 1)) ||
        (e = command_int(j, c, "--quiet-for", QUIET_MS / 1000, &seconds)))
        return e;
    if (seconds < 1 || seconds > 3600)
        return err_set(j, ERR_USAGE, "--quiet-for wants a number of seconds from 1 to 3600");
    w.quiet_ms = (int)seconds * 1000;
    if ((e = signals_as_file(j, &w.stop_fd)))
        return e;
    printf("Watching %s (stop with Ctrl-C)\n", c->argv[0]);
    fflush(stdout);
    e = watch(j, c->argv[0], &w);
    if (!e)
        log_event(LOG_INFO, "watch-end", "told=1");
    return e;
}
