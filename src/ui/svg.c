#include "ui/svg.h"
#include "base/banned.h"
#include <stdio.h>

void
svg_number(struct html *o, int64_t v, int64_t scale)
{
    int64_t part = v < 0 ? -(v % scale) : v % scale;

    if (v < 0 && v / scale == 0)
        LIT(o, "-");
    html_put_int(o, v / scale);
    if (!part)
        return;
    LIT(o, ".");
    for (int64_t s = scale / 10; part; s /= 10) {
        html_put_int(o, part / s);
        part %= s;
    }
}

static void
attribute(struct html *o, const char *name, int64_t v, int64_t scale)
{
    LIT(o, " ");
    html_put_text(o, name);
    LIT(o, "=\"");
    svg_number(o, v, scale);
    if (scale == 100)
        LIT(o, "%");
    LIT(o, "\"");
}

static void
finish(struct html *o, const char *class)
{
    LIT(o, " class=\"");
    html_put_text(o, class);
    LIT(o, "\"/>");
}

void
svg_open(struct html *o, int64_t px, const char *label)
{
    LIT(o, "<svg width=\"100%\" height=\"");
    html_put_int(o, px);
    if (!label) {
        LIT(o, "\" aria-hidden=\"true\">");
        return;
    }
    LIT(o, "\" role=\"img\" aria-label=\"");
    html_put_text(o, label);
    LIT(o, "\">");
}

void
svg_close(struct html *o)
{
    LIT(o, "</svg>\n");
}

static void
rect(struct html *o, struct box b, int64_t scale, const char *class)
{
    LIT(o, "<rect");
    attribute(o, "x", b.x, 100);
    attribute(o, "y", b.y, 10);
    attribute(o, "width", b.w, scale);
    attribute(o, "height", b.h, 10);
    finish(o, class);
}

void
svg_rect(struct html *o, struct box b, const char *class)
{
    rect(o, b, 100, class);
}

void
svg_rect_px(struct html *o, struct box b, const char *class)
{
    rect(o, b, 10, class);
}

void
svg_line(struct html *o, struct stroke s, const char *class)
{
    LIT(o, "<line");
    attribute(o, "x1", s.x1, 100);
    attribute(o, "x2", s.x2, 100);
    attribute(o, "y1", s.y1, 10);
    attribute(o, "y2", s.y2, 10);
    finish(o, class);
}

void
svg_circle(struct html *o, int64_t x, int64_t y, int64_t r, const char *class)
{
    LIT(o, "<circle");
    attribute(o, "cx", x, 100);
    attribute(o, "cy", y, 10);
    attribute(o, "r", r, 10);
    finish(o, class);
}

void
svg_text(struct html *o, int64_t x, int64_t y, const char *class, const char *text)
{
    LIT(o, "<text");
    attribute(o, "x", x, 100);
    attribute(o, "y", y, 10);
    if (class[0]) {
        LIT(o, " class=\"");
        html_put_text(o, class);
        LIT(o, "\"");
    }
    LIT(o, ">");
    html_put_text(o, text);
    LIT(o, "</text>");
}

int64_t
svg_share(int64_t part, int64_t whole)
{
    if (whole <= 0 || part <= 0)
        return 0;
    return part >= whole ? 10000 : (int64_t)((part * 20000 + whole) / (2 * whole));
}
