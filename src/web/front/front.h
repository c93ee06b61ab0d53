/* web/front/front.h - the page that everybody may see. */
#pragma once
#include "ui/view.h"

struct home {
    const struct view *view;
    const char *definitions; /* path of the page of definitions; NULL: there is none */
    const char *information; /* of "How we use information"; NULL */
    const char *start;       /* of somebody signed in: their first page; NULL */
};
