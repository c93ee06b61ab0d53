/* tests/support/offer.h - for tests of a page alone: which pages exist is said here, not by
 * pages.def.  Included by the one file of such a test. */
#pragma once
#include "web/page.h"
#include <string.h>

/* Paths that are not there; ends with NULL. */
static const char *const *offer_not;

bool
page_offered(const struct actor *who, const char *path)
{
    (void)who;
    for (const char *const *p = offer_not; p && *p; p++)
        if (!strcmp(*p, path))
            return false;
    return true;
}
