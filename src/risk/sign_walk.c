#include "risk/sign_walk.h"
#include "base/thread.h"

enum { WEEKS_MOST = 2 * SIGN_WEEKS };

struct walking {
    const struct sign_walk *w;
    int32_t from, to;   /* days that are looked at */
    size_t first_block; /* of this wave */
};
struct child {
    const struct sign_walk *w;
    struct marks_cursor *cursor; /* NULL: no registers */
    struct sign_span span;
    size_t weeks;                /* of the span */
};

/* The window of a day; a last week that goes on after it is told as it was then. */
static void
look(struct child *c, const struct sign_looker *l, struct sign_view *v, size_t block)
{
    struct sign_week whole, *last = NULL;
    size_t n = c->weeks;

    while (n && c->span.week[n - 1].monday > v->day)
        n--;
    if (n && c->span.week[n - 1].monday + 6 > v->day && v->day < c->span.to) {
        last = &c->span.week[n - 1];
        whole = *last;
        sign_view_week(v, c->cursor, &c->span, last);
    }
    if (c->cursor)
        sign_view_window(v, c->span.week, n);
    l->look(l->arg, block, v);
    if (last)
        *last = whole;
}

static void
look_at(struct child *c, uint32_t p, size_t block)
{
    struct sign_view v[SIGN_LOOKERS];
    bool looked[SIGN_LOOKERS], any = false;

    for (size_t i = 0; i < c->w->n; i++) {
        v[i] = (struct sign_view){.t = c->w->t, .p = p, .day = c->w->looker[i].day,
                                  .data_day = DATE_NONE};
        looked[i] = sign_is_looked_at(c->w->looker[i].pass, &v[i]);
        if (looked[i] && !any && c->cursor)
            c->weeks = sign_view_load(&v[i], c->cursor, &c->span);
        any |= looked[i];
    }
    for (size_t i = 0; i < c->w->n; i++)
        if (looked[i])
            look(c, &c->w->looker[i], &v[i], block);
}

static enum err
walk_block(struct job *j, void *arg, size_t block)
{
    const struct walking *x = arg;
    const struct sign_walk *w = x->w;
    uint32_t people = w->t->n[TIMELINE_PERSON];
    uint32_t from = (uint32_t)(x->first_block + block) * SIGN_BLOCK;
    uint32_t to = from + SIGN_BLOCK < people ? from + SIGN_BLOCK : people;
    struct child c = {.w = w, .span = sign_span_of(j, x->from, x->to, WEEKS_MOST)};
    struct marks_cursor cursor;

    if (w->marks) {
        marks_cursor(j, w->marks, &cursor);
        c.cursor = &cursor;
    }
    for (size_t i = 0; i < w->n; i++)
        w->looker[i].begin(j, w->looker[i].arg, block);
    for (uint32_t p = from; p < to; p++)
        look_at(&c, p, block);
    return OK;
}

enum err
sign_walk(struct job *j, const struct sign_walk *w)
{
    struct walking x = {.w = w, .from = w->looker[0].day, .to = w->looker[0].day};
    size_t blocks = (w->t->n[TIMELINE_PERSON] + SIGN_BLOCK - 1) / SIGN_BLOCK;

    for (size_t i = 1; i < w->n; i++) {
        x.from = w->looker[i].day < x.from ? w->looker[i].day : x.from;
        x.to = w->looker[i].day > x.to ? w->looker[i].day : x.to;
    }
    for (; x.first_block < blocks; x.first_block += SIGN_WAVE) {
        size_t left = blocks - x.first_block, n = left < SIGN_WAVE ? left : SIGN_WAVE;
        enum err e = thread_each(j, w->threads, n, 2 * JOB_MB, walk_block, &x);
        if (e)
            return e;
        timeline_give_back(w->t);
        if (w->marks)
            marks_give_back(w->marks);
        for (size_t i = 0; i < w->n; i++)
            w->looker[i].take(j, w->looker[i].arg, n);
    }
    return OK;
}
