#include "web/pages.h"

const struct page pages[] = {
#define PAGE(method, path, act, flags, fn, title) {method, path, act, flags, fn, title},
#include "web/pages.def"
#undef PAGE
    {0},
};

bool
page_offered(const struct actor *who, const char *path)
{
    for (const struct page *p = pages; p->path; p++)
        if (p->method == GET && !strcmp(p->path, path))
            return (p->flags & PAGE_OPEN) || permit_act(who, p->act);
    return false;
}
