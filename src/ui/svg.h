/* ui/svg.h - drawing into a page.
 *
 * Every picture has the fluid frame: 100% wide, a fixed height, no viewBox, so that text
 * keeps its size.  x and widths are in 1/100 of a per cent, y and heights in 1/10 of a
 * pixel, both whole numbers: the same picture on every machine. */
#pragma once
#include "ui/html.h"
#include <stdint.h>

#define LIT(o, s) html_lit((o), (s), sizeof(s) - 1)

struct box { int64_t x, y, w, h; };
struct stroke { int64_t x1, x2, y1, y2; };

/* label NULL: hidden from screen readers (the words stand beside it). */
void svg_open(struct html *o, int64_t px, const char *label);
void svg_close(struct html *o);
void svg_rect(struct html *o, struct box b, const char *class);
void svg_rect_px(struct html *o, struct box b, const char *class); /* width in 1/10 pixel */
void svg_line(struct html *o, struct stroke s, const char *class);
void svg_circle(struct html *o, int64_t x, int64_t y, int64_t r, const char *class);
void svg_text(struct html *o, int64_t x, int64_t y, const char *class, const char *text);
/* v / scale with no trailing zeros: svg_number(o, 1250, 100) writes 12.5. */
void svg_number(struct html *o, int64_t v, int64_t scale);
/* part of whole in 1/100 of a per cent, cut to 0 … 10000. */
int64_t svg_share(int64_t part, int64_t whole);
