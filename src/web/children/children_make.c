#include "web/children/children.h"
#include "ui/words.h"
#include "web/frame.h"

static const char *
child_path(struct job *j, int64_t person)
{
    return job_format(j, "/children/%lld", (long long)person);
}

/* Which page of a list, of so many pupils each. */
struct pages_of {
    int64_t page, size, total;
};

/* "Showing 51 to 100 of 1,937", and the links to the pages before and after. */
static void
make_pages(struct job *j, const char *path, struct pages_of p, struct children_page *out)
{
    int64_t from = (p.page - 1) * p.size, to = from + (int64_t)out->table.n_rows;
    int64_t rest = p.total - to < p.size ? p.total - to : p.size;

    if (p.total <= p.size)
        out->count = words_counted(j, p.total, "pupil", "pupils");
    else
        out->count = job_format(j, "Showing %s to %s of %s pupils", words_count(j, from + 1),
                                words_count(j, to), words_count(j, p.total));
    if (p.page > 1) {
        out->pages.previous = p.page == 2 ? path : frame_with_int(j, path, "page", p.page - 1);
        out->pages.previous_text = job_format(j, "Previous %d pupils", (int)p.size);
    }
    if (rest > 0) {
        out->pages.next = frame_with_int(j, path, "page", p.page + 1);
        out->pages.next_text = job_format(j, "Next %s", words_counted(j, rest, "pupil", "pupils"));
    }
}

/* "34 of 380", and the share; fewer than 20 possible sessions are none to judge by. */
static struct cell
missed_cell(struct job *j, int64_t absent, int64_t possible)
{
    if (!possible)
        return (struct cell){.absent = NO_DATA};
    if (possible < SESSIONS_LEAST)
        return (struct cell){.absent = SUPPRESSED};
    return (struct cell){
        .text = job_format(j, "%s of %s", words_count(j, absent), words_count(j, possible)),
        .note = words_percent(j, (struct point){absent, possible, false}, 1)};
}

/* A restricted record: the list keeps its length, and its page says whom to ask. */
static void
hidden_row(struct job *j, const char *words, int64_t person, struct cell *row, size_t wide)
{
    row[0] = (struct cell){.text = words, .href = child_path(j, person)};
    for (size_t i = 1; i < wide; i++)
        row[i].absent = NOT_SHARED;
}

/* ---- found by name or school ---- */

static struct table
found_table(struct job *j, const struct children_found *f)
{
    struct column *columns = job_array(j, 6, sizeof *columns);
    size_t wide = 0;
    struct cell *c = job_array(j, 6 * f->n, sizeof *c);
    char day[DATE_TEXT];

    columns[wide++].text = "Name";
    columns[wide++].text = "Born";
    columns[wide++].text = "Year";
    columns[wide++].text = "School";
    if (f->missed)
        columns[wide++] = (struct column){
            job_format(j, "Missed in %s", figures_year(j, f->missed_year)), true};
    columns[wide++].text = "UPN";
    for (size_t i = 0; i < f->n; i++) {
        const struct child *k = &f->v[i];
        struct cell *row = &c[wide * i];
        if (k->hidden) {
            hidden_row(j, k->name, k->person, row, wide);
            continue;
        }
        row[0] = (struct cell){.text = k->name, .href = child_path(j, k->person)};
        row[1].text = k->born == DATE_NONE ? NULL : job_copy(j, date_words(k->born, day));
        row[1].absent = k->born == DATE_NONE ? NO_DATA : PRESENT;
        row[2].text = child_year_group(j, k->year_group);
        row[3].text = k->school;
        row[3].absent = k->school ? PRESENT : NO_DATA;
        row[3].note = k->school && !k->on_roll ? "Has left" : NULL;
        row[wide - 1].text = k->upn;
        row[wide - 1].absent = k->upn ? PRESENT : NONE;
        if (f->missed)
            row[4] = missed_cell(j, f->missed[i].absent, f->missed[i].possible);
    }
    return (struct table){.name = "Pupils found", .columns = columns, .n_columns = wide,
                          .cells = c,
                          .n_rows = f->n, .stack = true};
}

static const char *
found_none(struct job *j, const struct children_found *f)
{
    if (!f->asked)
        return NULL;
    if (f->words[0] && strlen(f->words) < CHILD_LETTERS_LEAST)
        return "Type at least two letters of a name.";
    if (f->words[0])
        return job_format(
            j,
            "No pupil%s has a name that begins so. Try the start of the surname, or "
            "the UPN%s.",
            f->school_view ? " of your school" : "", f->urn ? ", or all schools" : "");
    return "No pupil of this school is in the loaded censuses.";
}

