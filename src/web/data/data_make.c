#include "web/data/data.h"
#include "people/child.h"
#include "ui/words.h"
#include "web/figures.h"
#include "web/frame.h"

enum { BATCHES_SHOWN = 10, RULES_SHOWN = 6, TASKS_SHOWN = 5 };

const char *
data_when(struct job *j, int64_t us)
{
    char when[DATE_TEXT + 16];

    return us ? job_copy(j, time_words(us, when)) : NULL;
}

const char *
data_state_words(enum batch_state s)
{
    static const char *const words[] = {[BATCH_LOADING] = "Loading",
                                        [BATCH_PUBLISHED] = "Loaded",
                                        [BATCH_REFUSED] = "Refused",
                                        [BATCH_WITHDRAWN] = "Withdrawn"};
    return words[s];
}

/* ---- batches ---- */

static const char *
batch_note(struct job *j, const struct batch *b)
{
    switch (b->state) {
    case BATCH_LOADING:
        return "Loading: nobody sees its rows yet";
    case BATCH_REFUSED:
        return job_format(j, "Refused whole: %s", b->message ? b->message : "see the batch");
    case BATCH_WITHDRAWN:
        return job_format(j, "Withdrawn: %s", b->withdrawn_why ? b->withdrawn_why : "");
    default:
        return NULL;
    }
}

static void
batch_row(struct job *j, const struct batch *b, struct cell *row)
{
    bool in = b->state == BATCH_PUBLISHED || b->state == BATCH_WITHDRAWN;

    row[0] = (struct cell){.text = job_format(j, "%lld", (long long)b->id),
                           .href = job_format(j, "/data/batches/%lld", (long long)b->id),
                           .hidden = b->title};
    row[1] = (struct cell){.text = b->title, .note = batch_note(j, b)};
    row[2].text = words_count(j, b->read);
    row[3].text = words_count(j, in ? b->loaded : 0);
    if (b->refused)
        row[4].text = words_count(j, b->refused);
    else
        row[4].absent = NONE;
    row[5] = (struct cell){.text = data_when(j, b->published ? b->published : b->started),
                           .note = b->loaded_by};
}

struct table
data_batches(struct job *j, const struct batch *v, size_t n)
{
    static const struct column columns[] = {{"Batch", false}, {"What", false}, {"Rows", true},
        {"Went in", true}, {"Turned away", true}, {"Loaded", false}};
    struct cell *c = job_array(j, 6 * n, sizeof *c);

    for (size_t i = 0; i < n; i++)
        batch_row(j, &v[i], &c[6 * i]);
    return (struct table){.name = "Batches, newest first", .columns = columns, .n_columns = 6,
                          .cells = c, .n_rows = n, .stack = true};
}

struct table
data_rules(struct job *j, const struct batch_rule *v, size_t n, bool refused)
{
    static const struct column columns[] = {{"Why", false}, {"Rows", true}, {"The first", false}};
    struct cell *c = job_array(j, 3 * n, sizeof *c);
    size_t rows = 0;

    for (size_t i = 0; i < n; i++) {
        struct cell *row = &c[3 * rows];
        if (v[i].refused != refused)
            continue;
        row[0].text = v[i].message;
        row[1].text = words_count(j, v[i].count);
        row[2].text = job_format(j, "Line %s of %s", words_count(j, v[i].line), v[i].file);
        rows++;
    }
    return (struct table){.name = refused ? "Why rows were turned away" : "Remarks on rows",
        .columns = columns, .n_columns = 3, .cells = c, .n_rows = rows, .stack = true};
}

/* ---- the sentence ---- */

static const struct batch *
newest(const struct data_facts *f, enum batch_state state)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->batches[i].state == state)
            return &f->batches[i];
    return NULL;
}

