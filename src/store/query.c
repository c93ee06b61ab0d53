#include "store/query.h"

static void
put(struct query *q, const char *s, size_t n)
{
    size_t room = q->room ? q->room : 512;

    while (room < q->n + n + 1)
        room *= 2;
    if (room > q->room) {
        q->text = job_grow(q->j, q->text, q->n, room);
        q->room = room;
    }
    memcpy(q->text + q->n, s, n);
    q->n += n;
    q->text[q->n] = '\0';
}

static void
put_number(struct query *q, size_t number)
{
    char text[24];
    int n = snprintf(text, sizeof text, "$%zu", number);

    put(q, text, (size_t)n);
}

static void
add_args(struct query *q, struct args a)
{
    size_t room = q->room_args ? q->room_args : 16;

    while (room < q->n_args + a.n)
        room *= 2;
    if (room > q->room_args) {
        q->args = job_grow(q->j, q->args, q->n_args * sizeof *q->args, room * sizeof *q->args);
        q->room_args = room;
    }
    if (a.n)
        memcpy(q->args + q->n_args, a.v, a.n * sizeof *a.v);
    q->n_args += a.n;
}

/* $1 of this piece is the first of its own parameters. */
void
query_add(struct query *q, const char *sql, struct args a)
{
    bool quoted = false;

    while (*sql) {
        size_t n = strcspn(sql, "$'");
        char *end;
        put(q, sql, n);
        sql += n;
        if (*sql == '$' && !quoted) {
            put_number(q, q->n_args + strtoul(sql + 1, &end, 10));
            sql = end;
        } else if (*sql) {
            quoted ^= *sql == '\'';
            put(q, sql++, 1);
        }
    }
    add_args(q, a);
}

void
query_begin(struct query *q, struct job *j, const char *sql, struct args a)
{
    *q = (struct query){.j = j};
    query_add(q, sql, a);
}

static void
add_list(struct query *q, const char *head, const struct arg *v, size_t n)
{
    if (n == 0) {
        put(q, " AND 1 = 0", 10);
        return;
    }
    put(q, head, strlen(head));
    for (size_t i = 0; i < n; i++) {
        if (i)
            put(q, ", ", 2);
        put_number(q, q->n_args + i + 1);
    }
    put(q, ")", 1);
    add_args(q, (struct args){v, n});
}

void
query_add_ints(struct query *q, const char *head, const int64_t *v, size_t n)
{
    struct arg *args = job_array(q->j, n, sizeof *args);

    for (size_t i = 0; i < n; i++)
        args[i] = INT(v[i]);
    add_list(q, head, args, n);
}

void
query_add_texts(struct query *q, const char *head, const char *const *v, size_t n)
{
    struct arg *args = job_array(q->j, n, sizeof *args);

    for (size_t i = 0; i < n; i++)
        args[i] = TEXT(v[i]);
    add_list(q, head, args, n);
}

void
query_order(struct query *q, const struct query_order *orders, const char *name)
{
    const struct query_order *o = orders;

    while (o->name && (!name || strcmp(o->name, name) != 0))
        o++;
    query_add(q, " ORDER BY ", NO_ARGS);
    query_add(q, o->name ? o->sql : orders->sql, NO_ARGS);
}

void
query_page(struct query *q, int64_t limit, int64_t offset)
{
    query_add(q, " LIMIT $1 OFFSET $2", ARGS(INT(limit), INT(offset)));
}

enum err
query_ask(struct query *q, struct rows *rows)
{
    return db_ask(q->j, rows, q->text, (struct args){q->args, q->n_args});
}

enum err
query_count(struct query *q, int64_t *out)
{
    const char *sql = job_format(q->j, "SELECT count(*) FROM (%s) AS counted", q->text);

    return db_int(q->j, sql, (struct args){q->args, q->n_args}, 0, out);
}

static const char *
like(struct job *j, const char *before, const char *s)
{
    char *out = job_alloc(j, 2 * strlen(s) + 3), *at = out;

    if (*before)
        *at++ = '%';
    for (; *s; s++) {
        if (*s == '%' || *s == '_' || *s == '!')
            *at++ = '!';
        *at++ = *s;
    }
    *at++ = '%';
    *at = '\0';
    return out;
}

const char *
query_like_begins(struct job *j, const char *s)
{
    return like(j, "", s);
}

const char *
query_like_holds(struct job *j, const char *s)
{
    return like(j, "%", s);
}
