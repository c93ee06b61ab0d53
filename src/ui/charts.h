/* ui/charts.h - pictures of figures, written straight into the page.
 *
 * Each has an aria-label with its values; the page sets a table beside it.  Accent green
 * marks what the sentence above is about, grey the rest; hatching where there is no data,
 * never a line through it; bars and lines start at zero, ratios lie on a log scale. */
#pragma once
#include "ui/point.h"
#include "ui/svg.h"

/* A panel of small multiples: one measure over the school years. */
struct trend {
    const char *name;
    const struct point *points; /* oldest first */
    size_t n;
    int per, decimals;          /* 100, 1: per cent with one place */
    const char *first, *last;   /* names of the first and last year: "19/20" */
    bool accent;
};
void chart_trend(struct html *o, const struct trend *t);

/* Two bars of 100% joined: a group's share of all, and of some. */
struct concentration_words {
    const char *all, *some;           /* "All pupils", "Pupils suspended more than once" */
    const char *all_rest, *some_rest; /* at the right end of each bar */
};
void chart_concentration(struct html *o, struct point all, struct point some,
                         const struct concentration_words *w);

/* Horizontal bars from zero. */
struct bar {
    const char *label, *text; /* "3 or more", "2,084" */
    int64_t value;
    bool accent;
};
void chart_bars(struct html *o, const char *name, const struct bar *v, size_t n);

/* The drawn cell of an interval plot, ¼ to 16 times; the axis for its head. */
void chart_ratio_axis(struct html *o);
void chart_ratio(struct html *o, double ratio, double low, double high, bool accent);

/* Shares over time as columns, gaps where nothing was due; what happened between them. */
struct step {
    const char *label;        /* under the column; NULL none */
    struct point value;
    bool blank;               /* holiday, before the first record: a gap */
    bool accent;
};
struct event {
    size_t before;            /* stands before this step … */
    int64_t within;           /* … and this many 1/100 of a step further on */
    const char *text;
};
struct steps {
    const char *name;         /* for the aria-label */
    const char *unit;         /* above the lines: "missed" */
    const struct step *v;
    size_t n;
    const struct event *events;
    size_t n_events;
};
void chart_steps(struct html *o, const struct steps *s);

/* A series of dots with a break, the line through it, and the line as if nothing had changed.
 * Values in thousandths of the unit, so that the picture is the same everywhere. */
struct series_dot {
    int64_t milli, fitted_milli, without_milli;
    const char *label;        /* under it; NULL none */
    bool known;               /* false: a gap */
    bool after;               /* of the break */
};
struct series_chart {
    const char *name, *unit;  /* aria-label; above the lines */
    const char *break_words;  /* left of the line of the break */
    const struct series_dot *v;
    size_t n;
    bool lines;               /* draw both lines */
};
void chart_series(struct html *o, const struct series_chart *s);

/* What came in at the left, what went out at the right, thick by how many. */
struct flow_part {
    const char *label;        /* "5 by managed move" */
    int64_t n;
    bool accent;
};
struct flow_chart {
    const char *name;         /* aria-label */
    const struct flow_part *in, *out;
    size_t n_in, n_out;
};
void chart_flow(struct html *o, const struct flow_chart *f);

/* What is known of one child, lane by lane, on one axis of time. */
enum look {
    LOOK_SAND, LOOK_ACCENT,
    LOOK_HATCH,                 /* no data */
    LOOK_POINT,                 /* one day, no length */
    LOOK_HEAT_1, LOOK_HEAT_2, LOOK_HEAT_3, LOOK_HEAT_4, /* light to dark */
};
struct mark {
    int32_t from, to;           /* dates; half-open */
    enum look look;
    const char *text;           /* drawn where there is room; NULL none */
    int days;                   /* LANE_TICKS: height */
};
enum lane_kind {
    LANE_BARS,
    LANE_STRIP,                 /* shades side by side, without words */
    LANE_TICKS,                 /* marks on a line, their height the number of days */
};
struct lane {
    const char *name;
    enum lane_kind kind;
    bool looked;                /* there are records of this: a dotted line where nothing is */
    const struct mark *v;       /* in order of from */
    size_t n;
};
struct timeline {
    const char *name;           /* aria-label of the picture */
    int32_t from, to, today;    /* dates; the picture ends a little after today */
    const struct lane *lanes;
    size_t n;
};
void chart_timeline(struct html *o, const struct timeline *t);
