#include "intake/marks_in.h"

/* A row a mark: most files have those of a child one after the other, and a slot then needs one
 * number for all.  What is in another order has them one by one, aside. */

struct shape {
    int n, last; /* marks there are, and the half day of the last */
};

static struct shape
shape_of(const struct marks_slot *s)
{
    struct shape x = {0, -1};

    for (int k = 0; k < REGISTER_SLOTS; k++)
        if (s->mark[k]) {
            x.n++;
            x.last = k;
        }
    return x;
}

void
marks_lines_of(const struct marks_in *m, const struct marks_slot *s, uint32_t *line)
{
    uint32_t at = s->line;

    if (s->lines & MARKS_ASIDE) {
        memcpy(line, m->lines[s->lines & ~MARKS_ASIDE], sizeof *m->lines);
        return;
    }
    for (int k = 0; k < REGISTER_SLOTS; k++) {
        line[k] = at;
        at += s->mark[k] ? s->lines : 0;
    }
}

/* Does the line go on as those before it? */
static bool
goes_on(struct marks_slot *s, struct shape x, uint32_t line)
{
    uint32_t step = line - s->line;

    if (x.n == 1 && step < MARKS_ASIDE) {
        s->lines = step;
        return true;
    }
    return line == s->line + (uint32_t)x.n * s->lines;
}

static enum err
put_aside(struct job *j, struct marks_in *m, struct marks_slot *s)
{
    if (!m->lines)
        m->lines = job_try_alloc(&m->memory, MARKS_LINES * sizeof *m->lines);
    if (!m->lines)
        return err_set(j, ERR_BUSY, "the machine has no memory left for this load");
    marks_lines_of(m, s, m->lines[m->n_lines]);
    s->lines = MARKS_ASIDE | m->n_lines++;
    return OK;
}

enum err
marks_line(struct job *j, struct marks_in *m, struct marks_slot *s, int half_day, uint32_t line)
{
    struct shape x = {0};
    enum err e = OK;

    if (!(s->lines & MARKS_ASIDE)) {
        x = shape_of(s);
        if (!x.n || (half_day > x.last && goes_on(s, x, line)))
            return OK; /* the first is the slot's own */
        e = put_aside(j, m, s);
    }
    if (!e)
        m->lines[s->lines & ~MARKS_ASIDE][half_day] = line;
    return e;
}
