/* web/published/published.h - our figures beside DfE's, and other authorities'. */
#pragma once
#include "risk/published.h"
#include "ui/components.h"

struct published_view {
    const struct view *view;
    const char *caption, *lede;
    struct choice years;
    struct table ours, others;   /* others.n_rows 0: none loaded */
    const char *none;            /* nothing is published here for this year; NULL */
    const char *others_says, *source;
};
struct published_facts {
    const struct published_page *page;
    const struct neighbour *neighbour;
    size_t n_neighbours;
    const struct snapshot *snapshot;
    bool chosen;                 /* neighbours are set */
};
/* A figure as DfE published it, or what its mark means. */
struct cell published_cell(struct job *j, const struct benchmark_figure *f);
void published_make(struct job *j, const struct published_facts *f, const struct view *view,
                    struct published_view *out);
