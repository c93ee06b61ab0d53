#include "people/register_walk.h"
#include "base/text.h"
#include "people/attendance.h"
#include "store/db.h"

struct packed {
    int64_t urn, batch, part, base_batch, base_part;
    struct register_bytes content;
};

static const char sql_weeks[] =
    "SELECT DISTINCT week FROM register_week WHERE area_id = $1 AND week <= $2 ORDER BY week";
static const char sql_week[] =
    "SELECT urn, batch_id, part, COALESCE(base_batch, 0), COALESCE(base_part, 0), content "
    "FROM register_week WHERE area_id = $1 AND week = $2 ORDER BY urn, batch_id, part";

static enum err
list_weeks(struct job *j, int64_t up_to, int64_t **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *n = 0;
    *out = NULL;
    db_ask(j, &q, sql_weeks, ARGS(INT(j->area), INT(up_to)));
    while (db_next(&q)) {
        if (*n == room) {
            room = room ? 2 * room : 256;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        (*out)[(*n)++] = row_int(&q, 0);
    }
    return db_done(&q);
}

static enum err
read_week(struct job *j, int64_t week, struct packed **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *n = 0;
    *out = NULL;
    db_ask(j, &q, sql_week, ARGS(INT(j->area), INT(week)));
    while (db_next(&q)) {
        struct packed *p;
        if (*n == room) {
            room = room ? 2 * room : 64;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        p = &(*out)[(*n)++];
        *p = (struct packed){.urn = row_int(&q, 0), .batch = row_int(&q, 1),
                             .part = row_int(&q, 2), .base_batch = row_int(&q, 3),
                             .base_part = row_int(&q, 4)};
        p->content.p = row_blob(&q, 5, &p->content.n);
    }
    return db_done(&q);
}

struct walking {
    const struct register_walk *w;
    struct register_press *press;
    int64_t week;
    struct packed *v; /* of the week */
    size_t n;
};

/* Empty: it leans on nothing. */
static enum err
unpack_base(struct job *j, const struct walking *k, const struct packed *p,
            struct register_bytes *out)
{
    const struct packed *v = k->v;

    *out = (struct register_bytes){0};
    for (size_t i = 0; p->base_batch && i < k->n; i++)
        if (v[i].urn == p->urn && v[i].batch == p->base_batch && v[i].part == p->base_part)
            return register_unpress(j, k->press, v[i].content, *out, out);
    return OK;
}

static enum err
look(struct job *j, const struct walking *k, const struct packed *p, struct register_bytes base)
{
    struct register_bytes packed;
    struct register_week rows;
    enum err e = register_unpress(j, k->press, p->content, base, &packed);

    if (!e)
        e = register_unpack_of(j, packed, k->w->identity, k->w->n, &rows);
    for (size_t i = 0; !e && i < rows.n; i++)
        e = k->w->fn(j, k->w->arg,
                     &(struct register_stands){k->week, p->urn, rows.row[i].identity_id});
    return e;
}

static enum err
look_into_week(struct job *j, struct walking *k)
{
    enum err e = read_week(j, k->week, &k->v, &k->n);

    for (size_t i = 0; !e && i < k->n; i++) {
        struct scope s = job_scope_begin(j);
        struct register_bytes base;
        e = unpack_base(j, k, &k->v[i], &base);
        if (!e)
            e = look(j, k, &k->v[i], base);
        job_scope_end(j, s);
    }
    return e;
}

enum err
register_walk(struct job *j, const struct register_walk *w)
{
    struct walking k = {.w = w};
    int64_t *week;
    size_t n;
    enum err e = w->n ? register_press_open(j, &k.press) : OK;

    if (e || !w->n)
        return e;
    e = list_weeks(j, w->up_to, &week, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct scope s = job_scope_begin(j);
        k.week = week[i];
        e = look_into_week(j, &k);
        job_scope_end(j, s);
    }
    return e;
}

/* ---- all others taken out ------------------------------------------------------------------- */

static const char sql_drop[] =
    "DELETE FROM register_week WHERE area_id = $1 AND week = $2 AND urn = $3 AND batch_id = $4 "
    "AND part = $5";
static const char sql_thin[] =
    "UPDATE register_week SET base_batch = NULL, base_part = NULL, children = $6, marks = $7, "
    "missing = $8, content = $9 WHERE area_id = $1 AND week = $2 AND urn = $3 AND batch_id = $4 "
    "AND part = $5";

static bool
is_kept(const struct register_kept *k, int64_t identity)
{
    size_t low = 0, high = k->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (k->identity[mid] < identity)
            low = mid + 1;
        else
            high = mid;
    }
    return low < k->n && k->identity[low] == identity;
}

/* In place; what was late goes along with its row. */
static void
take_out(struct job *j, const struct register_kept *k, struct register_week *w)
{
    uint32_t *to = job_array(j, w->n, sizeof *to);
    size_t n = 0, late = 0;

    for (size_t i = 0; i < w->n; i++) {
        to[i] = UINT32_MAX;
        if (!is_kept(k, w->row[i].identity_id))
            continue;
        to[i] = (uint32_t)n;
        w->row[n++] = w->row[i];
    }
    for (size_t i = 0; i < w->n_late; i++)
        if (to[w->late[i].row] != UINT32_MAX) {
            w->late[late] = w->late[i];
            w->late[late++].row = to[w->late[i].row];
        }
    w->n = n;
    w->n_late = late;
}

static void
count_marks(const struct register_week *w, int64_t *marks, int64_t *missing)
{
    int none = attendance_code(SPAN("-")) + 1, closed = attendance_code(SPAN("#")) + 1;

    *marks = *missing = 0;
    for (size_t i = 0; i < w->n; i++)
        for (int h = 0; h < REGISTER_SLOTS; h++) {
            uint8_t mark = w->row[i].mark[h];
            *missing += mark == none;
            *marks += mark && mark != none && mark != closed;
        }
}

static enum err
write_thin(struct job *j, const struct walking *k, const struct packed *p,
           const struct register_week *w)
{
    struct register_bytes content;
    int64_t marks, missing;
    enum err e;

    if (!w->n)
        return db_run(j, sql_drop, ARGS(INT(j->area), INT(k->week), INT(p->urn), INT(p->batch),
                                        INT(p->part)), NULL);
    count_marks(w, &marks, &missing);
    e = register_press(j, k->press, register_pack(j, w), (struct register_bytes){0}, &content);
    return e ? e
             : db_run(j, sql_thin, ARGS(INT(j->area), INT(k->week), INT(p->urn), INT(p->batch),
                                        INT(p->part), INT((int64_t)w->n), INT(marks), INT(missing),
                                        BLOB(content.p, content.n)), NULL);
}

static enum err
thin(struct job *j, const struct walking *k, const struct register_kept *kept,
     const struct packed *p)
{
    struct register_bytes base, packed;
    struct register_week w;
    enum err e = unpack_base(j, k, p, &base);

    if (!e)
        e = register_unpress(j, k->press, p->content, base, &packed);
    if (!e)
        e = register_unpack(j, packed, &w);
    if (e)
        return e;
    take_out(j, kept, &w);
    return write_thin(j, k, p, &w);
}

/* The rows as they were are in memory: what another was packed against may be written over. */
enum err
register_keep_only(struct job *j, const struct register_kept *kept)
{
    struct walking k = {.week = kept->week};
    enum err e = register_press_open(j, &k.press);

    if (!e)
        e = read_week(j, k.week, &k.v, &k.n);
    for (size_t i = 0; !e && i < k.n; i++) {
        struct scope s = job_scope_begin(j);
        e = thin(j, &k, kept, &k.v[i]);
        job_scope_end(j, s);
    }
    return e;
}
