#include "base/maths.h"
#include "synth/life.h"

enum { KINDS = 6 };
static const enum move_kind kinds[KINDS] = {MOVE_FAMILY, MOVE_LOOKED_AFTER, MOVE_LEFT_AREA,
                                            MOVE_UNEXPLAINED, MOVE_MANAGED_HELD, MOVE_EXIT_EHE};

/* log of what raises moves that are not the family's wish */
static double
pressure(const struct life *l, int year)
{
    int32_t on = date_from_ymd(year, 9, 1);

    return param.move_z * l->z + param.move_adverse_school * l->adverse - 0.1 +
           (life_care_within(l, on, 6) ? param.move_care : 0) +
           (life_semh(l, on) ? param.move_semh : 0);
}

static void
hazards(const struct life *l, int year, enum phase phase, double h[KINDS])
{
    int group = life_year_group(l, year);
    double family = maths_exp(param.move_adverse * l->adverse - 0.03);
    double push = pressure(l, year);
    double times = maths_log(1 + l->suspended[year - YEAR_FIRST]);
    bool secondary = phase == PHASE_SECONDARY;

    h[0] = param.move_family * family;
    h[1] = life_looked_after(l, date_from_ymd(year + 1, 1, 1)) ? param.move_looked_after : 0;
    h[2] = param.move_leaves;
    h[3] = param.move_unexplained * maths_exp(push + (secondary ? 0 : param.move_primary));
    h[4] = secondary ? param.move_managed * maths_exp(push + param.move_suspended * times) : 0;
    h[5] = param.move_exit * maths_exp(push + (secondary ? 0 : param.move_primary) +
                                       (group >= 10 ? param.move_exit_older : 0));
    if (phase == PHASE_SPECIAL)
        h[3] = h[4] = 0;
    if (group == 11)
        h[0] *= param.move_year11;
    if (group == 11 && year == YEAR_LAST)
        h[4] = 0;
}

/* Another school of the same phase. */
static int
other_school(struct life *l, int school)
{
    const struct world *w = l->w;
    enum phase p = w->school[school].phase;
    int n = w->first[p + 1] - w->first[p], k = school - w->first[p];
    int near = p == PHASE_PRIMARY && n > 12 ? 6 : n - 1;

    if (n < 2)
        return -1;
    return w->first[p] + (k + 1 + (int)random_below(&l->stream[STREAM_MOVE], near)) % n;
}

static void
move_house(struct life *l, int32_t date, int place)
{
    struct random *r = &l->stream[STREAM_MOVE];

    if (l->n_homes < MOST_HOMES && date > l->home[l->n_homes - 1].from)
        l->home[l->n_homes++] = (struct home){date, place, (int)random_below(r, POSTCODES),
                                              1 + (int)random_below(r, 140)};
}

/* A school day in the middle of the year, at least `before` days from the end. */
static int32_t
mid_year(struct life *l, int year, int school, int before)
{
    const struct calendar *c = world_calendar(l->w, school);
    int days = calendar_days(c, date_year_start(year), date_year_end(year)) - before - 15;

    if (life_year_group(l, year) == 11)
        days = 75 < days ? 75 : days; /* by January of year 11 */
    return calendar_day(c, calendar_opens(c, year), 15 + (int)random_below(&l->stream[STREAM_MOVE],
                                                                         days > 1 ? days : 1));
}

static void
end_spell(struct spell *s, int32_t end, enum spell_end why)
{
    s->end = end;
    s->why = why;
}

/* From one main school to another: in summer or within the year. */
static int32_t
change(struct life *l, int year, int spell, int to)
{
    struct random *r = &l->stream[STREAM_MOVE];
    struct spell *old = &l->spell[spell];
    const struct calendar *c = world_calendar(l->w, old->school);
    int32_t closes = calendar_closes(c, year - 1), day;

    if (old->start < closes - 30 && random_chance(r, param.move_summer)) {
        day = calendar_opens(world_calendar(l->w, to), year);
        end_spell(old, closes + 1, END_MOVE);
    } else {
        day = mid_year(l, year, old->school, 12);
        if (day <= old->start + 10)
            return DATE_NONE;
        end_spell(old, day, END_MOVE);
        day = calendar_day(world_calendar(l->w, to), day, 1 + (int)random_below(r, 8));
    }
    life_add_spell(l, to, day, 'C');
    return day;
}

static void
family_move(struct life *l, int year, int spell, enum move_kind kind)
{
    struct random *r = &l->stream[STREAM_MOVE];
    const struct world *w = l->w;
    int from = l->spell[spell].school, place = (int)random_below(r, w->n_places), to;
    enum phase p = w->school[from].phase;
    int32_t day;

    to = w->first[PHASE_PRIMARY] + place / 2;
    if (p == PHASE_SECONDARY)
        to = w->school[to].secondary;
    if (to == from || p == PHASE_SPECIAL)
        to = other_school(l, from);
    if (to < 0)
        return;
    day = change(l, year, spell, to);
    if (day == DATE_NONE)
        return;
    move_house(l, day - (int32_t)random_below(r, 40), place);
    life_add_move(l, (struct move){kind, from, to, day, DATE_NONE});
}

static void
school_move(struct life *l, int year, int spell, enum move_kind kind)
{
    int from = l->spell[spell].school, to = other_school(l, from);
    int32_t day = to < 0 ? DATE_NONE : change(l, year, spell, to);

    if (day != DATE_NONE)
        life_add_move(l, (struct move){kind, from, to, day, DATE_NONE});
}

