#include "built.h"

enum { A = 900001, B = 900002 };

static const struct timeline_absence *
row(const struct timeline *t, int64_t person, uint32_t at, uint32_t of)
{
    struct timeline_range r = rows_of(t, TIMELINE_ABSENCE, person);

    assert_int_equal(r.to - r.from, of);
    return &t->absence[r.from + at];
}

static void
each_census_tells_of_the_term_before(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_absence *a;
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .possible = 140,
                                         .marks = "/ 60 \\ 60 I 15 O 5"});
    facts_batch(&f, 2023, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .possible = 110,
                                         .marks = "/ 110"});
    facts_batch(&f, 2024, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .possible = 60,
                                         .marks = "/ 59 U 1", .possible_summer2 = 64,
                                         .marks_summer2 = "/ 60 M 4"});
    t = built(&f);
    a = row(t, 7, 0, 4);
    assert_int_equal(a->school_year, 2023);
    assert_int_equal(a->half, HALF_AUTUMN);
    assert_int_equal(a->possible, 140);
    assert_int_equal(a->authorised, 15);
    assert_int_equal(a->unauthorised, 5);
    assert_int_equal(a->illness, 15);
    assert_int_equal(t->census[a->census].term, TERM_SPRING);
    assert_int_equal(row(t, 7, 1, 4)->half, HALF_SPRING);
    assert_int_equal(row(t, 7, 2, 4)->half, HALF_SUMMER1);
    assert_int_equal(row(t, 7, 2, 4)->school_year, 2023);
    assert_int_equal(row(t, 7, 2, 4)->late_closed, 1);
    assert_int_equal(row(t, 7, 3, 4)->half, HALF_SUMMER2);
    assert_int_equal(row(t, 7, 3, 4)->possible, 64);
    assert_int_equal(row(t, 7, 3, 4)->authorised, 4);
}

static void
the_summer_of_2020_was_not_collected(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2019, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .possible = 140});
    facts_batch(&f, 2019, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .possible = 100});
    facts_batch(&f, 2020, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .possible = 90,
                                         .possible_summer2 = 60});
    t = built(&f);
    assert_int_equal(row(t, 7, 0, 2)->half, HALF_AUTUMN);
    assert_int_equal(row(t, 7, 1, 2)->half, HALF_SPRING);
    assert_int_equal(t->head->absence_left_out, 2);
}

static void
files_without_present_marks_stand_by_the_schools_number(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_absence *a;
    const struct timeline *t;

    facts_batch(&f, 2018, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .possible = 130,
                                         .marks = "I 6 N 7"});
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A, .possible = 130});
    t = built(&f);
    a = row(t, 7, 0, 1);
    assert_int_equal(a->possible, 130);
    assert_int_equal(a->authorised + a->unauthorised, 13);
    assert_int_equal(a->flags, ABSENCE_AS_GIVEN);
    assert_int_equal(row(t, 8, 0, 1)->authorised, 0);
}

static void
absences_without_a_number_of_sessions_are_no_data(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;
    struct timeline_range r;

    facts_batch(&f, 2018, TERM_SPRING); /* codes of absence only: "13 of 13" would be nonsense */
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .marks = "I 6 N 7"});
    facts_batch(&f, 2023, TERM_SPRING); /* all codes: away for the whole term */
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A, .marks = "I 140"});
    t = built(&f);
    r = rows_of(t, TIMELINE_ABSENCE, 7);
    assert_int_equal(r.to - r.from, 0);
    assert_int_equal(row(t, 8, 0, 1)->possible, 140);
}

