/* Sealed records: until when they are kept, what holds them, what of them is due, what went. */
#include "intake/retention_sealed.h"
#include "access/audit.h"
#include "access/custody.h"
#include "intake/original.h"
#include "intake/retention_in.h"
#include "link/sealed.h"
#include "people/area.h"
#include "people/register_walk.h"

#define DAY_US "86400000000"
#define HIS "(SELECT i.identity_id FROM identity i WHERE i.area_id = $1 AND i.person_id = $2)"

/* ---- until when ------------------------------------------------------- */

static const char sql_told[] =
    "SELECT MIN(b.started) / " DAY_US " FROM identity i JOIN batch b ON b.area_id = i.area_id "
    "AND b.batch_id = i.batch_id WHERE i.area_id = $1 AND i.person_id = $2";
static const char sql_care[] =
    "SELECT 1 FROM care_episode WHERE area_id = $1 AND kind = 'care' AND identity_id IN " HIS
    " LIMIT 1";
static const char sql_plan[] =
    "SELECT 1 FROM ehc_fact WHERE area_id = $1 AND kind = 'plan' AND identity_id IN " HIS
    " UNION SELECT 1 FROM census_pupil WHERE area_id = $1 AND sen IN ('E', 'S') "
    "AND identity_id IN " HIS " LIMIT 1";

/* The dates of birth are encrypted; of several the last, as of any child. */
static enum err
read_since(struct job *j, const struct key *k, int64_t person, struct retention_sealed *out)
{
    struct sealed_words *w;
    int64_t told;
    size_t n;
    enum err e = sealed_read(j, k, person, &w, &n);

    for (size_t i = 0; !e && i < n; i++)
        if (w[i].born != DATE_NONE && (!out->born || w[i].born > out->since)) {
            out->since = w[i].born;
            out->born = true;
        }
    if (e || out->born)
        return e;
    e = db_int(j, sql_told, ARGS(INT(j->area), INT(person)), j->today, &told);
    out->since = (int32_t)told;
    return e;
}

/* The first day of which retention_cutoff() is no earlier than since. */
static int32_t
day_after(int32_t since, int months)
{
    struct ymd d = date_to_ymd(since);
    int32_t month = d.year * 12 + d.month - 1 + months;
    int32_t year = month / 12, m = month % 12 + 1;

    if (date_is_valid(year, m, d.day))
        return date_from_ymd(year, m, d.day);
    return m == 12 ? date_from_ymd(year + 1, 1, 1) : date_from_ymd(year, m + 1, 1);
}

static void
take_rule(struct retention_sealed *s, const struct retention_kept *kept, enum retention_rule r)
{
    if (kept[r].months <= s->months)
        return;
    s->rule = r;
    s->months = kept[r].months;
}

static enum err
read_rule(struct job *j, int64_t person, const struct retention_kept *kept,
          struct retention_sealed *out)
{
    int64_t care = 0, plan = 0;
    enum err e = db_int(j, sql_care, ARGS(INT(j->area), INT(person)), 0, &care);

    if (!e)
        e = db_int(j, sql_plan, ARGS(INT(j->area), INT(person)), 0, &plan);
    out->care = care == 1;
    out->plan = plan == 1;
    out->rule = RETAIN_CHILD;
    out->months = kept[RETAIN_CHILD].months;
    if (out->plan)
        take_rule(out, kept, RETAIN_PLAN);
    if (out->care)
        take_rule(out, kept, RETAIN_CARE);
    return e;
}

/* ---- holds ------------------------------------------------------- */

static const char sql_holds[] =
    "SELECT hold_id, why, since, set_by FROM retention_hold WHERE area_id = $1 "
    "AND person_id = $2 AND ended IS NULL ORDER BY hold_id DESC LIMIT $3";

static enum err
read_holds(struct job *j, int64_t person, struct retention_sealed *out)
{
    enum { MOST = 100 };
    int64_t area = j->area, *held;
    struct rows q;
    size_t n;
    enum err e;

    out->holds = job_array(j, MOST, sizeof *out->holds);
    db_ask(j, &q, sql_holds, ARGS(INT(area), INT(person), INT(MOST)));
    while (out->n_holds < MOST && db_next(&q))
        out->holds[out->n_holds++] = (struct retention_hold){
            .id = row_int(&q, 0), .person = person, .why = row_text(&q, 1),
            .since = row_int(&q, 2), .set_by = row_text(&q, 3)};
    if ((e = db_done(&q)))
        return e;
    j->area = custody_authority(area);
    e = retention_held(j, &held, &n, &out->all);
    j->area = area;
    return e;
}

