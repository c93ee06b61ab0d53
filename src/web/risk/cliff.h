/* web/risk/cliff.h - pupils near the edge: how many, by which line, with which needs, where,
 * and how that was in other years. */
#pragma once
#include "ui/charts.h"
#include "web/figures.h"

struct cliff_place {
    const char *name, *member;   /* member: as figures store it */
    struct point point;
};
struct cliff_facts {
    struct snapshot snapshot;
    int32_t year, full_year;
    const struct cliff *cliff;
    struct figures figures;      /* M_CLIFF of all pupils, all years */
    const struct cliff_place *schools; /* by name */
    size_t n_schools;
    const struct cliff_place *districts; /* of the home, by name */
    size_t n_districts;
    const struct cliff *years;   /* those that can be told, by year */
    size_t n_years;
};
struct cliff_need {
    const char *name, *source;   /* source: not loaded, named; NULL loaded */
};
struct cliff_page {
    const struct view *view;
    const char *caption, *heading, *lede;
    struct key_figure keys[4];
    struct figure_words words;
    struct bar bars[3];
    const char *source, *list, *plans; /* plans: of pupils with one; NULL none */
    struct table table, schools, districts, by_need, by_year;
    const char *need_says;
    struct figure_words year_words;
    const struct bar *year_bars;
    const struct cliff_need *needs, *thresholds;
    size_t n_needs, n_thresholds;
    struct links years;          /* the other ones */
};
/* The needs and thresholds of risk/needs.def and risk/thresholds.def, as sentences; missing:
 * the sources (EDGE_BIT) that are not loaded. */
const struct cliff_need *cliff_needs(struct job *j, unsigned missing, size_t *n);
const struct cliff_need *cliff_thresholds(struct job *j, unsigned missing, size_t *n);
/* cliff_tables.c: by need, by place, by year. */
void cliff_tables(struct job *j, const struct cliff_facts *f, struct cliff_page *out);
void cliff_page_make(struct job *j, const struct cliff_facts *f, const struct view *view,
                     struct cliff_page *out);
