/* directory/feed_in.h - what the readers of feeds share; for these alone. */
#pragma once
#include "directory/feed.h"

enum { FEED_UNPACKED = 128 * 1024 * 1024 }; /* bytes that the tables of a zip may have */
/* ERR_INPUT when the text cannot be JSON, said in words: empty, a web page, UTF-16. */
MUST_CHECK enum err feed_looks(struct job *j, const char *place, struct span text);
/* Each sets kind, next and arg of out, whose place is set.  text outlives the feed. */
MUST_CHECK enum err feed_open_json(struct job *j, struct span text, struct feed *out);
MUST_CHECK enum err feed_open_zip(struct job *j, struct span bytes, struct feed *out);
MUST_CHECK enum err feed_open_template(struct job *j, struct span bytes, struct feed *out);
