/* web/download/sheet.h - a sheet as the answer to a request: a file to keep. */
#pragma once
#include "report/sheet.h"
#include "web/page.h"

/* CSV; says on it when the database is a trial or a demonstration. */
MUST_CHECK enum err download_csv(struct job *j, struct response *r, const struct sheet *s,
                                 const char *name);
