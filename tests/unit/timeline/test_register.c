/* Leaver returns, registers and outcomes of reviews: what they make of a child's time. */
#include "built.h"
#include "people/entry.h"
#include "people/ground.h"

/* Secondary schools A, B; alternative provision R. */
enum { A = 900001, B = 900002, R = 900004 };

static struct facts
schools_of(void **state)
{
    struct facts f = facts_of(state);

    facts_school(&f, (struct facts_school){.urn = A});
    facts_school(&f, (struct facts_school){.urn = B});
    facts_school(&f, (struct facts_school){.urn = R, .phase = "ap", .type = 14});
    facts_postcode(&f, "CH1 1AA", "E01000001", 3);
    return f;
}

/* A census of the area: others stay where they are, so that every school sends a return. */
static void
census(struct facts *f, int32_t year, enum term term)
{
    facts_batch(f, year, term);
    for (int64_t urn = A; urn <= R; urn += urn == B ? 2 : 1)
        facts_pupil(f, (struct facts_pupil){.person = urn, .urn = urn, .year_group = 5,
                                            .entered = day(2019, 9, 2)});
}

static void
at(struct facts *f, int64_t urn, int32_t entered, const char *status)
{
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = urn, .entered = entered,
                                        .postcode = "CH1 1AA", .status = status});
}

static void
left(struct facts *f, int64_t urn, int32_t entered, int32_t last)
{
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = urn, .entered = entered,
                                        .left = last, .left_roll = true, .year_group = -2});
}

static const struct timeline_move *
only_move(const struct timeline *t)
{
    struct timeline_range r = rows_of(t, TIMELINE_MOVE, 7);

    assert_int_equal(r.to - r.from, 1);
    return &t->move[r.from];
}

static const struct timeline_entry *
only_entry(const struct timeline *t)
{
    struct timeline_range r = rows_of(t, TIMELINE_ENTRY, 7);

    assert_int_equal(r.to - r.from, 1);
    return &t->entry[r.from];
}

/* ---- registers --------------------------------------------------------------------------- */

static void
an_open_entry_runs_to_the_day_of_the_data(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2024, TERM_AUTUMN);
    facts_entry(&f, (struct facts_entry){.person = 7, .started = day(2025, 3, 4), .urn = A,
                                         .reason = "school suggestion"});
    t = built(&f);
    assert_int_equal(only_entry(t)->kind, ENTRY_EHE);
    assert_int_equal(only_entry(t)->end, f.j->today + 1);
    assert_int_equal(only_entry(t)->flags, ENTRY_OPEN | ENTRY_PRESSED);
    assert_int_not_equal(timeline_spell_on(t, timeline_person_find(t, 7), SPELL_HOME_EDUCATED,
                                           f.j->today), TIMELINE_NONE);
}

static void
an_entry_told_again_with_its_end_is_one(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2024, TERM_AUTUMN);
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "CME", .started = day(2024, 9, 9)});
    facts_batch(&f, 2024, TERM_SPRING);
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "CME", .started = day(2024, 9, 9),
                                         .ended = day(2024, 11, 2)});
    t = built(&f);
    assert_int_equal(only_entry(t)->end, day(2024, 11, 2));
    assert_int_equal(only_entry(t)->flags, 0);
}

static void
what_begins_after_the_data_end_does_not_count(void **state)
{
    struct facts f = schools_of(state);
    struct timeline_order order;
    const struct timeline *t;

    census(&f, 2024, TERM_AUTUMN);
    at(&f, A, day(2021, 9, 6), "C");
    facts_entry(&f, (struct facts_entry){.person = 7, .started = day(2025, 3, 4)});
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2025, 3, 3),
                                           .ground = "F"});
    order = order_now(&f);
    order.as_of = day(2025, 3, 1);
    t = built_as(&f, order);
    assert_int_equal(t->n[TIMELINE_ENTRY], 0);
    assert_int_equal(t->n[TIMELINE_LEAVER], 0);
    assert_int_equal(t->head->left_out, 2);
}

static void
a_child_on_a_register_alone_is_there(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2024, TERM_AUTUMN);
    facts_entry(&f, (struct facts_entry){.person = 7, .started = day(2023, 3, 4)});
    t = built(&f);
    assert_int_equal(rows_of(t, TIMELINE_ENROLMENT, 7).from, rows_of(t, TIMELINE_ENROLMENT, 7).to);
    assert_int_equal(only_entry(t)->start, day(2023, 3, 4));
}

