/* returns/mapping.h - a file of somebody's own shape, read as a layout that is known.
 *
 * A mapping says which of its columns fills which field, what stands in for fields it does not
 * have, and what its own codes mean ("L1" is read as "L").  It is made by a person, column by
 * column, and recognised again by the exact set of column names.  Kept per area by intake. */
#pragma once
#include "base/text.h"
#include "returns/layout.h"

enum mapping_kind { MAPPING_COLUMN, MAPPING_CONSTANT, MAPPING_VALUE, MAPPING_KINDS };
const char *mapping_kind_name(enum mapping_kind k); /* as stored: "column" */

struct mapping_part {
    enum mapping_kind kind;
    const char *field;  /* of the layout */
    const char *source; /* COLUMN: name in the file; VALUE: as the file writes it; else "" */
    const char *value;  /* CONSTANT, VALUE: what is read instead; else NULL */
};
struct mapping {
    const char *name;   /* as people know it */
    const struct layout *layout;
    const char *header; /* mapping_header() of the file it was made from */
    const struct mapping_part *part;
    size_t n_parts;
};

/* The column names as they are compared: text_header() of each, sorted, a line each. */
const char *mapping_header(struct job *j, const char *const *column, size_t n);
/* ERR_INPUT: a name or layout is missing, a field or column is not there or is named twice, a
 * field that is needed has neither column nor constant, a constant cannot be read; each in a
 * sentence. */
MUST_CHECK enum err mapping_check(struct job *j, const struct mapping *m);
/* What is mapped: a CSV, or one sheet of a workbook. */
struct mapping_file {
    const char *path;
    const char *sheet; /* NULL: the file is a CSV */
    int64_t row;       /* its line that names the columns; 0: it is found */
};
/* In this folder, by its name as a load tells it: "own.csv", "own.xlsx › List".  False: it is of
 * a kind that is not mapped. */
bool mapping_file_named(struct job *j, const char *folder, const char *name,
                        struct mapping_file *out);
/* A row that may name the columns: one of the first with values. */
struct mapping_line {
    int64_t line;
    const char *text;      /* its first cells */
};
/* The beginning of it, whatever it is: for a person to map.  Unless the row is chosen, the first
 * names the columns, and of a sheet the first of those with most cells: titles may stand above.
 * ERR_INPUT: the row that was chosen is not one of `begin`. */
struct mapping_sample {
    struct mapping_line *begin;
    size_t n_begin;
    int64_t first;         /* line of the row that names the columns */
    const char **column;   /* as in the file */
    size_t n_columns;
    const char *header;    /* mapping_header() */
    const char ***row;     /* row[i][c], NUL-ended; n_columns each */
    size_t n_rows;         /* at most MAPPING_ROWS */
    const struct layout *nearest; /* to what it is; NULL: to none */
    const char *missing, *unknown; /* of it: columns, comma-separated; may be "" */
};
enum { MAPPING_ROWS = 20 };
MUST_CHECK enum err mapping_look(struct job *j, struct mapping_file of,
                                 struct mapping_sample *out);
/* What the layout's own names tell already: COLUMN parts, for a person to go on from. */
void mapping_suggest(struct job *j, const struct layout *l, const struct mapping_sample *s,
                     struct mapping_part **out, size_t *n);

/* The first rows as the mapping would read them: nothing is kept anywhere. */
struct mapping_row {
    int64_t line;
    bool refused;
    const char **value;   /* by field of the layout; "" blank */
    const char *findings; /* sentences, a line each; "" none */
};
MUST_CHECK enum err mapping_preview(struct job *j, struct mapping_file of,
                                    const struct mapping *m, struct mapping_row **out,
                                    size_t *n);
