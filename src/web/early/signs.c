/* The warning signs, and how often each was right. */
#include "web/early/signs.h"
#include "base/text.h"
#include "risk/sign_change.h"
#include "ui/words.h"
#include "web/early/signs.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/states/empty.h"
#include "work/task.h"

/* ---- scores as cells --------------------------------------------------------------- */

static struct cell
share_cell(struct job *j, struct part p)
{
    struct interval i = interval_wilson(p, 0.95);
    char low[TEXT_NUMBER], high[TEXT_NUMBER];

    if (p.whole < 10)
        return (struct cell){.text = "too few to say",
                             .note = job_format(j, "of %s", words_count(j, p.whole))};
    return (struct cell){
        .text = words_percent(j, (struct point){p.part, p.whole, false}, 0),
        .note = job_format(j, "%s of %s, %s%% to %s%%", words_count(j, p.part),
                           words_count(j, p.whole), text_decimal(100 * i.low, 0, low),
                           text_decimal(100 * i.high, 0, high))};
}

static struct cell
lead_cell(struct job *j, const struct sign_score *s)
{
    if (s->lead < 0 || s->recall.part < 10)
        return (struct cell){.absent = NONE};
    return (struct cell){.text = job_format(j, "%d days", (int)s->lead),
                         .note = job_format(j, "half between %d and %d", (int)s->lead_low,
                                            (int)s->lead_high)};
}

static const char *
verdict_words(const struct sign_score *s)
{
    switch (sign_verdict(s)) {
    case VERDICT_FEW:
        return "Too few to say";
    case VERDICT_CHANCE:
        return "No better than chance";
    case VERDICT_BETTER:
        break;
    }
    return "Better than chance";
}

/* A row: what it is of, and the numbers. */
static void
score_row(struct job *j, const struct sign_score *s, const char *name, struct cell *row)
{
    row[0].text = name;
    row[1] = share_cell(j, s->precision);
    row[2] = share_cell(j, s->base);
    row[3] = share_cell(j, s->recall);
    row[4] = lead_cell(j, s);
    row[5].text = verdict_words(s);
}

/* How many days before is told of all children, not of a group. */
static void
group_row(struct job *j, const struct sign_score *s, const char *name, struct cell *row)
{
    row[0].text = name;
    row[1] = share_cell(j, s->precision);
    row[2] = share_cell(j, s->base);
    row[3] = share_cell(j, s->recall);
    row[4].text = verdict_words(s);
}

static struct table
score_table(struct job *j, const char *first, struct cell *cells, size_t rows)
{
    struct column *c = job_array(j, 6, sizeof *c);

    c[0].text = first;
    c[1] = (struct column){"Of those with it, this followed", true};
    c[2] = (struct column){"Of all children", true};
    c[3] = (struct column){"Of those it happened to, had it before", true};
    c[4] = (struct column){"Days before", true};
    c[5].text = "So";
    return (struct table){.name = "How often it was right", .columns = c, .n_columns = 6,
                          .cells = cells, .n_rows = rows, .stack = true};
}

static struct table
table_of_groups(struct job *j, struct cell *cells, size_t rows)
{
    struct table t = score_table(j, "Children", cells, rows);
    struct column *c = job_array(j, 5, sizeof *c);

    memcpy(c, t.columns, 4 * sizeof *c);
    c[4] = t.columns[5];
    t.columns = c;
    t.n_columns = 5;
    return t;
}

static const char *
tested_words(struct job *j, const struct sign_test *t)
{
    char first[DATE_TEXT], last[DATE_TEXT];

    return job_format(j, "Looked at on %s Sundays from %s to %s, each with what the council held "
                         "on that day, and followed for twelve months. A child counts once in a "
                         "school year. Shares with 95%% intervals.", words_count(j, t->dates),
                      date_words(t->first_day, first), date_words(t->last_day, last));
}

/* ---- all signs --------------------------------------------------------------------- */

struct signs_facts {
    const struct sign_run *run;
    struct sign_facets facets;
    struct sign_test test;      /* id 0: none */
    const struct sign_score *score; /* summary */
    size_t n;
};

static const struct sign_score *
score_of(const struct signs_facts *f, int tested, enum sign_after after)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->score[i].tested == tested && f->score[i].after == after)
            return &f->score[i];
    return NULL;
}

