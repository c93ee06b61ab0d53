/* returns/parse.h - texts of one record become typed values, and findings.
 *
 * Both readers end here, so a census means the same as CSV and as XML. */
#pragma once
#include "base/csv.h"
#include "returns/open.h"

/* Memory for the texts of one record, shared by the parsers of a file. */
struct scratch {
    char *s;
    size_t size;
};
struct scratch scratch_new(struct job *j);

struct parser;
struct parser *parser_new(struct job *j, const struct layout *l, struct scratch text,
                          const struct receiver *to, struct returns_counts *counts);
/* CSV: how many columns the header has, and the file's own name for a field. */
void parser_columns(struct parser *p, size_t n);
void parser_name(struct parser *p, size_t field, const char *name);
/* It is a sheet of a workbook: findings say where in words, and rows may be shorter. */
void parser_sheet(struct parser *p, const char *sheet);
/* What stands in a file of somebody's own shape is read as this says. */
void parser_mapping(struct parser *p, const struct mapping_read *m);
/* XML: this field was given more than once in the record that comes next. */
void parser_twice(struct parser *p, size_t field);
/* A record: the text of field i is text[column_of[i]], or text[i] where column_of is NULL;
 * column -1, or from n on: blank.  Findings go out first, then the record. */
MUST_CHECK enum err parser_take(struct parser *p, const struct csv_field *text, size_t n,
                                const int *column_of, int64_t line);
