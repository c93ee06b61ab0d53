/* returns/reader.h - a file in, its records out.
 *
 * Knows nothing of the database.  A file is opened (mapped, its encoding judged, its
 * table recognised), then read as often as wanted; memory is one record's. */
#pragma once
#include "base/encoding.h"
#include "returns/layout.h"

enum file_form { FORM_CSV, FORM_XML };

/* What the records read so far say of the whole: set by whoever receives the header
 * record (school census: term and year), used to judge codes by year. */
struct reading {
    int32_t school_year; /* 0: not known */
    int term;
};

struct returns_file {
    const char *path;            /* as given */
    const char *name;            /* without folders */
    const struct layout *layout; /* CSV: its table; XML: the table of its outermost record */
    const char *family;
    enum file_form form;
    enum encoding encoding;
    const char *note;            /* "read as Windows-1252", columns kept aside …; may be "" */
    const char *bytes;           /* mapped */
    size_t n_bytes;
    char digest[65];             /* SHA-256 of the bytes, hex; "" before returns_digest() */
    int *column_of;              /* CSV: for each field its column, -1 none */
    size_t n_columns;
};

/* ERR_INPUT: empty, binary, no header, not recognised (the message names the nearest
 * layout and what is missing); ERR_ENV: cannot be read.  Unmapped when the job ends. */
MUST_CHECK enum err returns_open(struct job *j, const char *path, struct returns_file **out);
/* Work out f->digest.  Needs no job: another thread may do it. */
void returns_digest(struct returns_file *f);
/* Let the mapped pages go until they are read again: many files may be open at once. */
void returns_rest(const struct returns_file *f);

struct receiver {
    void *arg;
    enum err (*record)(struct job *j, void *arg, const struct record *r);
    enum err (*finding)(struct job *j, void *arg, const struct finding *f);
    /* The text as UTF-8 in pieces of about 256 kB that break between records, for
     * keeping; may be NULL. */
    enum err (*text)(struct job *j, void *arg, int64_t first_line, const char *s, size_t n);
    struct reading *reading; /* never NULL */
};
struct returns_counts { int64_t read, refused; };
/* All records in the file's order; in XML the records of one outermost element (PupilOnRoll,
 * Child) come together, by layout->order and then as they stand, so that a pupil's address
 * comes before the pupil and the pupil before what hangs on it, as from CSV.  ERR_INPUT for a file that breaks off or breaks its
 * form (line and column in the message): nothing of it may then be published. */
MUST_CHECK enum err returns_read(struct job *j, const struct returns_file *f,
                                 const struct receiver *to, struct returns_counts *counts);

/* One record of kept text again, for showing a fact beside its original: column names and
 * values as they stood.  text starts at first_line; header is the file's first record. */
struct original { const char *name, *value; };
MUST_CHECK enum err returns_show(struct job *j, const struct layout *l, enum file_form form,
                                 struct span header, struct span text, int64_t first_line,
                                 int64_t line, struct original **out, size_t *n);
