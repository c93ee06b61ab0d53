/* returns/reader.h - a file in, its records out.
 *
 * Knows nothing of the database.  A file is opened (mapped, its encoding judged, its
 * table recognised), then read as often as wanted.  Reading takes some 3 MB from the job,
 * however long the file: read each within a scope of its own. */
#pragma once
#include "base/encoding.h"
#include "returns/findings.h"
#include "returns/layout.h"
#include <sys/types.h>
#include <time.h>

struct mapping;
struct mapping_read;
struct xml_names;

enum file_form { FORM_CSV, FORM_XML, FORM_JSON };

/* What the records read so far say of the whole; used to judge codes by year.  A header
 * record (of the school census or the CIN census) sets it before it is handed out. */
struct reading {
    int32_t school_year; /* 0: not known */
    int term;            /* enum term; 0: not known, or none */
};

/* What a file on disk was when it was opened. */
struct file_state {
    dev_t dev; /* 0: it is none of its own */
    ino_t ino;
    off_t size;
    struct timespec at;
};
struct returns_file {
    const char *path;            /* as given; of what is in a zip or workbook: that one's */
    const char *name;            /* without folders; "returns.zip › pupils.csv" */
    const char *base;            /* its own name alone; of a sheet: the workbook's */
    const char *folder;          /* what is in one zip or workbook has one; else NULL */
    const char *sheet;           /* of a workbook; NULL: it is none */
    const struct layout *layout; /* CSV: its table; XML: of its header record; JSON: of its
                                  * outermost records */
    const char *family;
    enum file_form form;
    enum encoding encoding;
    const char *note;            /* "read as Windows-1252", columns kept aside …; may be "" */
    const char *bytes;           /* as they are in the file */
    size_t n_bytes;
    bool mapped;
    char digest[65];             /* SHA-256 of the bytes, hex; CSV: "" before returns_digest() */
    int *column_of;              /* CSV: for each field its column, -1 none */
    size_t n_columns;
    int64_t first_line;          /* CSV: line of its first byte, 0 is 1: of a sheet the row with
                                  * the names of the columns */
    struct file_state changed;
    const struct mapping *saved; /* mappings to recognise it by (returns/mapping.h) */
    size_t n_saved;
    const struct xml_names *names; /* of elements, that differ (returns/xml_names.h); NULL */
    const struct mapping_read *mapping; /* CSV: read by a saved mapping; NULL: by its layout */
};

/* ERR_INPUT: empty, binary, no header, not recognised (the message names the nearest
 * layout and what is missing); ERR_ENV: cannot be read.  Unmapped when the job ends. */
MUST_CHECK enum err returns_open(struct job *j, const char *path, struct returns_file **out);
/* All that is in a file: itself; of a workbook each sheet, of a zip each file in it, once
 * unpacked into a temporary file without a name.  A sheet is read as CSV text, and its digest is
 * that of this text. */
struct returns_left {
    const char *name, *why; /* a part that cannot be used, and a sentence */
};
struct returns_set {
    struct returns_file **file;
    size_t n;
    struct returns_left *left;
    size_t n_left;
    const struct mapping *mapping; /* before: saved ones to recognise a CSV by */
    size_t n_mappings;
    const struct xml_names *names; /* before: of elements, that differ; NULL */
    bool copy;              /* before: read a copy, which nobody can cut short meanwhile */
    int64_t most;           /* bytes to unpack, before: 0 is 8 GB; what is unpacked is taken off */
};
MUST_CHECK enum err returns_open_all(struct job *j, const char *path, struct returns_set *out);
/* The same of bytes in memory that outlive it. */
MUST_CHECK enum err returns_open_all_bytes(struct job *j, const char *name, struct span bytes,
                                           struct returns_set *out);
/* After reading: ERR_INPUT when the file has changed since it was opened. */
MUST_CHECK enum err returns_still(struct job *j, const struct returns_file *f);
/* Work out f->digest.  Needs no job: another thread may do it beside the reading. */
void returns_digest(struct returns_file *f);
/* A file of bytes in memory that outlive it. */
MUST_CHECK enum err returns_open_bytes(struct job *j, const char *name, const char *s, size_t n,
                                       struct returns_file **out);

struct receiver {
    void *arg;
    /* Refused records come too, with r->refused. */
    enum err (*record)(struct job *j, void *arg, const struct record *r);
    /* Before the record it is about; its texts are valid during the call.  May be NULL. */
    enum err (*finding)(struct job *j, void *arg, const struct finding *f);
    /* The text as UTF-8 in pieces of about 256 kB that break between records, for
     * keeping; may be NULL.  In XML and JSON each record begins a line: a line end is put in
     * where the file has none, and lines are counted in that text. */
    enum err (*text)(struct job *j, void *arg, int64_t first_line, const char *s, size_t n);
    struct reading *reading; /* never NULL */
};
struct returns_counts {
    int64_t read, refused; /* records of tables that are kept, and those refused of them */
    int64_t skipped;       /* records of tables that are not kept */
    const char *note;      /* what is worth telling afterwards; "" nothing */
};
/* All records in the file's order; in XML and JSON the records of one outermost (PupilOnRoll,
 * Child, an item of "data") come together, by layout->order and then as they stand: an address
 * before its pupil, the pupil before what hangs on it, as the tables of an export are read.
 * ERR_INPUT for a file that breaks off or breaks its form (line and column in the message):
 * nothing of it may then be published. */
MUST_CHECK enum err returns_read(struct job *j, const struct returns_file *f,
                                 const struct receiver *to, struct returns_counts *counts);

/* Kept text again, for showing a fact beside its original. */
struct kept_text {
    const struct layout *layout; /* of the record; an XML file holds many */
    enum file_form form;
    struct span header;          /* CSV: text that begins with the names of the columns */
    struct span text;            /* a piece that holds the record */
    int64_t first_line;          /* of the piece */
};
/* What kept text is, from how the file begins. */
enum file_form returns_form(struct span start);
/* JSON: the value that begins here, or behind the blanks, comma or colon that are here. */
struct span returns_json_at(struct span text);
struct original { /* name of a column or element, and its value as it stood */
    const char *name, *value;
};
/* JSON: which table of the file's family a record with these values is of. */
const struct layout *returns_layout_of(struct job *j, const struct layout *of_file,
                                       const struct original *v, size_t n);
/* The record that starts in this line.  ERR_NOT_FOUND: none does. */
MUST_CHECK enum err returns_show(struct job *j, const struct kept_text *k, int64_t line,
                                 struct original **out, size_t *n);
