#include "people/register_weeks.h"
#include "access/custody.h"
#include "access/permit.h"
#include "store/db.h"

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
           ARGS(INT(custody_authority(j->area)), INT(key[0]), INT(key[1]), INT(key[2]),
                INT(key[3])));
    if (db_next(&q))
        content.p = row_blob(&q, 0, &content.n);
    e = db_done(&q);
    return e ? e : register_unpress(j, x, content, (struct register_bytes){0}, out);
}

/* key: week, school, and what the content is packed against (0: nothing). */
static enum err
unpress_row(struct job *j, struct register_press *x, const int64_t key[4],
            struct register_bytes content, struct register_bytes *packed)
{
    struct register_bytes base;
    enum err e = read_base(j, x, key, &base);

    return e ? e : register_unpress(j, x, content, base, packed);
}

static enum err
open_row(struct job *j, struct register_press *x, const int64_t key[4],
         struct register_bytes content, struct register_week *out)
{
    struct register_bytes packed;
    enum err e = unpress_row(j, x, key, content, &packed);

    return e ? e : register_unpack(j, packed, out);
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

/* A few weeks of a school at once; in order afterwards, which spares the engine the content. */
enum { WEEKS_AT_ONCE = 12 };
static const char sql_weeks[] =
    "SELECT r.week, r.batch_id, r.part, r.base_batch, r.base_part, r.content, b.published "
    "FROM register_week r CROSS JOIN batch b WHERE r.area_id = $1 AND r.urn = $2 AND r.week IN "
    "($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AND b.area_id = r.area_id "
    "AND b.batch_id = r.batch_id AND b.state = 'published'";

struct packed {
    int32_t week;
    size_t school; /* its place among those asked for */
    int64_t batch, own_part, base, part, published;
    struct register_bytes content;
};
struct packed_list {
    struct packed *v;
    size_t n, room;
};

static struct packed *
packed_add(struct job *j, struct packed_list *l)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        l->v = job_grow(j, l->v, l->n * sizeof *l->v, room * sizeof *l->v);
        l->room = room;
    }
    return &l->v[l->n++];
}

/* Those of one of the schools, from a Monday on. */
static enum err
read_weeks(struct job *j, const struct register_asked *ask, size_t school, int32_t monday,
           struct packed_list *l)
{
    struct arg v[2 + WEEKS_AT_ONCE] = {INT(custody_authority(j->area)), INT(ask->urn[school])};
    struct rows q;

    for (int i = 0; i < WEEKS_AT_ONCE; i++, monday += monday + 7 < ask->to ? 7 : 0)
        v[2 + i] = INT(monday);
    db_ask(j, &q, sql_weeks, (struct args){v, 2 + WEEKS_AT_ONCE});
    while (db_next(&q)) {
        struct packed *p = packed_add(j, l);
        *p = (struct packed){.school = school};
        p->week = (int32_t)row_int(&q, 0);
        p->batch = row_int(&q, 1);
        p->own_part = row_int(&q, 2);
        p->base = row_int(&q, 3);
        p->part = row_int(&q, 4);
        p->content.p = row_blob(&q, 5, &p->content.n);
        p->published = row_int(&q, 6);
    }
    return db_done(&q);
}

static int
compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By week and school; the last published last. */
static int
in_order(const void *a, const void *b)
{
    const struct packed *x = a, *y = b;
    int c = compare(x->week, y->week);

    if (!c)
        c = compare((int64_t)x->school, (int64_t)y->school);
    if (!c)
        c = compare(x->published, y->published);
    if (!c)
        c = compare(x->batch, y->batch);
    return c ? c : compare(x->own_part, y->own_part);
}

/* Later extracts over earlier ones: `day` holds what each half day was told on. */
static void
lay_over(struct register_child_week *w, int32_t *day, const struct register_week *rows, size_t at,
         const struct packed *p)
{
    const struct register_row *r = &rows->row[at];
    int32_t on = r->extracted == DATE_NONE ? date_of_time(p->published, NULL) : r->extracted;

    for (int k = 0; k < REGISTER_SLOTS; k++)
        if (r->mark[k] && (!w->mark[k] || on >= day[k])) {
            w->mark[k] = r->mark[k];
            day[k] = on;
            w->batch = p->batch;
            w->file = r->file;
            w->line = r->line;
            w->stands[k] = (struct register_stand){
                p->batch, r->file, rows->lines ? rows->lines[at][k] : r->line};
        }
}

