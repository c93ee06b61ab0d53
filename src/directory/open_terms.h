/* directory/open_terms.h - our needs as terms of a vocabulary of the open standard. */
#pragma once
#include "directory/document.h"

/* The vocabulary itself. */
json_t *open_needs_taxonomy(struct job *j);
/* The need whose term has this id; NULL: no need.  Is it the id of the vocabulary? */
const char *open_need_of(struct job *j, const char *term);
bool open_is_needs(const char *taxonomy);
/* A need as a term; NULL: no such need. */
json_t *open_need(struct job *j, const char *id);
