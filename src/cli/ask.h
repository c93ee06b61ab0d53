/* cli/ask.h - a passphrase from whoever sits at the terminal. */
#pragma once
#include "base/job.h"

/* Typed twice without being shown, or one line of standard input.  ERR_INPUT: the two
 * differ, or nothing came; ERR_ENV: there is no terminal. */
MUST_CHECK enum err ask_passphrase(struct job *j, bool from_stdin, const char **out);
