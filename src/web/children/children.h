/* web/children/children.h - finding a child, and the lists behind figures. */
#pragma once
#include "people/child.h"
#include "ui/components.h"
#include "web/figures.h"

struct children_page {
    const struct view *view;
    const char *caption, *heading, *lede; /* lede NULL: none */
    const char *words;           /* of the search box, as typed */
    bool search;                 /* offer the search box */
    struct choice schools;       /* n 0: not offered */
    struct links filters;        /* on now; each link takes it off */
    struct table table;          /* n_rows 0: none found */
    const char *none;            /* why there is none, and what to do; NULL: nothing asked yet */
    const char *count;           /* "Showing 1 to 50 of 1,937" */
    struct pages pages;
    const char *definition, *sources; /* of a figure's list; NULL: a search */
    const char *csv;             /* path; NULL none */
};

enum { FOUND_PAGE = 20, LISTED_PAGE = 50 }; /* pupils a page */
enum { SESSIONS_LEAST = 20 };               /* possible, before absence is shown */

struct children_found {          /* a search and what it gave */
    const char *words;
    int64_t urn;
    int32_t group_year;          /* of a school's pupils; CHILD_ANY_YEAR: all */
    int64_t page;                /* from 1 */
    const struct child *v;
    size_t n, total;
    const struct option *schools;
    size_t n_schools;
    bool asked;                  /* words or a school were given */
    bool school_view;            /* a school looks at its own pupils */
    const struct missed *missed; /* of each in the year; NULL: no figures yet */
    int32_t missed_year;
    const char *ask;             /* whom to ask for restricted records; NULL: there are none */
};
void children_found_make(struct job *j, const struct children_found *f, const struct view *view,
                         struct children_page *out);

struct children_listed {         /* the list behind a figure */
    enum measure measure;
    int32_t year;
    enum dimension dimension;
    const char *member, *group;  /* as stored, and in words; NULL with D_ALL */
    int64_t page;
    const struct figure_child *v;
    size_t n;
    int64_t total;
    const struct snapshot *snapshot;
};
void children_listed_make(struct job *j, const struct children_listed *f, const struct view *view,
                          struct children_page *out);
