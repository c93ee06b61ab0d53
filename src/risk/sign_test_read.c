/* Reading how often signs were right, and saying it. */
#include "access/permit.h"
#include "risk/sign_packs.h"
#include "risk/sign_past.h"
#include "store/db.h"

/* ---- tests and scores ------------------------------------------------------------- */

static const char sql_current[] =
    "SELECT t.test_id, t.pack_id, t.made, p.version, t.first_day, t.last_day, t.followed_to, "
    "t.dates, t.states, t.looked, t.no_data FROM sign_test t JOIN sign_pack p "
    "ON p.area_id = t.area_id AND p.pack_id = t.pack_id WHERE t.area_id = $1 AND "
    "t.state = 'current' AND t.pack_id = $2";
/* That of the current list, else of what was adopted since. */
static const char sql_pack[] =
    "SELECT COALESCE((SELECT MAX(a.pack_id) FROM sign_pack a WHERE a.area_id = $1 AND "
    "a.state = 'adopted'), (SELECT MAX(r.pack_id) FROM sign_run r WHERE r.area_id = $1 AND "
    "r.state = 'current'), 0)";

static void
test_from_row(struct rows *q, struct sign_test *t)
{
    *t = (struct sign_test){
        .id = row_int(q, 0), .pack_id = row_int(q, 1), .made = row_int(q, 2),
        .pack_version = row_text(q, 3), .first_day = (int32_t)row_int(q, 4),
        .last_day = (int32_t)row_int(q, 5), .followed_to = (int32_t)row_int(q, 6),
        .dates = row_int(q, 7), .states = row_int(q, 8), .looked = row_int(q, 9),
        .no_data = (uint32_t)row_int(q, 10)};
}

enum err
sign_test_current(struct job *j, int64_t pack, struct sign_test *out)
{
    struct rows q;
    enum err e = permit(j, ACT_SIGNS, (struct subject){0});

    *out = (struct sign_test){0};
    if (!e && !pack)
        e = db_int(j, sql_pack, ARGS(INT(j->area)), 0, &pack);
    if (e)
        return e;
    db_ask(j, &q, sql_current, ARGS(INT(j->area), INT(pack)));
    if (db_next(&q))
        test_from_row(&q, out);
    e = db_done(&q);
    if (!e && !out->id) {
        err_set(j, ERR_NOT_FOUND, "these signs have not been tested on past data yet");
        return err_hint(j, "rooted signs test looks back; it takes about a minute.");
    }
    return e;
}

#define SCORES                                                                                 \
    "SELECT tested, outcome, dimension, member, looked, looked_outcome, listed, "              \
    "listed_outcome, outcomes, outcomes_listed, lead_low, lead, lead_high FROM sign_score "
static const char sql_scores[] =
    SCORES "WHERE area_id = $1 AND test_id = $2 AND tested = $3 "
           "ORDER BY outcome, dimension, member";
static const char sql_summary[] =
    SCORES "WHERE area_id = $1 AND test_id = $2 AND dimension = $3 ORDER BY tested, outcome";

static bool
after_of(const char *name, enum sign_after *out)
{
    for (int o = 0; o < AFTERS; o++)
        if (!strcmp(sign_after_rows[o].name, name)) {
            *out = (enum sign_after)o;
            return true;
        }
    return false;
}

static bool
score_from_row(struct rows *q, struct sign_score *s)
{
    *s = (struct sign_score){
        .tested = (int)row_int(q, 0), .dimension = row_text(q, 2), .member = row_text(q, 3),
        .base = {row_int(q, 5), row_int(q, 4)}, .precision = {row_int(q, 7), row_int(q, 6)},
        .recall = {row_int(q, 9), row_int(q, 8)},
        .lead_low = (int32_t)row_int_or(q, 10, -1), .lead = (int32_t)row_int_or(q, 11, -1),
        .lead_high = (int32_t)row_int_or(q, 12, -1)};
    return after_of(row_text(q, 1), &s->after);
}

