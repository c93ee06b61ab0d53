#include "ui/charts.h"
#include "base/text.h"
#include <stdio.h>

/* ---- small multiples: 104 px, baseline at 84, the highest value at 18 ------------- */

enum { TREND_LEFT = 200, TREND_RIGHT = 8000, TREND_BASE = 840, TREND_TOP = 180 };

/* A share as a whole number large enough to compare and to draw. */
static int64_t
size_of(struct point p)
{
    return point_missing(p) ? 0 : (p.part * 100000000 + p.whole / 2) / p.whole;
}

static int64_t
trend_x(const struct trend *t, size_t i)
{
    if (t->n < 2)
        return TREND_RIGHT;
    return TREND_LEFT + (TREND_RIGHT - TREND_LEFT) * (int64_t)i / (int64_t)(t->n - 1);
}

static int64_t
trend_y(struct point p, int64_t most)
{
    return TREND_BASE - (most ? size_of(p) * (TREND_BASE - TREND_TOP) / most : 0);
}

static const char *
rate(const struct trend *t, struct point p, char *buf)
{
    return text_rate(p.part, p.whole, t->per, t->decimals, buf);
}

static void
trend_label(struct html *o, const struct trend *t, size_t first, size_t last)
{
    char a[TEXT_NUMBER], b[TEXT_NUMBER];

    LIT(o, "<svg width=\"100%\" height=\"104\" role=\"img\" aria-label=\"");
    html_put_text(o, t->name);
    if (first == t->n) {
        LIT(o, ": no data\">");
        return;
    }
    LIT(o, ", from ");
    html_put_text(o, rate(t, t->points[first], a));
    LIT(o, " to ");
    html_put_text(o, rate(t, t->points[last], b));
    LIT(o, "\">");
}

/* How many points from i on have (or lack) data. */
static size_t
run_from(const struct trend *t, size_t i, bool lacking)
{
    size_t n = 0;

    while (i + n < t->n && point_missing(t->points[i + n]) == lacking)
        n++;
    return n;
}

/* Hatch the runs without data; say so over the widest. */
static void
trend_gaps(struct html *o, const struct trend *t)
{
    size_t widest = 0;
    int64_t at = 0;

    for (size_t i = 0; i < t->n; i++) {
        size_t run = run_from(t, i, true);
        if (!run)
            continue;
        /* a first year alone needs room for its number */
        int64_t from = i ? trend_x(t, i - 1) + (i == 1 ? 1500 : 200) : TREND_LEFT;
        int64_t to = i + run < t->n ? trend_x(t, i + run) - 200 : TREND_RIGHT;
        from = from > to ? to : from;
        svg_rect(o, (struct box){from, 260, to - from, TREND_BASE - 260}, "hat hat--soft");
        if (run > widest) {
            widest = run;
            at = from;
        }
        i += run;
    }
    if (widest)
        svg_text(o, at, 200, "t2 halo", "no data");
}

static void
trend_line(struct html *o, const struct trend *t, size_t i, size_t n, int64_t most)
{
    LIT(o, "<polyline points=\"");
    for (size_t k = i; k < i + n; k++) {
        if (k > i)
            LIT(o, " ");
        html_put_int(o, 10 * (long long)k);
        LIT(o, ",");
        svg_number(o, trend_y(t->points[k], most), 10);
    }
    LIT(o, "\" class=\"");
    html_put_text(o, t->accent ? "accs" : "grys");
    LIT(o, "\"/>");
}

static void
trend_lines(struct html *o, const struct trend *t, size_t last, int64_t most)
{
    LIT(o, "<svg x=\"2%\" width=\"78%\" y=\"0\" height=\"84\" viewBox=\"0 0 ");
    html_put_int(o, t->n > 1 ? 10 * ((long long)t->n - 1) : 10);
    LIT(o, " 84\" preserveAspectRatio=\"none\">");
    for (size_t i = 0; i < t->n; i++) {
        size_t run = run_from(t, i, false);
        if (run > 1)
            trend_line(o, t, i, run, most);
        i += run;
    }
    svg_close(o);
    for (size_t i = 0; i < t->n; i++) { /* a year alone has no line: a dot */
        size_t run = run_from(t, i, false);
        if (run == 1 && i != last)
            svg_circle(o, trend_x(t, i), trend_y(t->points[i], most), 30,
                       t->accent ? "acc" : "grd");
        i += run;
    }
}

/* The value of the first point in grey, over the line or, after a gap, under it. */
static void
trend_first(struct html *o, const struct trend *t, size_t first, int64_t most)
{
    char buf[TEXT_NUMBER];
    int64_t y = trend_y(t->points[first], most);

    if (first)
        svg_text(o, trend_x(t, first) + 200, y + 190 > TREND_BASE - 20 ? y - 110 : y + 190,
                 "t2 halo", rate(t, t->points[first], buf));
    else
        svg_text(o, TREND_LEFT, y - 110 < 80 ? 80 : y - 110, "t2 halo",
                 rate(t, t->points[first], buf));
}