static void
marks_stand_before_the_schools_number_and_a_difference_is_flagged(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .possible = 200,
                                         .marks = "/ 100 B 4 D 20 E 6 C2 2 K 3 X 1 L 5"});
    t = built(&f);
    assert_int_equal(row(t, 7, 0, 1)->possible, 120); /* D and X are not possible */
    assert_int_equal(row(t, 7, 0, 1)->flags, ABSENCE_MISMATCH);
    assert_int_equal(row(t, 7, 0, 1)->authorised, 8);
    assert_int_equal(row(t, 7, 0, 1)->suspended, 6);
    assert_int_equal(row(t, 7, 0, 1)->part_time, 2);
    assert_int_equal(row(t, 7, 0, 1)->off_site, 4);
    assert_int_equal(row(t, 7, 0, 1)->elsewhere, 20);
    assert_int_equal(row(t, 7, 0, 1)->authority, 3);
    assert_int_equal(row(t, 7, 0, 1)->not_required, 1);
    assert_int_equal(row(t, 7, 0, 1)->late, 5);
}

static void
x_was_possible_and_not_absent_in_the_pandemic(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2020, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .marks = "/ 100 X 30"});
    t = built(&f);
    assert_int_equal(row(t, 7, 0, 1)->possible, 130);
    assert_int_equal(row(t, 7, 0, 1)->authorised, 0);
}

static void
what_is_not_supplied_is_no_row(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .boarder = "B"});
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A, .boarder = "6",
                                         .marks = "/ 10"});
    t = built(&f);
    r = rows_of(t, TIMELINE_ABSENCE, 7);
    assert_int_equal(r.to - r.from, 0);
    assert_int_equal(row(t, 8, 0, 1)->flags, ABSENCE_BOARDER);
}

static void
a_child_on_both_roll_tables_is_told_once_and_two_stays_add_up(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .left_roll = true,
                                         .entered = day(2023, 9, 4), .left = day(2023, 12, 20),
                                         .marks = "/ 99"});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4),
                                         .marks = "/ 100 I 10"});
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A, .left_roll = true,
                                         .entered = day(2023, 9, 4), .left = day(2023, 10, 6),
                                         .marks = "/ 40 I 5"});
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A, .entered = day(2023, 12, 4),
                                         .marks = "/ 20 I 1"});
    t = built(&f);
    assert_int_equal(row(t, 7, 0, 1)->possible, 110);
    assert_int_equal(row(t, 8, 0, 1)->possible, 66);
    assert_int_equal(row(t, 8, 0, 1)->authorised, 6);
}

static void
two_schools_are_two_enrolments(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .status = "M",
                                         .marks = "/ 80 D 50"});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .status = "S",
                                         .marks = "/ 40 D 80 O 10"});
    t = built(&f);
    assert_int_equal(row(t, 7, 0, 2)->possible, 80);
    assert_int_equal(row(t, 7, 1, 2)->possible, 50);
    assert_int_equal(row(t, 7, 1, 2)->unauthorised, 10);
}

static void
a_return_says_what_it_holds(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;
    struct timeline_wanted w = {.kind = RETURN_CENSUS, .school_year = 2023,
                                .term = TERM_SPRING};

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .marks = "/ 80"});
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = B});
    t = built(&f);
    w.school = timeline_school_find(t, A);
    assert_true(timeline_has(t, &w));
    w.holds = HOLDS_ABSENCE;
    assert_true(timeline_has(t, &w));
    w.school = timeline_school_find(t, B);
    assert_false(timeline_has(t, &w));
    w.holds = 0;
    w.term = TERM_SUMMER;
    assert_false(timeline_has(t, &w));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(each_census_tells_of_the_term_before),
        SUPPORT_TEST(the_summer_of_2020_was_not_collected),
        SUPPORT_TEST(files_without_present_marks_stand_by_the_schools_number),
        SUPPORT_TEST(marks_stand_before_the_schools_number_and_a_difference_is_flagged),
        SUPPORT_TEST(x_was_possible_and_not_absent_in_the_pandemic),
        SUPPORT_TEST(what_is_not_supplied_is_no_row),
        SUPPORT_TEST(a_child_on_both_roll_tables_is_told_once_and_two_stays_add_up),
        SUPPORT_TEST(two_schools_are_two_enrolments),
        SUPPORT_TEST(a_return_says_what_it_holds),
        SUPPORT_TEST(absences_without_a_number_of_sessions_are_no_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
