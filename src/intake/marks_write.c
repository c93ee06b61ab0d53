#include "intake/marks_in.h"

/* What waits becomes rows of register_week: by week, school, child. */

enum {
    SHORT = 96,      /* bytes of a week packed against another, below which it is short enough */
    REASON_DAYS = 5, /* school days within which N has to become another code */
};

struct writing {
    struct marks_in *m;
    struct register_press *press;
    uint32_t *slot;     /* by week, school, child, arrival */
    uint64_t *is_late;  /* bit per slot */
    int8_t one_closed, one_none; /* "#", "-" */
    int code_n;
    bool old[ATTENDANCE_CODES];  /* not in use in old_year */
    int32_t old_year;
};

/* ---- in order --------------------------------------------------------------------- */

struct ranked {
    int64_t identity_id;
    uint32_t urn, entry;
};

static int
by_school(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->urn != y->urn)
        return x->urn < y->urn ? -1 : 1;
    return (x->identity_id > y->identity_id) - (x->identity_id < y->identity_id);
}

static struct ranked *
rank_entries(struct job *j, const struct marks_in *m)
{
    struct ranked *all = job_array(j, m->n_entries + 1u, sizeof *all);

    for (uint32_t i = 0; i < m->n_entries; i++)
        all[i] = (struct ranked){m->entry[i].identity_id, m->entry[i].urn, i};
    qsort(all, m->n_entries, sizeof *all, by_school);
    return all;
}

/* Each child's slots are a chain, the newest first: from the last child to the first, each
 * slot comes to stand before those of its week that stand already. */
static void
sort_slots(struct job *j, struct writing *w)
{
    const struct marks_in *m = w->m;
    const struct ranked *all = rank_entries(j, m);
    uint32_t *end = job_array(j, MARKS_WEEKS, sizeof *end);

    w->slot = job_array(j, m->n_slots + 1u, sizeof *w->slot);
    for (uint32_t i = 0; i < m->n_slots; i++)
        end[m->slot[i].week - MARKS_FIRST_WEEK]++;
    for (int k = 1; k < MARKS_WEEKS; k++)
        end[k] += end[k - 1];
    for (uint32_t i = m->n_entries; i-- > 0;)
        for (uint32_t at = m->entry[all[i].entry].newest; at; at = m->slot[at - 1].next)
            w->slot[--end[m->slot[at - 1].week - MARKS_FIRST_WEEK]] = at - 1;
}

static int
by_slot(const void *a, const void *b)
{
    const struct marks_late *x = a, *y = b;

    return (x->slot > y->slot) - (x->slot < y->slot);
}

static void
sort_late(struct job *j, struct writing *w)
{
    struct marks_in *m = w->m;

    w->is_late = job_array(j, m->n_slots / 64 + 1u, sizeof *w->is_late);
    if (m->n_late)
        qsort(m->late, m->n_late, sizeof *m->late, by_slot);
    for (uint32_t i = 0; i < m->n_late; i++)
        w->is_late[m->late[i].slot / 64] |= UINT64_C(1) << m->late[i].slot % 64;
}

/* ---- one school's week ------------------------------------------------------------ */

struct group {
    const uint32_t *slot;
    uint32_t n;
    uint32_t urn;
    int16_t week;
    struct register_week out;
    int64_t marks, missing;
    int32_t last_day;
};

static bool
is_mark(const struct writing *w, uint8_t mark)
{
    return mark && mark != w->one_closed + 1 && mark != w->one_none + 1;
}

static void
copy_late(struct job *j, const struct writing *w, struct group *g, uint32_t row)
{
    const struct marks_in *m = w->m;
    struct marks_late want = {.slot = g->slot[row]};
    const struct marks_late *l;

    if (!(w->is_late[want.slot / 64] >> want.slot % 64 & 1))
        return;
    l = bsearch(&want, m->late, m->n_late, sizeof *l, by_slot);
    while (l > m->late && l[-1].slot == want.slot)
        l--;
    if (!g->out.late)
        g->out.late = job_array(j, g->n * REGISTER_SLOTS, sizeof *g->out.late);
    for (; l < m->late + m->n_late && l->slot == want.slot; l++)
        if (g->out.n_late < g->n * REGISTER_SLOTS)
            g->out.late[g->out.n_late++] =
                (struct register_late){row, l->half_day, l->minutes};
}

