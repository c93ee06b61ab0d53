#include "base/maths.h"
#include "synth/life.h"

static void
add(struct life *l, int32_t from, struct random *r)
{
    int32_t days = 30 + (int32_t)(-(param.help_days - 30) * maths_log(random_unit(r)));

    if (l->n_help < MOST_HELP && from < LAST_DAY &&
        (!l->n_help || l->help[l->n_help - 1].to < from))
        l->help[l->n_help++] = (struct help){from, from + days};
}

/* A case that closed with a referral to early help goes on there. */
static int32_t
handed_over(const struct life *l, int32_t from, int32_t to)
{
    for (int i = 0; i < l->n_care; i++)
        if (!strcmp(l->care[i].reason, "RC9") && l->care[i].closed >= from &&
            l->care[i].closed < to)
            return l->care[i].closed + 7;
    return DATE_NONE;
}

void
life_help(struct life *l)
{
    enum { FIRST_AGE = 3, LAST_AGE = 17 };
    struct random r = random_stream(l->w->seed, (uint64_t)l->person, STREAM_HELP);
    double yearly = param.help_yearly *
                    maths_exp(param.help_adverse * l->adverse - param.help_spread);
    int32_t first = l->arrives ? date_from_ymd(l->arrives, 10, 1) : DATE_NONE;

    for (int age = FIRST_AGE; age < LAST_AGE; age++) {
        int32_t from = l->born + age * 365, date = from + (int32_t)random_below(&r, 365);
        bool begins = random_chance(&r, yearly);
        int32_t after = handed_over(l, from, from + 365);
        if (after != DATE_NONE)
            add(l, after, &r);
        else if (begins && date > first && !life_in_need(l, date))
            add(l, date, &r);
    }
}

bool
life_helped(const struct life *l, int32_t date)
{
    for (int i = 0; i < l->n_help; i++)
        if (date >= l->help[i].from && date < l->help[i].to)
            return true;
    return false;
}

bool
life_helped_within(const struct life *l, int32_t date, int years)
{
    for (int i = 0; i < l->n_help; i++)
        if (l->help[i].from < date && l->help[i].to >= date - years * 365 - years / 4)
            return true;
    return false;
}

/* ---- looked after ---- */

int
life_score(const struct life *l, int year)
{
    enum { YOUNGEST = 4, OLDEST = 16, MOST = 40 };
    struct random r = random_stream(l->w->seed, (uint64_t)l->person * 64 + (uint64_t)(year % 64),
                                    STREAM_SCORE);
    int32_t day = date_from_ymd(year, 3, 31);
    int age = date_age(l->born, day), score;
    bool all_year = false;

    for (int i = 0; i < l->n_care; i++)
        all_year = all_year || (l->care[i].looked_after != DATE_NONE &&
                                l->care[i].looked_after <= day - 365 &&
                                l->care[i].looked_after_ends > day);
    if (!all_year || age < YOUNGEST || age > OLDEST || day > LAST_DAY)
        return -1;
    score = (int)(param.score_mean + param.score_z * l->z +
                  param.score_noise * random_normal(&r) + 0.5);
    return score < 0 ? 0 : score > MOST ? MOST : score;
}

static int
add_cut(struct episode *e, int n, struct episode cut, int32_t end)
{
    int at = n;

    if (n == MOST_EPISODES || cut.from >= end)
        return n;
    while (at > 0 && e[at - 1].from > cut.from) {
        e[at] = e[at - 1];
        at--;
    }
    if (at == 0 || cut.from - e[at - 1].from < 8)
        return n; /* too near to another: nothing shows it */
    e[at] = cut;
    return n + 1;
}

/* A change of placement comes before each change of school for being looked after, and once
 * else; the interim order becomes a full one after some months. */
int
life_episodes(const struct life *l, const struct care *c, struct episode *e)
{
    static const char *const types[] = {"U6", "K2", "U4", "U1"};
    struct random r = random_stream(l->w->seed, (uint64_t)l->person, STREAM_PLACED);
    int32_t end = c->looked_after_ends;
    int n = 0, type = (int)random_below(&r, 4);

    if (c->looked_after == DATE_NONE || end <= c->looked_after)
        return 0;
    e[n++] = (struct episode){c->looked_after, end, 'S', NULL, NULL};
    for (int i = 0; i < l->n_moves; i++)
        if (l->move[i].kind == MOVE_LOOKED_AFTER)
            n = add_cut(e, n, (struct episode){l->move[i].date - 9, end, 'P', NULL, NULL}, end);
    n = add_cut(e, n, (struct episode){c->looked_after + 90, end, 'L', NULL, NULL}, end);
    n = add_cut(e, n, (struct episode){c->looked_after + 300, end, 'P', NULL, NULL}, end);
    for (int i = 0; i < n; i++) {
        bool full = i && (e[i].why == 'L' || e[i - 1].status[1] == '2');
        e[i].status = full ? "C2" : "C1";
        type += e[i].why == 'P';
        e[i].placement = types[type % 4];
        if (i + 1 < n)
            e[i].to = e[i + 1].from;
    }
    return n;
}

bool
life_short_break(const struct care *c, struct episode *e)
{
    if (c->no_action || c->looked_after != DATE_NONE || strcmp(c->need, "N2") != 0)
        return false;
    *e = (struct episode){c->authorised + 40, c->authorised + 43, 'S', "V4", "U6"};
    return e->to < c->closed;
}
