/* Moves into and out of a school, counted from a timeline made by hand. */
#include "access/actor.h"
#include "risk/flow.h"
#include "risk/statistics.h"
#include "support/small_timeline.h"
#include "support/support.h"
#include <string.h>

static int64_t
counted(const struct statistics *s, const char *name, const char *item)
{
    int64_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        if (!strcmp(s->row[i].name, name) && !strcmp(s->row[i].item, item) &&
            s->row[i].school_year == 2023)
            n += s->row[i].value;
    return n;
}

static int32_t
march(void)
{
    return date_from_ymd(2024, 3, 4);
}

/* A child who left school 0, and what the last move says besides. */
static struct timeline_move *
leaver(struct small *s, enum timeline_move_kind kind, int16_t year)
{
    small_child(s, 'F');
    small_move(s, kind, year, march());
    return &s->move[s->t.n[TIMELINE_MOVE] - 1];
}

static struct statistics
count(struct job *j, struct small *s)
{
    struct statistics out = {0};
    struct years y;

    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    flow_count(j, &y, &out);
    return out;
}

static void
exits_are_told_apart_by_what_explains_them(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct statistics n;

    leaver(s, MOVE_EXIT, 2023);
    leaver(s, MOVE_EXIT, 2023);
    leaver(s, MOVE_EXPLAINED, 2023)->evidence = EVIDENCE_HOME;
    leaver(s, MOVE_EXPLAINED, 2023)->evidence = EVIDENCE_MISSING;
    leaver(s, MOVE_EXPLAINED, 2023)->evidence = 0;
    leaver(s, MOVE_STRUCTURAL, 2023);
    leaver(s, MOVE_WAITING, 2023);
    n = count(j, s);
    assert_int_equal(counted(&n, "flow-900001", "out exit 0"), 2);
    assert_int_equal(counted(&n, "flow-900001", "out home 0"), 1);
    assert_int_equal(counted(&n, "flow-900001", "out missing 0"), 1);
    assert_int_equal(counted(&n, "flow-900001", "out other 0"), 1);
    assert_int_equal(n.n, 4);
}

static void
a_move_is_told_at_both_schools(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct statistics n;
    uint32_t to;

    leaver(s, MOVE_MANAGED, 2023);
    to = s->t.n[TIMELINE_ENROLMENT]++;
    s->enrolment[to] = s->enrolment[to - 1];
    s->enrolment[to].school = 1;
    s->move[0].from = to - 1;
    s->move[0].to = to;
    n = count(j, s);
    assert_int_equal(counted(&n, "flow-900001", "out managed 900002"), 1);
    assert_int_equal(counted(&n, "flow-900002", "in managed 900001"), 1);
    assert_int_equal(n.n, 2);
}

static void
moves_of_earlier_years_are_not_kept(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);

    leaver(s, MOVE_EXIT, 2022);
    assert_int_equal(count(j, s).n, 0);
}

static void
a_school_is_not_told_of_another(void **state)
{
    static const struct actor senco = {.account = 2, .role = ROLE_SENCO, .area = 1,
                                       .urn = 900001};
    struct job *j = support_job(state);
    struct flow_line *v;
    size_t n;

    support_db(j);
    j->area = 1;
    j->who = &senco;
    assert_int_equal(flow_school(j, 900002, 2023, &v, &n), ERR_DENIED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(exits_are_told_apart_by_what_explains_them),
        SUPPORT_TEST(a_move_is_told_at_both_schools),
        SUPPORT_TEST(moves_of_earlier_years_are_not_kept),
        SUPPORT_TEST(a_school_is_not_told_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
