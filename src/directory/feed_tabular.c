#include "base/csv.h"
#include "base/encoding.h"
#include "base/map.h"
#include "directory/feed_in.h"
#include "returns/archive.h"
#include "returns/unpacked.h"
#include <string.h>

enum { NESTED_MOST = 8 };

/* Rows of all tables; each is found by its id and by what it belongs to. */
struct row {
    json_t *v;
    int64_t next; /* of those with the same parent, -1 none */
};
struct tables {
    struct pile *rows;
    struct map *by; /* key of (object, column, value) to the first row */
    struct map_salt salt;
    size_t first, end, at; /* the services */
};

static uint64_t
key_of(struct job *j, const struct tables *t, enum hsds_object o, const char *column,
       const char *value)
{
    const char *s = job_format(j, "%d/%s/%s", o, column, value);

    return map_key(&t->salt, s, strlen(s));
}

/* ---- what a row belongs to --------------------------------------------------------------- */

static bool
holds(enum hsds_object parent, enum hsds_object o)
{
    size_t n;
    const struct hsds_field *f = hsds_fields(parent, &n);

    for (size_t i = 0; i < n; i++)
        if (f[i].type == HSDS_MANY && f[i].of == o)
            return true;
    return false;
}

/* The nearest thing that it may be part of, by the columns that are filled. */
static const struct {
    const char *column;
    enum hsds_object of;
} parents[] = {{"phone_id", HSDS_PHONE},
               {"contact_id", HSDS_CONTACT},
               {"service_at_location_id", HSDS_SERVICE_AT_LOCATION},
               {"service_id", HSDS_SERVICE},
               {"location_id", HSDS_LOCATION},
               {"organization_id", HSDS_ORGANIZATION}};

static const char *
parent_column(enum hsds_object o, const json_t *v)
{
    if (o == HSDS_ATTRIBUTE)
        return "link_id";
    for (size_t i = 0; i < sizeof parents / sizeof *parents; i++)
        if (document_string(v, parents[i].column) && holds(parents[i].of, o))
            return parents[i].column;
    return NULL;
}

/* ---- reading the tables ------------------------------------------------------------------ */

static enum err
file_row(struct job *j, struct tables *t, enum hsds_object o, int64_t at)
{
    struct row *r = pile_at(t->rows, (size_t)at);
    const char *id = document_string(r->v, "id"), *column = parent_column(o, r->v);
    const char *of = column ? document_string(r->v, column) : NULL;
    uint64_t key;
    enum err e = OK;

    r->next = -1;
    if (id) {
        key = key_of(j, t, o, "id", id);
        if (!map_find(t->by, key))
            e = map_put(j, t->by, key, at);
    }
    if (e || !of)
        return e;
    key = key_of(j, t, o, column, of);
    if (map_find(t->by, key))
        r->next = *map_find(t->by, key);
    return map_put(j, t->by, key, at);
}

static json_t *
row_json(struct job *j, const char *const *name, size_t n, const struct csv_row *row)
{
    json_t *v = json_object();

    for (size_t i = 0; i < n && i < row->n; i++) {
        struct span s = span_trim((struct span){row->field[i].s, row->field[i].n});

        if (s.n)
            json_object_set_new(v, name[i], json_stringn(s.s, s.n));
    }
    (void)j;
    return v;
}

static const char *const *
names_of(struct job *j, const struct csv_row *row)
{
    const char **name = job_array(j, row->n + 1, sizeof *name);

    for (size_t i = 0; i < row->n; i++)
        name[i] = text_header(j, (struct span){row->field[i].s, row->field[i].n});
    return name;
}

static void
forget(void *arg)
{
    struct tables *t = arg;

    for (size_t i = 0; i < pile_count(t->rows); i++)
        json_decref(((struct row *)pile_at(t->rows, i))->v);
}

static enum err
read_rows(struct job *j, struct tables *t, struct span text)
{
    struct csv *csv = csv_open_text(j, text.s, text.n, (struct csv_limits){0});
    const char *const *name;
    struct csv_row row;
    size_t n;
    bool more = false;
    enum err e = csv_next(csv, &row, &more);

    if (e || !more)
        return e;
    name = names_of(j, &row);
    n = row.n;
    while (!(e = csv_next(csv, &row, &more)) && more) {
        struct row *r = pile_add(j, t->rows);

        if (!r)
            return j->err.kind;
        r->v = row_json(j, name, n, &row);
    }
    return e;
}

static bool
take(void *arg, const char *s, size_t n)
{
    return unpacked_write(arg, s, n);
}

static enum err
read_table(struct job *j, struct tables *t, struct archive *a, enum hsds_object o, size_t member)
{
    struct scope scope = job_scope_begin(j);
    struct archive_member m;
    struct unpacked *to;
    struct span bytes, text;
    enum encoding is;
    enum err e = unpacked_open(j, hsds_file(o), FEED_UNPACKED, &to);

    if (!e && archive_member(a, member, &m))
        e = archive_read(j, a, member, (struct archive_sink){FEED_UNPACKED, take, to});
    if (!e)
        e = unpacked_map(j, to, &bytes);
    if (!e) {
        is = encoding_of(bytes.s, bytes.n);
        if (is == ENC_BINARY)
            e = err_set(j, ERR_INPUT, "%s: %s.csv is no text", a->name, hsds_file(o));
        text = is == ENC_BINARY ? (struct span){0} : encoding_to_utf8(j, is, bytes.s, bytes.n);
    }
    if (!e)
        e = read_rows(j, t, text);
    job_scope_end(j, scope);
    return e;
}

