#include "people/school_day.h"
#include "base/text.h"

enum { FIRST_YEAR = 2000, LAST_YEAR = 2099, LONGEST_TERM = 366 };

/* Index i is the day first + i; before[i] counts what lies before it, so that a stretch is
 * one subtraction and the nth day a search. */
struct school_days {
    int64_t urn;
    int32_t first;
    int32_t n;               /* days; whole school years */
    uint8_t *sessions;
    int32_t *days_before;    /* n + 1 */
    int32_t *sessions_before;
    struct school_year *year; /* by school year from that of first */
};

enum { TERMS = 3 };
struct school_year {
    bool known;
    int n_terms;             /* rows that say term; more than TERMS: they are half terms */
    int32_t term[TERMS];     /* their first days, in order */
};

struct school_calendars {
    struct school_days *list; /* 0: the default; then by URN */
    size_t n;
};

/* The rows that calendars are made of. */
struct making {
    struct job *j;
    const struct school_day_row *row;
    size_t n;
    int32_t first_year, years;
};

static int
sessions_of(enum school_day_kind kind)
{
    switch (kind) {
    case SCHOOL_TERM:
        return 2;
    case SCHOOL_HALF_DAY:
        return 1;
    case SCHOOL_INSET:
    case SCHOOL_CLOSED:
        break;
    }
    return 0;
}

/* The latest file that gives this school terms in this school year; -1 none. */
static int
latest_terms(const struct making *m, int64_t urn, int32_t year)
{
    int latest = -1;

    for (size_t i = 0; i < m->n; i++) {
        const struct school_day_row *r = &m->row[i];
        if (r->urn == urn && r->kind == SCHOOL_TERM && r->rank > latest &&
            r->from < date_year_end(year) && r->to > date_year_start(year))
            latest = r->rank;
    }
    return latest;
}

/* Lay one row over the days of one school year. */
static void
lay(struct school_days *d, const struct school_day_row *r, int32_t year)
{
    int32_t from = r->from > date_year_start(year) ? r->from : date_year_start(year);
    int32_t to = r->to < date_year_end(year) ? r->to : date_year_end(year);

    for (int32_t day = from; day < to; day++) {
        uint8_t *s = &d->sessions[day - d->first];
        int most = sessions_of(r->kind);
        if (r->kind == SCHOOL_TERM && date_weekday(day) < 5)
            *s = 2;
        else if (*s > most)
            *s = (uint8_t)most;
    }
}

/* One more term of a school year, in order of its first day. */
static void
add_term(struct school_year *y, int32_t from)
{
    int i = y->n_terms++;

    if (y->n_terms > TERMS)
        return;
    for (; i > 0 && y->term[i - 1] > from; i--)
        y->term[i] = y->term[i - 1];
    y->term[i] = from;
}

static void
make_year(const struct making *m, struct school_days *d, int32_t year)
{
    int64_t urn = d->urn;
    int rank = latest_terms(m, urn, year);

    if (rank < 0) {
        urn = 0;
        rank = latest_terms(m, 0, year);
    }
    d->year[year - m->first_year].known = rank >= 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct school_day_row *r = &m->row[i];
        if (r->urn != urn || r->kind != SCHOOL_TERM || r->rank != rank)
            continue;
        lay(d, r, year);
        if (date_school_year(r->from) == year)
            add_term(&d->year[year - m->first_year], r->from);
    }
    for (size_t i = 0; i < m->n; i++)
        if ((m->row[i].urn == urn || m->row[i].urn == d->urn) && m->row[i].kind != SCHOOL_TERM)
            lay(d, &m->row[i], year);
}

static void
make_days(const struct making *m, struct school_days *d, int64_t urn)
{
    *d = (struct school_days){.urn = urn, .first = date_year_start(m->first_year)};
    d->n = m->years ? date_year_end(m->first_year + m->years - 1) - d->first : 0;
    d->sessions = job_array(m->j, (size_t)d->n, sizeof *d->sessions);
    d->days_before = job_array(m->j, (size_t)d->n + 1, sizeof *d->days_before);
    d->sessions_before = job_array(m->j, (size_t)d->n + 1, sizeof *d->sessions_before);
    d->year = job_array(m->j, (size_t)m->years, sizeof *d->year);
    for (int32_t y = 0; y < m->years; y++)
        make_year(m, d, m->first_year + y);
    for (int32_t i = 0; i < d->n; i++) {
        d->days_before[i + 1] = d->days_before[i] + (d->sessions[i] > 0);
        d->sessions_before[i + 1] = d->sessions_before[i] + d->sessions[i];
    }
}

