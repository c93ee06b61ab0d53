/* How long each kind of data is kept; what is held; copies of the database. */
#include "intake/retention_in.h"
#include "access/audit.h"
#include "access/custody.h"
#include "base/text.h"
#include "people/area.h"
#include <errno.h>
#include <sys/stat.h>

static const struct retention_words rows[] = {
#define RULE(id, name, words, months, from, source, mend)                                      \
    [id] = {name, words, from, source, months},
#include "intake/retention.def"
#undef RULE
};
enum { MONTHS_MOST = 1200, LISTED_MOST = 500, TEXT_MOST = 500 };

struct retention_words
retention_words(enum retention_rule r)
{
    return rows[r];
}

bool
retention_find(const char *name, enum retention_rule *out)
{
    for (int r = 0; name && r < RETENTION_RULES; r++)
        if (!strcmp(rows[r].name, name)) {
            *out = (enum retention_rule)r;
            return true;
        }
    return false;
}

const char *
retention_span(struct job *j, int months)
{
    if (months % 12)
        return job_format(j, "%d month%s", months, months == 1 ? "" : "s");
    return job_format(j, "%d year%s", months / 12, months == 12 ? "" : "s");
}

bool
retention_months(const char *text, int *out)
{
    struct span s = span_trim(span_of(text));
    size_t digits = strspn(s.s, "0123456789");
    struct span unit;
    int64_t n;

    if (!digits || digits > s.n || !text_to_int(s.s, digits, &n) || n > MONTHS_MOST)
        return false;
    unit = span_trim((struct span){s.s + digits, s.n - digits});
    if (span_is_nocase(unit, "years") || span_is_nocase(unit, "year"))
        n *= 12;
    else if (!span_is_nocase(unit, "months") && !span_is_nocase(unit, "month"))
        return false;
    if (n < 1 || n > MONTHS_MOST)
        return false;
    *out = (int)n;
    return true;
}

static const char *
who_asks(const struct job *j)
{
    return j->who ? j->who->login : "command line";
}

/* What somebody typed as a reason or reference. */
enum err
retention_check_text(struct job *j, const char *text, const char *wanted)
{
    struct span s = span_trim(span_of(text ? text : ""));

    if (s.n && s.n <= TEXT_MOST)
        return OK;
    err_set(j, ERR_INPUT, "%s", wanted);
    return err_hint(j, "It is kept, for those who ask later; up to %d characters.", TEXT_MOST);
}

/* ---- rules ------------------------------------------------------------------------------- */

static const char sql_rules[] =
    "SELECT rule, months, reference, set_at, set_by FROM retention_rule WHERE area_id = $1";

enum err
retention_rules(struct job *j, struct retention_kept out[RETENTION_RULES])
{
    enum err e = permit(j, ACT_RETENTION, (struct subject){.what = "rules of retention"});

    return e ? e : retention_read_rules(j, out);
}

enum err
retention_read_rules(struct job *j, struct retention_kept out[RETENTION_RULES])
{
    struct rows q;
    enum retention_rule r;

    for (int i = 0; i < RETENTION_RULES; i++)
        out[i] = (struct retention_kept){.months = rows[i].months};
    db_ask(j, &q, sql_rules, ARGS(INT(custody_authority(j->area))));
    while (db_next(&q))
        if (retention_find(row_text(&q, 0), &r))
            out[r] = (struct retention_kept){(int)row_int(&q, 1), row_text(&q, 2), row_text(&q, 4),
                                             row_int(&q, 3)};
    return db_done(&q);
}

static const char sql_set[] =
    "INSERT INTO retention_rule (area_id, rule, months, reference, set_at, set_by) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (area_id, rule) DO UPDATE SET "
    "months = excluded.months, reference = excluded.reference, set_at = excluded.set_at, "
    "set_by = excluded.set_by";