static void
a_register_tells_of_each_year_of_its_entries(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;
    struct timeline_wanted w = {.kind = RETURN_REGISTER, .school = TIMELINE_NONE,
                                .what = ENTRY_EHE + 1};

    census(&f, 2024, TERM_AUTUMN);
    facts_entry(&f, (struct facts_entry){.person = 7, .started = day(2022, 11, 4),
                                         .ended = day(2024, 1, 5)});
    t = built(&f);
    for (w.school_year = 2021; w.school_year <= 2024; w.school_year++)
        assert_int_equal(timeline_has(t, &w), w.school_year == 2022 || w.school_year == 2023);
    w.school_year = 2022;
    w.what = ENTRY_CME + 1;
    assert_false(timeline_has(t, &w));
}

/* ---- leaving ----------------------------------------------------------------------------- */

/* On roll of A in the autumn, gone by spring; nobody else has the child. */
static void
gone_by_spring(struct facts *f)
{
    census(f, 2024, TERM_AUTUMN);
    at(f, A, day(2021, 9, 6), "C");
    census(f, 2024, TERM_SPRING);
    left(f, A, day(2021, 9, 6), day(2024, 12, 13));
    census(f, 2024, TERM_SUMMER);
}

static void
leaving_no_school_without_a_word_is_an_exit(void **state)
{
    struct facts f = schools_of(state);

    gone_by_spring(&f);
    assert_int_equal(only_move(built(&f))->kind, MOVE_EXIT);
}

static void
a_ground_that_explains_is_on_the_enrolment_and_the_move(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline_enrolment *e;
    const struct timeline *t;

    gone_by_spring(&f);
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2024, 12, 16),
                                           .ground = "F"});
    t = built(&f);
    e = &t->enrolment[rows_of(t, TIMELINE_ENROLMENT, 7).from];
    assert_int_equal(e->ground, 'F');
    assert_int_equal(e->says, GROUND_SAYS_HOME);
    assert_int_equal(e->end, day(2024, 12, 14)); /* the census's own day stands */
    assert_int_equal(t->leaver[0].enrolment, rows_of(t, TIMELINE_ENROLMENT, 7).from);
    assert_int_equal(only_move(t)->kind, MOVE_EXPLAINED);
    assert_true(only_move(t)->evidence & EVIDENCE_HOME);
}

static void
another_school_explains_an_exit_only_by_name(void **state)
{
    struct facts f = schools_of(state);

    gone_by_spring(&f);
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2024, 12, 13),
                                           .ground = "A"});
    assert_int_equal(only_move(built(&f))->kind, MOVE_EXIT);
    facts_batch(&f, 2024, TERM_SUMMER);
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2024, 12, 13),
                                           .ground = "A", .destination = 100200});
    assert_int_equal(only_move(built(&f))->kind, MOVE_EXPLAINED);
}

static void
an_entry_on_a_register_explains_an_exit(void **state)
{
    static const char *const kinds[] = {"EHE", "CME", "AP"};
    struct facts f = schools_of(state);

    gone_by_spring(&f);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int64_t batch = facts_batch(&f, 2024, TERM_SUMMER);
        facts_entry(&f, (struct facts_entry){.person = 7, .kind = kinds[i],
                                             .started = day(2025, 1, 6)});
        assert_int_equal(only_move(built(&f))->kind, MOVE_EXPLAINED);
        facts_withdraw(&f, batch);
    }
    facts_batch(&f, 2024, TERM_SUMMER);
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "EH", .started = day(2025, 1, 6)});
    assert_int_equal(only_move(built(&f))->kind, MOVE_EXIT);
}

/* Before any census lacks the child, the return tells that it left, and when. */
static void
a_leaver_return_is_known_before_the_next_census(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline_enrolment *e;
    const struct timeline *t;

    census(&f, 2024, TERM_SPRING);
    at(&f, A, day(2021, 9, 6), "C");
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2025, 5, 2),
                                           .ground = "I"});
    t = built(&f);
    e = &t->enrolment[rows_of(t, TIMELINE_ENROLMENT, 7).from];
    assert_int_equal(e->end, day(2025, 5, 3));
    assert_true(e->quality & ENROLMENT_END_TOLD);
    assert_int_equal(only_move(t)->kind, MOVE_EXPLAINED);
    assert_true(only_move(t)->evidence & EVIDENCE_MISSING);
}

/* A census after that day still has the child: the census stands, the return is a question. */
static void
a_census_after_the_leaver_return_stands(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    census(&f, 2024, TERM_SPRING);
    at(&f, A, day(2021, 9, 6), "C");
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2024, 12, 2),
                                           .ground = "I"});
    t = built(&f);
    assert_int_equal(t->enrolment[rows_of(t, TIMELINE_ENROLMENT, 7).from].end, DATE_OPEN);
    assert_int_equal(rows_of(t, TIMELINE_MOVE, 7).from, rows_of(t, TIMELINE_MOVE, 7).to);
    assert_int_equal(t->leaver[0].enrolment, TIMELINE_NONE);
}

