#include "synth/life.h"

const char *const life_moves[MOVE_KINDS] = {
    [MOVE_FAMILY] = "family", [MOVE_LOOKED_AFTER] = "looked-after",
    [MOVE_UNEXPLAINED] = "unexplained", [MOVE_MANAGED_DIRECT] = "managed-direct",
    [MOVE_MANAGED_HELD] = "managed-held", [MOVE_MANAGED_FAILED] = "managed-failed",
    [MOVE_EXIT_EHE] = "exit-ehe", [MOVE_EXIT_UNKNOWN] = "exit-unknown",
    [MOVE_LEFT_AREA] = "left-area", [MOVE_ARRIVED] = "arrived",
    [MOVE_PERM] = "permanent-exclusion", [MOVE_BACK] = "reintegration",
    [MOVE_SPECIAL] = "special-school", [MOVE_AP] = "alternative-provision",
    [MOVE_PHASE] = "phase-transfer", [MOVE_HOUSE] = "address-only",
};

bool
life_make(struct world *w, int64_t family, int k, struct life *l)
{
    memset(l, 0, offsetof(struct life, home));
    l->w = w;
    l->person = family * FAMILY_MOST + k + 1;
    if (!life_who(l, family, k))
        return false;
    for (int y = YEAR_FIRST; y <= YEAR_LAST; y++) {
        life_need_year(l, y);
        life_phase_year(l, y);
        life_cliff_year(l, y);
        if (life_spell(l, date_from_ymd(y, 10, 1)) < 0 && life_spell(l, date_year_end(y) - 40) < 0)
            continue;
        life_suspend_year(l, y);
        life_move_year(l, y);
        life_place_year(l, y);
        life_absence_year(l, y);
        l->suspended_before += l->suspended[y - YEAR_FIRST];
    }
    for (int i = 0; i < l->n_moves; i++)
        if (l->move[i].kind == MOVE_LEFT_AREA)
            life_care_ends(l, l->move[i].date + 30);
    life_mistakes(l);
    return l->n_spells > 0;
}

int
life_spell(const struct life *l, int32_t date)
{
    for (int i = l->n_spells - 1; i >= 0; i--) {
        const struct spell *s = &l->spell[i];
        if (date >= s->main_from && date < s->end)
            return i;
    }
    return -1;
}

char
life_status(const struct life *l, int spell, int32_t date)
{
    const struct spell *s = &l->spell[spell];

    if (date < s->main_from)
        return s->kind;
    for (int i = 0; i < l->n_spells; i++) {
        const struct spell *o = &l->spell[i];
        if (i != spell && o->kind == 'S' && date >= o->start && date < o->end &&
            date < o->main_from)
            return 'M';
    }
    return 'C';
}

char
life_sen(const struct life *l, int32_t date)
{
    if (l->plan_from != DATE_NONE && date >= l->plan_from)
        return 'E';
    return l->support_from != DATE_NONE && date >= l->support_from && date < l->support_to ? 'K'
                                                                                          : 'N';
}

bool
life_semh(const struct life *l, int32_t date)
{
    return l->semh_from != DATE_NONE && date >= l->semh_from;
}

bool
life_meals(const struct life *l, int32_t date)
{
    for (int i = 0; i < l->n_meals; i++)
        if (date >= l->meals[i].from && date < l->meals[i].to)
            return true;
    return false;
}

bool
life_part_time(const struct life *l, int spell, int32_t date)
{
    for (int i = 0; i < l->n_arranged; i++) {
        const struct arranged *a = &l->arranged[i];
        if (a->part_time && a->spell == spell && date >= a->from && date < a->to)
            return true;
    }
    return false;
}

const struct home *
life_home(const struct life *l, int32_t date)
{
    int i = l->n_homes - 1;

    while (i > 0 && date < l->home[i].from)
        i--;
    return &l->home[i];
}

bool
life_in_need(const struct life *l, int32_t date)
{
    for (int i = 0; i < l->n_care; i++) {
        const struct care *c = &l->care[i];
        if (!c->no_action && date >= c->referred && date < c->closed)
            return true;
    }
    return false;
}

bool
life_protected(const struct life *l, int32_t date)
{
    for (int i = 0; i < l->n_care; i++) {
        const struct care *c = &l->care[i];
        if (c->protection != DATE_NONE && date >= c->protection && date < c->protection_ends)
            return true;
    }
    return false;
}

bool
life_looked_after(const struct life *l, int32_t date)
{
    for (int i = 0; i < l->n_care; i++) {
        const struct care *c = &l->care[i];
        if (c->looked_after != DATE_NONE && date >= c->looked_after &&
            date < c->looked_after_ends)
            return true;
    }
    return false;
}

bool
life_care_within(const struct life *l, int32_t date, int years)
{
    for (int i = 0; i < l->n_care; i++)
        if (l->care[i].referred < date && l->care[i].closed >= date - years * 365 - years / 4)
            return true;
    return false;
}

int
life_year_group(const struct life *l, int year)
{
    return year - l->cohort;
}

enum { ABOUT_SCHOOL = 1 << 5 | 1 << 6 | 1 << 7 };

bool
life_cliff(const struct life *l, int year, int k)
{
    unsigned needs = l->needs[year - YEAR_FIRST];

    return !l->thresholds[year - YEAR_FIRST] && (needs & ABOUT_SCHOOL) &&
           __builtin_popcount(needs) >= k;
}

struct spell *
life_add_spell(struct life *l, int school, int32_t start, char kind)
{
    struct spell *s = &l->spell[l->n_spells < MOST_SPELLS ? l->n_spells++ : MOST_SPELLS - 1];

    *s = (struct spell){.school = school, .start = start, .end = DATE_OPEN, .kind = kind,
                        .main_from = kind == 'C' ? start : DATE_OPEN, .share = 100};
    return s;
}

void
life_add_move(struct life *l, struct move m)
{
    if (l->n_moves < MOST_MOVES)
        l->move[l->n_moves++] = m;
}
