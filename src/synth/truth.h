/* synth/truth.h - what was planted, beside the files: the folder OUT.truth.
 *
 *   children.csv    a child: person, names, date of birth, sex, ethnicity
 *   identifiers.csv each number a child has in the files, right or wrong
 *   care.csv        early help, being looked after, short breaks: from, until (half-open)
 *   moves.csv       each change of school, exit, placement, trial, with its kind
 *   cliff-edge.csv  children on the cliff edge on 1 September: needs and how many
 *   suspensions.csv each suspension and exclusion that happened (and planted false ones)
 *   registers.csv   each entry of a register; leavers.csv  each leaver return
 *   errors.csv      each mistake planted, with its file and the UPN or id it stands under
 *   realised.csv    counts by school year and group (tally.h) */
#pragma once
#include "base/csv.h"
#include "synth/entries.h"
#include "synth/tally.h"
#include "synth/table.h"

struct truth {
    struct folder in;
    struct csv_out children, identifiers, care, moves, cliff, suspensions, registers, leavers,
        errors, realised;
    struct tally tally;
};
MUST_CHECK enum err truth_open(struct truth *t, struct job *j, const char *root,
                               const struct world *w);
void truth_life(struct truth *t, const struct life *l);
/* An entry of a register (half-open), a leaver return as it was made. */
void truth_entry(struct truth *t, const struct life *l, const struct entry *e);
void truth_leaver(struct truth *t, const struct life *l, const struct spell *s,
                  const char *ground);
/* A mistake: its kind, the file, the UPN or id as it stands there, whose. */
void truth_error(struct truth *t, const char *kind, const char *file, const char *id,
                 const struct life *l);
MUST_CHECK enum err truth_close(struct truth *t);
