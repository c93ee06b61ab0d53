/* web/agencies/agencies.h - for administrators: the agencies that work together. */
#pragma once
#include "ui/components.h"
#include "web/page.h"

struct agencies_page {
    const struct view *view;
    const char *lede;
    struct table table;
};
struct agency_new_page {
    const struct view *view;
    struct problems problems;     /* fields "name", "kind", "urn", "area" */
    struct text_field name, kind, urn, area;
    const char *only;             /* the only authority there is; NULL: it is asked for */
};
struct agency_page {
    const struct view *view;
    const char *action;
    const struct named *facts;
    size_t n_facts;
    bool ended;
    const char *people;           /* "3 people act for it" */
    struct problems problems;     /* field "name" */
    struct text_field name;
};