static int
by_urn(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* 0 and the schools with rows, each once. */
static size_t
list_urns(const struct making *m, int64_t *urns)
{
    size_t n = 0;

    for (size_t i = 0; i < m->n; i++)
        urns[i + 1] = m->row[i].urn;
    qsort(urns, m->n + 1, sizeof *urns, by_urn);
    for (size_t i = 0; i <= m->n; i++)
        if (n == 0 || urns[i] != urns[n - 1])
            urns[n++] = urns[i];
    return n;
}

/* A slip of the pen in a date must not make a calendar of centuries. */
static bool
is_sensible(const struct school_day_row *r)
{
    return r->to > r->from && r->to - r->from <= LONGEST_TERM &&
           date_school_year(r->from) >= FIRST_YEAR && date_school_year(r->to) <= LAST_YEAR;
}

struct school_calendars *
school_days_make(struct job *j, const struct school_day_row *rows, size_t n)
{
    struct school_calendars *c = job_alloc(j, sizeof *c);
    struct school_day_row *sensible = job_array(j, n, sizeof *sensible);
    struct making m = {.j = j, .row = sensible, .first_year = LAST_YEAR};
    int64_t *urns = job_array(j, n + 1, sizeof *urns);
    int32_t last = FIRST_YEAR;

    for (size_t i = 0; i < n; i++) {
        int32_t from = date_school_year(rows[i].from), to = date_school_year(rows[i].to - 1);
        if (!is_sensible(&rows[i]))
            continue;
        sensible[m.n++] = rows[i];
        m.first_year = from < m.first_year ? from : m.first_year;
        last = to > last ? to : last;
    }
    m.years = m.n ? last - m.first_year + 1 : 0;
    c->n = list_urns(&m, urns);
    c->list = job_array(j, c->n, sizeof *c->list);
    for (size_t i = 0; i < c->n; i++)
        make_days(&m, &c->list[i], urns[i]);
    return c;
}

static const char sql_rows[] =
    "SELECT coalesce(t.urn, 0), t.started, t.ended, t.kind, b.batch_id "
    "FROM batch b JOIN term_date t ON t.area_id = b.area_id AND t.batch_id = b.batch_id "
    "WHERE b.area_id = $1 AND b.published <= $2 AND (b.withdrawn IS NULL OR b.withdrawn > $2) "
    "ORDER BY b.published, b.batch_id, t.file_id, t.line";

static struct school_day_row
row_from_row(struct rows *q, int rank)
{
    struct school_day_row r = {.urn = row_int(q, 0),
                               .rank = rank,
                               .from = (int32_t)row_int(q, 1),
                               .to = (int32_t)row_int(q, 2),
                               .kind = SCHOOL_TERM};
    struct span kind;

    kind.s = row_peek(q, 3, &kind.n);
    if (span_is(kind, "inset"))
        r.kind = SCHOOL_INSET;
    else if (span_is(kind, "closed"))
        r.kind = SCHOOL_CLOSED;
    else if (span_is(kind, "half-day"))
        r.kind = SCHOOL_HALF_DAY;
    return r;
}

enum err
school_days_load(struct job *j, int64_t known_at, struct school_calendars **out)
{
    size_t n = 0, room = 256;
    struct school_day_row *rows = job_array(j, room, sizeof *rows);
    int64_t batch = 0;
    struct rows q;
    int rank = 0;
    enum err e;

    db_ask(j, &q, sql_rows, ARGS(INT(j->area), INT(known_at)));
    while (db_next(&q)) {
        rank += batch != row_int(&q, 4);
        batch = row_int(&q, 4);
        if (n == room) {
            rows = job_grow(j, rows, room * sizeof *rows, 2 * room * sizeof *rows);
            room *= 2;
        }
        rows[n++] = row_from_row(&q, rank);
    }
    e = db_done(&q);
    if (!e)
        *out = school_days_make(j, rows, n);
    return e;
}

const struct school_days *
school_days_of(const struct school_calendars *c, int64_t urn)
{
    size_t low = 1, high = c->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c->list[mid].urn < urn)
            low = mid + 1;
        else
            high = mid;
    }
    return low < c->n && c->list[low].urn == urn ? &c->list[low] : &c->list[0];
}