enum err
retention_set(struct job *j, const struct retention_decided *d)
{
    struct retention_kept before[RETENTION_RULES];
    enum err e = permit(j, ACT_RETENTION_WRITE, (struct subject){.what = "rules of retention"});

    if (!e)
        e = retention_check_text(j, d->reference, "a rule of one's own wants a reference: where "
                                                  "was it decided?");
    if (!e && (d->months < 1 || d->months > MONTHS_MOST))
        e = err_set(j, ERR_INPUT, "a rule keeps something for 1 month to 100 years");
    if (!e)
        e = retention_rules(j, before);
    if (e)
        return e;
    audit_fields(j, ACT_RETENTION_WRITE,
                 &(struct audit_field){rows[d->rule].name,
                                       retention_span(j, before[d->rule].months),
                                       retention_span(j, d->months)}, 1);
    return db_run(j, sql_set, ARGS(INT(j->area), TEXT(rows[d->rule].name), INT(d->months),
                                   TEXT(d->reference), INT(j->now), TEXT(who_asks(j))), NULL);
}

/* ---- holds ------------------------------------------------------------------------------- */

static const char sql_holds[] =
    "SELECT hold_id, person_id, why, since, set_by, ended, ended_by, ended_why "
    "FROM retention_hold WHERE area_id = $1 "
    "ORDER BY CASE WHEN ended IS NULL THEN 0 ELSE 1 END, hold_id DESC LIMIT $2";

enum err
retention_holds(struct job *j, struct retention_hold **out, size_t *n)
{
    struct rows q;
    enum err e = permit(j, ACT_RETENTION, (struct subject){.what = "holds"});

    *n = 0;
    *out = job_array(j, LISTED_MOST, sizeof **out);
    if (e)
        return e;
    db_ask(j, &q, sql_holds, ARGS(INT(j->area), INT(LISTED_MOST)));
    while (*n < LISTED_MOST && db_next(&q))
        (*out)[(*n)++] = (struct retention_hold){
            .id = row_int(&q, 0), .person = row_int_or(&q, 1, 0), .why = row_text(&q, 2),
            .since = row_int(&q, 3), .set_by = row_text(&q, 4), .ended = row_int_or(&q, 5, 0),
            .ended_by = row_text(&q, 6), .ended_why = row_text(&q, 7)};
    return db_done(&q);
}

static const char sql_is_person[] =
    "SELECT 1 FROM identity WHERE area_id = $1 AND person_id = $2 LIMIT 1";
static const char sql_hold[] =
    "INSERT INTO retention_hold (area_id, hold_id, person_id, why, since, set_by) "
    "VALUES ($1, $2, $3, $4, $5, $6)";

/* Whose record it is stands in the entry, though the officer may not open it. */
static void
note_hold(struct job *j, const char *what, int64_t hold, int64_t person)
{
    audit_put(j, (struct note){.act = ACT_RETENTION_WRITE, .event = EVENT_CONFIGURATION,
                               .person = person,
                               .subject = job_format(j, "%s %lld", what, (long long)hold)});
}

static enum err
check_person(struct job *j, int64_t person)
{
    int64_t there = 1;
    enum err e = person ? db_int(j, sql_is_person, ARGS(INT(j->area), INT(person)), 0, &there) : OK;

    if (e || there)
        return e;
    err_set(j, ERR_NOT_FOUND, "there is no child with that number");
    return err_hint(j, "It is the number in the address of the child's page.");
}

enum err
retention_hold(struct job *j, int64_t person, const char *why, int64_t *id)
{
    enum err e = permit(j, ACT_RETENTION_WRITE, (struct subject){.what = "a hold"});

    if (!e)
        e = retention_check_text(j, why, "say why it must be held");
    if (!e)
        e = check_person(j, person);
    if (!e)
        e = area_next_id(j, 1, id);
    if (e)
        return e;
    note_hold(j, "hold", *id, person);
    return db_run(j, sql_hold, ARGS(INT(j->area), INT(*id), person ? INT(person) : NUL, TEXT(why),
                                    INT(j->now), TEXT(who_asks(j))), NULL);
}

