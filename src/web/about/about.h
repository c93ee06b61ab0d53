/* web/about/about.h - the pages of the footer. */
#pragma once
#include "risk/figures.h"
#include "ui/components.h"
#include "web/risk/cliff.h"

struct definition {
    const char *id, *title, *text, *sources, *unit; /* unit: "% of pupils" */
};
struct definitions {
    const struct view *view;
    const struct definition *child, *dfe; /* the two families of figures */
    size_t n_child, n_dfe;
    const struct cliff_need *needs, *thresholds;
    size_t n_needs, n_thresholds;
};
/* From the table of measures. */
void definitions_make(struct job *j, const struct view *view, struct definitions *out);

struct about {
    const struct view *view;
    bool signed_in;
    bool analyst;          /* may load files */
    const char *definitions;
};
