#include "base/random.h"
#include "built.h"

enum { A = 900001, B = 900002, C = 900003 };

static const struct timeline_enrolment *
only(const struct timeline *t, int64_t person)
{
    struct timeline_range r = rows_of(t, TIMELINE_ENROLMENT, person);

    assert_int_equal(r.to - r.from, 1);
    return &t->enrolment[r.from];
}

/* Child 7 in a school of three censuses a year, from year to year; child 8 keeps the school
 * sending returns. */
static void
census(struct facts *f, int32_t year, enum term term, int64_t urn)
{
    facts_batch(f, year, term);
    facts_pupil(f, (struct facts_pupil){.person = 8, .urn = urn, .entered = day(2020, 9, 1)});
}

static void
one_enrolment_shown_by_many_censuses_is_one(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_enrolment *e;
    const struct timeline *t;

    facts_school(&f, (struct facts_school){.urn = A});
    for (int term = TERM_AUTUMN; term <= TERM_SUMMER; term++) {
        census(&f, 2023, (enum term)term, A);
        facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A,
                                             .entered = day(2023, 9, 4), .year_group = 8});
    }
    t = built(&f);
    e = only(t, 7);
    assert_int_equal(e->start, day(2023, 9, 4));
    assert_int_equal(e->end, DATE_OPEN);
    assert_int_equal(e->censuses, 3);
    assert_int_equal(e->quality, 0);
    assert_int_equal(e->year_group, 8);
    assert_int_equal(e->last_seen, timeline_census_day(2023, TERM_SUMMER));
    assert_int_equal(t->census[e->census].term, TERM_SUMMER);
}

static void
a_leaving_date_is_the_last_day_on_roll(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4)});
    census(&f, 2023, TERM_SPRING, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .left_roll = true,
                                         .entered = day(2023, 9, 4), .left = day(2023, 12, 8)});
    t = built(&f);
    assert_int_equal(only(t, 7)->end, day(2023, 12, 9));
    assert_int_equal(only(t, 7)->quality, 0);
    assert_int_not_equal(timeline_main(t, timeline_person_find(t, 7), day(2023, 12, 8)),
                         TIMELINE_NONE);
    assert_int_equal(timeline_main(t, timeline_person_find(t, 7), day(2023, 12, 9)),
                     TIMELINE_NONE);
}

static void
a_child_that_the_next_return_lacks_has_left_by_the_end_of_term(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    census(&f, 2023, TERM_SPRING, A);
    t = built(&f);
    assert_int_equal(only(t, 7)->end, day(2024, 1, 1));
    assert_int_equal(only(t, 7)->quality, ENROLMENT_NO_LEAVING_DATE);
}

static void
a_school_that_sends_nothing_more_has_lost_nobody(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN, B);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    census(&f, 2023, TERM_SPRING, B);
    t = built(&f);
    assert_int_equal(only(t, 7)->end, DATE_OPEN);
    /* there as long as it is on a roll */
    assert_int_equal(t->person[timeline_person_find(t, 7)].first_seen, day(2023, 9, 1));
    assert_int_equal(t->person[timeline_person_find(t, 7)].last_seen, f.j->today);
}

static void
the_next_school_tells_when_a_child_left_without_a_date(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    census(&f, 2023, TERM_SPRING, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .entered = day(2023, 11, 20)});
    t = built(&f);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    assert_int_equal(r.to - r.from, 2);
    assert_int_equal(t->enrolment[r.from].end, day(2023, 11, 20));
    assert_int_equal(t->enrolment[r.from].quality, ENROLMENT_NO_LEAVING_DATE);
}

static void
a_child_who_left_and_came_back_has_two_enrolments(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;

    census(&f, 2022, TERM_AUTUMN, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2022, 9, 5)});
    census(&f, 2022, TERM_SPRING, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .left_roll = true,
                                         .entered = day(2022, 9, 5), .left = day(2022, 11, 4)});
    census(&f, 2023, TERM_AUTUMN, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4)});
    t = built(&f);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    assert_int_equal(r.to - r.from, 2);
    assert_int_equal(t->enrolment[r.from].end, day(2022, 11, 5));
    assert_int_equal(t->enrolment[r.from + 1].start, day(2023, 9, 4));
    assert_int_equal(t->enrolment[r.from + 1].quality, ENROLMENT_GAP);
}

