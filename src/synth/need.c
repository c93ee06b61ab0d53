#include "base/maths.h"
#include "synth/life.h"

static double
decile(const struct life *l, int year)
{
    return l->w->place[life_home(l, date_from_ymd(year, 9, 1))->place].decile19 - 5.5;
}

static double
male(const struct life *l)
{
    return l->sex == 'M';
}

/* A day of the school year; the first of September where the child was here before the
 * first year, or starts school. */
static int32_t
day_of(struct life *l, int year, bool early)
{
    if (early)
        return date_from_ymd(year, 9, 1);
    return date_from_ymd(year, 9, 10) + (int32_t)random_below(&l->stream[STREAM_NEED], 300);
}

static void
meals_year(struct life *l, int year, bool first)
{
    struct random *r = &l->stream[STREAM_NEED];
    double logit = param.fsm_base + param.fsm_decile * decile(l, year) +
                   param.fsm_adverse * l->adverse + param_year(year)->fsm;
    bool open = l->n_meals && l->meals[l->n_meals - 1].to == DATE_OPEN;

    if (first && random_chance(r, param.fsm_lapsed)) {
        int32_t from = date_from_ymd(l->cohort > YEAR_FIRST ? l->cohort : YEAR_FIRST, 9, 1);
        from -= 500 + (int32_t)random_below(r, 300);
        l->meals[l->n_meals++] = (struct meals){from, from + 90 + (int32_t)random_below(r, 365), 0};
    }
    if (!open && l->n_meals < MOST_MEALS && l->fsm_u < maths_logistic(logit))
        l->meals[l->n_meals++] = (struct meals){day_of(l, year, first), DATE_OPEN, 0};
}

static void
draw_need_codes(struct life *l)
{
    struct random *r = &l->stream[STREAM_NEED];
    enum need_of of = l->plan_u >= param.plan_share * 1.5 ? NEED_SUPPORT
                      : l->special                        ? NEED_SPECIAL
                                                          : NEED_PLAN;

    l->need[0] = param_need(r, of);
    if (of != NEED_SUPPORT && strcmp(l->need[0], "NSA") == 0)
        l->need[0] = "MLD";
    if (random_chance(r, param.sen_second)) {
        l->need[1] = param_need(r, NEED_SUPPORT);
        if (strcmp(l->need[1], l->need[0]) == 0 || strcmp(l->need[1], "NSA") == 0)
            l->need[1] = NULL;
    }
}

static double
ever_needs(const struct life *l, int year)
{
    return maths_logistic(param.sen_base + param.sen_male * male(l) +
                          param.sen_adverse * l->adverse + param.sen_decile * decile(l, year) +
                          param_year(year)->sen);
}

static void
support_year(struct life *l, int year, bool early)
{
    struct random *r = &l->stream[STREAM_NEED];
    bool has = l->support_from != DATE_NONE && l->support_to == DATE_OPEN;

    if (!has && l->support_from == DATE_NONE && year >= l->cohort - 4 + l->sen_age &&
        l->sen_u < ever_needs(l, year))
        l->support_from = day_of(l, year, early);
    else if (has && l->plan_from == DATE_NONE && !life_semh(l, date_year_end(year)) &&
             l->plan_u >= param.plan_share * 1.6 && random_chance(r, param.sen_ends))
        l->support_to = day_of(l, year, false);
    if (l->support_from != DATE_NONE && l->plan_from == DATE_NONE &&
        l->support_to == DATE_OPEN && l->plan_u < param.plan_share * param_year(year)->plan) {
        int32_t from = l->support_from + (early ? 0 : 150 + (int32_t)random_below(r, 300));
        int32_t least = date_from_ymd(year, 9, 1);
        l->plan_from = early || from > least ? from : least + (int32_t)random_below(r, 300);
    }
}

static void
semh_year(struct life *l, int year)
{
    int group = life_year_group(l, year), i = year - YEAR_FIRST;
    int before = i > 0 ? l->suspended[i - 1] : 0;
    double logit = param.semh_base + param.semh_male * male(l) + param.semh_z * l->z +
                   param.semh_adverse * l->adverse;

    if (group < 1 || group > 11 || l->semh_from != DATE_NONE)
        return;
    logit += (group >= 6 ? param.semh_from_year6 : 0) +
             (group >= 7 && group <= 10 ? param.semh_year7_to_10 : 0) +
             (before || l->suspended_before ? param.semh_suspended : 0) +
             (before >= 2 || l->suspended_before >= 2 ? param.semh_suspended_twice : 0);
    if (!random_chance(&l->stream[STREAM_NEED], maths_logistic(logit)))
        return;
    l->semh_from = day_of(l, year, false);
    if (l->support_from == DATE_NONE || l->support_to != DATE_OPEN) {
        l->support_from = l->semh_from;
        l->support_to = DATE_OPEN;
    }
}

static void
begin(struct life *l)
{
    struct random *r = &l->stream[STREAM_NEED];

    l->fsm_u = random_unit(r);
    l->sen_u = random_unit(r);
    l->plan_u = random_unit(r);
    l->sen_age = 4 + (int)random_below(r, 6);
    l->special = random_chance(r, param.special_place);
}

void
life_need_year(struct life *l, int year)
{
    int starts = l->arrives ? l->arrives : l->cohort;
    bool first = year == (starts > YEAR_FIRST ? starts : YEAR_FIRST);

    if (life_year_group(l, year) > 13 || year < starts)
        return;
    if (first) {
        begin(l);
        for (int y = l->cohort; y < year; y++) { /* needs known before these years */
            semh_year(l, y);
            if (y >= l->cohort - 4 + l->sen_age && l->support_from == DATE_NONE &&
                l->sen_u < ever_needs(l, year))
                l->support_from = date_from_ymd(y, 9, 1);
        }
    }
    support_year(l, year, first);
    semh_year(l, year);
    meals_year(l, year, first);
    if (l->support_from != DATE_NONE && !l->need[0])
        draw_need_codes(l);
}
