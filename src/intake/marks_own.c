#include "intake/family.h"
#include "intake/marks.h"
#include "returns/fields.h"

/* Our own shapes of registers: one row a mark, and one row a string of marks. */

struct own_marks {
    struct loading *l;
    struct marks_in *m;
    const struct layout *daily;
};

enum err
own_marks_begin(struct job *j, struct loading *l, void **state)
{
    struct own_marks *x = job_alloc(j, sizeof *x);

    x->l = l;
    x->daily = layout_find("marks-daily");
    *state = x;
    return marks_begin(j, l, &x->m);
}

static enum err
take_daily(struct job *j, struct own_marks *x, const struct record *r)
{
    const struct value *v = r->v;
    struct mark_given g = {
        .at = loading_place(x->l, r, v[OWN_MARK_URN].i),
        .date = (int32_t)v[OWN_MARK_DATE].i,
        .session = (int)v[OWN_MARK_SESSION].i,
        .code = v[OWN_MARK_DELETED].i ? SPAN("-") : value_span(&v[OWN_MARK_MARK]),
        .minutes_late = v[OWN_MARK_LATE].given ? (int)v[OWN_MARK_LATE].i : -1,
        .extracted = value_date(&v[OWN_MARK_EXTRACTED]),
    };
    enum err e;

    loading_made_on(j, x->l, &v[OWN_MARK_EXTRACTED]);
    e = marks_who(j, x->m, &g.at, value_span(&v[OWN_MARK_UPN]), &g.identity_id);
    return e || !g.identity_id ? e : marks_take(j, x->m, &g);
}

static enum err
take_string(struct job *j, struct own_marks *x, const struct record *r)
{
    const struct value *v = r->v;
    struct marks_given g = {
        .at = loading_place(x->l, r, v[OWN_YEAR_URN].i),
        .start = (int32_t)v[OWN_YEAR_STARTED].i,
        .marks = value_span(&v[OWN_YEAR_MARKS]),
        .extracted = value_date(&v[OWN_YEAR_EXTRACTED]),
    };
    enum err e;

    loading_made_on(j, x->l, &v[OWN_YEAR_EXTRACTED]);
    e = marks_who(j, x->m, &g.at, value_span(&v[OWN_YEAR_UPN]), &g.identity_id);
    return e || !g.identity_id ? e : marks_take_string(j, x->m, &g);
}

enum err
own_marks_record(struct job *j, void *arg, const struct record *r)
{
    struct own_marks *x = arg;

    return r->layout == x->daily ? take_daily(j, x, r) : take_string(j, x, r);
}

enum err
own_marks_end(struct job *j, void *state)
{
    struct own_marks *x = state;

    return marks_end(j, x->m);
}
