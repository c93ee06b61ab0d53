#include "web/data/correct.h"
#include "ui/words.h"
#include "web/children/child.h"
#include "web/data/correct.html.h"
#include "web/data/data.h"
#include "web/data/quality.h"
#include "web/download/sheet.h"
#include "web/frame.h"
#include "web/pages.h"
#include "work/task.h"

/* ---- a fact corrected ------------------------------------------------------------------ */

struct asked {
    int64_t person;
    struct fact_key k;
    struct child child;
    struct fact fact;
    const char *path; /* of the fact's original */
};

/* "/children/:person/facts/:kind/:batch/:file/:line/correct" */
static enum err
read_asked(struct job *j, const struct request *q, struct asked *a)
{
    enum err e;

    *a = (struct asked){.person = request_part_id(q, 0),
                        .k = {.batch = request_part_id(q, 2), .file = request_part_id(q, 3),
                              .line = request_part_id(q, 4)}};
    if (!fact_kind_find(q->part[1], &a->k.kind) || !correct_may(a->k.kind, CORRECT_ASIDE))
        return err_set(j, ERR_NOT_FOUND, "there is no such fact to correct");
    a->path = job_format(j, "/children/%lld/facts/%s/%lld/%lld/%lld", (long long)a->person,
                         fact_kind_name(a->k.kind), (long long)a->k.batch, (long long)a->k.file,
                         (long long)a->k.line);
    e = child_get(j, a->person, &a->child);
    return e ? e : fact_get(j, a->person, a->k, &a->fact);
}

static void
show_form(struct job *j, const struct request *q, struct response *r, const struct asked *a,
          struct correct_form *p)
{
    const char *chosen = request_form(q, "field");
    struct option *o = job_array(j, CORRECT_FIELDS, sizeof *o);
    struct view *v = frame_view(j, q, "Correct a fact");

    for (int f = 0; f < CORRECT_FIELDS; f++)
        if (correct_may(a->k.kind, (enum correct_field)f)) {
            const char *name = correct_field_name((enum correct_field)f);
            o[p->n_fields++] = (struct option){name, correct_field_words((enum correct_field)f),
                                               chosen && !strcmp(chosen, name)};
        }
    p->fields = o;
    p->back = v->back = a->path;
    v->back_text = "Where this comes from";
    p->view = v;
    p->action = job_format(j, "%s/correct", a->path);
    p->heading = child_fact_words(j, &a->fact);
    p->hint = a->k.kind == FACT_SUSPENSION
                  ? "A number of sessions, a day such as 16/10/2024, or suspension, permanent or "
                    "lunchtime."
              : a->k.kind == FACT_MARKS ? "An attendance code, such as / or I."
                                        : "A day such as 16/10/2024.";
    p->lede = job_format(j, "%s. %s.", a->child.name, a->fact.source);
    view_correct(&r->body, p);
}

enum err
page_correct(struct job *j, const struct request *q, struct response *r)
{
    struct correct_form p = {.value = "", .why = ""};
    struct asked a;
    enum err e = read_asked(j, q, &a);

    if (e)
        return e;
    show_form(j, q, r, &a, &p);
    return OK;
}

/* Figures with it are made behind the pages; the progress page follows them. */
static enum err
make_again(struct job *j, struct response *r)
{
    int64_t task;
    enum err e = task_add(j, "figures", "{\"correction\":true}",
                          j->who ? j->who->login : "nobody", &task);

    if (!e)
        r->location = job_format(j, "/data/loads/%lld", (long long)task);
    return e;
}

