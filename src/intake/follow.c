#include "intake/follow.h"
#include "base/log.h"
#include "base/thread.h"
#include "intake/after.h"
#include "people/school_child.h"
#include "store/worked.h"

/* ---- the steps ------------------------------------------------------------------------ */

enum lane { LANE_FIGURES, LANE_SIGNS, LANE_OTHERS, LANES };
/* What the lanes take at once is too much of a region's. */
enum { MOST_BESIDE = 250 * 1000, LANE_MEMORY = 256 * JOB_MB };
enum { STEPS = 0
#define STEP(name, lane, reads, due, run) +1
#include "intake/after.def"
#undef STEP
};

struct following {
    struct risk_now now;
    bool again, due[STEPS];
    struct db *db;
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
    enum lane lane;
    unsigned reads;
    enum err (*due)(struct job *j, const struct following *f, bool *due);
    enum err (*run)(struct job *j, struct following *f);
} steps[] = {
#define STEP(name, lane, reads, due, run) {name, lane, reads, due, run},
#include "intake/after.def"
#undef STEP
};

/* ---- all of them ---------------------------------------------------------------------- */

/* Which have anything to do; whether one of them needs what is opened for all. */
static enum err
look_around(struct job *j, struct following *f, bool *open)
{
    enum err e = OK;

    *open = false;
    for (size_t i = 0; i < STEPS && !e; i++) {
        f->due[i] = f->again;
        if (!f->again)
            e = steps[i].due(j, f, &f->due[i]);
        *open = *open || (f->due[i] && steps[i].reads & CHANGES_MARKS);
    }
    return e;
}

static enum err
run_step(struct job *j, const struct step *s, struct following *f)
{
    struct scope mem = job_scope_begin(j);
    enum err e = s->run(j, f);

    job_scope_end(j, mem);
    if (f->now.t) /* what the next reads comes back by itself */
        timeline_give_back(f->now.t);
    if (f->now.marks)
        marks_give_back_all(f->now.marks);
    if (e)
        log_event(LOG_ERROR, "after-load", "step=%s area=%lld", s->name, (long long)j->area);
    return e;
}

static enum err
run_lane(struct job *j, struct following *f, enum lane lane)
{
    enum err e = OK;

    for (size_t i = 0; i < STEPS && !e; i++)
        if (f->due[i] && steps[i].lane == lane)
            e = run_step(j, &steps[i], f);
    return e;
}

/* The lane of figures has the connection of the job, for it writes most. */
static enum err
run_beside(struct job *j, void *arg, size_t lane)
{
    struct following *f = arg;
    enum err e = OK;

    if (lane == LANE_FIGURES)
        db_use(j, f->db);
    else
        e = db_open_beside(j, f->db, DB_WRITE, &j->db);
    return e ? e : run_lane(j, f, (enum lane)lane);
}

static enum err
run_lanes(struct job *j, struct following *f)
{
    bool beside = f->now.t && f->now.t->n[TIMELINE_PERSON] <= MOST_BESIDE;
    enum err e = OK;

    f->db = j->db;
    if (beside)
        return thread_each(j, LANES, LANES, LANE_MEMORY, run_beside, f);
    for (int lane = 0; lane < LANES && !e; lane++)
        e = run_lane(j, f, (enum lane)lane);
    return e;
}

enum err
follow_all(struct job *j, const char *home, bool again, struct follow_made *out)
{
    struct following f = {.again = again, .made = out};
    bool open;
    enum err e = risk_now(j, &f.now);

    *out = (struct follow_made){0};
    if (!e && again)
        e = worked_forget(j);
    if (!e)
        e = look_around(j, &f, &open);
    if (!e && open)
        e = risk_now_open(j, home, &f.now);
    if (!e && open)
        e = risk_now_order(j, &f.now);
    return e ? e : run_lanes(j, &f);
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
