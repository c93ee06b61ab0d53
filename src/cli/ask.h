/* cli/ask.h - answers, and a passphrase, from whoever sits at the terminal. */
#pragma once
#include "base/job.h"

/* The question on standard error, the answer from standard input without blanks around it; ""
 * for an empty line.  ERR_INPUT: there is no answer to come, or it is too long. */
MUST_CHECK enum err ask_line(struct job *j, const char *question, const char **out);
/* Typed twice without being shown, or one line of standard input.  ERR_INPUT: the two
 * differ, or nothing came; ERR_ENV: there is no terminal. */
MUST_CHECK enum err ask_passphrase(struct job *j, bool from_stdin, const char **out);
