#include "risk/same_weeks.h"
#include "access/permit.h"
#include "risk/same_weeks_rows.h"
#include "store/db.h"

enum { PANDEMIC = 2020 };
static const double LEVEL = 0.95;

#define CODE_BIT(code) (UINT64_C(1) << (code))
_Static_assert(ATTENDANCE_CODES <= 64, "a bit a code");

uint64_t
same_weeks_method(void)
{
    uint64_t out = 0;

    for (int c = 0; c < ATTENDANCE_CODES; c++)
        if (attendance_name(c)[0] == 'X' || attendance_name(c)[0] == 'Y')
            out |= CODE_BIT(c);
    return out;
}

/* ---- what was kept ---------------------------------------------------------------- */

/* A school week of a year; schools 0: no register. */
struct cell {
    int64_t sessions[ATTENDANCE_CODES], counted[ATTENDANCE_CODES];
    int64_t of[SAME_KEPT]; /* SAME_SCHOOLS and on */
};
struct kept {
    int32_t first;
    struct cell (*cell)[SAME_WEEKS]; /* by year - first, week */
};

static const char sql_kept[] =
    "SELECT c.school_year, c.item, c.value FROM snapshot_year s CROSS JOIN statistic c "
    "WHERE s.area_id = $1 AND s.snapshot_id = $2 AND c.area_id = s.area_id "
    "AND c.snapshot_id = s.rows_of AND c.name = $3 AND c.school_year = s.school_year";

static void
take(struct kept *k, enum same_kept kept, int64_t year, struct span item, int64_t value)
{
    int64_t week = 0;
    struct cell *cell;
    int code;

    if (year < k->first || year >= k->first + SAME_YEARS || item.n < 2 ||
        !text_to_int(item.s, 2, &week) || week < 1 || week >= SAME_WEEKS)
        return;
    cell = &k->cell[year - k->first][week];
    if (kept >= SAME_SCHOOLS) {
        cell->of[kept] = value;
        return;
    }
    code = item.n > 3 ? attendance_code((struct span){item.s + 3, item.n - 3}) : -1;
    if (code >= 0)
        (kept == SAME_SESSIONS ? cell->sessions : cell->counted)[code] = value;
}

static enum err
read_all(struct job *j, const struct snapshot *snapshot, struct kept *k)
{
    enum err e = OK;

    for (int kept = 0; kept < SAME_KEPT && !e; kept++) {
        struct rows q;
        db_ask(j, &q, sql_kept,
               ARGS(INT(j->area), INT(snapshot->id), TEXT(same_kept_names[kept])));
        while (db_next(&q)) {
            size_t n;
            const char *item = row_peek(&q, 1, &n);
            take(k, (enum same_kept)kept, row_int(&q, 0), (struct span){item, n},
                 row_int(&q, 2));
        }
        e = db_done(&q);
    }
    return e;
}

struct reading {
    struct job *j; /* whose database is asked */
    const struct snapshot *snapshot;
};

static enum err
read_for(struct job *keeper, void *arg, void **out)
{
    const struct reading *r = arg;
    struct kept *k = job_alloc(keeper, sizeof *k);
    enum err e;

    *k = (struct kept){r->snapshot->first_year, job_array(keeper, SAME_YEARS, sizeof *k->cell)};
    *out = k;
    if ((e = read_all(r->j, r->snapshot, k)))
        keeper->err = r->j->err;
    return e;
}

/* The rows of a snapshot never change. */
static enum err
read_kept(struct job *j, const struct snapshot *snapshot, struct kept *k)
{
    static const char what[] = "same weeks";
    struct reading r = {j, snapshot};
    void *kept;
    enum err e = db_keep(j, &(struct db_keeping){what, snapshot->id, read_for, &r}, &kept);

    if (!e)
        *k = *(const struct kept *)kept;
    return e;
}

