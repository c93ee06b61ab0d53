/* access/seen.h - who has seen a child's record: the entries of the audit about one child. */
#pragma once
#include "access/audit.h"

struct seen {
    int64_t id, at, account; /* account 0: the command line */
    const char *name;        /* of the person, as it is now; NULL: the account is gone */
    const char *role;        /* that they acted in; of entries from before it was kept, the first
                              * that was in force then; NULL not known */
    enum act act;            /* ACTS: of a version of the program that knew others */
    enum audit_event event;
    enum note_outcome outcome;
};
/* Newest first, of those before the entry `before` (0: all), `most` of them.  Lists and searches
 * that showed a name are not among them: they are about many. */
struct seen_page {
    struct seen *v;
    size_t n;
    bool more;               /* there are older ones */
};
MUST_CHECK enum err seen_list(struct job *j, int64_t person, int64_t before, size_t most,
                              struct seen_page *out);
