/* Moves between schools: counted for a snapshot, and read for one school. */
#include "risk/flow.h"
#include "access/permit.h"
#include "base/text.h"
#include "risk/statistics.h"
#include "store/db.h"

const struct flow_row flow_rows[FLOWS] = {
#define FLOW(id, name, came, went) [id] = {name, came, went},
#include "risk/flow.def"
#undef FLOW
};

/* One side of a move; other: URN, 0 none. */
struct side {
    int32_t year, out;
    uint32_t urn, other;
    uint32_t kind;
};

static int
flow_of(const struct timeline_move *m)
{
    switch ((enum timeline_move_kind)m->kind) {
    case MOVE_MANAGED: return FLOW_MANAGED;
    case MOVE_FAMILY:
    case MOVE_UNEXPLAINED: return FLOW_SCHOOL;
    case MOVE_TO_AP: return FLOW_AP;
    case MOVE_FROM_AP: return FLOW_FROM_AP;
    case MOVE_EXCLUDED: return FLOW_EXCLUDED;
    case MOVE_EXIT: return FLOW_EXIT;
    case MOVE_EXPLAINED:
        return m->evidence & EVIDENCE_HOME      ? FLOW_HOME
               : m->evidence & EVIDENCE_MISSING ? FLOW_MISSING
                                                : FLOW_OTHER;
    case MOVE_STRUCTURAL:
    case MOVE_WAITING: break;
    }
    return -1;
}

static int
by_side(const void *a, const void *b)
{
    const struct side *x = a, *y = b;

    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    if (x->urn != y->urn)
        return x->urn < y->urn ? -1 : 1;
    if (x->out != y->out)
        return x->out < y->out ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->other > y->other) - (x->other < y->other);
}

/* Up to two sides: of the school left, and of the one gone to. */
static size_t
sides_of(const struct timeline *t, const struct timeline_move *m, struct side *out)
{
    uint32_t gone = m->to == TIMELINE_NONE && m->kind == MOVE_MANAGED ? m->trial : m->to;
    const struct timeline_school *from = NULL, *to = NULL;
    int kind = flow_of(m);
    size_t n = 0;

    if (m->from != TIMELINE_NONE)
        from = &t->school[t->enrolment[m->from].school];
    if (gone != TIMELINE_NONE)
        to = &t->school[t->enrolment[gone].school];
    if (kind < 0 || from == to)
        return 0;
    if (from && from->local)
        out[n++] = (struct side){m->school_year, 1, from->urn, to ? to->urn : 0, (uint32_t)kind};
    if (to && to->local && flow_rows[kind].came)
        out[n++] = (struct side){m->school_year, 0, to->urn, from ? from->urn : 0, (uint32_t)kind};
    return n;
}

void
flow_count(struct job *j, const struct years *y, struct statistics *out)
{
    const struct timeline *t = y->t;
    struct side *v = job_array(j, 2 * (size_t)t->n[TIMELINE_MOVE] + 2, sizeof *v);
    size_t n = 0;

    for (uint32_t i = 0; i < t->n[TIMELINE_MOVE]; i++) {
        if (t->move[i].school_year >= y->last - 1 && t->move[i].school_year >= y->from &&
            t->move[i].school_year <= y->last)
            n += sides_of(t, &t->move[i], &v[n]);
        timeline_walked(t, i);
    }
    qsort(v, n, sizeof *v, by_side);
    for (size_t i = 0, k; i < n; i = k) {
        k = i + 1;
        while (k < n && !by_side(&v[i], &v[k]))
            k++;
        statistic_put(j, out,
                      (struct statistic){job_format(j, "flow-%u", v[i].urn), v[i].year,
                                         job_format(j, "%s %s %u", v[i].out ? "out" : "in",
                                                    flow_rows[v[i].kind].name, v[i].other),
                                         (int64_t)(k - i)});
    }
}

/* ---- reading ---------------------------------------------------------------------- */

static const char sql_flow[] =
    "SELECT c.item, c.value FROM snapshot_year s JOIN statistic c ON c.area_id = s.area_id "
    "AND c.snapshot_id = s.rows_of AND c.school_year = s.school_year "
    "WHERE s.area_id = $1 AND s.snapshot_id = $2 AND s.school_year = $3 AND c.name = $4";

/* "out managed 900002"; an item of another version is none. */
static bool
line_from_item(const char *item, struct flow_line *out)
{
    const char *kind = strchr(item, ' '), *urn = kind ? strchr(kind + 1, ' ') : NULL;

    if (!urn || !text_to_int(urn + 1, strlen(urn + 1), &out->urn))
        return false;
    out->out = !strncmp(item, "out ", 4);
    for (int k = 0; k < FLOWS; k++)
        if (strlen(flow_rows[k].name) == (size_t)(urn - kind - 1) &&
            !memcmp(flow_rows[k].name, kind + 1, (size_t)(urn - kind - 1))) {
            out->kind = (enum flow)k;
            return true;
        }
    return false;
}

static int
by_line(const void *a, const void *b)
{
    const struct flow_line *x = a, *y = b;

    if (x->out != y->out)
        return x->out ? 1 : -1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->moves != y->moves)
        return x->moves > y->moves ? -1 : 1;
    return (x->urn > y->urn) - (x->urn < y->urn);
}

/* Lines of the same direction and kind as one, without the place. */
static size_t
without_places(struct flow_line *v, size_t n)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        v[i].urn = 0;
        if (k && v[k - 1].out == v[i].out && v[k - 1].kind == v[i].kind)
            v[k - 1].moves += v[i].moves;
        else
            v[k++] = v[i];
    }
    return k;
}

static enum err
name_places(struct job *j, struct flow_line *v, size_t n)
{
    enum err e = OK;

    for (size_t i = 0; i < n && !e; i++)
        if (v[i].urn)
            e = dimension_label(j, D_SCHOOL, job_format(j, "%lld", (long long)v[i].urn),
                                &v[i].place);
    return e;
}

enum err
flow_school(struct job *j, int64_t urn, int32_t school_year, struct flow_line **out, size_t *n)
{
    struct snapshot s;
    struct rows q;
    size_t room = 32;
    struct flow_line *v = job_array(j, room, sizeof *v);
    enum err e = permit(j, ACT_SCHOOLS, (struct subject){.urn = urn});

    *n = 0;
    if (e || (e = snapshot_current(j, &s)))
        return e;
    db_ask(j, &q, sql_flow, ARGS(INT(j->area), INT(s.id), INT(school_year),
                                 TEXT(job_format(j, "flow-%lld", (long long)urn))));
    while (db_next(&q)) {
        struct flow_line line = {.moves = row_int(&q, 1)};
        if (!line_from_item(row_text(&q, 0), &line))
            continue;
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        v[(*n)++] = line;
    }
    if ((e = db_done(&q)))
        return e;
    qsort(v, *n, sizeof *v, by_line);
    if (permit_school(j->who))
        *n = without_places(v, *n);
    *out = v;
    return name_places(j, v, *n);
}