static const struct cell *
cell_of(const struct kept *k, int32_t year, int week)
{
    const struct cell *c = year < k->first || year >= k->first + SAME_YEARS
                               ? NULL
                               : &k->cell[year - k->first][week];

    return c && c->of[SAME_SCHOOLS] ? c : NULL;
}

/* ---- which years and weeks -------------------------------------------------------- */

static int
weeks_told(const struct kept *k, int32_t year, int from, int to)
{
    int n = 0;

    for (int w = from; w <= to; w++)
        n += cell_of(k, year, w) != NULL;
    return n;
}

static bool
is_told(const struct same_weeks *s, int32_t year)
{
    for (size_t i = 0; i < s->n_told; i++)
        if (s->told[i] == year)
            return true;
    return false;
}

static void
settle_asked(const struct kept *k, struct same_weeks *s)
{
    struct same_weeks_asked *a = &s->asked;

    for (int32_t year = k->first; year < k->first + SAME_YEARS; year++)
        if (weeks_told(k, year, 1, SAME_WEEKS - 1))
            s->told[s->n_told++] = year;
    if (s->n_told && !is_told(s, a->year))
        a->year = is_told(s, PANDEMIC) ? PANDEMIC : s->told[s->n_told - 1];
    if (a->from < 1 || a->from >= SAME_WEEKS)
        a->from = SAME_FROM;
    if (a->to < 1 || a->to >= SAME_WEEKS)
        a->to = SAME_TO;
    if (a->to < a->from)
        a->to = a->from;
}

/* The year asked for, and those before it that tell of half the weeks or more. */
static bool
is_held(const struct kept *k, const struct same_weeks_asked *a, int32_t year)
{
    bool before = year < a->year && year >= a->year - SAME_BEFORE;

    return year == a->year ||
           (before && 2 * weeks_told(k, year, a->from, a->to) >= a->to - a->from + 1);
}

/* Weeks of which all of these tell. */
static void
choose_weeks(const struct kept *k, struct same_weeks *s)
{
    for (int week = s->asked.from; week <= s->asked.to; week++) {
        bool used = s->n_told > 0;
        for (size_t i = 0; i < s->n_told; i++)
            used &= !is_held(k, &s->asked, s->told[i]) || cell_of(k, s->told[i], week);
        s->week[s->n_weeks++] = (struct same_week){.week = week, .used = used};
        s->n_used += used;
    }
}

/* Other years are shown where they tell of all these weeks. */
static void
choose_years(const struct kept *k, struct same_weeks *s)
{
    for (size_t i = 0; i < s->n_told; i++) {
        int32_t year = s->told[i];
        bool held = is_held(k, &s->asked, year), all = true;
        for (size_t w = 0; w < s->n_weeks; w++)
            all &= !s->week[w].used || cell_of(k, year, s->week[w].week);
        if (!held && !all)
            continue;
        s->year[s->n_years++] =
            (struct same_year){.year = year, .before = held && year < s->asked.year};
        s->n_before += held && year < s->asked.year;
    }
}

/* ---- adding up -------------------------------------------------------------------- */

static void
add_cell(const struct cell *c, uint64_t out, struct same_sums *s)
{
    for (int code = 0; code < ATTENDANCE_CODES; code++) {
        /* of codes that count by date what is possible was counted by date */
        enum attendance_class class = attendance_class(code, DATE_OPEN);
        bool possible = class != ATT_NOT_POSSIBLE && class != ATT_NO_MARK;
        if (out & CODE_BIT(code)) {
            s->out += c->sessions[code];
            continue;
        }
        s->possible += possible ? c->sessions[code] : c->counted[code];
        if (class == ATT_AUTHORISED || class == ATT_UNAUTHORISED)
            s->missed += c->sessions[code];
    }
}

static void
add_sums(struct same_sums *to, const struct same_sums *s)
{
    to->missed += s->missed;
    to->possible += s->possible;
    to->out += s->out;
}

/* What is left out of the count of pupils: nothing, or X alone; other codes of the choice that
 * are never possible make no difference to it.  SAME_KEPT: another choice. */
