/* web/early/early.h - early identification: pupils to talk about, and why. */
#pragma once
#include "access/view.h"
#include "risk/sign_list.h"
#include "ui/components.h"

enum { EARLY_PAGE = 20 };

/* What the address asks for. */
struct early_asked {
    struct sign_filter of;
    int64_t page;              /* from 1 */
};
/* The same as an address under `path`; page 1 is left out. */
const char *early_path(struct job *j, const char *path, const struct early_asked *a);

struct early_facts {
    struct early_asked asked;
    const struct sign_run *run;
    struct sign_page list;
    struct sign_facets facets;  /* with the filters on */
    struct sign_facets all;     /* with the school alone */
    const char *school;         /* its name; NULL: every school */
    const struct option *schools;
    size_t n_schools;           /* 0: no choice */
    bool school_view, children; /* may open the child's page */
    const struct saved_view *views;
    size_t n_views;
};

struct early_view {             /* choices kept under a name */
    const char *name, *href, *drop; /* drop: path of the form that removes it */
};
struct early_option {
    const char *name, *value, *text;
    bool chosen;
};
struct early_pupil {
    const char *name, *href, *year, *tag;
    const char *school;         /* NULL: all are of one */
    bool dark;
    const char *const *reasons;
    size_t n_reasons;
    const char *context;        /* NULL none */
    const char *since;          /* "Since 16 November" */
    const char *changed;        /* in bold; NULL: no change */
    const char *change;         /* after it */
};
struct early_page {
    const struct view *view;
    const char *caption, *heading, *lede;
    struct links on;            /* filters that are on */
    const char *clear;          /* path; NULL: none is on */
    struct choice schools, years;
    const struct early_option *what, *kinds, *tiers;
    size_t n_what, n_kinds, n_tiers;
    const char *sort;           /* carried through the form; NULL */
    const char *showing, *order, *other_order, *other_order_text;
    const struct early_pupil *pupils;
    size_t n_pupils;
    const char *none;
    struct pages pages;
    const char *csv;            /* NULL: not for this person */
    const char *no_data;        /* signs whose source is not loaded; NULL */
    bool school_view;
    const struct early_view *views;
    size_t n_views;
    const char *query;          /* the choices now, to be kept: "?kind=need"; NULL: none is on */
    struct problems problems;   /* of keeping them */
    const char *view_name;      /* as typed */
    const char *signs;          /* path of the signs and how often they are right; NULL */
};
void early_make(struct job *j, const struct early_facts *f, const struct view *view,
                struct early_page *out);
