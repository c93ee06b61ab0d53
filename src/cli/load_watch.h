/* cli/load_watch.h - rooted load --watch FOLDER. */
#pragma once
#include "cli/verb.h"
#include "intake/load.h"

/* Until SIGINT or SIGTERM.  print: a load's result in words, or as a line of JSON. */
MUST_CHECK enum err load_watch(struct job *j, const struct command *c,
                               const struct load_options *o,
                               void (*print)(const struct load_result *r));
