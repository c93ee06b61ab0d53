#include "people/register_check.h"
#include "base/text.h"
#include "people/attendance.h"
#include "store/db.h"

/* One row; what it is packed against is of the same school and week. */
struct packed {
    int64_t urn, batch, part, base_batch, base_part;
    int64_t children, marks, missing;
    struct register_bytes content;
};
struct checking {
    struct register_press *press;
    int8_t closed, none; /* "#", "-" */
    struct register_checked *out;
};

static const char sql_week[] =
    "SELECT urn, batch_id, part, COALESCE(base_batch, 0), COALESCE(base_part, 0), children, "
    "marks, missing, content FROM register_week WHERE area_id = $1 AND week = $2 "
    "ORDER BY urn, batch_id, part";

static enum err
read_week(struct job *j, int64_t area, int64_t monday, struct packed **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_week, ARGS(INT(area), INT(monday)));
    while (db_next(&q)) {
        struct packed *p;
        if (*n == room) {
            room = room ? 2 * room : 64;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        p = &(*out)[(*n)++];
        *p = (struct packed){.urn = row_int(&q, 0), .batch = row_int(&q, 1),
                             .part = row_int(&q, 2), .base_batch = row_int(&q, 3),
                             .base_part = row_int(&q, 4), .children = row_int(&q, 5),
                             .marks = row_int(&q, 6), .missing = row_int(&q, 7)};
        p->content.p = row_blob(&q, 8, &p->content.n);
    }
    return db_done(&q);
}

/* NULL: it leans on one that is not there. */
static const struct packed *
base_of(const struct packed *v, size_t n, const struct packed *p)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].urn == p->urn && v[i].batch == p->base_batch && v[i].part == p->base_part)
            return &v[i];
    return NULL;
}

static enum err
unpack(struct job *j, const struct checking *c, const struct packed *p,
       const struct packed *base, struct register_week *out)
{
    struct register_bytes against = {0}, packed;
    enum err e = OK;

    if (base)
        e = register_unpress(j, c->press, base->content, (struct register_bytes){0}, &against);
    if (!e)
        e = register_unpress(j, c->press, p->content, against, &packed);
    if (!e)
        e = register_unpack(j, packed, out);
    return e ? e : register_unpack_lines(j, out);
}

/* What its marks add up to differs from what the row says; NULL: it does not. */
static const char *
differs(struct job *j, const struct checking *c, const struct packed *p,
        const struct register_week *w)
{
    int64_t marks = 0, missing = 0;

    for (size_t i = 0; i < w->n; i++)
        for (int k = 0; k < REGISTER_SLOTS; k++) {
            uint8_t mark = w->row[i].mark[k];
            missing += mark == c->none + 1;
            marks += mark && mark != c->none + 1 && mark != c->closed + 1;
        }
    if ((int64_t)w->n == p->children && marks == p->marks && missing == p->missing)
        return NULL;
    return job_format(j, "holds %lld children and %lld marks where %lld and %lld were loaded",
                      (long long)w->n, (long long)marks, (long long)p->children,
                      (long long)p->marks);
}

/* What is wrong with it; NULL: nothing. */
static const char *
look(struct job *j, const struct checking *c, const struct packed *v, size_t n,
     const struct packed *p)
{
    const struct packed *base = p->base_batch ? base_of(v, n, p) : NULL;
    struct register_week week;

    if (p->base_batch && !base)
        return "is packed against an earlier one that is not there";
    if (unpack(j, c, p, base, &week)) {
        err_clear(j);
        return "cannot be unpacked";
    }
    return differs(j, c, p, &week);
}

static enum err
check_week(struct job *j, struct checking *c, int64_t area, int64_t monday)
{
    struct packed *v = NULL;
    char day[DATE_TEXT];
    size_t n;
    enum err e = read_week(j, area, monday, &v, &n);

    for (size_t i = 0; i < n && !e; i++) {
        const char *wrong = look(j, c, v, n, &v[i]);
        c->out->registers++;
        c->out->bad += wrong != NULL;
        if (wrong && !c->out->first)
            c->out->first = job_format(
                j, "the register of school %lld for the week of %s, of batch %lld, %s",
                (long long)v[i].urn, date_words((int32_t)monday, day), (long long)v[i].batch,
                wrong);
    }
    return e;
}

struct week {
    int64_t area, monday;
};
static const char sql_weeks[] =
    "SELECT DISTINCT area_id, week FROM register_week WHERE area_id > 0 ORDER BY area_id, week";

static enum err
list_weeks(struct job *j, struct week **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_weeks, NO_ARGS);
    while (db_next(&q)) {
        if (*n == room) {
            room = room ? 2 * room : 256;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        (*out)[(*n)++] = (struct week){row_int(&q, 0), row_int(&q, 1)};
    }
    return db_done(&q);
}

enum err
register_check(struct job *j, struct register_checked *out)
{
    struct checking c = {.closed = (int8_t)attendance_code(SPAN("#")),
                         .none = (int8_t)attendance_code(SPAN("-")), .out = out};
    char first[256] = "";
    struct week *week = NULL;
    size_t n;
    enum err e = list_weeks(j, &week, &n);

    *out = (struct register_checked){0};
    if (!e)
        e = register_press_open(j, &c.press);
    for (size_t i = 0; i < n && !e; i++) {
        struct scope s = job_scope_begin(j);
        e = check_week(j, &c, week[i].area, week[i].monday);
        if (out->first && !first[0]) { /* the scope's memory goes */
            snprintf(first, sizeof first, "%s", out->first);
            out->first = first;
        }
        job_scope_end(j, s);
    }
    out->first = first[0] ? job_copy(j, first) : NULL;
    return e;
}
