/* access/mask.h - fields of a record that not everybody sees who may open it (masks.def). */
#pragma once
#include "access/actor.h"

enum mask {
#define MASK(id, name, words, roles) id,
#include "access/masks.def"
#undef MASK
    MASKS
};
const char *mask_name(enum mask m);  /* "safe-address" */
const char *mask_words(enum mask m);
bool mask_role_sees(enum role r, enum mask m);
/* The program itself and the command line see all. */
bool mask_sees(const struct actor *who, enum mask m);
