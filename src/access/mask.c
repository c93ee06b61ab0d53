#include "access/mask.h"

static const struct {
    const char *name, *words;
    unsigned roles;
} masks[] = {
#define MASK(id, name, words, roles) [id] = {name, words, roles},
#include "access/masks.def"
#undef MASK
};

const char *
mask_name(enum mask m)
{
    return masks[m].name;
}

const char *
mask_words(enum mask m)
{
    return masks[m].words;
}

bool
mask_role_sees(enum role r, enum mask m)
{
    return r < ROLES && (masks[m].roles & (1u << r));
}

bool
mask_sees(const struct actor *who, enum mask m)
{
    return !who || !who->account || mask_role_sees(who->role, m);
}
