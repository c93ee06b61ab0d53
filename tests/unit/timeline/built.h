/* The facts of a test as a column file, opened. */
#pragma once
#include "support/facts.h"
#include "timeline/timeline.h"

/* Before the next batch would be published. */
static inline struct timeline_order
order_now(const struct facts *f)
{
    return (struct timeline_order){.as_of = f->j->today, .known_at = f->clock - 1, .threads = 1};
}

static inline const struct timeline *
built_as(struct facts *f, struct timeline_order order)
{
    const char *path = support_path(f->j, "facts.columns");
    struct timeline *t;

    assert_ok(f->j, timeline_build(f->j, path, &order));
    assert_ok(f->j, timeline_open(f->j, path, &t));
    return t;
}

static inline const struct timeline *
built(struct facts *f)
{
    return built_as(f, order_now(f));
}

static inline struct facts
facts_of(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    support_area(j);
    return facts_begin(j);
}

/* A person's rows of a section, who must be there. */
static inline struct timeline_range
rows_of(const struct timeline *t, enum timeline_section s, int64_t person)
{
    uint32_t p = timeline_person_find(t, person);

    assert_int_not_equal(p, TIMELINE_NONE);
    return timeline_of(t, s, p);
}

static inline int64_t
urn_of(const struct timeline *t, uint32_t school)
{
    assert_true(school < t->n[TIMELINE_SCHOOL]);
    return t->school[school].urn;
}
