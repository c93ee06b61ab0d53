#include "returns/json.h"
#include "returns/recognise.h"

/* The names that the beginning of a file holds, as paths: "data/date_of_birth/date". */
struct sniff {
    struct job *j;
    struct json json;
    int depth;
    char path[1024];
    size_t end[TREE_DEPTH + 1]; /* of the path at each depth */
    const char **name; /* those seen */
    size_t n;
    const char *problem;
    bool failed;
};
enum { MOST_NAMES = 1000, MOST_TEXT = 1024 * 1024 };

static void
on_start(void *arg, const char *name, size_t n, enum tree_kind kind)
{
    struct sniff *s = arg;
    size_t at = s->end[s->depth];

    (void)kind;
    if (at + n + 2 < sizeof s->path) {
        if (at)
            s->path[at++] = '/';
        memcpy(s->path + at, name, n);
        at += n;
    }
    s->end[++s->depth] = at;
}

static void
on_text(void *arg, const char *text, size_t n)
{
    (void)arg, (void)text, (void)n;
}

static void
on_end(void *arg, const char *name, size_t n)
{
    struct sniff *s = arg;
    size_t length = s->end[s->depth--];
    char *copy;

    (void)name, (void)n;
    for (size_t i = 0; i < s->n; i++)
        if (strlen(s->name[i]) == length && !memcmp(s->name[i], s->path, length))
            return;
    if (s->n == MOST_NAMES)
        return;
    copy = job_try_alloc(s->j, length + 1);
    if (!copy) {
        s->failed = true;
        json_stop(&s->json);
        return;
    }
    memcpy(copy, s->path, length);
    s->name[s->n++] = copy;
}

static void
on_refuse(void *arg, const char *what)
{
    ((struct sniff *)arg)->problem = what;
}

static enum err
problem(struct job *j, const struct returns_file *f, struct sniff *s)
{
    char why[128];

    if (s->failed)
        return j->err.kind;
    if (s->problem)
        err_set(j, ERR_INPUT, "%s, line %lld: %s", f->name, (long long)s->json.lines, s->problem);
    else
        err_set(j, ERR_INPUT, "%s, line %lld: this is not well-formed JSON (%s)", f->name,
                (long long)s->json.lines, json_problem(&s->json, why, sizeof why));
    return err_hint(j, "Export it again; do not change such a file by hand.");
}

/* As much of the file as tells what it is. */
static enum err
sniff_file(struct job *j, const struct returns_file *f, struct sniff *s)
{
    struct encoding_reader reader = {.s = f->bytes, .n = f->n_bytes, .from = f->encoding};
    char *chunk = job_alloc(j, TREE_CHUNK);
    size_t n, total = 0;
    enum err e;

    do {
        e = encoding_read(j, &reader, chunk, TREE_CHUNK, &n);
        if (e)
            return e;
        if (n && !json_feed(&s->json, chunk, n))
            return problem(j, f, s);
        total += n;
    } while (n && total < MOST_TEXT);
    return OK;
}

enum err
file_open_json(struct job *j, struct returns_file *f)
{
    static const struct json_calls calls = {on_start, on_text, on_end, on_refuse};
    struct sniff *s = job_alloc(j, sizeof *s);
    enum err e;

    if (f->encoding == ENC_WINDOWS_1252) {
        err_set(j, ERR_INPUT, "%s is JSON, but its text is not UTF-8, as that of JSON must be",
                f->name);
        return err_hint(j, "Export it again as UTF-8.");
    }
    s->j = j;
    s->name = job_array(j, MOST_NAMES, sizeof *s->name);
    e = json_open(j, &calls, s, &s->json);
    if (e || (e = sniff_file(j, f, s)))
        return e;
    e = recognise_paths(j, s->name, s->n, &f->layout);
    if (e)
        return file_named(j, f, e);
    f->form = FORM_JSON;
    f->family = f->layout->family;
    return OK;
}
