/* access/heads.h - where the audit of each area stands, signed (Ed25519), in a file outside the
 * database: whoever keeps a copy of it sees when entries are taken away or written anew.
 *
 * The signing key is $ROOTED_HOME/audit-key (mode 0600), made at first use; the lines are
 * appended to $ROOTED_HOME/heads/audit.heads, and sent to syslog when that is set. */
#pragma once
#include "access/chain_heads.h"
#include "base/job.h"

/* make false: ERR_NOT_FOUND when there is none yet. */
MUST_CHECK enum err heads_key(struct job *j, const char *home, bool make, unsigned char *public,
                              unsigned char *secret);
const char *heads_path(struct job *j, const char *home);

/* What was signed already by this program; all zero at first. */
struct heads_known {
    struct { int64_t area, id; } v[512];
    size_t n;
};
/* Sign the heads of the areas with entries that are not known yet; *n lines (may be NULL). */
MUST_CHECK enum err heads_sign(struct job *j, const char *home, struct heads_known *known,
                               size_t *n);