/* A trial at another school, registered there as dual or guest, then kept or not. */
static void
managed_move(struct life *l, int year, int spell)
{
    struct random *r = &l->stream[STREAM_MOVE];
    struct spell *home = &l->spell[spell], *host;
    int from = home->school, to = other_school(l, from);
    int days = 30 + (int)random_below(r, 40);
    bool holds = random_chance(r, param.managed_holds);
    char kind = random_chance(r, param.managed_guest) ? 'G' : 'S';
    int32_t day, until;

    if (to < 0)
        return;
    if (random_chance(r, param.managed_direct)) {
        school_move(l, year, spell, MOVE_MANAGED_DIRECT);
        return;
    }
    day = mid_year(l, year, from, days + 10);
    if (day <= home->start + 20)
        return;
    until = calendar_day(world_calendar(l->w, to), day, days + 1);
    host = life_add_spell(l, to, day, kind);
    if (holds) {
        host->main_from = until;
        end_spell(home, until, END_MOVE);
    } else {
        end_spell(host, until, END_TRIAL);
    }
    life_add_move(l, (struct move){holds ? MOVE_MANAGED_HELD : MOVE_MANAGED_FAILED, from, to, day,
                                   until});
}

static void
leave(struct life *l, int year, int spell, enum move_kind kind)
{
    struct spell *s = &l->spell[spell];
    int32_t day = mid_year(l, year, s->school, 5);

    if (day <= s->start + 10)
        return;
    end_spell(s, day, kind == MOVE_LEFT_AREA ? END_AREA : END_EXIT);
    life_add_move(l, (struct move){kind, s->school, -1, day, DATE_NONE});
}

static void
one_move(struct life *l, int year, int spell, enum move_kind kind)
{
    switch ((int)kind) {
    case MOVE_FAMILY:
    case MOVE_LOOKED_AFTER:
        family_move(l, year, spell, kind);
        return;
    case MOVE_UNEXPLAINED:
        school_move(l, year, spell, kind);
        return;
    case MOVE_MANAGED_HELD:
        managed_move(l, year, spell);
        return;
    case MOVE_EXIT_EHE:
        kind = random_chance(&l->stream[STREAM_MOVE], param.exit_ehe) ? kind : MOVE_EXIT_UNKNOWN;
        break;
    default:
        break;
    }
    leave(l, year, spell, kind);
}

/* Part of the week in alternative provision, registered at both. */
static void
place_in_ap(struct life *l, int year, int spell)
{
    struct random *r = &l->stream[STREAM_MOVE];
    const struct world *w = l->w;
    int to = w->first[PHASE_AP] + (int)random_below(r, w->size->ap);
    int days = 40 + (int)random_below(r, 50);
    int32_t day = mid_year(l, year, l->spell[spell].school, days + 5);
    struct spell *s;

    if (day <= l->spell[spell].start + 10)
        return;
    s = life_add_spell(l, to, day, 'S');
    s->share = 60;
    end_spell(s, calendar_day(world_calendar(w, to), day, days), END_TRIAL);
    life_add_move(l, (struct move){MOVE_AP, l->spell[spell].school, to, day, s->end});
}

static void
arrange(struct life *l, int year, int spell, bool part_time)
{
    struct random *r = &l->stream[STREAM_MOVE];
    const struct calendar *c = world_calendar(l->w, l->spell[spell].school);
    int days = part_time ? 20 + (int)random_below(r, 50) : 30 + (int)random_below(r, 60);
    int32_t day = mid_year(l, year, l->spell[spell].school, days + 5);

    if (day <= l->spell[spell].start || l->n_arranged >= MOST_ARRANGED)
        return;
    l->arranged[l->n_arranged++] = (struct arranged){
        spell, day, calendar_day(c, day, days), part_time, 3 + (int)random_below(r, 4)};
}

void
life_move_year(struct life *l, int year)
{
    struct random *r = &l->stream[STREAM_MOVE];
    int spell = life_spell(l, date_from_ymd(year, 10, 1)), group = life_year_group(l, year);
    double h[KINDS], u = random_unit(r), push;
    enum phase phase;
    int i;

    if (spell < 0 || group > 11 || l->excluded[year - YEAR_FIRST])
        return;
    phase = l->w->school[l->spell[spell].school].phase;
    if (phase == PHASE_AP)
        return;
    hazards(l, year, phase, h);
    for (i = 0; i < KINDS && u >= h[i]; i++)
        u -= h[i];
    if (i < KINDS) {
        one_move(l, year, spell, kinds[i]);
        return;
    }
    if (random_chance(r, param.move_house)) {
        int32_t day = date_from_ymd(year, 9, 1) + (int32_t)random_below(r, 364);
        int school = l->spell[spell].school;
        move_house(l, day, (int)random_below(r, l->w->n_places));
        life_add_move(l, (struct move){MOVE_HOUSE, school, school, day, DATE_NONE});
    }
    push = maths_exp(pressure(l, year));
    if (phase == PHASE_SECONDARY && random_chance(r, param.ap_placed * push))
        place_in_ap(l, year, spell);
    else if (phase == PHASE_SECONDARY && random_chance(r, param.ap_arranged * push))
        arrange(l, year, spell, false);
    else if (random_chance(r, param.part_time * push))
        arrange(l, year, spell, true);
}
