/* A child with a plan is never near the edge; those with needs besides are counted apart. */
#include "risk/statistics.h"
#include "support/small_timeline.h"
#include "support/support.h"
#include <string.h>

static int64_t
counted(const struct statistics *s, const char *item)
{
    for (size_t i = 0; i < s->n; i++)
        if (!strcmp(s->row[i].name, "cliff") && !strcmp(s->row[i].item, item) &&
            s->row[i].school_year == 2023)
            return s->row[i].value;
    return -1;
}

/* Child by child, as slices of the people come. */
static void
count(struct job *j, const struct years *y, struct statistics *out)
{
    struct cliff_edges *x = cliff_new(j);
    struct child_years rows;

    for (uint32_t p = 0; p < y->t->n[TIMELINE_PERSON]; p++) {
        assert_ok(j, child_years_derive(j, y, (struct slice){p, p + 1, 1}, &rows));
        cliff_add(x, y, &rows);
    }
    cliff_put(j, y, x, out);
}

static void
children_with_a_plan_and_two_needs_are_counted_apart(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct statistics out = {0};
    struct years y;

    small_child(s, 'F');
    small_traits(s, 'E', CENSUS_FSM, 1);
    small_child(s, 'M');
    small_traits(s, 'E', CENSUS_FSM, 9);
    small_child(s, 'M');
    small_traits(s, 'N', CENSUS_FSM, 1);
    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    count(j, &y, &out);
    assert_int_equal(counted(&out, "pupils"), 3);
    assert_int_equal(counted(&out, "plans"), 2);
    assert_int_equal(counted(&out, "plans2"), 1);
    assert_int_equal(counted(&out, "least2"), 0);
}

/* Free meals, a deprived area, 15% absent the year before; SEN support of some. */
static void
each_need_is_counted_among_those_near_and_left_out_in_turn(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct statistics out = {0};
    struct years y;

    for (int i = 0; i < 3; i++) {
        small_child(s, 'F');
        small_traits(s, i ? 'N' : 'K', i == 2 ? 0 : CENSUS_FSM, 1);
        small_absence(s, 2022, 300, 45);
    }
    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    count(j, &y, &out);
    assert_int_equal(counted(&out, "least3"), 2); /* the third has two needs */
    assert_int_equal(counted(&out, "with_N1"), 1);
    assert_int_equal(counted(&out, "with_N3"), 2);
    assert_int_equal(counted(&out, "with_N5"), 0);
    assert_int_equal(counted(&out, "without_N1"), 2);
    assert_int_equal(counted(&out, "without_N3"), 1); /* three others remain to the first */
    assert_int_equal(counted(&out, "without_N5"), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(children_with_a_plan_and_two_needs_are_counted_apart),
        SUPPORT_TEST(each_need_is_counted_among_those_near_and_left_out_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
