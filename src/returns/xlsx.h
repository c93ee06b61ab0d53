/* returns/xlsx.h - an Excel workbook (.xlsx): its sheets as CSV text; for this room only.
 *
 * Read are values as they were saved: no formula is worked out, no link followed, no macro
 * looked at.  A row of the sheet is a line of the text, with the same number. */
#pragma once
#include "base/map.h"
#include "returns/archive.h"
#include "returns/unpacked.h"

enum {
    XLSX_SHEETS = 200,
    XLSX_STYLES = 65536,
    XLSX_STRINGS = 2000000,            /* shared ones */
    XLSX_STRING_BYTES = 64 * 1024 * 1024, /* all of them, as XML */
    XLSX_SMALL = 16 * 1024 * 1024,     /* workbook, styles, relations: each, as XML */
    XLSX_ROWS = 1048576,               /* Excel's own limits, but for columns with a value */
    XLSX_COLUMNS = 1024,
    XLSX_ROW_BYTES = 1000 * 1000,
    XLSX_TEXT = 512 * 1024 * 1024,     /* of a sheet as CSV */
    XLSX_OUT = 64 * 1024,              /* of which so much is written at a time */
};
#define XLSX_SHEET_BYTES (INT64_C(2) * 1024 * 1024 * 1024) /* of a sheet as XML */

struct xlsx_sheet {
    const char *name;
    const char *relation;  /* id of its part in the relations */
    int64_t part;          /* index in the archive; -1: not there, or not a sheet of cells */
};
struct xlsx {
    struct archive *archive;
    const char *name;      /* of the file */
    bool from_1904;        /* dates count from 1904 */
    struct xlsx_sheet *sheet;
    size_t n_sheets;
    bool *is_date;         /* by cell style */
    size_t n_styles;
    struct pile *strings;  /* of struct span */
    /* of the row being read, for one sheet after the other */
    char *value, *text, *out; /* XLSX_ROW_BYTES, XLSX_ROW_BYTES, XLSX_OUT */
    struct xlsx_cell {
        size_t at, n;      /* in text */
    } *cell;               /* XLSX_COLUMNS */
};
bool xlsx_is(const struct archive *a);
/* Everything but the cells.  ERR_INPUT: damaged, or beyond a limit. */
MUST_CHECK enum err xlsx_open(struct job *j, struct archive *a, struct xlsx *out);
/* The cells of a sheet as CSV.  *note: what is worth telling of them, in words; "" nothing. */
MUST_CHECK enum err xlsx_read(struct job *j, struct xlsx *x, size_t sheet, struct span *out,
                              const char **note);
/* "D" for the fourth column, into buf of 8 bytes; returns buf. */
const char *xlsx_column(int column, char *buf);

/* ---- shared by its files ---------------------------------------------------------- */

/* A part of the workbook as expat reads it.  Names come without their prefix. */
struct xlsx_part {
    struct job *j;
    struct xlsx *book;
    const char *name; /* "sheet List_7", for messages */
    void *arg;
    void (*start)(struct xlsx_part *p, const char *element, const char **attributes);
    void (*end)(struct xlsx_part *p, const char *element);
    void (*text)(struct xlsx_part *p, const char *s, size_t n);
    int64_t most;     /* bytes of XML */
    struct XML_ParserStruct *expat;
    bool failed;
};
MUST_CHECK enum err xlsx_part_read(struct xlsx_part *p, size_t index);
/* An error is set: read no further. */
void xlsx_part_stop(struct xlsx_part *p);
void xlsx_part_refuse(struct xlsx_part *p, const char *what);
/* Value of an attribute, whatever its prefix; NULL: not given. */
const char *xlsx_attribute(const char **attributes, const char *name);
/* Does a number format show a date or a time? */
bool xlsx_format_is_date(const char *format);
/* The text of a cell's number that is shown as a date: "2024-10-16", "2024-10-16 09:30:00",
 * "09:30:00"; false: it is none. */
bool xlsx_date(double serial, bool from_1904, char *buf, size_t size);
