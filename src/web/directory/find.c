#include "web/directory/find.h"
#include "web/directory/current.h"
#include "web/directory/find.html.h"
#include "web/pages.h"

enum err
page_find(struct job *j, const struct request *q, struct response *r)
{
    struct find_asked asked;
    struct search_found found = {0};
    struct find f;
    enum err e = directory_here(j);

    if (!e)
        e = find_read(j, q, &asked);
    if (!e && asked.asked)
        e = directory_search(j, q, &asked.search, &found);
    if (!e && asked.asked)
        directory_note(j, q, asked.words, asked.outward, found.services);
    if (!e)
        e = find_make(j, q, &asked, &found, &f);
    if (!e)
        view_find(&r->body, &f);
    return e;
}
