/* A day's removal of what is due, and its certificate. */
#include "access/audit.h"
#include "access/custody.h"
#include "access/setting.h"
#include "base/log.h"
#include "intake/batch.h"
#include "intake/counted.h"
#include "intake/follow.h"
#include "intake/retention_in.h"
#include "people/area.h"
#include "timeline/marks.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LISTED_MOST = 400, GONE_MOST = 20000 };

struct running {
    const struct retention_order *o;
    struct retention_done *done;
    struct key key;
};

/* ---- its rows ---------------------------------------------------------------------------- */

static const char sql_begin[] =
    "INSERT INTO retention_run (area_id, run_id, at, run_by, figures, gone, held) "
    "VALUES ($1, $2, $3, $4, 0, 0, $5)";
static const char sql_gone[] =
    "INSERT INTO retention_gone (area_id, run_id, rule, subject, since, gone) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_count[] =
    "UPDATE retention_run SET gone = gone + 1, figures = CASE WHEN $3 = 1 THEN 1 ELSE figures END "
    "WHERE area_id = $1 AND run_id = $2";
static const char sql_end[] =
    "UPDATE retention_run SET ended = $3 WHERE area_id = $1 AND run_id = $2";
static const char sql_to_mend[] =
    "SELECT COUNT(*) FROM retention_run WHERE area_id = $1 AND figures = 1";
static const char sql_mended[] =
    "UPDATE retention_run SET figures = 2, ended = COALESCE(ended, $2) WHERE area_id = $1 "
    "AND figures = 1";

static enum err
begin_run(struct job *j, struct running *r)
{
    enum err e = db_begin(j);

    if (!e)
        e = area_next_id(j, 1, &r->done->run);
    if (!e)
        e = db_run(j, sql_begin, ARGS(INT(j->area), INT(r->done->run), INT(j->now), TEXT(r->o->by),
                                      INT(r->done->n_held)), NULL);
    return e ? e : db_commit(j);
}

/* In the transaction that removes it: no line without its entry, no removal without its line. */
static enum err
write_audit(struct job *j, const struct running *r, const struct retention_item *i)
{
    bool of_child = retention_is_child(i->rule) || i->rule == RETAIN_NOTES || j->area < 0;
    struct notes *before = j->notes;
    struct notes n;
    enum err e;

    audit_begin(j, &r->key, &n);
    audit_put(j, (struct note){
        .act = ACT_RETENTION_WRITE, .event = EVENT_EXPIRED,
        .person = of_child && i->subject > 0 ? i->subject : 0,
        .subject = j->area < 0 ? job_format(j, "child %lld", (long long)i->subject)
                               : retention_subject(j, i->rule, i->subject),
        .detail = retention_words(i->rule).name});
    e = audit_write(j, &n);
    j->notes = before;
    audit_end(&n);
    return e;
}

static enum err
write_line(struct job *j, void *arg, const struct retention_item *i)
{
    struct running *r = arg;
    enum err e = db_run(j, sql_gone, ARGS(INT(j->area), INT(r->done->run),
                                          TEXT(retention_words(i->rule).name), INT(i->subject),
                                          INT(i->since), INT(j->now)), NULL);

    if (!e)
        e = db_run(j, sql_count, ARGS(INT(j->area), INT(r->done->run),
                                      INT(retention_mends(i->rule))), NULL);
    return e ? e : write_audit(j, r, i);
}

/* ---- what is derived --------------------------------------------------------------------- */

static void
remove_files(const char *folder)
{
    char name[4096];
    DIR *d = opendir(folder);
    const struct dirent *f;

    while (d && (f = readdir(d))) {
        snprintf(name, sizeof name, "%s/%s", folder, f->d_name);
        if (f->d_name[0] != '.')
            unlink(name);
    }
    if (d)
        closedir(d);
}

