#include "base/date.h"
#include "ui/words.h"
#include "web/data/cover.h"
#include "web/frame.h"

/* ---- a cell ---- */

/* A whole number of percent that is never rounded up to "all". */
static const char *
share(struct job *j, const struct cover_shown_cell *c)
{
    int64_t percent = c->expected > 0 ? 100 * c->told / c->expected : 100;

    return job_format(j, "%lld", (long long)(percent > 100 ? 100 : percent));
}

static struct matrix_cell
came_cell(struct job *j, const struct cover_shown_cell *c)
{
    bool most = c->expected > 0 && c->told * 100 < c->expected * 97;
    struct matrix_cell m = {c->state == COVER_THIN ? "cm--part" : most ? "cm--most" : "cm--full",
                            share(j, c), NULL, NULL};

    m.hidden = c->expected > 0 ? job_format(j, "percent: %s of %s", words_count(j, c->told),
                                            words_counted(j, c->expected, "child", "children"))
                               : job_format(j, "percent: %s",
                                            words_counted(j, c->told, "child", "children"));
    if (c->batch && page_offered(j->who, "/data/batches/:batch"))
        m.href = job_format(j, "/data/batches/%lld", (long long)c->batch);
    return m;
}

static struct matrix_cell
cell_of(struct job *j, const struct cover_shown_cell *c)
{
    switch (c->state) {
    case COVER_PRESENT:
    case COVER_THIN:
        return came_cell(j, c);
    case COVER_LATE:
        return (struct matrix_cell){"cm--rejected", "late", NULL, NULL};
    case COVER_MISSING:
        return (struct matrix_cell){"cm--nofile", "no file", NULL, NULL};
    case COVER_NOT_DUE:
        return (struct matrix_cell){"cm--blank", "not due", NULL, NULL};
    case COVER_NOT_OPEN:
        return (struct matrix_cell){"cm--blank", "not open", NULL, NULL};
    case COVER_NOT_LOADED:
    case COVER_STATES:
        break;
    }
    return (struct matrix_cell){"cm--blank", "not loaded", NULL, NULL};
}

/* ---- a matrix ---- */

static const char *
period_short(struct job *j, enum cover_period p, int32_t started)
{
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
                                        "Sep", "Oct", "Nov", "Dec"};
    static const char *const term[] = {"", "Aut", "Spr", "Sum"};
    struct ymd d = date_to_ymd(started);

    if (p == COVER_TERM)
        return job_format(j, "%s %02d", term[date_term(started)], (int)(d.year % 100));
    return job_format(j, "%d %s", (int)d.day, month[d.month - 1]);
}

static struct matrix
matrix_of(struct job *j, enum cover_source source, const struct cover_matrix *m)
{
    const char **columns = job_array(j, m->n + 1, sizeof *columns);
    struct matrix_row *rows = job_array(j, m->rows + 1, sizeof *rows);

    for (size_t i = 0; i < m->n; i++)
        columns[i] = period_short(j, cover_rows[source].period, m->started[i]);
    for (size_t r = 0; r < m->rows; r++) {
        struct matrix_cell *cells = job_array(j, m->n + 1, sizeof *cells);
        for (size_t i = 0; i < m->n; i++)
            cells[i] = cell_of(j, &m->row[r].cell[i]);
        rows[r] = (struct matrix_row){m->row[r].name, NULL, cells};
        if (m->row[r].urn && page_offered(j->who, "/schools/:urn"))
            rows[r].href = job_format(j, "/schools/%lld", (long long)m->row[r].urn);
    }
    return (struct matrix){cover_rows[source].title, columns, m->n, rows, m->rows};
}

