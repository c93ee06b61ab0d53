/* synth/table.h - one CSV file written through its layout.
 *
 * The columns are those of returns/layout.h for that school year and term, so that what is
 * written and what is read cannot drift apart.  Values are set by the field's position
 * (returns/fields.h); a position that the year does not carry is dropped. */
#pragma once
#include "base/csv.h"
#include "returns/fields.h"
#include "returns/layout.h"

/* Folders and files of one run. */
struct folder {
    struct job *j;
    const char *root; /* without a slash at the end */
};
/* A new file below root, its folders made; closed when the job ends.  ERR_ENV. */
MUST_CHECK enum err table_file(const struct folder *in, const char *path, FILE **out);
/* Everything written so far is on its way; ERR_ENV when any of it could not be. */
MUST_CHECK enum err table_flush(const struct folder *in, FILE *f, const char *path);

enum { TABLE_FIELDS = 40, TABLE_ARENA = 1024, TABLE_PATH = 96 };
struct table {
    const struct layout *layout;
    struct csv_out out;
    char path[TABLE_PATH]; /* below the root: "census/2024-autumn/pupilonroll.csv" */
    int col[TABLE_FIELDS], n_cols; /* positions written, in order */
    const char *v[TABLE_FIELDS];
    char arena[TABLE_ARENA]; /* text of this row's values */
    size_t used;
    int64_t rows;
    bool collect;            /* has COLLECT's order and source columns */
    char key[16];            /* KEY of the row begun */
};
/* Which table, as layouts.def names it, and of which census; 0 where it does not matter. */
struct table_kind {
    const char *layout;
    int school_year, term;
};
/* Opens the file and writes its header. */
MUST_CHECK enum err table_open(const struct folder *in, struct table *t, const char *path,
                               struct table_kind kind);
bool table_is_open(const struct table *t);

void table_text(struct table *t, int position, const char *s);
void table_format(struct table *t, int position, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void table_int(struct table *t, int position, int64_t v);
/* As COLLECT writes them: 10.0; 2024-Oct-16 00:00:00; True. */
void table_number(struct table *t, int position, int64_t v);
void table_day(struct table *t, int position, int32_t date);
void table_bool(struct table *t, int position, bool v);
void table_date(struct table *t, int position, int32_t date); /* 2024-10-16 */
void table_row(struct table *t); /* write the row, begin the next */
