/* returns/fields.h - positions of fields in a record, by name.
 *
 * record->v[CENSUS_PUPIL_UPN].  Each list of the .def files is an enum in the order of its
 * fields, and n_census_pupil is how many there are.  What each field is, is said there. */
#pragma once
#define TABLE(list) enum list {
#define FIELD(position, ...) position,
#define END(list)                                                              \
    n_##list                                                                   \
    }                                                                          \
    ;
/* a list with the same positions as another has no enum of its own */
#define TABLE_AGAIN(list)
#define AGAIN(...)
#define AGAIN_END(...)
#include "returns/census.def"
#include "returns/annex_a.def"
#include "returns/care_api.def"
#include "returns/cin.def"
#include "returns/annex_send.def"
#include "returns/ctf.def"
#include "returns/ees.def"
#include "returns/geography.def"
#include "returns/gias.def"
#include "returns/own.def"
#include "returns/registers.def"
#include "returns/sen2.def"
#include "returns/ssd.def"
#include "returns/ssda903.def"
#include "returns/systems.def"
#undef TABLE
#undef FIELD
#undef END
#undef TABLE_AGAIN
#undef AGAIN
#undef AGAIN_END
