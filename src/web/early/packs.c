/* Changing which signs count: a draft, who would join and leave, and adopting it. */
#include "base/text.h"
#include "people/child.h"
#include "risk/sign_change.h"
#include "ui/words.h"
#include "web/early/signs.h"
#include "web/early/signs.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/server.h"
#include "web/states/empty.h"
#include "work/task.h"

enum { WHY_MOST = 200, CHILDREN_MOST = 200 };

/* ---- the form ---------------------------------------------------------------------- */

static const char *
limit_label(struct job *j, const char *name)
{
    char *label = job_format(j, "%s", words_capital(j, name));

    for (char *at = label; *at; at++)
        if (*at == '_')
            *at = ' ';
    return label;
}

static struct sign_field
field_of(struct job *j, const struct request *q, const struct sign_rule *r)
{
    struct sign_limit_field *l = job_array(j, SIGN_LIMITS, sizeof *l);
    bool posted = q->method == POST;
    struct sign_field f = {.id = r->id, .title = r->title, .limit = l,
                           .name = job_format(j, "on-%s", r->id)};
    const char *name;

    f.on = !posted || request_form(q, f.name);
    for (int i = 0; i < SIGN_LIMITS && (name = sign_limit_name(j, r->kind, i)); i++) {
        const char *field = job_format(j, "%s-%s", r->id, name);
        const char *typed = posted ? request_form(q, field) : NULL;
        l[f.n_limits++] = (struct sign_limit_field){
            field, limit_label(j, name), typed ? typed : job_format(j, "%d", r->limit[i])};
    }
    return f;
}

static const struct named *
earlier(struct job *j, const struct sign_pack_row *v, size_t n)
{
    struct named *out = job_array(j, n + 1, sizeof *out);
    char day[DATE_TEXT];

    for (size_t i = 0; i < n; i++)
        out[i] = (struct named){
            .name = v[i].version, .href = job_format(j, "/early/packs/%lld", (long long)v[i].id),
            .value = v[i].state, .note = job_copy(j, time_words(v[i].made, day))};
    return out;
}

static enum err
show_form(struct job *j, const struct request *q, struct response *r, const struct problems *bad)
{
    const char *version = request_form(q, "version");
    struct sign_change_page p = {.version = version ? version : ""};
    const struct sign_pack_row *packs;
    struct sign_field *fields;
    struct sign_run run;
    struct view *view;
    enum err e = sign_run_current(j, &run);

    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Change the signs");
    if (!e)
        e = sign_pack_list(j, &packs, &p.n_packs);
    if (e)
        return e;
    fields = job_array(j, run.pack.n, sizeof *fields);
    for (size_t i = 0; i < run.pack.n; i++)
        fields[i] = field_of(j, q, &run.pack.rule[i]);
    p.field = fields;
    p.n = run.pack.n;
    p.packs = earlier(j, packs, p.n_packs);
    p.view = view = frame_view(j, q, "Change the signs");
    view->back = "/early/signs";
    view->back_text = "Warning signs";
    if (bad) {
        p.problems = *bad;
        r->status = 422;
    }
    view_sign_change(&r->body, &p);
    return OK;
}

enum err
page_pack_new(struct job *j, const struct request *q, struct response *r)
{
    return show_form(j, q, r, NULL);
}

/* ---- a draft ----------------------------------------------------------------------- */

/* What was typed for one sign; the first field that is no number is told. */
static bool
read_change(struct job *j, const struct sign_field *f, struct sign_change *out,
            struct problem *bad)
{
    *out = (struct sign_change){.id = f->id, .off = !f->on};
    for (size_t k = 0; k < f->n_limits; k++) {
        struct span typed = span_trim(span_of(f->limit[k].value));
        if (text_to_int(typed.s, typed.n, &out->limit[k]) && out->limit[k] >= 0 &&
            out->limit[k] <= 1000)
            continue;
        *bad = (struct problem){f->limit[k].name,
                                job_format(j, "Sign %s: give %s as a whole number from 0 to 1000",
                                           f->id, f->limit[k].label)};
        return false;
    }
    return true;
}

