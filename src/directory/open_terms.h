/* directory/open_terms.h - our needs as terms of a vocabulary of the open standard. */
#pragma once
#include "directory/document.h"

/* The vocabulary itself. */
json_t *open_needs_taxonomy(struct job *j);
/* A need as a term; NULL: no such need. */
json_t *open_need(struct job *j, const char *id);