static enum err
get(struct job *j, const struct key *k, int64_t person, const struct retention_kept *kept,
    struct retention_sealed *out)
{
    enum err e;

    *out = (struct retention_sealed){0};
    if ((e = read_since(j, k, person, out)) || (e = read_rule(j, person, kept, out)) ||
        (e = read_holds(j, person, out)))
        return e;
    out->until = day_after(out->since, out->months);
    return OK;
}

enum err
retention_sealed_get(struct job *j, const struct key *k, int64_t person,
                     struct retention_sealed *out)
{
    struct retention_kept kept[RETENTION_RULES];
    enum err e = retention_read_rules(j, kept);

    return e ? e : get(j, k, person, kept, out);
}

static void
note_hold(struct job *j, int64_t person, int64_t hold, const char *what)
{
    audit_put(j, (struct note){.act = ACT_SEAL, .event = EVENT_CONFIGURATION, .person = person,
                               .subject = job_format(j, "%s %lld", what, (long long)hold)});
}

static const char sql_hold[] =
    "INSERT INTO retention_hold (area_id, hold_id, person_id, why, since, set_by) "
    "VALUES ($1, $2, $3, $4, $5, $6)";

enum err
retention_sealed_hold(struct job *j, int64_t person, const char *why)
{
    int64_t id;
    enum err e = retention_check_text(j, why, "say why it must be held");

    if (!e)
        e = area_next_id(j, 1, &id);
    if (e)
        return e;
    note_hold(j, person, id, "hold");
    return db_run(j, sql_hold, ARGS(INT(j->area), INT(id), INT(person), TEXT(why), INT(j->now),
                                    TEXT(j->who ? j->who->login : "command line")), NULL);
}

static const char sql_release[] =
    "UPDATE retention_hold SET ended = $4, ended_by = $5, ended_why = $6 WHERE area_id = $1 "
    "AND hold_id = $2 AND person_id = $3 AND ended IS NULL";

enum err
retention_sealed_release(struct job *j, const struct retention_sealed_end *o)
{
    int64_t n = 0;
    enum err e = retention_check_text(j, o->why, "say why it need not be held any more");

    if (!e)
        e = db_run(j, sql_release, ARGS(INT(j->area), INT(o->hold), INT(o->person), INT(j->now),
                                        TEXT(j->who ? j->who->login : "command line"),
                                        TEXT(o->why)), &n);
    if (!e && !n)
        return err_set(j, ERR_NOT_FOUND, "there is no such hold, or it has ended");
    if (!e)
        note_hold(j, o->person, o->hold, "end of hold");
    return e;
}

/* ---- what is due ------------------------------------------------------- */

struct due {
    const struct retention_kept *kept;
    const struct key *key;
    struct retention_item *v;
    size_t n, room;
};

static void
add(struct job *j, struct due *d, struct retention_item i)
{
    if (d->n == d->room) {
        size_t room = d->room ? 2 * d->room : 16;
        d->v = job_grow(j, d->v, d->n * sizeof *d->v, room * sizeof *d->v);
        d->room = room;
    }
    d->v[d->n++] = i;
}

static enum err
is_told_of(struct job *j, void *arg, const struct register_stands *s)
{
    (void)j;
    (void)s;
    *(bool *)arg = true;
    return OK;
}

static const char sql_records[] =
    "SELECT identity_id FROM identity WHERE area_id = $1 AND person_id = $2 "
    "ORDER BY identity_id LIMIT $3";

/* Registers lie with the authority, and are kept longer than some children. */
static enum err
in_registers(struct job *j, int64_t person, bool *yes)
{
    enum { MOST = 512 };
    int64_t area = j->area, *record = job_array(j, MOST, sizeof *record);
    struct register_walk w = {.identity = record, .up_to = INT32_MAX, .fn = is_told_of,
                              .arg = yes};
    struct rows q;
    enum err e;

    *yes = false;
    db_ask(j, &q, sql_records, ARGS(INT(area), INT(person), INT(MOST)));
    while (w.n < MOST && db_next(&q))
        record[w.n++] = row_int(&q, 0);
    if ((e = db_done(&q)))
        return e;
    j->area = custody_authority(area);
    e = register_walk(j, &w);
    j->area = area;
    return e;
}

