/* intake/care_fact.h - a dated thing of social care, and whose it is.  Private to this room.
 *
 * Every source of social care and early help writes the same rows (care_episode), so that
 * the timeline can make one set of spells of them.  Children come under the id of the case
 * system; what else tells of them (a UPN, names) is met once a batch and kept with the id. */
#pragma once
#include "intake/family.h"

struct care_source {
    const char *kind;    /* batch.kind: "ssda903" */
    int32_t return_year; /* year in whose March it ends */
    int32_t told_to;     /* half-open: how far the files tell */
};
/* Of files that tell of days up to that one: a snapshot. */
struct care_source care_source_on(const char *kind, int32_t last_day);

struct care_fact {
    int64_t identity_id;
    const char *kind;    /* referral, plan, care, help … */
    int32_t from, to;    /* half-open; to DATE_OPEN: not told to have ended */
    int part;            /* one record may give several: 1, 2 … */
    struct arg no_action, need, source, close_reason, category, score, placement, provider_urn;
};
struct care_fact care_fact_of(int64_t identity_id, const char *kind, int32_t from, int32_t to);
MUST_CHECK enum err care_fact_write(struct job *j, struct loading *l, const struct care_source *s,
                                    const struct record *r, const struct care_fact *f);
/* Sets from and to: to the last day given, else open.  An end before the start refuses the
 * record, a start that is not given leaves it aside: f->from is then DATE_NONE. */
struct care_days {
    const struct value *from, *last;
};
MUST_CHECK enum err care_fact_days(struct job *j, struct loading *l, const struct record *r,
                                   struct care_days d, struct care_fact *f);

/* ---- whose ---- */
struct care_people {
    struct loading *l;
    struct map_salt salt;
    struct map *identity;    /* id of the case system -> identity_id */
    struct map *upn, *former; /* the same -> index in texts */
    struct pile *texts;
};
MUST_CHECK enum err care_people_open(struct job *j, struct loading *l, struct care_people *out);
/* A number of the child, told before the child itself. */
MUST_CHECK enum err care_people_note_upn(struct job *j, struct care_people *p, struct span local_id,
                                         struct span upn, bool former);
/* The child itself.  With names it counts as a row of a person list, else as a record of
 * social care, which never makes a new person. */
MUST_CHECK enum err care_people_add(struct job *j, struct care_people *p, const struct place *at,
                                    const struct description *d, int64_t *identity_id);
/* Nothing of whoever has that id is wanted: finding it gives 0. */
MUST_CHECK enum err care_people_leave(struct job *j, struct care_people *p, struct span local_id);
/* Who has that id; described by it alone where the batch says no more. */
MUST_CHECK enum err care_people_find(struct job *j, struct care_people *p, const struct place *at,
                                     struct span local_id, int64_t *identity_id);
/* Was the child itself in this batch? */
bool care_people_has(const struct care_people *p, struct span local_id);
