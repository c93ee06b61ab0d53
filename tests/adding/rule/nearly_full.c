/* A rule about timetables that are hardly part-time. */
#include "people/entry.h"
#include "quality/look.h"

enum { NEARLY_FULL = 20 * 60 }; /* minutes a week */

void
quality_nearly_full(struct quality_look *q, uint32_t p)
{
    struct timeline_range r = timeline_of(q->t, TIMELINE_ENTRY, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_entry *e = &q->t->entry[i];
        struct quality_at at = quality_at(p, e->school, e->start);
        if (e->kind != ENTRY_PTT || e->minutes_a_week < NEARLY_FULL)
            continue;
        quality_fact(q, &at, NULL, &e->source);
        quality_say(q, &at, "Part-time since %s with %d hours a week", quality_day(q, e->start),
                    (int)e->minutes_a_week / 60);
    }
}