static void
the_leaver_return_told_last_stands(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    gone_by_spring(&f);
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2024, 12, 13),
                                           .ground = "F", .notified = day(2025, 1, 20)});
    facts_batch(&f, 2024, TERM_SUMMER);
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2024, 12, 13),
                                           .ground = "C", .notified = day(2024, 12, 14)});
    t = built(&f);
    assert_int_equal(t->n[TIMELINE_LEAVER], 1);
    assert_int_equal(t->leaver[0].ground, 'F');
}

/* ---- managed moves ----------------------------------------------------------------------- */

/* At A in the autumn, at B in spring, with nothing that explains it. */
static void
moved_to_b(struct facts *f)
{
    census(f, 2024, TERM_AUTUMN);
    at(f, A, day(2021, 9, 6), "C");
    census(f, 2024, TERM_SPRING);
    left(f, A, day(2021, 9, 6), day(2024, 12, 6));
    at(f, B, day(2024, 12, 9), "C");
}

static void
a_managed_move_on_record_tells_the_change(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline_move *m;
    const struct timeline *t;

    moved_to_b(&f);
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "MM", .started = day(2024, 12, 2),
                                         .urn = A, .provider = B, .outcome = "Succeeded"});
    t = built(&f);
    m = only_move(t);
    assert_int_equal(m->kind, MOVE_MANAGED);
    assert_int_equal(m->certainty, MOVE_RECORDED);
    assert_int_equal(m->outcome, TRIAL_SUCCEEDED);
    assert_int_equal(m->on, day(2024, 12, 2));
    assert_int_equal(m->next, day(2024, 12, 9));
    assert_int_equal(urn_of(t, t->enrolment[m->to].school), B);
}

/* A trial with a second registration: the register has it, so that it is not told twice. */
static void
a_trial_on_record_is_told_once(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline_move *m;
    const struct timeline *t;

    census(&f, 2024, TERM_AUTUMN);
    at(&f, A, day(2021, 9, 6), "C");
    census(&f, 2024, TERM_SPRING);
    at(&f, A, day(2021, 9, 6), "C");
    at(&f, B, day(2024, 11, 11), "S");
    census(&f, 2024, TERM_SUMMER);
    at(&f, A, day(2021, 9, 6), "C");
    left(&f, B, day(2024, 11, 11), day(2025, 1, 31));
    m = only_move(built(&f));
    assert_int_equal(m->certainty, MOVE_PROBABLE);
    assert_int_equal(m->outcome, TRIAL_FAILED);
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "MM", .started = day(2024, 11, 11),
                                         .urn = A, .provider = B});
    t = built(&f);
    m = only_move(t);
    assert_int_equal(m->certainty, MOVE_RECORDED);
    assert_int_equal(m->outcome, TRIAL_FAILED);
    assert_true(m->evidence & EVIDENCE_DUAL && m->evidence & EVIDENCE_REGISTER);
}

/* It failed, and the child went back: neither way is an unexplained move. */
static void
the_way_back_from_a_failed_move_is_told_with_it(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;

    moved_to_b(&f);
    census(&f, 2024, TERM_SUMMER);
    left(&f, B, day(2024, 12, 9), day(2025, 3, 7));
    at(&f, A, day(2025, 3, 10), "C");
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "MM", .started = day(2024, 12, 9),
                                         .urn = A, .provider = B, .outcome = "failed"});
    t = built(&f);
    assert_int_equal(only_move(t)->kind, MOVE_MANAGED);
    assert_int_equal(only_move(t)->outcome, TRIAL_FAILED);
}

static void
a_fair_access_placement_or_a_new_home_far_away_explains_a_move(void **state)
{
    struct facts f = schools_of(state);
    int64_t batch;

    moved_to_b(&f);
    assert_int_equal(only_move(built(&f))->kind, MOVE_UNEXPLAINED);
    batch = facts_batch(&f, 2024, TERM_SPRING);
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "FAP", .started = day(2024, 12, 9),
                                         .provider = B});
    assert_int_equal(only_move(built(&f))->kind, MOVE_FAMILY);
    facts_withdraw(&f, batch);
    batch = facts_batch(&f, 2024, TERM_SPRING);
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "FAP", .started = day(2024, 12, 9),
                                         .provider = R});
    assert_int_equal(only_move(built(&f))->kind, MOVE_UNEXPLAINED);
    facts_leaver(&f, (struct facts_leaver){.person = 7, .urn = A, .left = day(2024, 12, 6),
                                           .ground = "G", .destination = B});
    assert_int_equal(only_move(built(&f))->kind, MOVE_FAMILY);
    assert_true(only_move(built(&f))->evidence & EVIDENCE_GROUND);
}