/* The columns and the weeks hold what went; whoever has them open reads on undisturbed. */
static enum err
mend(struct job *j, struct running *r)
{
    struct follow_made made;
    int64_t wanted;
    enum err e = db_int(j, sql_to_mend, ARGS(INT(j->area)), 0, &wanted);

    if (e || !wanted)
        return e;
    unlink(timeline_path(j, r->o->home));
    remove_files(marks_path(j, r->o->home));
    e = db_begin(j);
    if (!e)
        e = counted_derive(j);
    if (!e)
        e = db_commit(j);
    if (!e)
        e = follow_all(j, r->o->home, true, &made);
    if (!e)
        e = db_begin(j);
    if (!e)
        e = db_run(j, sql_mended, ARGS(INT(j->area), INT(j->now)), NULL);
    if (!e)
        e = db_commit(j);
    r->done->figures = !e;
    return e;
}

/* The program itself puts a copy beside a SQLite file before it brings it up to date. */
static void
drop_old_copies(struct job *j, int32_t before)
{
    const char *path = strncmp(db_url(j->db), "sqlite:", 7) ? NULL : db_url(j->db) + 7;
    const char *slash = path ? strrchr(path, '/') : NULL, *file = slash ? slash + 1 : path;
    const char *folder = !slash ? "." : slash == path ? "/" : job_copy_n(j, path,
                                                                       (size_t)(slash - path));
    DIR *d = path ? opendir(folder) : NULL;
    const struct dirent *f;
    char name[4096];
    struct stat st;

    while (d && (f = readdir(d))) {
        size_t n = strlen(file);
        if (strncmp(f->d_name, file, n) || strncmp(f->d_name + n, ".before-", 8))
            continue;
        snprintf(name, sizeof name, "%s/%s", folder, f->d_name);
        if (!stat(name, &st) && st.st_mtime / (24 * 3600) <= before && !unlink(name))
            log_event(LOG_INFO, "copy-expired", "days=%lld",
                      (long long)(j->today - (int32_t)(st.st_mtime / (24 * 3600))));
    }
    if (d)
        closedir(d);
}

/* ---- all of it --------------------------------------------------------------------------- */

static enum err
drop_all(struct job *j, struct running *r, const struct retention_item *v, size_t n)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < n; i++) {
        struct scope s = job_scope_begin(j);
        if (!v[i].held) {
            e = retention_drop(j, &(struct retention_drop){&v[i], write_line, r});
            r->done->gone[v[i].rule] += !e;
            r->done->n_gone += !e;
        }
        job_scope_end(j, s);
    }
    return e;
}

static enum err
end_run(struct job *j, const struct running *r)
{
    enum err e = db_begin(j);

    if (!e)
        e = db_run(j, sql_end, ARGS(INT(j->area), INT(r->done->run), INT(j->now)), NULL);
    return e ? e : db_commit(j);
}

/* Where sealed children lie, with a list of its own that their custodians see alone. */
static enum err
apply_sealed(struct job *j, const struct running *r)
{
    struct retention_done done = {0};
    struct running own = *r;
    struct retention_item *v;
    int64_t area = j->area;
    size_t n = 0;
    bool any;
    enum err e = custody_any(j, &any);

    if (e || !any)
        return e;
    own.done = &done;
    j->area = custody_area(area);
    e = retention_sealed_due(j, &own.key, &v, &n);
    if (!e && n)
        e = begin_run(j, &own);
    if (!e && n)
        e = drop_all(j, &own, v, n);
    if (!e && n)
        e = end_run(j, &own);
    j->area = area;
    explicit_bzero(&own.key, sizeof own.key);
    return e;
}

static void
count_held(struct retention_done *d, const struct retention_item *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        d->held[v[i].rule] += v[i].held != HELD_NOT;
        d->n_held += v[i].held != HELD_NOT;
    }
}

