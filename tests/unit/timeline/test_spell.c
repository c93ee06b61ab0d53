#include "base/random.h"
#include "built.h"

enum { A = 900001 };

/* The spells of one kind of a person, in order. */
static uint32_t
spells(const struct timeline *t, int64_t person, enum timeline_kind kind,
       const struct timeline_spell **out)
{
    struct timeline_range r = rows_of(t, TIMELINE_SPELL, person);
    uint32_t n = 0;

    for (; r.from < r.to; r.from++)
        if (t->spell[r.from].kind == kind)
            out[n++] = &t->spell[r.from];
    return n;
}

static const struct timeline_spell *
only(const struct timeline *t, int64_t person, enum timeline_kind kind)
{
    const struct timeline_spell *s[64];

    assert_int_equal(spells(t, person, kind, s), 1);
    return s[0];
}

/* ---- social care ---- */

static void
an_open_case_told_in_each_return_is_one_spell_to_the_end_of_the_data(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_spell *s;
    const struct timeline *t;

    for (int year = 2023; year <= 2025; year++) {
        facts_batch(&f, year - 1, TERM_SUMMER);
        facts_care(&f, (struct facts_care){.person = 7, .return_year = year,
                                           .started = day(2022, 6, 1)});
    }
    t = built(&f);
    s = only(t, 7, SPELL_REFERRAL);
    assert_int_equal(s->start, day(2022, 6, 1));
    assert_int_equal(s->end, day(2025, 4, 1));
    assert_int_equal(s->flags, SPELL_OPEN);
    assert_int_equal(s->episodes, 1);
    assert_int_equal(s->n_sources, 3);
    assert_int_equal(only(t, 7, SPELL_NEED)->end, day(2025, 4, 1));
    assert_int_equal(timeline_care_until(t), day(2025, 4, 1));
    assert_int_not_equal(timeline_spell_on(t, 0, SPELL_NEED, day(2025, 3, 31)), TIMELINE_NONE);
    assert_int_equal(timeline_spell_on(t, 0, SPELL_NEED, day(2025, 4, 1)), TIMELINE_NONE);
}

static void
a_later_return_closes_a_case(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2023,
                                       .started = day(2022, 6, 1)});
    facts_batch(&f, 2023, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2024,
                                       .started = day(2022, 6, 1), .ended = day(2023, 9, 10)});
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_REFERRAL)->end, day(2023, 9, 10));
    assert_int_equal(only(t, 7, SPELL_REFERRAL)->flags, 0);
}

static void
a_case_that_the_next_return_lacks_ends_with_what_was_covered(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2023,
                                       .started = day(2022, 6, 1)});
    facts_batch(&f, 2023, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 8, .return_year = 2024,
                                       .started = day(2023, 6, 1)});
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_REFERRAL)->end, day(2023, 4, 1));
    assert_int_equal(only(t, 7, SPELL_REFERRAL)->flags, SPELL_UNENDED);
}

static void
a_return_of_social_care_sent_again_replaces_the_first(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2023,
                                       .started = day(2022, 6, 1), .ended = day(2022, 9, 1)});
    facts_care(&f, (struct facts_care){.person = 8, .return_year = 2023,
                                       .started = day(2022, 6, 1), .ended = day(2022, 9, 1)});
    facts_batch(&f, 2022, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2023,
                                       .started = day(2022, 6, 1), .ended = day(2022, 10, 1)});
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_NEED)->end, day(2022, 10, 1));
    assert_int_equal(rows_of(t, TIMELINE_SPELL, 8).from, rows_of(t, TIMELINE_SPELL, 8).to);
}

static void
a_referral_without_further_action_is_no_child_in_need(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_spell *s[4];
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2023, .no_action = true,
                                       .started = day(2022, 6, 1)});
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_REFERRAL)->flags, SPELL_NO_ACTION);
    assert_int_equal(only(t, 7, SPELL_REFERRAL)->end, day(2022, 6, 2));
    assert_int_equal(spells(t, 7, SPELL_NEED, s), 0);
}

