/* Why signs list a child, for its page. */
#include "risk/sign_list.h"
#include "web/children/child_signs.h"

enum err
child_signs_words(struct job *j, int64_t person, struct child_signs *out)
{
    struct sign_listed listed;
    struct sign_run run;
    const char **words;
    enum err e = sign_run_current(j, &run);

    *out = (struct child_signs){0};
    if (!e)
        e = sign_of_child(j, &run, person, &listed);
    if (e == ERR_NOT_FOUND) { /* before signs were looked for at all there is nothing to say */
        err_clear(j);
        return OK;
    }
    if (e)
        return e;
    words = job_array(j, listed.n + 1, sizeof *words);
    for (size_t i = 0; i < listed.n; i++)
        words[i] = listed.reason[i].words;
    *out = (struct child_signs){words, listed.n, run.day};
    return OK;
}
