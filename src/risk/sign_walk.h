/* risk/sign_walk.h - everybody walked through once for several who look: signs of a day, of a week
 * before, what the law counts.  A child's school weeks are read for all of them.  Private. */
#pragma once
#include "risk/sign_view.h"

enum { SIGN_BLOCK = 256, SIGN_WAVE = 32 }; /* persons of a block; blocks that go at once */

struct sign_looker {
    const struct sign_pass *pass; /* whom it looks at */
    int32_t day;
    void *arg;
    /* Of each block, in its own job: an empty one, by its place in the wave. */
    void (*begin)(struct job *j, void *arg, size_t block);
    /* Of each child that it looks at, with the weeks up to its day. */
    void (*look)(void *arg, size_t block, struct sign_view *v);
    /* Of each wave in turn: the n blocks are taken over. */
    void (*take)(struct job *j, void *arg, size_t n);
};
struct sign_walk {
    const struct timeline *t;
    const struct marks *marks;    /* NULL: no registers */
    const struct sign_looker *looker;
    size_t n;                     /* at most SIGN_LOOKERS */
    int threads;                  /* 0: as many as cores; the same answer for any number */
};
enum { SIGN_LOOKERS = 3 };
MUST_CHECK enum err sign_walk(struct job *j, const struct sign_walk *w);

/* Signs of a day, found on a walk: open, walk with the looker, end. */
struct sign_finding;
struct sign_finding *sign_finding_open(struct job *j, const struct sign_order *order,
                                       struct sign_looker *looker);
void sign_finding_end(const struct sign_finding *f, struct sign_list *out);
