/* tests/support/services.h - made-up services for the search: as many as wanted, from sentences. */
#pragma once
#include "directory/search_index.h"

/* n of them, in the order that search_index_row() wants; the same seed gives the same. */
MUST_CHECK enum err services_add(struct job *j, struct search_builder *b, uint32_t n,
                                 uint64_t seed);
