#include "directory/export.h"
#include "base/csv.h"
#include "directory/service.h"
#include "directory/template.h"
#include <errno.h>
#include <string.h>

bool
export_find(const char *name, enum export_format *out)
{
    static const char *const names[] = {"csv", "ndjson", "oruk"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], name)) {
            *out = (enum export_format)i;
            return true;
        }
    return false;
}

const char *
export_cell(struct job *j, const char *s)
{
    bool number = (*s == '+' || *s == '-') && strspn(s + 1, "0123456789. ()") == strlen(s + 1);

    return *s && strchr("=+-@", *s) && !number ? job_format(j, " %s", s) : s;
}

struct writing {
    enum export_format format;
    FILE *f;
    struct csv_out csv;
    int64_t n;
};

static void
put_row(struct job *j, struct writing *w, const json_t *doc)
{
    size_t n;
    const struct template_column *c = template_columns(&n);

    for (size_t i = 0; i < n; i++)
        csv_put(&w->csv, doc ? export_cell(j, template_cell(j, doc, &c[i])) : c[i].name);
    csv_end_row(&w->csv);
}

static enum err
put_service(struct job *j, void *arg, const struct service_step *step)
{
    struct writing *w = arg;
    json_t *doc = NULL;
    struct span s;
    enum err e = document_parse(j, step->text, &doc);

    if (e)
        return e;
    doc = document_public(j, doc);
    w->n++;
    if (w->format == EXPORT_CSV) {
        put_row(j, w, doc);
        return OK;
    }
    if (w->format == EXPORT_ORUK)
        document_standard(doc);
    s = document_text(j, doc);
    if (w->format == EXPORT_ORUK && w->n > 1)
        fputs(",\n", w->f);
    fwrite(s.s, 1, s.n, w->f);
    if (w->format == EXPORT_NDJSON)
        fputc('\n', w->f);
    return OK;
}

enum err
export_write(struct job *j, enum export_format format, FILE *f)
{
    struct writing w = {.format = format, .f = f, .csv = {.f = f}};
    enum err e;

    if (format == EXPORT_CSV)
        put_row(j, &w, NULL);
    if (format == EXPORT_ORUK)
        fputs("{\"contents\":[\n", f);
    e = service_walk(j, put_service, &w);
    if (!e && format == EXPORT_ORUK)
        fprintf(f, "\n],\"empty\":%s,\"first_page\":true,\"last_page\":true,\"page_number\":1,"
                   "\"size\":%lld,\"total_items\":%lld,\"total_pages\":1}\n",
                w.n ? "false" : "true", (long long)w.n, (long long)w.n);
    if (!e && (fflush(f) || ferror(f)))
        return err_set(j, ERR_ENV, "The directory cannot be written: %s", strerror(errno));
    return e;
}
