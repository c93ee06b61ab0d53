/* web/pandemic/weeks.h - the same school weeks of each year: a picture, a table, the codes that
 * are left out as a form. */
#pragma once
#include "risk/same_weeks.h"
#include "ui/charts.h"
#include "ui/components.h"
#include "web/page.h"

struct weeks_code {
    const char *code, *label, *class; /* "C2", "part-time timetable", "authorised absence" */
    const char *now, *before;         /* sessions, or NULL */
    bool out;
};
struct weeks_part {
    struct figure_words words;
    struct choice year, from, to;
    const struct weeks_code *codes;
    size_t n_codes;
    const char *now_name, *before_name; /* heads of the columns of sessions */
    struct series_chart chart;
    struct table years, weeks;
    const char *by;          /* how much more, and how sure; NULL: not known */
    const char *persistent;  /* a sentence */
    const char *notes;       /* what limits the comparison; NULL nothing */
    const char *none;        /* set: nothing can be compared, and why */
    const char *source;
};
/* What the address asks for: year, from, to, and each code left out; the method's where it
 * names none. */
struct same_weeks_asked weeks_asked(const struct request *q);
struct weeks_part *weeks_make(struct job *j, const struct same_weeks *s,
                              const struct snapshot *snapshot);
