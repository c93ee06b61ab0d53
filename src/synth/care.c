#include "base/maths.h"
#include "synth/life.h"

/* A length of time with this mean, exponential. */
static int32_t
lasts(struct random *r, double mean)
{
    return (int32_t)(-mean * maths_log(random_unit(r)));
}

static const char *
pick(struct random *r, const char *const *of, const int *weight, int n)
{
    int64_t total = 0, at;
    int i;

    for (i = 0; i < n; i++)
        total += weight[i];
    at = random_below(r, total);
    for (i = 0; at >= weight[i]; i++)
        at -= weight[i];
    return of[i];
}

static const char *
draw_source(struct random *r, bool school_age, int32_t date)
{
    static const char *const of[] = {"2A", "6", "3A", "1B", "5B", "1A", "10", "3E", "5D"};
    static const int weight[] = {20, 28, 14, 8, 8, 5, 7, 6, 4};
    const char *s = pick(r, of, weight, 9);

    if (strcmp(s, "2A") == 0 && !school_age)
        return "3A";
    if (strcmp(s, "5D") == 0 && date < date_from_ymd(2022, 4, 1))
        return "5B"; /* early help has a code of its own since 2022/23 */
    return s;
}

/* What follows on a child in need: assessment, plan, protection, care. */
static void
in_need(struct care *c, struct random *r)
{
    static const char *const abuse[] = {"NEG", "EMO", "PHY", "SAB", "MUL"};
    static const int abuse_weight[] = {49, 37, 7, 4, 3};

    c->closed = c->referred + 20 + lasts(r, param.care_days);
    c->assessed = c->referred + 1;
    c->authorised = c->assessed + 14 + (int32_t)random_below(r, 45);
    if (random_chance(r, param.care_protection)) {
        c->enquiry = c->referred + 10 + (int32_t)random_below(r, 60);
        c->conference = c->enquiry + 10 + (int32_t)random_below(r, 11);
        c->protection = c->conference;
        c->protection_ends = c->protection + 60 + lasts(r, param.care_protection_days - 60);
        c->abuse = pick(r, abuse, abuse_weight, 5);
    } else if (random_chance(r, param.care_plan)) {
        c->plan = c->authorised + (int32_t)random_below(r, 20);
        c->plan_ends = c->plan + 60 + (int32_t)random_below(r, 200);
    }
    if (random_chance(r, param.care_looked_after)) {
        c->looked_after = c->referred + 30 + (int32_t)random_below(r, 120);
        c->looked_after_ends = c->looked_after + lasts(r, param.care_looked_after_days);
    }
}

static int32_t
later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* A case stays open as long as any part of it; nothing goes beyond the 18th birthday. */
static void
close_case(struct care *c, int32_t adult)
{
    if (c->authorised != DATE_NONE)
        c->closed = later(c->closed, c->authorised + 1);
    if (c->plan != DATE_NONE)
        c->closed = later(c->closed, c->plan_ends + 1);
    if (c->protection != DATE_NONE)
        c->closed = later(c->closed, c->protection_ends + 30);
    if (c->looked_after != DATE_NONE)
        c->closed = later(c->closed, c->looked_after_ends + 30);
    if (c->closed > adult)
        c->closed = adult;
    if (c->plan != DATE_NONE && c->plan_ends >= c->closed)
        c->plan_ends = c->closed - 1;
    if (c->protection != DATE_NONE && c->protection_ends >= c->closed)
        c->protection_ends = c->closed - 1;
    if (c->looked_after != DATE_NONE && c->looked_after_ends >= c->closed)
        c->looked_after_ends = c->closed - 1;
}

static int32_t
refer(struct life *l, int32_t date)
{
    static const char *const needs[] = {"N1", "N5", "N4", "N2", "N6", "N3", "N8", "N0"};
    static const int need_weight[] = {56, 15, 9, 9, 5, 3, 2, 1};
    static const char *const reasons[] = {"RC8", "RC7", "RC9", "RC2", "RC6"};
    static const int reason_weight[] = {40, 30, 18, 7, 5};
    struct random *r = &l->stream[STREAM_CARE];
    struct care c = {date, date, true, NULL, NULL, NULL, DATE_NONE, DATE_NONE, DATE_NONE,
                     DATE_NONE, DATE_NONE, DATE_NONE, DATE_NONE, DATE_NONE, NULL, DATE_NONE,
                     DATE_NONE};
    struct ymd b = date_to_ymd(l->born);
    int32_t adult = date_from_ymd(b.year + 18, b.month, b.month == 2 && b.day == 29 ? 28 : b.day);

    c.source = draw_source(r, date >= date_from_ymd(l->cohort, 9, 1), date);
    c.need = pick(r, needs, need_weight, 8);
    c.no_action = !random_chance(r, param.care_in_need);
    if (c.no_action)
        c.closed = date + 1 + (int32_t)random_below(r, 10);
    else
        in_need(&c, r);
    close_case(&c, adult);
    c.reason = c.no_action ? "RC7" : pick(r, reasons, reason_weight, 5);
    if (strcmp(c.reason, "RC9") == 0 && c.closed < date_from_ymd(2022, 4, 1))
        c.reason = "RC7"; /* early help: a code since 2022/23 */
    if (l->n_care < MOST_CARE && date < adult - 60 && c.protection < adult - 60 &&
        c.looked_after < adult - 60 && c.plan < adult - 60 && c.authorised < adult)
        l->care[l->n_care++] = c;
    return c.closed;
}

void
life_care(struct life *l)
{
    struct random *r = &l->stream[STREAM_CARE];
    double hazard = param.care_referral *
                    maths_exp(param.care_adverse * l->adverse -
                              param.care_spread * param.care_adverse * param.care_adverse);
    int32_t from = later(l->born + 1, date_from_ymd(2009, 4, 1)), open = 0;

    if (l->arrives)
        from = date_from_ymd(l->arrives, 10, 1);
    for (int32_t year = from; year < l->born + 17 * 365 && year < LAST_DAY; year += 365) {
        int32_t date = year + (int32_t)random_below(r, 365);
        if (!random_chance(r, 1 - maths_exp(-hazard)) || date <= open)
            continue;
        open = refer(l, date);
        while (random_chance(r, param.care_again) && open < l->born + 17 * 365)
            open = refer(l, open + 1 + (int32_t)random_below(r, 730));
    }
}

void
life_care_ends(struct life *l, int32_t date)
{
    while (l->n_care && l->care[l->n_care - 1].referred >= date - 60)
        l->n_care--;
    while (l->n_help && l->help[l->n_help - 1].from >= date)
        l->n_help--;
    for (int i = 0; i < l->n_help; i++)
        if (l->help[i].to > date)
            l->help[i].to = date;
    for (int i = 0; i < l->n_care; i++) {
        struct care *c = &l->care[i];
        if (c->closed <= date)
            continue;
        c->reason = "RC6";
        if (c->plan >= date - 1)
            c->plan = DATE_NONE;
        if (c->protection >= date - 1)
            c->enquiry = c->conference = c->protection = DATE_NONE;
        if (c->looked_after >= date - 1)
            c->looked_after = DATE_NONE;
        if (c->authorised >= date)
            c->authorised = date - 1;
        close_case(c, date);
    }
}
