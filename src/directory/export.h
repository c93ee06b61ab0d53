/* directory/export.h - all that is in force, as the public may see it, in one file.
 *
 * What is written can be imported again, here or elsewhere. */
#pragma once
#include "directory/document.h"

enum export_format {
    EXPORT_CSV,    /* by the columns of template.def: of lists the first alone */
    EXPORT_NDJSON, /* a document a line */
    EXPORT_ORUK,   /* one page of an HSDS-UK 3.0 feed with everything */
};
bool export_find(const char *name, enum export_format *out); /* "csv", "ndjson", "oruk" */
/* ERR_ENV: it could not be written to its end. */
MUST_CHECK enum err export_write(struct job *j, enum export_format format, FILE *f);
/* A cell of a table: what a program for sheets would work out as a formula begins with a blank,
 * which importing takes away. */
const char *export_cell(struct job *j, const char *s);
