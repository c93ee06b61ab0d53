/* risk/sign_packs.h - the packs of signs of an authority: which is in force, drafts, adopting.
 *
 * In force is the last adopted, else the one that comes with the program, which is put down
 * when it is first used: what a child was listed for can be said in words years later. */
#pragma once
#include "risk/signs.h"

struct sign_pack_row {
    int64_t id, made, adopted; /* times; adopted 0: never */
    const char *version, *title, *state, *made_by, *adopted_by, *note; /* NULL: none */
};
/* The pack in force, its signs as out->pack.  Outside a transaction: puts the program's own
 * down where that is what is in force. */
MUST_CHECK enum err sign_pack_in_force(struct job *j, struct sign_pack *out, int64_t *id);
MUST_CHECK enum err sign_pack_load(struct job *j, int64_t id, struct sign_pack *out);
/* These ask permit: ACT_SIGNS to look, ACT_SIGN_PACK to change.  Newest first. */
MUST_CHECK enum err sign_pack_list(struct job *j, const struct sign_pack_row **out, size_t *n);
MUST_CHECK enum err sign_pack_get(struct job *j, int64_t id, struct sign_pack_row *out);
/* The text of a pack, as it was given.  ERR_NOT_FOUND. */
MUST_CHECK enum err sign_pack_text(struct job *j, int64_t id, struct span *out);
/* A draft from JSON, in the caller's transaction.  ERR_INPUT as sign_pack_read(). */
MUST_CHECK enum err sign_pack_add(struct job *j, struct span json, int64_t *id);
/* Put it in force, in the caller's transaction: what was adopted before is kept, replaced.
 * id 0: back to the one that comes with the program.  The lists follow with the next run
 * (sign_run.h).  ERR_CONFLICT: it is in force already. */
MUST_CHECK enum err sign_pack_adopt(struct job *j, int64_t id, const char *why);
