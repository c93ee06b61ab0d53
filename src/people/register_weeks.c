#include "people/register_weeks.h"
#include "access/permit.h"
#include "store/db.h"

/* A row of register_week, opened. */
struct opened {
    int64_t batch, published;
    bool counts;
    struct register_week week;
};

static const char sql_base[] =
    "SELECT content FROM register_week WHERE area_id = $1 AND week = $2 AND urn = $3 "
    "AND batch_id = $4 AND part = $5";

static enum err
read_base(struct job *j, struct register_press *x, const int64_t key[4],
          struct register_bytes *out)
{
    struct register_bytes content = {0};
    struct rows q;
    enum err e;

    *out = content;
    if (!key[2])
        return OK;
    db_ask(j, &q, sql_base,
           ARGS(INT(j->area), INT(key[0]), INT(key[1]), INT(key[2]), INT(key[3])));
    if (db_next(&q))
        content.p = row_blob(&q, 0, &content.n);
    e = db_done(&q);
    return e ? e : register_unpress(j, x, content, (struct register_bytes){0}, out);
}

/* key: week, school, and what the content is packed against (0: nothing). */
static enum err
open_row(struct job *j, struct register_press *x, const int64_t key[4],
         struct register_bytes content, struct register_week *out)
{
    struct register_bytes base, packed;
    enum err e;

    if ((e = read_base(j, x, key, &base)) ||
        (e = register_unpress(j, x, content, base, &packed)))
        return e;
    return register_unpack(j, packed, out);
}

/* ---- a child's weeks -------------------------------------------------------------- */

struct looking {
    struct job *j;
    struct register_press *press;
    int64_t *identity;  /* of the child, sorted */
    size_t identities;
    struct register_child_week *v;
    size_t n, room;
};

static const char sql_identities[] =
    "SELECT identity_id FROM identity WHERE area_id = $1 AND person_id = $2 ORDER BY identity_id";

static enum err
read_identities(struct looking *l, int64_t person)
{
    enum { MOST = 256 };
    struct rows q;

    l->identity = job_array(l->j, MOST, sizeof *l->identity);
    db_ask(l->j, &q, sql_identities, ARGS(INT(l->j->area), INT(person)));
    while (l->identities < MOST && db_next(&q))
        l->identity[l->identities++] = row_int(&q, 0);
    return db_done(&q);
}

static bool
is_child(const struct looking *l, int64_t identity_id)
{
    for (size_t i = 0; i < l->identities; i++)
        if (l->identity[i] == identity_id)
            return true;
    return false;
}

static const char sql_week[] =
    "SELECT r.batch_id, r.base_batch, r.base_part, r.content, b.published FROM register_week r "
    "JOIN batch b ON b.area_id = r.area_id AND b.batch_id = r.batch_id WHERE r.area_id = $1 "
    "AND r.week = $2 AND r.urn = $3 AND b.state = 'published' "
    "ORDER BY b.published, r.batch_id, r.part";

struct packed {
    int64_t batch, base, part, published;
    struct register_bytes content;
};

static enum err
read_week(struct job *j, int32_t monday, int64_t urn, struct packed **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_week, ARGS(INT(j->area), INT(monday), INT(urn)));
    while (db_next(&q)) {
        struct packed *p;
        if (*n == room) {
            room = room ? 2 * room : 8;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        p = &(*out)[(*n)++];
        *p = (struct packed){.batch = row_int(&q, 0), .base = row_int(&q, 1),
                             .part = row_int(&q, 2), .published = row_int(&q, 4)};
        p->content.p = row_blob(&q, 3, &p->content.n);
    }
    return db_done(&q);
}

/* Later extracts over earlier ones: `day` holds what each half day was told on. */
static void
lay_over(struct register_child_week *w, int32_t *day, const struct register_row *r,
         const struct packed *p)
{
    int32_t on = r->extracted == DATE_NONE ? date_of_time(p->published, NULL) : r->extracted;

    for (int k = 0; k < REGISTER_SLOTS; k++)
        if (r->mark[k] && (!w->mark[k] || on >= day[k])) {
            w->mark[k] = r->mark[k];
            day[k] = on;
            w->batch = p->batch;
            w->file = r->file;
            w->line = r->line;
        }
}

static void
keep_week(struct looking *l, const struct register_child_week *w)
{
    bool told = false;

    for (int k = 0; k < REGISTER_SLOTS; k++)
        told |= w->mark[k] != 0;
    if (!told)
        return;
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        l->v = job_grow(l->j, l->v, l->n * sizeof *l->v, room * sizeof *l->v);
        l->room = room;
    }
    l->v[l->n++] = *w;
}

static enum err
look_into(struct looking *l, int32_t monday, int64_t urn)
{
    struct register_child_week w = {.monday = monday, .urn = urn};
    int32_t day[REGISTER_SLOTS] = {0};
    struct packed *p = NULL;
    size_t n;
    enum err e = read_week(l->j, monday, urn, &p, &n);

    for (size_t i = 0; i < n && !e; i++) {
        const int64_t key[4] = {monday, urn, p[i].base, p[i].part};
        struct register_week rows;
        if ((e = open_row(l->j, l->press, key, p[i].content, &rows)))
            break;
        for (size_t k = 0; k < rows.n; k++)
            if (is_child(l, rows.row[k].identity_id))
                lay_over(&w, day, &rows.row[k], &p[i]);
    }
    keep_week(l, &w);
    return e;
}

