/* report/sheet.h - a table on its way out: terminal, CSV, XLSX, HTML.
 *
 * Neutral: whoever makes a report fills a sheet with numbers and says what they are; this
 * room rounds, aligns, escapes and hides.  Cells stand row by row.  All four ways give the
 * same bytes for the same sheet. */
#pragma once
#include "base/text.h"
#include "stats/disclosure.h"
#include "stats/interval.h"

enum sheet_kind {
    SHEET_TEXT,
    SHEET_COUNT,
    SHEET_PERCENT,  /* part of whole: "3.9%" */
    SHEET_RATE,     /* part for each `per` of whole: "11.31" */
    SHEET_RATIO,    /* "5.6" */
    SHEET_INTERVAL, /* "1.9 to 16.0", times `per` when it is not 0 */
};
struct sheet_column {
    const char *name;  /* "suspended_pupils": the header in CSV */
    const char *title; /* "Pupils suspended" */
    enum sheet_kind kind;
    int decimals;
    int64_t per;       /* RATE, INTERVAL */
    int part, whole;   /* columns of the counts that it is made of and hidden with; 0: none */
};

enum sheet_state {
    SHEET_VALUE,
    SHEET_EMPTY,
    SHEET_HIDDEN,  /* shown as "c": could tell about one child */
    SHEET_FEW,     /* shown as "few": too few children for a rate */
    SHEET_NO_DATA, /* shown as "no data": a source is missing; never none */
};
struct sheet_cell {
    enum sheet_state state;
    const char *text;
    int64_t n, of;          /* COUNT: n; PERCENT, RATE: n of `of` */
    struct interval number; /* RATIO: value; INTERVAL: low and high */
};
struct sheet_cell sheet_text(const char *s);
struct sheet_cell sheet_count(int64_t n);
struct sheet_cell sheet_part(int64_t n, int64_t of); /* of 0: empty */
struct sheet_cell sheet_number(struct interval i);   /* not known: empty */
struct sheet_cell sheet_absent(enum sheet_state s);

/* Rows that belong together: "By sex".  adds_up: they are all the children of the total
 * row, each once. */
struct sheet_block {
    const char *title;
    size_t first, rows;
    bool adds_up;
};
struct sheet {
    const char *name;     /* "by-group": the tab in a workbook */
    const char *title, *sentence;
    const struct sheet_column *columns; /* the first names the row: text */
    size_t n_columns;
    struct sheet_cell *cells;
    size_t n_rows;
    const struct sheet_block *blocks; /* none: rows only */
    size_t n_blocks;
    int64_t total;        /* row of all children, -1 none */
    const char *const *notes;
    size_t n_notes;
    const char *source, *as_of; /* "School census, autumn 2019 …", "As of 31 July 2025" */
};
/* Several sheets as one document. */
struct sheet_book {
    const char *title, *sentence;
    const char *banner;   /* "Trial: not for live use"; NULL none */
    int32_t date;         /* of the data: stands in the file, so that bytes do not change */
    const struct sheet *sheets;
    size_t n;
};

enum sheet_format { SHEET_CSV, SHEET_XLSX, SHEET_HTML };

/* Hides small counts, then what would give them away, then the rates of too few children or
 * of hidden counts (stats/disclosure.h).  ERR_FAULT: a block that should add up does not. */
MUST_CHECK enum err sheet_protect(struct job *j, struct sheet *s, struct disclosure_limits l);

/* A cell as people read it: "1,937", "3.9%", "c". */
const char *sheet_words(struct job *j, const struct sheet *s, size_t row, size_t column);
/* The sheet's notes and those that its marks need.  Copied into the job. */
const char *const *sheet_notes(struct job *j, const struct sheet *s, size_t *n);

/* Into the job.  width: columns of the terminal. */
MUST_CHECK enum err sheet_as_text(struct job *j, const struct sheet_book *b, size_t width,
                                  struct span *out);
/* One sheet; a program reads it: bare numbers, a column `block` where blocks have titles, a
 * column `status` with the banner. */
MUST_CHECK enum err sheet_as_csv(struct job *j, const struct sheet *s, const char *banner,
                                 struct span *out);
MUST_CHECK enum err sheet_as_xlsx(struct job *j, const struct sheet_book *b, struct span *out);
MUST_CHECK enum err sheet_as_html(struct job *j, const struct sheet_book *b, struct span *out);
