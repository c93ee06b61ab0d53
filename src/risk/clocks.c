#include "risk/clocks.h"
#include "access/setting.h"
#include "base/text.h"
#include "people/attendance.h"

const struct clock_about clocks[CLOCKS] = {
#define CLOCK(id, name, amount, unit, short_, sentence, source)                \
    [id] = {name, short_, sentence, source, amount, unit},
#include "risk/clocks.def"
#undef CLOCK
};

/* ---- the amounts in force -------------------------------------------------------- */

/* What stands before the sign, and after it; false: it is not there. */
static bool
split(struct span a, char sign, struct span *before, struct span *after)
{
    const char *at = a.n ? memchr(a.s, sign, a.n) : NULL;

    if (!at)
        return false;
    *before = span_trim((struct span){a.s, (size_t)(at - a.s)});
    *after = (struct span){at + 1, (size_t)(a.s + a.n - at - 1)};
    return true;
}

static enum err
take_amount(struct job *j, struct span item, struct clock_rules *r)
{
    struct span name, number;
    int64_t n;

    if (split(item, '=', &name, &number) && text_to_int(number.s, number.n, &n) && n >= 1 &&
        n <= 400)
        for (int c = 0; c < CLOCKS; c++)
            if (span_is(name, clocks[c].name)) {
                r->amount[c] = (int)n;
                return OK;
            }
    err_set(j, ERR_INPUT, "the setting \"clocks\" says \"%.*s\", which is not a rule and a number",
            (int)item.n, item.s);
    return err_hint(j, "Write for example review-panel=15, with commas between rules; the names "
                       "are in src/risk/clocks.def.");
}

enum err
clock_rules_parse(struct job *j, const char *text, struct clock_rules *out)
{
    struct span rest = span_trim(span_of(text)), item;
    enum err e = OK;

    for (int c = 0; c < CLOCKS; c++)
        out->amount[c] = clocks[c].amount;
    while (!e && rest.n) {
        if (!split(rest, ',', &item, &rest)) {
            item = rest;
            rest.n = 0;
        }
        if ((item = span_trim(item)).n)
            e = take_amount(j, item, out);
    }
    return e;
}

enum err
clock_rules_load(struct job *j, struct clock_rules *out)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    return e ? e : clock_rules_parse(j, all.value[SETTING_CLOCKS], out);
}

/* ---- days of suspension ---------------------------------------------------------- */

/* Sessions of an event as far as it says: of its days when not given. */
static int
sessions_of(const struct school_days *d, const struct clock_event *e)
{
    if (e->category == CATEGORY_LUNCHTIME)
        return 1;
    if (e->category == CATEGORY_PERMANENT)
        return 0; /* has no length */
    if (e->sessions >= 0)
        return e->sessions;
    return e->ended == DATE_NONE ? 0 : school_day_count_sessions(d, e->started, e->ended);
}

int
clock_sessions_in(const struct school_days *d, const struct clock_event *e, int32_t from,
                  int32_t to)
{
    int left = sessions_of(d, e), in = 0;
    int32_t day = e->started;

    if (!school_day_known(d, day) || !school_day_is(d, day))
        return day >= from && day < to ? left : 0;
    while (left > 0 && day != DATE_NONE) {
        int here = school_day_sessions(d, day);
        int take = here < left ? here : left;
        if (day >= from && day < to)
            in += take;
        left -= take;
        day = school_day_add(d, day, 1);
    }
    return in;
}

struct clock_sums
clock_sum(const struct school_calendars *c, const struct clock_event *e, size_t n, size_t at)
{
    const struct school_days *own = school_days_of(c, e[at].urn);
    struct school_term term = school_day_term(own, e[at].started);
    int32_t year = date_school_year(e[at].started);
    struct clock_sums sum = {0};

    for (size_t i = 0; i < n && i <= at; i++) {
        const struct school_days *d = school_days_of(c, e[i].urn);
        sum.incomplete |= e[i].category == CATEGORY_SUSPENSION && e[i].sessions < 0 &&
                          e[i].ended == DATE_NONE;
        sum.year += clock_sessions_in(d, &e[i], date_year_start(year), date_year_end(year));
        if (e[i].urn == e[at].urn)
            sum.term += clock_sessions_in(d, &e[i], term.from, term.to);
    }
    return sum;
}