/* In the order of outcomes (sign_after.def), not of their names. */
static int
by_outcome(const void *a, const void *b)
{
    const struct sign_score *x = a, *y = b;
    int c = (x->tested > y->tested) - (x->tested < y->tested);

    if (!c)
        c = (x->after > y->after) - (x->after < y->after);
    if (!c)
        c = strcmp(x->dimension, y->dimension);
    return c ? c : strcmp(x->member, y->member);
}

/* What a school may be told: of signs that it is shown itself, and nothing by social care. */
static enum err
visible_of(struct job *j, const struct sign_test *t, uint32_t *rules)
{
    struct sign_pack pack;
    enum err e = sign_pack_load(j, t->pack_id, &pack);

    *rules = 0;
    for (size_t i = 0; !e && i < pack.n; i++)
        if (pack.rule[i].schools)
            *rules |= 1u << i;
    return e;
}

static bool
is_for_schools(const struct sign_score *s, uint32_t rules)
{
    return s->tested < SIGNS_MOST && (rules >> s->tested & 1) &&
           strcmp(s->dimension, "care") != 0;
}

struct read {
    const char *sql;
    const struct sign_test *test;
};

static enum err
read_scores(struct job *j, struct read r, struct args a, const struct sign_score **out, size_t *n)
{
    enum { MOST = SIGN_TESTED * AFTERS * PAST_GROUPS };
    struct sign_score *s = job_array(j, MOST, sizeof *s);
    bool school = permit_school(j->who) != 0;
    uint32_t rules = 0;
    struct rows q;
    enum err e = school ? visible_of(j, r.test, &rules) : OK;

    *n = 0;
    *out = s;
    if (e)
        return e;
    db_ask(j, &q, r.sql, a);
    while (*n < MOST && db_next(&q))
        *n += score_from_row(&q, &s[*n]) && (!school || is_for_schools(&s[*n], rules));
    e = db_done(&q);
    qsort(s, *n, sizeof *s, by_outcome);
    return e;
}

enum err
sign_test_scores(struct job *j, const struct sign_test *t, int tested,
                 const struct sign_score **out, size_t *n)
{
    enum err e = permit(j, ACT_SIGNS, (struct subject){0});

    return e ? e
             : read_scores(j, (struct read){sql_scores, t},
                           ARGS(INT(j->area), INT(t->id), INT(tested)), out, n);
}

enum err
sign_test_summary(struct job *j, const struct sign_test *t, const struct sign_score **out,
                  size_t *n)
{
    enum err e = permit(j, ACT_SIGNS, (struct subject){0});

    return e ? e
             : read_scores(j, (struct read){sql_summary, t},
                           ARGS(INT(j->area), INT(t->id), TEXT("all")), out, n);
}

/* ---- what it means ---------------------------------------------------------------- */

enum { LEAST_TO_SAY = 10 };

enum sign_verdict
sign_verdict(const struct sign_score *s)
{
    struct interval i;

    if (s->precision.whole < LEAST_TO_SAY || !s->base.whole)
        return VERDICT_FEW;
    i = interval_wilson(s->precision, 0.95);
    return i.low * (double)s->base.whole <= (double)s->base.part ? VERDICT_CHANCE
                                                                  : VERDICT_BETTER;
}

const char *
sign_member_label(const char *dimension, const char *member)
{
    for (size_t g = 0; g < past_n_groups; g++)
        if (!strcmp(past_groups[g].dimension, dimension) &&
            !strcmp(past_groups[g].member, member))
            return past_groups[g].label;
    return member;
}

static const char *
percent_of(struct job *j, struct part p)
{
    char number[TEXT_NUMBER];

    return p.whole ? job_format(j, "%s%%", text_percent(p.part, p.whole, 1, number)) : "not known";
}

static const char *
interval_words(struct job *j, struct part p)
{
    struct interval i = interval_wilson(p, 0.95);
    char low[TEXT_NUMBER], high[TEXT_NUMBER];

    return job_format(j, "%s, %s%% to %s%%", percent_of(j, p),
                      text_decimal(100 * i.low, 1, low), text_decimal(100 * i.high, 1, high));
}

