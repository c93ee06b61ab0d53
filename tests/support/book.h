/* tests/support/book.h - workbooks and zips made for a test, part by part. */
#pragma once
#include "base/text.h"
#include "support/support.h"

struct book_part {
    const char *name, *text;
    size_t n; /* 0: to the NUL */
};
/* A zip of these parts, in the job. */
struct span book_zip(struct job *j, const struct book_part *part, size_t n);
/* A workbook whose sheet n has the cells (the inside of sheetData) of sheet[n].text. */
struct book_of {
    const struct book_part *sheet; /* name: of the sheet */
    size_t n;
    const char *workbook; /* "" or attributes of workbookPr */
    const char *strings;  /* inside of sst; NULL none */
    const char *styles;   /* inside of styleSheet; NULL none */
    const char *before;   /* before the cells, within worksheet; NULL nothing */
};
struct span book_make(struct job *j, const struct book_of *b);
/* Cells of a row as inline strings, numbers and dates: "text|#12|@45600|!1" (text, number, style 1
 * number, boolean). */
const char *book_row(struct job *j, int row, const char *cells);