static void
sign_row(struct job *j, const struct signs_facts *f, size_t i, struct cell *row)
{
    const struct sign_rule *r = &f->run->pack.rule[i];
    const struct sign_score *s = score_of(f, (int)i, AFTER_ANY);
    bool school = permit_school(j->who) != 0;

    row[0] = (struct cell){.text = r->id, .href = job_format(j, "/early/signs/%zu", i + 1)};
    row[1].text = r->title;
    row[2].text = sign_domain_words(r->domain);
    row[3].text = words_count(j, f->facets.rule[i]);
    if (school && !r->schools)
        row[3] = (struct cell){.absent = NOT_SHARED};
    else if (f->run->no_data >> i & 1)
        row[3] = (struct cell){.absent = NO_DATA};
    row[4] = s ? share_cell(j, s->precision) : (struct cell){.absent = NONE};
    row[5].text = s ? verdict_words(s) : "Not looked back at";
}

static struct table
signs_table(struct job *j, const struct signs_facts *f)
{
    static const struct column columns[] = {{"Sign", false}, {"What it is", false},
        {"Kind", false}, {"Listed children with it", true},
        {"Trouble followed", true}, {"So", false}};
    struct cell *c = job_array(j, 6 * f->run->pack.n, sizeof *c);

    for (size_t i = 0; i < f->run->pack.n; i++)
        sign_row(j, f, i, &c[6 * i]);
    return (struct table){.name = "Warning signs", .columns = columns, .n_columns = 6, .cells = c,
                          .n_rows = f->run->pack.n, .stack = true};
}

static struct table
tiers_table(struct job *j, const struct signs_facts *f)
{
    static const struct {
        int tested;
        const char *name;
    } rows[] = {{TESTED_LISTED, "On the list"}, {TESTED_TIER_2, "2 kinds or more"},
                {TESTED_TIER_3, "3 kinds or more"}};
    struct cell *c = job_array(j, 18, sizeof *c);
    size_t n = 0;

    for (size_t i = 0; i < 3; i++) {
        const struct sign_score *s = score_of(f, rows[i].tested, AFTER_ANY);
        if (s)
            score_row(j, s, rows[i].name, &c[6 * n++]);
    }
    return score_table(j, "Kinds of sign", c, n);
}

/* A pack that was not tested has no scores. */
static enum err
read_test(struct job *j, struct signs_facts *f)
{
    enum err e = sign_test_current(j, f->run->pack_id, &f->test);

    if (e == ERR_NOT_FOUND) {
        err_clear(j);
        return OK;
    }
    return e ? e : sign_test_summary(j, &f->test, &f->score, &f->n);
}

enum err
page_signs(struct job *j, const struct request *q, struct response *r)
{
    struct sign_filter all = SIGN_FILTER_ALL;
    struct sign_run run;
    struct signs_facts f = {.run = &run};
    struct signs_page p = {0};
    struct view *view;
    enum err e = sign_run_current(j, &run);

    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Warning signs");
    all.urn = permit_school(j->who);
    if (e || (e = sign_facets(j, &run, &all, &f.facets)) || (e = read_test(j, &f)))
        return e;
    view = frame_view(j, q, "Warning signs");
    view->back = "/early";
    view->back_text = "Pupils to talk about";
    p = (struct signs_page){
        .view = view, .caption = job_format(j, "Version %s", run.pack_version),
        .lede = "Each sign is a fact with a threshold. None of them says what a child will do; "
                "looking back shows how often trouble followed (suspended, excluded, "
                "persistently absent or gone from every school), and how often it did not.",
        .signs = signs_table(j, &f), .tiers = tiers_table(j, &f),
        .tested = f.test.id ? tested_words(j, &f.test) : NULL,
        .change = page_offered(j->who, "/early/packs/new") ? "/early/packs/new" : NULL,
        .may_test = permit_act(j->who, ACT_SIGN_PACK)};
    view_signs(&r->body, &p);
    return OK;
}

/* The test takes a while: it goes into the queue, and its progress page follows it. */
enum err
page_signs_test(struct job *j, const struct request *q, struct response *r)
{
    int64_t task;
    enum err e = task_add(j, "sign-test", "{}", j->who ? j->who->login : "nobody", &task);

    (void)q;
    if (!e)
        r->location = permit_act(j->who, ACT_LOAD)
                          ? job_format(j, "/data/loads/%lld", (long long)task) : "/early/signs";
    return e;
}

/* ---- one sign ---------------------------------------------------------------------- */

static const struct named *
limits_of(struct job *j, const struct sign_rule *r, size_t *n)
{
    struct named *v = job_array(j, SIGN_LIMITS, sizeof *v);
    const char *name;

    *n = 0;
    for (int i = 0; i < SIGN_LIMITS && (name = sign_limit_name(j, r->kind, i)); i++)
        v[(*n)++] = (struct named){.name = words_capital(j, name),
                                   .value = job_format(j, "%d", r->limit[i])};
    return v;
}

