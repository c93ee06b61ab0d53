#include "base/maths.h"
#include "synth/life.h"

/* Indexes of attendance codes, once looked up by name. */
enum mark { AM, PM, L, B, K, P, V, W, C, C1, C2, M, S, E, I, R, T, H, J, J1, G, N, O, U, D, X, Y,
            Y1, Y2, Y3, Y4, Y5, Y6, Y7, Q, MARKS };
static const char *const mark_names[MARKS] = {
    "/", "\\", "L", "B", "K", "P", "V", "W", "C", "C1", "C2", "M", "S", "E", "I", "R", "T", "H",
    "J", "J1", "G", "N", "O", "U", "D", "X", "Y", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Q"};

void
life_marks(struct world *w)
{
    for (int m = 0; m < MARKS; m++)
        w->mark[m] = attendance_code(span_of(mark_names[m]));
}

struct sheet { /* where the sessions of one attend go */
    const int *mark;
    struct attend *to;
};

static void
put(const struct sheet *t, enum mark m, int sessions)
{
    uint16_t *n = &t->to->marks.by_code[t->mark[m]];

    if (sessions > 0)
        *n = (uint16_t)(*n + sessions);
}

/* A whole number with this mean. */
static int
round_random(struct random *r, double mean)
{
    return (int)(mean + random_unit(r));
}

struct year_state {
    int year, group;
    double rate_logit, unauthorised_logit;
    bool vulnerable;
};

static double
settled(struct life *l, const struct school *s, int year)
{
    int32_t on = date_from_ymd(year, 9, 1), march = date_from_ymd(year + 1, 3, 1);
    char sen = life_sen(l, on);
    bool looked_after = life_looked_after(l, march);

    return param.abs_base + param_year(year)->absent + param_age(year - l->cohort + 4)->absent +
           param.abs_w * l->w_absent / param.absent_own + param.abs_fsm * life_meals(l, march) +
           param.abs_support * (sen == 'K') + param.abs_plan * (sen == 'E') +
           param.abs_semh * life_semh(l, on) + l->ethnicity->absent + s->absent +
           (looked_after            ? param.abs_looked_after
            : life_protected(l, march) ? param.abs_protection
            : life_in_need(l, march)   ? param.abs_in_need
                                       : 0) +
           param.abs_special * (s->phase == PHASE_SPECIAL) +
           param.abs_ap * (s->phase == PHASE_AP);
}

static bool
becomes_chronic(struct life *l, const struct school *s, int year)
{
    struct random *r = &l->stream[STREAM_ABSENCE];
    int32_t on = date_from_ymd(year, 9, 1);
    double logit = param.chronic_in + param_year(year)->chronic +
                   param.chronic_w * l->w_absent / param.absent_own +
                   param.chronic_secondary * (s->phase != PHASE_PRIMARY) +
                   param.chronic_care * life_care_within(l, on, 6) +
                   param.chronic_in_need * life_in_need(l, on + 120) +
                   param.chronic_semh * life_semh(l, on) + param.chronic_fsm * life_meals(l, on) +
                   param.chronic_ethnicity * l->ethnicity->absent;
    double u = random_unit(r);

    if (life_looked_after(l, on))
        logit += param.chronic_looked_after;
    if (l->chronic)
        return u >= param.chronic_out;
    return u < maths_logistic(logit);
}

static struct year_state
year_begin(struct life *l, int year)
{
    struct random *r = &l->stream[STREAM_ABSENCE];
    int spell = life_spell(l, date_from_ymd(year + 1, 1, 10));
    int32_t january = date_from_ymd(year + 1, 1, 10);
    const struct school *s;
    struct year_state y = {.year = year, .group = life_year_group(l, year)};
    double noise = random_normal(r), base, ap;
    bool open_case;

    if (spell < 0)
        spell = l->n_spells - 1;
    s = &l->w->school[l->spell[spell].school];
    base = settled(l, s, year);
    ap = param.abs_ap * (s->phase == PHASE_AP);
    open_case = life_in_need(l, january) && !life_looked_after(l, january);
    l->chronic = becomes_chronic(l, s, year);
    if (l->chronic)
        y.rate_logit = param.abs_chronic + param_year(year)->severe +
                       param.severe_in_need * open_case + ap +
                       param.severe_settled * (base - ap - param.abs_base) +
                       param.abs_chronic_sd * noise;
    else
        y.rate_logit = base + param.abs_year_sd * noise;
    y.unauthorised_logit = param.unauthorised +
                           param.unauthorised_w * l->w_absent / param.absent_own +
                           param.unauthorised_secondary * (y.group >= 7) +
                           param.unauthorised_rate * maths_logistic(y.rate_logit);
    y.vulnerable = life_sen(l, january) == 'E' || life_in_need(l, january);
    return y;
}

/* Sessions away suspended in [from, to) from this spell's school. */
static int
suspended_sessions(const struct life *l, int spell, struct dates in)
{
    const struct calendar *c = world_calendar(l->w, l->spell[spell].school);
    int n = 0;

    for (int i = 0; i < l->n_exclusions; i++) {
        const struct exclusion *x = &l->exclusion[i];
        int32_t from = x->start > in.from ? x->start : in.from;
        int32_t to = x->end < in.to ? x->end : in.to;
        int days = calendar_days(c, from, to);
        bool odd = x->sessions % 2 && x->end <= in.to;
        if (x->spell == spell && days && strcmp(x->category, "LNCH") != 0)
            n += 2 * days - odd;
    }
    return n;
}

/* Sessions at another school meanwhile: D here, or not here at all. */
static int
elsewhere(const struct life *l, int spell, struct dates in)
{
    const struct spell *s = &l->spell[spell];
    const struct calendar *c = world_calendar(l->w, s->school);
    int n = 0;

    for (int i = 0; i < l->n_spells; i++) {
        const struct spell *o = &l->spell[i];
        int32_t until = o->end < o->main_from ? o->end : o->main_from;
        int32_t from = o->start > in.from ? o->start : in.from, to = until < in.to ? until : in.to;
        if (i != spell && o->kind != 'C' && o->start < s->end && until > s->start)
            n += calendar_days(c, from, to) * 2 * o->share / 100;
    }
    return n;
}

static int
closure_sessions(struct random *r, const struct year_state *y, const struct calendar *c,
                 struct dates in)
{
    int32_t shut = date_from_ymd(2021, 1, 4), open = date_from_ymd(2021, 3, 8);
    int n = 2 * calendar_days(c, in.from, in.to), days;

    if (y->year == 2021 && in.from < date_from_ymd(2022, 3, 1))
        return random_chance(r, param.covid_late)
                   ? round_random(r, param.covid_late_sessions * random_unit(r))
                   : 0;
    if (y->year != 2020)
        return 0;
    days = calendar_days(c, in.from > shut ? in.from : shut, in.to < open ? in.to : open);
    if (days > 0)
        return round_random(r, 2 * days * (y->vulnerable ? param.covid_x_vulnerable
                                                         : param.covid_x_closure));
    if (!random_chance(r, param.covid_isolated))
        return 0;
    return round_random(r, n * param.covid_x_isolation / param.covid_isolated * 2 * random_unit(r) *
                               (in.from < shut ? 1 : param.covid_summer));
}

/* Sessions of part-time timetables, or of provision that the school arranges elsewhere. */
static int
arranged_sessions(const struct life *l, int spell, struct dates in, bool part_time)
{
    const struct calendar *c = world_calendar(l->w, l->spell[spell].school);
    int n = 0;

    for (int i = 0; i < l->n_arranged; i++) {
        const struct arranged *a = &l->arranged[i];
        int32_t from = a->from > in.from ? a->from : in.from, to = a->to < in.to ? a->to : in.to;
        if (a->spell == spell && a->part_time == part_time)
            n += calendar_days(c, from, to) * a->sessions / 5;
    }
    return n;
}

/* Take `part` of what is left, by the whole. */
static int
take(struct random *r, int *left, double part)
{
    int n = round_random(r, *left * part);

    n = n > *left ? *left : n;
    *left -= n;
    return n;
}

static void
put_absence(struct life *l, const struct sheet *a, const struct year_state *y, int absent)
{
    struct random *r = &l->stream[STREAM_ABSENCE];
    int unauthorised = 0, rest = absent;
    bool travels = l->ethnicity == &param_ethnicities[2] || l->ethnicity == &param_ethnicities[3];

    unauthorised = take(r, &rest, maths_logistic(y->unauthorised_logit));
    if (travels)
        put(a, T, take(r, &rest, param.part_travel));
    if (y->group == 11 && a->to->segment == SEG_SUMMER1)
        put(a, S, take(r, &rest, param.part_study));
    put(a, M, rest > 2 ? take(r, &rest, param.part_medical) : 0);
    if (y->group == 11 && y->year >= 2024)
        put(a, J1, rest > 3 ? take(r, &rest, param.part_interview) : 0);
    if (y->year >= 2024)
        put(a, C1, rest > 12 ? take(r, &rest, param.part_performance) : 0);
    put(a, C, rest > 6 ? take(r, &rest, param.part_leave) : 0);
    if (l->ethnicity->community == MUSLIM && a->to->segment >= SEG_SUMMER1)
        put(a, R, take(r, &rest, param.part_religious));
    if (y->year < 2024)
        put(a, H, rest > 9 ? take(r, &rest, param.part_holiday) : 0);
    put(a, I, rest);
    put(a, U, unauthorised > 1 ? take(r, &unauthorised, param.part_late) : 0);
    put(a, N, unauthorised > 5 ? take(r, &unauthorised, param.part_no_reason) : 0);
    if (y->group < 7)
        put(a, G, take(r, &unauthorised, param.part_term_holiday));
    else if (unauthorised > 5)
        put(a, G, take(r, &unauthorised, param.part_term_holiday_secondary));
    put(a, O, unauthorised);
}

static void
put_presence(struct life *l, const struct sheet *a, const struct year_state *y, int present)
{
    struct random *r = &l->stream[STREAM_ABSENCE];

    if (y->group == 11 && y->year < 2024)
        put(a, J, random_chance(r, param.interview) && present ? take(r, &present, 1.0 / present)
                                                               : 0);
    if (y->group >= 10)
        put(a, W, random_chance(r, param.work_children) ? take(r, &present, param.work) : 0);
    if (random_chance(r, param.late_children))
        put(a, L, take(r, &present, param.late / param.late_children));
    put(a, V, random_chance(r, param.trip_children) ? take(r, &present, param.trip) : 0);
    put(a, P, random_chance(r, param.sport_children) ? take(r, &present, param.sport) : 0);
    put(a, B, random_chance(r, param.off_site_children) ? take(r, &present, param.off_site) : 0);
    put(a, AM, (present + 1) / 2);
    put(a, PM, present / 2);
}

/* Transport that did not come, premises closed, and the like: not possible sessions. */
static int
put_unable(struct life *l, const struct sheet *a, const struct year_state *y, int most)
{
    struct random *r = &l->stream[STREAM_ABSENCE];
    static const enum mark since_2024[] = {Y1, Y2, Y2, Y3, Y4, Y4, Y6, Y7, Q, Y5};
    int n = 1 + (int)random_below(r, 3);

    if (!random_chance(r, param.unable) || n > most)
        return 0;
    put(a, y->year < 2024 ? Y : since_2024[random_below(r, 10)], n);
    return n;
}

/* Divide the sessions of one spell in one half term among the codes. */
static void
fill(struct life *l, struct attend *a, const struct year_state *y, struct dates in)
{
    struct random *r = &l->stream[STREAM_ABSENCE];
    const struct spell *s = &l->spell[a->spell];
    const struct sheet t = {l->w->mark, a};
    int n = 2 * calendar_days(world_calendar(l->w, s->school), in.from, in.to);
    int d, x, e, c, b, absent;
    int32_t within = calendar_segment(y->year, a->segment).to - 61; /* a day amid the term */
    double p = maths_logistic(y->rate_logit + param.abs_term_sd * random_normal(r));

    d = s->kind == 'C' || in.from >= s->main_from
            ? elsewhere(l, a->spell, in)
            : n - n * s->share / 100;
    d = d > n ? n : d;
    x = closure_sessions(r, y, world_calendar(l->w, s->school), in);
    x = x > n - d ? n - d : x;
    e = suspended_sessions(l, a->spell, in);
    e = e > n - d - x ? n - d - x : e;
    c = arranged_sessions(l, a->spell, in, true);
    c = c > n - d - x - e ? n - d - x - e : c;
    b = arranged_sessions(l, a->spell, in, false);
    b = b > n - d - x - e - c ? n - d - x - e - c : b;
    put(&t, D, d);
    put(&t, X, x);
    put(&t, E, e);
    put(&t, y->year >= 2024 ? C2 : C, c);
    put(&t, y->year >= 2024 && l->person % 3 == 0 ? K : B, b);
    n -= d + x + e + c + b;
    n -= put_unable(l, &t, y, n);
    absent = round_random(r, n * p);
    put_absence(l, &t, y, absent);
    put_presence(l, &t, y, n - absent);
    a->absent = absent + e + c;
    for (int i = 0; i < ATTENDANCE_CODES; i++)
        if (a->marks.by_code[i] && attendance_is_possible(i, within))
            a->possible += a->marks.by_code[i];
}

/* Not collected: boarders, under 4 and over 15 on 31 August, year 11 after May, and the
 * time of closure in summer 2020. */
static bool
collected(const struct life *l, const struct year_state *y, const struct spell *s,
          enum segment segment)
{
    if (y->group < 0 || y->group > 11 || (y->group == 11 && segment == SEG_SUMMER2))
        return false;
    if (l->boards && l->w->school[s->school].boards)
        return false;
    return !(y->year == 2019 && segment >= SEG_SUMMER1);
}

void
life_absence_year(struct life *l, int year)
{
    struct year_state y = year_begin(l, year);
    int k = year - YEAR_FIRST;

    for (int g = 0; g < SEGMENTS; g++)
        for (int i = 0; i < l->n_spells; i++) {
            const struct spell *s = &l->spell[i];
            struct dates in = calendar_segment(year, (enum segment)g);
            struct attend *a;

            in.from = in.from > s->start ? in.from : s->start;
            in.to = in.to < s->end ? in.to : s->end;
            if (!collected(l, &y, s, (enum segment)g) || l->n_attends >= MOST_ATTENDS ||
                !calendar_days(world_calendar(l->w, s->school), in.from, in.to))
                continue;
            a = &l->attend[l->n_attends++];
            *a = (struct attend){.spell = i, .year = year, .segment = (enum segment)g};
            fill(l, a, &y, in);
            l->possible[k] += a->possible;
            l->absent[k] += a->absent;
        }
}
