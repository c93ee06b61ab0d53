/* people/ground.h - why a name was deleted from a school's admission register.
 *
 * A letter means one thing until 18 August 2024 and another from then on (ground.def), so it
 * is kept as given with the leaving date, and its meaning is asked for by that date. */
#pragma once
#include "base/date.h"
#include "base/job.h"

/* The type of exclusion that a ground tells of. */
enum ground_says { GROUND_SAYS_NOTHING, GROUND_SAYS_HOME, GROUND_SAYS_MISSING,
                   GROUND_SAYS_EXCLUDED };
/* What needs no further explanation: nothing; leaving for no school in the files, if the
 * return names the next school; leaving for no school; leaving, for a school or none. */
enum ground_explains { GROUND_EXPLAINS_NOTHING, GROUND_EXPLAINS_DESTINATION,
                       GROUND_EXPLAINS_EXIT, GROUND_EXPLAINS_LEAVING };
struct ground {
    short regulations; /* 2006, 2024 */
    char letter;       /* A to O */
    enum ground_says says;
    enum ground_explains explains;
    const char *label; /* "no longer lives within a reasonable distance" */
};
/* First day of the regulations of 2024: 19 August 2024. */
int32_t ground_new_from(void);
/* NULL: not a letter of a ground. */
const struct ground *ground_of(char letter, int32_t left_on);
/* "ground f of 2024: the parent told …", into the job; "" for no letter. */
const char *ground_words(struct job *j, char letter, int32_t left_on);
