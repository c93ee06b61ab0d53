/* web/overview/overview.h - one page that says how things are.
 *
 * overview_make() turns facts into what the template shows, and asks no database. */
#pragma once
#include "risk/sources.h"
#include "ui/charts.h"
#include "web/figures.h"

struct overview_facts {
    struct snapshot snapshot;
    int32_t year;                 /* the year the page is about */
    struct figures figures;       /* of all pupils, all years */
    const struct cliff *cliff;    /* NULL: not known */
    const struct sources_used *used; /* sources loaded for that year */
    int64_t schools;              /* with figures that year */
    const struct freshness *fresh;
    size_t n_fresh;
};

struct overview_panel {
    struct trend trend;
    const char *unit;
};
struct overview_edge {            /* pupils near the edge */
    const char *heading, *needs, *risk; /* risk NULL: not known yet */
    const char *open;             /* path of the page; NULL: not for this reader */
    struct bar bars[3];
    const char *bars_name, *source;
    struct table table;
};
struct overview {
    const struct view *view;
    const char *caption, *heading, *lede;
    struct links on_page;
    const struct key_figure *keys;
    size_t n_keys;
    struct figure_words types;
    const struct overview_panel *panels;
    size_t n_panels;
    const char *types_source;
    struct table sources;         /* what each type is known from */
    struct table types_table, dfe; /* dfe: by DfE's definitions, in this year */
    const char *definitions;      /* path; NULL: none */
    const struct overview_edge *edge; /* NULL: left out */
    const struct freshness *fresh;
    size_t n_fresh;
    const char *fresh_says;
    struct links years;           /* the other school years */
};

void overview_make(struct job *j, const struct overview_facts *f, const struct view *view,
                   struct overview *out);
/* "Suspension and severe absence have risen since 2021/22; persistent absence has fallen." */
const char *overview_says(struct job *j, struct figures f, int32_t since, int32_t year);
