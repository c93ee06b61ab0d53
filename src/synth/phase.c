#include "synth/life.h"

static const struct school *
school_of(const struct life *l, int spell)
{
    return &l->w->school[l->spell[spell].school];
}

/* End a spell, and with it whatever second registration runs beside it. */
static void
end_spells(struct life *l, int32_t end, enum spell_end why)
{
    for (int i = 0; i < l->n_spells; i++)
        if (l->spell[i].end > end) {
            l->spell[i].end = end;
            l->spell[i].why = why;
        }
}

/* A second registration with the last day of its own school: the sessions of that year are
 * counted by now. */
static void
end_in_summer(struct life *l, int year, int32_t end, enum spell_end why)
{
    for (int i = 0; i < l->n_spells; i++) {
        struct spell *s = &l->spell[i];
        int32_t own = calendar_closes(world_calendar(l->w, s->school), year - 1) + 1;
        if (s->end <= end)
            continue;
        own = own > end ? own : end;
        s->end = s->end < own ? s->end : own;
        s->why = why;
    }
}

static int
special_school(struct life *l, int year)
{
    const struct world *w = l->w;
    struct random *r = &l->stream[STREAM_MOVE];
    bool semh = life_semh(l, date_from_ymd(year, 9, 1)) && random_chance(r, param.special_semh);
    int from = w->first[PHASE_SPECIAL], n = w->size->special;
    int at = (int)random_below(r, n);

    for (int i = 0; i < n; i++) {
        int s = from + (at + i) % n;
        if (w->school[s].semh == semh)
            return s;
    }
    return from + at;
}

static bool
wants_special(const struct life *l, int32_t date)
{
    return l->special && l->plan_from != DATE_NONE && l->plan_from < date;
}

static int
first_school(struct life *l, int year, int group)
{
    if (wants_special(l, date_from_ymd(year, 9, 2)))
        return special_school(l, year);
    if (group >= 7)
        return l->secondary;
    return (int)(l->w->first[PHASE_PRIMARY] + l->home[0].place / 2);
}

/* A first day on roll: early September for who was always here. */
static int32_t
first_day(struct life *l, int year, int group, int school)
{
    const struct calendar *c = world_calendar(l->w, school);
    struct random *r = &l->stream[STREAM_MOVE];

    if (!l->arrives && group > 0)
        return date_from_ymd(group >= 7 ? l->cohort + 7 : l->cohort, 9, 4);
    if (!l->arrives || random_chance(r, param.move_summer))
        return calendar_opens(c, year);
    return calendar_day(c, calendar_opens(c, year), 8 + (int)random_below(r, 165));
}

static void
begin(struct life *l, int year, int group)
{
    int school = first_school(l, year, group);
    int32_t day = first_day(l, year, group, school);

    if (!l->arrives && group >= 12 && !random_chance(&l->stream[STREAM_MOVE], param.sixth_form))
        return;
    life_add_spell(l, school, day, 'C');
    if (l->arrives)
        life_add_move(l, (struct move){MOVE_ARRIVED, -1, school, day, DATE_NONE});
}

static void
transfer(struct life *l, int year, int school, enum move_kind kind)
{
    int old = life_spell(l, date_from_ymd(year, 8, 25));
    const struct calendar *c = world_calendar(l->w, l->spell[old].school);
    int from = l->spell[old].school;
    int32_t day = calendar_opens(world_calendar(l->w, school), year);

    end_in_summer(l, year, calendar_closes(c, year - 1) + 1,
                  kind == MOVE_PHASE ? END_PHASE : END_MOVE);
    life_add_spell(l, school, day, 'C');
    life_add_move(l, (struct move){kind, from, school, day, DATE_NONE});
}

static int32_t
last_friday_of_june(int year)
{
    int32_t d = date_from_ymd(year, 6, 24);
    return d + (4 - date_weekday(d) + 7) % 7;
}

/* After year 11 and year 13. */
static void
finish(struct life *l, int year, int group, int spell)
{
    const struct school *s = school_of(l, spell);
    double stays = s->phase == PHASE_SECONDARY ? param.sixth_form
                   : s->phase == PHASE_SPECIAL ? param.special_stays
                                               : 0;
    int32_t end = last_friday_of_june(year) + 1;

    if (group == 12 && random_chance(&l->stream[STREAM_MOVE], stays))
        return;
    if (group > 12)
        end = calendar_closes(world_calendar(l->w, l->spell[spell].school), year - 1) + 1;
    if (l->spell[spell].start < end)
        end_spells(l, end, END_FINISHED);
}

void
life_phase_year(struct life *l, int year)
{
    int group = life_year_group(l, year), starts = l->arrives ? l->arrives : l->cohort;
    int spell = life_spell(l, date_from_ymd(year, 8, 25));
    enum phase phase;

    if (group < 0 || group > 14)
        return;
    if (!l->n_spells && group < 14 && year == (starts > YEAR_FIRST ? starts : YEAR_FIRST))
        begin(l, year, group);
    if (spell < 0)
        return;
    phase = school_of(l, spell)->phase;
    if (group == 12 || group == 14)
        finish(l, year, group, spell);
    else if (group <= 11 && phase != PHASE_SPECIAL && wants_special(l, date_from_ymd(year, 9, 1)))
        transfer(l, year, special_school(l, year), MOVE_SPECIAL);
    else if (group == 7 && phase != PHASE_SPECIAL)
        transfer(l, year, l->secondary, phase == PHASE_AP ? MOVE_BACK : MOVE_PHASE);
}
