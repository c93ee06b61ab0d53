#include "web/children/child.h"
#include "timeline/marks.h"
#include "ui/words.h"

enum { WEEKS_SHOWN = 12, MOST_SCHOOLS = 16, DAYS = 5 };

/* ---- reading ---- */

/* Schools that a census has the child at. */
static size_t
schools_of(const struct child_page_facts *f, int64_t *urn)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n && n < MOST_SCHOOLS; i++) {
        bool known = f->facts[i].kind != FACT_CENSUS || !f->facts[i].urn;
        for (size_t k = 0; k < n; k++)
            known |= urn[k] == f->facts[i].urn;
        if (!known)
            urn[n++] = f->facts[i].urn;
    }
    return n;
}

enum err
child_weeks_read(struct job *j, struct child_page_facts *f)
{
    int64_t *urn = job_array(j, MOST_SCHOOLS, sizeof *urn);
    struct register_asked ask = {.person = f->child->person, .urn = urn,
                                 .n_urns = schools_of(f, urn)};
    struct register_child_week *weeks = NULL;
    int32_t last;
    enum err e = marks_last_day(j, INT64_MAX, &last);

    if (e || last == DATE_NONE)
        return e;
    ask.to = last + 1;
    ask.from = last - 7 * WEEKS_SHOWN;
    e = register_weeks_of(j, &ask, &weeks, &f->n_weeks);
    f->weeks = weeks;
    return e;
}

/* ---- the table ---- */

struct week_sums {
    int64_t missed, possible;
};

static struct week_sums
sums_of(const struct register_child_week *w)
{
    struct week_sums s = {0, 0};

    for (int k = 0; k < REGISTER_SLOTS; k++) {
        int32_t day = w->monday + k / 2;
        if (!w->mark[k])
            continue;
        s.possible += attendance_is_possible(w->mark[k] - 1, day);
        s.missed += attendance_is_absence(w->mark[k] - 1, day);
    }
    return s;
}

static const char *
mark_text(uint8_t mark)
{
    const char *name = mark ? attendance_name(mark - 1) : "-";

    return !strcmp(name, "-") ? "·" : name;
}

static const char *
school_name(struct job *j, const struct child_page_facts *f, int64_t urn)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->facts[i].urn == urn && f->facts[i].school)
            return f->facts[i].school;
    return job_format(j, "School %lld", (long long)urn);
}

enum { WEEK, SCHOOL, MONDAY, MISSED = MONDAY + DAYS, POSSIBLE, COLUMNS };

/* Do its marks stand in several lines?  Then each leads to its own. */
static bool
stands_apart(const struct register_child_week *w)
{
    for (int k = 0; k < REGISTER_SLOTS; k++)
        if (w->mark[k] && (w->stands[k].batch != w->batch || w->stands[k].file != w->file ||
                           w->stands[k].line != w->line))
            return true;
    return false;
}

static struct cell
linked_mark(struct job *j, const struct child_page_facts *f, const struct register_child_week *w,
            int k)
{
    const struct register_stand *s = &w->stands[k];
    struct fact at = {.kind = FACT_MARKS, .batch = s->batch, .file = s->file, .line = s->line};
    char day[DATE_TEXT];

    if (!w->mark[k] && !(w->corrected >> k & 1))
        return (struct cell){.text = mark_text(0)};
    return (struct cell){.text = mark_text(w->mark[k]), .small = true,
        .href = child_fact_path(j, f->child->person, &at),
        .hidden = job_format(j, "%s of %s, line %lld of the register",
                             k % 2 ? "afternoon" : "morning",
                             date_words(w->monday + k / 2, day), (long long)s->line)};
}

static void
day_cell(struct job *j, const struct child_page_facts *f, const struct register_child_week *w,
         int d, struct cell *out)
{
    struct cell *afternoon = job_alloc(j, sizeof *afternoon);

    if (f->originals && stands_apart(w)) {
        *out = linked_mark(j, f, w, 2 * d);
        *afternoon = linked_mark(j, f, w, 2 * d + 1);
        out->more = afternoon;
    } else {
        out->text = job_format(j, "%s %s", mark_text(w->mark[2 * d]),
                               mark_text(w->mark[2 * d + 1]));
        afternoon = out;
    }
    if (w->corrected >> 2 * d & 3)
        afternoon->note = "corrected";
}

static void
week_row(struct job *j, const struct child_page_facts *f, const struct register_child_week *w,
         struct cell *row)
{
    struct fact at = {.kind = FACT_MARKS, .batch = w->batch, .file = w->file, .line = w->line};
    struct week_sums s = sums_of(w);
    char day[DATE_TEXT];
    bool apart = f->originals && stands_apart(w);

    row[WEEK].text = job_copy(j, date_words(w->monday, day));
    if (f->originals && !apart) {
        row[WEEK].href = child_fact_path(j, f->child->person, &at);
        row[WEEK].hidden = job_format(j, "line %lld of the register", (long long)w->line);
    }
    row[SCHOOL].text = school_name(j, f, w->urn);
    for (int d = 0; d < DAYS; d++)
        day_cell(j, f, w, d, &row[MONDAY + d]);
    row[MISSED].text = words_count(j, s.missed);
    row[POSSIBLE].text = words_count(j, s.possible);
}

void
child_weeks(struct job *j, const struct child_page_facts *f, struct child_page *out)
{
    static const struct column columns[COLUMNS] = {
        {"Week from", false}, {"School", false}, {"Mon", false}, {"Tue", false}, {"Wed", false},
        {"Thu", false}, {"Fri", false}, {"Missed", true}, {"Possible", true}};
    struct cell *c = job_array(j, COLUMNS * f->n_weeks + 1, sizeof *c);

    for (size_t i = 0; i < f->n_weeks; i++) /* newest first */
        week_row(j, f, &f->weeks[f->n_weeks - 1 - i], &c[COLUMNS * i]);
    out->weeks = (struct table){.name = "Marks week by week", .columns = columns,
                                .n_columns = COLUMNS, .cells = c, .n_rows = f->n_weeks,
                                .wide = true};
}
