/* base/csv.h - comma-separated values, RFC 4180 and what is met in practice.
 *
 * Reads UTF-8 that has been through encoding.h.  A record is a row of fields,
 * valid until the next call.  Quotes, doubled quotes, CRLF, LF, CR, embedded
 * newlines and a last line without newline are understood. */
#pragma once
#include "base/job.h"

struct csv_field {
    const char *s; /* not NUL-ended; unescaped */
    size_t n;
};

struct csv_row {
    const struct csv_field *field;
    size_t n;
    int64_t line; /* 1-based line of the file on which the record starts */
    int64_t offset; /* byte at which the record starts in the UTF-8 text */
};

struct csv_limits {
    size_t record_bytes; /* 0: 1 MB */
    size_t fields;       /* 0: 1024 */
};

/* Gives the next bytes: fills buf, sets *n (0 at the end). */
typedef enum err csv_source(struct job *j, void *arg, char *buf, size_t size, size_t *n);

struct csv;
/* Readers take all their memory when they are opened, so csv_next() may be called inside
 * a scope that is younger than the reader.  A reader over a source.  Owned by the job. */
struct csv *csv_open(struct job *j, csv_source *source, void *arg, struct csv_limits limits);
/* A reader over text in memory, which must outlive it.  No copy is made. */
struct csv *csv_open_text(struct job *j, const char *s, size_t n, struct csv_limits limits);
/* The next record; *more false at the end.  Empty lines are no records; a quote inside
 * an unquoted field is text.  ERR_INPUT with line and column (the number of the field) for
 * an unclosed quote, text after a closing quote, a NUL byte, a record over the limits. */
MUST_CHECK enum err csv_next(struct csv *c, struct csv_row *row, bool *more);

/* Writing: quotes only where needed, CRLF line ends (RFC 4180).  The caller looks at
 * ferror() when all is written. */
struct csv_out {
    FILE *f;
    size_t column; /* fields already on this line */
    bool written;  /* any byte on this line */
};
void csv_put(struct csv_out *o, const char *s); /* NULL: empty */
void csv_put_int(struct csv_out *o, int64_t v);
void csv_end_row(struct csv_out *o);
