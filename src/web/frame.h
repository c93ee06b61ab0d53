/* web/frame.h - the header, menu and footer of a page, for whoever asks. */
#pragma once
#include "ui/view.h"
#include "web/page.h"

/* A view for this request, in the job; title NULL: the home page.  Fields such as back,
 * sub and refresh may be set afterwards. */
struct view *frame_view(struct job *j, const struct request *q, const char *title);
/* Where this person starts after signing in: a school at its own page, others at the first
 * link of the menu, else "/". */
const char *frame_start(const struct actor *who);
/* "/children?measure=susp2&year=2024": the path with a parameter more, percent-encoded;
 * value NULL leaves it out. */
const char *frame_with(struct job *j, const char *path, const char *name, const char *value);
const char *frame_with_int(struct job *j, const char *path, const char *name, int64_t value);
