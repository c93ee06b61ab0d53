#include "directory/document.h"
#include <string.h>

struct diff {
    struct job *j;
    struct document_change *v;
    size_t n, room;
};
/* Where in the two documents: a path, what people call it, and whether it is private. */
struct where {
    const char *path, *label;
    bool private;
};

static void
put(struct diff *d, struct where w, const json_t *before, const json_t *after)
{
    if (d->n == d->room) {
        d->v = job_grow(d->j, d->v, d->room * sizeof *d->v, 2 * d->room * sizeof *d->v);
        d->room *= 2;
    }
    d->v[d->n++] = (struct document_change){
        w.path, w.label, before ? document_words(d->j, before) : NULL,
        after ? document_words(d->j, after) : NULL, w.private};
}

static void diff_object(struct diff *d, struct where w, enum hsds_object o,
                        const json_t *const side[2]);

static struct where
within(struct diff *d, struct where w, const struct hsds_field *f)
{
    return (struct where){
        job_format(d->j, "%s%s%s", w.path, *w.path ? "." : "", f->name),
        job_format(d->j, "%s%s%s", w.label, *w.label ? ": " : "", f->label),
        w.private || f->flags & HSDS_PRIVATE};
}

/* The place in a list of what has that id, else what stands at that place where nothing of the
 * two has an id; -1 none. */
static int64_t
place_of(const json_t *list, const json_t *of, size_t at)
{
    const char *id = document_string(of, "id");
    const json_t *v;
    size_t i;

    if (!id)
        return at < json_array_size(list) && !document_string(json_array_get(list, at), "id")
                   ? (int64_t)at
                   : -1;
    json_array_foreach(list, i, v) {
        const char *other = document_string(v, "id");

        if (other && !strcmp(other, id))
            return (int64_t)i;
    }
    return -1;
}

static struct where
at_place(struct diff *d, struct where w, size_t i)
{
    return (struct where){job_format(d->j, "%s[%zu]", w.path, i),
                          job_format(d->j, "%s, %zu", w.label, i + 1), w.private};
}

static void
diff_many(struct diff *d, struct where w, enum hsds_object o, const json_t *const side[2])
{
    const json_t *v;
    size_t i;

    json_array_foreach(side[0], i, v)
        if (place_of(side[1], v, i) < 0)
            diff_object(d, at_place(d, w, i), o, (const json_t *[]){v, NULL});
    json_array_foreach(side[1], i, v) {
        int64_t p = place_of(side[0], v, i);

        diff_object(d, at_place(d, w, i), o,
                    (const json_t *[]){p < 0 ? NULL : json_array_get(side[0], (size_t)p), v});
    }
}

static void
diff_object(struct diff *d, struct where w, enum hsds_object o, const json_t *const side[2])
{
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);

    for (size_t i = 0; i < n; i++) {
        const json_t *in[2] = {json_object_get(side[0], f[i].name),
                               json_object_get(side[1], f[i].name)};

        if ((!in[0] && !in[1]) || (in[0] && in[1] && json_equal(in[0], in[1])))
            continue;
        if (f[i].type == HSDS_ONE)
            diff_object(d, within(d, w, &f[i]), f[i].of, in);
        else if (f[i].type == HSDS_MANY)
            diff_many(d, within(d, w, &f[i]), f[i].of, in);
        else if (strcmp(f[i].name, "id") || !*w.path)
            put(d, within(d, w, &f[i]), in[0], in[1]); /* ids of parts tell people nothing */
    }
}

enum err
document_diff(struct job *j, const json_t *before, const json_t *after,
              struct document_change **out, size_t *n)
{
    struct diff d = {.j = j, .v = job_array(j, 16, sizeof *d.v), .room = 16};

    diff_object(&d, (struct where){"", "", false}, HSDS_SERVICE,
                (const json_t *[]){before, after});
    *out = d.v;
    *n = d.n;
    return OK;
}

/* ---- members that people own ------------------------------------------------------------- */

static bool
same(const json_t *a, const json_t *b)
{
    return (!a && !b) || (a && b && json_equal(a, b));
}

static size_t
differing(struct job *j, enum hsds_object o, const json_t *const side[2], const char **out)
{
    size_t n, found = 0;
    const struct hsds_field *f = hsds_fields(o, &n);

    for (size_t i = 0; i < n; i++) {
        const json_t *in[2] = {json_object_get(side[0], f[i].name),
                               json_object_get(side[1], f[i].name)};

        if (same(in[0], in[1]) || (o == HSDS_SERVICE && !strcmp(f[i].name, "id")))
            continue;
        if (f[i].type == HSDS_ONE && f[i].of == HSDS_ROOTED)
            found += differing(j, HSDS_ROOTED, in, out + found);
        else
            out[found++] = o == HSDS_ROOTED ? job_format(j, "rooted.%s", f[i].name) : f[i].name;
    }
    return found;
}

const char *const *
document_members(struct job *j, const json_t *a, const json_t *b)
{
    size_t n, m;
    const char **out;

    hsds_fields(HSDS_SERVICE, &n);
    hsds_fields(HSDS_ROOTED, &m);
    out = job_array(j, n + m + 1, sizeof *out);
    out[differing(j, HSDS_SERVICE, (const json_t *[]){a, b}, out)] = NULL;
    return out;
}

void
document_take(json_t *into, const json_t *from, const char *member)
{
    const char *name = member;

    if (!strncmp(member, "rooted.", 7)) {
        name += 7;
        from = json_object_get(from, "rooted");
        if (!json_object_get(into, "rooted"))
            json_object_set_new(into, "rooted", json_object());
        into = json_object_get(into, "rooted");
    }
    if (json_object_get(from, name))
        json_object_set_new(into, name, json_deep_copy(json_object_get(from, name)));
    else
        json_object_del(into, name);
}

const char *
document_member_label(struct job *j, const char *member)
{
    bool ours = !strncmp(member, "rooted.", 7);
    const struct hsds_field *f =
        hsds_find(ours ? HSDS_ROOTED : HSDS_SERVICE, ours ? member + 7 : member);

    return f ? f->label : job_copy(j, member);
}
