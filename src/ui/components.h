/* ui/components.h - the parts that pages are made of, as structs.
 *
 * The templates of components.html and tables.html write them.  Texts are escaped there;
 * NULL leaves a part out unless said otherwise. */
#pragma once
#include "ui/view.h"

/* Five different things that are not a value; each has its own look and its word. */
enum absent { PRESENT, NO_DATA, NONE, NOT_SHARED, NOT_ASKED, SUPPRESSED };
const char *absent_word(enum absent a);  /* "No data" */
const char *absent_class(enum absent a); /* "abs abs--nodata" */

/* Key figures: four at most. */
struct key_figure {
    const char *name;   /* "Suspended once or more" */
    const char *figure; /* "3.9%"; NULL: no data */
    const char *base;   /* "1,937 of 49,610 pupils" */
    const char *change; /* "Up from 3.7% in 2024/25" */
    const char *more;   /* one more sentence */
    const char *href;   /* the list behind it; NULL: not for this reader */
    bool accent;
};

/* The words round a picture: figure_open, picture, figure_source, details, figure_close. */
struct figure_words {
    const char *says;   /* a sentence with a verb */
    const char *what;   /* measure, group, time, unit, interval */
    bool small;         /* beside other text: heading of the third level */
};

/* A table; its first column heads the rows. */
struct column {
    const char *text;
    bool number;        /* set to the right */
};
struct cell {
    const char *text;   /* NULL with PRESENT: empty */
    const char *href;   /* text is a link */
    const char *hidden; /* said by a screen reader after the link's text */
    const char *note;   /* second line in small type */
    enum absent absent; /* shown instead of text */
    bool small;         /* the link is a letter or two: wide enough to be met */
    const struct cell *more; /* beside it in the same cell; NULL none */
};
struct table {
    const char *name;   /* for a screen reader, and the region that scrolls */
    const struct column *columns;
    size_t n_columns;
    const struct cell *cells; /* row by row */
    size_t n_rows;
    bool stack;         /* labelled lines on a phone */
    bool wide;          /* scrolls sideways instead */
};

/* The interval plot: a real table whose third column is drawn (chart_ratio). */
struct interval_row {
    const char *label, *href;
    const char *rate, *of;       /* "15.2%", "of 1,340"; rate NULL: too few pupils */
    double ratio, low, high;     /* ratio 0: not to be shown */
    const char *times, *interval; /* "7.9", "(7.1 to 8.8)" */
    bool accent;
};
struct interval_group {
    const char *title;
    const struct interval_row *rows;
    size_t n;
};
struct intervals {
    const char *name;            /* for a screen reader */
    const char *rate, *times;    /* heads of the columns: "Suspended", "Times as likely" */
    const struct interval_group *groups;
    size_t n;
};

/* How current a source is. */
enum fresh { FRESH, FRESH_DUE, FRESH_STALE, FRESH_ABSENT };
const char *fresh_class(enum fresh f);
struct freshness {
    const char *source; /* "School census" */
    const char *says;   /* "Autumn 2026, 138 of 139 schools." */
    const char *href, *link; /* after the words; NULL none */
    enum fresh fresh;
    enum absent absent; /* with FRESH_ABSENT */
    const char *state;  /* "Up to date", "17 days late" */
};

/* A field of a form to mend; the same words stand at the field. */
struct problem {
    const char *field;  /* its id */
    const char *text;   /* "Give the date support should start" */
};
struct problems {
    const struct problem *v;
    size_t n;
};
/* Words for that field, or NULL. */
const char *problem_of(const struct problems *p, const char *field);

struct option {
    const char *value, *text;
    bool chosen;
};
/* A line to type, a few lines (rows), or a select (options), each with label and hint. */
struct text_field {
    const char *id, *label; /* the id is its name, too */
    const char *hint;       /* NULL none */
    const char *value, *problem;
    int rows;               /* of a text; 0: one line */
    const struct option *options;
    size_t n;               /* of a select */
};
struct choice {         /* a select */
    const char *name, *label;
    const struct option *options;
    size_t n;
};

/* Around a list cut into pages. */
struct pages {
    const char *previous, *next;           /* paths; NULL none */
    const char *previous_text, *next_text; /* "Next 50 pupils" */
};

/* One named fact of a summary list. */
struct named {
    const char *name, *value, *note;
    const char *href;
    enum absent absent;
};
