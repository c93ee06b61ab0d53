/* What came of the children who were listed, and of those who were not. */
#include "base/thread.h"
#include "risk/sign_past.h"
#include "risk/sign_view.h"

enum { PEOPLE_A_BLOCK = 2048, EVENTS_MOST = 64, WEEKS_MOST = 640, LEAST_SESSIONS = 20 };

const struct past_group past_groups[] = {
    {"all", "all", "All children", 0, 0, NULL},
    {"sex", "F", "Girls", BIT(F_GIRL), 0, NULL},
    {"sex", "M", "Boys", BIT(F_BOY), 0, NULL},
    {"fsm", "0", "Not eligible for free school meals", 0, BIT(F_FSM), NULL},
    {"fsm", "1", "Eligible for free school meals", BIT(F_FSM), 0, NULL},
    {"sen", "N", "No special educational need", 0, BIT(F_SEN_SUPPORT) | BIT(F_EHC_PLAN), NULL},
    {"sen", "K", "SEN support", BIT(F_SEN_SUPPORT), BIT(F_EHC_PLAN), NULL},
    {"sen", "E", "Education, health and care plan", BIT(F_EHC_PLAN), 0, NULL},
    {"care", "none", "No social care in the last 6 years", 0, BIT(F_CARE_6), NULL},
    {"care", "any", "Social care in the last 6 years", BIT(F_CARE_6), 0, NULL},
    {"care", "looked-after", "Looked after", BIT(F_LOOKED_AFTER), 0, NULL},
    {"ethnicity", "W", "White", 0, 0, "W"},
    {"ethnicity", "M", "Mixed", 0, 0, "M"},
    {"ethnicity", "A", "Asian, Chinese included", 0, 0, "AC"},
    {"ethnicity", "B", "Black", 0, 0, "B"},
    {"ethnicity", "O", "Any other ethnic group", 0, 0, "O"},
};
const size_t past_n_groups = sizeof past_groups / sizeof *past_groups;

/* ---- what happened to a child ------------------------------------------------------ */

struct came {
    int32_t day[EVENTS_MOST];
    size_t n;
};

static void
came_on(struct came *c, int32_t day)
{
    if (c->n < EVENTS_MOST)
        c->day[c->n++] = day;
}

static void
take_events(const struct timeline *t, uint32_t p, struct came *out)
{
    struct timeline_range e = timeline_of(t, TIMELINE_EVENT, p);
    struct timeline_range m = timeline_of(t, TIMELINE_MOVE, p);

    for (; e.from < e.to; e.from++) {
        const struct timeline_event *x = &t->event[e.from];
        if (x->counts && x->category == CATEGORY_SUSPENSION)
            came_on(&out[AFTER_SUSPENDED], x->started);
        else if (x->counts && x->category == CATEGORY_PERMANENT)
            came_on(&out[AFTER_EXCLUDED], x->started);
    }
    for (; m.from < m.to; m.from++)
        if (t->move[m.from].kind == MOVE_EXIT)
            came_on(&out[AFTER_EXIT], t->move[m.from].on);
}

/* Weeks of one school year: the Sunday on which the child had missed 10% of at least 20
 * sessions, where it had at the end of the year too. */
static void
take_year(const struct sign_week *w, size_t n, struct came *out)
{
    int64_t missed = 0, possible = 0;
    int32_t passed = DATE_NONE;

    for (size_t i = 0; i < n; i++) {
        missed += w[i].sum.authorised + w[i].sum.unauthorised;
        possible += w[i].sum.possible;
        if (possible >= LEAST_SESSIONS && 10 * missed >= possible && passed == DATE_NONE)
            passed = w[i].monday + 6;
    }
    if (passed != DATE_NONE && 10 * missed >= possible)
        came_on(out, passed);
}

static void
take_weeks(const struct sign_week *w, size_t n, struct came *out)
{
    for (size_t i = 0, k; i < n; i = k) {
        int32_t year = date_school_year(w[i].monday + 4);
        for (k = i; k < n && date_school_year(w[k].monday + 4) == year; k++)
            ;
        take_year(&w[i], k - i, out);
    }
}

static int
by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

static void
take_any(struct came *out)
{
    for (int o = 0; o < AFTER_ANY; o++)
        for (size_t i = 0; i < out[o].n; i++)
            came_on(&out[AFTER_ANY], out[o].day[i]);
    for (int o = 0; o < AFTERS; o++)
        qsort(out[o].day, out[o].n, sizeof *out[o].day, by_day);
}