static void
kinds_of_care_are_told_apart(void **state)
{
    struct facts f = facts_of(state);
    static const char *const kind[] = {"plan", "protection", "care", "enquiry", "assessment"};
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_SUMMER);
    for (int i = 0; i < 5; i++)
        facts_care(&f, (struct facts_care){.person = 7, .return_year = 2023, .kind = kind[i],
                                           .started = day(2022, 6, 1 + i),
                                           .ended = day(2022, 8, 1 + i)});
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_PLAN)->start, day(2022, 6, 1));
    assert_int_equal(only(t, 7, SPELL_PROTECTION)->start, day(2022, 6, 2));
    assert_int_equal(only(t, 7, SPELL_LOOKED_AFTER)->start, day(2022, 6, 3));
    assert_int_equal(only(t, 7, SPELL_ENQUIRY)->start, day(2022, 6, 4));
    assert_int_equal(only(t, 7, SPELL_ASSESSMENT)->end, day(2022, 8, 5));
}

static void
facts_of_children_who_cannot_be_told_are_counted_apart(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_SUMMER);
    facts_identity(&f, (struct facts_identity){.identity = 55, .source = "social care"});
    for (int i = 0; i < 3; i++)
        facts_care(&f, (struct facts_care){.identity = 55, .return_year = 2023,
                                           .started = day(2022, 6, 1 + i)});
    facts_pupil(&f, (struct facts_pupil){.identity = 55, .urn = A});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A});
    t = built(&f);
    assert_int_equal(t->n[TIMELINE_PERSON], 1);
    assert_int_equal(t->head->care_not_linkable, 3);
    assert_int_equal(t->head->care_people_not_linkable, 1);
    assert_int_equal(t->head->facts_not_linkable, 1);
    assert_true(timeline_has(t, &(struct timeline_wanted){.kind = RETURN_CARE,
                                                          .school_year = 2023,
                                                          .school = TIMELINE_NONE}));
}

/* ---- several sources ---- */

static void
a_child_known_by_two_sources_has_one_spell(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_spell *s;
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2024,
                                       .started = day(2023, 6, 1)});
    facts_batch(&f, 2024, TERM_AUTUMN);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2025, .source_kind = "ssd",
                                       .told_to = day(2024, 11, 1), .started = day(2023, 6, 1)});
    facts_batch(&f, 2024, TERM_AUTUMN);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2025, .kind = "help",
                                       .source_kind = "annex-a", .told_to = day(2024, 12, 1),
                                       .started = day(2024, 2, 1)});
    t = built(&f);
    s = only(t, 7, SPELL_REFERRAL);
    assert_int_equal(s->end, day(2024, 11, 1));
    assert_int_equal(s->flags, SPELL_OPEN); /* the last that tells of referrals says so */
    assert_int_equal(s->n_sources, 2);
    assert_int_equal(s->episodes, 1);
    assert_int_equal(only(t, 7, SPELL_NEED)->end, day(2024, 11, 1));
    assert_int_equal(only(t, 7, SPELL_EARLY_HELP)->end, day(2024, 12, 1));
    assert_int_equal(timeline_care_until(t), day(2024, 11, 1)); /* of cases, not of help */
}

static void
an_open_case_ends_with_its_return_where_a_later_source_lacks_it(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2024,
                                       .started = day(2023, 6, 1)});
    facts_batch(&f, 2024, TERM_AUTUMN);
    facts_care(&f, (struct facts_care){.person = 8, .return_year = 2025, .source_kind = "ssd",
                                       .told_to = day(2024, 11, 1), .started = day(2024, 6, 1)});
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_REFERRAL)->end, day(2024, 4, 1));
    assert_int_equal(only(t, 7, SPELL_REFERRAL)->flags, SPELL_UNENDED);
}

/* Episodes of 903 follow each other without a gap; the same one comes again next year. */
static void
episodes_of_two_years_are_one_time_of_being_looked_after(void **state)
{
    struct facts f = facts_of(state);
    struct facts_care e = {.person = 7, .kind = "care", .source_kind = "ssda903"};
    const struct timeline_spell *s;
    const struct timeline *t;

    facts_batch(&f, 2022, TERM_SUMMER);
    e.return_year = 2023;
    e.started = day(2022, 6, 1), e.ended = day(2022, 9, 1);
    facts_care(&f, e);
    e.started = day(2022, 9, 1), e.ended = 0;
    facts_care(&f, e);
    facts_batch(&f, 2023, TERM_SUMMER);
    e.return_year = 2024;
    e.ended = day(2023, 7, 20);
    facts_care(&f, e);
    t = built(&f);
    s = only(t, 7, SPELL_LOOKED_AFTER);
    assert_int_equal(s->start, day(2022, 6, 1));
    assert_int_equal(s->end, day(2023, 7, 20));
    assert_int_equal(s->flags, 0);
    assert_int_equal(s->episodes, 2);
    assert_int_equal(s->n_sources, 3);
}

