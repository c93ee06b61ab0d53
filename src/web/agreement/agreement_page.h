/* web/agreement/agreement_page.h - what the two files of this folder share. */
#pragma once
#include "web/agreement/agreement.h"

/* "/agreement/3/words" */
const char *agreement_path(struct job *j, int64_t version, const char *below);
/* The page of the version that the address names, with the problems that p holds. */
enum err agreement_show(struct job *j, const struct request *q, struct response *r,
                        struct agreement_page *p);
