/* report/html_sheet.h - a book of sheets as its template shows it; for this room only. */
#pragma once
#include "base/text.h"

struct html_head {
    const char *text;
    bool number;
};
struct html_cell {
    const char *text;
    const char *look; /* class: "num", "num absent" or "" */
};
struct html_row {
    const char *block; /* a heading before the row; NULL none */
    const char *name;
    const struct html_cell *cells; /* without the first column */
    bool total;
};
struct html_sheet {
    const char *title, *sentence;
    const struct html_head *heads;
    size_t n_heads;
    const struct html_row *rows;
    size_t n_rows;
    const char *const *notes;
    size_t n_notes;
    const char *source, *as_of;
};
struct html_book {
    const char *title, *sentence, *banner;
    const struct html_sheet *sheets;
    size_t n;
};
