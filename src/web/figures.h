/* web/figures.h - figures as pages show them: looked up, worded, linked to their list. */
#pragma once
#include "risk/figures.h"
#include "ui/components.h"
#include "ui/point.h"
#include "web/page.h"

enum { RATE_LEAST = 20 }; /* pupils that a rate needs (rulings, "Figures and privacy") */

struct figures {
    const struct figure *v; /* figure_list(): in order of measure, year, dimension, member */
    size_t n;
};
/* One of them as a point; none there: no_data. */
struct point figures_point(struct figures f, enum measure m, int32_t year, enum dimension d,
                           const char *member);
struct point figures_all(struct figures f, enum measure m, int32_t year); /* D_ALL */
/* The last school year that has ended by the snapshot's as-of date (a fortnight early
 * counts: schools are closed), else the first with figures. */
int32_t figures_full_year(const struct snapshot *s);
const char *figures_year(struct job *j, int32_t year);       /* "2024/25" */
const char *figures_year_short(struct job *j, int32_t year); /* "24/25" */
/* Path of the list behind a figure of the child family; NULL when this person may not
 * open it or the figure has no list.  member NULL: all pupils. */
const char *figures_list(struct job *j, enum measure m, int32_t year, enum dimension d,
                         const char *member);
/* "3.9%", "12.5"; with the unit apart: words_unit().  No data: NULL. */
const char *figures_rate(struct job *j, enum measure m, struct point p);
/* Every measure of a family in one year: count (a link to its list), base, rate, interval. */
struct figures_asked {
    struct figures figures;
    int32_t year;
    enum dimension dimension;
    const char *member;
};
struct table figures_table(struct job *j, const struct figures_asked *a, enum family family);
/* A source line: "School census; notifications. As of 20 November 2026." */
const char *figures_source(struct job *j, const char *sources, const struct snapshot *s);
/* cliff_get(), where a year that cannot be told yet has no pupils instead of an error. */
MUST_CHECK enum err figures_cliff(struct job *j, int32_t year, struct cliff *out);
