/* tests/support/html.h - what must hold of every page, and pages kept for the eye.
 *
 * With $ROOTED_PAGES set to a folder, html_keep() writes the page there, to be looked at in
 * a browser (served with /assets/ from build/assets). */
#pragma once
#include "ui/view.h"

/* A view as web/ would make it: "Priya Nair, data analyst", all menu links. */
const struct view *html_view(const char *title, const char *here);
/* Fresh output with a page's ceiling; ended by html_done. */
void html_begin(struct html *o);
void html_done(struct html *o);
/* Ends in </html>; tags are closed in order; ids are unique; each label, aria-describedby
 * and #link finds its id; no inline style, script or handler.  Fails the test otherwise. */
void html_sound(struct html *o);
void html_keep(struct html *o, const char *name);
bool html_has(struct html *o, const char *text);
/* How often a piece of text stands in it. */
size_t html_count(struct html *o, const char *text);
/* The bytes of tests/golden/NAME; with $ROOTED_GOLDEN=write the file is written instead. */
void html_golden(struct html *o, const char *name);
