/* What the law counts of a child, on timelines, weeks and calendars made by hand. */
#include "risk/watch.h"
#include "support/small_marks.h"
#include "support/small_timeline.h"
#include "support/support.h"

#define DAY(y, m, d) date_from_ymd(y, m, d)
#define PRESENT "/\\/\\/\\/\\/\\"
enum { CHILD = 100 };

/* One child of school 900001, whose autumn term runs from 2 September to 20 December 2024. */
struct scene {
    struct job *j;
    struct small *s;
    struct small_marks *m;
};

static struct scene
scene(void **state)
{
    struct job *j = support_job(state);
    struct scene c = {j, small_new(j), small_marks_new(j)};

    small_child(c.s, 'F');
    return c;
}

static struct watched_list
found_on(const struct scene *c, int32_t day)
{
    const struct school_day_row term = {.rank = 1, .kind = SCHOOL_TERM,
                                        .from = DAY(2024, 9, 2), .to = DAY(2024, 12, 21)};
    struct watch_order o = {.t = small_done(c->s), .marks = small_marks_done(c->m),
                            .calendars = school_days_make(c->j, &term, 1), .day = day,
                            .threads = 1};
    struct watched_list list;

    assert_ok(c->j, clock_rules_parse(c->j, "", &o.rules));
    assert_ok(c->j, watch_find(c->j, &o, &list));
    return list;
}

/* The words of the child's row of that list on that day; NULL: it is not on it. */
static const char *
said(const struct scene *c, int32_t day, enum watch w)
{
    struct watched_list list = found_on(c, day);
    const char *words = NULL;

    for (size_t i = 0; i < list.n; i++)
        if (list.v[i].watch == w) {
            assert_null(words); /* once a list */
            words = watch_words(c->j, &list.v[i]);
        }
    return words;
}

static int32_t
weeks(struct scene *c, int32_t monday, int n, const char *codes)
{
    for (int i = 0; i < n; i++, monday += 7)
        small_week(c->m, monday, CHILD, codes);
    return monday;
}

static void
suspended(struct scene *c, int32_t on, int16_t sessions)
{
    small_event(c->s, &(struct timeline_event){
                          .started = on, .ended = DATE_NONE, .sessions = sessions,
                          .school_year = (int16_t)date_school_year(on), .counts = 1,
                          .category = CATEGORY_SUSPENSION});
}

static void
a_tenth_missed_is_persistent_and_half_is_severe(void **state)
{
    struct scene c = scene(state);
    int32_t next = weeks(&c, DAY(2024, 9, 2), 1, PRESENT);

    weeks(&c, next, 1, "II/\\/\\/\\/\\");
    assert_string_equal(said(&c, DAY(2024, 9, 15), WATCH_PERSISTENT),
                        "Missed 2 of 20 sessions, 10%");
    assert_null(said(&c, DAY(2024, 9, 15), WATCH_SEVERE));
    assert_null(said(&c, DAY(2024, 9, 13) - 7, WATCH_PERSISTENT)); /* ten sessions: too few */
}

static void
half_missed_is_on_the_severe_list_alone(void **state)
{
    struct scene c = scene(state);

    weeks(&c, DAY(2024, 9, 2), 2, "IIIII/\\/\\/");
    assert_string_equal(said(&c, DAY(2024, 9, 15), WATCH_SEVERE), "Missed 10 of 20 sessions, 50%");
    assert_null(said(&c, DAY(2024, 9, 15), WATCH_PERSISTENT));
}

static void
ten_unauthorised_sessions_in_ten_weeks_are_told_while_they_are_recent(void **state)
{
    struct scene c = scene(state);
    int32_t next = weeks(&c, DAY(2024, 9, 2), 3, "OOO/\\/\\/\\/");

    weeks(&c, next, 1, "O\\/\\/\\/\\/\\");
    assert_null(said(&c, DAY(2024, 9, 22), WATCH_PENALTY)); /* nine */
    assert_string_equal(said(&c, DAY(2024, 9, 29), WATCH_PENALTY),
                        "10 sessions in the ten school weeks to 29 September 2024");
}

