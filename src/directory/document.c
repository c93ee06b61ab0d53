#include "directory/document.h"
#include "base/date.h"
#include <stdlib.h>
#include <string.h>

/* ---- read, written ----------------------------------------------------------------------- */

static void
give_back(void *v)
{
    json_decref(v);
}

json_t *
document_own(struct job *j, json_t *v)
{
    if (v)
        job_on_end(j, give_back)->arg = v;
    return v;
}

/* How deep brackets are nested; enough before jansson, which would go on to 2,048. */
static int
depth_of(struct span t)
{
    int depth = 0, most = 0;
    bool text = false;

    for (size_t i = 0; i < t.n; i++) {
        char c = t.s[i];

        if (text) {
            i += c == '\\';
            text = c != '"';
            continue;
        }
        text = c == '"';
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        most = depth > most ? depth : most;
    }
    return most;
}

enum err
document_parse(struct job *j, struct span text, json_t **out)
{
    struct cleanup *end = job_on_end(j, give_back);
    json_error_t why;

    if (text.n > DOCUMENT_BYTES)
        return err_set(j, ERR_INPUT, "A record is larger than %d kB", DOCUMENT_BYTES / 1024);
    if (depth_of(text) > DOCUMENT_DEPTH)
        return err_set(j, ERR_INPUT, "A record is nested more than %d deep", DOCUMENT_DEPTH);
    *out = json_loadb(text.s ? text.s : "", text.n, 0, &why);
    end->arg = *out;
    if (!*out)
        return err_set(j, ERR_INPUT, "A record is no JSON: line %d, column %d", why.line,
                       why.column);
    if (!json_is_object(*out))
        return err_set(j, ERR_INPUT, "A record is no JSON object");
    return OK;
}

struct span
document_text(struct job *j, const json_t *doc)
{
    const size_t flags = JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15);
    size_t room = 8192, n;
    char *s = job_alloc(j, room);

    n = json_dumpb(doc, s, room, flags);
    if (n > room) {
        s = job_alloc(j, n);
        n = json_dumpb(doc, s, n, flags);
    }
    return (struct span){s, n};
}

static bool
is_empty(const json_t *v)
{
    return json_is_null(v) || (json_is_string(v) && !json_string_length(v)) ||
           (json_is_object(v) && !json_object_size(v)) ||
           (json_is_array(v) && !json_array_size(v));
}

void
document_tidy(json_t *doc)
{
    const char *name;
    json_t *v;
    void *next;

    if (json_is_array(doc)) {
        for (size_t i = json_array_size(doc); i-- > 0;) {
            document_tidy(json_array_get(doc, i));
            if (is_empty(json_array_get(doc, i)))
                json_array_remove(doc, i);
        }
        return;
    }
    json_object_foreach_safe(doc, next, name, v) {
        document_tidy(v);
        if (is_empty(v))
            json_object_del(doc, name);
    }
}

/* ---- paths ------------------------------------------------------------------------------- */

/* The next step of a path: a name, then perhaps "[3]".  False: it ends, or is none. */
struct step {
    char name[64];
    int64_t at; /* -1: no place */
};

static bool
next_step(const char **path, struct step *s)
{
    size_t n = strcspn(*path, ".[");
    char *end;

    if (!n || n >= sizeof s->name)
        return false;
    memcpy(s->name, *path, n);
    s->name[n] = '\0';
    *path += n;
    s->at = -1;
    if (**path == '[') {
        s->at = strtol(*path + 1, &end, 10);
        if (*end != ']' || s->at < 0 || end == *path + 1)
            return false;
        *path = end + 1;
    }
    *path += **path == '.';
    return true;
}

json_t *
document_get(const json_t *doc, const char *path)
{
    const json_t *v = doc;
    struct step s;

    while (v && *path) {
        if (!next_step(&path, &s))
            return NULL;
        v = json_object_get(v, s.name);
        if (s.at >= 0)
            v = json_array_get(v, (size_t)s.at);
    }
    return (json_t *)(uintptr_t)v;
}