#define OF_BATCH(table)                                                                            \
    "SELECT f.batch_id FROM " table " f WHERE f.area_id = $1 AND f.identity_id IN " HIS
#define FORMS                                                                                      \
    "school_form WHERE area_id = $1 AND (person_id = $2 OR batch_id IN (" OF_BATCH("suspension")  \
    " UNION " OF_BATCH("leaver") " UNION " OF_BATCH("register_entry") "))"
#define OLD_FORMS FORMS " AND COALESCE(sent, saved) / " DAY_US " <= $3"
#define OLD_OPENINGS                                                                               \
    "break_glass WHERE area_id = $1 AND person_id = $2 AND verdict_at / " DAY_US " <= $3"

/* Parts of a record whose time is over before the whole record's: the oldest day of each. */
static const struct part {
    enum retention_rule rule;
    const char *oldest, *drop;
} parts[] = {
    {RETAIN_FORMS, "SELECT MIN(COALESCE(sent, saved) / " DAY_US ") FROM " OLD_FORMS,
     "DELETE FROM " OLD_FORMS},
    {RETAIN_OPENINGS, "SELECT MIN(verdict_at / " DAY_US ") FROM " OLD_OPENINGS,
     "DELETE FROM " OLD_OPENINGS},
};
enum { PARTS = sizeof parts / sizeof *parts };
static const char sql_notes[] =
    "SELECT COUNT(*) FROM note WHERE area_id = $1 AND person_id = $2 AND $3 > 0";

static enum err
add_parts(struct job *j, struct due *d, int64_t person, const struct retention_sealed *s)
{
    int months = d->kept[RETAIN_NOTES].months;
    int64_t oldest = DATE_NONE, notes = 0;
    enum err e = OK;

    if (s->rule != RETAIN_CHILD && s->months > months)
        months = s->months; /* no shorter than the record of a child with a longer rule */
    if (day_after(s->since, months) <= j->today)
        e = db_int(j, sql_notes, ARGS(INT(j->area), INT(person), INT(1)), 0, &notes);
    if (notes)
        add(j, d, (struct retention_item){RETAIN_NOTES, person, s->since, HELD_NOT});
    for (size_t i = 0; !e && i < PARTS; i++) {
        int32_t last = retention_cutoff(j->today, d->kept[parts[i].rule].months);
        e = db_int(j, parts[i].oldest, ARGS(INT(j->area), INT(person), INT(last)), DATE_NONE,
                   &oldest);
        if (!e && oldest != DATE_NONE)
            add(j, d, (struct retention_item){parts[i].rule, person, (int32_t)oldest, HELD_NOT});
    }
    return e;
}

static enum err
add_child(struct job *j, struct due *d, int64_t person)
{
    struct retention_sealed s;
    bool waits = false;
    enum err e = get(j, d->key, person, d->kept, &s);

    if (e || s.all || s.n_holds)
        return e;
    if (s.until > j->today)
        return add_parts(j, d, person, &s);
    e = in_registers(j, person, &waits);
    if (!e && !waits)
        add(j, d, (struct retention_item){s.rule, person, s.since, HELD_NOT});
    return e;
}

static const char sql_sealed[] =
    "SELECT person_id FROM sealed_child WHERE area_id = $1 ORDER BY person_id LIMIT $2";

enum err
retention_sealed_due(struct job *j, const struct key *k, struct retention_item **out, size_t *n)
{
    struct retention_kept kept[RETENTION_RULES];
    struct due d = {.kept = kept, .key = k};
    int64_t *person = job_array(j, RETENTION_MOST, sizeof *person);
    size_t people = 0;
    struct rows q;
    enum err e = retention_read_rules(j, kept);

    if (e)
        return e;
    db_ask(j, &q, sql_sealed, ARGS(INT(j->area), INT(RETENTION_MOST)));
    while (people < RETENTION_MOST && db_next(&q))
        person[people++] = row_int(&q, 0);
    e = db_done(&q);
    for (size_t i = 0; !e && i < people; i++)
        e = add_child(j, &d, person[i]);
    *out = d.v;
    *n = d.n;
    return e;
}