enum err
page_correct_fact(struct job *j, const struct request *q, struct response *r)
{
    const char *field = request_form(q, "field"), *value = request_form(q, "value");
    const char *why = request_form(q, "why");
    struct correct_form p = {.value = value ? value : "", .why = why ? why : ""};
    struct correct_ask ask = {.value = p.value, .reason = p.why};
    struct problem wrong;
    struct asked a;
    bool reason;
    enum err e = read_asked(j, q, &a);

    if (e)
        return e;
    if (!field || !correct_field_find(field, &ask.field))
        return err_set(j, ERR_INPUT, "say what is to be corrected");
    wrong.text = correct_problem(j, &a.fact, &ask, &reason);
    if (!wrong.text) {
        e = correct_add(j, a.person, a.k, &ask);
        return e ? e : make_again(j, r);
    }
    wrong.field = reason ? "why" : "value";
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    show_form(j, q, r, &a, &p);
    return OK;
}

/* ---- who corrected what ---------------------------------------------------------------- */

static const char *
what_words(struct job *j, const struct correction *c)
{
    if (c->field == CORRECT_ASIDE)
        return "Set aside";
    return job_format(j, "%s: %s, not %s", correct_field_words(c->field), c->value,
                      c->was ? c->was : "as given");
}

struct table
correct_table(struct job *j, const struct correction *v, size_t n)
{
    static const struct column columns[] = {{"When", false}, {"Child", false},
        {"What", false}, {"Why", false}, {"State", false}};
    struct cell *cell = job_array(j, 5 * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        const struct correction *c = &v[i];
        struct cell *row = &cell[5 * i];
        row[0] = (struct cell){.text = data_when(j, c->made), .note = c->made_by,
                               .href = job_format(j, "/data/corrections/%lld", (long long)c->id)};
        row[1] = (struct cell){.text = c->name ? c->name : "Name not known", .note = c->school};
        row[2] = (struct cell){.text = what_words(j, c),
                               .note = words_capital(j, c->fact)};
        row[3].text = c->reason;
        row[4] = (struct cell){.text = c->undone ? "Undone" : "In force",
                               .note = c->undone ? job_format(j, "%s, %s: %s",
                                                              data_when(j, c->undone),
                                                              c->undone_by, c->undone_why)
                                                 : NULL};
    }
    return (struct table){.name = "Corrections, newest first", .columns = columns, .n_columns = 5,
                          .cells = cell, .n_rows = n, .stack = true};
}

enum err
page_corrections(struct job *j, const struct request *q, struct response *r)
{
    struct corrections_page p = {.view = data_view(j, q, "Corrections")};
    struct correction *v = NULL;
    size_t n = 0, in_force = 0;
    enum err e = correct_list(j, NULL, &v, &n);

    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        in_force += !v[i].undone;
    p.heading = n ? words_counted(j, (int64_t)in_force, "correction in force",
                                  "corrections in force") : "Nothing has been corrected";
    p.lede = "A fact is corrected from the page of its original: open the child, then where the "
             "fact comes from. What its file gave stays visible.";
    p.csv = n && page_offered(j->who, "/data/corrections.csv") ? "/data/corrections.csv" : NULL;
    p.table = correct_table(j, v, n);
    view_corrections(&r->body, &p);
    return OK;
}

static void
sheet_row(struct job *j, const struct correction *c, struct sheet_cell *row)
{
    row[0] = sheet_text(job_format(j, "%lld", (long long)c->id));
    row[1] = sheet_text(data_when(j, c->made));
    row[2] = sheet_text(c->made_by);
    row[3] = sheet_text(job_format(j, "%lld", (long long)c->person));
    row[4] = sheet_text(c->urn ? job_format(j, "%lld", (long long)c->urn) : "");
    row[5] = sheet_text(c->fact);
    row[6] = sheet_text(job_format(j, "%lld/%lld/%lld", (long long)c->batch, (long long)c->file,
                                   (long long)c->line));
    row[7] = sheet_text(correct_field_name(c->field));
    row[8] = sheet_text(c->was ? c->was : "");
    row[9] = sheet_text(c->value);
    row[10] = sheet_text(c->reason);
    row[11] = sheet_text(c->undone ? data_when(j, c->undone) : "");
    row[12] = sheet_text(c->undone_by ? c->undone_by : "");
    row[13] = sheet_text(c->undone_why ? c->undone_why : "");
}