static void
a_903_does_not_replace_the_census_of_its_year(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2024, .kind = "plan",
                                       .started = day(2023, 6, 1), .ended = day(2023, 8, 1)});
    facts_batch(&f, 2023, TERM_SUMMER);
    facts_care(&f, (struct facts_care){.person = 7, .return_year = 2024, .kind = "care",
                                       .source_kind = "ssda903", .started = day(2023, 7, 1)});
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_PLAN)->end, day(2023, 8, 1));
    assert_int_equal(only(t, 7, SPELL_LOOKED_AFTER)->flags, SPELL_OPEN);
}

/* A newer dataset tells all there is, kind by kind; one of early help alone says nothing of
 * cases. */
static void
a_newer_dataset_replaces_the_older_one_kind_by_kind(void **state)
{
    struct facts f = facts_of(state);
    struct facts_care c = {.person = 7, .return_year = 2024, .source_kind = "ssd",
                           .told_to = day(2023, 10, 1), .started = day(2023, 5, 1),
                           .ended = day(2023, 6, 1)};
    const struct timeline_spell *s[4];
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_AUTUMN);
    facts_care(&f, c);
    c.kind = "help";
    facts_care(&f, c);
    facts_batch(&f, 2023, TERM_SPRING);
    c.told_to = day(2024, 1, 1);
    c.started = day(2023, 5, 3);
    facts_care(&f, c);
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_EARLY_HELP)->start, day(2023, 5, 3));
    assert_int_equal(spells(t, 7, SPELL_REFERRAL, s), 1);
}

static void
the_last_payload_that_tells_of_a_child_tells_all_of_it(void **state)
{
    struct facts f = facts_of(state);
    struct facts_care c = {.return_year = 2025, .source_kind = "care-api", .kind = "plan",
                           .started = day(2024, 5, 1)};
    const struct timeline *t;

    facts_batch(&f, 2024, TERM_AUTUMN);
    c.told_to = day(2024, 10, 1);
    c.person = 7;
    facts_care(&f, c);
    c.person = 8;
    facts_care(&f, c);
    facts_batch(&f, 2024, TERM_AUTUMN);
    c.told_to = day(2024, 10, 2);
    c.person = 7;
    c.started = day(2024, 5, 3);
    c.ended = day(2024, 9, 1);
    facts_care(&f, c);
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_PLAN)->start, day(2024, 5, 3));
    assert_int_equal(only(t, 7, SPELL_PLAN)->end, day(2024, 9, 1));
    assert_int_equal(only(t, 8, SPELL_PLAN)->start, day(2024, 5, 1)); /* of the day before */
}

static void
scores_and_changes_of_placement_stay_apart(void **state)
{
    struct facts f = facts_of(state);
    struct facts_care c = {.person = 7, .return_year = 2024, .source_kind = "ssda903",
                           .kind = "sdq"};
    static const int score[] = {13, 14, 16, 17, 19, 20};
    static const char *const band[] = {SDQ_AVERAGE, SDQ_RAISED, SDQ_RAISED, SDQ_HIGH, SDQ_HIGH,
                                       SDQ_VERY_HIGH};
    const struct timeline_spell *s[8];
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SUMMER);
    for (int i = 0; i < 6; i++) {
        c.score = score[i];
        c.started = day(2023, 6, 1 + i), c.ended = day(2023, 6, 2 + i);
        facts_care(&f, c);
    }
    c.kind = "placement", c.placement = "K2";
    for (int i = 0; i < 2; i++) {
        c.started = day(2023, 7, 1 + i), c.ended = day(2023, 7, 2 + i);
        facts_care(&f, c);
    }
    t = built(&f);
    assert_int_equal(spells(t, 7, SPELL_SDQ, s), 6);
    for (int i = 0; i < 6; i++)
        assert_string_equal(s[i]->code, band[i]);
    assert_int_equal(spells(t, 7, SPELL_CARE_PLACEMENT, s), 2);
    assert_string_equal(s[0]->code, "K2");
}

