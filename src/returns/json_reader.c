#include "returns/json.h"

/* A JSON file as yajl reads it.  yajl cannot be held within a piece of text, so it is given
 * text up to the next closing bracket of an object: with it at most one record is complete. */
struct json_reading {
    struct tree tree; /* first: tree_events.c knows only this */
    struct json json;
    bool paused;
};

static void
stop(struct tree *x)
{
    json_stop(&((struct json_reading *)x)->json);
}

static void
pause_reading(struct tree *x)
{
    ((struct json_reading *)x)->paused = true;
}

static int64_t
line_of(struct tree *x)
{
    return ((struct json_reading *)x)->json.line;
}

static int64_t
byte_of(struct tree *x)
{
    return ((struct json_reading *)x)->json.at;
}

static bool
begins_line(struct tree *x)
{
    return ((struct json_reading *)x)->json.begins_line;
}

static const struct tree_library library = {stop, pause_reading, line_of, byte_of, begins_line};

static void
on_start(void *arg, const char *name, size_t n, enum tree_kind kind)
{
    tree_start(arg, name, n, kind);
}

static void
on_text(void *arg, const char *s, size_t n)
{
    tree_text(arg, s, n);
}

static void
on_end(void *arg, const char *name, size_t n)
{
    tree_end(arg, name, n);
}

static void
on_refuse(void *arg, const char *what)
{
    tree_refuse(arg, what);
}

static enum err
not_well_formed(struct json_reading *r, bool at_end)
{
    struct job *j = r->tree.j;
    char why[128];

    if (r->tree.failed)
        return j->err.kind;
    if (at_end) {
        err_set(j, ERR_INPUT, "%s breaks off in line %lld: its end is missing", r->tree.f->name,
                (long long)r->json.lines);
        return err_hint(j, "The file is not whole. Copy or export it again.");
    }
    err_set(j, ERR_INPUT, "%s, line %lld: this is not well-formed JSON (%s)", r->tree.f->name,
            (long long)r->json.lines, json_problem(&r->json, why, sizeof why));
    return err_hint(j, "Export it again; do not change such a file by hand.");
}

/* After a piece: nothing may grow without an end. */
static enum err
check_size(struct json_reading *r)
{
    int64_t done = r->json.base + (int64_t)r->json.n;
    bool token = done - r->json.token > TREE_TOKEN;

    if (!token && r->tree.node < 0 && done - r->tree.piece >= PIECE)
        return tree_hand_out_text(&r->tree, done, r->json.lines);
    if (!token && done - r->tree.piece <= TREE_RECORD)
        return OK;
    return tree_too_large(&r->tree, r->json.lines, token ? "a single value" : NULL);
}

static enum err
feed(struct json_reading *r, const char *s, size_t n)
{
    enum err e = OK;

    for (size_t at = 0, step; !e && at < n; at += step) {
        const char *close = memchr(s + at, '}', n - at);
        step = close ? (size_t)(close - s) + 1 - at : n - at;
        if (!json_feed(&r->json, s + at, step))
            return not_well_formed(r, false);
        if (r->paused) {
            r->paused = false;
            e = tree_hand_out(&r->tree, r->json.base + (int64_t)r->json.n, r->json.lines);
        }
        if (!e)
            e = check_size(r);
    }
    return e;
}

static enum err
feed_all(struct json_reading *r)
{
    struct file_text *t = &r->tree.text;
    char *chunk = t->direct ? NULL : job_alloc(r->tree.j, TREE_CHUNK);
    size_t at = 0, n = 0;
    enum err e = OK;

    do {
        const char *s = t->s + at;
        if (t->direct) {
            n = t->n - at < TREE_CHUNK ? t->n - at : TREE_CHUNK;
            at += n;
        } else {
            e = file_text_read(r->tree.j, t, chunk, TREE_CHUNK, &n);
            s = chunk;
        }
        if (!e)
            e = feed(r, s, n);
    } while (!e && n > 0);
    if (e)
        return e;
    if (!json_end(&r->json))
        return not_well_formed(r, true);
    return tree_hand_out_text(&r->tree, r->json.base, r->json.lines);
}

enum err
file_read_json(struct job *j, const struct returns_file *f, const struct receiver *to,
               struct returns_counts *counts)
{
    static const struct json_calls calls = {on_start, on_text, on_end, on_refuse};
    struct json_reading *r = job_alloc(j, sizeof *r);
    enum err e = json_open(j, &calls, &r->tree, &r->json);

    if (e)
        return e;
    r->tree.to = to;
    r->tree.counts = counts;
    r->tree.library = &library;
    tree_prepare(&r->tree, j, f, FORM_JSON);
    e = feed_all(r);
    counts->note = tree_strangers(j, &r->tree);
    if (!e && !*counts->note && counts->read + counts->skipped == 0)
        counts->note = "the file holds no records";
    return e;
}
