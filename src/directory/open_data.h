/* directory/open_data.h - services as the open standard has them: HSDS-UK 3.0 with what HSDS 3.0
 * and 3.1 have beyond it.
 *
 * Ours (`rooted`) leaves by names of the standard: needs as attributes of our own vocabulary, the
 * wait as wait_time, how to refer as application_process, spaces as service_capacity, prices as
 * cost_options; what has no such name as an attribute with label and value.  Empty members are left
 * out, as are parts that lack what the standard demands.  Made from public documents alone. */
#pragma once
#include "directory/document.h"

enum open_form {
    OPEN_FULL,    /* with all its parts */
    OPEN_LIST,    /* its own fields and the organisation: as lists have it */
    OPEN_MINIMAL, /* id, name, status, last_modified */
};
/* All of these are the job's; NULL: there is no such part, or it lacks what is demanded. */
json_t *open_service(struct job *j, const json_t *doc, enum open_form form);
/* A service at location by its id.  It carries the service's own fields, too: the standard's
 * description of this answer names the wrong object, and so it satisfies both. */
json_t *open_place(struct job *j, const json_t *doc, const char *id, enum open_form form);
json_t *open_organization(struct job *j, const json_t *doc, enum open_form form);

/* Vocabularies and terms that the directory of j->area uses: ours of needs, and those that
 * documents bring.  Sorted by id. */
struct open_terms {
    json_t *taxonomies, *terms; /* arrays */
};
MUST_CHECK enum err open_terms(struct job *j, struct open_terms *out);
/* The organisations of the public entries, sorted by id. */
MUST_CHECK enum err open_organizations(struct job *j, json_t **out);
/* A page of a list as the standard has it. */
struct open_page {
    int64_t total, page, per_page; /* pages count from 1 */
};
json_t *open_page(struct job *j, const struct open_page *p, json_t *contents);