static bool
comes_within(const struct came *c, int32_t day)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->day[i] > day && c->day[i] <= day + PAST_DAYS)
            return true;
    return false;
}

/* ---- counting --------------------------------------------------------------------- */

struct child {
    const struct past *p;
    uint32_t person;
    struct came came[AFTERS];
    uint32_t groups[PAST_YEARS + 2]; /* bit per group, by year from the one before the first */
};

static uint32_t
groups_of_year(const struct years *y, uint32_t person, int32_t year)
{
    struct traits traits = traits_of(y, person, year);
    char letter = y->t->person[person].ethnicity[0];
    uint32_t out = 0;

    for (size_t g = 0; g < past_n_groups; g++) {
        const struct past_group *x = &past_groups[g];
        if ((traits.flags & x->has) == x->has && !(traits.flags & x->lacks) &&
            (!x->ethnic || (letter && strchr(x->ethnic, letter))))
            out |= 1u << g;
    }
    return out;
}

#define EACH_GROUP(g, groups) \
    for (uint32_t left_ = (groups), g; left_ && (g = (uint32_t)__builtin_ctz(left_), true); \
         left_ &= left_ - 1)

static void
score_year(const struct child *c, int year, struct past_scores *out)
{
    const struct past *p = c->p;
    const past_weeks *at = past_at(p, c->person, year);
    int32_t school_year = p->dates.first_year + year;
    uint32_t groups = c->groups[year + 1];
    bool came[AFTERS];

    if (!at[0])
        return;
    out->looked++;
    for (int o = 0; o < AFTERS; o++)
        came[o] = comes_within(&c->came[o], past_sunday(school_year, __builtin_ctzll(at[0])));
    for (int r = 0; r < SIGN_TESTED; r++) {
        int row = past_row(p, r);
        int32_t on = row && at[row] ? past_sunday(school_year, __builtin_ctzll(at[row]))
                                    : DATE_NONE;
        for (int o = 0; o < AFTERS; o++) {
            bool hit = on != DATE_NONE && comes_within(&c->came[o], on);
            EACH_GROUP(g, groups) {
                struct past_score *s = &out->cell[r][o][g];
                s->looked++;
                s->looked_outcome += came[o];
                s->listed += on != DATE_NONE;
                s->listed_outcome += hit;
            }
        }
    }
}

/* The first Sunday in [from, to) on which a bit of the row is set; DATE_NONE. */
static int32_t
first_within(const struct child *c, int row, int32_t from, int32_t to)
{
    int first = date_school_year(from) - c->p->dates.first_year;
    int last = date_school_year(to - 1) - c->p->dates.first_year;

    for (int y = first < 0 ? 0 : first; y <= last && y < c->p->dates.years; y++) {
        past_weeks weeks = past_at(c->p, c->person, y)[row];
        for (; weeks; weeks &= weeks - 1) {
            int32_t day = past_sunday(c->p->dates.first_year + y, __builtin_ctzll(weeks));
            if (day >= from && day < to)
                return day;
        }
    }
    return DATE_NONE;
}

static void
score_outcome(const struct child *c, int o, int32_t day, struct past_scores *out)
{
    int year = date_school_year(day) - c->p->dates.first_year;
    uint32_t groups = c->groups[year + 1];

    for (int r = 0; r < SIGN_TESTED; r++) {
        int row = past_row(c->p, r);
        int32_t on = row ? first_within(c, row, day - PAST_DAYS, day) : DATE_NONE;
        EACH_GROUP(g, groups) {
            out->cell[r][o][g].outcomes++;
            out->cell[r][o][g].outcomes_listed += on != DATE_NONE;
        }
        if (on != DATE_NONE)
            out->lead[r][o][day - on]++;
    }
}

/* The first outcome of each school year of which the year before could be looked at. */
static void
score_outcomes(const struct child *c, int o, struct past_scores *out)
{
    int32_t last_year = INT32_MIN;

    for (size_t i = 0; i < c->came[o].n; i++) {
        int32_t day = c->came[o].day[i], year = date_school_year(day);
        bool first = year != last_year;
        last_year = year;
        if (first && day - PAST_DAYS >= c->p->dates.first && day <= c->p->dates.last + 7 &&
            first_within(c, 0, day - PAST_DAYS, day) != DATE_NONE)
            score_outcome(c, o, day, out);
    }
}

