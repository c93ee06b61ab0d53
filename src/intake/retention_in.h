/* intake/retention_in.h - what the files of retention share. */
#pragma once
#include "access/key.h"
#include "intake/retention.h"
#include "store/db.h"

/* What holds in the authority; asks nothing. */
MUST_CHECK enum err retention_read_rules(struct job *j,
                                         struct retention_kept out[RETENTION_RULES]);
/* The last day from which `months` have gone by today; 31 March less a month: 28 February. */
int32_t retention_cutoff(int32_t today, int months);
/* A reason as typed; ERR_INPUT with these words. */
MUST_CHECK enum err retention_check_text(struct job *j, const char *text, const char *wanted);
/* Is all of a child removed by this rule? */
bool retention_is_child(enum retention_rule r);

/* retention_held.c: the records of children who are held, by number, sealed ones among them: of
 * these alone a week of registers keeps its rows. */
struct retention_records {
    int64_t *v;
    bool *sealed;
    size_t n, room;
};
MUST_CHECK enum err retention_held_records(struct job *j, struct retention_records *out);
/* The children themselves, of j->area or of where its sealed ones lie; *all: everything is held. */
MUST_CHECK enum err retention_held(struct job *j, int64_t **out, size_t *n, bool *all);

/* retention_child.c: the batches with a fact of this child, or that first told of it. */
typedef enum err retention_batch_fn(struct job *j, void *arg, int64_t batch);
MUST_CHECK enum err retention_batches_of(struct job *j, int64_t person, retention_batch_fn *fn,
                                         void *arg);
/* All of a child (below 0: of one record that is no child's), in the caller's transaction. */
MUST_CHECK enum err retention_drop_child(struct job *j, int64_t person);
/* Records of a batch, first told of by it, of which no fact and no register tells any more; in
 * the caller's transaction.  Those of a list of people stay while another list is in force: it
 * may say the same of them. */
MUST_CHECK enum err retention_drop_records(struct job *j, int64_t batch);

/* retention_drop.c: one item that is due and not held, in transactions of its own.  `last` is
 * called within the last of them. */
struct retention_drop {
    const struct retention_item *item;
    enum err (*last)(struct job *j, void *arg, const struct retention_item *i);
    void *arg;
};
MUST_CHECK enum err retention_drop(struct job *j, const struct retention_drop *d);
/* Does it change what figures are made from? */
bool retention_mends(enum retention_rule r);

/* retention_sealed.c: in the area of sealed children.  What is due and not held: all of a child,
 * or its notes, forms, openings; the subject is the child each time.  One of them removed, notes
 * apart, in the caller's transaction. */
MUST_CHECK enum err retention_sealed_due(struct job *j, const struct key *k,
                                         struct retention_item **out, size_t *n);
MUST_CHECK enum err retention_sealed_drop(struct job *j, const struct retention_item *i);
