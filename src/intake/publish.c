#include "intake/loading.h"
#include "access/setting.h"
#include "intake/after.h"
#include "intake/counted.h"
#include "intake/sealing.h"
#include "intake/shared.h"
#include "people/area.h"
#include "people/school_child.h"
#include "timeline/timeline.h"

/* rulings, "Loading": above a set share the whole batch is refused. */
enum { REFUSED_AT_LEAST = 20, LINKED_AT_ONCE = 1000 };

static int64_t
now_us(const struct job *j, const struct loader *x)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return j->now + t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000 - x->started_us;
}

/* ---- the verdict ----------------------------------------------------------------- */

/* Why the counts of one table forbid publishing; NULL: they do not. */
static const char *
verdict_on(struct job *j, const struct layout *t, const struct counts *c, int64_t percent)
{
    char refused[TEXT_NUMBER], read[TEXT_NUMBER];
    bool many = c->refused >= REFUSED_AT_LEAST && c->refused * 100 > c->read * percent;

    if (!many && !(c->read && c->refused == c->read))
        return NULL;
    return job_format(j, "%s: %s of %s records cannot be used", t->title,
                      text_count(c->refused, refused), text_count(c->read, read));
}

/* One table of an export may hold nothing; an export of nothing is a mistake. */
static const char *
verdict_on_nothing(struct job *j, const struct loading *l)
{
    for (size_t i = 0; i < n_layouts; i++)
        if (l->of_table[i].read)
            return NULL;
    if (l->file_id != 1)
        return "none of its files holds a record. Export it again.";
    return job_format(j, "%s holds no records. Export it again.", l->file[0].file->name);
}

static enum err
verdict(struct job *j, struct loading *l)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    if (!e && !l->refusal)
        l->refusal = verdict_on_nothing(j, l);
    for (size_t i = 0; !e && !l->refusal && i < n_layouts; i++)
        l->refusal = verdict_on(j, &layouts[i], &l->of_table[i],
                                setting_number(&all, SETTING_REFUSED_SHARE));
    return e;
}

/* ---- the end --------------------------------------------------------------------- */

static const char sql_file[] =
    "INSERT INTO batch_file (area_id, batch_id, file_id, name, layout, digest, bytes, note, "
    "rows_read, rows_loaded, rows_refused) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

static struct counts
all_refused(const struct counts *c)
{
    int64_t read = c->loaded + c->refused;

    return (struct counts){read, 0, read};
}

static enum err
write_files(struct job *j, const struct loading *l)
{
    enum err e = db_begin(j);

    for (int64_t i = 0; !e && i < l->file_id; i++) {
        struct loaded_file *f = &l->file[i];
        if (l->refusal) /* the whole was turned away, with all that it would have brought */
            f->counts = all_refused(&f->counts);
        e = db_run(j, sql_file,
                   ARGS(INT(j->area), INT(l->batch_id), INT(i + 1), TEXT(f->file->name),
                        TEXT(f->file->layout->name), TEXT(f->file->digest),
                        INT(f->file->n_bytes), TEXT(f->note), INT(f->counts.read),
                        INT(f->counts.loaded), INT(f->counts.refused)),
                   NULL);
    }
    return e ? e : db_commit(j);
}

static struct counts
all_counts(const struct loading *l)
{
    struct counts sum = {0};

    for (int64_t i = 0; i < l->file_id; i++) {
        sum.read += l->file[i].counts.read;
        sum.loaded += l->file[i].counts.loaded;
        sum.refused += l->file[i].counts.refused;
    }
    return sum;
}

static const char sql_publish[] =
    "UPDATE batch SET state = 'published', published = $3, title = $4, school_year = $5, "
    "term = $6, rows_read = $7, rows_loaded = $8, rows_refused = $9, made_on = $10, kind = $11 "
    "WHERE area_id = $1 AND batch_id = $2 AND state = 'loading'";

