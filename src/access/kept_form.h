/* access/kept_form.h - a form that came after its session had idled out, kept for the person
 * who typed it: one an account, sealed, for a day. */
#pragma once
#include "access/key.h"

/* form: names and values as a browser sends them; replaces what was kept before. */
MUST_CHECK enum err kept_form_save(struct job *j, const struct key *k, int64_t account,
                                   const char *path, const char *form);
/* *path NULL: there is none. */
MUST_CHECK enum err kept_form_get(struct job *j, const struct key *k, int64_t account,
                                  const char **path, const char **form);
MUST_CHECK enum err kept_form_drop(struct job *j, int64_t account);
MUST_CHECK enum err kept_form_sweep(struct job *j);
