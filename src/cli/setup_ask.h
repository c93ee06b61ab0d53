/* cli/setup_ask.h - "rooted setup --ask": one question after the other, for what is missing or
 * due again.  Nothing is written here: the answers are, afterwards, in one transaction. */
#pragma once
#include "access/governance.h"

struct setup_answers {
    const char *council, *address; /* NULL: left as it is */
    struct recorded record[SETTINGS];
    bool given[SETTINGS];          /* of record */
    bool live;                     /* make it live */
};
/* On the terminal, or from standard input line by line; an empty answer leaves a thing as it is.
 * ERR_INPUT: an answer that cannot be used was given three times. */
MUST_CHECK enum err setup_ask(struct job *j, const struct governance *g,
                              struct setup_answers *out);
