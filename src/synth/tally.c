#include "synth/tally.h"

const char *const tally_measures[MEASURES] = {
    "Headcount", "Suspensions", "Suspended", "SuspendedTwice", "PermanentExclusions",
    "Enrolments", "SessionsPossible", "SessionsAbsent", "PersistentlyAbsent", "SeverelyAbsent"};

static const struct {
    int from;
    const char *dimension;
} dimensions[] = {
    {GROUP_ETHNICITY, "ethnicity"}, {GROUP_YEAR, "year group"}, {GROUP_DECILE, "IDACI decile"},
    {GROUP_CONTACT, "social care in six years, or SEMH"}, {GROUP_CARE, "social care"},
    {GROUP_SEMH, "SEMH"}, {GROUP_SEN, "SEN"}, {GROUP_MEALS, "free school meals"},
    {GROUP_SEX, "sex"}, {GROUP_PHASE, "phase"}, {GROUP_ALL, "all"},
};

const char *
tally_dimension(int group)
{
    int i = 0;

    while (group < dimensions[i].from)
        i++;
    return dimensions[i].dimension;
}

const char *
tally_member(int group, char *buf)
{
    static const char *const names[GROUP_DECILE] = {
        "all", "primary", "secondary", "special", "alternative", "F", "M", "not", "eligible",
        "N", "K", "E", "yes", "in need", "protection", "looked after", "yes"};

    if (group >= GROUP_ETHNICITY)
        return param_ethnicities[group - GROUP_ETHNICITY].code;
    if (group < GROUP_DECILE)
        return names[group];
    snprintf(buf, 16, "%d", group >= GROUP_YEAR ? group - GROUP_YEAR : group - GROUP_DECILE + 1);
    return buf;
}

enum { MOST_GROUPS = 12 };

/* The groups an enrolment belongs to, by the facts of January. */
static int
groups_of(const struct life *l, int spell, int year, int *g)
{
    int32_t on = calendar_census(year < YEAR_SHOWN ? 1 : (year - YEAR_SHOWN) * 3 + 1).date;
    enum phase p = l->w->school[l->spell[spell].school].phase;
    char sen;
    int n = 0, group = life_year_group(l, year);

    if (year < YEAR_SHOWN)
        on -= (YEAR_SHOWN - year) * 365;
    sen = life_sen(l, on);
    g[n++] = GROUP_PHASE + (int)p;
    if (p == PHASE_AP)
        return n;
    g[n++] = GROUP_ALL;
    g[n++] = GROUP_SEX + (l->sex == 'M');
    g[n++] = GROUP_MEALS + life_meals(l, on);
    g[n++] = GROUP_SEN + (sen == 'K' ? 1 : sen == 'E' ? 2 : 0);
    if (life_semh(l, on))
        g[n++] = GROUP_SEMH;
    if (life_in_need(l, on + 70)) /* at 31 March */
        g[n++] = GROUP_CARE + (life_looked_after(l, on + 70) ? 2 : life_protected(l, on + 70));
    if (life_care_within(l, on, 6) || life_semh(l, on))
        g[n++] = GROUP_CONTACT;
    g[n++] = GROUP_DECILE + l->w->place[life_home(l, on)->place].decile19 - 1;
    if (group >= 0 && group < 14)
        g[n++] = GROUP_YEAR + group;
    g[n++] = GROUP_ETHNICITY + (int)(l->ethnicity - param_ethnicities);
    return n;
}

static void
add(struct tally *t, const struct life *l, int spell, int year, const int64_t by[MEASURES])
{
    int g[MOST_GROUPS], n = groups_of(l, spell, year, g);

    for (int i = 0; i < n; i++)
        for (int m = 0; m < MEASURES; m++)
            t->n[year - YEAR_FIRST][g[i]][m] += by[m];
}

static void
count_absence(const struct life *l, int spell, int year, int64_t by[MEASURES])
{
    int possible = 0, absent = 0, group = life_year_group(l, year);

    if (group < 1 || group > 11)
        return;
    for (int i = 0; i < l->n_attends; i++)
        if (l->attend[i].spell == spell && l->attend[i].year == year) {
            possible += l->attend[i].possible;
            absent += l->attend[i].absent;
        }
    if (!possible)
        return;
    by[ENROLMENTS] = 1;
    by[POSSIBLE] = possible;
    by[ABSENT] = absent;
    by[PERSISTENT] = attendance_is_persistent(absent, possible);
    by[SEVERE] = attendance_is_severe(absent, possible);
}

static void
count_exclusions(const struct life *l, int spell, int year, int64_t by[MEASURES])
{
    for (int i = 0; i < l->n_exclusions; i++) {
        const struct exclusion *x = &l->exclusion[i];
        if (x->spell != spell || date_school_year(x->start) != year ||
            x->mistakes & (WITHDRAWN | REINSTATED))
            continue;
        by[SUSPENSIONS] += strcmp(x->category, "SUSP") == 0;
        by[EXCLUSIONS] += strcmp(x->category, "PERM") == 0;
    }
    by[SUSPENDED] = by[SUSPENSIONS] > 0;
}

void
tally_add(struct tally *t, const struct life *l)
{
    for (int y = YEAR_FIRST; y <= YEAR_LAST; y++) {
        int32_t census = y < YEAR_SHOWN ? date_from_ymd(y + 1, 1, 18)
                                        : calendar_census((y - YEAR_SHOWN) * 3 + 1).date;
        int main = life_spell(l, census);
        int64_t events = 0;

        for (int s = 0; s < l->n_spells; s++) {
            int64_t by[MEASURES] = {0};
            int school = l->spell[s].school;

            by[HEADCOUNT] = s == main && census <= LAST_DAY;
            count_absence(l, s, y, by);
            count_exclusions(l, s, y, by);
            events += by[SUSPENSIONS];
            if (s == l->n_spells - 1 && events >= 2)
                by[SUSPENDED_TWICE] = 1;
            if (!by[HEADCOUNT] && !by[ENROLMENTS] && !by[SUSPENSIONS] && !by[EXCLUSIONS] &&
                !by[SUSPENDED_TWICE])
                continue;
            add(t, l, s, y, by);
            t->school[(school * YEARS + y - YEAR_FIRST) * 2] += by[SUSPENSIONS];
            t->school[(school * YEARS + y - YEAR_FIRST) * 2 + 1] += by[HEADCOUNT];
        }
    }
}