static const char *
matrix_says(struct job *j, const struct cover_matrix *m, const char *whole)
{
    enum { NAMED = 3 };
    const char *name[NAMED + 1];
    size_t gaps = (size_t)m->with_gaps, n = gaps > NAMED ? NAMED - 1 : gaps;

    if (!gaps)
        return whole;
    for (size_t i = 0; i < n && i < m->rows; i++)
        name[i] = m->row[i].name;
    if (n < gaps)
        name[n++] = job_format(j, "%s more", words_number(j, (int64_t)(gaps - NAMED + 1)));
    return job_format(j, "%s %s: treat what they show since then as unknown",
                      words_list(j, name, n), gaps == 1 ? "is the gap" : "are the gaps");
}

static const char *
shown_of(struct job *j, const struct cover_matrix *m)
{
    if ((int64_t)m->rows == m->all)
        return words_counted(j, m->all, "school", "schools");
    return job_format(j, "%s of %s", words_number(j, (int64_t)m->rows),
                      words_counted(j, m->all, "school", "schools"));
}

static struct matrix_of
weeks_of(struct job *j, const struct cover_matrix *m)
{
    struct matrix_of out = {.matrix = matrix_of(j, COVER_SOURCE_WEEKS, m)};

    out.words = (struct figure_words){
        .says = matrix_says(j, m, "Every school gave a register for each of these weeks"),
        .what = job_format(j, "Registers of attendance: children with marks as %% of children on "
                           "roll, by school and week (its Monday). %s, recent gaps first",
                           shown_of(j, m))};
    out.note = "“No file” means that newer weeks came and this one did not. “Late” means that it "
               "is due and nothing newer came. Weeks in which no school gave a register are left "
               "out.";
    out.all = (int64_t)m->rows < m->all ? "/data/coverage?schools=all#weeks" : NULL;
    return out;
}

static struct matrix_of
terms_of(struct job *j, const struct cover_matrix *m)
{
    struct matrix_of out = {.matrix = matrix_of(j, COVER_SOURCE_CENSUS, m)};

    out.words = (struct figure_words){
        .says = matrix_says(j, m, "Every school’s census is there for each of these terms"),
        .what = job_format(j, "School census: children on roll as %% of those in the return "
                           "before, by school and term. %s, recent gaps first", shown_of(j, m))};
    out.note = "A number leads to the batch that brought it. “Not due” and “not open” are not "
               "gaps.";
    out.all = (int64_t)m->rows < m->all ? "/data/coverage?schools=all#terms" : NULL;
    return out;
}

/* ---- sources of the authority ---- */

static const char *
year_of(struct job *j, enum cover_period p, int32_t started)
{
    char name[DATE_TEXT];
    int year = (int)date_to_ymd(started).year;

    if (p == COVER_CALENDAR_YEAR)
        return job_format(j, "%d", year);
    if (p == COVER_CARE_YEAR)
        return job_format(j, "to March %d", year + 1);
    return job_copy(j, date_year_name(date_school_year(started), name));
}

static struct cell
year_cell(struct job *j, enum cover_period p, int32_t started, const struct cover_shown_cell *c)
{
    static const char *const words[COVER_STATES] = {
        [COVER_PRESENT] = "Here", [COVER_THIN] = "Thin", [COVER_LATE] = "Late",
        [COVER_MISSING] = "No file", [COVER_NOT_DUE] = "Not due", [COVER_NOT_OPEN] = "Not open"};
    struct cell out = {.text = words[c->state], .note = year_of(j, p, started)};

    if (c->state == COVER_NOT_LOADED)
        return (struct cell){.absent = NO_DATA, .note = out.note};
    if (c->batch && page_offered(j->who, "/data/batches/:batch"))
        out.href = job_format(j, "/data/batches/%lld", (long long)c->batch);
    return out;
}

