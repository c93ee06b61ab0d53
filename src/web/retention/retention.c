#include "web/retention/retention.h"
#include "access/permit.h"
#include "base/text.h"
#include "intake/retention.h"
#include "ui/words.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/retention/retention.html.h"

static const char *
day_words(struct job *j, int32_t day)
{
    char words[DATE_TEXT];

    return job_copy(j, date_words(day, words));
}

static const char *
time_of(struct job *j, int64_t at)
{
    char words[DATE_TEXT + 16];

    return job_copy(j, time_words(at, words));
}

/* ---- the tables -------------------------------------------------------------------------- */

static struct table
rules_table(struct job *j, const struct retention_kept *k)
{
    static const struct column columns[] = {{"What", false}, {"Kept for", false},
        {"Counted from", false}, {"Whose rule", false}};
    enum { N = sizeof columns / sizeof *columns };
    struct cell *cell = job_array(j, (size_t)N * RETENTION_RULES, sizeof *cell);

    for (int r = 0; r < RETENTION_RULES; r++) {
        struct retention_words w = retention_words((enum retention_rule)r);
        struct cell *row = cell + N * r;
        row[0].text = words_capital(j, w.words);
        row[1].text = retention_span(j, k[r].months);
        row[2].text = words_capital(j, w.from);
        row[3] = k[r].reference
                     ? (struct cell){.text = job_format(j, "Ours: %s", k[r].reference),
                                     .note = job_format(j, "Set by %s, %s", k[r].set_by,
                                                        time_of(j, k[r].set_at))}
                     : (struct cell){.text = "The program’s", .note = w.source};
    }
    return (struct table){.name = "How long it is kept", .columns = columns, .n_columns = N,
                          .cells = cell, .n_rows = RETENTION_RULES, .stack = true};
}

static const char *
held_what(struct job *j, const struct retention_hold *h)
{
    return h->person ? job_format(j, "Child %lld", (long long)h->person) : "Everything";
}

static void
make_holds(struct job *j, const struct retention_hold *v, size_t n, struct retention_page *p)
{
    static const struct column columns[] = {{"What", false}, {"Why it was held", false},
        {"Why it ended", false}};
    enum { N = sizeof columns / sizeof *columns };
    struct hold_row *rows = job_array(j, n, sizeof *rows);
    struct cell *cell = job_array(j, N * n, sizeof *cell);
    size_t ended = 0;

    for (size_t i = 0; i < n; i++) {
        struct cell *row = cell + N * ended;
        if (!v[i].ended) {
            rows[p->n_holds++] = (struct hold_row){
                .what = held_what(j, &v[i]), .why = v[i].why, .since = time_of(j, v[i].since),
                .action = p->writes ? job_format(j, "/retention/holds/%lld", (long long)v[i].id)
                                    : NULL,
                .id = job_format(j, "release-%lld", (long long)v[i].id)};
            continue;
        }
        row[0] = (struct cell){.text = held_what(j, &v[i]), .note = time_of(j, v[i].since)};
        row[1] = (struct cell){.text = v[i].why, .note = v[i].set_by};
        row[2] = (struct cell){.text = v[i].ended_why,
                               .note = job_format(j, "%s, %s", v[i].ended_by,
                                                  time_of(j, v[i].ended))};
        ended++;
    }
    p->holds = rows;
    p->ended = (struct table){.name = "Holds that have ended", .columns = columns, .n_columns = N,
                              .cells = cell, .n_rows = ended, .stack = true};
}

