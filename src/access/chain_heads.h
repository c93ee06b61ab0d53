/* access/chain_heads.h - a file of signed heads, one a line, as whoever checks a chain reads it.
 * Like chain.h without a job: the stand-alone verifier reads it too. */
#pragma once
#include "access/chain.h"

struct chain_heads {
    struct chain_head *v; /* by area and entry */
    size_t n;
    char why[400];        /* a sentence, when it is not well */
    bool unread;          /* because the file could not be read */
};
/* False: it cannot be read, or a line is no head that this key signed.  A last line that is not
 * finished is left out: its writer was stopped.  Give back with chain_heads_free. */
bool chain_heads_read(struct chain_heads *h, const char *path, const unsigned char *key);
void chain_heads_free(void *heads);
/* 64 hexadecimal digits, perhaps with spaces around them. */
bool chain_key_read(const char *text, unsigned char *key);
