#include "returns/findings.h"

static const struct {
    const char *rule, *sentence;
} rules[RULES] = {
#define FINDING(id, rule, sentence) [RULE_##id] = {rule, sentence},
#include "returns/findings.def"
#undef FINDING
};

const char *
rule_name(enum rule r)
{
    return rules[r].rule;
}

const char *
rule_sentence(enum rule r)
{
    return rules[r].sentence;
}

/* The text for "{name}" at s; NULL when it is no placeholder. */
static const char *
placeholder(const char *s, const struct filling *with, size_t *n)
{
    const struct {
        const char *name, *text;
    } known[] = {{"{field}", with->field},
                 {"{value}", with->value},
                 {"{set}", with->set},
                 {"{year}", with->year},
                 {"{detail}", with->detail}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        *n = strlen(known[i].name);
        if (strncmp(s, known[i].name, *n) == 0)
            return known[i].text ? known[i].text : "";
    }
    return NULL;
}

const char *
rule_fill(enum rule r, const struct filling *with, char *buf, size_t size)
{
    size_t out = 0;

    for (const char *s = rules[r].sentence; *s && out + 1 < size;) {
        size_t step = 1, n;
        const char *text = *s == '{' ? placeholder(s, with, &step) : NULL;
        n = text ? strlen(text) : 1;
        if (!text) {
            text = s;
            step = 1;
        }
        n = n < size - 1 - out ? n : size - 1 - out;
        memcpy(buf + out, text, n);
        out += n;
        s += step;
    }
    buf[out] = '\0';
    return buf;
}
