#include "built.h"

/* Secondary schools A, B; primary P; alternative provision R; special S. */
enum { A = 900001, B = 900002, P = 900003, R = 900004, S = 900005 };

static struct facts
schools_of(void **state)
{
    struct facts f = facts_of(state);

    facts_school(&f, (struct facts_school){.urn = A});
    facts_school(&f, (struct facts_school){.urn = B});
    facts_school(&f, (struct facts_school){.urn = P, .phase = "primary", .low = 4, .high = 11});
    facts_school(&f, (struct facts_school){.urn = R, .phase = "ap", .type = 14});
    facts_school(&f, (struct facts_school){.urn = S, .phase = "special", .type = 7, .low = 2,
                                           .high = 19});
    facts_postcode(&f, "CH1 1AA", "E01000001", 3);
    facts_postcode(&f, "CH1 1AB", "E01000001", 3); /* the same area */
    facts_postcode(&f, "CH2 2AA", "E01000002", 5);
    return f;
}

/* A census of the area: child 8 stays where it is, so that every school sends a return. */
static void
census(struct facts *f, int32_t year, enum term term)
{
    facts_batch(f, year, term);
    for (int64_t urn = A; urn <= S; urn++)
        facts_pupil(f, (struct facts_pupil){.person = urn, .urn = urn, .year_group = 5,
                                            .entered = day(2019, 9, 2)});
}

static void
at(struct facts *f, int64_t urn, int32_t entered, const char *postcode)
{
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = urn, .entered = entered,
                                        .postcode = postcode});
}

static void
left(struct facts *f, int64_t urn, int32_t entered, int32_t last)
{
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = urn, .entered = entered,
                                        .left = last, .left_roll = true, .year_group = -2});
}

static const struct timeline_move *
only(const struct timeline *t)
{
    struct timeline_range r = rows_of(t, TIMELINE_MOVE, 7);

    assert_int_equal(r.to - r.from, 1);
    return &t->move[r.from];
}

/* From A to B in December of Year 9, at home in the two places. */
static const struct timeline *
moved_in_december(struct facts *f, const char *before, const char *after)
{
    census(f, 2023, TERM_AUTUMN);
    at(f, A, day(2021, 9, 6), before);
    census(f, 2023, TERM_SPRING);
    left(f, A, day(2021, 9, 6), day(2023, 12, 8));
    at(f, B, day(2023, 12, 11), after);
    return built(f);
}

static void
a_move_with_a_new_home_is_the_familys(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t = moved_in_december(&f, "CH1 1AA", "CH1 1AB");
    const struct timeline_move *m = only(t);

    assert_int_equal(m->kind, MOVE_FAMILY);
    assert_int_equal(m->on, day(2023, 12, 9));
    assert_int_equal(m->next, day(2023, 12, 11));
    assert_int_equal(m->evidence, EVIDENCE_ADDRESS | EVIDENCE_MID_YEAR);
    assert_int_equal(m->year_group, 9);
    assert_int_equal(m->school_year, 2023);
    assert_int_equal(urn_of(t, t->enrolment[m->to].school), B);
}

static void
a_move_without_one_is_unexplained(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t = moved_in_december(&f, "CH1 1AA", "CH1 1AA");

    assert_int_equal(only(t)->kind, MOVE_UNEXPLAINED);
    assert_int_equal(only(t)->evidence, EVIDENCE_MID_YEAR);
}

static void
an_address_that_is_not_known_is_said_to_be(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t = moved_in_december(&f, "CH1 1AA", NULL);

    assert_int_equal(only(t)->kind, MOVE_UNEXPLAINED);
    assert_true(only(t)->evidence & EVIDENCE_ADDRESS_UNKNOWN);
}

static void
a_straight_move_after_a_suspension_may_be_managed(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2023, 11, 6)});
    t = moved_in_december(&f, "CH1 1AA", "CH1 1AA");
    assert_int_equal(only(t)->kind, MOVE_MANAGED);
    assert_int_equal(only(t)->certainty, MOVE_POSSIBLE);
    assert_true(only(t)->evidence & EVIDENCE_SUSPENDED);
}

