#include "ui/charts.h"
#include "base/date.h"
#include "base/text.h"

/* Lanes of 56 px under a line of years; measured at the least width, 748 px. */
enum { LANE = 560, HEAD = 200, LETTER = 99, PAD = 90 };

static int64_t
at(const struct timeline *t, int32_t day)
{
    int64_t x = ((int64_t)day - t->from) * 10000 / ((int64_t)t->to - t->from);

    return x < 0 ? 0 : x > 10000 ? 10000 : x;
}

static int64_t
room_for(const char *text) /* in 1/100 of a per cent of the least width */
{
    int64_t letters = 0;

    for (; text && *text; text++)
        letters += ((unsigned char)*text & 0xC0) != 0x80;
    return letters * LETTER + 2 * PAD;
}

static const char *
look_class(enum look l)
{
    static const char *const name[] = {
        [LOOK_SAND] = "sand", [LOOK_ACCENT] = "acc", [LOOK_HATCH] = "hat", [LOOK_POINT] = "grd",
        [LOOK_HEAT_1] = "h1", [LOOK_HEAT_2] = "h2", [LOOK_HEAT_3] = "h3", [LOOK_HEAT_4] = "h4"};
    return name[l];
}

static void
draw_years(struct html *o, const struct timeline *t)
{
    int64_t foot = HEAD + LANE * (int64_t)t->n;

    for (int32_t year = date_school_year(t->from);; year++) {
        int32_t day = date_from_ymd(year, 9, 1);
        char name[DATE_TEXT];
        if (day >= t->to)
            break;
        if (day < t->from)
            continue;
        svg_line(o, (struct stroke){at(t, day), at(t, day), HEAD, foot}, "grid");
        if (at(t, day) < 9400)
            svg_text(o, at(t, day), 140, "t2", date_year_name(year, name));
    }
}

/* Shades lie in one path each: a child's years of weeks stay small. */
static void
draw_strip(struct html *o, const struct timeline *t, const struct lane *l, int64_t y)
{
    LIT(o, "<svg x=\"0\" y=\"");
    svg_number(o, y + 160, 10);
    LIT(o, "\" width=\"100%\" height=\"30\" viewBox=\"0 0 ");
    html_put_int(o, t->to - t->from);
    LIT(o, " 9\" preserveAspectRatio=\"none\">");
    for (enum look shade = LOOK_HEAT_1; shade <= LOOK_HEAT_4; shade++) {
        bool any = false;
        for (size_t i = 0; i < l->n; i++) {
            int32_t from = l->v[i].from < t->from ? t->from : l->v[i].from;
            if (l->v[i].look != shade || l->v[i].to <= from)
                continue;
            if (!any)
                LIT(o, "<path d=\"");
            any = true;
            LIT(o, "M");
            html_put_int(o, from - t->from);
            LIT(o, " 0h");
            html_put_int(o, l->v[i].to - from);
            LIT(o, "v9h-");
            html_put_int(o, l->v[i].to - from);
            LIT(o, "z");
        }
        if (!any)
            continue;
        LIT(o, "\" class=\"");
        html_put_text(o, look_class(shade));
        LIT(o, "\"/>");
    }
    svg_close(o);
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].look == LOOK_HATCH)
            svg_rect(o, (struct box){at(t, l->v[i].from), y + 160,
                                     at(t, l->v[i].to) - at(t, l->v[i].from), 300}, "hat");
}

/* Inside a bar too short for all of them: cut off at its end, on wide screens less so. */
static void
clipped_words(struct html *o, const struct mark *s, struct stroke free, int64_t y)
{
    LIT(o, "<svg class=\"clip\" x=\"");
    svg_number(o, free.x1, 100);
    LIT(o, "%\" width=\"");
    svg_number(o, free.x2 - free.x1, 100);
    LIT(o, "%\"><text x=\"8\" y=\"");
    svg_number(o, y, 10);
    if (s->look == LOOK_ACCENT)
        LIT(o, "\" class=\"ti\">");
    else
        LIT(o, "\">");
    html_put_text(o, s->text);
    LIT(o, "</text></svg>");
}

