#include "synth/life.h"

/* Needs N1..N7 just below a threshold and the thresholds met, on 1 September, looking back
 * over the school year before (guide §2.11; N9 has no source here). */

static bool
moved_within(const struct life *l, int32_t on, int days)
{
    for (int i = 0; i < l->n_moves; i++) {
        const struct move *m = &l->move[i];
        bool school = m->kind <= MOVE_MANAGED_HELD || m->kind == MOVE_BACK;
        if (school && m->date < on && m->date >= on - days)
            return true;
    }
    return false;
}

/* The last score in two years: slightly raised or high. */
static bool
score_raised(const struct life *l, int year)
{
    int score = life_score(l, year);

    if (score < 0)
        score = life_score(l, year - 1);
    return score >= 14 && score <= 19;
}

void
life_cliff_year(struct life *l, int year)
{
    int i = year - YEAR_FIRST;
    int32_t on = date_from_ymd(year, 9, 1);
    int before = i ? l->suspended[i - 1] : 0, expelled = i ? l->excluded[i - 1] : 0;
    int absent = i ? l->absent[i - 1] : 0, possible = i ? l->possible[i - 1] : 0;
    bool open = life_in_need(l, on);
    bool past = life_care_within(l, on, 6) || life_helped_within(l, on, 6);
    bool need[9] = {
        [1] = life_sen(l, on) == 'K' && !life_semh(l, on),
        [2] = !open && !life_helped(l, on) && past,
        [3] = life_meals(l, on),
        [4] = l->w->place[life_home(l, on)->place].decile19 <= 2,
        [5] = before == 1,
        [6] = possible && 10 * absent >= possible && 2 * absent < possible,
        [7] = moved_within(l, on, 730),
        [8] = score_raised(l, year),
    };
    bool met[] = {life_sen(l, on) == 'E', open, life_semh(l, on), before >= 2 || expelled,
                  possible && 2 * absent >= possible};

    l->needs[i] = l->thresholds[i] = 0;
    for (unsigned n = 1; n < 9; n++)
        l->needs[i] |= need[n] ? 1U << n : 0;
    for (unsigned t = 0; t < sizeof met; t++)
        l->thresholds[i] |= met[t] ? 1U << t : 0;
}
