#include "web/directory/find.h"
#include "directory/current.h"
#include "web/directory/find.html.h"
#include "web/pages.h"

enum err
page_find(struct job *j, const struct request *q, struct response *r)
{
    struct find_asked asked;
    struct search_found found = {0};
    struct find f;
    enum err e = directory_area(j, &j->area);

    if (!e)
        e = find_read(j, q, &asked);
    if (!e && asked.asked)
        e = directory_search(j, &asked.search, &found);
    if (!e)
        e = find_make(j, q, &asked, &found, &f);
    if (!e)
        view_find(&r->body, &f);
    return e;
}
