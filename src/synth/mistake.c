#include "synth/life.h"

/* What real files get wrong, planted and known. */

static void
wrong_letter(char *upn, struct random *r)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
    char right = upn[0];

    while (upn[0] == right)
        upn[0] = letters[random_below(r, 23)];
}

static void
temporary_upn(char *upn, const char *permanent)
{
    snprintf(upn, UPN_SIZE, "%s", permanent);
    upn[12] = "ABCDEFGHJK"[upn[12] - '0'];
    upn_set_letter(upn);
}

/* The number last given out to a child of another family, same school and year. */
static bool
someone_elses(struct life *l, char *upn)
{
    struct given *g = world_given(l->w, l->upn);
    bool found = g->upn[0] && g->person / FAMILY_MOST != l->person / FAMILY_MOST;

    if (found)
        snprintf(upn, UPN_SIZE, "%s", g->upn);
    return found;
}

static int32_t
next_september(int32_t date)
{
    struct ymd d = date_to_ymd(date);
    return date_from_ymd(d.year + (d.month >= 9), 9, 1);
}

static void
upn_mistake(struct life *l, struct random *r)
{
    const struct spell *first = &l->spell[0];
    double u = random_unit(r), missing = param.err_upn_missing,
           twice = missing + param.err_upn_duplicate, letter = twice + param.err_upn_letter;

    snprintf(l->second_upn, UPN_SIZE, "%s", l->upn);
    if (l->arrives && random_chance(r, param.err_upn_temporary)) {
        l->upn_mistake = UPN_TEMPORARY_FIRST;
        l->upn_until = next_september(first->start + 60);
        temporary_upn(l->second_upn, l->upn);
    } else if (u < missing) {
        l->upn_mistake = UPN_MISSING;
        l->upn_until = next_september(first->start + 60);
    } else if (u < twice) {
        if (someone_elses(l, l->second_upn))
            l->upn_mistake = UPN_DUPLICATE;
    } else if (u < letter) {
        l->upn_mistake = UPN_LETTER;
        l->upn_spell = (int)random_below(r, l->n_spells);
        wrong_letter(l->second_upn, r);
    } else if (l->n_spells > 1 && random_chance(r, param.err_upn_changed)) {
        const struct spell *s = &l->spell[1];
        l->upn_mistake = UPN_CHANGED;
        l->upn_until = s->start;
        world_upn(l->w, s->school, date_to_ymd(s->start).year, l->second_upn);
    }
}

static void
spell_mistakes(struct life *l, struct random *r)
{
    for (int i = 0; i < l->n_spells; i++) {
        struct spell *s = &l->spell[i];
        bool missing = random_chance(r, param.err_leaving_missing);
        bool stays = random_chance(r, param.err_overlap);
        int next = 0;

        if (s->end >= LAST_DAY)
            continue;
        s->no_leaving_date = missing;
        while (next < CENSUSES && calendar_census(next).date < s->end)
            next++;
        if (stays && next < CENSUSES && s->why == END_MOVE && s->end > calendar_census(0).date) {
            int now = life_spell(l, calendar_census(next).date);
            if (now >= 0 && l->spell[now].school != s->school &&
                life_status(l, now, calendar_census(next).date) == 'C')
                s->reported_until = calendar_census(next).date + 1;
        }
    }
}

/* The other school of a dual registration that day; -1 none. */
static int
other_registration(const struct life *l, const struct exclusion *x)
{
    for (int i = 0; i < l->n_spells; i++) {
        const struct spell *s = &l->spell[i];
        if (i != x->spell && x->start >= s->start && x->start < s->end &&
            l->w->school[s->school].phase != PHASE_AP)
            return i;
    }
    return -1;
}

/* Is the child on that school's roll at the second census that tells of the exclusion?  Only
 * there can its lack be seen: of a child who has left the school says nothing. */
static bool
is_asked_again(const struct life *l, const struct exclusion *x)
{
    const struct spell *s = &l->spell[x->spell];

    for (int i = 0; i < CENSUSES; i++) {
        int32_t date = calendar_census(i).date;
        if (calendar_term(date) == calendar_term(x->start) + 2)
            return date >= s->start && date < s->end;
    }
    return false;
}

