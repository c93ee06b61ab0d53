#include "report/at_risk.h"
#include "web/download/sheet.h"
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

static enum err
download(struct job *j, const struct request *q, struct response *r,
         enum sheet_format format)
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
        e = at_risk_file(j, &a, format, &bytes);
    if (!e)
        download_send(r, bytes, format, job_format(j, "who-is-at-risk.%s",
                                                   format == SHEET_CSV ? "csv" : "xlsx"));
    return e;
}

enum err
page_at_risk_csv(struct job *j, const struct request *q, struct response *r)
{
    return download(j, q, r, SHEET_CSV);
}

enum err
page_at_risk_xlsx(struct job *j, const struct request *q, struct response *r)
{
    return download(j, q, r, SHEET_XLSX);
}