bool
school_day_known(const struct school_days *d, int32_t date)
{
    if (date < d->first || date >= d->first + d->n)
        return false;
    return d->year[date_school_year(date) - date_school_year(d->first)].known;
}

int
school_day_sessions(const struct school_days *d, int32_t date)
{
    return date < d->first || date >= d->first + d->n ? 0 : d->sessions[date - d->first];
}

bool
school_day_is(const struct school_days *d, int32_t date)
{
    return school_day_sessions(d, date) > 0;
}

/* The index of a date, held within the calendar. */
static int32_t
index_of(const struct school_days *d, int32_t date)
{
    if (date <= d->first)
        return 0;
    return date >= d->first + d->n ? d->n : date - d->first;
}

int
school_day_count(const struct school_days *d, int32_t from, int32_t to)
{
    return to <= from ? 0
                      : d->days_before[index_of(d, to)] - d->days_before[index_of(d, from)];
}

int
school_day_count_sessions(const struct school_days *d, int32_t from, int32_t to)
{
    return to <= from
               ? 0
               : d->sessions_before[index_of(d, to)] - d->sessions_before[index_of(d, from)];
}

/* The date of the school day with this number, counted from 0. */
static int32_t
day_number(const struct school_days *d, int32_t number)
{
    int32_t low = 0, high = d->n;

    if (number < 0 || number >= d->days_before[d->n])
        return DATE_NONE;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (d->days_before[mid + 1] <= number)
            low = mid + 1;
        else
            high = mid;
    }
    return d->first + low;
}

int32_t
school_day_add(const struct school_days *d, int32_t date, int n)
{
    int32_t before;

    if (date < d->first || date >= d->first + d->n)
        return DATE_NONE;
    before = d->days_before[date - d->first];
    if (n > 0 && school_day_is(d, date))
        return day_number(d, before + n);
    return day_number(d, n > 0 ? before + n - 1 : before + n);
}

static int32_t
monday(int32_t date)
{
    return date - date_weekday(date);
}

int
school_day_weeks(const struct school_days *d, int32_t from, int32_t to)
{
    int weeks = 0;

    for (int32_t m = monday(from); m <= to; m += 7)
        weeks += school_day_count(d, m, m + 7) > 0;
    return weeks;
}

int32_t
school_day_weeks_back(const struct school_days *d, int32_t date, int n)
{
    int32_t m = monday(date);

    for (; m + 7 > d->first; m -= 7)
        if (school_day_count(d, m, m + 7) > 0 && --n == 0)
            return m;
    return DATE_NONE;
}

/* The three terms of the attendance statistics, for schools that give half terms. */
static struct school_term
term_by_date(int32_t date)
{
    int32_t year = date_school_year(date), easter = date_easter(year + 1) + 1;
    int32_t january = date_from_ymd(year + 1, 1, 1);

    switch (date_term(date)) {
    case TERM_AUTUMN:
        return (struct school_term){date_year_start(year), january};
    case TERM_SPRING:
        return (struct school_term){january, easter};
    case TERM_SUMMER:
        break;
    }
    return (struct school_term){easter, date_year_end(year)};
}

struct school_term
school_day_term(const struct school_days *d, int32_t date)
{
    int32_t year = date_school_year(date);
    struct school_term t = {date_year_start(year), date_year_end(year)};
    const struct school_year *y;

    if (!school_day_known(d, date))
        return term_by_date(date);
    y = &d->year[year - date_school_year(d->first)];
    if (y->n_terms == 0 || y->n_terms > TERMS)
        return term_by_date(date);
    for (int i = 1; i < y->n_terms; i++) {
        if (y->term[i] <= date)
            t.from = y->term[i];
        else if (y->term[i] < t.to)
            t.to = y->term[i];
    }
    return t;
}
