/* report/services.h - the services of the directory as a workbook, a row each. */
#pragma once
#include "base/text.h"

/* By the columns of directory/template.def; as the public may see them.  Into the job. */
MUST_CHECK enum err services_xlsx(struct job *j, struct span *out);