static const char sql_release[] =
    "UPDATE retention_hold SET ended = $3, ended_by = $4, ended_why = $5 WHERE area_id = $1 "
    "AND hold_id = $2 AND ended IS NULL";

enum err
retention_release(struct job *j, int64_t hold, const char *why)
{
    int64_t n = 0;
    enum err e = permit(j, ACT_RETENTION_WRITE, (struct subject){.what = "a hold"});

    if (!e)
        e = retention_check_text(j, why, "say why it need not be held any more");
    if (!e)
        e = db_run(j, sql_release, ARGS(INT(j->area), INT(hold), INT(j->now), TEXT(who_asks(j)),
                                        TEXT(why)), &n);
    if (!e && !n)
        return err_set(j, ERR_NOT_FOUND, "there is no such hold, or it has ended");
    if (!e)
        note_hold(j, "end of hold", hold, 0);
    return e;
}

/* ---- copies of the database -------------------------------------------------------------- */

static const char sql_next_copy[] =
    "SELECT COALESCE(MAX(backup_id), 0) + 1 FROM backup_made WHERE area_id = 0";
static const char sql_copied[] =
    "INSERT INTO backup_made (area_id, backup_id, made, path, bytes) VALUES (0, $1, $2, $3, $4)";

enum err
retention_copied(struct job *j, const char *path, int64_t bytes)
{
    int64_t id;
    enum err e = db_int(j, sql_next_copy, NO_ARGS, 1, &id);

    return e ? e : db_run(j, sql_copied, ARGS(INT(id), INT(j->now), TEXT(path), INT(bytes)), NULL);
}

static const char sql_copies[] =
    "SELECT backup_id, made, path, bytes, destroyed, destroyed_by FROM backup_made "
    "WHERE area_id = 0 ORDER BY backup_id DESC LIMIT $1";

enum err
retention_copies(struct job *j, struct retention_copy **out, size_t *n)
{
    struct rows q;
    enum err e = permit(j, ACT_RETENTION, (struct subject){.what = "copies"});

    *n = 0;
    *out = job_array(j, LISTED_MOST, sizeof **out);
    if (e)
        return e;
    db_ask(j, &q, sql_copies, ARGS(INT(LISTED_MOST)));
    while (*n < LISTED_MOST && db_next(&q))
        (*out)[(*n)++] = (struct retention_copy){
            .id = row_int(&q, 0), .made = row_int(&q, 1), .path = row_text(&q, 2),
            .bytes = row_int(&q, 3), .destroyed = row_int_or(&q, 4, 0),
            .destroyed_by = row_text(&q, 5)};
    return db_done(&q);
}

static const char sql_path[] = "SELECT path FROM backup_made WHERE area_id = 0 AND backup_id = $1";
static const char sql_destroyed[] =
    "UPDATE backup_made SET destroyed = $2, destroyed_by = $3 WHERE area_id = 0 "
    "AND backup_id = $1 AND destroyed IS NULL";

static enum err
copy_path(struct job *j, int64_t copy, const char **path)
{
    struct rows q;

    *path = NULL;
    db_ask(j, &q, sql_path, ARGS(INT(copy)));
    if (db_next(&q))
        *path = row_text(&q, 0);
    return db_done(&q);
}

enum err
retention_destroyed(struct job *j, int64_t copy)
{
    struct stat st;
    const char *path;
    int64_t n = 0;
    enum err e = permit(j, ACT_RETENTION_WRITE, (struct subject){.what = "a copy"});

    if (!e)
        e = copy_path(j, copy, &path);
    if (!e && path && !stat(path, &st)) {
        err_set(j, ERR_CONFLICT, "the copy is still there: %s", path);
        return err_hint(j, "Delete it, and every other copy of it, first.");
    }
    if (!e)
        e = db_run(j, sql_destroyed, ARGS(INT(copy), INT(j->now), TEXT(who_asks(j))), &n);
    if (!e && !n)
        return err_set(j, ERR_NOT_FOUND, "there is no such copy, or it was said already");
    return e;
}