static struct table
removals_table(struct job *j, const struct retention_run *v, size_t n)
{
    static const struct column columns[] = {{"When", false}, {"Gone", true}, {"Held", true},
        {"By", false}};
    enum { N = sizeof columns / sizeof *columns };
    struct cell *cell = job_array(j, N * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = cell + N * i;
        row[0] = (struct cell){.text = time_of(j, v[i].at),
                               .href = job_format(j, "/retention/%lld", (long long)v[i].id),
                               .note = v[i].ended ? NULL : "Not ended: the next one goes on"};
        row[1].text = words_count(j, v[i].gone);
        row[2].text = words_count(j, v[i].held);
        row[3].text = words_capital(j, v[i].by);
    }
    return (struct table){.name = "What went, newest first", .columns = columns, .n_columns = N,
                          .cells = cell, .n_rows = n, .stack = true};
}

static struct table
copies_table(struct job *j, const struct retention_copy *v, size_t n)
{
    static const struct column columns[] = {{"Copy", false}, {"Made", false},
        {"Destroyed", false}};
    enum { N = sizeof columns / sizeof *columns };
    struct cell *cell = job_array(j, N * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = cell + N * i;
        row[0].text = job_format(j, "Number %lld", (long long)v[i].id);
        row[1].text = time_of(j, v[i].made);
        row[2] = (struct cell){.text = v[i].destroyed ? time_of(j, v[i].destroyed) : "Not yet",
                               .note = v[i].destroyed_by};
    }
    return (struct table){.name = "Copies of the database, newest first", .columns = columns,
                          .n_columns = N, .cells = cell, .n_rows = n, .stack = true};
}

/* ---- the page ---------------------------------------------------------------------------- */

static const char *
typed(const struct request *q, const char *name)
{
    const char *s = q->method == POST ? request_form(q, name) : NULL;

    return s ? s : "";
}

static void
make_forms(struct job *j, const struct request *q, struct retention_page *p)
{
    struct option *o = job_array(j, RETENTION_RULES, sizeof *o);

    for (int r = 0; r < RETENTION_RULES; r++) {
        struct retention_words w = retention_words((enum retention_rule)r);
        o[r] = (struct option){w.name, words_capital(j, w.words),
                               !strcmp(typed(q, "rule"), w.name)};
    }
    p->rule = o;
    p->n_rule = RETENTION_RULES;
    p->keep = typed(q, "keep");
    p->reference = typed(q, "reference");
    p->child = typed(q, "child");
    p->why = typed(q, "why");
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct retention_page *p)
{
    struct retention_kept rule[RETENTION_RULES];
    struct retention_hold *hold;
    struct retention_copy *copy;
    struct retention_run *run;
    size_t n_hold, n_copy, n_run;
    enum err e;

    if ((e = retention_rules(j, rule)) || (e = retention_holds(j, &hold, &n_hold)) ||
        (e = retention_copies(j, &copy, &n_copy)) || (e = retention_runs(j, &run, &n_run)))
        return e;
    p->view = frame_view(j, q, "Retention");
    p->of_area = j->area != 0;
    p->writes = permit_act(j->who, ACT_RETENTION_WRITE) && j->area;
    p->rules = rules_table(j, rule);
    make_holds(j, hold, n_hold, p);
    p->removals = removals_table(j, run, n_run);
    p->copies = copies_table(j, copy, n_copy);
    make_forms(j, q, p);
    p->heading = p->n_holds ? words_capital(j, words_counted(j, (int64_t)p->n_holds,
                                                             "hold is in force",
                                                             "holds are in force"))
                            : "Nothing is held";
    if (!j->area)
        p->heading = "What the program keeps, and how long";
    p->lede = !j->area ? "These are the program’s rules. Rules of an authority’s own, holds and "
                         "removals are on the page of its officer, and in “rooted retention show”."
              : q->site->trial || q->site->demonstration
                  ? "In a live database what is kept long enough goes each day. Here nothing goes "
                    "by itself."
                  : "What is kept long enough goes each day, each thing whole. What is held "
                    "stays.";
    view_retention(&r->body, p);
    return OK;
}

enum err
page_retention(struct job *j, const struct request *q, struct response *r)
{
    struct retention_page p = {0};

    return show(j, q, r, &p);
}

