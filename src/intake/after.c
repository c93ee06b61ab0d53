#include "intake/after.h"
#include "base/log.h"
#include "risk/refresh.h"
#include "risk/sign_run.h"

struct home {
    const char *path;
};

static enum err
refresh(struct job *j, void *arg)
{
    const struct home *home = arg;
    struct refresh_order order = {DATE_NONE, 0, false};
    struct refreshed done;

    return figures_refresh(j, home->path, &order, &done);
}

static enum err
refresh_signs(struct job *j, void *arg)
{
    const struct home *home = arg;
    struct sign_run_made made;

    return signs_refresh(j, home->path, false, &made);
}

struct after *
after_figures(struct job *j, const char *home)
{
    struct after *a = job_alloc(j, sizeof *a);
    struct after_step *step = job_array(j, 2, sizeof *step);
    struct home *h = job_alloc(j, sizeof *h);

    h->path = job_copy(j, home);
    step[0] = (struct after_step){"figures", refresh, h};
    step[1] = (struct after_step){"signs", refresh_signs, h};
    *a = (struct after){step, 2};
    return a;
}

enum err
after_load(struct job *j, const struct after *a)
{
    for (size_t i = 0; a && i < a->n; i++) {
        struct scope s = job_scope_begin(j);
        enum err e = a->step[i].run(j, a->step[i].arg);

        job_scope_end(j, s);
        if (e) {
            log_event(LOG_ERROR, "after-load", "step=%s area=%lld", a->step[i].name,
                      (long long)j->area);
            return e;
        }
    }
    return OK;
}
