/* web/directory/api.h - the directory as open data: HSDS-UK 3.0 below /hsds.
 *
 * Nine GET endpoints and /organizations; services and places by the filters of the standard, all of
 * them together; modified_after, minimal, full and format=ndjson as HSDS 3.0 has them.  What a
 * parameter cannot be read as is answered 400 with a sentence. */
#pragma once
#include "directory/open_data.h"
#include "directory/search.h"
#include "web/page.h"

enum { API_PER_PAGE = 50, API_MOST = 500, API_KEYS = 40 };
struct api_asked {
    struct search search;
    struct search_key keys[API_KEYS];
    int64_t page, per_page;
    enum open_form form;
    bool lines;               /* format=ndjson */
};
/* ERR_INPUT: a parameter that cannot be read. */
MUST_CHECK enum err api_read(struct job *j, const struct request *q, struct api_asked *out);
/* JSON with the headers of open data. */
MUST_CHECK enum err api_put(struct job *j, struct response *r, const json_t *v);
/* A list as a page of the standard, or as lines. */
MUST_CHECK enum err api_put_list(struct job *j, struct response *r, const struct api_asked *a,
                                 json_t *contents, int64_t total);