static void
a_leaver_seen_twice_is_one_enrolment_and_a_later_date_stands(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .left_roll = true,
                                         .entered = day(2023, 9, 4), .left = day(2023, 12, 1)});
    census(&f, 2023, TERM_SUMMER, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .left_roll = true,
                                         .entered = day(2023, 9, 4), .left = day(2023, 12, 15)});
    t = built(&f);
    assert_int_equal(only(t, 7)->end, day(2023, 12, 16));
    assert_int_equal(only(t, 7)->quality, ENROLMENT_STATUS_ASSUMED);
    assert_int_equal(only(t, 7)->status, 'C');
}

static void
a_leaving_that_was_taken_back_is_no_leaving(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .left_roll = true,
                                         .entered = day(2023, 9, 4), .left = day(2023, 12, 1)});
    census(&f, 2023, TERM_SUMMER, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4)});
    t = built(&f);
    assert_int_equal(only(t, 7)->end, DATE_OPEN);
}

static void
odd_dates_are_flagged_and_still_give_a_day(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .left_roll = true,
                                         .entered = day(2023, 12, 4), .left = day(2023, 11, 1)});
    facts_pupil(&f, (struct facts_pupil){.person = 9, .urn = A, .no_entry = true});
    facts_pupil(&f, (struct facts_pupil){.person = 10, .urn = A, .left_roll = true,
                                         .entered = day(2023, 9, 4)});
    t = built(&f);
    assert_true(only(t, 7)->quality & ENROLMENT_LEFT_BEFORE_ENTRY);
    assert_true(only(t, 7)->start < only(t, 7)->end);
    assert_int_equal(only(t, 9)->quality, ENROLMENT_NO_ENTRY_DATE);
    assert_int_equal(only(t, 9)->start, timeline_census_day(2023, TERM_SPRING));
    assert_true(only(t, 10)->quality & ENROLMENT_NO_LEAVING_DATE);
    assert_int_equal(only(t, 10)->start, day(2023, 9, 4));
    assert_int_equal(only(t, 10)->end, day(2024, 1, 1)); /* the term that tells of it */
}

static void
a_corrected_entry_date_is_not_a_new_enrolment(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4)});
    census(&f, 2023, TERM_SPRING, A);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 11)});
    t = built(&f);
    assert_int_equal(only(t, 7)->start, day(2023, 9, 11));
    assert_int_equal(only(t, 7)->quality, ENROLMENT_ENTRY_CHANGED);
}

static void
the_main_enrolment_of_a_dual_registered_child_is_the_main_one(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;
    uint32_t p, i;

    facts_school(&f, (struct facts_school){.urn = A});
    facts_school(&f, (struct facts_school){.urn = B, .phase = "ap", .type = 14});
    facts_batch(&f, 2023, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .status = "M"});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .status = "S",
                                         .entered = day(2023, 9, 25)});
    t = built(&f);
    p = timeline_person_find(t, 7);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    assert_int_equal(r.to - r.from, 2);
    i = timeline_main(t, p, day(2023, 10, 2));
    assert_int_equal(urn_of(t, t->enrolment[i].school), A);
    i = timeline_census_of(t, p, 2023, TERM_AUTUMN);
    assert_int_equal(urn_of(t, t->census[i].school), A);
    assert_int_equal(t->enrolment[r.from].quality | t->enrolment[r.from + 1].quality, 0);
}

static void
two_main_enrolments_at_once_are_flagged_and_the_later_counts(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;
    uint32_t p;

    facts_batch(&f, 2023, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .entered = day(2023, 9, 1)});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = C, .entered = day(2023, 9, 20)});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 20)});
    t = built(&f);
    p = timeline_person_find(t, 7);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    for (uint32_t i = r.from; i < r.to; i++)
        assert_int_equal(t->enrolment[i].quality, ENROLMENT_OVERLAP);
    assert_int_equal(urn_of(t, t->enrolment[timeline_main(t, p, day(2023, 9, 19))].school), B);
    /* the lower URN of two that started on one day */
    assert_int_equal(urn_of(t, t->enrolment[timeline_main(t, p, day(2023, 9, 20))].school), A);
}

