/* cli/verb.h - a verb of the command line: one file and one row of verbs.def each. */
#pragma once
#include "base/job.h"

struct option {
    const char *name;    /* "--seed" */
    const char *value;   /* "N"; NULL: takes none */
    const char *about;   /* a sentence for --help */
};
struct command {         /* what main() made of the command line */
    const char *db;      /* url: --db, else $ROOTED_DB, else sqlite:$ROOTED_HOME/rooted.db */
    const char *home;    /* $ROOTED_HOME, else ./var; made when missing */
    bool json, quiet;
    int argc;            /* words after the verb, options taken out */
    char **argv;
    const char *const *given; /* value per row of verb->options; NULL not given; "" flag */
};
typedef enum err verb_fn(struct job *j, const struct command *c);
struct verb {
    const char *name, *usage, *about; /* "load", "[--area N] FILE… | FOLDER", one line */
    const char *manual;               /* paragraphs, as a manual page reads */
    const struct option *options;     /* ends with name NULL */
    verb_fn *fn;
};
extern const struct verb verbs[]; /* verbs.def; ends with name NULL */
/* Value of an option; NULL when not given. */
const char *command_option(const struct command *c, const char *name);
/* Open the database of the command line into j->db; migrates first when asked. */
MUST_CHECK enum err command_db(struct job *j, const struct command *c, bool write);
