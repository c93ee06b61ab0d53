#include "intake/file_check.h"
#include "access/permit.h"
#include <jansson.h>

enum { KEPT = 50 /* tasks */ };

/* ---- as JSON ------------------------------------------------------------------------ */

static json_t *
rules_json(const struct load_batch *b)
{
    json_t *all = json_array();

    for (size_t i = 0; i < b->n_rules; i++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:I, s:I, s:b}", "rule",
                                             b->rule[i].rule, "message", b->rule[i].message,
                                             "file", b->rule[i].file, "line",
                                             (json_int_t)b->rule[i].line, "count",
                                             (json_int_t)b->rule[i].count, "refused",
                                             (int)b->rule[i].refused));
    return all;
}

static json_t *
found_json(const struct load_batch *b)
{
    json_t *all = json_array();

    for (size_t i = 0; i < b->n_found; i++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:I, s:b}", "message",
                                             b->finding[i].message, "file", b->finding[i].file,
                                             "line", (json_int_t)b->finding[i].line, "refused",
                                             (int)b->finding[i].refused));
    return all;
}

static json_t *
batch_json(const struct load_batch *b)
{
    return json_pack("{s:i, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "outcome",
                     (int)b->outcome, "kind", b->kind, "title", b->title, "message", b->message,
                     "id", (json_int_t)b->id, "read", (json_int_t)b->read, "loaded",
                     (json_int_t)b->loaded, "refused", (json_int_t)b->refused, "findings",
                     (json_int_t)b->findings, "rules", rules_json(b), "found", found_json(b));
}

/* Never the folder, which is the program's own. */
static const char *
name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static const char *
result_json(struct job *j, const struct load_result *r)
{
    json_t *batches = json_array(), *left = json_array(), *all;
    char *text, *copy = NULL;

    for (size_t i = 0; i < r->n_batches; i++)
        json_array_append_new(batches, batch_json(&r->batch[i]));
    for (size_t i = 0; i < r->n_left; i++)
        json_array_append_new(left, json_pack("{s:s, s:s}", "file", name_of(r->left[i].path),
                                              "why", r->left[i].why));
    all = json_pack("{s:o, s:o}", "batches", batches, "left", left);
    text = json_dumps(all, JSON_COMPACT);
    if (text && (copy = job_try_alloc(j, strlen(text) + 1)))
        memcpy(copy, text, strlen(text) + 1);
    free(text);
    json_decref(all);
    return copy;
}

static const char sql_clear[] = "DELETE FROM file_check WHERE area_id = $1 AND task_id <= $2";
static const char sql_add[] =
    "INSERT INTO file_check (area_id, task_id, result) VALUES ($1, $2, $3)";
static const char sql_again[] = "DELETE FROM file_check WHERE area_id = $1 AND task_id = $2";

enum err
file_check_save(struct job *j, int64_t task, const struct load_result *r)
{
    const char *text = result_json(j, r);
    enum err e = text ? db_begin(j) : err_set(j, ERR_FAULT, "what was found could not be kept");

    if (!e)
        e = db_run(j, sql_clear, ARGS(INT(j->area), INT(task - KEPT)), NULL);
    if (!e)
        e = db_run(j, sql_again, ARGS(INT(j->area), INT(task)), NULL);
    if (!e)
        e = db_run(j, sql_add, ARGS(INT(j->area), INT(task), TEXT(text)), NULL);
    return e ? e : db_commit(j);
}

/* ---- and back ------------------------------------------------------------------------ */

/* Until it is freed nothing may jump: memory that is not there gives "". */
struct reading_json {
    struct job *j;
    bool short_of;
};

static const char *
text_of(struct reading_json *x, const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));
    char *copy = s ? job_try_alloc(x->j, strlen(s) + 1) : NULL;

    x->short_of = x->short_of || (s && !copy);
    return copy ? memcpy(copy, s, strlen(s) + 1) : "";
}

