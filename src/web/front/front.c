#include "web/front/front.h"
#include "web/frame.h"
#include "web/front/front.html.h"
#include "web/pages.h"

static const char *
offered(const struct actor *who, const char *path)
{
    return page_offered(who, path) ? path : NULL;
}

enum err
page_home(struct job *j, const struct request *q, struct response *r)
{
    const char *start = j->who ? frame_start(j->who) : "/";
    struct home h = {
        .view = frame_view(j, q, NULL),
        .definitions = offered(j->who, "/definitions"),
        .information = offered(j->who, "/information"),
        .start = strcmp(start, "/") ? start : NULL,
    };

    view_home(&r->body, &h);
    return OK;
}
