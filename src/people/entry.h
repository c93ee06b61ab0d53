/* people/entry.h - the registers that an authority keeps: home education, children missing
 * education, part-time timetables, managed moves and the rest of entry.def.
 *
 * An entry is a child, a start, perhaps an end, and few words; what it comes to is the
 * timeline's business. */
#pragma once
#include "people/codes.h"

enum entry_kind {
#define ENTRY(id, code, reasons, place, care, title, words) ENTRY_##id,
#include "people/entry.def"
#undef ENTRY
    ENTRY_KINDS
};
struct entry_row {
    const char *code;      /* "EHE" */
    enum code_set reasons; /* CODE_NONE: any text */
    bool place;            /* a school or provider is expected */
    bool care;             /* social care: schools do not see it */
    const char *title, *words;
};
extern const struct entry_row entry_rows[ENTRY_KINDS];
/* false: no register has that code. */
bool entry_find(struct span code, enum entry_kind *out);