enum err
page_corrections_csv(struct job *j, const struct request *q, struct response *r)
{
    static const struct sheet_column columns[] = {{.name = "correction"}, {.name = "made"},
        {.name = "made_by"}, {.name = "child"}, {.name = "urn"}, {.name = "fact"},
        {.name = "batch_file_line"}, {.name = "field"}, {.name = "was"}, {.name = "value"},
        {.name = "reason"}, {.name = "undone"}, {.name = "undone_by"}, {.name = "undone_why"}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct sheet s = {.name = "corrections", .title = "Corrections", .columns = columns,
                      .n_columns = COLUMNS, .total = -1};
    struct correction *v = NULL;
    size_t n = 0;
    enum err e = correct_list(j, NULL, &v, &n);

    (void)q;
    if (e)
        return e;
    s.cells = job_array(j, COLUMNS * n + 1, sizeof *s.cells);
    s.n_rows = n;
    for (size_t i = 0; i < n; i++)
        sheet_row(j, &v[i], &s.cells[COLUMNS * i]);
    return download_csv(j, r, &s, "corrections.csv");
}

/* ---- one, undone ----------------------------------------------------------------------- */

static void
show_undo(struct job *j, const struct request *q, struct response *r, const struct correction *c,
          struct undo_form *p)
{
    struct named *v = job_array(j, 5, sizeof *v);
    struct view *view = data_view(j, q, "A correction");

    view->back = "/data/corrections";
    view->back_text = "Corrections";
    p->view = view;
    p->heading = what_words(j, c);
    p->lede = c->undone ? job_format(j, "Undone by %s, %s: %s.", c->undone_by,
                                     data_when(j, c->undone), c->undone_why)
                        : "It is in force.";
    v[0] = (struct named){.name = "Child", .value = c->name ? c->name : "Name not known"};
    v[1] = (struct named){.name = "Fact", .value = words_capital(j, c->fact), .note = c->school};
    if (c->person && page_offered(j->who, "/children/:person/facts/:kind/:batch/:file/:line"))
        v[1].href = job_format(j, "/children/%lld/facts/%s/%lld/%lld/%lld", (long long)c->person,
                               c->fact, (long long)c->batch, (long long)c->file,
                               (long long)c->line);
    v[2] = (struct named){.name = "Made", .value = data_when(j, c->made), .note = c->made_by};
    v[3] = (struct named){.name = "Why", .value = c->reason};
    p->about = v;
    p->n_about = 4;
    if (!c->undone && permit_act(j->who, ACT_CORRECT))
        p->action = job_format(j, "/data/corrections/%lld", (long long)c->id);
    view_undo(&r->body, p);
}

enum err
page_correction(struct job *j, const struct request *q, struct response *r)
{
    struct undo_form p = {.why = ""};
    struct correction c;
    enum err e = correct_get(j, request_part_id(q, 0), &c);

    if (!e)
        show_undo(j, q, r, &c, &p);
    return e;
}

enum err
page_correction_undo(struct job *j, const struct request *q, struct response *r)
{
    const char *typed = request_form(q, "why");
    struct span why = span_trim(span_of(typed ? typed : ""));
    struct undo_form p = {.why = typed ? typed : ""};
    struct problem wrong = {"why", NULL};
    struct correction c;
    enum err e = correct_get(j, request_part_id(q, 0), &c);

    if (e)
        return e;
    wrong.text = !why.n ? "Say why" : why.n > CORRECT_REASON_MOST ? "Say it in fewer words" : NULL;
    if (!wrong.text && !c.undone) {
        e = correct_undo(j, c.id, typed);
        return e ? e : make_again(j, r);
    }
    if (wrong.text) {
        p.problems = (struct problems){&wrong, 1};
        r->status = 422;
    }
    show_undo(j, q, r, &c, &p);
    return OK;
}
