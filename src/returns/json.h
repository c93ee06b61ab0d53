/* returns/json.h - JSON as starts and ends of names, as XML gives them; for this room only.
 *
 * A member of an object starts its name; an array starts its own name for each of its items
 * ("[]" when it is the whole file); an object or array that is the whole file starts nothing.
 * null is an empty text.  yajl does the reading, and is told to stop by json_stop(). */
#pragma once
#include "returns/tree.h"
#include <yajl/yajl_parse.h>

enum { JSON_NAME = 128, JSON_KEY = 4096 };

struct json_calls {
    void (*start)(void *arg, const char *name, size_t n, enum tree_kind kind);
    void (*text)(void *arg, const char *s, size_t n); /* of a leaf, at once */
    void (*end)(void *arg, const char *name, size_t n);
    /* It lies deeper than TREE_DEPTH, or a name is longer than JSON_KEY. */
    void (*refuse)(void *arg, const char *what);
};
struct json_level {
    bool array;
    char name[JSON_NAME]; /* of what is within it at the moment; of an array its own */
    size_t n;
};
struct json {
    yajl_handle yajl;
    const struct json_calls *calls;
    void *arg;
    struct json_level level[TREE_DEPTH + 1];
    int depth;
    bool stopped;
    int64_t base;                /* bytes given before the present ones */
    const char *s;               /* the present ones */
    size_t n;
    int64_t token, token_line;   /* end of the last token */
    int64_t at, line;            /* what begins now stands here, or can be set apart here */
    int64_t counted, lines;      /* so far */
    bool cr;                     /* the last byte counted was a carriage return */
    bool blank;                  /* only blanks were counted since the line began */
    bool begins_line;            /* what begins now is the first on its line */
};
/* Given back when the job ends. */
MUST_CHECK enum err json_open(struct job *j, const struct json_calls *calls, void *arg,
                              struct json *out);
/* The next bytes.  False: they are no JSON, or json_stop() was called. */
bool json_feed(struct json *x, const char *s, size_t n);
bool json_end(struct json *x); /* nothing follows.  False: something is missing */
void json_stop(struct json *x);
/* What is wrong, in yajl's words, in buf; returns buf. */
const char *json_problem(struct json *x, char *buf, size_t size);