enum err
retention_apply(struct job *j, const struct retention_order *o, struct retention_done *out)
{
    struct running r = {.o = o, .done = out};
    struct retention_kept rule[RETENTION_RULES];
    struct retention_item *v;
    size_t n;
    enum err e = permit(j, ACT_RETENTION_WRITE, (struct subject){.what = "removal of what is due"});

    *out = (struct retention_done){0};
    if (!e)
        e = key_load(j, o->home, &r.key);
    if (!e)
        e = batch_lock(j);
    if (!e)
        e = retention_rules(j, rule);
    if (!e)
        e = retention_due(j, &v, &n);
    if (e)
        return e;
    count_held(out, v, n);
    e = begin_run(j, &r);
    if (!e)
        e = drop_all(j, &r, v, n);
    if (!e)
        e = apply_sealed(j, &r);
    if (!e)
        drop_old_copies(j, j->today - 31 * rule[RETAIN_BACKUPS].months);
    if (!e)
        e = mend(j, &r);
    return e ? e : end_run(j, &r);
}

static const char sql_today[] =
    "SELECT COUNT(*) FROM retention_run WHERE area_id = $1 AND ended IS NOT NULL AND at >= $2";

enum err
retention_is_time(struct job *j, bool *yes)
{
    const int64_t day = INT64_C(24) * 3600 * 1000000;
    struct settings all;
    int64_t n = 0;
    enum err e = setting_list(j, &all);

    if (!e)
        e = db_int(j, sql_today, ARGS(INT(j->area), INT(j->now / day * day)), 0, &n);
    *yes = !e && setting_is_live(&all) && !n;
    return e;
}

/* ---- what was removed -------------------------------------------------------------------- */

#define SQL_RUN "SELECT run_id, at, COALESCE(ended, 0), gone, held, run_by FROM retention_run "
static const char sql_runs[] = SQL_RUN "WHERE area_id = $1 ORDER BY run_id DESC LIMIT $2";
static const char sql_run[] = SQL_RUN "WHERE area_id = $1 AND run_id = $2";

static struct retention_run
run_from_row(struct rows *q)
{
    return (struct retention_run){.id = row_int(q, 0), .at = row_int(q, 1), .ended = row_int(q, 2),
                                  .gone = row_int(q, 3), .held = row_int(q, 4),
                                  .by = row_text(q, 5)};
}

enum err
retention_runs(struct job *j, struct retention_run **out, size_t *n)
{
    struct rows q;
    enum err e = permit(j, ACT_RETENTION, (struct subject){.what = "what went"});

    *n = 0;
    *out = job_array(j, LISTED_MOST, sizeof **out);
    if (e)
        return e;
    db_ask(j, &q, sql_runs, ARGS(INT(j->area), INT(LISTED_MOST)));
    while (*n < LISTED_MOST && db_next(&q))
        (*out)[(*n)++] = run_from_row(&q);
    return db_done(&q);
}

static const char sql_certificate[] =
    "SELECT rule, subject, gone, since FROM retention_gone WHERE area_id = $1 AND run_id = $2 "
    "ORDER BY rule, since, subject LIMIT $3";

static enum err
read_gone(struct job *j, int64_t run, struct retention_gone **out, size_t *n)
{
    struct rows q;
    size_t room = 0;

    db_ask(j, &q, sql_certificate, ARGS(INT(j->area), INT(run), INT(GONE_MOST)));
    while (db_next(&q)) {
        struct retention_gone g = {.subject = row_int(&q, 1), .gone = row_int(&q, 2),
                                   .since = (int32_t)row_int(&q, 3)};
        if (!retention_find(row_text(&q, 0), &g.rule))
            continue;
        if (*n == room) {
            room = room ? 2 * room : 64;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        (*out)[(*n)++] = g;
    }
    return db_done(&q);
}

enum err
retention_certificate(struct job *j, int64_t run, struct retention_run *r,
                      struct retention_gone **out, size_t *n)
{
    struct rows q;
    enum err e = permit(j, ACT_RETENTION,
                        (struct subject){.what = job_format(j, "removal %lld", (long long)run)});

    *n = 0;
    *out = NULL;
    *r = (struct retention_run){0};
    if (e)
        return e;
    db_ask(j, &q, sql_run, ARGS(INT(j->area), INT(run)));
    if (db_next(&q))
        *r = run_from_row(&q);
    e = db_done(&q);
    if (!e && !r->id)
        return err_set(j, ERR_NOT_FOUND, "there is no removal with that number");
    return e ? e : read_gone(j, run, out, n);
}