static void
exclusion_mistakes(struct life *l, struct exclusion *x, struct random *r)
{
    int term = calendar_term(x->start), year = date_school_year(x->start);
    bool both = term + 1 >= calendar_term(calendar_census(0).date) &&
                term + 2 <= calendar_term(calendar_census(CENSUSES - 1).date);
    double u = random_unit(r);
    bool susp = strcmp(x->category, "SUSP") == 0;

    if (both && u < param.err_late)
        x->mistakes |= LATE;
    else if (both && u < param.err_late + (susp ? param.err_withdrawn : param.err_withdrawn * 10))
        x->mistakes |= is_asked_again(l, x) ? WITHDRAWN : 0;
    else if (both && susp && u > 1 - param.err_amended) {
        x->mistakes |= AMENDED;
        x->first_sessions = x->sessions + 2;
    }
    if (susp && year >= 2020 && random_chance(r, param.err_old_category))
        x->mistakes |= OLD_CATEGORY;
    if (year >= 2020 && random_chance(r, param.err_old_reason))
        x->mistakes |= OLD_REASON;
    if (susp && random_chance(r, param.susp_dual))
        x->other = other_registration(l, x);
    if (x->other >= 0)
        x->mistakes |= AT_BOTH;
}

/* A permanent exclusion that the governing board undid: the child never left. */
static void
reinstate(struct life *l, int at)
{
    struct random r = random_stream(l->w->seed, (uint64_t)l->person, STREAM_REGISTER);
    const struct exclusion *s = &l->exclusion[at];
    int32_t day = calendar_day(world_calendar(l->w, l->spell[s->spell].school), s->end + 12, 1);
    int year = date_school_year(day), spell = life_spell(l, day);
    struct exclusion x = {.start = day, .end = day + 7, .spell = spell, .other = -1,
                          .category = "PERM", .reason = {s->reason[0], NULL, NULL},
                          .sen = s->sen, .mistakes = REINSTATED};

    r.n = (uint64_t)at << 32;
    if (!random_chance(&r, param.reinstated) || strcmp(s->category, "SUSP") != 0 || spell < 0 ||
        year > YEAR_LAST || l->excluded[year - YEAR_FIRST] || l->spell[spell].end < day + 90 ||
        l->n_exclusions >= MOST_EXCLUSIONS || date_school_year(s->start) != year)
        return;
    for (int i = 0; i < l->n_exclusions; i++)
        if (day < l->exclusion[i].end && l->exclusion[i].start < day + 7)
            return;
    l->exclusion[l->n_exclusions++] = x;
}

void
life_mistakes(struct life *l)
{
    struct random *r = &l->stream[STREAM_MISTAKE];
    struct given *g = world_given(l->w, l->upn);

    if (!l->n_spells)
        return;
    upn_mistake(l, r);
    spell_mistakes(l, r);
    for (int i = 0; i < l->n_exclusions; i++)
        exclusion_mistakes(l, &l->exclusion[i], r);
    for (int i = 0, n = l->n_exclusions; i < n; i++)
        reinstate(l, i);
    for (int i = 0; i < l->n_meals; i++)
        if (random_chance(r, param.err_meals_late))
            l->meals[i].known = l->meals[i].from + 130;
    l->list_nickname = l->called[0] && random_chance(r, param.err_list_nickname);
    l->list_dob = random_chance(r, param.err_list_dob) && date_to_ymd(l->born).day <= 12 &&
                  date_to_ymd(l->born).day != date_to_ymd(l->born).month;
    l->list_surname = random_chance(r, param.err_list_surname);
    l->cin_no_upn = random_chance(r, param.err_cin_no_upn);
    l->preferred = random_chance(r, param.err_preferred);
    g->person = l->person;
    snprintf(g->upn, UPN_SIZE, "%s", l->upn);
}

struct upn_seen
life_upn(const struct life *l, int spell, int32_t date)
{
    switch (l->upn_mistake) {
    case UPN_MISSING:
        return (struct upn_seen){date < l->upn_until ? "" : l->upn, ""};
    case UPN_DUPLICATE:
        return (struct upn_seen){l->second_upn, ""};
    case UPN_LETTER:
        return (struct upn_seen){spell == l->upn_spell ? l->second_upn : l->upn, ""};
    case UPN_TEMPORARY_FIRST:
        if (date < l->upn_until)
            return (struct upn_seen){l->second_upn, ""};
        return (struct upn_seen){l->upn, l->second_upn};
    case UPN_CHANGED:
        if (date < l->upn_until)
            return (struct upn_seen){l->upn, ""};
        return (struct upn_seen){l->second_upn, l->upn};
    case UPN_RIGHT:
        break;
    }
    return (struct upn_seen){l->upn, ""};
}
