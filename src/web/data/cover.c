#include "web/data/cover.h"
#include "web/data/cover.html.h"
#include "web/data/quality.h"
#include "web/download/sheet.h"
#include "web/pages.h"

enum { GAPS_MOST = 100000 };

static int64_t
periods_shown(enum cover_source s)
{
    switch (cover_rows[s].period) {
    case COVER_WEEK:
        return COVER_WEEKS;
    case COVER_TERM:
        return COVER_TERMS;
    default:
        return COVER_YEARS;
    }
}

enum err
page_coverage(struct job *j, const struct request *q, struct response *r)
{
    const char *schools = request_query(q, "schools");
    bool all = schools && !strcmp(schools, "all");
    struct cover_matrix of[COVER_SOURCES];
    struct quality_state state;
    struct cover_told *gap = NULL;
    struct cover_due due;
    struct cover_facts f = {.state = &state, .of = of, .due = &due};
    struct cover_page p;
    enum err e = quality_state_get(j, &state);

    if (!e)
        e = cover_due_load(j, &due);
    if (!e)
        e = cover_gaps(j, &state, COVER_GAPS + 1, &gap, &f.n_gaps);
    for (int s = 0; s < COVER_SOURCES && !e; s++) {
        struct cover_asked ask = {(enum cover_source)s, periods_shown((enum cover_source)s),
                                  all ? 0 : COVER_SCHOOLS};
        e = cover_matrix(j, &state, &ask, &of[s]);
    }
    if (e)
        return e;
    f.gap = gap;
    cover_page_make(j, &f, data_view(j, q, "Coverage"), &p);
    view_cover(&r->body, &p);
    return OK;
}

enum err
page_coverage_csv(struct job *j, const struct request *q, struct response *r)
{
    static const struct sheet_column columns[] = {{.name = "source"}, {.name = "urn"},
        {.name = "state"}, {.name = "what_figures_leave_out"}};
    struct quality_state state;
    struct cover_told *gap = NULL;
    struct sheet s = {.name = "gaps", .title = "Gaps", .columns = columns, .n_columns = 4,
                      .total = -1};
    size_t n = 0;
    enum err e = quality_state_get(j, &state);

    (void)q;
    if (!e)
        e = cover_gaps(j, &state, GAPS_MOST, &gap, &n);
    if (e)
        return e;
    s.cells = job_array(j, 4 * n + 1, sizeof *s.cells);
    s.n_rows = n;
    for (size_t i = 0; i < n; i++) {
        struct sheet_cell *row = &s.cells[4 * i];
        row[0] = sheet_text(cover_rows[gap[i].source].name);
        row[1] = sheet_text(gap[i].urn ? job_format(j, "%lld", (long long)gap[i].urn) : "");
        row[2] = sheet_text(cover_state_name(gap[i].state));
        row[3] = sheet_text(gap[i].message);
    }
    return download_csv(j, r, &s, "coverage-gaps.csv");
}