/* Back to the form, with what was typed. */
static enum err
show_problem(struct job *j, const struct request *q, struct response *r, const char *field)
{
    struct problem *wrong = job_alloc(j, sizeof *wrong);
    struct retention_page p = {.problems = {wrong, 1}};

    *wrong = (struct problem){field, words_capital(j, j->err.message)};
    err_clear(j);
    r->status = 422;
    return show(j, q, r, &p);
}

enum err
page_retention_hold(struct job *j, const struct request *q, struct response *r)
{
    const char *child = typed(q, "child");
    struct span s = span_trim(span_of(child));
    int64_t person = 0, id;
    enum err e;

    if (s.n && (!text_to_int(s.s, s.n, &person) || person < 1)) {
        err_set(j, ERR_INPUT, "the number of a child has digits only");
        return show_problem(j, q, r, "child");
    }
    e = retention_hold(j, person, typed(q, "why"), &id);
    if (e == ERR_INPUT || e == ERR_NOT_FOUND)
        return show_problem(j, q, r, e == ERR_INPUT ? "why" : "child");
    r->location = "/retention";
    return e;
}

enum err
page_retention_release(struct job *j, const struct request *q, struct response *r)
{
    int64_t hold = request_part_id(q, 0);
    const char *field = job_format(j, "release-%lld", (long long)hold);
    enum err e = retention_release(j, hold, typed(q, field));

    if (e == ERR_INPUT)
        return show_problem(j, q, r, field);
    r->location = "/retention";
    return e;
}

enum err
page_retention_rule(struct job *j, const struct request *q, struct response *r)
{
    struct retention_decided d = {.reference = typed(q, "reference")};
    enum err e;

    if (!retention_find(typed(q, "rule"), &d.rule) ||
        !retention_months(typed(q, "keep"), &d.months)) {
        err_set(j, ERR_INPUT, "say how long, as in “25 years” or “18 months”");
        return show_problem(j, q, r, "keep");
    }
    e = retention_set(j, &d);
    if (e == ERR_INPUT)
        return show_problem(j, q, r, "reference");
    r->location = "/retention#rules";
    return e;
}

/* ---- one removal ------------------------------------------------------------------------- */

static struct table
gone_table(struct job *j, const struct retention_gone *v, size_t n)
{
    static const struct column columns[] = {{"What", false}, {"Which", false},
        {"Counted from", false}, {"Removed", false}};
    enum { N = sizeof columns / sizeof *columns };
    struct cell *cell = job_array(j, N * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = cell + N * i;
        row[0].text = words_capital(j, retention_words(v[i].rule).words);
        row[1].text = words_capital(j, retention_subject(j, v[i].rule, v[i].subject));
        row[2].text = day_words(j, v[i].since);
        row[3].text = time_of(j, v[i].gone);
    }
    return (struct table){.name = "What was removed", .columns = columns, .n_columns = N,
                          .cells = cell, .n_rows = n, .stack = true};
}

enum err
page_removal(struct job *j, const struct request *q, struct response *r)
{
    struct removal_page p = {0};
    struct retention_run run;
    struct retention_gone *v;
    struct view *view;
    size_t n;
    enum err e = retention_certificate(j, request_part_id(q, 0), &run, &v, &n);

    if (e)
        return e;
    view = frame_view(j, q, "What went");
    view->back = "/retention";
    view->back_text = "Retention";
    p.view = view;
    p.heading = run.gone ? words_capital(j, words_counted(j, run.gone, "thing was removed",
                                                          "things were removed"))
                         : "Nothing was removed";
    p.lede = job_format(j, "On %s, by “%s”. %s.", time_of(j, run.at), run.by,
                        run.held ? words_counted(j, run.held, "other thing was held and stayed",
                                                 "other things were held and stayed")
                                 : "Nothing else was due");
    p.gone = gone_table(j, v, n);
    view_removal(&r->body, &p);
    return OK;
}
