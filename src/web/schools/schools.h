/* web/schools/schools.h - the schools of the area, and one of them. */
#pragma once
#include "people/child.h"
#include "people/school.h"
#include "risk/flow.h"
#include "risk/published.h"
#include "ui/charts.h"
#include "web/figures.h"

struct schools_facts {
    const struct school *v;      /* by name */
    size_t n;
    const char *phase;           /* only these; NULL all */
    int32_t year;                /* of the figures */
    struct figures figures;      /* M_SUSP, M_PA, M_CLIFF by school that year; n 0: none */
};
struct schools_page {
    const struct view *view;
    const char *caption, *heading, *lede, *none;
    struct choice phases;
    struct table table;
    const char *source;
};
void schools_page_make(struct job *j, const struct schools_facts *f, const struct view *view,
                       struct schools_page *out);

struct school_facts {
    const struct school *school;
    const struct school_year_group *groups;
    size_t n_groups;
    struct snapshot snapshot;    /* id 0: no figures yet */
    int32_t year;
    struct figures figures;      /* of this school, all years */
    const struct flow_line *flow; /* moves in the year; n_flow 0: none are known */
    size_t n_flow;
    const struct published_school *published;
};
struct school_panel {
    struct trend trend;
    const char *unit;
};
struct school_page {
    const struct view *view;
    const char *caption, *heading, *lede, *pupils; /* pupils: path of their list; NULL */
    const char *meeting;         /* path of the pack for a meeting; NULL */
    struct key_figure keys[4];
    size_t n_keys;
    struct figure_words words;
    const struct school_panel *panels;
    size_t n_panels;
    const char *source;
    struct table trend_table, types, dfe, groups, beside; /* beside.n_rows 0: none loaded */
    struct flow_chart flow;      /* flow.name NULL: none */
    struct figure_words flow_words;
    struct table flow_table;
    const char *types_heading, *types_says, *dfe_says, *beside_says, *beside_source;
};
void school_page_make(struct job *j, const struct school_facts *f, const struct view *view,
                      struct school_page *out);
/* beside.c */
void school_beside(struct job *j, const struct school_facts *f, struct school_page *out);
/* flow_make.c */
void school_flow(struct job *j, const struct school_facts *f, struct school_page *out);