static void
a_straight_move_after_unauthorised_absence_may_be_managed(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN);
    at(&f, A, day(2021, 9, 6), "CH1 1AA");
    census(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2021, 9, 6),
                                         .left = day(2023, 12, 8), .left_roll = true,
                                         .marks = "/ 90 O 20"});
    at(&f, B, day(2023, 12, 11), "CH1 1AA");
    t = built(&f);
    assert_int_equal(only(t)->kind, MOVE_MANAGED);
    assert_int_equal(only(t)->evidence, EVIDENCE_UNAUTHORISED | EVIDENCE_MID_YEAR);
}

static void
a_change_of_phase_in_summer_is_structural(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2022, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = P, .entered = day(2016, 9, 5),
                                         .year_group = 6});
    census(&f, 2023, TERM_AUTUMN);
    left(&f, P, day(2016, 9, 5), day(2023, 7, 21));
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2023, 9, 4),
                                         .year_group = 7});
    t = built(&f);
    assert_int_equal(only(t)->kind, MOVE_STRUCTURAL);
    assert_int_equal(only(t)->year_group, 6);
    assert_int_equal(only(t)->school_year, 2022);
}

static void
a_change_of_school_in_summer_within_the_phase_is_not(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2022, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2021, 9, 5),
                                         .year_group = 8, .postcode = "CH1 1AA"});
    census(&f, 2023, TERM_AUTUMN);
    left(&f, A, day(2021, 9, 5), day(2023, 8, 31));
    at(&f, B, day(2023, 9, 4), "CH1 1AA");
    t = built(&f);
    assert_int_equal(only(t)->kind, MOVE_UNEXPLAINED);
    assert_int_equal(only(t)->year_group, 8);
    assert_int_equal(only(t)->school_year, 2022);
    assert_false(only(t)->evidence & EVIDENCE_MID_YEAR);
}

static void
what_follows_a_permanent_exclusion_is_its_consequence(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .category = "PERM",
                                                   .sessions = -1,
                                                   .started = day(2023, 11, 20)});
    t = moved_in_december(&f, "CH1 1AA", "CH2 2AA");
    assert_int_equal(only(t)->kind, MOVE_EXCLUDED);
    assert_true(only(t)->evidence & EVIDENCE_EXCLUSION);
}

static void
alternative_provision_is_neither_explained_nor_unexplained(void **state)
{
    struct facts f = schools_of(state);
    struct timeline_range r;
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN);
    at(&f, A, day(2021, 9, 6), "CH1 1AA");
    census(&f, 2023, TERM_SPRING);
    left(&f, A, day(2021, 9, 6), day(2023, 12, 8));
    at(&f, R, day(2023, 12, 11), "CH1 1AA");
    census(&f, 2023, TERM_SUMMER);
    left(&f, R, day(2023, 12, 11), day(2024, 3, 1));
    at(&f, B, day(2024, 3, 4), "CH1 1AA");
    t = built(&f);
    r = rows_of(t, TIMELINE_MOVE, 7);
    assert_int_equal(r.to - r.from, 2);
    assert_int_equal(t->move[r.from].kind, MOVE_TO_AP);
    assert_int_equal(t->move[r.from + 1].kind, MOVE_FROM_AP);
}

static void
a_move_to_a_special_school_with_a_plan_is_explained(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN);
    at(&f, A, day(2021, 9, 6), "CH1 1AA");
    census(&f, 2023, TERM_SPRING);
    left(&f, A, day(2021, 9, 6), day(2023, 12, 8));
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = S, .entered = day(2023, 12, 11),
                                         .postcode = "CH1 1AA", .sen = "E"});
    t = built(&f);
    assert_int_equal(only(t)->kind, MOVE_FAMILY);
    assert_true(only(t)->evidence & EVIDENCE_PLAN);
}