static bool
was_looked_at(const struct past *p, uint32_t person)
{
    for (int y = 0; y < p->dates.years && p->slot[person] != TIMELINE_NONE; y++)
        if (past_at(p, person, y)[0])
            return true;
    return false;
}

struct scoring {
    const struct past *p;
    const struct years *years;
    struct past_scores *wave; /* one a block of the wave */
    size_t first_block;
};

static void
score_child(struct child *c, const struct years *y, struct past_scores *out)
{
    take_any(c->came);
    for (int k = 0; k <= c->p->dates.years + 1; k++)
        c->groups[k] = groups_of_year(y, c->person, c->p->dates.first_year + k - 1);
    for (int k = 0; k < c->p->dates.years; k++)
        score_year(c, k, out);
    for (int o = 0; o < AFTERS; o++)
        score_outcomes(c, o, out);
}

static enum err
score_block(struct job *j, void *arg, size_t block)
{
    const struct scoring *s = arg;
    const struct past *p = s->p;
    uint32_t from = (uint32_t)(s->first_block + block) * PEOPLE_A_BLOCK;
    uint32_t to = from + PEOPLE_A_BLOCK < p->now->n[TIMELINE_PERSON] ? from + PEOPLE_A_BLOCK
                                                                     : p->now->n[TIMELINE_PERSON];
    struct sign_span span = sign_span_of(j, p->dates.first - 2 * PAST_DAYS,
                                         p->dates.followed_to, WEEKS_MOST);
    struct sign_view v = {.t = p->now};
    struct child *c = job_alloc(j, sizeof *c);
    struct marks_cursor cursor;

    if (p->marks)
        marks_cursor(j, p->marks, &cursor);
    for (v.p = from; v.p < to; v.p++) {
        if (!was_looked_at(p, v.p))
            continue;
        *c = (struct child){.p = p, .person = v.p};
        take_events(p->now, v.p, c->came);
        if (p->marks)
            take_weeks(span.week, sign_view_load(&v, &cursor, &span),
                       &c->came[AFTER_PERSISTENT]);
        score_child(c, s->years, &s->wave[block]);
    }
    timeline_give_back(p->now);
    return OK;
}

/* Sums are of whole numbers: the order of adding does not matter, but it is kept. */
static void
add_scores(struct past_scores *to, const struct past_scores *from)
{
    int64_t *a = (int64_t *)(void *)to->cell;
    const int64_t *b = (const int64_t *)(const void *)from->cell;
    int32_t *c = &to->lead[0][0][0];
    const int32_t *d = &from->lead[0][0][0];

    for (size_t i = 0; i < sizeof to->cell / sizeof *a; i++)
        a[i] += b[i];
    for (size_t i = 0; i < sizeof to->lead / sizeof *c; i++)
        c[i] += d[i];
    to->looked += from->looked;
}

enum err
past_score(struct job *j, const struct past *p, struct past_scores **out)
{
    enum { WAVE = 8 };
    struct years years;
    struct scoring s = {.p = p, .years = &years, .wave = job_array(j, WAVE, sizeof *s.wave)};
    size_t blocks = (p->now->n[TIMELINE_PERSON] + PEOPLE_A_BLOCK - 1u) / PEOPLE_A_BLOCK;
    enum err e = years_of(j, p->now, NULL, &years);

    *out = job_alloc(j, sizeof **out);
    for (; !e && s.first_block < blocks; s.first_block += WAVE) {
        size_t n = blocks - s.first_block < WAVE ? blocks - s.first_block : WAVE;
        memset(s.wave, 0, WAVE * sizeof *s.wave);
        e = thread_each(j, p->threads, n, 2 * JOB_MB, score_block, &s);
        for (size_t i = 0; i < n && !e; i++)
            add_scores(*out, &s.wave[i]);
    }
    return e;
}

int32_t
past_lead(const int32_t *lead, int quarter)
{
    int64_t all = 0, so_far = 0;

    for (int d = 0; d <= PAST_DAYS; d++)
        all += lead[d];
    for (int d = 0; d <= PAST_DAYS && all; d++)
        if (4 * (so_far += lead[d]) >= quarter * all)
            return d;
    return -1;
}
