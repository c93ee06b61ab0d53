/* risk/sign_words.h - the sentence of a sign, and the names its words may use.  Private to
 * this room. */
#pragma once
#include "base/text.h"
#include "risk/signs.h"

/* A list of names, blank-separated: the place of one (-1: not there), and how many. */
int names_find(const char *list, struct span name);
int names_count(const char *list);
/* The first placeholder that a rule's kind does not give; NULL: all are known. */
const char *sign_words_check(struct job *j, const struct sign_rule *r, const char *words);
