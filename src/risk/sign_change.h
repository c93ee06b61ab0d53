/* risk/sign_change.h - a pack of signs made from another by changing its limits: what an
 * authority does on a page, without writing JSON. */
#pragma once
#include "risk/signs.h"

/* The name of the i-th limit of a kind of sign: "weeks"; NULL: it has no more. */
const char *sign_limit_name(struct job *j, enum sign_kind kind, int i);

struct sign_change {
    const char *id;               /* of the sign */
    bool off;                     /* leave it out */
    int64_t limit[SIGN_LIMITS];   /* in the order of signs.def */
};
struct sign_changes {
    const char *version;          /* of the changed pack */
    const struct sign_change *v;
    size_t n;
};
/* The text of a pack like `json` with the changes.  ERR_INPUT: what the changed pack is
 * refused for. */
MUST_CHECK enum err sign_pack_change(struct job *j, struct span json,
                                     const struct sign_changes *c, struct span *out);
