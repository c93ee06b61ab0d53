/* returns/recognise.h - which table a set of column names is (formats.md §0).
 *
 * Never by the file's name or the order of columns: a table is a candidate when every
 * column that marks it is there; the one with most of its columns present wins. */
#pragma once
#include "base/csv.h"
#include "returns/layout.h"

struct recognised {
    const struct layout *layout;
    int *column_of;   /* for each field its column, -1 none */
    const char *note; /* columns that are kept aside; "" none */
};
/* ERR_INPUT: no table; the message names the nearest and what is missing of it. */
MUST_CHECK enum err recognise(struct job *j, const struct csv_field *header, size_t n,
                              struct recognised *out);

/* For each field of the layout the column that its names mean, -1 none. */
int *recognise_columns(struct job *j, const struct layout *l, const struct csv_field *header,
                       size_t n);
/* What is nearest, what is missing of it, and which columns it does not know. */
struct mapping_sample;
void recognise_nearest(struct job *j, const struct csv_field *header, size_t n,
                       struct mapping_sample *out);
/* The same for JSON, from the paths of names that its beginning holds ("data/student/data/id").
 * The layout is that of its outermost records. */
MUST_CHECK enum err recognise_paths(struct job *j, const char *const *path, size_t n,
                                    const struct layout **out);

/* Does a name of a .def file ("lad??cd", "LSOA_code*", "gender<2023") mean this column or
 * element?  Without case; '_' also stands for a blank, '/' for '_'; what follows '<' is left
 * out. */
bool name_means(struct span pattern, struct span name);
/* The next blank-separated word of *list; empty at the end. */
struct span next_word(const char **list);
