/* A sign about a new start. */
#include "risk/sign_view.h"

/* limits: days.  The child came to the school that recently. */
bool
sign_newcomer(const struct sign_view *v, const struct sign_rule *r, struct sign_found *out)
{
    int32_t came = v->t->enrolment[v->enrolment].start;

    *out = (struct sign_found){.on = came, .data_day = came};
    return v->day - came < r->limit[0];
}