/* The rows of the child; where each mark has a line of its own, of all that are unpacked then. */
static enum err
unpack_child(struct looking *l, struct register_bytes packed, struct register_week *out)
{
    struct register_week all;
    size_t n = 0;
    enum err e = register_unpack_of(l->j, packed, l->identity, l->identities, out);

    if (e || !out->n || !register_has_lines(packed))
        return e;
    if ((e = register_unpack(l->j, packed, &all)) || (e = register_unpack_lines(l->j, &all)))
        return e;
    out->lines = job_array(l->j, out->n, sizeof *out->lines);
    for (size_t i = 0; i < all.n && n < out->n; i++) /* both are in the order of the rows */
        if (all.row[i].identity_id == out->row[n].identity_id)
            memcpy(out->lines[n++], all.lines[i], sizeof *out->lines);
    return OK;
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

/* The rows of one school's week, from the first of p on. */
static enum err
look_into(struct looking *l, int64_t urn, const struct packed *p, size_t n)
{
    struct register_child_week w = {.monday = p->week, .urn = urn};
    int32_t day[REGISTER_SLOTS] = {0};
    enum err e = OK;

    for (size_t i = 0; i < n && !e; i++) {
        const int64_t key[4] = {p[i].week, urn, p[i].base, p[i].part};
        struct register_bytes packed;
        struct register_week rows = {0};
        if (!(e = unpress_row(l->j, l->press, key, p[i].content, &packed)))
            e = unpack_child(l, packed, &rows);
        for (size_t k = 0; k < rows.n && !e; k++)
            lay_over(&w, day, &rows, k, &p[i]);
    }
    keep_week(l, &w);
    return e;
}

static enum err
look_into_all(struct looking *l, const struct register_asked *ask, const struct packed_list *p)
{
    enum err e = OK;

    for (size_t i = 0, n; i < p->n && !e; i += n) {
        for (n = 1; i + n < p->n && p->v[i + n].week == p->v[i].week &&
                    p->v[i + n].school == p->v[i].school;)
            n++;
        e = look_into(l, ask->urn[p->v[i].school], &p->v[i], n);
    }
    return e;
}

/* ---- what analysts corrected -------------------------------------------------------- */

static const char sql_corrections[] =
    "SELECT c.urn, c.begun, c.kind, c.value FROM identity i JOIN correction c ON "
    "c.area_id = i.area_id AND c.identity_id = i.identity_id WHERE i.area_id = $1 AND "
    "i.person_id = $2 AND c.fact = 'marks' AND c.undone IS NULL ORDER BY c.correction_id";

static enum err
correct_weeks(struct looking *l, int64_t person)
{
    struct rows q;

    db_ask(l->j, &q, sql_corrections, ARGS(INT(l->j->area), INT(person)));
    while (db_next(&q))
        for (size_t i = 0; i < l->n; i++) {
            struct register_child_week *w = &l->v[i];
            int64_t k = 2 * (row_int(&q, 1) - w->monday);
            k += !strcmp(row_text(&q, 2), REGISTER_SESSION(1));
            if (row_int(&q, 0) != w->urn || k < 0 || k >= REGISTER_SLOTS ||
                (!w->mark[k] && !(w->corrected >> k & 1)))
                continue;
            w->mark[k] = row_is_null(&q, 3) ? 0 : (uint8_t)(row_int(&q, 3) + 1);
            w->corrected = (uint16_t)(w->corrected | 1u << k);
        }
    return db_done(&q);
}

enum err
register_weeks_of(struct job *j, const struct register_asked *ask,
                  struct register_child_week **out, size_t *n)
{
    struct looking l = {.j = j};
    struct packed_list packed = {0};
    int64_t own = permit_school(j->who);
    int32_t first = ask->from + (7 - date_weekday(ask->from)) % 7;
    enum err e = permit(j, ACT_CHILD, (struct subject){.person = ask->person});

    *n = 0;
    if (e || (e = register_press_open(j, &l.press)) || (e = read_identities(&l, ask->person)))
        return e;
    for (size_t i = 0; i < ask->n_urns && !e; i++) {
        if (own && own != ask->urn[i])
            continue;
        for (int32_t monday = first; monday < ask->to && !e; monday += 7 * WEEKS_AT_ONCE)
            e = read_weeks(j, ask, i, monday, &packed);
    }
    if (packed.n)
        qsort(packed.v, packed.n, sizeof *packed.v, in_order);
    if (!e)
        e = look_into_all(&l, ask, &packed);
    if (!e && l.n)
        e = correct_weeks(&l, ask->person);
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

/* The marks of a row that stand in that line; false: none. */
static bool
take_marks(const struct register_week *rows, size_t row, int64_t line, uint8_t *mark)
{
    const struct register_row *r = &rows->row[row];
    bool any = false;

    for (int k = 0; k < REGISTER_SLOTS; k++) {
        int64_t at = rows->lines ? rows->lines[row][k] : r->line;
        mark[k] = at == line ? r->mark[k] : 0;
        any |= mark[k] != 0;
    }
    return any;
}

/* What the week has of the line is kept when the scope of its unpacking has ended. */
static enum err
take_line(struct job *j, struct register_press *x, const struct weeks_of_batch *b, size_t i,
          struct register_line *out)
{
    const int64_t key[4] = {b->week[i], b->urn[i], b->v[i].base, b->v[i].part};
    const struct register_child_week wanted = out->week[0];
    struct register_week rows;
    enum err e = open_row(j, x, key, b->v[i].content, &rows);

    if (!e)
        e = register_unpack_lines(j, &rows);
    for (size_t k = 0; !e && k < rows.n; k++) {
        const struct register_row *r = &rows.row[k];
        struct register_child_week w = {.monday = (int32_t)b->week[i], .urn = b->urn[i],
                                        .batch = b->v[i].batch, .file = r->file,
                                        .line = wanted.line};
        if (r->file != wanted.file || !take_marks(&rows, k, wanted.line, w.mark))
            continue;
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
