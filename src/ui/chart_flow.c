#include "ui/charts.h"

/* A side is a row for each part: its words, then a ribbon to the bar in the middle. */
enum { WORDS = 220, GAP = 100, THICK = 1200, LEAST = 10, LEFT_END = 4800, RIGHT = 5200 };

struct side {
    const struct flow_part *v;
    size_t n;
    bool right;
};

static int64_t
sum(const struct flow_part *v, size_t n)
{
    int64_t all = 0;

    for (size_t i = 0; i < n; i++)
        all += v[i].n;
    return all;
}

static int64_t
thick(int64_t n, int64_t most)
{
    int64_t h = n * THICK / most;

    return h < LEAST ? LEAST : h;
}

static int64_t
stacked(const struct side *s, int64_t most) /* height at the bar */
{
    int64_t h = 0;

    for (size_t i = 0; i < s->n; i++)
        h += thick(s->v[i].n, most);
    return h;
}

static void
put_point(struct html *o, const char *command, int64_t x, int64_t y)
{
    html_put_text(o, command);
    html_put_int(o, x);
    LIT(o, " ");
    svg_number(o, y, 10);
}

/* From (0, a) to (100, b), h thick all along. */
static void
draw_ribbon(struct html *o, int64_t a, int64_t b, int64_t h, bool accent)
{
    LIT(o, "<path d=\"");
    put_point(o, "M", 0, a);
    put_point(o, "C", 50, a);
    put_point(o, " ", 50, b);
    put_point(o, " ", 100, b);
    put_point(o, "L", 100, b + h);
    put_point(o, "C", 50, b + h);
    put_point(o, " ", 50, a + h);
    put_point(o, " ", 0, a + h);
    LIT(o, "z\" class=\"");
    html_put_text(o, accent ? "acc" : "gry");
    LIT(o, "\"/>");
}

static void
draw_side(struct html *o, const struct side *s, int64_t most, int64_t tall)
{
    int64_t row = WORDS, bar = (tall - stacked(s, most)) / 2;

    if (s->right)
        LIT(o, "<svg x=\"52%\" y=\"0\" width=\"48%\" height=\"");
    else
        LIT(o, "<svg x=\"0\" y=\"0\" width=\"48%\" height=\"");
    svg_number(o, tall, 10);
    LIT(o, "\" viewBox=\"0 0 100 ");
    svg_number(o, tall, 10);
    LIT(o, "\" preserveAspectRatio=\"none\">");
    for (size_t i = 0; i < s->n; i++) {
        int64_t h = thick(s->v[i].n, most);
        draw_ribbon(o, s->right ? bar : row, s->right ? row : bar, h, s->v[i].accent);
        row += h + GAP + WORDS;
        bar += h;
    }
    svg_close(o);
    row = WORDS;
    for (size_t i = 0; i < s->n; i++) {
        svg_text(o, s->right ? 10000 : 0, row - 60, s->right ? "e halo" : "halo", s->v[i].label);
        row += thick(s->v[i].n, most) + GAP + WORDS;
    }
}

void
chart_flow(struct html *o, const struct flow_chart *f)
{
    struct side in = {f->in, f->n_in, false}, out = {f->out, f->n_out, true};
    int64_t came = sum(f->in, f->n_in), went = sum(f->out, f->n_out);
    int64_t most = came > went ? came : went, tall, bar;

    if (most <= 0)
        return;
    bar = stacked(&in, most) > stacked(&out, most) ? stacked(&in, most) : stacked(&out, most);
    tall = stacked(&in, most) + (int64_t)in.n * (WORDS + GAP);
    if (stacked(&out, most) + (int64_t)out.n * (WORDS + GAP) > tall)
        tall = stacked(&out, most) + (int64_t)out.n * (WORDS + GAP);
    svg_open(o, (tall + 9) / 10, f->name);
    draw_side(o, &in, most, tall);
    draw_side(o, &out, most, tall);
    svg_rect(o, (struct box){LEFT_END, (tall - bar) / 2, RIGHT - LEFT_END, bar}, "ink");
    svg_close(o);
}
