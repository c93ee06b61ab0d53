#include "web/pages.h"
#include "store/db.h"

/* For whoever watches the machine: reads the database, says nothing about anybody. */
enum err
page_health(struct job *j, const struct request *q, struct response *r)
{
    int64_t found;
    enum err e = db_schema_found(j, &found);
    const char *text;

    (void)q;
    if (e)
        return e;
    text = job_format(j, "ok schema=%lld version=" ROOTED_VERSION "\n", (long long)found);
    r->type = "text/plain; charset=utf-8";
    html_lit(&r->body, text, strlen(text));
    return OK;
}
