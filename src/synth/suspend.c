#include "base/maths.h"
#include "synth/life.h"

/* P(k + 1 | k) of DfE's distribution of suspensions a pupil, 2015/16 (guide §0). */
static const double again[] = {0.404, 0.541, 0.598, 0.626, 0.650, 0.672, 0.694, 0.719, 0.729,
                               0.742};
enum { AGAIN = sizeof again / sizeof *again, MOST_A_YEAR = 60, YEAR_SESSIONS = 90 };

static int
main_spell(const struct life *l, int year)
{
    int s = life_spell(l, date_from_ymd(year, 10, 1));
    return s >= 0 ? s : life_spell(l, date_from_ymd(year + 1, 5, 1));
}

static double
school_effect(const struct life *l, const struct school *s, int32_t on)
{
    if (s->phase == PHASE_AP)
        return param.susp_ap + s->suspend;
    if (s->phase != PHASE_SPECIAL)
        return s->suspend;
    return s->suspend + (life_semh(l, on) ? param.susp_special_semh : param.susp_special);
}

static double
hazard(const struct life *l, const struct school *s, int year)
{
    int32_t on = date_from_ymd(year, 9, 1);
    const struct param_age *age = param_age(life_year_group(l, year) + 4);
    int decile = l->w->place[life_home(l, on)->place].decile19;
    char sen = life_sen(l, on);
    bool cliff = life_cliff(l, year, 3);
    double x = param.susp_base + param.susp_z * l->z - param.susp_spread +
               param.susp_male * ((l->sex == 'M') - 0.5) +
               param.susp_fsm * life_meals(l, on + 120) + param.susp_support * (sen == 'K') +
               param.susp_plan * (sen == 'E') + param.susp_semh * life_semh(l, on) +
               param.susp_care6 * life_care_within(l, on, 6) +
               param.susp_care_now * life_in_need(l, on + 120) +
               param.susp_decile * (decile - 5.5) + l->ethnicity->suspend +
               school_effect(l, s, on) + param.susp_cliff * cliff;

    if (year >= 2021)
        x += param.susp_cliff_since_2021 * cliff;
    return -maths_log(1 - age->suspended / 1000) * param_year(year)->suspend * maths_exp(x);
}

static int
how_many(struct life *l, const struct school *s, int year)
{
    struct random *r = &l->stream[STREAM_SUSPEND];
    int32_t on = date_from_ymd(year, 9, 1);
    int k = 0;
    double shift = param.again_base + param.again_z * l->z + param_year(year)->again +
                   param.again_group * (life_care_within(l, on, 6) || life_semh(l, on)) +
                   param.again_primary * (s->phase == PHASE_PRIMARY) +
                   param.again_special * (s->phase == PHASE_SPECIAL);

    if (!random_chance(r, 1 - maths_exp(-hazard(l, s, year))))
        return 0;
    do {
        double c = again[k < AGAIN ? k : AGAIN - 1];
        k++;
        if (!random_chance(r, maths_logistic(maths_log(c / (1 - c)) + shift)))
            break;
    } while (k < MOST_A_YEAR);
    return k;
}

/* A school day by the month's weight, as long as the child is at a school that could
 * suspend; DATE_NONE when forty draws find none. */
static int32_t
draw_day(struct life *l, int year, int32_t before)
{
    struct random *r = &l->stream[STREAM_SUSPEND];
    const struct calendar *c = &l->w->calendar[CALENDAR_AUTHORITY];
    int days = calendar_days(c, date_year_start(year), date_year_end(year));

    for (int i = 0; i < 40; i++) {
        int32_t d = calendar_day(c, date_year_start(year), 1 + (int)random_below(r, days));
        bool closed = d >= date_from_ymd(2021, 1, 1) && d < date_from_ymd(2021, 3, 8);
        double often = param_month(date_to_ymd(d).month) / 1.3; /* at most 1 */
        if (!random_chance(r, often * (closed ? param.susp_closed : 1)))
            continue;
        if (d < before && life_spell(l, d) >= 0)
            return d;
    }
    return DATE_NONE;
}

