#include "ui/charts.h"
#include "base/text.h"
#include <stdio.h>

/* Columns of 130 px over a line at 144; the top is the next round share above the most. */
enum { BASE = 1440, TALL = 1300 };
/* Left of the columns, for the shares at the lines: 27 px on a phone, which "75%" needs. */
enum { GUTTER = 800 };

/* A place along all columns, 0 to 10000, as one of the picture. */
static int64_t
across(int64_t x)
{
    return GUTTER + x * (10000 - GUTTER) / 10000;
}

static int64_t
tenth_percent(struct point p) /* share in 1/10 of a per cent */
{
    return point_missing(p) ? 0 : p.part * 1000 / p.whole;
}

/* Lines drawn across, in per cent; 0 ends. */
static const int *
lines_for(int64_t most)
{
    static const int low[] = {5, 10, 0}, mid[] = {10, 20, 40, 0}, high[] = {25, 50, 75, 0};
    return most <= 120 ? low : most <= 500 ? mid : high;
}

static int64_t
top_for(int64_t most)
{
    return most <= 120 ? 120 : most <= 500 ? 500 : 1000;
}

static void
draw_lines(struct html *o, const struct steps *s, int64_t most)
{
    const int *line = lines_for(most);

    for (int i = 0; line[i]; i++) {
        char text[TEXT_NUMBER];
        int64_t y = BASE - TALL * line[i] * 10 / top_for(most);
        svg_line(o, (struct stroke){0, 10000, y, y}, "grid");
        snprintf(text, sizeof text, "%d%%", line[i]);
        svg_text(o, 0, y - 40, "t2 halo", text);
    }
    svg_text(o, 0, 100, "t2 halo", s->unit); /* higher than any column */
}

/* One path for the columns of a colour: fewer bytes than a rectangle each. */
static void
draw_columns(struct html *o, const struct steps *s, int64_t most, bool accent)
{
    bool any = false;

    for (size_t i = 0; i < s->n; i++) {
        int64_t h = tenth_percent(s->v[i].value) * TALL / top_for(most);
        if (s->v[i].blank || s->v[i].value.no_data || s->v[i].accent != accent || !h)
            continue;
        if (!any)
            LIT(o, "<path d=\"");
        any = true;
        LIT(o, "M");
        html_put_uint(o, 10 * i + 1);
        LIT(o, " 130v-");
        svg_number(o, h, 10);
        LIT(o, "h8v");
        svg_number(o, h, 10);
        LIT(o, "z");
    }
    if (!any)
        return;
    LIT(o, "\" class=\"");
    html_put_text(o, accent ? "acc" : "gry");
    LIT(o, "\"/>");
}

static void
draw_frame(struct html *o, const struct steps *s, int64_t most)
{
    for (size_t i = 0; i < s->n; i++) {
        int64_t x = across(10000 * (int64_t)i / (int64_t)s->n);
        int64_t w = (10000 - GUTTER) / (int64_t)s->n;
        if (s->v[i].value.no_data && !s->v[i].blank)
            svg_rect(o, (struct box){x + w / 10, BASE - 400, w - w / 5, 400}, "hat hat--soft");
    }
    LIT(o, "<svg x=\"8%\" width=\"92%\" y=\"14\" height=\"130\" viewBox=\"0 0 ");
    html_put_uint(o, 10 * s->n);
    LIT(o, " 130\" preserveAspectRatio=\"none\">");
    draw_columns(o, s, most, false);
    draw_columns(o, s, most, true);
    svg_close(o);
    svg_line(o, (struct stroke){0, 10000, BASE, BASE}, "axis");
}

static void
draw_events(struct html *o, const struct steps *s)
{
    for (size_t i = 0; i < s->n_events; i++) {
        const struct event *e = &s->events[i];
        int64_t x = across((100 * (int64_t)e->before + e->within) * 100 / (int64_t)s->n);

        svg_line(o, (struct stroke){x, x, 140, BASE}, "inks");
        svg_text(o, x > 9800 ? 10000 : x - 80 < 0 ? 0 : x - 80, i % 2 ? 80 : 260,
                 x < 2000 ? "tb halo" : "tb e halo", e->text);
    }
}

void
chart_steps(struct html *o, const struct steps *s)
{
    int64_t most = 0;

    if (!s->n)
        return;
    for (size_t i = 0; i < s->n; i++)
        if (!s->v[i].blank && tenth_percent(s->v[i].value) > most)
            most = tenth_percent(s->v[i].value);
    svg_open(o, 176, s->name);
    draw_lines(o, s, most);
    draw_frame(o, s, most);
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].label)
            svg_text(o, across(10000 * (int64_t)i / (int64_t)s->n), 1620, "t2", s->v[i].label);
    draw_events(o, s);
    svg_close(o);
}
