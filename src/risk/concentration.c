#include "access/permit.h"
#include "risk/statistics.h"
#include "stats/interval.h"
#include "store/db.h"

/* Windows of social care, and the flag that says a child is within. */
static const struct window {
    const char *name;
    enum flag flag;
} windows[] = {
    [CARE_EVER] = {"concentration-ever", F_CARE_EVER},
    [CARE_6_YEARS] = {"concentration-6", F_CARE_6},
    [CARE_1_YEAR] = {"concentration-1", F_CARE_1},
};
enum { WINDOWS = sizeof windows / sizeof *windows };

/* Parts (the group's) and wholes of a year. */
struct parts {
    int64_t pupils, pupils_group;
    int64_t pupils2, pupils2_group;    /* with two or more events */
    int64_t events, events_group;
    int64_t events2, events2_group;    /* events of pupils with two or more */
    int64_t repeats, repeats_group;    /* events after a pupil's first */
    /* sums of squares of the last three, for intervals: events of one pupil go together */
    int64_t events_sq, events_sq_group, events2_sq, events2_sq_group, repeats_sq,
        repeats_sq_group;
};

static void
add_pupil(struct parts *p, int64_t x, bool in)
{
    int64_t two = x >= 2, events2 = two ? x : 0, repeats = x ? x - 1 : 0;

    p->pupils++;
    p->pupils2 += two;
    p->events += x;
    p->events2 += events2;
    p->repeats += repeats;
    p->events_sq += x * x;
    p->events2_sq += events2 * events2;
    p->repeats_sq += repeats * repeats;
    if (!in)
        return;
    p->pupils_group++;
    p->pupils2_group += two;
    p->events_group += x;
    p->events2_group += events2;
    p->repeats_group += repeats;
    p->events_sq_group += x * x;
    p->events2_sq_group += events2 * events2;
    p->repeats_sq_group += repeats * repeats;
}

/* Item names are shared by writing and reading. */
static const struct item {
    const char *name;
    size_t at;
} items[] = {
#define ITEM(field) {#field, offsetof(struct parts, field)}
    ITEM(pupils), ITEM(pupils_group), ITEM(pupils2), ITEM(pupils2_group), ITEM(events),
    ITEM(events_group), ITEM(events2), ITEM(events2_group), ITEM(repeats), ITEM(repeats_group),
    ITEM(events_sq), ITEM(events_sq_group), ITEM(events2_sq), ITEM(events2_sq_group),
    ITEM(repeats_sq), ITEM(repeats_sq_group),
#undef ITEM
};
enum { ITEMS = sizeof items / sizeof *items };

static int64_t *
item_at(struct parts *p, size_t i)
{
    return (int64_t *)(void *)((char *)p + items[i].at);
}

struct concentration_parts {
    struct parts of[WINDOWS][RISK_YEARS];
};

struct concentration_parts *
concentration_new(struct job *j)
{
    return job_alloc(j, sizeof(struct concentration_parts));
}

void
concentration_add(struct concentration_parts *x, const struct years *y,
                  const struct child_years *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct child_year *row = &rows->row[i];
        if (row->school == TIMELINE_NONE || !(row->base & BIT(M_SUSP)))
            continue;
        for (int w = 0; w < WINDOWS; w++)
            add_pupil(&x->of[w][row->year - y->first], row->suspensions,
                      row->flags & (BIT(windows[w].flag) | BIT(F_SEMH)));
    }
}

void
concentration_put(struct job *j, const struct years *y, struct concentration_parts *x,
                  struct statistics *out)
{
    for (int w = 0; w < WINDOWS; w++)
        for (int32_t year = y->first; year <= y->last; year++)
            for (size_t i = 0; i < ITEMS; i++)
                statistic_put(j, out,
                              (struct statistic){windows[w].name, year, items[i].name,
                                                 *item_at(&x->of[w][year - y->first], i)});
    statistic_put(j, out, (struct statistic){"sources", y->first, "care",
                                             y->care_until != DATE_NONE});
    statistic_put(j, out, (struct statistic){"sources", y->first, "needs", y->needs_loaded});
}

static struct proportion
share_of(int64_t part, int64_t whole)
{
    struct interval i = interval_wilson((struct part){part, whole}, 0.95);

    return (struct proportion){part, whole, i.low, i.high};
}

/* One pupil's events stand or fall together. */
static struct proportion
share_of_events(struct bundles b)
{
    struct interval i = interval_share(b, 0.95);

    return (struct proportion){b.group, b.all, i.low, i.high};
}

static const char sql_sum[] =
    "SELECT COALESCE(SUM(c.value), 0) FROM snapshot_year s JOIN statistic c "
    "ON c.area_id = s.area_id AND c.snapshot_id = s.rows_of AND c.school_year = s.school_year "
    "WHERE s.area_id = $1 AND s.snapshot_id = $2 AND s.school_year >= $5 AND s.school_year <= $6 "
    "AND c.name = $3 AND c.item = $4";

enum err
statistic_sum(struct job *j, int64_t snapshot, struct statistic asked, int32_t last_year,
              int64_t *out)
{
    return db_int_kept(j, &(struct db_kept){sql_sum, "i", 0},
                       ARGS(INT(j->area), INT(snapshot), TEXT(asked.name), TEXT(asked.item),
                            INT(asked.school_year), INT(last_year)),
                       0, out);
}

static enum err
read_parts(struct job *j, int64_t snapshot, const struct concentration *c, struct parts *p)
{
    enum err e = OK;

    for (size_t i = 0; i < ITEMS && !e; i++)
        e = statistic_sum(j, snapshot,
                          (struct statistic){windows[c->window].name, c->first_year,
                                             items[i].name, 0},
                          c->last_year, item_at(p, i));
    return e;
}

static enum err
read_sources(struct job *j, const struct snapshot *s, struct concentration *out)
{
    struct statistic asked = {"sources", s->first_year, "care", 0};
    int64_t care = 0, needs = 0;
    enum err e = statistic_sum(j, s->id, asked, s->last_year, &care);

    asked.item = "needs";
    if (!e)
        e = statistic_sum(j, s->id, asked, s->last_year, &needs);
    out->care_missing = !care;
    out->semh_missing = !needs;
    return e;
}

enum err
concentration_get(struct job *j, struct pooled_years years, enum care_window window,
                  struct concentration *out)
{
    struct snapshot s;
    struct parts p = {0};
    enum err e = permit(j, ACT_FIGURES, (struct subject){0});

    *out = (struct concentration){.first_year = years.first, .last_year = years.last,
                                  .window = window};
    if (!e)
        e = snapshot_current(j, &s);
    if (!e)
        e = read_sources(j, &s, out);
    if (!e)
        e = read_parts(j, s.id, out, &p);
    if (e)
        return e;
    out->group = share_of(p.pupils_group, p.pupils);
    out->pupils2 = share_of(p.pupils2_group, p.pupils2);
    out->events = share_of_events(
        (struct bundles){p.events_group, p.events, p.events_sq_group, p.events_sq});
    out->events2 = share_of_events(
        (struct bundles){p.events2_group, p.events2, p.events2_sq_group, p.events2_sq});
    out->repeats = share_of_events(
        (struct bundles){p.repeats_group, p.repeats, p.repeats_sq_group, p.repeats_sq});
    return OK;
}
