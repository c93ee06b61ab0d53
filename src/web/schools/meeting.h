/* web/schools/meeting.h - the pack for a targeting support meeting with a school. */
#pragma once
#include "people/school.h"
#include "risk/watch.h"
#include "ui/components.h"

struct meeting_list {
    const char *id, *title, *about;
    struct table table;
};
struct meeting_page {
    const struct view *view;
    const char *caption, *heading, *lede;
    const struct meeting_list *lists; /* those with pupils */
    size_t n_lists;
    const char *nobody;          /* lists without a pupil, in words; NULL none */
    const char *csv;             /* path; NULL: not for this person */
    const char *source;
};
void meeting_make(struct job *j, const struct school *s, const struct watched_page *w,
                  const struct view *view, struct meeting_page *out);
