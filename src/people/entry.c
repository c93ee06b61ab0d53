#include "people/entry.h"

const struct entry_row entry_rows[ENTRY_KINDS] = {
#define ENTRY(id, code, reasons, place, care, title, words)                                    \
    {code, CODE_##reasons, place, care, title, words},
#include "people/entry.def"
#undef ENTRY
};

bool
entry_find(struct span code, enum entry_kind *out)
{
    for (int k = 0; k < ENTRY_KINDS; k++)
        if (span_is_nocase(code, entry_rows[k].code)) {
            *out = (enum entry_kind)k;
            return true;
        }
    return false;
}
