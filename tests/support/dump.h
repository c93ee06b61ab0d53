/* tests/support/dump.h - a file read by the readers, as text to compare and to look at. */
#pragma once
#include "returns/reader.h"
#include "support/support.h"

/* Text that grows. */
struct lines {
    struct job *j;
    char *s;
    size_t n, room;
};
void lines_add(struct lines *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void lines_add_n(struct lines *t, const char *s, size_t n);

/* What was read. */
struct dump {
    struct job *j;
    struct returns_file *file;
    struct reading reading;
    bool places;          /* also lines, columns and notes: what a variation may change */
    struct lines out;     /* records and findings, one a line */
    struct lines text;    /* the pieces of text put together */
    int64_t next_line;    /* line at which the next piece must start */
    struct dump_record {  /* to be shown again afterwards */
        const struct layout *layout;
        int64_t line;
        const char *name, *value; /* a value of a text field, NULL none */
    } *records;
    size_t n_records, findings;
    struct returns_counts counts;
};
void dump_start(struct job *j, struct dump *d);
/* Open and read; ERR_INPUT and so on as they come. */
MUST_CHECK enum err dump_bytes(struct dump *d, const char *name, const char *s, size_t n);
MUST_CHECK enum err dump_open_file(struct dump *d, struct returns_file *f);

/* A whole file of the tree; the test fails when it is not there. */
struct span dump_load(struct job *j, const char *path);
/* The text equals the file, which ROOTED_GOLDEN=write writes anew. */
void dump_golden(struct job *j, const char *path, const char *text);
/* Names in a folder that end so, sorted. */
char **dump_folder(struct job *j, const char *folder, const char *ending, size_t *n);
