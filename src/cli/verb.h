/* cli/verb.h - a verb of the command line: one file and one row of verbs.def each. */
#pragma once
#include "base/job.h"
#include <jansson.h>

struct option {
    const char *name;    /* "--seed" */
    const char *value;   /* "N"; NULL: takes none */
    const char *about;   /* a sentence for --help */
};
struct command {         /* what main() made of the command line */
    const struct verb *verb;
    const char *db;      /* url: --db, else $ROOTED_DB, else sqlite:$ROOTED_HOME/rooted.db */
    const char *home;    /* $ROOTED_HOME, else ./var; made when a verb opens the database */
    bool json, quiet;
    int argc;            /* words after the verb, options taken out */
    char **argv;
    const char **given;  /* value per row of verb->options; NULL not given; "" flag */
};
typedef enum err verb_fn(struct job *j, const struct command *c);
struct verb {
    const char *name, *usage, *about; /* "load", "[--area N] FILE… | FOLDER", one line */
    const char *manual;               /* paragraphs, as a manual page reads */
    const struct option *options;     /* ends with name NULL; NULL: none */
    bool gives_way;                   /* long work: pages that are served meanwhile come first */
    verb_fn *fn;
};
/* verb_load in load.c and so on, in the order of verbs.def; ends with NULL. */
extern const struct verb *const verbs[];

/* Value of an option; NULL when not given; "" for a flag. */
const char *command_option(const struct command *c, const char *name);
/* A whole number between least and most, or if_none when not given.  ERR_USAGE. */
MUST_CHECK enum err command_int(struct job *j, const struct command *c, const char *name,
                                int64_t if_none, int64_t *out);
/* Open the database of the command line as j->db.  write: the home folder and the
 * database are made when missing, and the schema is brought up to date; else the
 * schema must be this program's (ERR_ENV says what to do). */
MUST_CHECK enum err command_db(struct job *j, const struct command *c, bool write);
/* A line of JSON on standard output; v is taken over. */
void command_json(json_t *v);
/* The words must be exactly this many.  ERR_USAGE with the verb's usage. */
MUST_CHECK enum err command_words(struct job *j, const struct command *c, int least, int most);
