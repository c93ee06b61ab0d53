#include "returns/json.h"
#include "returns/show.h"

/* An object of kept text, read by itself: its values under their ways ("student/data/id"),
 * but for those of records in it. */
struct show {
    struct job *j;
    struct json json;
    const struct layout *l;
    int depth, within; /* depth at which a record within begins; 0 none */
    size_t end[TREE_DEPTH + 2]; /* of the path, at each depth */
    char path[1024];
    struct original *list;
    size_t n, room;
    bool failed;
};

/* Is this the last part of a path at which records of this family lie? */
static bool
is_record(const struct layout *of, struct span name)
{
    for (size_t i = 0; i < n_layouts; i++) {
        const char *list = layouts[i].element;
        if (strcmp(layouts[i].family, of->family) != 0)
            continue;
        for (struct span w = tree_next(&list, FORM_JSON); w.n; w = tree_next(&list, FORM_JSON)) {
            struct span last = tree_part(&w);
            bool inner = w.n > 0;
            while (w.n)
                last = tree_part(&w);
            if (inner && last.n == name.n && !strncasecmp(last.s, name.s, name.n))
                return true;
        }
    }
    return false;
}

static void
on_start(void *arg, const char *name, size_t n, enum tree_kind kind)
{
    struct show *s = arg;
    size_t at = s->end[s->depth];

    if (at + n + 2 < sizeof s->path) {
        if (at)
            s->path[at++] = '/';
        memcpy(s->path + at, name, n);
        at += n;
    }
    s->end[++s->depth] = at;
    if (!s->within && kind == TREE_BRANCH && is_record(s->l, (struct span){name, n}))
        s->within = s->depth;
}

static void
on_end(void *arg, const char *name, size_t n)
{
    struct show *s = arg;

    (void)name, (void)n;
    if (s->within == s->depth)
        s->within = 0;
    s->depth--;
}

static bool
make_room(struct show *s)
{
    size_t room = s->room ? 2 * s->room : 32;
    struct original *longer;

    if (s->n < s->room)
        return true;
    longer = job_try_alloc(s->j, room * sizeof *longer);
    if (!longer)
        return false;
    if (s->n)
        memcpy(longer, s->list, s->n * sizeof *longer);
    s->list = longer;
    s->room = room;
    return true;
}

static void
on_text(void *arg, const char *text, size_t n)
{
    struct show *s = arg;
    size_t n_name = s->end[s->depth];
    char *name, *value;

    if (s->within)
        return;
    name = job_try_alloc(s->j, n_name + 1);
    value = job_try_alloc(s->j, n + 1);
    if (!name || !value || !make_room(s)) {
        s->failed = true;
        json_stop(&s->json);
        return;
    }
    memcpy(name, s->path, n_name);
    memcpy(value, text, n);
    s->list[s->n++] = (struct original){name, value};
}

static void
on_refuse(void *arg, const char *what)
{
    (void)arg, (void)what;
}

/* Where the value ends that begins here: a bracket that closes it, a comma after it. */
static size_t
end_of_value(struct span text)
{
    int depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
            continue;
        }
        quoted = c == '"';
        if (depth == 0 && i && strchr(",]}", c))
            return i;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (depth == 0 && (c == '}' || c == ']'))
            return i + 1;
    }
    return text.n;
}

struct span
returns_json_at(struct span text)
{
    size_t at = 0;

    while (at < text.n && strchr(" \t\r\n,:", text.s[at]))
        at++;
    text = (struct span){text.s + at, text.n - at};
    text.n = end_of_value(text);
    return text;
}

/* A name and a colon: no record begins in this line. */
static bool
is_key(struct span value, struct span all)
{
    const char *s, *end = all.s + all.n;

    if (*value.s != '"')
        return false;
    s = memchr(value.s + 1, '"', value.n - 1);
    for (s = s ? s + 1 : end; s < end && strchr(" \t\r\n", *s); s++)
        ;
    return s < end && *s == ':';
}

enum err
show_json(struct job *j, const struct kept_text *k, int64_t line, struct original **out, size_t *n)
{
    static const struct json_calls calls = {on_start, on_text, on_end, on_refuse};
    struct show *s = job_alloc(j, sizeof *s);
    size_t at = show_line(k->text, k->first_line, line);
    struct span text = returns_json_at((struct span){k->text.s + at, k->text.n - at});
    enum err e;

    if (line < k->first_line || !text.n || is_key(text, k->text))
        return show_nothing(j, line);
    s->j = j;
    s->l = k->layout;
    e = json_open(j, &calls, s, &s->json);
    if (e)
        return e;
    if (*text.s != '{') {
        *out = job_alloc(j, sizeof **out);
        **out = (struct original){k->layout->title, job_copy_n(j, text.s, text.n)};
        *n = 1;
        return OK;
    }
    if (!json_feed(&s->json, text.s, text.n) || !json_end(&s->json))
        return s->failed ? j->err.kind : show_nothing(j, line);
    *out = s->list;
    *n = s->n;
    return OK;
}