static bool
read_changes(struct job *j, const struct request *q, const struct sign_pack *pack,
             struct sign_change *out, struct problem *bad)
{
    for (size_t i = 0; i < pack->n; i++) {
        struct sign_field f = field_of(j, q, &pack->rule[i]);
        if (!read_change(j, &f, &out[i], bad))
            return false;
    }
    return true;
}

static enum err
make_draft(struct job *j, const struct sign_run *run, const char *version,
           const struct sign_change *change, int64_t *id)
{
    struct span text, changed;
    enum err e = sign_pack_text(j, run->pack_id, &text);

    if (!e)
        e = sign_pack_change(j, text, &(struct sign_changes){version, change, run->pack.n},
                             &changed);
    return e ? e : sign_pack_add(j, changed, id);
}

enum err
page_pack_add(struct job *j, const struct request *q, struct response *r)
{
    const char *typed = request_form(q, "version");
    struct span version = span_trim(span_of(typed ? typed : ""));
    struct problem bad = {"version", NULL};
    struct problems problems = {&bad, 1};
    struct sign_change *change;
    struct sign_run run;
    int64_t id;
    enum err e = sign_run_current(j, &run);

    if (e)
        return e;
    change = job_array(j, run.pack.n, sizeof *change);
    if (!version.n || version.n > 40)
        bad.text = "Give this version a name of up to 40 letters, such as the month";
    else if (!read_changes(j, q, &run.pack, change, &bad))
        return show_form(j, q, r, &problems);
    if (bad.text)
        return show_form(j, q, r, &problems);
    e = make_draft(j, &run, job_format(j, "%.*s", (int)version.n, version.s), change, &id);
    if (e == ERR_INPUT) {
        bad.text = job_copy(j, j->err.message);
        err_clear(j);
        return show_form(j, q, r, &problems);
    }
    if (!e)
        r->location = job_format(j, "/early/packs/%lld", (long long)id);
    return e;
}

/* ---- who would join and leave ------------------------------------------------------- */

static struct table
rule_table(struct job *j, const struct sign_preview *v)
{
    static const struct column columns[] = {{"Sign", false}, {"What it is", false},
                                            {"Now", true}, {"Then", true}};
    struct cell *c = job_array(j, 4 * v->n_rules + 1, sizeof *c);

    for (size_t i = 0; i < v->n_rules; i++) {
        const struct sign_preview_rule *x = &v->rule[i];
        c[4 * i].text = x->id;
        c[4 * i + 1].text = x->title;
        c[4 * i + 2] = x->now < 0 ? (struct cell){.absent = NONE}
                                  : (struct cell){.text = words_count(j, x->now)};
        c[4 * i + 3] = x->then < 0 ? (struct cell){.absent = NONE}
                                   : (struct cell){.text = words_count(j, x->then)};
    }
    return (struct table){.name = "Children with each sign", .columns = columns, .n_columns = 4,
                          .cells = c, .n_rows = v->n_rules};
}

static struct table
school_table(struct job *j, const struct sign_preview *v)
{
    static const struct column columns[] = {{"School", false}, {"Now", true}, {"Then", true},
                                            {"Join", true}, {"Leave", true}};
    struct cell *c = job_array(j, 5 * v->n_schools + 1, sizeof *c);

    for (size_t i = 0; i < v->n_schools; i++) {
        const struct sign_preview_school *x = &v->school[i];
        const int64_t n[] = {x->now, x->then, x->added, x->removed};
        c[5 * i].text = x->name;
        for (size_t k = 0; k < 4; k++)
            c[5 * i + 1 + k].text = words_count(j, n[k]);
    }
    return (struct table){.name = "Schools", .columns = columns, .n_columns = 5, .cells = c,
                          .n_rows = v->n_schools};
}