static enum same_kept
pupils_of(const struct same_weeks_asked *a)
{
    bool x = false;

    if (a->from != 1)
        return SAME_KEPT;
    for (int c = 0; c < ATTENDANCE_CODES; c++) {
        enum attendance_class class = attendance_class(c, DATE_OPEN);
        if (!(a->out & CODE_BIT(c)) || class == ATT_NO_MARK)
            continue;
        if (class != ATT_NOT_POSSIBLE)
            return SAME_KEPT;
        x |= attendance_name(c)[0] == 'X';
    }
    return x ? SAME_PUPILS_OUT : SAME_PUPILS;
}

static void
add_year(const struct kept *k, struct same_weeks *s, struct same_year *y)
{
    struct ratio_sums r = {0};
    enum same_kept pupils = pupils_of(&s->asked);
    const struct cell *last = cell_of(k, y->year, s->asked.to);

    for (size_t i = 0; i < s->n_weeks; i++) {
        struct same_week *w = &s->week[i];
        const struct cell *c = w->used ? cell_of(k, y->year, w->week) : NULL;
        struct same_sums n = {0};
        if (!c)
            continue;
        add_cell(c, s->asked.out, &n);
        add_sums(&y->sums, &n);
        if (y->before || y->year == s->asked.year)
            add_sums(y->before ? &w->before : &w->now, &n);
        r.bundles++;
        r.part_squares += n.missed * n.missed;
        r.whole_squares += n.possible * n.possible;
        r.products += n.missed * n.possible;
        if (c->of[SAME_SCHOOLS] > y->schools)
            y->schools = c->of[SAME_SCHOOLS];
    }
    r.part = y->sums.missed;
    r.whole = y->sums.possible;
    y->absence = interval_ratio(r, LEVEL);
    if (last && pupils != SAME_KEPT)
        y->persistent = (struct part){last->of[pupils + 1], last->of[pupils]};
}

static void
add_codes(const struct kept *k, struct same_weeks *s)
{
    for (int code = 0; code < ATTENDANCE_CODES; code++) {
        struct same_code n = {.code = code};
        for (size_t i = 0; i < s->n_weeks; i++)
            for (size_t y = 0; s->week[i].used && y < s->n_years; y++) {
                int64_t more = cell_of(k, s->year[y].year, s->week[i].week)->sessions[code];
                n.now += s->year[y].year == s->asked.year ? more : 0;
                n.before += s->year[y].before ? more : 0;
            }
        if (n.now || n.before || s->asked.out & CODE_BIT(code))
            s->code[s->n_codes++] = n;
    }
}

/* Each week's share less the share of the years before in that week. */
static void
hold_against(struct same_weeks *s)
{
    double by[SAME_WEEKS];
    size_t n = 0;

    for (size_t i = 0; i < s->n_weeks; i++) {
        const struct same_week *w = &s->week[i];
        s->now.part += w->now.missed;
        s->now.whole += w->now.possible;
        s->before.part += w->before.missed;
        s->before.whole += w->before.possible;
        if (w->now.possible && w->before.possible)
            by[n++] = (double)w->now.missed / (double)w->now.possible -
                      (double)w->before.missed / (double)w->before.possible;
    }
    s->by = interval_mean(by, n, LEVEL);
}

enum err
same_weeks_get(struct job *j, struct same_weeks_asked asked, struct same_weeks *out)
{
    struct snapshot snapshot;
    struct kept k;
    enum err e = permit(j, ACT_FIGURES, (struct subject){0});

    *out = (struct same_weeks){.asked = asked};
    if (!e)
        e = snapshot_current(j, &snapshot);
    if (!e)
        e = read_kept(j, &snapshot, &k);
    if (e)
        return e;
    settle_asked(&k, out);
    choose_weeks(&k, out);
    choose_years(&k, out);
    for (size_t i = 0; i < out->n_years; i++)
        add_year(&k, out, &out->year[i]);
    add_codes(&k, out);
    hold_against(out);
    return OK;
}
