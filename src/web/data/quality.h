/* web/data/quality.h - what rules find in the data: a page of counts, lists for schools. */
#pragma once
#include "quality/list.h"
#include "ui/components.h"
#include "web/page.h"

struct quality_page {
    const struct view *view;
    const char *heading, *lede;
    struct table found;       /* rules that found something; n_rows 0: none */
    struct table schools;     /* n_rows 0: not for this person, or nothing found */
    const char *all_schools;  /* path; NULL: all are shown */
    const char *csv;          /* of everything this person may see; NULL nothing */
    struct table quiet;       /* rules that found nothing */
    struct table at_load;     /* what loading asks of each record; n_rows 0: not for schools */
};
struct quality_facts {
    const struct quality_state *state;
    const struct quality_counted *rules; /* with the count of all */
    size_t n_rules;
    const struct quality_of_school *schools;
    size_t n_schools;
    bool own_school;          /* a school role asks */
    bool every_school;
};
enum { QUALITY_SCHOOLS_SHOWN = 15, QUALITY_SCHOOLS_MOST = 20000 };
void quality_page_make(struct job *j, const struct quality_facts *f, const struct view *view,
                       struct quality_page *out);

struct quality_list_page {
    const struct view *view;
    const char *heading, *lede, *csv;
    struct table table;
    struct pages pages;
};
/* The links of the pages of Data, for whoever asks. */
struct view *data_view(struct job *j, const struct request *q, const char *title);