static struct table
child_table(struct job *j, const char *name, const struct sign_preview_child *v, size_t n)
{
    static const struct column columns[] = {{"Name", false}, {"School", false}, {"Year", false},
                                            {"Signs", false}};
    struct cell *c = job_array(j, 4 * CHILDREN_MOST, sizeof *c);
    size_t shown = n < CHILDREN_MOST ? n : CHILDREN_MOST;

    for (size_t i = 0; i < shown; i++) {
        c[4 * i] = (struct cell){.text = v[i].name,
                                 .href = job_format(j, "/children/%lld", (long long)v[i].person)};
        c[4 * i + 1].text = v[i].school;
        c[4 * i + 2].text = child_year_group(j, v[i].year_group);
        c[4 * i + 3].text = v[i].words;
    }
    return (struct table){.name = name, .columns = columns, .n_columns = 4, .cells = c,
                          .n_rows = shown, .stack = true};
}

static const char *
preview_lede(struct job *j, const struct sign_preview *v)
{
    char day[DATE_TEXT];

    if (!v->n_added && !v->n_removed)
        return job_format(j, "The list of %s would stay as it is, %s.",
                          date_words(v->day, day), words_counted(j, v->now, "child", "children"));
    return job_format(j, "On %s the list would go from %s to %s: %s would join, %s would leave.%s",
                      date_words(v->day, day), words_count(j, v->now),
                      words_counted(j, v->then, "child", "children"),
                      words_count(j, (int64_t)v->n_added), words_count(j, (int64_t)v->n_removed),
                      v->n_added > CHILDREN_MOST || v->n_removed > CHILDREN_MOST
                          ? " The first 200 of each are below." : "");
}

static enum err
show_pack(struct job *j, const struct request *q, struct response *r, const struct problems *bad)
{
    const char *why = request_form(q, "why");
    struct sign_preview_page p = {.why = why ? why : ""};
    struct sign_pack_row row;
    struct sign_preview v;
    struct sign_pack pack;
    struct view *view;
    enum err e = sign_pack_get(j, request_part_id(q, 0), &row);

    if (!e)
        e = sign_pack_load(j, row.id, &pack);
    if (!e)
        e = sign_preview(j, server_home(q->server), &pack, &v);
    if (e)
        return e;
    p.view = view = frame_view(j, q, row.version);
    view->back = "/early/packs/new";
    view->back_text = "Change the signs";
    p.heading = job_format(j, "%s: %s", row.version,
                           strcmp(row.state, "draft") ? row.state : "not adopted yet");
    p.lede = preview_lede(j, &v);
    p.action = job_format(j, "/early/packs/%lld/adopt", (long long)row.id);
    p.draft = strcmp(row.state, "adopted") != 0;
    p.signs = rule_table(j, &v);
    p.schools = school_table(j, &v);
    p.added = child_table(j, "Would join the list", v.added, v.n_added);
    p.removed = child_table(j, "Would leave the list", v.removed, v.n_removed);
    if (bad) {
        p.problems = *bad;
        r->status = 422;
    }
    view_sign_preview(&r->body, &p);
    return OK;
}

enum err
page_pack(struct job *j, const struct request *q, struct response *r)
{
    return show_pack(j, q, r, NULL);
}

enum err
page_pack_adopt(struct job *j, const struct request *q, struct response *r)
{
    const char *typed = request_form(q, "why");
    struct span why = span_trim(span_of(typed ? typed : ""));
    struct problem bad = {"why", "Say why, for those who ask later"};
    int64_t task;
    enum err e;

    if (!why.n || why.n > WHY_MOST)
        return show_pack(j, q, r, &(struct problems){&bad, 1});
    e = sign_pack_adopt(j, request_part_id(q, 0), job_format(j, "%.*s", (int)why.n, why.s));
    if (!e)
        e = task_add(j, "signs", "{}", j->who ? j->who->login : "nobody", &task);
    if (!e)
        r->location = "/early/signs";
    return e;
}
