/* tests/support/services.h - made-up services for the search: as many as wanted, from sentences. */
#pragma once
#include "directory/search_index.h"

typedef enum err services_fn(struct job *j, const struct search_row *row, void *arg);
/* n of them, a row a place, in the order that search_index_row() wants; the same seed gives the
 * same.  Entries are numbered from 1. */
MUST_CHECK enum err services_each(struct job *j, uint32_t n, uint64_t seed, services_fn *fn,
                                  void *arg);
/* The same into an index, at path. */
MUST_CHECK enum err services_index(struct job *j, uint32_t n, const char *path);
