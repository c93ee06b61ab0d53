#include "intake/found.h"

static const struct {
    const char *rule, *sentence;
    bool refused;
} kinds[FOUNDS] = {
#define FINDING(id, rule, refused, sentence) [FOUND_##id] = {rule, sentence, refused},
#include "intake/findings.def"
#undef FINDING
};

const char *
found_rule(enum found f)
{
    return kinds[f].rule;
}

bool
found_refuses(enum found f)
{
    return kinds[f].refused;
}

const char *
found_sentence(enum found f, const char *detail, char *buf)
{
    static const char here[] = "{detail}";
    const char *s = kinds[f].sentence, *at = strstr(s, here);

    if (at)
        snprintf(buf, FOUND_TEXT, "%.*s%s%s", (int)(at - s), s, detail ? detail : "",
                 at + sizeof here - 1);
    else
        snprintf(buf, FOUND_TEXT, "%s", s);
    return buf;
}
