/* tests/support/small_marks.h - weeks of registers made by hand, for tests of what reads them.
 *
 *     struct small_marks *m = small_marks_new(j);
 *     small_week(m, day(2024, 9, 2), 100, "/\\/\\I I / ");    child 100, ten half days
 *     … small_marks_done(m)
 *
 * A week is ten half days of codes of one letter, "2" for C2, blank for none; "-" is a register
 * that was not taken, "#" a day on which the school is closed.  Weeks by date, within a week
 * children by number, then schools. */
#pragma once
#include "timeline/marks.h"

enum { SMALL_WEEKS = 128, SMALL_WEEK_ROWS = 16 };
struct small_marks;
struct small_marks *small_marks_new(struct job *j);
void small_week(struct small_marks *m, int32_t monday, int64_t person, const char *codes);
void small_week_at(struct small_marks *m, int64_t urn, int32_t monday, int64_t person,
                   const char *codes); /* small_week(): at 900001 */
const struct marks *small_marks_done(struct small_marks *m);