/* The home school keeps the child on roll until reviews are over; from the sixth school
 * day there is a place in alternative provision. */
static void
exclude(struct life *l, int year, int32_t day)
{
    struct random *r = &l->stream[STREAM_SUSPEND];
    const struct world *w = l->w;
    int at = life_spell(l, day), to = w->first[PHASE_AP] + (int)random_below(r, w->size->ap);
    struct spell *home = &l->spell[at], *ap;
    const struct calendar *c = world_calendar(w, home->school);
    int32_t leaves = calendar_day(c, day, 20 + (int)random_below(r, 15)), back;

    home->end = leaves;
    home->why = END_PERM;
    l->excluded[year - YEAR_FIRST] = 1;
    ap = life_add_spell(l, to, calendar_day(c, day, 6), 'S');
    ap->main_from = leaves;
    life_add_move(l, (struct move){MOVE_PERM, home->school, to, day, DATE_NONE});
    if (life_year_group(l, year) > 9 || !random_chance(r, param.perm_back))
        return;
    back = calendar_opens(c, year + 1) + 7 * (int32_t)random_below(r, 20);
    back = calendar_day(c, back, 1);
    ap = &l->spell[l->n_spells - 1];
    if (back >= LAST_DAY || life_year_group(l, year) == 6)
        return;
    ap->end = back;
    ap->why = END_MOVE;
    at = w->school[home->school].phase == PHASE_SECONDARY
             ? w->first[PHASE_SECONDARY] + (int)random_below(r, w->size->secondary)
             : home->school;
    life_add_spell(l, at, back, 'C');
    life_add_move(l, (struct move){MOVE_BACK, to, at, back, DATE_NONE});
}

static void
maybe_exclude(struct life *l, const struct school *s, int year)
{
    struct random *r = &l->stream[STREAM_SUSPEND];
    int i = year - YEAR_FIRST, c = l->suspended_before;
    int32_t on = date_from_ymd(year, 9, 1), day;
    double h = (s->phase == PHASE_PRIMARY ? param.perm_primary : param.perm_secondary) *
               param_year(year)->exclude *
               maths_exp(param.perm_count * maths_log(1 + l->suspended[i]) +
                         param.perm_before * c / (1.0 + c) + param.perm_semh * life_semh(l, on) +
                         param.perm_fsm * life_meals(l, on) +
                         param.perm_special * (s->phase == PHASE_SPECIAL));

    if (s->phase == PHASE_AP || life_year_group(l, year) > 11 ||
        !random_chance(r, 1 - maths_exp(-h)))
        return;
    day = draw_day(l, year, date_from_ymd(year + 1, 7, 1));
    if (day == DATE_NONE || (life_year_group(l, year) == 11 && day > date_from_ymd(year + 1, 4, 1)))
        return;
    exclude(l, year, day);
}

void
life_suspend_year(struct life *l, int year)
{
    int spell = main_spell(l, year), group = life_year_group(l, year);
    const struct school *s;

    if (spell < 0 || group < 0 || group > 13)
        return;
    s = &l->w->school[l->spell[spell].school];
    l->suspended[year - YEAR_FIRST] = how_many(l, s, year);
    maybe_exclude(l, s, year);
}

static const char *
draw_reasons(struct life *l, struct exclusion *x, int year, bool permanent)
{
    struct random *r = &l->stream[STREAM_SUSPEND];

    x->reason[0] = param_reason(r, year, permanent);
    x->reason[1] = x->reason[2] = NULL;
    if (year < 2020)
        return x->reason[0];
    if (random_chance(r, param.reason_second)) {
        const char *second = param_reason(r, year, permanent);
        if (strcmp(second, x->reason[0]) != 0)
            x->reason[random_chance(r, param.reason_third) ? 2 : 1] = second;
    }
    return x->reason[0];
}

