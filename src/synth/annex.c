#include "synth/case_files.h"
#include <xlsxwriter.h>

/* The lists of Annex A on the last day: what was open, or closed in the half year before (looked
 * after: in the year), as a workbook with a title above each header. */

enum { LISTS = 8, COLUMNS = 12, HALF_YEAR = 182, YEAR = 365, TITLE_ROWS = 2, FIRST_COLUMNS = 5 };

struct annex {
    lxw_workbook *book;
    lxw_format *date;
    lxw_worksheet *list[LISTS];
    lxw_row_t rows[LISTS];
};

static const char *const headers[LISTS][COLUMNS] = {
    {"Date of Contact", "Contact Source"},
    {"Assessment start date", "Assessment completion date", "Organisation completing assessment"},
    {"Date of referral", "Referral Source", "Referral NFA?"},
    {"Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"},
    {"Strategy discussion initiating Section 47 Enquiry Start Date",
     "Date of Initial Child Protection Conference"},
    {"CIN Start Date", "CIN Closure Date", "Primary Need Code", "Case Status"},
    {"Child Protection Plan Start Date", "Child Protection Plan End Date"},
    {"Date Started to be Looked After", "Date Ceased to be Looked After", "Child's Legal Status",
     "Start Date of Most Recent Placement", "Placement Type"},
};

static void
close_book(void *arg)
{
    struct annex *x = arg;

    if (x->book)
        workbook_close(x->book);
}

static void
begin_list(struct annex *x, int list)
{
    static const char *const first[FIRST_COLUMNS] = {
        "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)"};
    char name[24];
    lxw_worksheet *s;

    snprintf(name, sizeof name, "List_%d", list + 1);
    s = x->list[list] = workbook_add_worksheet(x->book, name);
    worksheet_write_string(s, 0, 0, "Invented council: lists for inspection", NULL);
    for (lxw_col_t c = 0; c < FIRST_COLUMNS; c++)
        worksheet_write_string(s, TITLE_ROWS, c, first[c], NULL);
    for (lxw_col_t c = 0; headers[list][c]; c++)
        worksheet_write_string(s, TITLE_ROWS, FIRST_COLUMNS + c, headers[list][c], NULL);
    x->rows[list] = TITLE_ROWS + 1;
}

enum err
annex_open(struct case_set *s)
{
    struct annex *x = job_alloc(s->in->j, sizeof *x);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_doc_properties about = {.title = "Annex A", .created = (time_t)LAST_DAY * 24 * 60 * 60};
    FILE *f = NULL;
    /* makes the folder, and says why when it cannot */
    enum err e = table_file(s->in, "annex-a/annex-a.xlsx", &f);

    s->annex = x;
    if (e)
        return e;
    job_on_end(s->in->j, close_book)->arg = x;
    x->book = workbook_new_opt(job_format(s->in->j, "%s/annex-a/annex-a.xlsx", s->in->root),
                               &options);
    if (!x->book)
        return err_set(s->in->j, ERR_ENV, "cannot write annex-a.xlsx");
    workbook_set_properties(x->book, &about);
    x->date = workbook_add_format(x->book);
    format_set_num_format(x->date, "dd/mm/yyyy");
    for (int i = 0; i < LISTS; i++)
        begin_list(x, i);
    return OK;
}

static void
put_date(struct annex *x, int list, int column, int32_t date)
{
    struct ymd d = date_to_ymd(date);
    lxw_datetime t = {.year = d.year, .month = d.month, .day = d.day};

    if (date != DATE_NONE && date <= LAST_DAY)
        worksheet_write_datetime(x->list[list], x->rows[list], (lxw_col_t)(FIRST_COLUMNS + column),
                                 &t, x->date);
}

static void
put_text(struct annex *x, int list, int column, const char *text)
{
    worksheet_write_string(x->list[list], x->rows[list], (lxw_col_t)(FIRST_COLUMNS + column), text,
                           NULL);
}

/* The five columns that begin each list. */
static void
put_child(struct annex *x, int list, const struct life *l)
{
    lxw_worksheet *s = x->list[list];
    lxw_row_t row = x->rows[list];
    struct ymd d = date_to_ymd(case_born(l));
    lxw_datetime born = {.year = d.year, .month = d.month, .day = d.day};

    worksheet_write_string(s, row, 0, life_local_id(l).text, NULL);
    worksheet_write_string(s, row, 1, l->sex == 'M' ? "a) Male" : "b) Female", NULL);
    worksheet_write_string(s, row, 2, l->ethnicity->code, NULL);
    worksheet_write_datetime(s, row, 3, &born, x->date);
    worksheet_write_number(s, row, 4, date_age(l->born, LAST_DAY), NULL);
}

/* Begun, and not over long ago. */
static bool
shows(int32_t from, int32_t to, int days)
{
    return from != DATE_NONE && from <= LAST_DAY && to > LAST_DAY - days;
}

static void
put_dates(struct annex *x, const struct life *l, int list, struct dates d)
{
    if (!shows(d.from, d.to, HALF_YEAR))
        return;
    put_child(x, list, l);
    put_date(x, list, 0, d.from);
    put_date(x, list, 1, d.to);
    x->rows[list]++;
}

static void
put_referral(struct annex *x, const struct life *l, const struct care *c)
{
    if (!shows(c->referred, c->referred, HALF_YEAR))
        return;
    put_child(x, 0, l);
    put_date(x, 0, 0, c->referred);
    put_text(x, 0, 1, c->source);
    x->rows[0]++;
    put_child(x, 2, l);
    put_date(x, 2, 0, c->referred);
    put_text(x, 2, 1, c->source);
    put_text(x, 2, 2, c->no_action ? "a) Yes" : "b) No");
    x->rows[2]++;
}

static void
put_care(struct annex *x, const struct life *l, const struct care *c)
{
    struct episode e[MOST_EPISODES];
    int n = life_episodes(l, c, e), last = 0, status = 0;

    if (!n || !shows(c->looked_after, c->looked_after_ends, YEAR))
        return;
    for (int i = 0; i < n && e[i].from <= LAST_DAY; i++) {
        status = i;
        if (e[i].why == 'P')
            last = i;
    }
    put_child(x, 7, l);
    put_date(x, 7, 0, c->looked_after);
    put_date(x, 7, 1, c->looked_after_ends);
    put_text(x, 7, 2, e[status].status);
    put_date(x, 7, 3, e[last].from);
    put_text(x, 7, 4, e[last].placement);
    x->rows[7]++;
}

void
annex_write(struct case_set *s, const struct life *l)
{
    struct annex *x = s->annex;

    for (int i = 0; i < l->n_help; i++)
        put_dates(x, l, 1, (struct dates){l->help[i].from, l->help[i].to - 1});
    for (int i = 0; i < l->n_care; i++) {
        const struct care *c = &l->care[i];
        put_referral(x, l, c);
        put_dates(x, l, 3, (struct dates){c->assessed, c->authorised});
        put_dates(x, l, 4, (struct dates){c->enquiry, c->conference});
        if (!c->no_action)
            put_dates(x, l, 5, (struct dates){c->referred, c->closed});
        put_dates(x, l, 6, (struct dates){c->protection, c->protection_ends});
        put_care(x, l, c);
    }
}

enum err
annex_close(struct case_set *s)
{
    lxw_error why = workbook_close(s->annex->book);

    s->annex->book = NULL;
    if (why == LXW_NO_ERROR)
        return OK;
    err_set(s->in->j, ERR_ENV, "cannot write annex-a.xlsx");
    return err_detail(s->in->j, "%s", lxw_strerror(why));
}
