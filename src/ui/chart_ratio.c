#include "ui/charts.h"
#include "base/maths.h"

/* Times as likely, from a quarter to sixteen times: six doublings across the cell. */
static int64_t
place(double ratio)
{
    double x;

    if (!(ratio > 0.25))
        return 0;
    x = maths_log(ratio * 4) / maths_log(64) * 10000;
    return x > 10000 ? 10000 : (int64_t)(x / 10 + 0.5) * 10;
}

void
chart_ratio_axis(struct html *o)
{
    static const struct { double at; const char *text; } mark[] = {
        {0.25, "¼"}, {0.5, "½"}, {1, "1"}, {2, "2"}, {4, "4"}, {8, "8"}, {16, "16"}};

    svg_open(o, 34, NULL);
    for (size_t i = 0; i < sizeof mark / sizeof *mark; i++)
        svg_text(o, place(mark[i].at), 300, "t2 m", mark[i].text);
    svg_text(o, place(1), 120, "t2 m", "the same");
    svg_close(o);
}

void
chart_ratio(struct html *o, double ratio, double low, double high, bool accent)
{
    svg_open(o, 24, NULL);
    for (double at = 0.25; at <= 16; at *= 2)
        svg_line(o, (struct stroke){place(at), place(at), -120, 370}, at == 1.0 ? "axis" : "grid");
    svg_line(o, (struct stroke){place(low), place(high), 120, 120}, accent ? "acci" : "gryi");
    svg_circle(o, place(ratio), 120, 60, accent ? "acc" : "grd");
    svg_close(o);
}
