#include "quality/cover_list.h"
#include "access/permit.h"
#include "store/db.h"

enum { MOST_PERIODS = 64 };

static const char sql_first[] =
    "SELECT MIN(started) FROM (SELECT DISTINCT started FROM quality_cover WHERE area_id = $1 AND "
    "run_id = $2 AND source = $3 AND urn = (SELECT urn FROM quality_cover_school WHERE "
    "area_id = $1 AND run_id = $2 AND source = $3 AND place = 1) ORDER BY started DESC LIMIT $4) p";
static const char sql_count[] =
    "SELECT COUNT(*), SUM(CASE WHEN gaps > 0 THEN 1 ELSE 0 END) FROM quality_cover_school WHERE "
    "area_id = $1 AND run_id = $2 AND source = $3";
static const char sql_cells[] =
    "SELECT s.urn, s.name, s.gaps, c.started, c.state, c.told, c.expected, c.batch_id FROM "
    "(SELECT place, urn, name, gaps FROM quality_cover_school WHERE area_id = $1 AND run_id = $2 "
    "AND source = $3 ORDER BY place LIMIT $5) s CROSS JOIN quality_cover c WHERE c.area_id = $1 "
    "AND c.run_id = $2 AND c.source = $3 AND c.urn = s.urn AND c.started >= $4 "
    "ORDER BY s.place, c.started";

static void
take_cell(struct job *j, struct rows *q, struct cover_matrix *m, size_t *cells)
{
    struct cover_shown *row = m->rows ? &m->row[m->rows - 1] : NULL;
    size_t len;

    if (!row || row->urn != row_int(q, 0)) {
        row = &m->row[m->rows++];
        *row = (struct cover_shown){
            row_int(q, 0), row_text(q, 1), (int)row_int(q, 2),
            job_array(j, MOST_PERIODS, sizeof(struct cover_shown_cell))};
        *cells = 0;
    }
    if (*cells == MOST_PERIODS)
        return;
    if (m->rows == 1)
        m->started[m->n++] = (int32_t)row_int(q, 3);
    row->cell[(*cells)++] = (struct cover_shown_cell){
        cover_state_find(row_peek(q, 4, &len)), row_int(q, 5), row_int(q, 6), row_int(q, 7)};
}

enum err
cover_matrix(struct job *j, const struct quality_state *s, const struct cover_asked *ask,
             struct cover_matrix *out)
{
    const char *source = cover_rows[ask->source].name;
    int64_t first = 0, periods = ask->periods < MOST_PERIODS ? ask->periods : MOST_PERIODS;
    size_t cells = 0;
    struct rows q;
    enum err e = permit(j, ACT_DATA, (struct subject){0});

    *out = (struct cover_matrix){0};
    if (e)
        return e;
    db_ask(j, &q, sql_count, ARGS(INT(j->area), INT(s->run), TEXT(source)));
    if (db_next(&q)) {
        out->all = row_int(&q, 0);
        out->with_gaps = row_int(&q, 1);
    }
    if ((e = db_done(&q)) || !out->all)
        return e;
    e = db_int(j, sql_first, ARGS(INT(j->area), INT(s->run), TEXT(source), INT(periods)), 0,
               &first);
    if (e)
        return e;
    out->row = job_array(j, (size_t)out->all + 1, sizeof *out->row);
    out->started = job_array(j, MOST_PERIODS, sizeof *out->started);
    db_ask(j, &q, sql_cells, ARGS(INT(j->area), INT(s->run), TEXT(source), INT(first),
                                  INT(ask->schools ? ask->schools : out->all)));
    while (db_next(&q))
        take_cell(j, &q, out, &cells);
    return db_done(&q);
}

static const char sql_gaps[] =
    "SELECT source, state, urn, message FROM quality_gap WHERE area_id = $1 AND run_id = $2 "
    "ORDER BY place LIMIT $3";

enum err
cover_gaps(struct job *j, const struct quality_state *s, int64_t limit, struct cover_told **out,
           size_t *n)
{
    size_t len, room = 0;
    struct rows q;
    enum err e = permit(j, ACT_DATA, (struct subject){0});

    *out = NULL;
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_gaps, ARGS(INT(j->area), INT(s->run), INT(limit)));
    while (db_next(&q)) {
        struct cover_told g = {COVER_SOURCES, cover_state_find(row_peek(&q, 1, &len)),
                               row_int(&q, 2), row_text(&q, 3)};
        for (int k = 0; k < COVER_SOURCES; k++)
            if (!strcmp(row_peek(&q, 0, &len), cover_rows[k].name))
                g.source = (enum cover_source)k;
        if (g.source == COVER_SOURCES)
            continue;
        if (*n == room) {
            size_t more = room ? 2 * room : 64;
            *out = job_grow(j, *out, room * sizeof **out, more * sizeof **out);
            room = more;
        }
        (*out)[(*n)++] = g;
    }
    return db_done(&q);
}
