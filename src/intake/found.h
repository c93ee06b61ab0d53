/* intake/found.h - the kinds of findings of findings.def. */
#pragma once
#include "base/job.h"

enum found {
#define FINDING(id, rule, refused, sentence) FOUND_##id,
#include "intake/findings.def"
#undef FINDING
    FOUNDS
};
const char *found_rule(enum found f); /* "parent-missing", as stored */
bool found_refuses(enum found f);
/* With detail (NULL: "") filled in, into buf; returns buf. */
enum { FOUND_TEXT = 400 };
const char *found_sentence(enum found f, const char *detail, char *buf);
