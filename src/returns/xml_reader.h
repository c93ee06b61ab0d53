/* returns/xml_reader.h - the state of reading one XML file; for this room only.
 *
 * expat calls xml_events.c, which only gathers: no jump may cross expat.  When an outermost
 * record is complete the parser is suspended, and xml_reader.c hands its records out. */
#pragma once
#include "returns/parse.h"
#include "returns/xml_plan.h"
#include <expat.h>

enum {
    XML_CHUNK = 64 * 1024,           /* given to expat at a time */
    XML_TOKEN = 1024 * 1024,         /* a single tag or comment is no longer */
    XML_VALUE = 16 * 1024,           /* nor is the text of a field */
    XML_RECORD = 4 * 1024 * 1024,    /* nor is an outermost record with all within it */
    XML_RECORDS = 20000,             /* which holds at most so many */
    XML_STRANGERS = 6,               /* names of unknown elements that are told */
};

struct xml_text {
    size_t at, n; /* in bytes */
    bool given;
};
struct xml_node { /* a record within the outermost one, which is node 0 */
    int layout, parent;
    int64_t key, line;
    size_t texts; /* of its fields, in order */
    int twice;    /* field that was given again; -1 none */
};
struct xml_open {
    int name, node;
    bool leaf, used;
};
/* A growing array that takes memory without jumping. */
struct xml_array {
    void *mem;
    size_t n, room;
};

struct xml {
    struct job *j;
    const struct returns_file *f;
    XML_Parser expat;
    const struct xml_plan *plan;
    struct xml_open stack[XML_DEPTH + 1];
    int depth;
    int *open;                /* by name: how many are open */
    int node;                 /* the innermost open record; -1 none */
    int capture;              /* depth of the element whose text is gathered; 0 none */
    size_t captured;          /* its index in texts */
    struct xml_array nodes, texts, bytes;
    int64_t keys;             /* given out */
    int64_t line, added;      /* of the last record; line ends put in so far */
    struct xml_array breaks;  /* places in the text (int64_t) where one is put in */
    bool failed;
    int64_t strangers;        /* unknown elements met */
    char stranger[XML_STRANGERS][40];
};

/* xml_events.c */
void xml_listen(struct xml *x);
/* xml_reader.c */
MUST_CHECK enum err xml_error(struct job *j, const struct returns_file *f, XML_Parser p);
