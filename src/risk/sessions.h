/* risk/sessions.h - a child's sessions in a school year, from registers or census totals.
 *
 * Half term by half term (DfE's: autumn, spring, two of summer) and school by school: the
 * marks where that school's registers tell of every session of the half term so far, or
 * where no census tells of it yet; else the census's totals (rulings, "Two families of
 * figures", 2: PA and SA count from marks or census totals).  Figures by DfE's definitions
 * are of the census always.  Room-private. */
#pragma once
#include "risk/child_year.h"

/* What the registers of all schools cover, worked out once for an area's figures. */
struct sessions_cover;
/* Sets y->marks and y->cover, and which years have registers.  marks NULL: none. */
MUST_CHECK enum err sessions_open(struct job *j, struct years *y, const struct marks *marks);
/* Do registers alone tell of nine schools in ten, the whole year or the year so far? */
bool sessions_registers_tell(const struct years *y, int32_t year);
/* Has any register of that year been loaded? */
bool sessions_any_register(const struct years *y, int32_t year);

struct sessions {
    int32_t possible, absent;
    int32_t part_time;   /* C2 */
    uint32_t school;     /* TIMELINE_NONE: several, or none */
    bool registers, census; /* where they are from */
};
/* Of the persons [from, to) in all years that child_year_of() looks at: the weeks are read one
 * after the other, which costs a fraction of asking child by child. */
struct sessions_block;
struct sessions_block *sessions_block(struct job *j, const struct years *y, uint32_t from,
                                      uint32_t to);
/* From y->told, if it is set, else from the weeks themselves: y->cursor is the calling
 * thread's own; NULL: registers are not asked. */
struct sessions sessions_of(const struct years *y, uint32_t p, int32_t year);
