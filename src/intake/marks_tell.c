#include "intake/marks_in.h"

/* What is wrong with many marks is told once for each school (and code, and day), with how
 * many it concerns and the line of the first. */

static uint64_t
key_of(const struct marks_in *m, const struct marks_tell *t)
{
    char text[48];
    int n = snprintf(text, sizeof text, "%d %d %d %s", (int)t->found, (int)t->urn, (int)t->day,
                     t->code);

    return map_key(&m->salt, text, (size_t)n);
}

enum err
marks_note(struct job *j, struct marks_in *m, const struct marks_tell *what)
{
    uint64_t key = key_of(m, what);
    int64_t *known = map_find(m->tell_at, key);
    struct marks_tell *t;

    if (known) {
        t = pile_at(m->tells, (size_t)*known);
        t->n += what->n;
        return OK;
    }
    if (!(t = pile_add(j, m->tells)))
        return j->err.kind;
    *t = *what;
    return map_put(j, m->tell_at, key, (int64_t)pile_count(m->tells) - 1);
}

static const char *
detail_of(struct job *j, const struct marks_tell *t)
{
    char count[TEXT_NUMBER], day[DATE_TEXT];
    const char *marks = job_format(j, "%s %s", text_count(t->n, count),
                                   t->n == 1 ? "mark" : "marks");

    if (t->code[0])
        return job_format(j, "\"%s\", %s", t->code, marks);
    if (t->day != DATE_NONE)
        return job_format(j, "%s, %s", date_words(t->day, day), marks);
    return marks;
}

enum err
marks_tell_all(struct job *j, struct marks_in *m)
{
    enum err e = OK;

    for (size_t i = 0; i < pile_count(m->tells) && !e; i++) {
        struct scope s = job_scope_begin(j);
        const struct marks_tell *t = pile_at(m->tells, i);

        e = loading_find(j, m->l, &t->at, t->found, detail_of(j, t));
        job_scope_end(j, s);
    }
    return e;
}
