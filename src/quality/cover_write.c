#include "quality/cover.h"
#include "quality/run.h"
#include "store/chunks.h"

static int64_t
urn_of(const struct quality_look *q, uint32_t school)
{
    return school == TIMELINE_NONE ? 0 : q->t->school[school].urn;
}

static enum err
write_cells(struct job *j, int64_t run, const struct quality_look *q, const struct cover *c)
{
    struct chunks out = {"quality_cover",
                         "area_id, run_id, source, urn, started, state, told, expected, batch_id",
                         "iitiitiii", NULL, 0};
    enum err e = OK;

    for (int s = 0; s < COVER_SOURCES && !e; s++) {
        const struct cover_grid *g = &c->grid[s];
        for (size_t i = 0; i < g->rows * g->n && !e; i++) {
            const struct cover_cell *x = &g->cell[i];
            const struct arg v[] = {
                INT(j->area), INT(run), TEXT(cover_rows[s].name),
                INT(urn_of(q, g->school[i / g->n])), INT(g->period[i % g->n].from),
                TEXT(cover_state_name(x->state)), INT(x->told), INT(x->expected),
                x->batch ? INT(x->batch) : NUL};
            e = chunks_row(j, &out, v);
        }
    }
    return e ? e : chunks_end(j, &out);
}

/* ---- schools in the order of the page -------------------------------------------------- */

struct shown {
    const char *name;
    int64_t urn;
    int gaps;
};

static int
gaps_first(const void *a, const void *b)
{
    const struct shown *x = a, *y = b;
    int c = y->gaps - x->gaps;

    if (!c)
        c = strcmp(x->name, y->name);
    return c ? c : (x->urn > y->urn) - (x->urn < y->urn);
}

static enum err
write_school_rows(struct job *j, int64_t run, const struct quality_look *q,
                  const struct cover_grid *g, struct chunks *out)
{
    struct shown *v = job_array(j, g->rows + 1, sizeof *v);
    enum err e = OK;

    for (size_t r = 0; r < g->rows; r++)
        v[r] = (struct shown){g->school[r] == TIMELINE_NONE ? "The authority"
                                                            : quality_school(q, g->school[r]),
                              urn_of(q, g->school[r]), g->gaps[r]};
    if (g->rows)
        qsort(v, g->rows, sizeof *v, gaps_first);
    for (size_t r = 0; r < g->rows && g->n && !e; r++) {
        const struct arg row[] = {INT(j->area), INT(run), TEXT(cover_rows[g->source].name),
                                  INT(r + 1), INT(v[r].urn), TEXT(v[r].name), INT(v[r].gaps)};
        e = chunks_row(j, out, row);
    }
    return e;
}

static enum err
write_schools(struct job *j, int64_t run, const struct quality_look *q, const struct cover *c)
{
    struct chunks out = {"quality_cover_school",
                         "area_id, run_id, source, place, urn, name, gaps", "iitiiti", NULL, 0};
    enum err e = OK;

    for (int s = 0; s < COVER_SOURCES && !e; s++)
        e = write_school_rows(j, run, q, &c->grid[s], &out);
    return e ? e : chunks_end(j, &out);
}

static enum err
write_gaps(struct job *j, int64_t run, const struct quality_look *q, const struct cover *c)
{
    struct chunks out = {"quality_gap",
                         "area_id, run_id, place, source, urn, state, started, ended, message",
                         "iiititiit", NULL, 0};
    enum err e = OK;

    for (size_t i = 0; i < c->n_gaps && !e; i++) {
        const struct cover_gap *g = &c->gap[i];
        const struct arg v[] = {INT(j->area), INT(run), INT(i + 1),
                                TEXT(cover_rows[g->source].name), INT(urn_of(q, g->school)),
                                TEXT(cover_state_name(g->state)), INT(g->days.from),
                                INT(g->days.to), TEXT(g->message)};
        e = chunks_row(j, &out, v);
    }
    return e ? e : chunks_end(j, &out);
}

enum err
quality_write_cover(struct job *j, int64_t run, const struct quality_look *q,
                    const struct cover *c)
{
    enum err e = write_cells(j, run, q, c);

    if (!e)
        e = write_schools(j, run, q, c);
    return e ? e : write_gaps(j, run, q, c);
}

static const char sql_drop_cells[] =
    "DELETE FROM quality_cover WHERE area_id = $1 AND run_id = $2 AND source = $3";
static const char sql_drop_schools[] =
    "DELETE FROM quality_cover_school WHERE area_id = $1 AND run_id = $2";
static const char sql_drop_gaps[] = "DELETE FROM quality_gap WHERE area_id = $1 AND run_id = $2";

enum err
quality_drop_cover(struct job *j, int64_t run)
{
    enum err e = OK;

    for (int s = 0; s < COVER_SOURCES && !e; s++)
        e = db_run(j, sql_drop_cells, ARGS(INT(j->area), INT(run), TEXT(cover_rows[s].name)),
                   NULL);
    if (!e)
        e = db_run(j, sql_drop_schools, ARGS(INT(j->area), INT(run)), NULL);
    return e ? e : db_run(j, sql_drop_gaps, ARGS(INT(j->area), INT(run)), NULL);
}
