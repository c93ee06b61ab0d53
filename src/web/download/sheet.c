#include "web/download/sheet.h"
#include "report/at_risk.h"

enum err
download_csv(struct job *j, struct response *r, const struct sheet *s, const char *name)
{
    const char *banner;
    struct span bytes;
    enum err e = at_risk_banner(j, &banner);

    if (!e)
        e = sheet_as_csv(j, s, banner, &bytes);
    if (e)
        return e;
    r->type = "text/csv; charset=utf-8";
    r->download = name;
    html_lit(&r->body, bytes.s, bytes.n);
    return OK;
}
