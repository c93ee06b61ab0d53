#include "directory/service.h"
#include <string.h>

static const struct {
    const char *name, *words;
} states[] = {
#define STATE(id, name, words) {name, words},
#define MOVE(from, act, to)
#include "directory/approval.def"
#undef STATE
#undef MOVE
};
static const struct {
    enum service_state from;
    enum service_act act;
    enum service_state to;
} moves[] = {
#define STATE(id, name, words)
#define MOVE(from, act, to) {SERVICE_##from, SERVICE_##act, SERVICE_##to},
#include "directory/approval.def"
#undef STATE
#undef MOVE
};

bool
service_move(enum service_state from, enum service_act act, enum service_state *to)
{
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].from == from && moves[i].act == act) {
            *to = moves[i].to;
            return true;
        }
    return false;
}

const char *
service_state_name(enum service_state s)
{
    return states[s].name;
}

const char *
service_state_words(enum service_state s)
{
    return states[s].words;
}

bool
service_state_find(const char *name, enum service_state *out)
{
    for (size_t i = 0; i < SERVICE_STATES; i++)
        if (!strcmp(states[i].name, name)) {
            *out = (enum service_state)i;
            return true;
        }
    return false;
}
