#include "people/ground.h"

static const struct ground grounds[] = {
#define GROUND(regulations, letter, says, explains, label)                                     \
    {regulations, letter, GROUND_SAYS_##says, GROUND_EXPLAINS_##explains, label},
#include "people/ground.def"
#undef GROUND
};

int32_t
ground_new_from(void)
{
    return date_from_ymd(2024, 8, 19);
}

const struct ground *
ground_of(char letter, int32_t left_on)
{
    short regulations = left_on < ground_new_from() ? 2006 : 2024;

    for (size_t i = 0; i < sizeof grounds / sizeof *grounds; i++)
        if (grounds[i].regulations == regulations && grounds[i].letter == letter)
            return &grounds[i];
    return NULL;
}

const char *
ground_words(struct job *j, char letter, int32_t left_on)
{
    const struct ground *g = ground_of(letter, left_on);

    return g ? job_format(j, "ground %c of %d: %s", g->letter | 32, g->regulations, g->label) : "";
}