static void
count_marks(const struct writing *w, struct group *g, const struct marks_slot *s)
{
    for (int k = 0; k < REGISTER_SLOTS; k++) {
        g->missing += s->mark[k] == w->one_none + 1;
        if (!is_mark(w, s->mark[k]))
            continue;
        g->marks++;
        if (marks_monday(g->week) + k / 2 > g->last_day)
            g->last_day = marks_monday(g->week) + k / 2;
    }
}

static void
gather_rows(struct job *j, const struct writing *w, struct group *g)
{
    const struct marks_in *m = w->m;

    g->out = (struct register_week){.row = job_array(j, g->n, sizeof *g->out.row), .n = g->n,
                                    .lines = job_array(j, g->n, sizeof *g->out.lines)};
    g->marks = g->missing = 0;
    g->last_day = DATE_NONE;
    for (uint32_t i = 0; i < g->n; i++) {
        const struct marks_slot *s = &m->slot[g->slot[i]];
        struct register_row *r = &g->out.row[i];
        *r = (struct register_row){.identity_id = m->entry[s->entry].identity_id,
                                   .file = s->file, .line = s->line,
                                   .extracted = s->extracted ? s->extracted : DATE_NONE};
        memcpy(r->mark, s->mark, sizeof r->mark);
        marks_lines_of(m, s, g->out.lines[i]);
        for (int k = REGISTER_SLOTS; k--;) /* the week begins in that of its first mark */
            r->line = r->mark[k] ? g->out.lines[i][k] : r->line;
        copy_late(j, w, g, i);
        count_marks(w, g, s);
    }
}

/* ---- what is wrong with it -------------------------------------------------------- */

static struct marks_tell
tell_of(const struct writing *w, const struct group *g, enum found what)
{
    const struct register_row *r = &g->out.row[0];

    return (struct marks_tell){
        .found = what, .urn = (int32_t)g->urn, .day = DATE_NONE,
        .at = {w->m->layout, r->file, r->line, g->urn}};
}

static enum err
tell_closed(struct job *j, const struct writing *w, const struct group *g)
{
    const struct school_days *days = school_days_of(w->m->calendars, g->urn);
    int32_t monday = marks_monday(g->week);
    enum err e = OK;

    for (int d = 0; d < 7 && !e; d++) {
        struct marks_tell t = tell_of(w, g, FOUND_MARK_CLOSED);
        if (!school_day_known(days, monday + d) || school_day_sessions(days, monday + d))
            continue;
        for (uint32_t i = 0; i < g->n; i++)
            for (int k = 2 * d; k < 2 * d + 2; k++)
                t.n += is_mark(w, g->out.row[i].mark[k]);
        t.day = monday + d;
        if (t.n)
            e = marks_note(j, w->m, &t);
    }
    return e;
}

/* The day from which N, given on a day of this week, should have been another code. */
static void
reason_days(const struct writing *w, const struct group *g, int32_t *due)
{
    const struct school_days *days = school_days_of(w->m->calendars, g->urn);

    for (int d = 0; d < 7; d++) {
        int32_t on = marks_monday(g->week) + d, by = school_day_add(days, on, REASON_DAYS);
        due[d] = by == DATE_NONE ? on + 7 : by;
    }
}

static enum err
tell_no_reason(struct job *j, const struct writing *w, const struct group *g)
{
    struct marks_tell t = tell_of(w, g, FOUND_MARK_NO_REASON);
    int32_t due[7];

    reason_days(w, g, due);
    for (uint32_t i = 0; i < g->n; i++) {
        const struct register_row *r = &g->out.row[i];
        int32_t seen = r->extracted == DATE_NONE ? w->m->today : r->extracted;
        for (int k = 0; k < REGISTER_SLOTS; k++)
            t.n += r->mark[k] == w->code_n + 1 && seen > due[k / 2];
    }
    return t.n ? marks_note(j, w->m, &t) : OK;
}