static void
a_change_of_placement_while_looked_after_explains_a_move(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2024, .kind = "care",
                                       .source_kind = "ssda903", .started = day(2019, 5, 1)});
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2024, .kind = "placement",
                                       .source_kind = "ssda903", .placement = "U6",
                                       .started = day(2023, 11, 20), .ended = day(2023, 11, 21)});
    t = moved_in_december(&f, "CH1 1AA", "CH1 1AA");
    assert_int_equal(only(t)->kind, MOVE_FAMILY);
    assert_true(only(t)->evidence & EVIDENCE_PLACEMENT);
    assert_false(only(t)->evidence & EVIDENCE_CARE); /* looked after long before */
}

/* ---- trials ---- */

/* At A as main; at B as subsidiary or guest from 6 November to 2 February. */
static void
trial(struct facts *f, const char *status)
{
    census(f, 2023, TERM_AUTUMN);
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2021, 9, 6),
                                        .status = "C", .postcode = "CH1 1AA"});
    census(f, 2023, TERM_SPRING);
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2021, 9, 6),
                                        .status = "M", .postcode = "CH1 1AA"});
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = B, .entered = day(2023, 11, 6),
                                        .status = status, .postcode = "CH1 1AA"});
}

static void
a_trial_that_becomes_the_main_school_is_a_managed_move(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    trial(&f, "S");
    census(&f, 2023, TERM_SUMMER);
    left(&f, A, day(2021, 9, 6), day(2024, 2, 2));
    left(&f, B, day(2023, 11, 6), day(2024, 2, 2));
    at(&f, B, day(2024, 2, 5), "CH1 1AA");
    t = built(&f);
    assert_int_equal(only(t)->kind, MOVE_MANAGED);
    assert_int_equal(only(t)->certainty, MOVE_PROBABLE);
    assert_int_equal(only(t)->outcome, TRIAL_SUCCEEDED);
    assert_int_equal(only(t)->on, day(2023, 11, 6));
    assert_int_equal(only(t)->next, day(2024, 2, 5));
    assert_true(only(t)->evidence & EVIDENCE_DUAL);
}

static void
a_trial_after_which_the_main_school_goes_on_has_failed(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    trial(&f, "G");
    census(&f, 2023, TERM_SUMMER);
    at(&f, A, day(2021, 9, 6), "CH1 1AA");
    left(&f, B, day(2023, 11, 6), day(2024, 2, 2));
    t = built(&f);
    assert_int_equal(only(t)->kind, MOVE_MANAGED);
    assert_int_equal(only(t)->outcome, TRIAL_FAILED);
    assert_int_equal(only(t)->to, TIMELINE_NONE);
}

static void
a_trial_that_goes_on_is_open(void **state)
{
    struct facts f = schools_of(state);
    struct timeline_order order;
    const struct timeline *t;

    trial(&f, "S");
    order = order_now(&f);
    order.as_of = day(2024, 1, 31);
    t = built_as(&f, order);
    assert_int_equal(only(t)->outcome, TRIAL_OPEN);
}

static void
a_subsidiary_place_is_no_trial_when_long_short_elsewhere_or_with_a_new_home(void **state)
{
    struct facts f = schools_of(state);
    struct timeline_range r;
    const struct timeline *t;

    trial(&f, "S"); /* long: to June 2025 */
    t = built(&f);
    r = rows_of(t, TIMELINE_MOVE, 7);
    assert_int_equal(r.to - r.from, 0);
    census(&f, 2023, TERM_SUMMER); /* short: a week */
    at(&f, A, day(2021, 9, 6), "CH1 1AA");
    left(&f, B, day(2023, 11, 6), day(2023, 11, 10));
    t = built(&f);
    r = rows_of(t, TIMELINE_MOVE, 7);
    assert_int_equal(r.to - r.from, 0);
}

static const char sql_term[] =
    "INSERT INTO term_date (area_id, batch_id, file_id, line, urn, started, ended, kind) "
    "VALUES (1, $1, 9, 1, NULL, $2, $3, 'term')";

