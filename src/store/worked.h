/* store/worked.h - what takes long to work out, kept in the database until what it was made
 * from is another: numbers alone, by their place in the column file.
 *
 *     struct worked what = {"names", made_of};      // made_of NULL: it is not known again
 *     e = worked_get(j, &what, size, &found);       // NULL: work it out, and
 *     e = worked_put(j, &what, numbers, size);      // once more for the next who asks */
#pragma once
#include "store/db.h"

struct worked {
    const char *name;    /* a row of j->area; another program's does not count */
    const char *made_of; /* compared; NULL: nothing is found, nothing kept */
};
/* At least so many bytes, copied into the job; NULL: not there, made of something else, or less. */
MUST_CHECK enum err worked_get(struct job *j, const struct worked *w, size_t least,
                               const void **content);
/* From here on nothing is found that was kept before. */
MUST_CHECK enum err worked_forget(struct job *j);
/* In place of what was there.  On a connection that reads nothing happens. */
MUST_CHECK enum err worked_put(struct job *j, const struct worked *w, const void *content,
                               size_t n);
