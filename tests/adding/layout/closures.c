#include "intake/family.h"
#include "returns/fields.h"

/* A closure is a day of the school's calendar. */
enum err
closure_record(struct job *j, void *arg, const struct record *r)
{
    struct loading *l = arg;
    int64_t day = r->v[OWN_CLOSURE_DAY].i;

    return loading_row(j, l, &fact_term_date,
                       ARGS(INT(j->area), INT(l->batch_id), INT(l->file_id), INT(r->line),
                            INT(r->v[OWN_CLOSURE_URN].i), INT(day), INT(day + 1), TEXT("closed"),
                            value_text(&r->v[OWN_CLOSURE_WHY])));
}