static void
a_trial_is_measured_in_the_days_that_schools_were_open(void **state)
{
    struct facts f = schools_of(state);
    struct timeline_range r;
    const struct timeline *t;

    trial(&f, "S");
    census(&f, 2023, TERM_SUMMER);
    at(&f, A, day(2021, 9, 6), "CH1 1AA");
    left(&f, B, day(2023, 11, 6), day(2024, 2, 2));
    /* open in 2023/24 from 29 January on: five days of the trial, too few */
    assert_ok(f.j, db_run(f.j, sql_term,
                          ARGS(INT(f.batch), INT(day(2024, 1, 29)), INT(day(2024, 7, 20))),
                          NULL));
    t = built(&f);
    r = rows_of(t, TIMELINE_MOVE, 7);
    assert_int_equal(r.to - r.from, 0);
}

static void
a_subsidiary_place_with_a_new_home_is_no_trial(void **state)
{
    struct facts f = schools_of(state);
    struct timeline_range r;
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN);
    at(&f, A, day(2021, 9, 6), "CH2 2AA");
    trial(&f, "S");
    facts_withdraw(&f, 2);
    census(&f, 2023, TERM_SUMMER);
    at(&f, A, day(2021, 9, 6), "CH1 1AA");
    left(&f, B, day(2023, 11, 6), day(2024, 2, 2));
    t = built(&f);
    r = rows_of(t, TIMELINE_MOVE, 7);
    assert_int_equal(r.to - r.from, 0);
}

/* ---- exits ---- */

static const struct timeline *
exits(struct facts *f, int year_group, int32_t last, enum term seen)
{
    census(f, 2023, TERM_AUTUMN);
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2019, 9, 6),
                                        .year_group = year_group, .postcode = "CH1 1AA"});
    for (int term = TERM_SPRING; term <= (int)seen; term++) {
        census(f, 2023, (enum term)term);
        if (last < timeline_census_day(2023, (enum term)term))
            left(f, A, day(2019, 9, 6), last);
        else
            facts_pupil(f, (struct facts_pupil){.person = 7, .urn = A, .postcode = "CH1 1AA",
                                                .entered = day(2019, 9, 6),
                                                .year_group = year_group});
    }
    return built(f);
}

static void
a_child_who_leaves_for_no_other_roll_has_exited(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t = exits(&f, 10, day(2023, 11, 24), TERM_SUMMER);

    assert_int_equal(only(t)->kind, MOVE_EXIT);
    assert_int_equal(only(t)->on, day(2023, 11, 25));
    assert_int_equal(only(t)->to, TIMELINE_NONE);
    assert_int_equal(only(t)->year_group, 10);
    assert_true(only(t)->evidence & EVIDENCE_LATE_KEY_STAGE);
    assert_false(only(t)->evidence & EVIDENCE_EXCLUSION);
}

static void
an_exit_after_a_permanent_exclusion_says_so(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .category = "PERM",
                                                   .sessions = -1,
                                                   .started = day(2023, 11, 20)});
    t = exits(&f, 9, day(2023, 11, 24), TERM_SUMMER);
    assert_int_equal(only(t)->kind, MOVE_EXIT);
    assert_true(only(t)->evidence & EVIDENCE_EXCLUSION);
}

static void
an_exit_just_before_the_last_census_waits(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t = exits(&f, 9, day(2024, 1, 5), TERM_SPRING);

    assert_int_equal(only(t)->kind, MOVE_WAITING);
}

