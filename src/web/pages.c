#include "web/pages.h"

const struct page pages[] = {
#define PAGE(method, path, act, flags, fn, title) {method, path, act, flags, fn, title},
#include "web/pages.def"
#undef PAGE
    {0},
};

enum audit_event
page_event(const struct page *p)
{
    return p->flags & PAGE_OPEN ? EVENT_NONE : act_event(p->act, p->method == POST);
}
