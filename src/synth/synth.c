#include "synth/synth.h"
#include "base/progress.h"
#include "synth/census.h"
#include "synth/case_files.h"
#include "synth/cin.h"
#include "synth/mark.h"
#include "synth/places.h"
#include "synth/plans.h"
#include "synth/registers.h"
#include "synth/services.h"
#include "synth/transfer.h"
#include <dirent.h>
#include <sys/resource.h>

enum { FILES = 512 };

struct run {
    struct world *w;
    struct folder in;
    struct truth truth;
    struct census_set census;
    struct cin_set cin;
    struct case_set cases;
    struct mark_set marks;
    struct register_set registers;
    struct plan_set plans;
    struct transfer_set transfers;
    struct life life;
};

/* All exports are open at once: some 400 files. */
static void
allow_files(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < FILES) {
        r.rlim_cur = r.rlim_max < FILES ? r.rlim_max : FILES;
        (void)setrlimit(RLIMIT_NOFILE, &r);
    }
}

static bool
has_files(const char *path)
{
    DIR *d = opendir(path);
    int n = 0;

    if (!d)
        return false;
    while (n < 3 && readdir(d))
        n++;
    closedir(d);
    return n > 2; /* beside . and .. */
}

static enum err
check_plan(struct job *j, const struct synth_plan *p)
{
    if (!world_size(p->size)) {
        err_set(j, ERR_USAGE, "there is no size called %s", p->size);
        return err_hint(j, "Sizes are small, town, la and region.");
    }
    if (has_files(p->out) || has_files(job_format(j, "%s.truth", p->out)) ||
        has_files(job_format(j, "%s.directory", p->out))) {
        err_set(j, ERR_INPUT, "%s (or %s.truth, or %s.directory) already has files in it", p->out,
                p->out, p->out);
        return err_hint(j, "Name a new folder, or empty this one first.");
    }
    return OK;
}

static bool
form_of(const char *registers, enum mark_form *out)
{
    static const char *const names[] = {"none", "recent", "year", "daily"};

    *out = MARK_RECENT;
    for (int i = 0; registers && i < 4; i++)
        if (!strcmp(registers, names[i])) {
            *out = (enum mark_form)i;
            return true;
        }
    return !registers;
}

static enum err
open_registers(struct run *r, const struct synth_plan *p)
{
    enum mark_form form;

    if (form_of(p->registers, &form))
        return mark_open(&r->marks, &r->in, form, r->w, &r->truth);
    err_set(r->in.j, ERR_USAGE, "there are no registers called %s", p->registers);
    return err_hint(r->in.j, "They are none, recent, year and daily.");
}

static enum err
open_all(struct job *j, struct run *r, const struct synth_plan *p)
{
    enum err e;

    allow_files();
    r->w = world_make(j, world_size(p->size), p->seed);
    life_marks(r->w);
    r->in = (struct folder){j, p->out};
    r->transfers = (struct transfer_set){.in = &r->in};
    e = truth_open(&r->truth, j, p->out, r->w);
    if (!e)
        e = census_open(&r->census, &r->in, r->w, &r->truth);
    if (!e)
        e = cin_open(&r->cin, &r->in, &r->truth);
    if (!e)
        e = case_open(&r->cases, &r->in, &r->truth);
    if (!e)
        e = open_registers(r, p);
    if (!e)
        e = registers_open(&r->registers, &r->in, &r->truth);
    if (!e)
        e = plans_open(&r->plans, &r->in);
    if (!e)
        e = places_gias(&r->in, r->w);
    if (!e)
        e = places_geography(&r->in, r->w);
    if (!e)
        e = services_write(&r->in, r->w, p->today ? p->today : LAST_DAY);
    return e ? e : places_calendar(&r->in, r->w);
}

static void
write_lives(struct run *r, struct synth_done *done, struct progress *show)
{
    int32_t last = calendar_census(CENSUSES - 1).date;

    for (int64_t family = 0; family < r->w->families; family++) {
        for (int k = 0; k < FAMILY_MOST; k++) {
            if (!life_make(r->w, family, k, &r->life))
                continue;
            truth_life(&r->truth, &r->life);
            census_write(&r->census, &r->life);
            cin_write(&r->cin, &r->life);
            case_write(&r->cases, &r->life);
            mark_write(&r->marks, &r->life);
            registers_write(&r->registers, &r->life);
            plans_write(&r->plans, &r->life);
            transfer_write(&r->transfers, &r->life);
            done->children++;
            done->on_roll += life_spell(&r->life, last) >= 0;
        }
        progress_add(show, 1);
    }
}

enum err
synth_write(struct job *j, const struct synth_plan *p, struct synth_done *done)
{
    struct run *r = job_alloc(j, sizeof *r);
    struct progress show = {.quiet = p->quiet};
    enum err e = check_plan(j, p), last;

    *done = (struct synth_done){0};
    if (!e)
        e = open_all(j, r, p);
    if (e)
        return e;
    progress_begin(&show, "Inventing an authority", "families", r->w->families);
    write_lives(r, done, &show);
    progress_end(&show);
    done->schools = r->w->n_schools;
    e = census_close(&r->census);
    last = cin_close(&r->cin);
    e = e ? e : last;
    last = case_close(&r->cases);
    e = e ? e : last;
    last = mark_close(&r->marks);
    e = e ? e : last;
    last = registers_close(&r->registers);
    e = e ? e : last;
    e = e ? e : r->transfers.err;
    last = plans_close(&r->plans);
    e = e ? e : last;
    last = places_published(&r->in, r->w, &r->truth.tally);
    e = e ? e : last;
    last = truth_close(&r->truth);
    return e ? e : last;
}
