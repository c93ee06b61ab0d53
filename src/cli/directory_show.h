/* cli/directory_show.h - what "rooted directory" prints. */
#pragma once
#include "cli/verb.h"
#include "directory/duplicate.h"
#include "directory/import.h"
#include "directory/service.h"

void directory_show_run(struct job *j, const struct command *c, const struct import_run *r);
void directory_show_duplicates(const struct command *c, const struct duplicate *v, size_t n);
MUST_CHECK enum err directory_list(struct job *j, const struct command *c);
MUST_CHECK enum err directory_show(struct job *j, const struct command *c);
MUST_CHECK enum err directory_runs(struct job *j, const struct command *c);
MUST_CHECK enum err directory_run(struct job *j, const struct command *c);
