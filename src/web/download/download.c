#include "report/at_risk.h"
#include "web/pages.h"
#include "web/states/empty.h"

static enum err
no_such_table(struct job *j)
{
    err_set(j, ERR_NOT_FOUND, "there is no such table");
    return err_hint(j, "Download it from the page that shows its figures.");
}

/* The words that "rooted report" takes; one that is left out means all. */
static enum err
read_asked(struct job *j, const struct request *q, const struct snapshot *now,
           struct at_risk_asked *out)
{
    const char *measure = request_query(q, "measure"), *by = request_query(q, "by");
    enum measure m = M_ANY;
    enum dimension d = D_ALL;

    if ((measure && !measure_find(measure, &m)) || (by && !dimension_find(by, &d)))
        return no_such_table(j);
    *out = (struct at_risk_asked){measure ? (int)m : -1, -1, by ? (int)d : -1, false};
    if (!request_query(q, "year"))
        return OK;
    out->school_year = (int32_t)request_int(q, "year", 0);
    if (out->school_year < now->first_year || out->school_year > now->last_year)
        return no_such_table(j);
    return OK;
}

typedef enum err write_fn(struct job *j, const struct at_risk_asked *a, struct span *out);
struct kind {
    write_fn *write;
    const char *type, *name;
};

static enum err
write_csv(struct job *j, const struct at_risk_asked *a, struct span *out)
{
    struct sheet s;
    const char *banner;
    enum err e = at_risk_rows(j, a, &s);

    if (!e)
        e = at_risk_banner(j, &banner);
    return e ? e : sheet_as_csv(j, &s, banner, out);
}

static enum err
write_xlsx(struct job *j, const struct at_risk_asked *a, struct span *out)
{
    struct sheet_book book;
    enum err e = at_risk_book(j, a, &book);

    return e ? e : sheet_as_xlsx(j, &book, out);
}

static enum err
download(struct job *j, const struct request *q, struct response *r,
         const struct kind *k)
{
    struct at_risk_asked a;
    struct snapshot now;
    struct span bytes;
    enum err e = snapshot_current(j, &now);

    if (e == ERR_NOT_FOUND)
        return empty_no_figures(j, q, r, "Who is at risk");
    if (!e)
        e = read_asked(j, q, &now, &a);
    if (!e)
        e = k->write(j, &a, &bytes);
    if (e)
        return e;
    r->type = k->type;
    r->download = k->name;
    html_lit(&r->body, bytes.s, bytes.n);
    return OK;
}

enum err
page_at_risk_csv(struct job *j, const struct request *q, struct response *r)
{
    static const struct kind csv = {write_csv, "text/csv; charset=utf-8", "who-is-at-risk.csv"};

    return download(j, q, r, &csv);
}

enum err
page_at_risk_xlsx(struct job *j, const struct request *q, struct response *r)
{
    static const struct kind xlsx = {
        write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "who-is-at-risk.xlsx"};

    return download(j, q, r, &xlsx);
}
