/* intake/school_form_known.h - a school's suspensions, whatever told of them, to be amended or
 * cancelled by a form.
 *
 * What a census, a list or a school's system told has no form to amend: the form then names the
 * fact by batch, file and line.  The fact stays as it is.  Of notifications such a word stands
 * first, also after files that merely tell of the fact again; a census stands before both
 * (timeline/suspension.c).  Taking the fact's batch back leaves the word standing by itself. */
#pragma once
#include "intake/school_form.h"

/* One child's suspension from one day, however often it was told. */
struct school_form_known {
    struct fact_key at;  /* the row that stands first */
    int64_t person, urn;
    const char *pupil, *school; /* names; "a pupil without a name" */
    const char *category;      /* SUSP PERM LNCH */
    int32_t started, ended;    /* the last day; DATE_NONE: not told */
    int64_t sessions;          /* -1: not told */
    const char *reason[3], *sen; /* NULL: not told */
    const char *source;        /* title of its batch: "School census, autumn 2024" */
    bool census;               /* a census tells of it, and stands first */
    bool cancelled;
    int64_t form;              /* the newest form that tells of it; 0: files alone */
};
struct school_form_search {
    int64_t urn;               /* a school role gets its own, whatever it asks for */
    const char *words;         /* parts of the pupil's name; "" all */
    size_t most, skip;
};
/* Newest first.  permit(ACT_TELL); children whom j->who may not tell of are left out. */
MUST_CHECK enum err school_form_known_list(struct job *j, const struct school_form_search *s,
                                           struct school_form_known **out, size_t *n);
/* That of the row at this place, which need not be the one that stands first.  ERR_NOT_FOUND. */
MUST_CHECK enum err school_form_known_get(struct job *j, struct fact_key at,
                                          struct school_form_known *out);
/* A draft that amends or cancels it.  ERR_CONFLICT: it is cancelled, or a form tells of it. */
MUST_CHECK enum err school_form_known_change(struct job *j, struct fact_key at, bool cancel,
                                             int64_t *id);

/* How many sent forms that stand name this fact; or any fact of that batch. */
MUST_CHECK enum err school_form_of(struct job *j, struct fact_key at, int64_t *n);
MUST_CHECK enum err school_form_of_batch(struct job *j, int64_t batch, int64_t *n);