/* All batches of the day of the newest one. */
static void
make_words(struct job *j, const struct data_facts *f, struct data_page *out)
{
    const struct batch *b = newest(f, BATCH_PUBLISHED);
    int32_t minute, day = b ? date_of_time(b->published, &minute) : 0;
    int64_t in = 0, away = 0, batches = 0;
    char when[DATE_TEXT];

    out->caption = "Data";
    if (!b) {
        out->heading = "Nothing is loaded yet";
        out->lede =
            "Load a school census to begin: a COLLECT export (all its tables) or its XML. The "
            "lists of schools and postcodes make the figures better.";
        return;
    }
    for (size_t i = 0; i < f->n; i++) {
        if (f->batches[i].state != BATCH_PUBLISHED ||
            date_of_time(f->batches[i].published, &minute) != day)
            continue;
        in += f->batches[i].loaded;
        away += f->batches[i].refused;
        batches++;
    }
    out->heading = job_format(j, "%s went in on %s, %s turned away",
                              words_counted(j, in, "row", "rows"), date_words(day, when),
                              away ? words_counted(j, away, "was", "were") : "none was");
    out->lede = job_format(j, "The last was: %s. %sEach row that was turned away is kept, with the "
        "reason.", b->title, batches > 1 ? job_format(j, "%s came that day. ",
        words_capital(j, job_format(j, "%s batches", words_number(j, batches)))) : "");
}

/* ---- why rows were turned away ---- */

static void
make_rejected(struct job *j, const struct data_facts *f, struct data_page *out)
{
    const struct batch *b = f->rules_of;
    size_t n = f->n_rules < RULES_SHOWN ? f->n_rules : RULES_SHOWN;

    if (!b)
        return;
    out->rejected = data_rules(j, f->rules, n, true);
    out->rejected_of = job_format(j, "Batch %lld, %s. %s of %s, %s", (long long)b->id, b->title,
        words_count(j, b->refused), words_counted(j, b->read, "row", "rows"),
        words_percent(j, (struct point){b->refused, b->read, false}, 1));
    if (page_offered(j->who, "/data/batches/:batch/findings.csv"))
        out->csv = job_format(j, "/data/batches/%lld/findings.csv", (long long)b->id);
}

/* ---- coverage ---- */

static const char *
term_short(struct job *j, const struct coverage_term *t)
{
    static const char *const name[] = {"", "Aut", "Spr", "Sum"};

    return job_format(j, "%s %02d", name[t->term],
                      (int)((t->school_year + (t->term != TERM_AUTUMN)) % 100));
}

/* Dark: attendance came with the return; pale: for less than half of the pupils; a number
 * is the pupils on roll. */
static struct matrix_cell
cell_of(struct job *j, const struct coverage_cell *c)
{
    switch (c->state) {
    case COVERAGE_MISSING:
        return (struct matrix_cell){"cm--nofile", "no file", NULL, NULL};
    case COVERAGE_REFUSED:
        return (struct matrix_cell){"cm--rejected", "refused", NULL, NULL};
    case COVERAGE_NOT_LOADED:
        return (struct matrix_cell){"cm--blank", "not loaded", NULL, NULL};
    case COVERAGE_NOT_OPEN:
        return (struct matrix_cell){"cm--blank", "not open", NULL, NULL};
    case COVERAGE_PRESENT:
        return (struct matrix_cell){"cm--full", words_count(j, c->expected),
                                    "pupils, with attendance", NULL};
    case COVERAGE_THIN:
    case COVERAGE_STATES:
        break;
    }
    if (c->told)
        return (struct matrix_cell){"cm--most", words_count(j, c->expected),
                                    "pupils, attendance for less than half", NULL};
    return (struct matrix_cell){"cm--part", words_count(j, c->expected), "pupils, no attendance",
                                NULL};
}

static struct matrix
make_matrix(struct job *j, const struct coverage *c, size_t schools)
{
    const char **columns = job_array(j, c->n_terms, sizeof *columns);
    struct matrix_row *rows = job_array(j, schools, sizeof *rows);

    for (size_t t = 0; t < c->n_terms; t++)
        columns[t] = term_short(j, &c->term[t]);
    for (size_t i = 0; i < schools; i++) {
        struct matrix_cell *cells = job_array(j, c->n_terms, sizeof *cells);
        for (size_t t = 0; t < c->n_terms; t++)
            cells[t] = cell_of(j, &c->school[i].cell[t]);
        rows[i] = (struct matrix_row){c->school[i].name, NULL, cells};
        if (page_offered(j->who, "/schools/:urn"))
            rows[i].href = job_format(j, "/schools/%lld", (long long)c->school[i].urn);
    }
    return (struct matrix){"Coverage by school and term", columns, c->n_terms, rows, schools};
}