static void
set_year(struct writing *w, int32_t year)
{
    if (w->old_year == year)
        return;
    w->old_year = year;
    for (int c = 0; c < ATTENDANCE_CODES; c++) {
        const struct code *code = code_find(CODE_ATTENDANCE, span_of(attendance_name(c)));
        w->old[c] = code && !code_valid_in(code, year);
    }
}

static enum err
tell_old_codes(struct job *j, struct writing *w, const struct group *g)
{
    int64_t n[ATTENDANCE_CODES] = {0};
    enum err e = OK;

    set_year(w, date_school_year(marks_monday(g->week)));
    for (uint32_t i = 0; i < g->n; i++)
        for (int k = 0; k < REGISTER_SLOTS; k++)
            if (g->out.row[i].mark[k])
                n[g->out.row[i].mark[k] - 1]++;
    for (int c = 0; c < ATTENDANCE_CODES && !e; c++) {
        struct marks_tell t = tell_of(w, g, FOUND_MARK_CODE_YEAR);
        if (!n[c] || !w->old[c])
            continue;
        t.n = n[c];
        snprintf(t.code, sizeof t.code, "%s", attendance_name(c));
        e = marks_note(j, w->m, &t);
    }
    return e;
}

static enum err
tell_group(struct job *j, struct writing *w, const struct group *g)
{
    enum err e;

    if ((e = tell_closed(j, w, g)) || (e = tell_no_reason(j, w, g)))
        return e;
    return tell_old_codes(j, w, g);
}

/* ---- packed against what was there ------------------------------------------------ */

struct base {
    int64_t batch, part; /* batch 0: none */
    struct register_bytes content;
    int64_t of_batch, of_part; /* that it is packed against itself */
};

/* Of a batch in parts the same part: a file sent again mostly has its children in the order
 * they had before. */
static const char sql_last[] =
    "SELECT batch_id, part, base_batch, base_part, content FROM register_week "
    "WHERE area_id = $1 AND week = $2 AND urn = $3 AND batch_id < $4 "
    "ORDER BY batch_id DESC, CASE WHEN part = $5 THEN 0 ELSE 1 END, part DESC LIMIT 1";
static const char sql_one[] =
    "SELECT batch_id, part, base_batch, base_part, content FROM register_week "
    "WHERE area_id = $1 AND week = $2 AND urn = $3 AND batch_id = $4 AND part = $5";

static enum err
read_base(struct job *j, const char *sql, struct args a, struct base *out)
{
    struct rows q;

    *out = (struct base){0};
    db_ask(j, &q, sql, a);
    if (db_next(&q)) {
        *out = (struct base){.batch = row_int(&q, 0), .part = row_int(&q, 1),
                             .of_batch = row_int(&q, 2), .of_part = row_int(&q, 3)};
        out->content.p = row_blob(&q, 4, &out->content.n);
    }
    return db_done(&q);
}

/* The last that stands alone: no chains, so that any week needs two rows at most. */
static enum err
find_base(struct job *j, const struct writing *w, const struct group *g, struct base *out)
{
    int64_t monday = marks_monday(g->week);
    struct register_bytes packed;
    enum err e = read_base(j, sql_last,
                           ARGS(INT(j->area), INT(monday), INT(g->urn), INT(w->m->l->batch_id),
                                INT(w->m->part)),
                           out);

    if (!e && out->of_batch)
        e = read_base(j, sql_one,
                      ARGS(INT(j->area), INT(monday), INT(g->urn), INT(out->of_batch),
                           INT(out->of_part)),
                      out);
    if (e || !out->batch)
        return e;
    e = register_unpress(j, w->press, out->content, (struct register_bytes){0}, &packed);
    out->content = packed;
    return e;
}

/* Alone or against the base, whichever is worth it. */
static enum err
press_group(struct job *j, const struct writing *w, struct register_bytes packed,
            struct base *base, struct register_bytes *out)
{
    struct register_bytes alone;
    enum err e = OK;