/* Scores for all children, an outcome a row. */
static struct table
outcome_table(struct job *j, const struct sign_score *s, size_t n)
{
    struct cell *c = job_array(j, 6 * AFTERS, sizeof *c);
    size_t rows = 0;

    for (size_t i = 0; i < n && rows < AFTERS; i++)
        if (!strcmp(s[i].dimension, "all"))
            score_row(j, &s[i], sign_after_rows[s[i].after].title, &c[6 * rows++]);
    return score_table(j, "Within twelve months", c, rows);
}

static struct table
group_table(struct job *j, const struct sign_score *s, size_t n, const char *dimension)
{
    struct cell *c = job_array(j, 5 * (n + 1), sizeof *c);
    size_t rows = 0;

    for (size_t i = 0; i < n; i++)
        if (s[i].after == AFTER_ANY && !strcmp(s[i].dimension, dimension))
            group_row(j, &s[i], sign_member_label(dimension, s[i].member), &c[5 * rows++]);
    return table_of_groups(j, c, rows);
}

static const char *
group_title(const char *dimension)
{
    static const struct {
        const char *name, *title;
    } titles[] = {{"care", "By social care"}, {"ethnicity", "By ethnicity"},
                  {"fsm", "By free school meals"}, {"sen", "By special educational need"},
                  {"sex", "Girls and boys"}};

    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (!strcmp(titles[i].name, dimension))
            return titles[i].title;
    return dimension;
}

/* The sentence with its numbers left open. */
static const char *
open_words(struct job *j, const char *words)
{
    const char *out = "", *open, *close;

    while ((open = strchr(words, '{')) && (close = strchr(open, '}'))) {
        out = job_format(j, "%s%.*s…", out, (int)(open - words), words);
        words = close + 1;
    }
    return job_format(j, "“%s%s”", out, words);
}

static void
make_groups(struct job *j, const struct sign_score *s, size_t n, struct sign_page_view *p)
{
    struct sign_group *groups = job_array(j, n + 1, sizeof *groups);
    const char *last = "all";

    for (size_t i = 0; i < n; i++) {
        if (s[i].after != AFTER_ANY || !strcmp(s[i].dimension, "all") ||
            !strcmp(s[i].dimension, last))
            continue;
        last = s[i].dimension;
        groups[p->n_groups++] = (struct sign_group){
            group_title(last), group_table(j, s, n, last)};
    }
    p->groups = groups;
}

static enum err
read_scores(struct job *j, const struct sign_run *run, int rule, struct sign_page_view *p)
{
    const struct sign_score *s;
    struct sign_test test;
    size_t n;
    enum err e = sign_test_current(j, run->pack_id, &test);

    if (e == ERR_NOT_FOUND) {
        err_clear(j);
        return OK;
    }
    if (e || (e = sign_test_scores(j, &test, rule, &s, &n)))
        return e;
    p->tested = tested_words(j, &test);
    p->warning = sign_test_warning(j, s, n);
    p->all = outcome_table(j, s, n);
    make_groups(j, s, n, p);
    return OK;
}

enum err
page_sign(struct job *j, const struct request *q, struct response *r)
{
    struct sign_filter all = SIGN_FILTER_ALL;
    struct sign_facets facets;
    struct sign_page_view p = {0};
    const struct sign_rule *rule;
    struct sign_run run;
    struct view *view;
    size_t at = (size_t)request_part_id(q, 0);
    enum err e = sign_run_current(j, &run);

    if (!e && (at < 1 || at > run.pack.n))
        e = err_set(j, ERR_NOT_FOUND, "there is no such sign");
    if (e)
        return e;
    rule = &run.pack.rule[at - 1];
    all.urn = permit_school(j->who);
    if ((e = sign_facets(j, &run, &all, &facets)) || (e = read_scores(j, &run, (int)at - 1, &p)))
        return e;
    p.view = view = frame_view(j, q, rule->title);
    view->back = "/early/signs";
    view->back_text = "Warning signs";
    p.caption = job_format(j, "Sign %s · %s", rule->id, sign_domain_words(rule->domain));
    p.heading = rule->title;
    p.words = open_words(j, rule->words[0]);
    p.evidence = rule->evidence;
    p.schools = rule->schools ? "Schools are shown this sign for their own pupils."
                              : "Schools are not shown this sign.";
    p.limits = limits_of(j, rule, &p.n_limits);
    p.listed = run.no_data >> (at - 1) & 1 ? "No data is loaded for it."
               : all.urn && !rule->schools
                   ? "Not shared with schools."
                   : words_counted(j, facets.rule[at - 1], "listed child has it",
                                   "listed children have it");
    view_sign(&r->body, &p);
    return OK;
}