/* ---- removing it ------------------------------------------------------- */

static const char sql_forms[] = "DELETE FROM " FORMS;
#define HIS_FINDINGS                                                                               \
    "(SELECT s.batch_id, s.finding_id FROM sealed_finding s WHERE s.area_id = $1 "                 \
    "AND s.person_id = $2)"
/* Its custodians stay named: they see that it went. */
static const char *const sql_custody[] = {
    "DELETE FROM finding WHERE area_id = $1 AND (batch_id, finding_id) IN " HIS_FINDINGS,
    "DELETE FROM sealed_finding WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM sealed_news WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM sealed_child WHERE area_id = $1 AND person_id = $2",
};

/* Lines that could not be loaded: of other children nobody knows whose they were. */
static const char sql_lines[] =
    "SELECT DISTINCT f.batch_id, f.file_id, f.line FROM sealed_finding s JOIN finding f "
    "ON f.area_id = s.area_id AND f.batch_id = s.batch_id AND f.finding_id = s.finding_id "
    "WHERE s.area_id = $1 AND s.person_id = $2 AND f.line > 0 LIMIT $3";

static enum err
forget_lines(struct job *j, int64_t person)
{
    enum { MOST = 1000 };
    struct original_place *at = job_array(j, MOST, sizeof *at);
    int64_t area = j->area;
    struct rows q;
    size_t n = 0;
    enum err e;

    db_ask(j, &q, sql_lines, ARGS(INT(area), INT(person), INT(MOST)));
    while (n < MOST && db_next(&q))
        at[n++] = (struct original_place){row_int(&q, 0), row_int_or(&q, 1, 0), row_int(&q, 2)};
    e = db_done(&q);
    j->area = custody_authority(area);
    for (size_t i = 0; !e && i < n; i++)
        e = original_forget(j, at[i]);
    j->area = area;
    return e;
}

static enum err
drop_child(struct job *j, int64_t person)
{
    enum err e = db_run(j, sql_forms, ARGS(INT(j->area), INT(person)), NULL);

    if (!e)
        e = forget_lines(j, person);
    if (!e)
        e = retention_drop_child(j, person);
    for (size_t i = 0; !e && i < sizeof sql_custody / sizeof *sql_custody; i++)
        e = db_run(j, sql_custody[i], ARGS(INT(j->area), INT(person)), NULL);
    return e;
}

enum err
retention_sealed_drop(struct job *j, const struct retention_item *i)
{
    struct retention_kept kept[RETENTION_RULES];
    enum err e;

    if (retention_is_child(i->rule))
        return drop_child(j, i->subject);
    e = retention_read_rules(j, kept);
    for (size_t k = 0; !e && k < PARTS; k++)
        if (parts[k].rule == i->rule)
            e = db_run(j, parts[k].drop,
                       ARGS(INT(j->area), INT(i->subject),
                            INT(retention_cutoff(j->today, kept[i->rule].months))), NULL);
    return e;
}

/* ---- what went ------------------------------------------------------- */

static const char sql_gone[] =
    "SELECT g.rule, g.subject, g.gone, g.since FROM retention_gone g JOIN sealed_custodian c "
    "ON c.area_id = g.area_id AND c.person_id = g.subject WHERE g.area_id = $1 "
    "AND c.account_id = $2 ORDER BY g.gone DESC, g.subject, g.rule LIMIT $3";

enum err
retention_sealed_gone(struct job *j, struct retention_gone **out, size_t *n)
{
    struct rows q;

    *out = job_array(j, RETENTION_MOST, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_gone, ARGS(INT(custody_area(j->area)), INT(j->who ? j->who->account : 0),
                                 INT(RETENTION_MOST)));
    while (*n < RETENTION_MOST && db_next(&q)) {
        struct retention_gone *g = &(*out)[*n];
        *g = (struct retention_gone){.subject = row_int(&q, 1), .gone = row_int(&q, 2),
                                     .since = (int32_t)row_int(&q, 3)};
        *n += retention_find(row_text(&q, 0), &g->rule);
    }
    return db_done(&q);
}