static struct table
sources_of(struct job *j, const struct cover_facts *f)
{
    static const struct column columns[] = {{"Source", false}, {"Three years before", false},
        {"Two years before", false}, {"The year before", false}, {"This year", false}};
    struct cell *c = job_array(j, (COVER_YEARS + 1) * COVER_SOURCES, sizeof *c);
    size_t n = 0;

    for (int s = 0; s < COVER_SOURCES; s++) {
        const struct cover_matrix *m = &f->of[s];
        struct cell *row = &c[(COVER_YEARS + 1) * n];
        if (cover_rows[s].school || !m->rows || m->n < COVER_YEARS)
            continue;
        n++;
        row[0].text = cover_rows[s].title;
        for (size_t i = 0; i < COVER_YEARS; i++)
            row[1 + i] = year_cell(j, cover_rows[s].period, m->started[i], &m->row[0].cell[i]);
    }
    return (struct table){.name = "Sources of the authority", .columns = columns,
                          .n_columns = COVER_YEARS + 1, .cells = c, .n_rows = n, .stack = true};
}

/* ---- when each source is due ---- */

static const char *
due_words(struct job *j, const struct cover_row *c, int32_t days)
{
    static const char *const after[] = {[COVER_WEEK] = "the week’s Sunday",
        [COVER_TERM] = "census day", [COVER_YEAR] = "31 August", [COVER_CARE_YEAR] = "31 March",
        [COVER_CALENDAR_YEAR] = "31 December"};

    return job_format(j, "%s after %s", words_counted(j, days, "day", "days"), after[c->period]);
}

static struct table
due_of(struct job *j, const struct cover_due *due)
{
    static const struct column columns[] = {{"Source", false}, {"Due", false}, {"Why", false}};
    struct cell *c = job_array(j, 3 * COVER_SOURCES, sizeof *c);

    for (int s = 0; s < COVER_SOURCES; s++) {
        const struct cover_row *r = &cover_rows[s];
        c[3 * s] = (struct cell){.text = r->title, .note = r->name};
        c[3 * s + 1].text = due_words(j, r, due->days[s]);
        c[3 * s + 2].text = due->chosen[s] ? "Set by the council" : r->basis;
    }
    return (struct table){.name = "When each source is due", .columns = columns, .n_columns = 3,
                          .cells = c, .n_rows = COVER_SOURCES, .stack = true};
}

/* ---- the page ---- */

static void
make_words(struct job *j, const struct cover_facts *f, struct cover_page *out)
{
    const struct cover_matrix *w = &f->of[COVER_SOURCE_WEEKS];
    const struct cover_matrix *t = &f->of[COVER_SOURCE_CENSUS];
    int64_t gaps = w->with_gaps + t->with_gaps;
    char day[DATE_TEXT];

    if (!f->state->run) {
        out->heading = "Nothing is loaded yet";
        out->lede = "What is loaded and what is missing is told here after each load.";
        return;
    }
    out->heading = !f->n_gaps ? "Nothing that is due is missing"
                   : gaps ? job_format(j, "%s with recent gaps in registers, %s in the census",
                                       words_counted(j, w->with_gaps, "school", "schools"),
                                       words_number(j, t->with_gaps))
                          : "No recent gaps of schools";
    out->lede = job_format(j, "What is here, thin, late or missing, and what figures leave out "
                           "because of it. As of %s.", date_words(f->state->day, day));
}

void
cover_page_make(struct job *j, const struct cover_facts *f, const struct view *view,
                struct cover_page *out)
{
    size_t n = f->n_gaps < COVER_GAPS ? f->n_gaps : COVER_GAPS;
    const char **gaps = job_array(j, n + 1, sizeof *gaps);

    *out = (struct cover_page){.view = view};
    make_words(j, f, out);
    if (!f->state->run)
        return;
    for (size_t i = 0; i < n; i++)
        gaps[i] = f->gap[i].message;
    out->gaps = gaps;
    out->n_gaps = n;
    if (n && page_offered(j->who, "/data/coverage/gaps.csv"))
        out->csv = "/data/coverage/gaps.csv";
    out->weeks = weeks_of(j, &f->of[COVER_SOURCE_WEEKS]);
    out->terms = terms_of(j, &f->of[COVER_SOURCE_CENSUS]);
    out->sources = sources_of(j, f);
    out->due = due_of(j, f->due);
}