/* ---- SEN and free meals ---- */

static void
a_level_of_sen_runs_from_census_to_census(void **state)
{
    struct facts f = facts_of(state);
    static const char *const level[] = {"N", "K", "A", "E", "E", "N"};
    const struct timeline *t;

    for (int i = 0; i < 6; i++) {
        facts_batch(&f, 2021 + i / 3, (enum term)(i % 3 + 1));
        facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .sen = level[i],
                                             .entered = day(2021, 9, 1)});
    }
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_SEN_SUPPORT)->start, timeline_census_day(2021, 2));
    assert_int_equal(only(t, 7, SPELL_SEN_SUPPORT)->end, timeline_census_day(2022, 1));
    assert_int_equal(only(t, 7, SPELL_EHC_PLAN)->end, timeline_census_day(2022, 3));
    assert_int_equal(only(t, 7, SPELL_EHC_PLAN)->flags, 0);
}

static void
a_need_runs_until_a_census_that_could_tell_it_does_not(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_spell *s;
    const struct timeline *t;

    for (int year = 2020; year <= 2023; year++) {
        facts_batch(&f, year, TERM_SPRING);
        facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2019, 9, 1)});
        facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A, .entered = day(2019, 9, 1)});
        if (year == 2020 || year == 2021)
            facts_need(&f, 7, "SEMH", year == 2020 ? 2 : 1);
        if (year != 2022)
            facts_need(&f, 8, "SLCN", 2);
    }
    t = built(&f);
    s = only(t, 7, SPELL_SEN_NEED);
    assert_string_equal(s->code, "SEMH");
    assert_int_equal(s->start, timeline_census_day(2020, TERM_SPRING));
    assert_int_equal(s->end, timeline_census_day(2023, TERM_SPRING)); /* 2022 tells no needs */
    assert_int_equal(s->episodes, 2);
    assert_int_equal(s->flags, 0); /* primary at last */
    assert_int_equal(only(t, 8, SPELL_SEN_NEED)->flags, SPELL_SECONDARY | SPELL_OPEN);
    assert_int_equal(only(t, 8, SPELL_SEN_NEED)->end, DATE_OPEN);
}

static uint16_t
meals_at(const struct timeline *t, int32_t year, enum term term)
{
    uint32_t i = timeline_census_of(t, timeline_person_find(t, 7), year, term);

    assert_int_not_equal(i, TIMELINE_NONE);
    return t->census[i].flags & (CENSUS_FSM | CENSUS_FSM6);
}

static void
free_meals_now_and_in_the_last_six_years(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    for (int year = 2015; year <= 2022; year++) {
        facts_batch(&f, year, TERM_SPRING);
        facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2014, 9, 1)});
        if (year == 2015) {
            facts_meals(&f, 7, day(2015, 9, 1), 0);
        } else if (year == 2016) {
            facts_meals(&f, 7, day(2015, 9, 1), day(2016, 10, 14));
        }
    }
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_FSM)->end, day(2016, 10, 15));
    assert_int_equal(only(t, 7, SPELL_FSM)->n_sources, 2);
    assert_int_equal(meals_at(t, 2015, TERM_SPRING), CENSUS_FSM | CENSUS_FSM6);
    assert_int_equal(meals_at(t, 2016, TERM_SPRING), CENSUS_FSM6);
    assert_int_equal(meals_at(t, 2021, TERM_SPRING), CENSUS_FSM6); /* 20 January 2022 */
    assert_int_equal(meals_at(t, 2022, TERM_SPRING), 0);           /* 19 January 2023 */
}

