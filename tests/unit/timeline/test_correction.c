/* What an analyst corrected is laid over the facts: it holds for the same fact loaded again,
 * and changes nothing of what was known before. */
#include "built.h"
#include "store/db.h"

static const char sql_correct[] =
    "INSERT INTO correction (area_id, correction_id, fact, identity_id, urn, begun, kind, "
    "batch_id, file_id, line, field, value, reason, made, made_by) VALUES (1, $1, $2, $3, $4, "
    "$5, $6, 1, 1, 1, $7, $8, 'wrong', $9, 'priya')";

struct made {
    const char *fact, *kind, *field;
    int64_t begun, value;
};

/* Of person 7 at 900001, now; the clock of the facts moves on. */
static void
correct(struct facts *f, struct made m)
{
    static int64_t id = 1000;

    assert_ok(f->j, db_run(f->j, sql_correct,
                           ARGS(INT(id++), TEXT(m.fact), INT(70),
                                INT(strcmp(m.fact, "care") ? 900001 : 0), INT(m.begun),
                                TEXT(m.kind), TEXT(m.field), INT(m.value), INT(f->clock)), NULL));
    f->clock += INT64_C(3600000000);
}

static void
a_batch(struct facts *f)
{
    facts_batch(f, 2024, TERM_SPRING);
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = 900001});
    facts_suspension(f, (struct facts_suspension){.person = 7, .urn = 900001,
                                                  .started = day(2024, 11, 4), .sessions = 3});
    facts_suspension(f, (struct facts_suspension){.person = 7, .urn = 900001,
                                                  .started = day(2024, 12, 2), .sessions = 5});
}

static uint32_t
rows(const struct timeline *t, enum timeline_section s)
{
    struct timeline_range r = rows_of(t, s, 7);

    return r.to - r.from;
}

static const struct timeline_suspension *
first_suspension(const struct timeline *t)
{
    return &t->suspension[rows_of(t, TIMELINE_SUSPENSION, 7).from];
}

static void
a_suspension_set_aside_does_not_count_even_loaded_again(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_order before;

    a_batch(&f);
    before = order_now(&f);
    assert_int_equal(rows(built(&f), TIMELINE_SUSPENSION), 2);
    correct(&f, (struct made){"suspension", "SUSP", "aside", day(2024, 11, 4), 0});
    assert_int_equal(rows(built(&f), TIMELINE_SUSPENSION), 1);
    a_batch(&f);
    assert_int_equal(rows(built(&f), TIMELINE_SUSPENSION), 1);
    assert_int_equal(first_suspension(built(&f))->started, day(2024, 12, 2));
    assert_int_equal(rows(built_as(&f, before), TIMELINE_SUSPENSION), 2);
}

static void
sessions_days_and_category_are_corrected(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_suspension *s;

    a_batch(&f);
    correct(&f, (struct made){"suspension", "SUSP", "sessions", day(2024, 11, 4), 9});
    correct(&f, (struct made){"suspension", "SUSP", "sessions", day(2024, 11, 4), 7});
    correct(&f, (struct made){"suspension", "SUSP", "started", day(2024, 11, 4), day(2024, 11, 5)});
    correct(&f, (struct made){"suspension", "SUSP", "ended", day(2024, 11, 4), day(2024, 11, 8)});
    correct(&f, (struct made){"suspension", "SUSP", "category", day(2024, 12, 2), 1});
    s = first_suspension(built(&f));
    assert_int_equal(s->sessions, 7); /* the last word stands */
    assert_int_equal(s->started, day(2024, 11, 5));
    assert_int_equal(s->ended, day(2024, 11, 9));
    s = first_suspension(built(&f)) + 1;
    assert_int_equal(s->category, CATEGORY_PERMANENT);
}

static void
what_was_undone_counts_again_and_not_before(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_order between;

    a_batch(&f);
    correct(&f, (struct made){"suspension", "SUSP", "aside", day(2024, 11, 4), 0});
    between = order_now(&f);
    assert_ok(f.j, db_run(f.j, "UPDATE correction SET undone = $1", ARGS(INT(f.clock)), NULL));
    f.clock += INT64_C(3600000000);
    assert_int_equal(rows(built(&f), TIMELINE_SUSPENSION), 2);
    assert_int_equal(rows(built_as(&f, between), TIMELINE_SUSPENSION), 1);
}

static void
a_census_row_and_a_care_episode_are_set_aside(void **state)
{
    struct facts f = facts_of(state);

    facts_batch(&f, 2023, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = 900001});
    a_batch(&f);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2025, .kind = "plan",
                                       .started = day(2024, 6, 3)});
    assert_int_equal(rows(built(&f), TIMELINE_CENSUS), 2);
    assert_int_equal(rows(built(&f), TIMELINE_SPELL), 1);
    correct(&f, (struct made){"census", "", "aside", 2024 * 10 + TERM_SPRING, 0});
    correct(&f, (struct made){"care", "plan", "aside", day(2024, 6, 3), 0});
    assert_int_equal(rows(built(&f), TIMELINE_CENSUS), 1);
    assert_int_equal(rows(built(&f), TIMELINE_SPELL), 0);
}

static void
a_file_built_before_the_correction_is_stale(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;
    int64_t known;
    bool current;

    a_batch(&f);
    t = built(&f);
    f.j->now = f.clock - 1;
    assert_ok(f.j, timeline_is_current(f.j, t, &current));
    assert_true(current);
    correct(&f, (struct made){"suspension", "SUSP", "aside", day(2024, 11, 4), 0});
    f.j->now = f.clock - 1;
    assert_ok(f.j, timeline_is_current(f.j, t, &current));
    assert_false(current);
    assert_ok(f.j, timeline_known(f.j, &known));
    assert_true(known == f.clock - INT64_C(3600000000));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_suspension_set_aside_does_not_count_even_loaded_again),
        SUPPORT_TEST(sessions_days_and_category_are_corrected),
        SUPPORT_TEST(what_was_undone_counts_again_and_not_before),
        SUPPORT_TEST(a_census_row_and_a_care_episode_are_set_aside),
        SUPPORT_TEST(a_file_built_before_the_correction_is_stale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
