/* web/download/sheet.h - a sheet as the answer to a request: a file to keep. */
#pragma once
#include "report/sheet.h"
#include "web/page.h"

/* A file already made, with its type and name. */
void download_send(struct response *r, struct span bytes, enum sheet_format format,
                   const char *name);
/* CSV; says on it when the database is a trial or a demonstration. */
MUST_CHECK enum err download_csv(struct job *j, struct response *r, const struct sheet *s,
                                 const char *name);
