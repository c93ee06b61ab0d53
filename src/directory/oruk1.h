/* directory/oruk1.h - a record of Open Referral UK 1.0 in the form of HSDS 3. */
#pragma once
#include "directory/document.h"

/* Does it have what only that standard has? */
bool oruk1_is(const json_t *v);
/* Change it; what has no place in HSDS stays as it is, for repair.h to tell of. */
void oruk1_convert(struct job *j, json_t *v);
