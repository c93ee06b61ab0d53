/* web/pandemic/pandemic.h - before and after the pandemic: did suspensions and absence change?
 * Two series, and the same school weeks of each year. */
#pragma once
#include "risk/pandemic.h"
#include "ui/charts.h"
#include "ui/components.h"
#include "web/pandemic/weeks.h"

struct pandemic_series {
    struct figure_words words;
    struct series_chart chart;
    struct table table;          /* by school year, and the effects */
    struct table effects;        /* n_rows 0: not fitted */
    const char *checks;          /* of the model; NULL */
};
struct pandemic_page {
    const struct view *view;
    struct pandemic_series series[SERIES_KINDS];
    const struct weeks_part *weeks;
    const char *source;
};
void pandemic_make(struct job *j, const struct series *s, const struct snapshot *snapshot,
                   const struct view *view, struct pandemic_page *out);
