#include "intake/follow.h"
#include "base/log.h"
#include "intake/after.h"
#include "people/school_child.h"

/* ---- the steps ------------------------------------------------------------------------ */

struct following {
    struct risk_now now;
    bool again;
    struct follow_made *made;
};

static enum err
children_due(struct job *j, const struct following *f, bool *due)
{
    bool ready;
    enum err e = school_child_ready(j, &ready);

    (void)f;
    *due = !ready;
    return e;
}

static enum err
make_children(struct job *j, struct following *f)
{
    (void)f;
    return school_child_make(j);
}

static enum err
count_due(struct job *j, const struct following *f, bool *due)
{
    return figures_due(j, &f->now, due);
}

static enum err
make_figures(struct job *j, struct following *f)
{
    return figures_refresh_now(j, &f->now, f->again, &f->made->figures);
}

static enum err
look_due(struct job *j, const struct following *f, bool *due)
{
    return signs_due(j, &f->now, due);
}

static enum err
make_signs(struct job *j, struct following *f)
{
    return signs_refresh_now(j, &f->now, &f->made->signs);
}

static struct quality_order
order_of(const struct following *f)
{
    return (struct quality_order){f->now.t, f->now.marks, f->now.day, f->now.known_at, f->again};
}

static enum err
ask_due(struct job *j, const struct following *f, bool *due)
{
    struct quality_order o = order_of(f);

    return quality_run_due(j, &o, due);
}

static enum err
make_quality(struct job *j, struct following *f)
{
    struct quality_order o = order_of(f);

    return f->now.day == DATE_NONE ? quality_run_end(j)
                                   : quality_run_make(j, &o, &f->made->quality);
}

static const struct step {
    const char *name;
    unsigned reads;
    enum err (*due)(struct job *j, const struct following *f, bool *due);
    enum err (*run)(struct job *j, struct following *f);
} steps[] = {
#define STEP(name, reads, due, run) {name, reads, due, run},
#include "intake/after.def"
#undef STEP
};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* ---- all of them ---------------------------------------------------------------------- */

/* Which have anything to do; whether one of them needs what is opened for all. */
static enum err
look_around(struct job *j, const struct following *f, bool due[STEPS], bool *open)
{
    enum err e = OK;

    *open = false;
    for (size_t i = 0; i < STEPS && !e; i++) {
        due[i] = f->again;
        if (!f->again)
            e = steps[i].due(j, f, &due[i]);
        *open = *open || (due[i] && steps[i].reads & CHANGES_MARKS);
    }
    return e;
}

static enum err
run_step(struct job *j, const struct step *s, struct following *f)
{
    struct scope mem = job_scope_begin(j);
    enum err e = s->run(j, f);

    job_scope_end(j, mem);
    if (e)
        log_event(LOG_ERROR, "after-load", "step=%s area=%lld", s->name, (long long)j->area);
    return e;
}

enum err
follow_all(struct job *j, const char *home, bool again, struct follow_made *out)
{
    struct following f = {.again = again, .made = out};
    bool due[STEPS], open;
    enum err e = risk_now(j, &f.now);

    *out = (struct follow_made){0};
    if (!e)
        e = look_around(j, &f, due, &open);
    if (!e && open)
        e = risk_now_open(j, home, &f.now);
    for (size_t i = 0; i < STEPS && !e; i++)
        if (due[i])
            e = run_step(j, &steps[i], &f);
    return e;
}

static enum err
follow(struct job *j, void *arg)
{
    struct follow_made made;

    return follow_all(j, arg, false, &made);
}

struct after *
after_figures(struct job *j, const char *home)
{
    struct after *a = job_alloc(j, sizeof *a);
    struct after_step *step = job_alloc(j, sizeof *step);

    *step = (struct after_step){"all", follow, job_copy(j, home)};
    *a = (struct after){step, 1};
    return a;
}
