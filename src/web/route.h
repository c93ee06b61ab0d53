/* web/route.h - from the address of a request to a row of pages.def. */
#pragma once
#include "web/page.h"

struct target {
    const char *path;          /* decoded: "/children/1234" */
    const struct pair *query;
    size_t n_query;
};
/* Take "/children/12?tab=2" apart.  False: no address of ours can look so. */
bool route_parse(struct job *j, const char *raw, struct target *out);

struct route {
    const struct page *page;   /* NULL: there is none */
    const char *const *part;
    size_t n_parts;
    const char *allow;         /* page NULL, but the path has other methods: "GET, HEAD" */
};
/* method: "GET", "HEAD" (as GET), "POST", or any other. */
void route_find(struct job *j, const char *method, const char *path, struct route *out);
