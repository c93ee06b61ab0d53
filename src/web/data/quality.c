#include "web/data/quality.h"
#include "base/date.h"
#include "ui/words.h"
#include "web/data/quality.html.h"
#include "web/download/sheet.h"
#include "web/frame.h"
#include "web/pages.h"

enum { LIST_PAGE = 100, LIST_MOST = 200000 };

struct view *
data_view(struct job *j, const struct request *q, const char *title)
{
    static const struct link links[] = {
        {"/data", "Loaded", false}, {"/data/quality", "Quality", false},
        {"/data/coverage", "Coverage", false},
        {"/data/corrections", "Corrections", false},
    };
    struct view *v = frame_view(j, q, title);
    struct link *l = job_array(j, sizeof links / sizeof *links, sizeof *l);
    size_t n = 0;

    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (page_offered(j->who, links[i].href)) {
            l[n] = links[i];
            l[n++].here = !strcmp(q->path, links[i].href);
        }
    if (n > 1)
        v->sub = (struct links){l, n};
    v->sub_name = "Data";
    return v;
}

enum err
page_quality(struct job *j, const struct request *q, struct response *r)
{
    const char *schools = request_query(q, "schools");
    struct quality_state state;
    struct quality_counted *rules = NULL;
    struct quality_of_school *of = NULL;
    struct quality_facts f = {.state = &state, .own_school = permit_school(j->who) != 0,
                              .every_school = schools && !strcmp(schools, "all")};
    struct quality_asked ask = {.urn = QUALITY_ALL, .limit = f.every_school
        ? QUALITY_SCHOOLS_MOST : QUALITY_SCHOOLS_SHOWN + 1};
    struct quality_page p;
    enum err e = quality_state_get(j, &state);

    if (!e)
        e = quality_by_rule(j, &state, QUALITY_ALL, &rules, &f.n_rules);
    if (!e && !f.own_school)
        e = quality_by_school(j, &state, &ask, &of, &f.n_schools);
    if (e)
        return e;
    f.rules = rules;
    f.schools = of;
    quality_page_make(j, &f, data_view(j, q, "Data quality"), &p);
    view_quality(&r->body, &p);
    return OK;
}

/* ---- a list ---- */

/* "?school=100001&rule=code-e-no-record", both optional. */
static enum err
asked(struct job *j, const struct request *q, struct quality_asked *out)
{
    const char *rule = request_query(q, "rule");

    *out = (struct quality_asked){request_int(q, "school", QUALITY_ALL), rule,
                                  request_int(q, "after", 0), LIST_PAGE + 1};
    if (out->urn < QUALITY_ALL || (rule && quality_rule_find(rule) < 0))
        return err_set(j, ERR_NOT_FOUND, "there is no such list");
    return OK;
}

static const char *
path_of(struct job *j, const char *path, const struct quality_asked *a)
{
    const char *p = frame_with(j, path, "rule", a->rule);

    return a->urn == QUALITY_ALL ? p : frame_with_int(j, p, "school", a->urn);
}

static const char *
original_of(struct job *j, const struct quality_row *v)
{
    if (!v->fact || !v->person || !v->batch ||
        !page_offered(j->who, "/children/:person/facts/:kind/:batch/:file/:line"))
        return NULL;
    return job_format(j, "/children/%lld/facts/%s/%lld/%lld/%lld", (long long)v->person, v->fact,
                      (long long)v->batch, (long long)v->file, (long long)v->line);
}

static void
list_row(struct job *j, const struct quality_row *v, bool one_rule, struct cell *row)
{
    const struct quality_rule *rule = &quality_rules[quality_rule_find(v->rule)];
    char day[DATE_TEXT];

    row[0] = (struct cell){.text = v->name ? v->name : v->person ? "Name not known" : "The school",
                           .note = v->urn ? v->school : "The authority"};
    if (v->person && page_offered(j->who, "/children/:person"))
        row[0].href = job_format(j, "/children/%lld", (long long)v->person);
    row[1] = (struct cell){.text = v->message, .note = one_rule ? NULL : rule->sentence};
    row[2].text = quality_severity_words(rule->severity);
    row[3] = (struct cell){.text = v->on == DATE_NONE ? NULL : job_copy(j, date_words(v->on, day)),
                           .href = v->on == DATE_NONE ? NULL : original_of(j, v),
                           .hidden = "as it stands in the file"};
}

static struct table
list_table(struct job *j, const struct quality_row *v, size_t n, bool one_rule)
{
    static const struct column columns[] = {{"Child", false}, {"What is wrong", false},
                                            {"How grave", false}, {"When", false}};
    struct cell *c = job_array(j, 4 * n, sizeof *c);

    for (size_t i = 0; i < n; i++)
        list_row(j, &v[i], one_rule, &c[4 * i]);
    return (struct table){.name = "What is to be checked", .columns = columns, .n_columns = 4,
                          .cells = c, .n_rows = n, .stack = true};
}