static void
trend_last(struct html *o, const struct trend *t, size_t last, int64_t most)
{
    char buf[TEXT_NUMBER];
    int64_t y = trend_y(t->points[last], most), x = trend_x(t, last);

    svg_circle(o, x, y, 45, t->accent ? "acc" : "grd");
    svg_text(o, x + 400, y + 60, t->accent ? "ta end" : "tb end", rate(t, t->points[last], buf));
}

void
chart_trend(struct html *o, const struct trend *t)
{
    size_t first = t->n, last = t->n;
    int64_t most = 0;

    for (size_t i = 0; i < t->n; i++) {
        if (point_missing(t->points[i]))
            continue;
        first = first == t->n ? i : first;
        last = i;
        most = size_of(t->points[i]) > most ? size_of(t->points[i]) : most;
    }
    trend_label(o, t, first, last);
    svg_line(o, (struct stroke){TREND_LEFT, TREND_RIGHT, TREND_BASE, TREND_BASE}, "axis");
    trend_gaps(o, t);
    trend_lines(o, t, last, most);
    if (first < last)
        trend_first(o, t, first, most);
    if (last < t->n)
        trend_last(o, t, last, most);
    svg_text(o, TREND_LEFT, 1000, "t2", t->first);
    if (t->n > 1)
        svg_text(o, TREND_RIGHT, 1000, "t2 e", t->last);
    svg_close(o);
}

/* ---- concentration: two bars of 44 px, joined ------------------------------------- */

enum { PERCENT = TEXT_NUMBER + 2 };

static const char *
percent(struct point p, char *buf)
{
    char number[TEXT_NUMBER];

    snprintf(buf, PERCENT, "%s%%", text_percent(p.part, p.whole, 0, number));
    return buf;
}

static void
full_bar(struct html *o, struct point p, int64_t y, const char *label, const char *rest)
{
    char buf[PERCENT];
    int64_t x = svg_share(p.part, p.whole);

    svg_text(o, 0, y - 100, "tb", label);
    svg_rect(o, (struct box){0, y, x, 440}, "acc");
    svg_rect(o, (struct box){x, y, 10000 - x, 440}, "gry");
    if (x >= 900)
        svg_text(o, 120, y + 280, "tw", percent(p, buf));
    else
        svg_text(o, x + 120, y + 280, "tb end", percent(p, buf));
    if (x <= 7000)
        svg_text(o, 9880, y + 280, "e", rest);
}

void
chart_concentration(struct html *o, struct point all, struct point some,
                    const struct concentration_words *w)
{
    char a[PERCENT], b[PERCENT];

    LIT(o, "<svg width=\"100%\" height=\"216\" role=\"img\" aria-label=\"");
    html_put_text(o, w->all);
    LIT(o, ": ");
    html_put_text(o, percent(all, a));
    LIT(o, " are of the group. ");
    html_put_text(o, w->some);
    LIT(o, ": ");
    html_put_text(o, percent(some, b));
    LIT(o, " are.\"><svg y=\"70\" height=\"86\" width=\"100%\" viewBox=\"0 0 100 100\" "
           "preserveAspectRatio=\"none\"><path d=\"M0 0H");
    svg_number(o, svg_share(all.part, all.whole), 100);
    LIT(o, "L");
    svg_number(o, svg_share(some.part, some.whole), 100);
    LIT(o, " 100H0z\" class=\"pale\"/></svg>");
    full_bar(o, all, 260, w->all, w->all_rest);
    full_bar(o, some, 1560, w->some, w->some_rest);
    svg_close(o);
}

/* ---- bars from zero: 50 px each ------------------------------------------------------ */

void
chart_bars(struct html *o, const char *name, const struct bar *v, size_t n)
{
    int64_t most = 0;

    LIT(o, "<svg width=\"100%\" height=\"");
    html_put_uint(o, 50 * n);
    LIT(o, "\" role=\"img\" aria-label=\"");
    html_put_text(o, name);
    for (size_t i = 0; i < n; i++) {
        most = v[i].value > most ? v[i].value : most;
        html_put_text(o, i ? "; " : ": ");
        html_put_text(o, v[i].label);
        LIT(o, " ");
        html_put_text(o, v[i].text);
    }
    LIT(o, "\">\n");
    for (size_t i = 0; i < n; i++) {
        int64_t y = 500 * (int64_t)i;
        int64_t w = most ? v[i].value * 8400 / most : 0;

        svg_text(o, 0, y + 160, v[i].accent ? "tb" : "", v[i].label);
        svg_rect(o, (struct box){0, y + 230, w, 160}, v[i].accent ? "acc" : "gry");
        svg_text(o, w + 200, y + 370, v[i].accent ? "ta" : "", v[i].text);
    }
    svg_close(o);
}