    if (base->batch)
        e = register_press(j, w->press, packed, base->content, out);
    if (e || (base->batch && out->n <= SHORT))
        return e;
    e = register_press(j, w->press, packed, (struct register_bytes){0}, &alone);
    if (!e && (!base->batch || 3 * out->n > 2 * alone.n)) {
        base->batch = 0;
        *out = alone;
    }
    return e;
}

static enum err
write_group(struct job *j, struct writing *w, struct group *g)
{
    struct loading *l = w->m->l;
    struct register_bytes packed, content;
    struct base base;
    enum err e;

    gather_rows(j, w, g);
    packed = register_pack(j, &g->out);
    if ((e = tell_group(j, w, g)) || (e = find_base(j, w, g, &base)) ||
        (e = press_group(j, w, packed, &base, &content)))
        return e;
    return loading_row(j, l, &fact_register_week,
                       ARGS(INT(j->area), INT(marks_monday(g->week)), INT(g->urn),
                            INT(l->batch_id), INT(w->m->part), base.batch ? INT(base.batch) : NUL,
                            base.batch ? INT(base.part) : NUL, INT(g->n), INT(g->marks),
                            INT(g->missing), BLOB(content.p, content.n)));
}

/* ---- all of them ------------------------------------------------------------------ */

static void
add_to_week(struct marks_in *m, const struct group *g)
{
    struct marks_sums *sums = &m->week[g->week - MARKS_FIRST_WEEK];

    if (!sums->told)
        sums->last_day = DATE_NONE;
    sums->told = true;
    sums->marks += g->marks;
    if (g->last_day > sums->last_day)
        sums->last_day = g->last_day;
}

static enum err
write_groups(struct job *j, struct writing *w)
{
    const struct marks_in *m = w->m;
    enum err e = OK;

    for (uint32_t i = 0, next; i < m->n_slots && !e; i = next) {
        const struct marks_slot *first = &m->slot[w->slot[i]];
        struct group g = {.slot = &w->slot[i], .week = first->week,
                          .urn = m->entry[first->entry].urn};
        struct scope s = job_scope_begin(j);
        for (next = i; next < m->n_slots; next++) {
            const struct marks_slot *x = &m->slot[w->slot[next]];
            if (x->week != g.week || m->entry[x->entry].urn != g.urn)
                break;
        }
        g.n = next - i;
        e = write_group(j, w, &g);
        add_to_week(w->m, &g);
        job_scope_end(j, s);
    }
    return e;
}

static void
forget(struct marks_in *m)
{
    for (uint32_t i = 0; i < m->n_entries; i++)
        m->entry[i].newest = 0;
    m->n_slots = m->n_late = m->n_lines = 0;
    m->part++;
}

/* In a job of its own, for what it sorts with is large. */
static enum err
write_within(struct job *j, void *arg)
{
    struct writing *w = arg;
    enum err e = register_press_open(j, &w->press);

    if (e)
        return e;
    sort_slots(j, w);
    sort_late(j, w);
    return write_groups(j, w);
}

enum err
marks_write(struct job *j, struct marks_in *m)
{
    static const size_t memory = (size_t)128 * JOB_MB;
    struct writing w = {.m = m, .one_closed = m->one['#'], .one_none = m->one['-'],
                        .code_n = m->one['N'], .old_year = -1};
    struct job own;
    enum err e;

    if (!m->n_slots)
        return OK;
    job_init_child(&own, j, memory);
    db_use(&own, j->db);
    e = job_run(&own, write_within, &w);
    if (e)
        j->err = own.err;
    job_end(&own);
    forget(m);
    return e;
}

enum err
marks_write_weeks(struct job *j, struct marks_in *m)
{
    enum err e = OK;

    for (int i = 0; i < MARKS_WEEKS && !e; i++) {
        const struct marks_sums *sums = &m->week[i];
        int32_t monday = marks_monday((int16_t)(i + MARKS_FIRST_WEEK));
        if (sums->told)
            e = loading_row(j, m->l, &fact_register_batch,
                            ARGS(INT(j->area), INT(monday), INT(m->l->batch_id),
                                 INT(sums->marks),
                                 sums->last_day == DATE_NONE ? NUL : INT(sums->last_day)));
    }
    return e;
}
