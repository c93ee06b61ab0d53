/* web/data/cover.h - coverage: sentences first, then by week, by term, by source and year. */
#pragma once
#include "quality/cover_list.h"
#include "ui/components.h"
#include "web/data/data.h"

struct cover_page {
    const struct view *view;
    const char *heading, *lede;
    const char *const *gaps;  /* sentences; n_gaps 0: none */
    size_t n_gaps;
    const char *csv;          /* all of them; NULL none */
    struct matrix_of {
        struct figure_words words;
        struct matrix matrix; /* n_rows 0: nothing came */
        const char *all;      /* path; NULL: all schools are shown */
        const char *note;
    } weeks, terms;
    struct table sources;     /* of the authority, by year */
    struct table due;         /* when each source is due, and why then */
};
enum { COVER_WEEKS = 12, COVER_TERMS = 7, COVER_SCHOOLS = 15, COVER_GAPS = 12,
       COVER_YEARS = 4 };
struct cover_facts {
    const struct quality_state *state;
    const struct cover_told *gap;
    size_t n_gaps;            /* one more than COVER_GAPS: there are more */
    const struct cover_matrix *of; /* by source */
    const struct cover_due *due;
};
void cover_page_make(struct job *j, const struct cover_facts *f, const struct view *view,
                     struct cover_page *out);