static bool
is_free(const struct life *l, int32_t start, int32_t end)
{
    for (int i = 0; i < l->n_exclusions; i++)
        if (start < l->exclusion[i].end && l->exclusion[i].start < end)
            return false;
    return true;
}

static bool
add_exclusion(struct life *l, int year, struct exclusion x)
{
    const struct calendar *c = world_calendar(l->w, l->spell[x.spell].school);
    int days = x.sessions ? (x.sessions + 1) / 2 : 5;

    x.end = calendar_day(c, x.start, days) + 1;
    if (l->n_exclusions >= MOST_EXCLUSIONS || !is_free(l, x.start, x.end))
        return false;
    x.sen = life_sen(l, x.start);
    x.first_sessions = x.sessions;
    x.other = -1;
    draw_reasons(l, &x, year, strcmp(x.category, "PERM") == 0);
    l->exclusion[l->n_exclusions++] = x;
    return true;
}

/* The school that suspends: the second one now and then, where there are two. */
static int
suspending_spell(struct life *l, int32_t day)
{
    for (int i = 0; i < l->n_spells; i++) {
        const struct spell *s = &l->spell[i];
        if (s->kind == 'S' && day >= s->start && day < s->end && day < s->main_from)
            return random_chance(&l->stream[STREAM_SUSPEND], param.susp_at_second)
                       ? i
                       : life_spell(l, day);
    }
    return life_spell(l, day);
}

static void
place_one(struct life *l, int year, int *sessions)
{
    struct random *r = &l->stream[STREAM_SUSPEND];
    int32_t before = DATE_OPEN; /* what lies after the last day is left out when writing */
    struct exclusion x = {.category = "SUSP", .sessions = param_length(r)};

    if (l->excluded[year - YEAR_FIRST] && random_chance(r, param.susp_before_perm))
        for (int i = 0; i < l->n_moves; i++)
            if (l->move[i].kind == MOVE_PERM)
                before = l->move[i].date;
    if (*sessions + x.sessions > YEAR_SESSIONS) /* the law's limit; a few go beyond */
        x.sessions = 2;
    if (*sessions + x.sessions > YEAR_SESSIONS && !random_chance(r, param.susp_beyond_45))
        return;
    for (int i = 0; i < 6; i++) {
        x.start = draw_day(l, year, before);
        if (x.start == DATE_NONE)
            return;
        x.spell = suspending_spell(l, x.start);
        if (add_exclusion(l, year, x)) {
            *sessions += x.sessions;
            return;
        }
    }
}

static int
by_start(const void *a, const void *b)
{
    const struct exclusion *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

void
life_place_year(struct life *l, int year)
{
    struct random *r = &l->stream[STREAM_SUSPEND];
    int i = year - YEAR_FIRST, from = l->n_exclusions, sessions = 0;

    for (int k = 0; k < l->n_moves; k++) {
        const struct move *m = &l->move[k];
        if (m->kind == MOVE_PERM && date_school_year(m->date) == year)
            add_exclusion(l, year, (struct exclusion){.start = m->date, .category = "PERM",
                                                      .spell = life_spell(l, m->date)});
    }
    for (int k = 0; k < l->suspended[i]; k++) {
        place_one(l, year, &sessions);
        if (random_chance(r, param.lunchtime)) {
            struct exclusion x = {.category = "LNCH", .sessions = 1};
            x.start = draw_day(l, year, DATE_OPEN);
            x.spell = x.start == DATE_NONE ? -1 : life_spell(l, x.start);
            if (x.spell >= 0)
                add_exclusion(l, year, x);
        }
    }
    qsort(l->exclusion + from, (size_t)(l->n_exclusions - from), sizeof *l->exclusion, by_start);
    l->suspended[i] = 0;
    for (int k = from; k < l->n_exclusions; k++)
        l->suspended[i] += strcmp(l->exclusion[k].category, "SUSP") == 0;
}