static void
a_change_from_main_to_subsidiary_parts_an_enrolment(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4)});
    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4),
                                         .status = "S"});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .entered = day(2023, 12, 4),
                                         .status = "M"});
    t = built(&f);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    assert_int_equal(r.to - r.from, 3);
    assert_int_equal(t->enrolment[r.from].status, 'C');
    assert_int_equal(t->enrolment[r.from].end, day(2023, 12, 4));
    assert_int_equal(t->enrolment[r.from + 1].status, 'S');
    assert_int_equal(t->enrolment[r.from + 1].start, day(2023, 12, 4));
    assert_int_equal(t->enrolment[r.from + 2].status, 'M');
}

static void
a_stay_within_another_main_enrolment_was_the_second_one(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2022, 9, 4)});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .left_roll = true,
                                         .entered = day(2023, 10, 9), .left = day(2023, 12, 1)});
    t = built(&f);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    assert_int_equal(t->enrolment[r.from + 1].status, 'S');
    assert_int_equal(t->enrolment[r.from + 1].quality, ENROLMENT_STATUS_ASSUMED);
}

static void
a_school_that_became_another_carries_its_children_on(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;

    facts_school(&f, (struct facts_school){.urn = A, .closed = day(2023, 2, 1)});
    facts_school(&f, (struct facts_school){.urn = B, .opened = day(2023, 2, 1)});
    facts_successor(&f, A, B);
    facts_batch(&f, 2022, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2021, 9, 6)});
    facts_batch(&f, 2022, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .entered = day(2021, 9, 6)});
    t = built(&f);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    assert_int_equal(r.to - r.from, 2);
    assert_int_equal(t->enrolment[r.from].end, day(2023, 2, 1));
    assert_int_equal(t->enrolment[r.from].quality, ENROLMENT_CONVERTED);
    assert_int_equal(t->enrolment[r.from + 1].start, day(2023, 2, 1));
    assert_int_equal(t->enrolment[r.from + 1].quality, 0);
    assert_int_equal(t->school[t->enrolment[r.from].school].successor,
                     t->enrolment[r.from + 1].school);
    r = rows_of(t, TIMELINE_MOVE, 7);
    assert_int_equal(r.to - r.from, 0);
}

static void
a_leaver_told_by_the_school_that_took_over_was_no_guest_there(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;

    facts_school(&f, (struct facts_school){.urn = A, .closed = day(2023, 9, 1)});
    facts_school(&f, (struct facts_school){.urn = B, .opened = day(2023, 9, 1)});
    facts_successor(&f, A, B);
    facts_batch(&f, 2022, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2021, 9, 6)});
    facts_batch(&f, 2023, TERM_AUTUMN);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .left_roll = true,
                                         .entered = day(2021, 9, 6), .left = day(2023, 9, 29)});
    t = built(&f);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    assert_int_equal(r.to - r.from, 2);
    assert_int_equal(t->enrolment[r.from + 1].status, 'C');
}

static void
a_return_sent_again_replaces_the_first(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;
    uint32_t i;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 5)});
    facts_pupil(&f, (struct facts_pupil){.person = 9, .urn = A});
    facts_pupil(&f, (struct facts_pupil){.person = 9, .urn = B});
    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4)});
    t = built(&f);
    assert_int_equal(t->head->census_superseded, 2);
    assert_int_equal(only(t, 7)->start, day(2023, 9, 4));
    assert_int_equal(only(t, 7)->quality, 0);
    assert_int_equal(urn_of(t, only(t, 9)->school), B);
    assert_int_equal(t->n[TIMELINE_RETURN], 2);
    i = only(t, 7)->census;
    assert_int_equal(t->batch[t->census[i].source.batch].batch_id, 2);
}

/* ---- whatever the rows ---- */

static void
random_row(struct facts *f, struct random *r, int64_t person)
{
    static const char *const status[] = {"C", "C", "C", "M", "S", "G", "F"};
    struct facts_pupil p = {.person = person, .urn = A + random_below(r, 3)};

    p.entered = day(f->year - (int32_t)random_below(r, 3), 1 + (int32_t)random_below(r, 12), 4);
    p.no_entry = random_chance(r, 0.05);
    p.left_roll = random_chance(r, 0.3);
    if (p.left_roll && random_chance(r, 0.8))
        p.left = day(f->year, 1 + (int32_t)random_below(r, 12), 9);
    if (!p.left_roll)
        p.status = status[random_below(r, 7)];
    facts_pupil(f, p);
}