static void
list_words(struct job *j, const struct quality_asked *a, const struct quality_row *v, size_t n,
           struct quality_list_page *p)
{
    int rule = a->rule ? quality_rule_find(a->rule) : -1;
    bool one_school = a->urn != QUALITY_ALL || permit_school(j->who);
    const char *school = !one_school     ? "All schools"
                         : a->urn == 0   ? "The authority itself"
                         : n && v->school ? v->school
                                          : "This school";

    p->heading = rule < 0 ? "What is to be checked" : quality_rules[rule].sentence;
    p->lede = !n && !a->after
                  ? job_format(j, "%s: nothing was found.", school)
                  : job_format(j, "%s. When it is mended at the school, the next return or "
                               "register takes it off this list.", school);
}

static enum err
read_list(struct job *j, const struct quality_asked *a, struct quality_row **v, size_t *n)
{
    struct quality_state state;
    enum err e = quality_state_get(j, &state);

    return e ? e : quality_list(j, &state, a, v, n);
}

enum err
page_quality_list(struct job *j, const struct request *q, struct response *r)
{
    struct quality_asked a;
    struct quality_row *v = NULL;
    struct quality_list_page p = {0};
    struct view *view = data_view(j, q, "Data quality");
    size_t n = 0;
    enum err e = asked(j, q, &a);

    if (!e)
        e = read_list(j, &a, &v, &n);
    if (e)
        return e;
    view->back = "/data/quality";
    view->back_text = "Data quality";
    p.view = view;
    list_words(j, &a, v, n, &p);
    p.csv = n ? path_of(j, "/data/quality/list.csv", &a) : NULL;
    p.table = list_table(j, v, n > LIST_PAGE ? LIST_PAGE : n, a.rule != NULL);
    if (n > LIST_PAGE) {
        p.pages.next = frame_with_int(j, path_of(j, "/data/quality/list", &a), "after",
                                      v[LIST_PAGE - 1].place);
        p.pages.next_text = "More to check";
    }
    if (a.after > 0) {
        p.pages.previous = path_of(j, "/data/quality/list", &a);
        p.pages.previous_text = "Back to the first";
    }
    view_quality_list(&r->body, &p);
    return OK;
}

/* ---- the list as a file, for the school ---- */

static const char *
number(struct job *j, int64_t n)
{
    return n ? job_format(j, "%lld", (long long)n) : "";
}

static const char *
iso(struct job *j, int32_t day)
{
    char text[DATE_TEXT];

    return job_copy(j, date_iso(day, text));
}

static void
sheet_row(struct job *j, const struct quality_row *v, struct sheet_cell *row)
{
    const struct quality_rule *rule = &quality_rules[quality_rule_find(v->rule)];

    row[0] = sheet_text(number(j, v->urn));
    row[1] = sheet_text(v->school ? v->school : "");
    row[2] = sheet_text(v->rule);
    row[3] = sheet_text(quality_severity_words(rule->severity));
    row[4] = sheet_text(v->message);
    row[5] = sheet_text(v->value ? v->value : "");
    row[6] = sheet_text(iso(j, v->on));
    row[7] = sheet_text(v->name ? v->name : "");
    row[8] = sheet_text(v->upn ? v->upn : "");
    row[9] = sheet_text(iso(j, v->born));
    row[10] = sheet_text(rule->source);
    row[11] = sheet_text(number(j, v->batch));
    row[12] = sheet_text(number(j, v->line));
}

static struct sheet
list_sheet(struct job *j, const struct quality_row *v, size_t n)
{
    static const struct sheet_column columns[] = {{.name = "urn"}, {.name = "school"},
        {.name = "rule"}, {.name = "severity"}, {.name = "message"}, {.name = "value"},
        {.name = "date"}, {.name = "name"}, {.name = "upn"}, {.name = "born"}, {.name = "source"},
        {.name = "batch"}, {.name = "line"}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct sheet_cell *c = job_array(j, COLUMNS * n, sizeof *c);

    for (size_t i = 0; i < n; i++)
        sheet_row(j, &v[i], &c[COLUMNS * i]);
    return (struct sheet){.name = "to-check", .title = "What is to be checked",
                          .columns = columns, .n_columns = COLUMNS, .cells = c, .n_rows = n,
                          .total = -1};
}

enum err
page_quality_csv(struct job *j, const struct request *q, struct response *r)
{
    struct quality_asked a;
    struct quality_row *v = NULL;
    struct sheet s;
    size_t n = 0;
    int64_t own = permit_school(j->who);
    enum err e = asked(j, q, &a);

    a.after = 0;
    a.limit = LIST_MOST;
    if (!e)
        e = read_list(j, &a, &v, &n);
    if (e)
        return e;
    s = list_sheet(j, v, n);
    if (own || a.urn > 0)
        return download_csv(j, r, &s, job_format(j, "to-check-%lld.csv",
                                                 (long long)(own ? own : a.urn)));
    return download_csv(j, r, &s, "to-check.csv");
}