const char *
document_string(const json_t *doc, const char *path)
{
    return json_string_value(document_get(doc, path));
}

/* The object at a place of a list, made when the list ends there.  NULL: beyond its end. */
static json_t *
list_place(json_t *list, size_t at)
{
    if (at == json_array_size(list) && json_array_append_new(list, json_object()))
        return NULL;
    return json_array_get(list, at);
}

/* One step down, making what is not there.  NULL: not possible. */
static json_t *
step_down(json_t *v, const struct hsds_field *f, const struct step *s)
{
    json_t *in = json_object_get(v, s->name);
    bool many = f->type == HSDS_MANY;

    if (many != (s->at >= 0) || (!many && f->type != HSDS_ONE))
        return NULL;
    if (!in) {
        in = many ? json_array() : json_object();
        if (json_object_set_new(v, s->name, in))
            return NULL;
    }
    return many ? list_place(in, (size_t)s->at) : in;
}

static enum err
no_path(struct job *j, json_t *v, const char *path)
{
    json_decref(v);
    err_set(j, ERR_FAULT, "a service has no such field");
    return err_detail(j, "path %s", path);
}

enum err
document_set(struct job *j, json_t *doc, const char *path, json_t *v)
{
    enum hsds_object o = HSDS_SERVICE;
    const char *rest = path;
    struct step s;
    const struct hsds_field *f;

    for (;;) {
        if (!next_step(&rest, &s) || !(f = hsds_find(o, s.name)))
            return no_path(j, v, path);
        if (!*rest)
            break;
        doc = step_down(doc, f, &s);
        if (!doc)
            return no_path(j, v, path);
        o = f->of;
    }
    if (s.at >= 0)
        return no_path(j, v, path);
    if (!v)
        json_object_del(doc, s.name);
    else if (json_object_set_new(doc, s.name, v))
        return err_set(j, ERR_BUSY, "there is too little memory");
    return OK;
}

static const char *
list_words(struct job *j, const json_t *list)
{
    const char *all = "";
    const json_t *v;
    size_t i;

    json_array_foreach(list, i, v)
        all = job_format(j, "%s%s%s", all, i ? ", " : "", document_words(j, v));
    return all;
}

const char *
document_words(struct job *j, const json_t *v)
{
    if (json_is_string(v))
        return job_copy_n(j, json_string_value(v), json_string_length(v));
    if (json_is_integer(v))
        return job_format(j, "%lld", (long long)json_integer_value(v));
    if (json_is_real(v))
        return job_format(j, "%.15g", json_real_value(v));
    if (json_is_boolean(v))
        return json_is_true(v) ? "Yes" : "No";
    return json_is_array(v) ? list_words(j, v) : "";
}

/* ---- walked ------------------------------------------------------------------------------ */

struct walk {
    struct job *j;
    document_fn *fn;
    void *arg;
};
static enum err walk_object(const struct walk *w, enum hsds_object o, const json_t *v,
                            const char *path);

static enum err
walk_list(const struct walk *w, const struct hsds_field *f, const json_t *list, const char *path)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < json_array_size(list); i++)
        e = walk_object(w, f->of, json_array_get(list, i),
                        job_format(w->j, "%s[%zu]", path, i));
    return e;
}

static enum err
walk_object(const struct walk *w, enum hsds_object o, const json_t *v, const char *path)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);
    enum err e = OK;

    for (size_t i = 0; !e && i < n; i++) {
        const json_t *in = json_object_get(v, f[i].name);
        const char *at;

        if (!in)
            continue;
        at = job_format(w->j, "%s%s%s", path, *path ? "." : "", f[i].name);
        if (f[i].type == HSDS_ONE)
            e = walk_object(w, f[i].of, in, at);
        else if (f[i].type == HSDS_MANY)
            e = walk_list(w, &f[i], in, at);
        else
            e = w->fn(w->j, w->arg, &(struct document_at){at, &f[i], in, v});
    }
    return e;
}

