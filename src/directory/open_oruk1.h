/* directory/open_oruk1.h - a service as Open Referral UK 1.0 has it, for consumers that know no
 * later one.  What that standard has no name for is left out. */
#pragma once
#include "directory/document.h"

/* From what open_service() gave in full; a new tree of the job's. */
json_t *oruk1_of(struct job *j, const json_t *service);
/* A term as a taxonomy of 1.0. */
json_t *oruk1_taxonomy(struct job *j, const json_t *term);
/* A page of 1.0: its names for what open_page() says. */
json_t *oruk1_page(struct job *j, int64_t total, int64_t page, int64_t per_page, json_t *contents);
