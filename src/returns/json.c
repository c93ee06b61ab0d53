#include "returns/json.h"

/* Lines up to that place, which lies within the present bytes. */
static void
count_lines(struct json *x, int64_t until)
{
    for (; x->counted < until; x->counted++) {
        char c = x->s[x->counted - x->base];
        bool ends = c == '\r' || c == '\n';
        x->lines += c == '\r' || (c == '\n' && !x->cr);
        x->cr = c == '\r';
        x->blank = ends || (x->blank && (c == ' ' || c == '\t'));
    }
}

/* A token has been read: of `bytes` bytes, or 0 when its length in the file is not known. */
static void
on_token(struct json *x, size_t bytes)
{
    int64_t end = x->base + (int64_t)yajl_get_bytes_consumed(x->yajl);

    count_lines(x, end - (int64_t)bytes);
    x->begins_line = bytes && x->blank;
    count_lines(x, end);
    x->at = bytes ? end - (int64_t)bytes : x->token;
    x->line = bytes ? x->lines : x->token_line;
    x->token = end;
    x->token_line = x->lines;
}

/* Does something stand here that has a name? */
static bool
is_named(const struct json *x)
{
    return x->depth > 0;
}

static int
begin(struct json *x, enum tree_kind kind)
{
    const struct json_level *l = &x->level[x->depth];

    if (is_named(x))
        x->calls->start(x->arg, l->name, l->n, kind);
    return !x->stopped;
}

static int
finish(struct json *x)
{
    const struct json_level *l = &x->level[x->depth];

    if (is_named(x) && !x->stopped)
        x->calls->end(x->arg, l->name, l->n);
    return !x->stopped;
}

static int
leaf(struct json *x, const char *s, size_t n)
{
    on_token(x, 0);
    if (!begin(x, TREE_LEAF))
        return 0;
    if (is_named(x))
        x->calls->text(x->arg, s, n);
    return !x->stopped && finish(x);
}

static struct json_level *
deeper(struct json *x)
{
    if (x->depth == TREE_DEPTH) {
        x->calls->refuse(x->arg, "objects and lists lie too deep within one another");
        json_stop(x);
        return NULL;
    }
    return &x->level[++x->depth];
}

static int
on_null(void *arg)
{
    return leaf(arg, "", 0);
}

static int
on_boolean(void *arg, int yes)
{
    return leaf(arg, yes ? "true" : "false", yes ? 4 : 5);
}

static int
on_number(void *arg, const char *s, size_t n)
{
    return leaf(arg, s, n);
}

static int
on_string(void *arg, const unsigned char *s, size_t n)
{
    return leaf(arg, (const char *)s, n);
}

static int
on_object(void *arg)
{
    struct json *x = arg;
    struct json_level *l;

    on_token(x, 1);
    if (!begin(x, TREE_BRANCH) || !(l = deeper(x)))
        return 0;
    l->array = false;
    l->n = 0;
    return 1;
}

static int
on_key(void *arg, const unsigned char *s, size_t n)
{
    struct json *x = arg;
    struct json_level *l = &x->level[x->depth];

    on_token(x, 0);
    if (n > JSON_KEY) {
        x->calls->refuse(x->arg, "a name is longer than a name may be");
        json_stop(x);
        return 0;
    }
    l->n = n < JSON_NAME ? n : JSON_NAME;
    memcpy(l->name, s, l->n);
    return 1;
}

static int
on_object_end(void *arg)
{
    struct json *x = arg;

    on_token(x, 1);
    x->depth--;
    return finish(x);
}

/* Its items have its own name. */
static int
on_array(void *arg)
{
    struct json *x = arg;
    const struct json_level *around = &x->level[x->depth];
    struct json_level *l;

    on_token(x, 1);
    if (!(l = deeper(x)))
        return 0;
    l->array = true;
    l->n = 2;
    memcpy(l->name, "[]", 2);
    if (x->depth > 1) {
        l->n = around->n;
        memcpy(l->name, around->name, around->n);
    }
    return 1;
}

static int
on_array_end(void *arg)
{
    struct json *x = arg;

    on_token(x, 1);
    x->depth--;
    return 1;
}

static void
free_yajl(void *arg)
{
    yajl_free(arg);
}

enum err
json_open(struct job *j, const struct json_calls *calls, void *arg, struct json *out)
{
    static const yajl_callbacks callbacks = {
        on_null, on_boolean, NULL, NULL, on_number, on_string,
        on_object, on_key, on_object_end, on_array, on_array_end,
    };
    struct cleanup *end = job_on_end(j, free_yajl);

    *out = (struct json){.calls = calls, .arg = arg, .line = 1, .lines = 1, .token_line = 1,
                           .blank = true};
    end->arg = out->yajl = yajl_alloc(&callbacks, NULL, out);
    if (!out->yajl)
        return err_set(j, ERR_BUSY, "there is not memory enough to read a file of JSON");
    return OK;
}

static bool
is_well(struct json *x, yajl_status status)
{
    bool well = status == yajl_status_ok;
    size_t read = well ? x->n : yajl_get_bytes_consumed(x->yajl);

    count_lines(x, x->base + (int64_t)(read < x->n ? read : x->n));
    return well;
}

bool
json_feed(struct json *x, const char *s, size_t n)
{
    x->base += (int64_t)x->n;
    x->s = s;
    x->n = n;
    return is_well(x, yajl_parse(x->yajl, (const unsigned char *)s, n));
}

bool
json_end(struct json *x)
{
    x->base += (int64_t)x->n;
    x->s = " "; /* which yajl puts there */
    x->n = 1;
    return is_well(x, yajl_complete_parse(x->yajl));
}

void
json_stop(struct json *x)
{
    x->stopped = true;
}

const char *
json_problem(struct json *x, char *buf, size_t size)
{
    unsigned char *words = yajl_get_error(x->yajl, 0, NULL, 0);

    snprintf(buf, size, "%s", words ? (const char *)words : "");
    buf[strcspn(buf, ".\n")] = '\0';
    if (words)
        yajl_free_error(x->yajl, words);
    return buf;
}