/* Each batch of an area is known from a time of its own, later than all that was known before. */
static enum err
publish(struct job *j, struct loading *l)
{
    struct counts c = all_counts(l);
    int64_t last, at = now_us(j, l->loader);
    enum err e = timeline_known(j, &last);

    if (e)
        return e;
    at = at > last ? at : last + 1;
    if ((e = db_run(j, sql_publish,
                    ARGS(INT(j->area), INT(l->batch_id), INT(at), TEXT(l->title),
                         l->school_year ? INT(l->school_year) : NUL, l->term ? INT(l->term) : NUL,
                         INT(c.read), INT(c.loaded), INT(c.refused),
                         l->made_on == DATE_NONE ? NUL : INT(l->made_on), TEXT(l->kind)),
                    NULL)))
        return e;
    if (l->loader->ids && (e = identity_settle(j, l->loader->ids)))
        return e;
    if ((e = sealing_gather(j, l->loader->home, l->batch_id)))
        return e;
    if (l->area_name && (e = area_name(j, j->area, l->area_name)))
        return e;
    if (l->shared && (e = shared_publish(j, l, at)))
        return e;
    if (!(after_changes(l->kind) & CHANGES_FACTS))
        return OK;
    e = school_child_changed(j);
    return e ? e : counted_derive(j);
}

static enum err
publish_whole(struct job *j, struct loading *l)
{
    enum err e;

    if ((e = db_reloadable(j, false)) || (e = db_begin(j)) || (e = publish(j, l)) ||
        (e = db_commit(j)))
        return e;
    return db_reloadable(j, true);
}

/* Published already: what can be told of older records now; done again by the next load if
 * this one is cut off here. */
static enum err
link_others(struct job *j, struct loading *l)
{
    bool left = l->loader->ids != NULL;
    enum err e = OK;

    while (!e && left)
        if (!(e = db_begin(j)) &&
            !(e = identity_link(j, l->loader->ids, LINKED_AT_ONCE, &left)) &&
            !(e = sealing_gather(j, l->loader->home, 0)))
            e = db_commit(j);
    return e;
}

static enum err
write_rest(struct job *j, struct loading *l)
{
    enum err e = loading_tell_more(j, l);

    if (e || (e = chunk_flush(j, l->loader->chunk)))
        return e;
    return write_files(j, l);
}

enum err
loading_end(struct job *j, struct loading *l, bool *published)
{
    enum err e;

    *published = false;
    if ((e = verdict(j, l)))
        return e;
    if (l->refusal) {
        err_set(j, ERR_INPUT, "%s", l->refusal);
        return loading_refuse(j, l);
    }
    if (l->shared && (e = shared_complete(j, l)))
        return e;
    if ((e = write_rest(j, l)) || (e = publish_whole(j, l)) || (e = link_others(j, l)))
        return e;
    *published = true;
    if (l->shared && (e = counted_catch_up(j))) /* other areas see the new schools, too */
        return e;
    return l->shared ? shared_sweep(j, l->shared) : OK;
}

static const char sql_refuse[] =
    "UPDATE batch SET state = 'refused', message = $3, title = $4, rows_read = $5, "
    "rows_loaded = 0, rows_refused = $6 WHERE area_id = $1 AND batch_id = $2";

enum err
loading_refuse(struct job *j, struct loading *l)
{
    struct counts c;
    const char *why = job_format(j, "%s%s%s", j->err.message, *j->err.hint ? ". " : "",
                                 j->err.hint);
    enum err e;

    err_clear(j);
    l->refusal = why;
    keeper_clear(l->loader->keeper);
    loader_forget(l->loader);
    if ((e = write_rest(j, l)) || (e = facts_clear(j, l->batch_id, false)))
        return e;
    if (l->shared && (e = shared_sweep(j, l->shared)))
        return e;
    c = all_counts(l);
    if ((e = db_begin(j)) ||
        (e = db_run(j, sql_refuse,
                    ARGS(INT(j->area), INT(l->batch_id), TEXT(why), TEXT(l->title), INT(c.read),
                         INT(c.refused)),
                    NULL)) ||
        (e = sealing_gather(j, l->loader->home, l->batch_id)) || (e = counted_derive(j)))
        return e;
    return db_commit(j);
}