/* "Of 212 children listed, 61 …" */
static const char *const came_words[AFTERS] = {
    [AFTER_SUSPENDED] = "were suspended",
    [AFTER_EXCLUDED] = "were permanently excluded",
    [AFTER_PERSISTENT] = "became persistently absent",
    [AFTER_EXIT] = "left every state-funded school",
    [AFTER_ANY] = "had one of the outcomes",
};

const char *
sign_score_words(struct job *j, const struct sign_score *s)
{
    char count[TEXT_NUMBER], came[TEXT_NUMBER];

    text_count(s->precision.whole, count);
    if (sign_verdict(s) == VERDICT_FEW)
        return job_format(j, "Too few to say: %s %s listed", count,
                          s->precision.whole == 1 ? "child" : "children");
    return job_format(j, "Of %s children listed, %s (%s) %s within 12 months; of all children "
                         "looked at %s",
                      count, text_count(s->precision.part, came), interval_words(j, s->precision),
                      came_words[s->after], percent_of(j, s->base));
}

/* ---- warnings --------------------------------------------------------------------- */

static bool
is_all(const struct sign_score *s)
{
    return !strcmp(s->dimension, "all");
}

/* No outcome at all that it tells of better than chance, and one of which enough is known. */
static bool
is_no_better(const struct sign_score *s, size_t n)
{
    bool told = false;

    for (size_t i = 0; i < n; i++) {
        if (!is_all(&s[i]) || sign_verdict(&s[i]) == VERDICT_FEW)
            continue;
        if (sign_verdict(&s[i]) == VERDICT_BETTER)
            return false;
        told = true;
    }
    return told;
}

/* A group against all others: the whole less the group. */
static struct part
others(struct part all, struct part group)
{
    return (struct part){all.part - group.part, all.whole - group.whole};
}

/* Below four fifths of the others, and more than chance would make of it (analytics §2.10). */
static bool
is_much_worse(struct part group, struct part rest)
{
    struct interval i;

    if (group.whole < LEAST_TO_SAY || rest.whole < LEAST_TO_SAY || !rest.part)
        return false;
    i = interval_risk_ratio(group, rest, 0.95);
    return i.known && i.value < 0.8 && i.high < 1.0;
}

static const struct sign_score *
all_of(const struct sign_score *s, size_t n, enum sign_after after)
{
    for (size_t i = 0; i < n; i++)
        if (is_all(&s[i]) && s[i].after == after)
            return &s[i];
    return NULL;
}

static const char *
group_warning(struct job *j, const struct sign_score *s, const struct sign_score *all)
{
    const char *label = sign_member_label(s->dimension, s->member);
    struct part rest = others(all->precision, s->precision);

    if (is_much_worse(s->precision, rest))
        return job_format(j, "Right less often for this group: %s. Of those listed, %s %s; of the "
                             "others %s. ",
                          label, percent_of(j, s->precision), came_words[s->after],
                          percent_of(j, rest));
    rest = others(all->recall, s->recall);
    if (is_much_worse(s->recall, rest))
        return job_format(j, "Misses this group more often: %s. Of those who %s, %s had been "
                             "listed; of the others %s. ",
                          label, came_words[s->after], percent_of(j, s->recall),
                          percent_of(j, rest));
    return "";
}

const char *
sign_test_warning(struct job *j, const struct sign_score *scores, size_t n)
{
    const char *out = "";

    if (is_no_better(scores, n))
        out = "No better than chance: children with this sign had none of the outcomes more "
              "often than all children looked at. ";
    for (size_t i = 0; i < n; i++) {
        const struct sign_score *all = all_of(scores, n, AFTER_ANY);
        if (all && !is_all(&scores[i]) && scores[i].after == AFTER_ANY)
            out = job_format(j, "%s%s", out, group_warning(j, &scores[i], all));
    }
    return *out ? job_copy_n(j, out, strlen(out) - 1) : NULL;
}