static void
ten_days_in_a_row_and_fifteen_days_of_illness_are_returns(void **state)
{
    struct scene c = scene(state);
    int32_t next = weeks(&c, DAY(2024, 9, 2), 3, "IIIIIIIIII");

    assert_string_equal(said(&c, DAY(2024, 9, 20), WATCH_SICKNESS),
                        "Ill on 15 school days this school year, last on 20 September 2024");
    assert_null(said(&c, DAY(2024, 9, 19), WATCH_SICKNESS));
    assert_null(said(&c, DAY(2024, 9, 20), WATCH_ABSENCE));
    next = weeks(&c, next, 2, "NNNNOOOONN");
    assert_string_equal(said(&c, DAY(2024, 10, 4), WATCH_ABSENCE),
                        "10 school days in a row to 4 October 2024");
    weeks(&c, next, 1, "/\\/\\/\\/\\/\\");
    assert_null(said(&c, DAY(2024, 10, 7), WATCH_ABSENCE)); /* back at school */
}

static void
part_time_sessions_and_what_the_school_told_are_two_lists(void **state)
{
    struct scene c = scene(state);

    weeks(&c, DAY(2024, 9, 2), 1, "/2/2/\\/\\/\\");
    assert_string_equal(said(&c, DAY(2024, 9, 8), WATCH_PART_TIME),
                        "2 sessions of part-time timetable in the last six school weeks");
    small_spell(c.s, SPELL_PART_TIME, DAY(2024, 9, 9), DAY(2024, 11, 1));
    assert_string_equal(said(&c, DAY(2024, 9, 15), WATCH_PART_TIME_TOLD),
                        "On a part-time timetable since 9 September 2024");
    assert_null(said(&c, DAY(2024, 11, 3), WATCH_PART_TIME_TOLD));
}

static void
thirty_days_of_suspension_are_told_and_governors_have_their_day(void **state)
{
    struct scene c = scene(state);

    suspended(&c, DAY(2024, 9, 2), 30);
    suspended(&c, DAY(2024, 9, 30), 28);
    assert_null(said(&c, DAY(2024, 10, 1), WATCH_YEAR_DAYS)); /* 29 days */
    assert_string_equal(said(&c, DAY(2024, 10, 1), WATCH_GOVERNORS),
                        "Suspended or excluded from 30 September 2024; governors consider it by "
                        "21 October 2024");
    assert_string_equal(said(&c, DAY(2024, 10, 1), WATCH_SIXTH_DAY),
                        "Suspended or excluded from 30 September 2024; education due from 7 "
                        "October 2024");
    suspended(&c, DAY(2024, 11, 18), 2);
    assert_string_equal(said(&c, DAY(2024, 11, 20), WATCH_YEAR_DAYS),
                        "Suspended for 30 days this school year, at all schools");
    assert_null(said(&c, DAY(2024, 11, 20), WATCH_SIXTH_DAY)); /* long past, and one day only */
}

static void
what_happened_later_is_not_told(void **state)
{
    struct scene c = scene(state);

    suspended(&c, DAY(2024, 10, 1), 40);
    assert_int_equal(found_on(&c, DAY(2024, 9, 30)).n, 0);
    assert_int_equal(found_on(&c, DAY(2024, 10, 1)).n, 2); /* governors, day six */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_tenth_missed_is_persistent_and_half_is_severe),
        SUPPORT_TEST(half_missed_is_on_the_severe_list_alone),
        SUPPORT_TEST(ten_unauthorised_sessions_in_ten_weeks_are_told_while_they_are_recent),
        SUPPORT_TEST(ten_days_in_a_row_and_fifteen_days_of_illness_are_returns),
        SUPPORT_TEST(part_time_sessions_and_what_the_school_told_are_two_lists),
        SUPPORT_TEST(thirty_days_of_suspension_are_told_and_governors_have_their_day),
        SUPPORT_TEST(what_happened_later_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
