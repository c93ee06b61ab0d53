#include "base/text.h"
#include "ui/charts.h"
#include <stdio.h>

/* Dots of a series over a line at 200 px; two lines through them, one as if nothing had
 * changed.  Everything is whole numbers: 1/10 pixel up, 1/100 of a per cent across. */
enum { BASE = 2000, TALL = 1800, GUTTER = 700 };

static int64_t
across(const struct series_chart *s, size_t i)
{
    return GUTTER + (10000 - GUTTER) * (2 * (int64_t)i + 1) / (2 * (int64_t)s->n);
}

static int64_t
up(int64_t milli, int64_t top)
{
    int64_t v = milli < 0 ? 0 : milli > top ? top : milli;

    return BASE - TALL * v / top;
}

/* The least round number, in thousandths, that holds them all. */
static int64_t
top_of(const struct series_chart *s)
{
    int64_t most = 1, top = 1000;

    for (size_t i = 0; i < s->n; i++) {
        const struct series_dot *d = &s->v[i];
        int64_t high = d->without_milli > d->fitted_milli ? d->without_milli : d->fitted_milli;
        if (d->known && d->milli > most)
            most = d->milli;
        if (s->lines && high > most)
            most = high;
    }
    while (top < most)
        top *= 2;
    return top;
}

static void
draw_grid(struct html *o, const struct series_chart *s, int64_t top)
{
    char text[TEXT_NUMBER];

    for (int i = 1; i <= 2; i++) {
        int64_t y = BASE - TALL * i / 2;
        svg_line(o, (struct stroke){0, 10000, y, y}, "grid");
        snprintf(text, sizeof text, "%lld", (long long)(top * i / 2000));
        svg_text(o, 0, i == 2 ? y + 140 : y - 40, "t2 halo", text);
    }
    svg_text(o, 0, 80, "t2 halo", s->unit);
    svg_line(o, (struct stroke){0, 10000, BASE, BASE}, "axis");
}

/* One line through all points, as a path in a box of its own that stretches. */
static void
draw_line(struct html *o, const struct series_chart *s, int64_t top, bool without)
{
    bool open = false;

    LIT(o, "<path d=\"");
    for (size_t i = 0; i < s->n; i++) {
        const struct series_dot *d = &s->v[i];
        int64_t v = without ? d->without_milli : d->fitted_milli;
        if (!d->known || (without && !d->after)) {
            open = open && d->known;
            continue;
        }
        html_lit(o, open ? "L" : "M", 1);
        html_put_uint(o, 10 * i + 5);
        LIT(o, " ");
        svg_number(o, up(v, top) - (BASE - TALL), 10);
        open = true;
    }
    if (without)
        LIT(o, "\" class=\"grys\" stroke-dasharray=\"5 4\"/>");
    else
        LIT(o, "\" class=\"accs\"/>");
}

static void
draw_labels(struct html *o, const struct series_chart *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].label)
            svg_text(o, across(s, i), BASE + 180, "t2", s->v[i].label);
    for (size_t i = 1; i < s->n; i++)
        if (s->v[i].after && !s->v[i - 1].after) {
            int64_t x = (across(s, i) + across(s, i - 1)) / 2;
            svg_line(o, (struct stroke){x, x, 100, BASE}, "inks");
            svg_text(o, x - 80, 80, "tb e halo", s->break_words);
        }
}

void
chart_series(struct html *o, const struct series_chart *s)
{
    int64_t top = top_of(s);

    if (!s->n)
        return;
    svg_open(o, 226, s->name);
    draw_grid(o, s, top);
    if (s->lines) {
        LIT(o, "<svg x=\"7%\" width=\"93%\" y=\"20\" height=\"180\" viewBox=\"0 0 ");
        html_put_uint(o, 10 * s->n);
        LIT(o, " 180\" preserveAspectRatio=\"none\">");
        draw_line(o, s, top, true);
        draw_line(o, s, top, false);
        svg_close(o);
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].known)
            svg_circle(o, across(s, i), up(s->v[i].milli, top), 30, "grd");
    draw_labels(o, s);
    svg_close(o);
}