static const char *
found_path(struct job *j, const struct children_found *f)
{
    const char *path = frame_with(j, "/children", "q", f->words[0] ? f->words : NULL);

    if (f->urn)
        path = frame_with_int(j, path, "school", f->urn);
    return f->group_year == CHILD_ANY_YEAR ? path
                                           : frame_with_int(j, path, "group_year", f->group_year);
}

void
children_found_make(struct job *j, const struct children_found *f, const struct view *view,
                    struct children_page *out)
{
    int64_t most =
        f->total > CHILD_SEARCH_MOST && f->words[0] ? CHILD_SEARCH_MOST : (int64_t)f->total;

    *out = (struct children_page){.view = view, .search = true, .words = f->words,
        .heading = f->school_view ? "My pupils" : "Find a child",
        .schools = {"school", "School", f->schools, f->n_schools},
        .none = found_none(j, f)};
    if (!f->asked) {
        out->lede =
            "Type the start of a name, in any order, or a whole UPN. Or choose a school to see "
            "all its pupils.";
        return;
    }
    out->table = found_table(j, f);
    make_pages(j, found_path(j, f), (struct pages_of){f->page, FOUND_PAGE, most}, out);
    if (most < (int64_t)f->total)
        out->lede =
            job_format(j,
                       "More than %d pupils have a name that begins so. The first are here: "
                       "type more of the name.",
                       CHILD_SEARCH_MOST);
    if (f->ask)
        out->lede = job_format(j, "%s%sA restricted record also fits. Ask %s.",
                               out->lede ? out->lede : "", out->lede ? " " : "", f->ask);
}

/* ---- behind a figure ---- */

static struct cell
days_cell(struct job *j, int64_t sessions)
{
    return (struct cell){.text = sessions % 2 ? job_format(j, "%lld½", (long long)(sessions / 2))
                                              : words_count(j, sessions / 2)};
}

static void
listed_row(struct job *j, const struct figure_child *k, struct cell *row)
{
    if (k->hidden) {
        hidden_row(j, k->name, k->person, row, 6);
        return;
    }
    row[0] = (struct cell){.text = k->name, .href = child_path(j, k->person)};
    row[1] = (struct cell){.text = k->school};
    row[2] = (struct cell){.text = child_year_group(j, k->year_group < 0 ? -2 : k->year_group)};
    row[3] = (struct cell){.text = words_count(j, k->suspensions)};
    row[4] = days_cell(j, k->suspended_sessions);
    row[5] = missed_cell(j, k->absent, k->possible);
}

static struct table
listed_table(struct job *j, const struct children_listed *f)
{
    static const struct column columns[] = {{"Name", false}, {"School", false}, {"Year", false},
        {"Suspensions", true}, {"Days", true}, {"Sessions missed", true}};
    struct cell *c = job_array(j, 6 * f->n, sizeof *c);

    for (size_t i = 0; i < f->n; i++)
        listed_row(j, &f->v[i], &c[6 * i]);
    return (struct table){.name = "Pupils behind the figure", .columns = columns, .n_columns = 6,
                          .cells = c, .n_rows = f->n, .stack = true};
}

static const char *
listed_path(struct job *j, const struct children_listed *f, const char *path, bool with_group)
{
    path = frame_with(j, path, "measure", measure_rows[f->measure].name);
    path = frame_with_int(j, path, "year", f->year);
    if (!with_group || f->dimension == D_ALL)
        return path;
    path = frame_with(j, path, "by", dimension_rows[f->dimension].name);
    return frame_with(j, path, "group", f->member);
}

void
children_listed_make(struct job *j, const struct children_listed *f, const struct view *view,
                     struct children_page *out)
{
    const struct measure_row *m = &measure_rows[f->measure];
    struct link *off = job_alloc(j, sizeof *off);

    *out = (struct children_page){.view = view, .words = "",
        .caption = job_format(j, "School year %s · %s", figures_year(j, f->year),
                              f->dimension == D_ALL ? "all pupils" : f->group),
        .heading = job_format(j, "%s: %s", m->title,
                              words_counted(j, f->total, "pupil", "pupils")),
        .none = "No pupil is behind this figure.", .table = listed_table(j, f),
        .definition = m->definition, .sources = figures_source(j, m->sources, f->snapshot)};
    if (f->dimension != D_ALL) {
        *off = (struct link){listed_path(j, f, "/children", false), f->group, false};
        out->filters = (struct links){off, 1};
    }
    if (page_offered(j->who, "/children.csv"))
        out->csv = listed_path(j, f, "/children.csv", true);
    make_pages(j, listed_path(j, f, "/children", true),
               (struct pages_of){f->page, LISTED_PAGE, f->total}, out);
}
