#include "web/data/data.h"
#include "returns/layout.h"
#include "ui/words.h"
#include "web/data/batch.html.h"
#include "web/data/data.html.h"
#include "web/data/quality.h"
#include "web/download/sheet.h"
#include "web/frame.h"
#include "web/pages.h"

enum { TERMS = 9, FINDINGS_PAGE = 100, TASKS = 20 };

/* ---- the page ---- */

static bool
asks_all(const struct request *q, const char *name)
{
    const char *v = request_query(q, name);

    return v && !strcmp(v, "all");
}

/* The newest batch that turned rows away, and why. */
static enum err
read_rules(struct job *j, struct data_facts *f)
{
    struct batch_rule *rules;
    enum err e;

    for (size_t i = 0; i < f->n && !f->rules_of; i++)
        if (f->batches[i].refused && f->batches[i].state != BATCH_LOADING &&
            f->batches[i].state != BATCH_WITHDRAWN)
            f->rules_of = &f->batches[i];
    if (!f->rules_of)
        return OK;
    e = batch_rules(j, f->rules_of->id, &rules, &f->n_rules);
    f->rules = rules;
    return e;
}

enum err
page_data(struct job *j, const struct request *q, struct response *r)
{
    struct data_facts f = {.every_school = asks_all(q, "schools"),
                           .every_batch = asks_all(q, "batches"), .today = j->today};
    struct batch *batches = NULL;
    struct coverage c;
    struct data_page p;
    enum err e = batch_list(j, &batches, &f.n);

    f.batches = batches;
    f.coverage = &c;
    if (!e)
        e = read_rules(j, &f);
    if (!e)
        e = coverage_get(j, TERMS, f.every_school ? 0 : SCHOOLS_SHOWN, &c);
    if (!e)
        e = task_list(j, TASKS, &f.tasks, &f.n_tasks);
    if (e)
        return e;
    data_page_make(j, &f, data_view(j, q, "Data"), &p);
    view_data(&r->body, &p);
    return OK;
}

/* ---- one batch ---- */

static struct table
files_table(struct job *j, const struct batch_file *v, size_t n)
{
    static const struct column columns[] = {{"File", false}, {"Recognised as", false},
        {"Rows", true}, {"Went in", true}, {"Turned away", true}};
    struct cell *c = job_array(j, 5 * n, sizeof *c);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = &c[5 * i];
        const struct layout *l = v[i].layout ? layout_find(v[i].layout) : NULL;
        row[0] = (struct cell){.text = v[i].name,
                               .note = v[i].note && v[i].note[0] ? v[i].note : NULL};
        row[1].text = l ? words_capital(j, l->title) : v[i].layout;
        row[2].text = words_count(j, v[i].read);
        row[3].text = words_count(j, v[i].loaded);
        row[4] = v[i].refused ? (struct cell){.text = words_count(j, v[i].refused)}
                              : (struct cell){.absent = NONE};
    }
    return (struct table){.name = "Files of the batch", .columns = columns, .n_columns = 5,
                          .cells = c, .n_rows = n, .stack = true};
}

static struct view *
view_below(struct job *j, const struct request *q, const char *title, const char *path,
           const char *text)
{
    struct view *v = frame_view(j, q, title);

    v->back = path;
    v->back_text = text;
    return v;
}

enum err
page_batch(struct job *j, const struct request *q, struct response *r)
{
    struct batch b;
    struct batch_file *files = NULL;
    struct batch_rule *rules = NULL;
    struct batch_page_view p;
    size_t n_files = 0, n_rules = 0;
    enum err e = batch_get(j, request_part_id(q, 0), &b);

    if (!e)
        e = batch_files(j, b.id, &files, &n_files);
    if (!e && b.findings)
        e = batch_rules(j, b.id, &rules, &n_rules);
    if (e)
        return e;
    batch_view_make(j, &b, view_below(j, q, b.title, "/data", "All data"), &p);
    p.files = files_table(j, files, n_files);
    p.refused = data_rules(j, rules, n_rules, true);
    p.remarks = data_rules(j, rules, n_rules, false);
    view_batch(&r->body, &p);
    return OK;
}

/* ---- findings ---- */

