/* quality/rules.h - the rules that are asked of all files together (rules.def). */
#pragma once
#include "base/text.h"

enum quality_about { QUALITY_CHILD, QUALITY_TERM, QUALITY_LOOKED_AFTER };
enum quality_severity { QUALITY_ERROR, QUALITY_QUERY };
enum quality_reads { QUALITY_FACTS, QUALITY_DAY, QUALITY_MARKS }; /* each what is before it, too */
struct quality_look;
struct quality_term;
struct quality_looked_after;

struct quality_rule {
    const char *name;     /* "two-main-rolls", as stored */
    const char *source;   /* "school census": where the mistake lies, as far as can be told */
    const char *guide;    /* where the rule is from */
    const char *sentence; /* what is wrong */
    enum quality_about about;
    enum quality_severity severity;
    enum quality_reads reads;
    int32_t first, last;  /* school years it is asked of; 0 no limit */
    void (*child)(struct quality_look *q, uint32_t person);
    void (*term)(struct quality_look *q, const struct quality_term *t);
    void (*looked_after)(struct quality_look *q, const struct quality_looked_after *c);
};
enum {
#define RULE(about, name, severity, source, reads, first, last, guide, sentence, fn) +1
    QUALITY_RULES = 0
#include "quality/rules.def"
#undef RULE
};
extern const struct quality_rule quality_rules[QUALITY_RULES];
/* -1: there is none of that name. */
int quality_rule_find(const char *name);
const char *quality_severity_words(enum quality_severity s); /* "Wrong" */
