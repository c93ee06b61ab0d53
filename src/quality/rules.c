#include "quality/rules.h"
#include "quality/look.h"

#define CHILD_FN(fn) fn, NULL, NULL
#define TERM_FN(fn) NULL, fn, NULL
#define LOOKED_AFTER_FN(fn) NULL, NULL, fn
const struct quality_rule quality_rules[QUALITY_RULES] = {
#define RULE(about, name, severity, source, reads, first, last, guide, sentence, fn)           \
    {name, source, guide, sentence, QUALITY_##about, QUALITY_##severity, QUALITY_##reads,      \
     first, last, about##_FN(fn)},
#include "quality/rules.def"
#undef RULE
};

int
quality_rule_find(const char *name)
{
    for (int i = 0; i < QUALITY_RULES; i++)
        if (!strcmp(quality_rules[i].name, name))
            return i;
    return -1;
}

const char *
quality_severity_words(enum quality_severity s)
{
    return s == QUALITY_ERROR ? "Wrong" : "To check";
}
