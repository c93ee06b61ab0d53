/* returns/findings.h - the kinds of findings, from findings.def. */
#pragma once
#include "base/text.h"

enum rule {
#define FINDING(id, rule, sentence) RULE_##id,
#include "returns/findings.def"
#undef FINDING
    RULES
};
const char *rule_name(enum rule r);     /* "code-unknown" */
const char *rule_sentence(enum rule r); /* with {field} and so on */

/* What is filled into a sentence; NULL where it does not occur. */
struct filling {
    const char *field, *value, *set, *year, *detail;
};
/* Into buf, always NUL-ended; returns buf. */
const char *rule_fill(enum rule r, const struct filling *with, char *buf, size_t size);
