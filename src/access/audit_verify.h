/* access/audit_verify.h - is the audit whole, and taking it out of the database. */
#pragma once
#include "access/chain_heads.h"
#include "store/db.h"

/* Areas that have an audit, or a head in `heads` (NULL none), in order. */
MUST_CHECK enum err audit_areas(struct job *j, const struct chain_heads *heads, int64_t **out,
                                size_t *n);
/* Go through the entries of an area.  out->bad 0: it is whole; else out->why says what the first
 * bad entry is.  An error is only what hinders looking. */
MUST_CHECK enum err audit_verify(struct job *j, int64_t area, const struct chain_heads *heads,
                                 struct chain_check *out);
/* The entries of an area as lines (docs/audit.md); *n entries. */
MUST_CHECK enum err audit_export(struct job *j, int64_t area, FILE *to, int64_t *n);
