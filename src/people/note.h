/* people/note.h - notes on a child's record: the first kind of thing that agencies share.
 *
 * A note belongs to the agency that its author acted for, which always reads it. Others read it
 * when the sharing agreement in force gives their kind of agency all of such notes, to decide
 * together, and the author did not leave them out. The author narrows, and never widens. A note
 * is never changed; a mistake is put right by adding to it. */
#pragma once
#include "access/agreement.h"

enum { NOTE_LETTERS = 4000, NOTES_MOST = 200 };

struct note_audience {
    bool may[AGENCY_KINDS]; /* by the agreement, or the author's own kind */
    enum agency_kind own;
};
/* Who may read a note that j->who would write now. */
MUST_CHECK enum err note_may_read(struct job *j, struct note_audience *out);
/* "Visible to: inclusion team, the child's school. Not to: police, provider." */
const char *note_audience_words(struct job *j, const bool reads[AGENCY_KINDS]);

struct note_order {
    int64_t person, follows;     /* follows 0: by itself */
    const char *content;
    bool reads[AGENCY_KINDS];    /* as the author chose; beyond what is allowed nothing counts */
};
/* permit(ACT_NOTE) with the child; in the caller's transaction.  ERR_INPUT: nothing written, or
 * too much; ERR_NOT_FOUND: the note that it follows is not one that j->who reads. */
MUST_CHECK enum err note_add(struct job *j, const struct note_order *o, int64_t *id);

struct child_note {
    int64_t id, follows, account, urn, written;
    int64_t agency;              /* its author's; 0: not known */
    const char *author, *content;
    enum agency_kind kind;
    bool reads[AGENCY_KINDS];    /* now, the author's own kind among them */
};
/* Those that j->who may read, oldest first; permit(ACT_CHILD), so in an emergency too. */
MUST_CHECK enum err note_list(struct job *j, int64_t person, struct child_note **out, size_t *n);
