#include "cli/load_task.h"
#include "base/text.h"
#include "intake/file_check.h"
#include "intake/school_form.h"
#include "web/upload.h"
#include <time.h>

static void
tell(void *arg, int64_t done, int64_t total)
{
    task_progress(arg, done, total);
}

static const struct load_batch *
first_refused(const struct load_result *r)
{
    for (size_t i = 0; i < r->n_batches; i++)
        if (r->batch[i].outcome == LOAD_REFUSED)
            return &r->batch[i];
    return NULL;
}

/* "49,382 records went in, 412 were turned away." and what else there is to know. */
static const char *
sum_up(struct job *j, const struct load_result *r)
{
    char in[TEXT_NUMBER], out[TEXT_NUMBER];
    const struct load_batch *refused = first_refused(r);
    int64_t loaded = 0, turned = 0;
    const char *s = "";

    for (size_t i = 0; i < r->n_batches; i++) {
        if (r->batch[i].outcome != LOAD_PUBLISHED)
            continue;
        loaded += r->batch[i].loaded;
        turned += r->batch[i].refused;
    }
    if (r->published)
        s = job_format(j, "%s records went in, %s were turned away.", text_count(loaded, in),
                       text_count(turned, out));
    if (r->known)
        s = job_format(j, "%s%s%zu %s loaded already: nothing new.", s, *s ? " " : "", r->known,
                       r->known == 1 ? "export was" : "exports were");
    if (refused)
        s = job_format(j, "%s%s%s was refused: %s", s, *s ? " " : "", refused->title,
                       refused->message);
    if (r->n_left)
        s = job_format(j, "%s%s%zu %s left aside: %s", s, *s ? " " : "", r->n_left,
                       r->n_left == 1 ? "file was" : "files were", r->left[0].why);
    return s;
}

enum err
load_task(struct job *j, struct task *t, void *arg)
{
    const char *home = arg, *folder = upload_folder(j, t->input);
    const struct load_options o = {.area = t->area, .loaded_by = t->asked_by,
                                   .after = after_figures(j, home), .home = home, .tell = tell,
                                   .arg = t};
    struct load_result r = {0};
    enum err e;

    if (!folder)
        return err_set(j, ERR_FAULT, "The task does not say which files to load");
    e = load(j, &folder, 1, &o, &r);
    if (!e && r.refused && !r.published && !r.known)
        e = err_set(j, ERR_INPUT, "%s", sum_up(j, &r));
    else if (!e)
        task_say(j, t, "%s", sum_up(j, &r));
    if (!task_should_stop(t))
        upload_drop(home, folder);
    return e;
}

/* ---- checking, and writing nothing ------------------------------------------------- */

enum { KEPT_DAY = 1, TASKS_LOOKED_AT = 200 };

/* Files of checks that nobody came back to. */
static enum err
drop_old(struct job *j, const char *home)
{
    const int64_t long_ago = j->now - KEPT_DAY * INT64_C(24) * 3600 * 1000000;
    const struct task *v;
    size_t n;
    enum err e = task_list(j, TASKS_LOOKED_AT, &v, &n);

    for (size_t i = 0; !e && i < n; i++) {
        const char *folder = NULL;
        if (!strcmp(v[i].kind, "check") && v[i].ended && v[i].ended < long_ago)
            folder = upload_folder(j, v[i].input);
        if (folder)
            upload_drop(home, folder);
    }
    return e;
}

static const char *
check_sum(struct job *j, const struct load_result *r)
{
    char in[TEXT_NUMBER], out[TEXT_NUMBER];
    int64_t loaded = 0, turned = 0;

    for (size_t i = 0; i < r->n_batches; i++) {
        loaded += r->batch[i].outcome == LOAD_PUBLISHED ? r->batch[i].loaded : 0;
        turned += r->batch[i].refused;
    }
    return job_format(j, "Checked, nothing was written: %s records would go in, %s would be "
                         "turned away.", text_count(loaded, in), text_count(turned, out));
}

/* That nothing is recognised is what the check found, not that it failed. */
enum err
check_task(struct job *j, struct task *t, void *arg)
{
    const char *home = arg, *folder = upload_folder(j, t->input);
    const struct load_options o = {.area = t->area, .loaded_by = t->asked_by, .dry = true,
                                   .home = home, .tell = tell, .arg = t};
    struct load_result r = {0};
    enum err e;

    if (!folder)
        return err_set(j, ERR_FAULT, "The task does not say which files to check");
    e = load(j, &folder, 1, &o, &r);
    if (e == ERR_INPUT && r.n_left) {
        err_clear(j);
        e = OK;
    }
    j->area = t->area;
    if (!e)
        e = file_check_save(j, t->id, &r);
    if (!e)
        e = drop_old(j, home);
    if (!e)
        task_say(j, t, "%s", check_sum(j, &r));
    return e;
}

enum err
figures_task(struct job *j, struct task *t, void *arg)
{
    enum err e = after_load(j, after_figures(j, arg));

    if (!e)
        task_say(j, t, "%s",
                 strstr(t->input, "correction")
                     ? "The correction counts in the figures from now on."
                 : strstr(t->input, "forms")
                     ? "What schools told by form counts in the figures from now on."
                 : strstr(t->input, "again")
                     ? "The figures are made."
                     : "The batch is withdrawn: it counts in no figure from now on.");
    return e;
}

/* Another load, perhaps from the command line, holds the authority's lock. */
static void
wait_a_second(void)
{
    const struct timespec second = {.tv_sec = 1};

    nanosleep(&second, NULL);
}

/* A form that was sent is never lost: its turn comes again for as long as loads go on. */
enum err
school_form_task(struct job *j, struct task *t, void *arg)
{
    enum { TRIES = 600 };
    const char *home = arg;
    enum err e = school_form_load_task(j, t->input, home);

    for (int i = 0; e == ERR_BUSY && i < TRIES && !task_should_stop(t); i++) {
        wait_a_second();
        err_clear(j);
        e = school_form_load_task(j, t->input, home);
    }
    if (!e)
        task_say(j, t, "The form was read.");
    return e;
}
