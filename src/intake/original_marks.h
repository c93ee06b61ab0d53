/* intake/original_marks.h - a line of a register, made again from the facts.  Private. */
#pragma once
#include "intake/original.h"

/* A string of a year is one line, and so is the row of a single mark. */
MUST_CHECK enum err original_marks(struct job *j, struct original_place at,
                                   const struct layout *layout, struct original_record *out);