/* "services.csv" in whatever folder, or "service.csv"; -1 none. */
static int64_t
member_of(const struct archive *a, enum hsds_object o)
{
    const char *const names[] = {hsds_file(o), hsds_name(o)};
    struct archive_member m;

    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < a->n; i++) {
            const char *base = archive_member(a, i, &m) ? strrchr(m.name, '/') : NULL;
            size_t n = strlen(names[k]);

            base = base ? base + 1 : archive_member(a, i, &m) ? m.name : "";
            if (!strncasecmp(base, names[k], n) && !strcasecmp(base + n, ".csv"))
                return (int64_t)i;
        }
    return -1;
}

/* Later rows first, so that the rows of one parent follow each other as they stood. */
static enum err
read_all(struct job *j, struct tables *t, struct archive *a)
{
    enum err e = OK;

    for (int o = 0; !e && o < HSDS_OBJECTS; o++) {
        size_t first = pile_count(t->rows);
        int64_t member = hsds_file((enum hsds_object)o) ? member_of(a, (enum hsds_object)o) : -1;

        if (member >= 0)
            e = read_table(j, t, a, (enum hsds_object)o, (size_t)member);
        for (size_t i = pile_count(t->rows); !e && i-- > first;) {
            struct scope scope = job_scope_begin(j);

            e = file_row(j, t, (enum hsds_object)o, (int64_t)i);
            job_scope_end(j, scope);
        }
        if (o == HSDS_SERVICE) {
            t->first = t->at = first;
            t->end = pile_count(t->rows);
        }
    }
    return e;
}

/* ---- nesting ----------------------------------------------------------------------------- */

static const struct row *
found(struct job *j, const struct tables *t, enum hsds_object o, const char *column,
      const char *value)
{
    int64_t *at = value ? map_find(t->by, key_of(j, t, o, column, value)) : NULL;

    return at ? pile_at(t->rows, (size_t)*at) : NULL;
}

static json_t *nested(struct job *j, const struct tables *t, enum hsds_object o,
                      const struct row *r, int depth);

static void
nest_many(struct job *j, const struct tables *t, const struct hsds_field *f, json_t *v, int depth)
{
    const char *column = f->of == HSDS_ATTRIBUTE ? "link_id"
                                                 : job_format(j, "%s_id", hsds_name(f->object));
    const struct row *r = found(j, t, f->of, column, document_string(v, "id"));
    json_t *list = r ? json_array() : NULL;

    while (r) {
        json_array_append_new(list, nested(j, t, f->of, r, depth + 1));
        r = r->next < 0 ? NULL : pile_at(t->rows, (size_t)r->next);
    }
    if (list)
        json_object_set_new(v, f->name, list);
}

static json_t *
nested(struct job *j, const struct tables *t, enum hsds_object o, const struct row *r, int depth)
{
    json_t *v = json_copy(r->v);
    size_t n;
    const struct hsds_field *f = hsds_fields(o, &n);

    for (size_t i = 0; depth < NESTED_MOST && i < n; i++) {
        const struct row *one;

        if (f[i].type == HSDS_MANY)
            nest_many(j, t, &f[i], v, depth);
        if (f[i].type != HSDS_ONE)
            continue;
        one = found(j, t, f[i].of, "id",
                    document_string(v, job_format(j, "%s_id", f[i].name)));
        if (one)
            json_object_set_new(v, f[i].name, nested(j, t, f[i].of, one, depth + 1));
    }
    return v;
}

static enum err
next_service(struct job *j, void *arg, struct feed_record *out, bool *more)
{
    struct tables *t = arg;

    *more = t->at < t->end;
    if (!*more)
        return OK;
    *out = (struct feed_record){.line = (int64_t)(t->at - t->first) + 2};
    out->value = document_own(j, nested(j, t, HSDS_SERVICE, pile_at(t->rows, t->at), 0));
    t->at++;
    return OK;
}

enum err
feed_open_zip(struct job *j, struct span bytes, struct feed *out)
{
    struct tables *t = job_alloc(j, sizeof *t);
    struct archive *a;
    enum err e = archive_open(j, out->place, bytes, FEED_UNPACKED, &a);

    t->salt = map_salt_new();
    if (!e)
        e = pile_open(j, sizeof(struct row), &t->rows);
    if (!e)
        e = map_open(j, 1024, &t->by);
    if (e)
        return e;
    job_on_end(j, forget)->arg = t;
    if (member_of(a, HSDS_SERVICE) < 0) {
        err_set(j, ERR_INPUT, "%s holds no services.csv", out->place);
        return err_hint(j, "A zip of HSDS tables has one CSV a table: services.csv, …");
    }
    out->kind = FEED_TABULAR;
    out->next = next_service;
    out->arg = t;
    return read_all(j, t, a);
}
