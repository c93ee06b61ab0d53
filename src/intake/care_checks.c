#include "intake/care.h"

static enum err
find_at(struct job *j, struct care *c, int64_t line, enum found what)
{
    struct place at = c->child_at;

    at.line = line;
    return loading_find(j, c->l, &at, what, NULL);
}

static bool
overlap(const struct spell *a, const struct spell *b)
{
    return a->from < b->to && b->from < a->to;
}

/* More than one of a kind still open. */
static enum err
check_open(struct job *j, struct care *c, enum care_kind kind, enum found what)
{
    size_t open = 0;
    int64_t line = 0;

    for (size_t i = 0; i < c->n_spells[kind]; i++)
        if (c->spells[kind][i].to == DATE_OPEN && ++open == 2)
            line = c->spells[kind][i].line;
    return open > 1 ? find_at(j, c, line, what) : OK;
}

/* One of kind a overlaps another of kind b; said once a child. */
static enum err
check_overlap(struct job *j, struct care *c, enum care_kind a, enum care_kind b,
              enum found what)
{
    for (size_t i = 0; i < c->n_spells[a]; i++)
        for (size_t k = a == b ? i + 1 : 0; k < c->n_spells[b]; k++)
            if (overlap(&c->spells[a][i], &c->spells[b][k]))
                return find_at(j, c, c->spells[a][i].line, what);
    return OK;
}

enum err
care_check_child(struct job *j, struct care *c)
{
    enum err e = OK;

    if (!c->identity_id)
        return OK;
    if (!c->n_cases)
        e = find_at(j, c, c->child_at.line, FOUND_CIN_8590);
    if (e || (e = check_open(j, c, CARE_CASE, FOUND_CIN_8815)) ||
        (e = check_overlap(j, c, CARE_CASE, CARE_CASE, FOUND_CIN_8820)) ||
        (e = check_open(j, c, CARE_PLAN, FOUND_CIN_4004)) ||
        (e = check_open(j, c, CARE_PROTECTION, FOUND_CIN_8935)))
        return e;
    return check_overlap(j, c, CARE_PLAN, CARE_PROTECTION, FOUND_CIN_4001);
}