static void
an_open_period_of_meals_ends_when_a_return_with_meals_lacks_it(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2021, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2014, 9, 1)});
    facts_meals(&f, 7, day(2021, 9, 1), 0);
    facts_batch(&f, 2021, TERM_SUMMER); /* without the table */
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2014, 9, 1)});
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_FSM)->end, DATE_OPEN);
    facts_batch(&f, 2022, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2014, 9, 1)});
    facts_pupil(&f, (struct facts_pupil){.person = 8, .urn = A, .entered = day(2014, 9, 1)});
    facts_meals(&f, 8, day(2021, 9, 1), 0);
    t = built(&f);
    assert_int_equal(only(t, 7, SPELL_FSM)->end, timeline_census_day(2021, TERM_SPRING) + 1);
    assert_int_equal(only(t, 7, SPELL_FSM)->flags, SPELL_UNENDED);
    assert_int_equal(only(t, 8, SPELL_FSM)->flags, SPELL_OPEN);
}

/* ---- whatever the facts: merged spells never overlap or touch, and cover the same days ---- */

enum { DAYS = 400, PERSONS = 40 };

static void
random_care(struct facts *f, struct random *r, int64_t person, bool *covered)
{
    int n = 1 + (int)random_below(r, 8);

    for (int i = 0; i < n; i++) {
        int from = (int)random_below(r, DAYS - 60), length = 1 + (int)random_below(r, 60);
        facts_care(f, (struct facts_care){.person = person, .return_year = 2024, .kind = "plan",
                                          .started = day(2023, 1, 1) + from,
                                          .ended = day(2023, 1, 1) + from + length});
        for (int d = from; d < from + length; d++)
            covered[d] = true;
    }
}

static void
merged_spells_never_overlap_and_cover_the_same_days(void **state)
{
    struct facts f = facts_of(state);
    struct random r = random_stream(42, 0, 0);
    bool(*covered)[DAYS] = job_array(f.j, PERSONS + 1, sizeof *covered);
    const struct timeline *t;

    print_message("seed 42\n");
    facts_batch(&f, 2023, TERM_SUMMER);
    for (int64_t p = 1; p <= PERSONS; p++)
        random_care(&f, &r, p, covered[p]);
    t = built(&f);
    for (int64_t p = 1; p <= PERSONS; p++) {
        const struct timeline_spell *s[64];
        uint32_t n = spells(t, p, SPELL_PLAN, s);
        bool again[DAYS] = {false};
        for (uint32_t i = 0; i < n; i++) {
            assert_true(s[i]->start < s[i]->end);
            assert_true(i == 0 || s[i - 1]->end < s[i]->start);
            for (int32_t d = s[i]->start; d < s[i]->end; d++)
                again[d - day(2023, 1, 1)] = true;
        }
        assert_memory_equal(again, covered[p], sizeof again);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_open_case_told_in_each_return_is_one_spell_to_the_end_of_the_data),
        SUPPORT_TEST(a_later_return_closes_a_case),
        SUPPORT_TEST(a_case_that_the_next_return_lacks_ends_with_what_was_covered),
        SUPPORT_TEST(a_return_of_social_care_sent_again_replaces_the_first),
        SUPPORT_TEST(a_referral_without_further_action_is_no_child_in_need),
        SUPPORT_TEST(kinds_of_care_are_told_apart),
        SUPPORT_TEST(facts_of_children_who_cannot_be_told_are_counted_apart),
        SUPPORT_TEST(a_child_known_by_two_sources_has_one_spell),
        SUPPORT_TEST(an_open_case_ends_with_its_return_where_a_later_source_lacks_it),
        SUPPORT_TEST(episodes_of_two_years_are_one_time_of_being_looked_after),
        SUPPORT_TEST(a_903_does_not_replace_the_census_of_its_year),
        SUPPORT_TEST(a_newer_dataset_replaces_the_older_one_kind_by_kind),
        SUPPORT_TEST(the_last_payload_that_tells_of_a_child_tells_all_of_it),
        SUPPORT_TEST(scores_and_changes_of_placement_stay_apart),
        SUPPORT_TEST(a_level_of_sen_runs_from_census_to_census),
        SUPPORT_TEST(a_need_runs_until_a_census_that_could_tell_it_does_not),
        SUPPORT_TEST(free_meals_now_and_in_the_last_six_years),
        SUPPORT_TEST(an_open_period_of_meals_ends_when_a_return_with_meals_lacks_it),
        SUPPORT_TEST(merged_spells_never_overlap_and_cover_the_same_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