static void
the_end_of_year_11_and_of_a_schools_last_year_are_no_exits(void **state)
{
    struct facts f = schools_of(state);
    struct timeline_range r;
    const struct timeline *t;

    census(&f, 2022, TERM_SUMMER);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2018, 9, 6),
                                         .year_group = 11});
    facts_pupil(&f, (struct facts_pupil){.person = 9, .urn = P, .entered = day(2016, 9, 6),
                                         .year_group = 6});
    census(&f, 2023, TERM_AUTUMN);
    left(&f, A, day(2018, 9, 6), day(2023, 7, 7));
    facts_pupil(&f, (struct facts_pupil){.person = 9, .urn = P, .entered = day(2016, 9, 6),
                                         .left = day(2023, 7, 21), .left_roll = true,
                                         .year_group = -2});
    census(&f, 2023, TERM_SPRING);
    t = built(&f);
    r = rows_of(t, TIMELINE_MOVE, 7);
    assert_int_equal(r.to - r.from, 0);
    r = rows_of(t, TIMELINE_MOVE, 9);
    assert_int_equal(r.to - r.from, 0);
}

static void
leaving_in_spring_of_year_11_is_an_exit(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t = exits(&f, 11, day(2024, 2, 9), TERM_SUMMER);

    assert_int_equal(only(t)->kind, MOVE_EXIT);
}

/* A temporary number changes: another identity of the same person. */
static void
a_temporary_number_that_becomes_permanent_is_no_move(void **state)
{
    struct facts f = schools_of(state);
    struct timeline_range r;
    const struct timeline *t;

    census(&f, 2023, TERM_AUTUMN);
    facts_identity(&f, (struct facts_identity){.identity = 71, .person = 7,
                                               .upn = "G80120000101A"});
    facts_identity(&f, (struct facts_identity){.identity = 72, .person = 7,
                                               .upn = "H801200001001"});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .identity = 71, .urn = A,
                                         .entered = day(2023, 9, 11)});
    census(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .identity = 72, .urn = A,
                                         .entered = day(2023, 9, 11)});
    t = built(&f);
    r = rows_of(t, TIMELINE_ENROLMENT, 7);
    assert_int_equal(r.to - r.from, 1);
    assert_int_equal(t->person[timeline_person_find(t, 7)].identity_id, 72);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_move_with_a_new_home_is_the_familys),
        SUPPORT_TEST(a_move_without_one_is_unexplained),
        SUPPORT_TEST(an_address_that_is_not_known_is_said_to_be),
        SUPPORT_TEST(a_straight_move_after_a_suspension_may_be_managed),
        SUPPORT_TEST(a_straight_move_after_unauthorised_absence_may_be_managed),
        SUPPORT_TEST(a_change_of_phase_in_summer_is_structural),
        SUPPORT_TEST(a_change_of_school_in_summer_within_the_phase_is_not),
        SUPPORT_TEST(what_follows_a_permanent_exclusion_is_its_consequence),
        SUPPORT_TEST(alternative_provision_is_neither_explained_nor_unexplained),
        SUPPORT_TEST(a_move_to_a_special_school_with_a_plan_is_explained),
        SUPPORT_TEST(a_change_of_placement_while_looked_after_explains_a_move),
        SUPPORT_TEST(a_trial_that_becomes_the_main_school_is_a_managed_move),
        SUPPORT_TEST(a_trial_after_which_the_main_school_goes_on_has_failed),
        SUPPORT_TEST(a_trial_that_goes_on_is_open),
        SUPPORT_TEST(a_subsidiary_place_is_no_trial_when_long_short_elsewhere_or_with_a_new_home),
        SUPPORT_TEST(a_trial_is_measured_in_the_days_that_schools_were_open),
        SUPPORT_TEST(a_subsidiary_place_with_a_new_home_is_no_trial),
        SUPPORT_TEST(a_child_who_leaves_for_no_other_roll_has_exited),
        SUPPORT_TEST(an_exit_after_a_permanent_exclusion_says_so),
        SUPPORT_TEST(an_exit_just_before_the_last_census_waits),
        SUPPORT_TEST(the_end_of_year_11_and_of_a_schools_last_year_are_no_exits),
        SUPPORT_TEST(leaving_in_spring_of_year_11_is_an_exit),
        SUPPORT_TEST(a_temporary_number_that_becomes_permanent_is_no_move),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
