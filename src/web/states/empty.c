#include "web/states/empty.h"
#include "web/frame.h"
#include "web/states/empty.html.h"

enum err
empty_no_figures(struct job *j, const struct request *q, struct response *r, const char *title)
{
    struct empty p = {.view = frame_view(j, q, title),
                      .heading = "No figures yet",
                      .why = "Figures are made after a school census is loaded. That takes some "
                             "minutes; this page "
                             "will have them when it is done."};

    err_clear(j);
    if (page_offered(j->who, "/data")) {
        p.href = "/data";
        p.link = "See what is loaded";
    }
    view_empty(&r->body, &p);
    return OK;
}
