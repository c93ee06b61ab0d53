/* returns/open.h - what the readers share about an opened file; for this room only. */
#pragma once
#include "returns/reader.h"

enum {
    PIECE = 256 * 1024,         /* of text handed out for keeping */
    HEADER_TEXT = 64 * 1024,    /* names of columns are together no longer */
    RECORD_TEXT = 1024 * 1024,  /* nor one record of a CSV */
};

/* The text of a file as UTF-8: the map itself where nothing need be converted, else a
 * window of it that moves on. */
struct file_text {
    const struct returns_file *file;
    struct encoding_reader reader;
    bool direct;
    const char *s; /* what is here of the text */
    size_t n;
    int64_t base;  /* bytes of the text before s */
    char *buffer;  /* where it is converted; room bytes */
    size_t room;
    size_t let_go; /* of a map: bytes given back */
};
/* Converted text is here from the place of the last file_text_drop() on, at most `room`
 * bytes; 0: what was read is not kept. */
void file_text_open(struct job *j, const struct returns_file *f, size_t room,
                    struct file_text *t);
csv_source file_text_read; /* arg is a struct file_text that is not direct */
/* What stands before this place of the text is not needed again. */
void file_text_drop(struct file_text *t, int64_t before);
/* From one place of the text to another. */
struct span file_text_between(const struct file_text *t, int64_t from, int64_t to);
/* A CSV reader over it. */
struct csv *file_text_csv(struct job *j, struct file_text *t, size_t record_bytes);

/* An error of a part that does not know the file's name. */
enum err file_named(struct job *j, const struct returns_file *f, enum err e);
/* Its pages are given back until they are read again: a load has hundreds of files open. */
void file_let_go(const struct returns_file *f);

/* Map a file: bytes, n_bytes. */
MUST_CHECK enum err file_map(struct job *j, const char *path, struct returns_file *f);
/* The same of a copy of it. */
MUST_CHECK enum err file_copy(struct job *j, const char *path, struct returns_file *f);
/* Its encoding; ERR_INPUT: it is no text. */
MUST_CHECK enum err file_judge(struct job *j, struct returns_file *f);
/* mapping.c: the saved mapping with exactly these columns; NULL none. */
const struct mapping *mapping_find(struct job *j, const struct mapping *list, size_t n_list,
                                   const struct csv_field *header, size_t n);
struct mapping_read {
    const struct mapping *mapping;
    int *column_of;        /* by field */
    struct span *constant; /* by field; empty none */
    bool *values;          /* by field: are there values to be read as others? */
};
struct mapping_read *mapping_for(struct job *j, const struct mapping *m,
                                 const struct csv_field *header, size_t n);
/* What is read where the file says a; it is empty where the file says nothing. */
struct span mapping_text(const struct mapping_read *r, size_t field, struct span a);
/* contents.c: what stands between a file and a part of it, as names tell it. */
extern const char contents_within[];
enum { HEADER_ROWS = 30 }; /* the row that names the columns of a sheet is one of the first */
size_t contents_filled(const struct csv_row *row); /* cells that are not blank */
/* What it is, from its bytes: all but path, name and bytes of f is set. */
MUST_CHECK enum err file_look(struct job *j, struct returns_file *f);
/* Sets layout and columns of a CSV from this row, the names of its columns. */
MUST_CHECK enum err file_header(struct job *j, struct returns_file *f, const struct csv_row *row);
/* xml_names.c: f becomes a copy of an XML file with our names, if it has others. */
MUST_CHECK enum err file_rename(struct job *j, struct returns_file *f);
/* Sets layout and family from the header of an XML file. */
MUST_CHECK enum err file_open_xml(struct job *j, struct returns_file *f);
/* Sets layout and family from the names in a JSON file. */
MUST_CHECK enum err file_open_json(struct job *j, struct returns_file *f);
MUST_CHECK enum err file_read_csv(struct job *j, const struct returns_file *f,
                                  const struct receiver *to, struct returns_counts *counts);
MUST_CHECK enum err file_read_xml(struct job *j, const struct returns_file *f,
                                  const struct receiver *to, struct returns_counts *counts);
MUST_CHECK enum err file_read_json(struct job *j, const struct returns_file *f,
                                   const struct receiver *to, struct returns_counts *counts);