enum err
register_weeks_of(struct job *j, const struct register_asked *ask,
                  struct register_child_week **out, size_t *n)
{
    struct looking l = {.j = j};
    int64_t own = permit_school(j->who);
    int32_t monday = ask->from + (7 - date_weekday(ask->from)) % 7;
    enum err e = permit(j, ACT_CHILD, (struct subject){.person = ask->person});

    *n = 0;
    if (e || (e = register_press_open(j, &l.press)) || (e = read_identities(&l, ask->person)))
        return e;
    for (; monday < ask->to && !e; monday += 7)
        for (size_t i = 0; i < ask->n_urns && !e; i++)
            if (!own || own == ask->urn[i])
                e = look_into(&l, monday, ask->urn[i]);
    *out = l.v;
    *n = l.n;
    return e;
}

/* ---- one line --------------------------------------------------------------------- */

static const char sql_batch[] =
    "SELECT week, urn, base_batch, base_part, content FROM register_week "
    "WHERE area_id = $1 AND batch_id = $2 ORDER BY week, urn, part";
static const char sql_upn[] = "SELECT upn FROM identity WHERE area_id = $1 AND identity_id = $2";

struct weeks_of_batch {
    struct packed *v;
    int64_t *week, *urn;
    size_t n, room;
};

static enum err
read_batch(struct job *j, int64_t batch, struct weeks_of_batch *b)
{
    struct rows q;

    db_ask(j, &q, sql_batch, ARGS(INT(j->area), INT(batch)));
    while (db_next(&q)) {
        if (b->n == b->room) {
            size_t room = b->room ? 2 * b->room : 256;
            b->v = job_grow(j, b->v, b->n * sizeof *b->v, room * sizeof *b->v);
            b->week = job_grow(j, b->week, b->n * sizeof *b->week, room * sizeof *b->week);
            b->urn = job_grow(j, b->urn, b->n * sizeof *b->urn, room * sizeof *b->urn);
            b->room = room;
        }
        b->week[b->n] = row_int(&q, 0);
        b->urn[b->n] = row_int(&q, 1);
        b->v[b->n] = (struct packed){.batch = batch, .base = row_int(&q, 2),
                                     .part = row_int(&q, 3)};
        b->v[b->n].content.p = row_blob(&q, 4, &b->v[b->n].content.n);
        b->n++;
    }
    return db_done(&q);
}

static void
add_week(struct job *j, struct register_line *out, const struct register_child_week *w,
         const struct register_week *rows, size_t row)
{
    out->week = job_grow(j, out->week, out->n * sizeof *out->week,
                         (out->n + 1) * sizeof *out->week);
    out->late = job_grow(j, out->late, out->n_late * sizeof *out->late,
                         (out->n_late + REGISTER_SLOTS) * sizeof *out->late);
    out->week[out->n] = *w;
    for (size_t i = 0; i < rows->n_late; i++)
        if (rows->late[i].row == row && out->n_late < (out->n + 1) * REGISTER_SLOTS)
            out->late[out->n_late++] = (struct register_late){
                (uint32_t)out->n, rows->late[i].slot, rows->late[i].minutes};
    out->n++;
}

/* What the week has of the line is kept when the scope of its unpacking has ended. */
static enum err
take_line(struct job *j, struct register_press *x, const struct weeks_of_batch *b, size_t i,
          struct register_line *out)
{
    const int64_t key[4] = {b->week[i], b->urn[i], b->v[i].base, b->v[i].part};
    struct register_week rows;
    enum err e = open_row(j, x, key, b->v[i].content, &rows);

    for (size_t k = 0; !e && k < rows.n; k++) {
        const struct register_row *r = &rows.row[k];
        struct register_child_week w = {.monday = (int32_t)b->week[i], .urn = b->urn[i],
                                        .batch = b->v[i].batch, .file = r->file, .line = r->line};
        if (r->file != out->week[0].file || r->line != out->week[0].line)
            continue;
        memcpy(w.mark, r->mark, sizeof w.mark);
        if (!out->n) {
            out->identity_id = r->identity_id;
            out->urn = b->urn[i];
            out->extracted = r->extracted;
        }
        add_week(j, out, &w, &rows, k);
    }
    return e;
}

enum err
register_line_get(struct job *j, int64_t batch, int64_t file, int64_t line,
                  struct register_line *out)
{
    struct weeks_of_batch b = {0};
    struct register_press *x;
    struct rows q;
    enum err e = register_press_open(j, &x);

    *out = (struct register_line){.week = job_alloc(j, sizeof *out->week)};
    out->week[0].file = file; /* what is looked for, until the first is found */
    out->week[0].line = line;
    if (e || (e = read_batch(j, batch, &b)))
        return e;
    for (size_t i = 0; i < b.n && !e; i++)
        e = take_line(j, x, &b, i, out);
    if (e)
        return e;
    if (!out->n)
        return err_set(j, ERR_NOT_FOUND, "no mark of a register stands in that line");
    db_ask(j, &q, sql_upn, ARGS(INT(j->area), INT(out->identity_id)));
    if (db_next(&q))
        out->upn = row_text(&q, 0);
    return db_done(&q);
}
