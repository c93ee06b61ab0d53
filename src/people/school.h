/* people/school.h - schools of the area, as GIAS names them and the last census counts them. */
#pragma once
#include "base/date.h"
#include "store/db.h"

struct school {
    int64_t urn;
    const char *name;     /* "School 123456" when GIAS is not loaded */
    const char *type, *phase; /* "Academy converter", "secondary"; "" not known */
    const char *district; /* "" not known */
    int32_t closed;       /* DATE_NONE: open, or not known */
    int64_t pupils;       /* on roll at its last census; 0: none loaded */
    int32_t school_year;  /* of that census; 0 none */
    enum term term;
};
/* Counts them for j->area, within the transaction that changes which batches are published:
 * what the others read (school_year_groups apart). */
MUST_CHECK enum err school_derive(struct job *j);
/* Schools with pupils in the last census of the area, by name.  A school sees itself.
 * permit(ACT_SCHOOLS). */
MUST_CHECK enum err school_list(struct job *j, struct school **out, size_t *n);
/* One; ERR_NOT_FOUND when it has no pupils here and GIAS does not place it here. */
MUST_CHECK enum err school_get(struct job *j, int64_t urn, struct school *out);

struct school_year_group {
    int32_t year_group;   /* as child_year_group() */
    int64_t pupils;
};
/* Pupils on roll by year group at the school's last census. */
MUST_CHECK enum err school_year_groups(struct job *j, const struct school *s,
                                       struct school_year_group **out, size_t *n);