static struct table
findings_table(struct job *j, const struct batch_finding *v, size_t n)
{
    static const struct column columns[] = {{"Where", false}, {"What is wrong", false},
        {"Value", false}, {"Row", false}};
    struct cell *c = job_array(j, 4 * n, sizeof *c);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = &c[4 * i];
        row[0] = (struct cell){.text = job_format(j, "Line %s", words_count(j, v[i].line)),
                               .note = v[i].file};
        row[1] = (struct cell){.text = v[i].message, .note = v[i].field};
        row[2].text = v[i].value;
        row[3].text = v[i].refused ? "Turned away" : "Went in";
    }
    return (struct table){.name = "Findings", .columns = columns, .n_columns = 4, .cells = c,
                          .n_rows = n, .stack = true};
}

enum err
page_findings(struct job *j, const struct request *q, struct response *r)
{
    struct batch b;
    struct batch_finding *v = NULL;
    struct findings_page p = {0};
    struct batch_page ask = {request_part_id(q, 0), request_int(q, "after", 0), FINDINGS_PAGE + 1};
    const char *path = job_format(j, "/data/batches/%lld", (long long)ask.batch_id);
    size_t n = 0;
    enum err e = batch_get(j, ask.batch_id, &b);

    if (!e)
        e = batch_findings(j, ask, &v, &n);
    if (e)
        return e;
    p.view = view_below(j, q, job_format(j, "Findings, %s", b.title), path, b.title);
    p.heading = words_counted(j, b.findings, "finding", "findings");
    p.lede = job_format(j, "%s. A row that was turned away is not in any figure; the others are.",
                        b.title);
    p.csv = b.findings ? job_format(j, "%s/findings.csv", path) : NULL;
    p.table = findings_table(j, v, n > FINDINGS_PAGE ? FINDINGS_PAGE : n);
    if (n > FINDINGS_PAGE) {
        p.pages.next = frame_with_int(j, job_format(j, "%s/findings", path), "after",
                                      v[FINDINGS_PAGE - 1].id);
        p.pages.next_text = "More findings";
    }
    if (ask.after > 0) {
        p.pages.previous = job_format(j, "%s/findings", path);
        p.pages.previous_text = "Back to the first";
    }
    view_findings(&r->body, &p);
    return OK;
}

/* All of them as a file: what somebody at a school needs to mend its records. */
enum { FINDINGS_MOST = 200000 };

static struct sheet
findings_sheet(struct job *j, const struct batch_finding *v, size_t n)
{
    static const struct sheet_column columns[] = {{.name = "file"}, {.name = "line"},
        {.name = "column"}, {.name = "field"}, {.name = "value"}, {.name = "rule"},
        {.name = "message"}, {.name = "turned_away"}, {.name = "urn"}};
    struct sheet_cell *c = job_array(j, 9 * n, sizeof *c);

    for (size_t i = 0; i < n; i++) {
        struct sheet_cell *row = &c[9 * i];
        row[0] = sheet_text(v[i].file);
        row[1] = sheet_text(job_format(j, "%lld", (long long)v[i].line));
        row[2] = sheet_text(v[i].column ? job_format(j, "%lld", (long long)v[i].column) : "");
        row[3] = sheet_text(v[i].field ? v[i].field : "");
        row[4] = sheet_text(v[i].value ? v[i].value : "");
        row[5] = sheet_text(v[i].rule);
        row[6] = sheet_text(v[i].message);
        row[7] = sheet_text(v[i].refused ? "yes" : "no");
        row[8] = sheet_text(v[i].urn ? job_format(j, "%lld", (long long)v[i].urn) : "");
    }
    return (struct sheet){.name = "findings", .title = "Findings", .columns = columns,
                          .n_columns = 9, .cells = c, .n_rows = n, .total = -1};
}

enum err
page_findings_csv(struct job *j, const struct request *q, struct response *r)
{
    struct batch b;
    struct batch_finding *v = NULL;
    struct batch_page ask = {request_part_id(q, 0), 0, FINDINGS_MOST};
    struct sheet s;
    size_t n = 0;
    enum err e = batch_get(j, ask.batch_id, &b);

    if (!e)
        e = batch_findings(j, ask, &v, &n);
    if (e)
        return e;
    s = findings_sheet(j, v, n);
    return download_csv(j, r, &s, job_format(j, "findings-of-batch-%lld.csv", (long long)b.id));
}