/* Words of a mark from x1 to x2: inside, else to its left, else to its right, else cut off
 * inside, else not at all (the table has them).  y1 and y2 say how far there is room on
 * either side.  Gives how far to the right something is drawn now. */
static int64_t
draw_words(struct html *o, const struct mark *s, struct stroke free, int64_t y)
{
    int64_t room = room_for(s->text);
    bool inside = s->look == LOOK_SAND || s->look == LOOK_ACCENT;

    if (!s->text || !s->text[0])
        return free.x2;
    if (inside && !s->days && room <= free.x2 - free.x1) {
        svg_text(o, free.x1 + PAD, y, s->look == LOOK_ACCENT ? "ti" : "", s->text);
        return free.x2;
    }
    if (free.x1 - room >= free.y1) {
        svg_text(o, free.x1 - PAD, y, "e halo", s->text);
        return free.x2;
    }
    if (free.x2 + room <= free.y2) {
        svg_text(o, free.x2 + PAD, y, "halo", s->text);
        return free.x2 + room;
    }
    if (inside && !s->days && free.x2 - free.x1 >= 5 * LETTER + 2 * PAD)
        clipped_words(o, s, free, y);
    return free.x2;
}

static void
draw_mark(struct html *o, const struct lane *l, const struct mark *s, struct stroke m)
{
    int64_t y = m.y1;

    if (l->kind == LANE_TICKS) {
        int64_t h = 130 * (s->days > 3 ? 3 : s->days < 1 ? 1 : s->days);
        svg_rect_px(o, (struct box){m.x1, y + 440 - h, 60, h}, "ink");
    } else if (s->look == LOOK_POINT) {
        svg_circle(o, m.x1, y + 300, 60, "grd");
    } else {
        svg_rect(o, (struct box){m.x1, y + 160, m.x2 - m.x1, 280}, look_class(s->look));
    }
}

static void
draw_lane(struct html *o, const struct timeline *t, const struct lane *l, int64_t y)
{
    int64_t until = 0; /* what is drawn already ends here */

    if (l->kind == LANE_STRIP) {
        draw_strip(o, t, l, y);
        return;
    }
    if (l->kind == LANE_TICKS)
        svg_line(o, (struct stroke){0, at(t, t->today), y + 440, y + 440}, "axis");
    else if (l->looked)
        svg_line(o, (struct stroke){0, at(t, t->today), y + 300, y + 300}, "dots");
    for (size_t i = 0; i < l->n; i++) {
        const struct mark *s = &l->v[i];
        struct stroke m = {at(t, s->from), at(t, s->to), y, 0};
        int64_t next = i + 1 < l->n ? at(t, l->v[i + 1].from) : 10000;

        if (l->kind == LANE_TICKS || s->look == LOOK_POINT)
            m.x2 = m.x1 + 80;
        draw_mark(o, l, s, m);
        until = draw_words(o, s, (struct stroke){m.x1, m.x2, until, next}, y + 350);
    }
}

static void
draw_names(struct html *o, const struct timeline *t, int64_t px)
{
    LIT(o, "<div class=\"rt-timeline\"><svg width=\"112\" height=\"");
    html_put_int(o, px);
    LIT(o, "\" aria-hidden=\"true\">");
    for (size_t i = 0; i < t->n; i++) {
        LIT(o, "<text x=\"0\" y=\"");
        html_put_uint(o, 55 + 56 * i);
        LIT(o, "\" class=\"tl\">");
        html_put_text(o, t->lanes[i].name);
        LIT(o, "</text>");
    }
    svg_close(o);
}

void
chart_timeline(struct html *o, const struct timeline *t)
{
    int64_t px = 42 + 56 * (int64_t)t->n, now = at(t, t->today);

    if (t->to <= t->from)
        return;
    draw_names(o, t, px);
    svg_open(o, px, t->name);
    draw_years(o, t);
    for (size_t i = 0; i < t->n; i++)
        draw_lane(o, t, &t->lanes[i], HEAD + LANE * (int64_t)i);
    svg_line(o, (struct stroke){now, now, HEAD, 10 * px - 200}, "inks");
    svg_text(o, now, 10 * px - 40, "tb m", "Today");
    svg_close(o);
    LIT(o, "</div>\n");
}
