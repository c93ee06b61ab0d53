/* Which pages there are for whom: menus and links ask here. */
#include "web/pages.h"

bool
page_offered(const struct actor *who, const char *path)
{
    for (const struct page *p = pages; p->path; p++)
        if (p->method == GET && !strcmp(p->path, path))
            return (p->flags & PAGE_OPEN) || permit_act(who, p->act);
    return false;
}
