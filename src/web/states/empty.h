/* web/states/empty.h - nothing here yet: why, and what to do next. */
#pragma once
#include "web/page.h"

struct empty {
    const struct view *view;
    const char *heading, *why;
    const char *href, *link; /* the next step; NULL: not for this person */
};
/* Where there are no figures yet: answers the request with the page that says so, and
 * clears the job's error of that kind. */
enum err empty_no_figures(struct job *j, const struct request *q, struct response *r,
                          const char *title);
