#include "report/services.h"
#include "base/map.h"
#include "directory/service.h"
#include "directory/template.h"
#include "report/sheet.h"
#include <string.h>

struct filling {
    struct sheet_cell *cell;
    struct pile *texts; /* outlives the steps of the walk */
    size_t n, most, columns;
    const struct template_column *column;
};

static enum err
put_service(struct job *j, void *arg, const struct service_step *step)
{
    struct filling *f = arg;
    json_t *doc = NULL;
    enum err e = document_parse(j, step->text, &doc);

    if (e)
        return e;
    if (f->n == f->most)
        return err_set(j, ERR_BUSY, "The directory changed while it was written");
    doc = document_public(j, doc);
    for (size_t i = 0; i < f->columns; i++) {
        const char *s = template_cell(j, doc, &f->column[i]);
        struct sheet_cell *c = &f->cell[f->n * f->columns + i];

        *c = (struct sheet_cell){.state = SHEET_EMPTY};
        if (!*s)
            continue;
        c->state = SHEET_VALUE;
        c->text = pile_keep(j, f->texts, s, strlen(s));
        if (!c->text)
            return j->err.kind;
    }
    f->n++;
    return OK;
}

static const struct sheet_column *
columns_of(struct job *j, const struct filling *f)
{
    struct sheet_column *v = job_array(j, f->columns, sizeof *v);

    for (size_t i = 0; i < f->columns; i++)
        v[i] = (struct sheet_column){.name = f->column[i].name, .title = f->column[i].name,
                                     .kind = SHEET_TEXT};
    return v;
}

enum err
services_xlsx(struct job *j, struct span *out)
{
    struct filling f = {0};
    struct service_counts n = {0};
    struct sheet s = {.name = "services", .title = "Services", .total = -1,
                      .sentence = "All services that are in force."};
    struct sheet_book book = {.title = "Directory of services", .sheets = &s, .n = 1,
                              .date = j->today};
    enum err e = service_count(j, &n);

    if (!e)
        e = pile_open(j, 1, &f.texts);
    if (e)
        return e;
    f.column = template_columns(&f.columns);
    f.most = (size_t)n.shown;
    f.cell = job_array(j, f.most * f.columns + 1, sizeof *f.cell);
    e = service_walk(j, put_service, &f);
    s.columns = columns_of(j, &f);
    s.n_columns = f.columns;
    s.cells = f.cell;
    s.n_rows = f.n;
    return e ? e : sheet_as_xlsx(j, &book, out);
}