static int64_t
int_of(const json_t *o, const char *name)
{
    return json_integer_value(json_object_get(o, name));
}

static void *
room_for(struct reading_json *x, size_t n, size_t size)
{
    void *v = job_try_alloc(x->j, (n + 1) * size);

    x->short_of = x->short_of || !v;
    return v;
}

static void
read_batch(struct reading_json *x, const json_t *o, struct load_batch *b)
{
    const json_t *rules = json_object_get(o, "rules"), *found = json_object_get(o, "found");
    size_t n_rules = json_array_size(rules), n_found = json_array_size(found);

    *b = (struct load_batch){.outcome = (enum load_outcome)int_of(o, "outcome"),
        .id = int_of(o, "id"), .kind = text_of(x, o, "kind"), .read = int_of(o, "read"),
        .loaded = int_of(o, "loaded"), .refused = int_of(o, "refused"),
        .findings = int_of(o, "findings"), .rule = room_for(x, n_rules, sizeof *b->rule),
        .finding = room_for(x, n_found, sizeof *b->finding)};
    snprintf(b->title, sizeof b->title, "%s", text_of(x, o, "title"));
    snprintf(b->message, sizeof b->message, "%s", text_of(x, o, "message"));
    for (size_t i = 0; b->rule && i < n_rules; i++) {
        const json_t *r = json_array_get(rules, i);
        b->rule[b->n_rules++] = (struct batch_rule){.rule = text_of(x, r, "rule"),
            .message = text_of(x, r, "message"), .file = text_of(x, r, "file"),
            .line = int_of(r, "line"), .count = int_of(r, "count"),
            .refused = json_is_true(json_object_get(r, "refused"))};
    }
    for (size_t i = 0; b->finding && i < n_found; i++) {
        const json_t *f = json_array_get(found, i);
        b->finding[b->n_found++] = (struct batch_finding){.message = text_of(x, f, "message"),
            .file = text_of(x, f, "file"), .line = int_of(f, "line"),
            .refused = json_is_true(json_object_get(f, "refused"))};
    }
}

static void
read_result(struct reading_json *x, const json_t *all, struct load_result *out)
{
    const json_t *batches = json_object_get(all, "batches"), *left = json_object_get(all, "left");
    size_t n = json_array_size(batches), n_left = json_array_size(left);

    out->batch = room_for(x, n, sizeof *out->batch);
    out->left = room_for(x, n_left, sizeof *out->left);
    for (size_t i = 0; out->batch && i < n; i++) {
        struct load_batch *b = &out->batch[out->n_batches++];
        read_batch(x, json_array_get(batches, i), b);
        out->published += b->outcome == LOAD_PUBLISHED;
        out->known += b->outcome == LOAD_KNOWN;
        out->refused += b->outcome == LOAD_REFUSED;
    }
    for (size_t i = 0; out->left && i < n_left; i++) {
        const json_t *l = json_array_get(left, i);
        out->left[out->n_left++] = (struct load_left){.path = text_of(x, l, "file"),
                                                      .why = text_of(x, l, "why")};
    }
}

static const char sql_get[] =
    "SELECT result FROM file_check WHERE area_id = $1 AND task_id = $2";

enum err
file_check_get(struct job *j, int64_t task, struct load_result *out)
{
    enum err e = permit(j, ACT_LOAD, (struct subject){.what = "check of files"});
    struct reading_json x = {.j = j};
    const char *text = NULL;
    struct rows q;
    json_t *all;

    *out = (struct load_result){0};
    if (e)
        return e;
    db_ask(j, &q, sql_get, ARGS(INT(j->area), INT(task)));
    while (db_next(&q))
        text = row_text(&q, 0);
    if ((e = db_done(&q)))
        return e;
    if (!text)
        return err_set(j, ERR_NOT_FOUND, "there is no such check");
    all = json_loads(text, 0, NULL);
    read_result(&x, all, out);
    json_decref(all);
    return x.short_of ? err_set(j, ERR_BUSY, "the check is too long to show") : OK;
}
