/* intake/notice.h - a suspension as a school's own system tells it, and which school a file is
 * of where it does not say so inside.  Private to this room. */
#pragma once
#include "intake/family.h"

enum { NOTICE_REASONS = 3 };
struct notice {
    int64_t identity_id, urn;
    struct arg category;    /* SUSP PERM LNCH */
    int32_t from;
    struct arg last;        /* last day */
    struct arg sessions;
    struct arg reason[NOTICE_REASONS];   /* NUL where none */
    struct arg notified;
};
/* A notification, as if it had come on a list; an end before the start refuses the record. */
MUST_CHECK enum err notice_write(struct job *j, struct loading *l, const struct record *r,
                                 const struct notice *n);
/* Days with halves -> sessions. */
struct arg notice_sessions(const struct value *days);

/* The school that the name of a file or of its folder tells by URN or by the seven digits of
 * authority and establishment; 0 none. */
MUST_CHECK enum err notice_school_of(struct job *j, const struct returns_file *f, int64_t *urn);
