/* returns/tree.h - nested records while an XML or JSON file is read; for this room only.
 *
 * expat and yajl call what is here of tree_events.c, which only gathers: no jump may cross
 * them.  When an outermost record is complete the reader (xml_reader.c, json_reader.c) has its
 * records handed out (tree_records.c). */
#pragma once
#include "returns/parse.h"
#include "returns/tree_plan.h"

struct tree_listed;
enum {
    TREE_CHUNK = 64 * 1024,          /* given to the library at a time */
    TREE_TOKEN = 1024 * 1024,        /* a single tag, comment or value is no longer */
    TREE_VALUE = 16 * 1024,          /* nor is the text of a field */
    TREE_RECORD = 4 * 1024 * 1024,   /* nor is an outermost record with all within it */
    TREE_RECORDS = 20000,            /* which holds at most so many */
    TREE_STRANGERS = 6,              /* names of unknown elements that are told */
    TREE_FILE_VALUE = 64,            /* bytes of a value that stands once for the file */
    TREE_NATIVE = 17,
};

struct tree_text {
    size_t at, n; /* in bytes */
    bool given;
};
struct tree_node { /* a record within the outermost one, which is node 0 */
    int layout, parent, depth;
    int64_t key, line;
    size_t texts; /* of its fields, in order */
    int twice;    /* field that was given again; -1 none */
};
struct tree_open {
    int name, node;
    bool leaf, used;
};
/* A growing array that takes memory without jumping. */
struct tree_array {
    void *mem;
    size_t n, room;
};

struct tree;
/* What the library that reads the text can do and say. */
struct tree_library {
    void (*stop)(struct tree *x);  /* no further calls: x->failed is set */
    void (*pause)(struct tree *x); /* an outermost record is complete */
    int64_t (*line)(struct tree *x);
    /* Where in the text what begins now stands, or (JSON) what is around it: a line end may be
     * put in there. */
    int64_t (*byte)(struct tree *x);
    bool (*begins_line)(struct tree *x); /* or else needs a line of its own, to be found again */
};
struct tree {
    struct job *j;
    const struct returns_file *f;
    const struct tree_library *library;
    const struct tree_plan *plan;
    struct tree_open stack[TREE_DEPTH + 1];
    int depth;
    int *open;                 /* by name: how many are open */
    int node;                  /* the innermost open record; -1 none */
    int capture;               /* depth of the element whose text is gathered; 0 none */
    size_t captured;           /* its index in texts */
    struct tree_array nodes, texts, bytes;
    int64_t keys;              /* given out */
    int64_t line, added;       /* of the last record; line ends put in so far */
    struct tree_array breaks;  /* places in the text (int64_t) where one is put in */
    bool failed;
    struct tree_listed *listed; /* tree_listed.h; NULL: the text is kept as it stands */
    int64_t left_out;          /* values within records whose text is not kept */
    int64_t strangers;         /* unknown elements met */
    char stranger[TREE_STRANGERS][40];
    char (*file_value)[TREE_FILE_VALUE]; /* of the plan's; "" not met */

    /* what is handed out, beside what is gathered */
    const struct receiver *to;
    struct returns_counts *counts;
    struct file_text text;
    struct parser **parsers;   /* by layout of the plan; NULL: skipped */
    int64_t *last_key;         /* by layout: of its last record */
    int64_t piece, piece_line; /* where the piece of text to be kept begins */
    char native[TREE_NATIVE];  /* what stands for NativeId */
    char *broken;              /* a piece with line ends put in; `room` bytes */
    size_t room;
};

/* tree_events.c: called within the library. */
void tree_start(struct tree *x, const char *name, size_t n, enum tree_kind kind);
void tree_text(struct tree *x, const char *s, size_t n);
void tree_end(struct tree *x, const char *name, size_t n);
/* The file cannot be read on because of this, where the library stands. */
void tree_refuse(struct tree *x, const char *what);

/* tree_records.c */
void tree_prepare(struct tree *x, struct job *j, const struct returns_file *f,
                  enum file_form form);
/* All records of an outermost one, which is complete; the library stands at `until`, in
 * `line` of the file. */
MUST_CHECK enum err tree_hand_out(struct tree *x, int64_t until, int64_t line);
/* The text up to there, to be kept. */
MUST_CHECK enum err tree_hand_out_text(struct tree *x, int64_t until, int64_t line);
/* ERR_INPUT; token: a tag or value is larger than may be; NULL: an outermost record. */
MUST_CHECK enum err tree_too_large(struct tree *x, int64_t line, const char *token);
/* "12 elements not used here were passed over: …; 40 values that are not needed were read,
 * counted and not kept"; "" none. */
const char *tree_strangers(struct job *j, const struct tree *x);

/* xml_reader.c: what expat says of a file that it cannot read, as an error. */
struct XML_ParserStruct;
MUST_CHECK enum err xml_error(struct job *j, const struct returns_file *f,
                              struct XML_ParserStruct *p);
