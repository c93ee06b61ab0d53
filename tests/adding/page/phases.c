#include "web/phases/phases.h"
#include "people/school.h"
#include "ui/words.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/phases/phases.html.h"

static size_t
add_up(struct job *j, const struct school *s, size_t n, struct phase *out)
{
    size_t n_out = 0, k;

    for (size_t i = 0; i < n; i++) {
        const char *name = words_capital(j, s[i].phase[0] ? s[i].phase : "not known");
        for (k = 0; k < n_out && strcmp(out[k].name, name); k++)
            ;
        if (k == n_out)
            out[n_out++] = (struct phase){.name = name};
        out[k].schools++;
        out[k].pupils += s[i].pupils;
    }
    return n_out;
}

enum err
page_phases(struct job *j, const struct request *q, struct response *r)
{
    struct school *schools;
    struct phases_page p = {.view = frame_view(j, q, "Phases")};
    struct phase *v;
    size_t n;
    enum err e = school_list(j, &schools, &n); /* it asks permit() first */

    if (e)
        return e;
    v = job_array(j, n + 1, sizeof *v);
    p.n = add_up(j, schools, n, v);
    p.v = v;
    view_phases(&r->body, &p);
    return OK;
}
