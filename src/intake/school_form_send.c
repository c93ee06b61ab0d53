#include "access/permit.h"
#include "intake/load.h"
#include "intake/school_form_known.h"
#include "work/task.h"
#include <jansson.h>

/* ---- sending --------------------------------------------------------------------- */

static const char sql_send[] =
    "UPDATE school_form SET state = 'sent', sent = $4, told = $5, version = version + 1 "
    "WHERE area_id = $1 AND form_id = $2 AND version = $3 AND state = 'draft' AND account_id = $6";
static const char sql_changed_by[] =
    "SELECT COUNT(*) FROM school_form WHERE area_id = $1 AND changes = $2 "
    "AND state IN ('sent', 'taken')";

static enum err
count_others(struct job *j, const struct school_form *f, int64_t *n)
{
    *n = 0;
    if (f->changes)
        return db_int(j, sql_changed_by, ARGS(INT(j->area), INT(f->changes)), 0, n);
    return f->of.batch ? school_form_of(j, f->of, n) : OK;
}

/* Somebody else may have amended or cancelled it while this was written. */
static enum err
still_unchanged(struct job *j, const struct school_form *f)
{
    int64_t others = 0;
    enum err e = count_others(j, f, &others);

    if (e || !others)
        return e;
    err_set(j, ERR_CONFLICT, "Somebody amended or cancelled this while you were writing");
    return err_hint(j, "Look at what they sent, in the list of what your school told us, and amend "
                       "that if need be. Your draft is kept.");
}

static enum err
without_problems(struct job *j, const struct school_form *f)
{
    struct school_form_checked c;
    enum err e = school_form_check(j, f, &c);

    if (e || !c.n)
        return e;
    err_set(j, ERR_INPUT, "This form cannot be sent yet: %s", c.problem[0].text);
    return err_hint(j, "Open the form again; what must be mended stands at each question.");
}

static enum err
sent_elsewhere(struct job *j)
{
    err_set(j, ERR_CONFLICT, "This form was saved from another page meanwhile");
    return err_hint(j, "Open it again from your list of forms and look at it before you send it.");
}

enum err
school_form_send(struct job *j, const struct school_form *f, int64_t *task)
{
    int64_t changed = 0;
    enum err e = permit(j, ACT_TELL, (struct subject){.urn = f->urn, .person = f->person,
                                                      .what = school_form_about(f->kind).thing});

    *task = 0;
    if (e || strcmp(f->state, "draft") != 0) /* the button was pressed twice */
        return e;
    if ((e = still_unchanged(j, f)) || (e = without_problems(j, f)))
        return e;
    e = db_run(j, sql_send,
               ARGS(INT(j->area), INT(f->id), INT(f->version), INT(j->now), INT(j->today),
                    INT(j->who ? j->who->account : 0)),
               &changed);
    if (!e && !changed)
        return sent_elsewhere(j);
    return e ? e
             : task_add(j, "school-form", job_format(j, "{\"form\": %lld}", (long long)f->id),
                        j->who ? j->who->login : "nobody", task);
}

/* ---- becoming a batch -------------------------------------------------------------- */

static const char sql_end[] =
    "UPDATE school_form SET state = $3, batch_id = $4, message = $5 "
    "WHERE area_id = $1 AND form_id = $2 AND state = 'sent'";

/* "Form: suspension, 16 November 2026, by Priya Nair". */
static const char *
title_of(struct job *j, const struct school_form *f)
{
    char day[DATE_TEXT];
    const char *what = !strcmp(f->status, "new") ? "" : job_format(j, " %s", f->status);

    return job_format(j, "Form: %s%s, %s, by %s", school_form_about(f->kind).thing, what,
                      date_words(f->told, day), f->author);
}

static enum err
write_end(struct job *j, const struct school_form *f, const struct load_batch *b)
{
    bool taken = b->outcome != LOAD_REFUSED;
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_end,
                   ARGS(INT(j->area), INT(f->id), TEXT(taken ? "taken" : "refused"),
                        b->id ? INT(b->id) : NUL, TEXT(taken ? NULL : b->message)),
                   NULL);
    return e ? e : db_commit(j);
}

static const char sql_figures[] =
    "SELECT COUNT(*) FROM task WHERE area_id = $1 AND kind = 'figures' AND state = 'waiting'";

/* Once for all the forms that wait before it. */
static enum err
figures_later(struct job *j, const char *login)
{
    int64_t waiting, task;
    enum err e = db_begin(j);

    if (!e)
        e = db_int(j, sql_figures, ARGS(INT(j->area)), 0, &waiting);
    if (!e && !waiting)
        e = task_add(j, "figures", "{\"after\": \"forms\"}", login, &task);
    return e ? e : db_commit(j);
}

enum err
school_form_load(struct job *j, int64_t id, const char *home)
{
    struct school_form f;
    struct load_result r = {0};
    struct load_options o = {.area = j->area, .home = home};
    const char *login = "nobody";
    struct load_text t;
    int64_t area = j->area;
    enum err e = school_form_get_any(j, id, &f, &login);

    if (e || strcmp(f.state, "sent") != 0)
        return e;
    o.loaded_by = login;
    o.title = title_of(j, &f);
    t = (struct load_text){job_format(j, "%s form %lld.csv", school_form_about(f.kind).name,
                                      (long long)id),
                           school_form_text(j, &f)};
    e = load_text(j, &t, &o, &r);
    j->area = area;
    if (e)
        return e;
    if (r.n_batches != 1)
        return err_set(j, ERR_FAULT, "a form did not become one batch");
    e = write_end(j, &f, &r.batch[0]);
    return e || r.batch[0].outcome == LOAD_REFUSED ? e : figures_later(j, login);
}

enum err
school_form_load_task(struct job *j, const char *input, const char *home)
{
    json_t *o = json_loads(input, 0, NULL);
    int64_t id = json_integer_value(json_object_get(o, "form"));

    json_decref(o);
    return school_form_load(j, id, home);
}