static const char *
coverage_says(struct job *j, const struct coverage *c)
{
    enum { NAMED = 3 };
    const char *name[NAMED + 1];
    size_t gaps = (size_t)c->with_gaps, n;

    if (!gaps)
        return job_format(j, "Every school’s return is there for the last %s",
                          c->n_terms < 3 ? "census" : "three terms");
    n = gaps > NAMED ? NAMED - 1 : gaps; /* schools with gaps come first */
    for (size_t i = 0; i < n; i++)
        name[i] = c->school[i].name;
    if (n < gaps)
        name[n++] = job_format(j, "%s more", words_number(j, (int64_t)(gaps - NAMED + 1)));
    return job_format(j, "%s %s: treat what they show since then as unknown",
                      words_list(j, name, n), gaps == 1 ? "is the gap" : "are the gaps");
}

static void
make_coverage(struct job *j, const struct data_facts *f, struct data_page *out)
{
    const struct coverage *c = f->coverage;
    size_t shown = c ? c->n_schools : 0;

    if (!shown)
        return;
    if ((int64_t)shown < c->all_schools)
        out->all_schools = "/data?schools=all#coverage";
    out->coverage = make_matrix(j, c, shown);
    out->coverage_words = (struct figure_words){
        .says = coverage_says(j, c),
        .what = job_format(
            j,
            "School census: pupils on roll in each school’s return, by term. Dark: "
            "attendance of the term before came with it. %s, recent gaps first",
            (int64_t)shown < c->all_schools
                ? job_format(j, "%s of %s", words_number(j, (int64_t)shown),
                             words_counted(j, c->all_schools, "school", "schools"))
                : words_counted(j, (int64_t)shown, "school", "schools"))};
    out->coverage_note =
        "“No file” means that the term’s census is loaded and this school is not in "
        "it. “Refused” means that it came and was refused whole. “Not loaded” and "
        "“not open” are not gaps of the school.";
}

/* ---- loads from this page ---- */

static const char *
task_state(struct job *j, const struct task *t)
{
    if (!strcmp(t->state, "waiting"))
        return "Waiting its turn";
    if (!strcmp(t->state, "running"))
        return t->total > 0 ? job_format(j, "Running, %s", words_percent(j,
                              (struct point){t->done, t->total, false}, 0)) : "Running";
    return !strcmp(t->state, "failed") ? "Nothing went in" : "Done";
}

static void
make_tasks(struct job *j, const struct data_facts *f, struct data_page *out)
{
    static const struct column columns[] = {{"Asked", false}, {"State", false}, {"", false}};
    struct cell *c = job_array(j, 3 * f->n_tasks, sizeof *c);
    size_t n = 0;

    for (size_t i = 0; i < f->n_tasks && n < TASKS_SHOWN; i++) {
        const struct task *t = &f->tasks[i];
        struct cell *row = &c[3 * n];
        if (strcmp(t->kind, "load"))
            continue;
        row[0] = (struct cell){.text = data_when(j, t->asked), .note = t->asked_by};
        if (permit_act(j->who, ACT_LOAD))
            row[0].href = job_format(j, "/data/loads/%lld", (long long)t->id);
        row[1].text = task_state(j, t);
        row[2].text = t->message;
        n++;
    }
    out->tasks = (struct table){.name = "Loads from this page, newest first", .columns = columns,
                                .n_columns = 3, .cells = c, .n_rows = n, .stack = true};
}

void
data_page_make(struct job *j, const struct data_facts *f, const struct view *view,
               struct data_page *out)
{
    size_t shown = f->every_batch || f->n <= BATCHES_SHOWN ? f->n : BATCHES_SHOWN;

    *out = (struct data_page){.view = view, .told = "/told"};
    make_words(j, f, out);
    if (permit_act(j->who, ACT_LOAD) && page_offered(j->who, "/data/load"))
        out->load = "/data/load";
    make_tasks(j, f, out);
    make_rejected(j, f, out);
    make_coverage(j, f, out);
    out->batches = data_batches(j, f->batches, shown);
    if (shown < f->n) {
        out->all_batches = "/data?batches=all#batches";
        out->all_batches_text = job_format(j, "All %s",
            words_counted(j, (int64_t)f->n, "batch", "batches"));
    }
}