static bool
is_on(const struct timeline *t, const struct timeline_census *c, int32_t on)
{
    struct timeline_range r = timeline_of(t, TIMELINE_ENROLMENT, c->person);

    for (; r.from < r.to; r.from++)
        if (t->enrolment[r.from].school == c->school && t->enrolment[r.from].start <= on &&
            on < t->enrolment[r.from].end)
            return true;
    return false;
}

/* Of what a school says of a child the last stands. */
static bool
is_last_word(const struct timeline *t, uint32_t i)
{
    struct timeline_range r = timeline_of(t, TIMELINE_CENSUS, t->census[i].person);

    for (r.from = i + 1; r.from < r.to; r.from++)
        if (t->census[r.from].school == t->census[i].school)
            return false;
    return true;
}

static void
check_person(const struct timeline *t, uint32_t p)
{
    struct timeline_range r = timeline_of(t, TIMELINE_ENROLMENT, p);

    for (uint32_t i = r.from; i < r.to; i++) {
        const struct timeline_enrolment *e = &t->enrolment[i];
        assert_true(e->start < e->end);
        assert_true(i == r.from || e[-1].start <= e->start);
        assert_int_not_equal(timeline_main(t, p, e->start), TIMELINE_NONE);
        for (uint32_t k = r.from; k < i; k++)
            if (t->enrolment[k].school == e->school)
                assert_true(t->enrolment[k].end <= e->start);
    }
}

static void
whatever_the_rows_enrolments_have_days_and_one_school_has_a_child_once(void **state)
{
    struct facts f = facts_of(state);
    struct random r = random_stream(99, 0, 0);
    const struct timeline *t;

    print_message("seed 99\n");
    f.j->limit = 256 * (size_t)JOB_MB;
    assert_ok(f.j, db_begin(f.j));
    for (int i = 0; i < 9; i++) {
        facts_batch(&f, 2020 + i / 3, (enum term)(i % 3 + 1));
        for (int64_t p = 1; p <= 150; p++)
            for (int64_t n = random_below(&r, 3); n > 0; n--)
                random_row(&f, &r, p);
    }
    assert_ok(f.j, db_commit(f.j));
    t = built(&f);
    for (uint32_t p = 0; p < t->n[TIMELINE_PERSON]; p++)
        check_person(t, p);
    for (uint32_t i = 0; i < t->n[TIMELINE_CENSUS]; i++) {
        const struct timeline_census *c = &t->census[i];
        if (c->flags & CENSUS_ON_ROLL && is_last_word(t, i))
            assert_true(is_on(t, c, timeline_census_day(c->school_year, c->term)));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(one_enrolment_shown_by_many_censuses_is_one),
        SUPPORT_TEST(a_leaving_date_is_the_last_day_on_roll),
        SUPPORT_TEST(a_child_that_the_next_return_lacks_has_left_by_the_end_of_term),
        SUPPORT_TEST(a_school_that_sends_nothing_more_has_lost_nobody),
        SUPPORT_TEST(the_next_school_tells_when_a_child_left_without_a_date),
        SUPPORT_TEST(a_child_who_left_and_came_back_has_two_enrolments),
        SUPPORT_TEST(a_leaver_seen_twice_is_one_enrolment_and_a_later_date_stands),
        SUPPORT_TEST(a_leaving_that_was_taken_back_is_no_leaving),
        SUPPORT_TEST(odd_dates_are_flagged_and_still_give_a_day),
        SUPPORT_TEST(a_corrected_entry_date_is_not_a_new_enrolment),
        SUPPORT_TEST(the_main_enrolment_of_a_dual_registered_child_is_the_main_one),
        SUPPORT_TEST(two_main_enrolments_at_once_are_flagged_and_the_later_counts),
        SUPPORT_TEST(a_change_from_main_to_subsidiary_parts_an_enrolment),
        SUPPORT_TEST(a_stay_within_another_main_enrolment_was_the_second_one),
        SUPPORT_TEST(a_school_that_became_another_carries_its_children_on),
        SUPPORT_TEST(whatever_the_rows_enrolments_have_days_and_one_school_has_a_child_once),
        SUPPORT_TEST(a_leaver_told_by_the_school_that_took_over_was_no_guest_there),
        SUPPORT_TEST(a_return_sent_again_replaces_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
