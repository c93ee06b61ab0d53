#include "web/download/sheet.h"
#include "report/at_risk.h"

void
download_send(struct response *r, struct span bytes, enum sheet_format format, const char *name)
{
    static const char *const type[] = {
        [SHEET_CSV] = "text/csv; charset=utf-8",
        [SHEET_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [SHEET_HTML] = "text/html; charset=utf-8",
    };

    r->type = type[format];
    r->download = name;
    html_lit(&r->body, bytes.s, bytes.n);
}

enum err
download_csv(struct job *j, struct response *r, const struct sheet *s, const char *name)
{
    struct span bytes;
    enum err e = at_risk_csv(j, s, &bytes);

    if (!e)
        download_send(r, bytes, SHEET_CSV, name);
    return e;
}