enum err
document_walk(struct job *j, const json_t *doc, document_fn *fn, void *arg)
{
    return walk_object(&(struct walk){j, fn, arg}, HSDS_SERVICE, doc, "");
}

/* ---- what the standard takes ------------------------------------------------------------- */

static bool
lacks(enum hsds_object o, const json_t *v)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);

    for (size_t i = 0; i < n; i++)
        if (f[i].flags & (HSDS_REQUIRED | HSDS_WANTED) && !json_object_get(v, f[i].name))
            return true;
    return false;
}

static void
standard(enum hsds_object o, json_t *v)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);

    for (size_t i = 0; i < n; i++) {
        json_t *part = json_object_get(v, f[i].name);

        if (part && f[i].type == HSDS_ONE)
            standard(f[i].of, part);
        for (size_t k = f[i].type == HSDS_MANY ? json_array_size(part) : 0; k-- > 0;) {
            standard(f[i].of, json_array_get(part, k));
            if (lacks(f[i].of, json_array_get(part, k)))
                json_array_remove(part, k);
        }
    }
}

void
document_standard(json_t *doc)
{
    standard(HSDS_SERVICE, doc);
    document_tidy(doc);
}

/* ---- what the public may see ------------------------------------------------------------- */

static void
strip_private(enum hsds_object o, json_t *v)
{
    size_t n, k;
    const struct hsds_field *f = hsds_fields(o, &n);
    json_t *in;

    for (size_t i = 0; i < n; i++) {
        json_t *part = json_object_get(v, f[i].name);

        if (!part)
            continue;
        if (f[i].flags & HSDS_PRIVATE)
            json_object_del(v, f[i].name);
        else if (f[i].type == HSDS_ONE)
            strip_private(f[i].of, part);
        else if (f[i].type == HSDS_MANY)
            json_array_foreach(part, k, in)
                strip_private(f[i].of, in);
    }
}

/* A contact of a name stays only with consent; a role or a department is nobody's name. */
static void
strip_contacts(enum hsds_object o, json_t *v)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);

    for (size_t i = 0; i < n; i++) {
        json_t *part = json_object_get(v, f[i].name);

        if (part && f[i].type == HSDS_ONE)
            strip_contacts(f[i].of, part);
        for (size_t k = f[i].type == HSDS_MANY ? json_array_size(part) : 0; k-- > 0;) {
            json_t *in = json_array_get(part, k);

            if (f[i].of == HSDS_CONTACT && json_object_get(in, "name") &&
                !json_is_true(document_get(in, "rooted.consent")))
                json_array_remove(part, k);
            else
                strip_contacts(f[i].of, in);
        }
    }
}

/* What of a place would tell where it is. */
static const char *const telling[] = {"addresses", "latitude", "longitude", "name",
                                      "alternate_name", "description", "transportation", "url",
                                      "external_identifier", "external_identifier_type"};

static void
mask_places(json_t *doc)
{
    json_t *place;
    size_t i;

    json_array_foreach(json_object_get(doc, "service_at_locations"), i, place) {
        json_object_del(place, "description");
        for (size_t k = 0; k < sizeof telling / sizeof *telling; k++)
            json_object_del(json_object_get(place, "location"), telling[k]);
    }
}

void
document_conceal(json_t *doc)
{
    if (json_is_true(document_get(doc, "rooted.masked_address")))
        mask_places(doc);
    strip_contacts(HSDS_SERVICE, doc);
    strip_private(HSDS_SERVICE, doc);
    document_tidy(doc);
}

json_t *
document_public(struct job *j, const json_t *doc)
{
    json_t *copy = document_own(j, json_deep_copy(doc));

    if (copy)
        document_conceal(copy);
    return copy;
}
