/* directory/template.h - our own CSV of services: one a row, by columns of template.def. */
#pragma once
#include "directory/document.h"

struct template_column {
    const char *name, *path, *about;
};
const struct template_column *template_columns(size_t *n);
/* What a document has in a column, as it is written there; "" nothing. */
const char *template_cell(struct job *j, const json_t *doc, const struct template_column *c);