/* ---- exclusions -------------------------------------------------------------------------- */

static const struct timeline_event *
excluded(struct facts *f, const char *first, const char *second)
{
    const struct timeline *t;

    census(f, 2024, TERM_SPRING);
    at(f, A, day(2021, 9, 6), "C");
    facts_suspension(f, (struct facts_suspension){.person = 7, .urn = A, .category = "PERM",
                                                  .started = day(2024, 11, 4), .sessions = -1});
    facts_outcome(f, (struct facts_outcome){.person = 7, .urn = A, .started = day(2024, 11, 4),
                                            .decided = day(2024, 11, 25), .result = first});
    if (second)
        facts_outcome(f, (struct facts_outcome){.person = 7, .urn = A, .result = second,
                                                .started = day(2024, 11, 4),
                                                .decided = day(2025, 1, 25),
                                                .stage = "review panel"});
    t = built(f);
    assert_int_equal(rows_of(t, TIMELINE_EVENT, 7).to - rows_of(t, TIMELINE_EVENT, 7).from, 1);
    return &t->event[rows_of(t, TIMELINE_EVENT, 7).from];
}

static void
an_exclusion_counts_unless_the_last_review_says_otherwise(void **state)
{
    static const struct {
        const char *first, *second;
        int counts;
    } cases[] = {
        {"ANO", NULL, 1},  {"FRE", NULL, 0},  {"HWD", NULL, 0}, {"DNO", NULL, 1},
        {"GNO", "INO", 1}, {"GNO", "JRE", 0}, {"GNO", "KRE", 0}, {"FRE", "INO", 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct facts f;
        if (i) {
            support_stop(state);
            support_start(state);
        }
        f = schools_of(state);
        assert_int_equal(excluded(&f, cases[i].first, cases[i].second)->counts, cases[i].counts);
    }
}

static void
a_notice_told_later_wins_whenever_it_was_loaded(void **state)
{
    struct facts f = schools_of(state);
    const struct timeline *t;
    struct timeline_range r;

    census(&f, 2024, TERM_SPRING);
    at(&f, A, day(2021, 9, 6), "C");
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "amended",
                                                   .started = day(2025, 4, 28), .sessions = 4,
                                                   .notified = day(2025, 4, 30)});
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "cancelled",
                                                   .started = day(2025, 5, 12), .sessions = 4,
                                                   .notified = day(2025, 5, 14)});
    facts_batch(&f, 2024, TERM_SPRING);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "new",
                                                   .started = day(2025, 4, 28), .sessions = 10,
                                                   .notified = day(2025, 4, 28)});
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "new",
                                                   .started = day(2025, 5, 12), .sessions = 10,
                                                   .notified = day(2025, 5, 12)});
    t = built(&f);
    r = rows_of(t, TIMELINE_SUSPENSION, 7);
    assert_int_equal(r.to - r.from, 2);
    assert_int_equal(t->suspension[r.from].sessions, 4);
    assert_int_equal(t->suspension[r.from].state, STATE_NOT_CONFIRMED);
    assert_int_equal(t->suspension[r.from].n_sources, 2); /* both stay to be shown */
    assert_int_equal(t->suspension[r.from + 1].state, STATE_CANCELLED);
    assert_int_equal(t->event[t->suspension[r.from + 1].event].counts, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_open_entry_runs_to_the_day_of_the_data),
        SUPPORT_TEST(an_entry_told_again_with_its_end_is_one),
        SUPPORT_TEST(what_begins_after_the_data_end_does_not_count),
        SUPPORT_TEST(a_child_on_a_register_alone_is_there),
        SUPPORT_TEST(a_register_tells_of_each_year_of_its_entries),
        SUPPORT_TEST(leaving_no_school_without_a_word_is_an_exit),
        SUPPORT_TEST(a_ground_that_explains_is_on_the_enrolment_and_the_move),
        SUPPORT_TEST(another_school_explains_an_exit_only_by_name),
        SUPPORT_TEST(an_entry_on_a_register_explains_an_exit),
        SUPPORT_TEST(a_leaver_return_is_known_before_the_next_census),
        SUPPORT_TEST(a_census_after_the_leaver_return_stands),
        SUPPORT_TEST(the_leaver_return_told_last_stands),
        SUPPORT_TEST(a_managed_move_on_record_tells_the_change),
        SUPPORT_TEST(a_trial_on_record_is_told_once),
        SUPPORT_TEST(the_way_back_from_a_failed_move_is_told_with_it),
        SUPPORT_TEST(a_fair_access_placement_or_a_new_home_far_away_explains_a_move),
        SUPPORT_TEST(an_exclusion_counts_unless_the_last_review_says_otherwise),
        SUPPORT_TEST(a_notice_told_later_wins_whenever_it_was_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