/* ---- what is due ----------------------------------------------------------------- */

static enum clock_board
board(const struct clock_rules *r, const struct clock_event *e, int term)
{
    if (e->category == CATEGORY_PERMANENT || e->exam || term > 2 * r->amount[CLOCK_TERM_DAYS])
        return BOARD_MUST;
    return term > 2 * r->amount[CLOCK_TERM_DAYS_ASKED] ? BOARD_IF_ASKED : BOARD_NOTE;
}

/* A suspension needs education from day 6 when it runs past five school days in a row. */
static bool
runs_past_five(const struct clock_rules *r, const struct school_days *d,
               const struct clock_event *e)
{
    int days = 0, left = sessions_of(d, e);
    int32_t day = e->started;

    if (!school_day_known(d, day))
        return left > 2 * (r->amount[CLOCK_SIXTH_DAY] - 1);
    for (; left > 0 && day != DATE_NONE; day = school_day_add(d, day, 1)) {
        int here = school_day_sessions(d, day);
        left -= here ? here : 2;
        days++;
    }
    return days >= r->amount[CLOCK_SIXTH_DAY];
}

struct clock_due
clock_due(const struct clock_rules *r, const struct school_days *d, const struct clock_event *e,
          struct clock_sums sums)
{
    bool permanent = e->category == CATEGORY_PERMANENT;
    int32_t told = e->notified == DATE_NONE ? e->started : e->notified;
    struct clock_due due = {
        .board = board(r, e, sums.term), .board_by = DATE_NONE, .sixth_day = DATE_NONE,
        .by_authority = permanent,
    };

    due.sixth_needed = permanent ||
                       (e->category == CATEGORY_SUSPENSION && runs_past_five(r, d, e));
    if (due.board == BOARD_MUST)
        due.board_by = school_day_add(d, told, r->amount[CLOCK_BOARD_MUST]);
    else if (due.board == BOARD_IF_ASKED)
        due.board_by = school_day_add(d, told, r->amount[CLOCK_BOARD_IF_ASKED]);
    if (due.sixth_needed) /* the first day is day 1 */
        due.sixth_day = school_day_add(d, school_day_add(d, e->started, 0),
                                       r->amount[CLOCK_SIXTH_DAY] - 1);
    return due;
}

enum clock_limit
clock_limit(const struct clock_rules *r, int year_sessions)
{
    int most = 2 * r->amount[CLOCK_YEAR_DAYS];

    if (year_sessions > most)
        return LIMIT_BREACH;
    if (9 * year_sessions >= 8 * most)
        return LIMIT_RED;
    return 3 * year_sessions >= 2 * most ? LIMIT_AMBER : LIMIT_OK;
}

/* ---- absence --------------------------------------------------------------------- */

int
clock_window(const struct clock_week *w, size_t at)
{
    int sum = 0;

    for (size_t i = at + 1 >= CLOCK_WINDOW ? at + 1 - CLOCK_WINDOW : 0; i <= at; i++)
        sum += w[i].sessions;
    return sum;
}

size_t
clock_penalty(const struct clock_rules *r, const struct clock_week *w, size_t n, size_t from)
{
    while (from < n && clock_window(w, from) < r->amount[CLOCK_PENALTY])
        from++;
    return from < n ? from : n;
}

/* Is this mark one of the codes, one letter each? */
static bool
is_one_of(int mark, const char *codes)
{
    const char *name = mark < 0 ? "" : attendance_name(mark);

    return name[0] && !name[1] && strchr(codes, name[0]);
}

static bool
is_all(const struct clock_day *d, const char *codes)
{
    bool none = d->am < 0 && d->pm < 0;

    return !none && (d->am < 0 || is_one_of(d->am, codes)) &&
           (d->pm < 0 || is_one_of(d->pm, codes));
}

int
clock_run(const struct clock_day *d, size_t n, const char *codes)
{
    int days = 0;

    while (n > 0 && is_all(&d[n - 1], codes)) {
        days++;
        n--;
    }
    return days;
}

int
clock_days(const struct clock_day *d, size_t n, const char *codes)
{
    int days = 0;

    for (size_t i = 0; i < n; i++)
        days += is_one_of(d[i].am, codes) || is_one_of(d[i].pm, codes);
    return days;
}
