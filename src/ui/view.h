/* ui/view.h - what stands round every page: title, header, menu, footer.
 *
 * web/ fills one for each page; the templates of layout.html write it.  Links are only
 * given for pages that exist and that this person may open. */
#pragma once
#include "ui/html.h"

struct link {
    const char *href, *text;
    bool here; /* the page it stands on */
};
struct links {
    const struct link *v;
    size_t n;
};

enum view_kind { VIEW_LIVE, VIEW_TRIAL, VIEW_DEMONSTRATION };

struct view {
    const char *title;        /* "Overview"; NULL: the home page */
    const char *council;      /* "Ashmere Council" */
    const char *phone;        /* of the inclusion team; "" none */
    const char *css, *icon;   /* their paths */
    const char *home;         /* where the wordmark leads */
    enum view_kind kind;
    const char *who;          /* "Priya Nair, data analyst"; NULL: nobody signed in */
    const char *roles;        /* path, when that person may act as something else, too; NULL */
    const char *csrf;         /* token for forms of this page */
    const char *sign_in;      /* path, when nobody is signed in; NULL: offer none */
    bool leave;               /* a way to leave it quickly, for who must not be seen here */
    struct links menu, foot;
    struct links sub;         /* sub navigation */
    const char *sub_name;     /* what the sub navigation is about, for a screen reader */
    const char *back, *back_text; /* link above the heading; NULL none */
    bool figures;             /* it shows some, and says that they leave out protected records */
    const char *notice, *notice_href; /* something to look at now, above all pages; NULL none */
    int refresh;              /* seconds until the page asks again; 0 never */
    const char *refresh_to;   /* path that it asks for then; NULL: itself */
    const char *printed;      /* "Printed by Priya Nair, 4 September 2026, 2:30pm"; NULL none */
};
