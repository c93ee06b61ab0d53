#include "intake/after.h"
#include "base/log.h"
#include "people/school_child.h"
#include "quality/run.h"
#include "risk/refresh.h"
#include "risk/sign_run.h"

struct home {
    const char *path;
};

static enum err
refresh_children(struct job *j, void *arg)
{
    (void)arg;
    return school_child_make(j);
}

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

/* Of the same day as the signs: the last with data. */
enum err
after_quality(struct job *j, const char *home, bool again)
{
    struct refresh_order figures = {DATE_NONE, 0, false};
    struct quality_order o = {.day = DATE_NONE, .again = again};
    struct quality_made made;
    struct timeline *t;
    struct marks *marks;
    enum err e = signs_last_day(j, &o.day);

    if (!e && o.day == DATE_NONE)
        return quality_run_end(j);
    if (!e)
        e = figures_timeline(j, home, &figures, &t);
    if (!e)
        e = figures_known_at(j, &o.known_at);
    if (e)
        return e;
    e = marks_get(j, marks_path(j, home),
                  &(struct marks_order){o.day, o.known_at, false, DATE_NONE, DATE_NONE}, &marks);
    o.t = t;
    o.marks = marks;
    return e ? e : quality_run_make(j, &o, &made);
}

static enum err
refresh_quality(struct job *j, void *arg)
{
    const struct home *home = arg;

    return after_quality(j, home->path, false);
}

struct after *
after_figures(struct job *j, const char *home)
{
    struct after *a = job_alloc(j, sizeof *a);
    struct after_step *step = job_array(j, 4, sizeof *step);
    struct home *h = job_alloc(j, sizeof *h);

    h->path = job_copy(j, home);
    step[0] = (struct after_step){"children", refresh_children, h};
    step[1] = (struct after_step){"figures", refresh, h};
    step[2] = (struct after_step){"signs", refresh_signs, h};
    step[3] = (struct after_step){"quality", refresh_quality, h};
    *a = (struct after){step, 4};
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
