#include "base/random.h"
#include "built.h"

enum { A = 900001, B = 900002, KEPT = 900003 };

static const struct timeline_suspension *
record(const struct timeline *t, int64_t person, uint32_t at, uint32_t of)
{
    struct timeline_range r = rows_of(t, TIMELINE_SUSPENSION, person);

    assert_int_equal(r.to - r.from, of);
    return &t->suspension[r.from + at];
}

static const struct timeline_event *
event(const struct timeline *t, int64_t person, uint32_t at, uint32_t of)
{
    struct timeline_range r = rows_of(t, TIMELINE_EVENT, person);

    assert_int_equal(r.to - r.from, of);
    return &t->event[r.from + at];
}

/* A census with child 7 at the school, and one suspension of another child, so that the
 * export is seen to hold the table. */
static void
census(struct facts *f, int32_t year, enum term term, int64_t urn)
{
    facts_batch(f, year, term);
    facts_pupil(f, (struct facts_pupil){.person = 7, .urn = urn, .entered = day(2020, 9, 1)});
    facts_pupil(f, (struct facts_pupil){.person = 8, .urn = KEPT, .entered = day(2020, 9, 1)});
    facts_suspension(f, (struct facts_suspension){.person = 8, .urn = KEPT,
                                                  .started = day(year, 2, 3)});
}

static void
a_suspension_in_two_returns_and_both_roll_tables_counts_once(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_suspension *s;
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .reason = "DB",
                                                   .started = day(2023, 11, 6)});
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .left_roll = true,
                                                   .started = day(2023, 11, 6)});
    census(&f, 2023, TERM_SUMMER, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .reason = "VA",
                                                   .started = day(2023, 11, 6), .sessions = 4});
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .left_roll = true,
                                                   .started = day(2023, 11, 6)});
    t = built(&f);
    s = record(t, 7, 0, 1);
    assert_int_equal(s->state, STATE_CONFIRMED);
    assert_int_equal(s->counts, 1);
    assert_int_equal(s->sessions, 4); /* the later return, on roll */
    assert_memory_equal(s->reason[0], "VA", 2);
    assert_int_equal(s->n_sources, 4);
    assert_int_equal(t->batch[t->source[s->source].batch].batch_id, 2);
    assert_int_equal(t->source[s->source].line, 4);
    assert_int_equal(s->school_year, 2023);
    assert_int_equal(event(t, 7, 0, 1)->records, 1);
    assert_int_equal(event(t, 7, 0, 1)->counts, 1);
}

static void
a_suspension_in_the_newest_return_only_is_not_confirmed_and_counts(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2023, 11, 6)});
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_NOT_CONFIRMED);
    assert_int_equal(record(t, 7, 0, 1)->counts, 1);
}

static void
a_suspension_that_the_later_return_lacks_is_withdrawn(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2023, 11, 6)});
    census(&f, 2023, TERM_SUMMER, A);
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_WITHDRAWN);
    assert_int_equal(record(t, 7, 0, 1)->counts, 0);
    assert_int_equal(event(t, 7, 0, 1)->counts, 0);
    assert_int_equal(record(t, 7, 0, 1)->n_sources, 1);
}

static void
only_a_return_that_covers_the_term_and_has_the_child_withdraws(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2023, 11, 6)});
    census(&f, 2024, TERM_SPRING, A); /* tells of summer and autumn 2024 */
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_NOT_CONFIRMED);

    census(&f, 2023, TERM_SUMMER, B); /* another school */
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_NOT_CONFIRMED);

    facts_batch(&f, 2023, TERM_SUMMER); /* an export without any suspensions */
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .entered = day(2020, 9, 1)});
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_NOT_CONFIRMED);
}

static void
before_autumn_2019_one_return_is_all_there_is(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2018, TERM_AUTUMN, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2018, 3, 5)});
    census(&f, 2018, TERM_SPRING, A); /* told of summer 2018 only */
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_CONFIRMED);
}

static void
categories_and_starts_are_told_apart(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2023, 11, 6)});
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .category = "LNCH",
                                                   .sessions = 1, .started = day(2023, 11, 6)});
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2023, 11, 20)});
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 3)->category, CATEGORY_SUSPENSION);
    assert_int_equal(record(t, 7, 1, 3)->category, CATEGORY_LUNCHTIME);
    assert_int_equal(record(t, 7, 2, 3)->started, day(2023, 11, 20));
}

static void
two_schools_with_the_same_suspension_are_one_event_and_a_query(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .status = "M"});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .status = "S"});
    for (int64_t urn = A; urn <= B; urn++) {
        facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = urn, .sessions = 6,
                                                       .started = day(2023, 11, 6)});
        facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = urn,
                                                       .sessions = urn == A ? 2 : 4,
                                                       .started = day(2023, 12, 4)});
    }
    t = built(&f);
    /* DfE counts both */
    assert_int_equal(record(t, 7, 0, 4)->counts + record(t, 7, 1, 4)->counts, 2);
    assert_true(record(t, 7, 0, 4)->flags & SUSPENSION_TWO_SCHOOLS);
    assert_true(record(t, 7, 1, 4)->flags & SUSPENSION_TWO_SCHOOLS);
    /* the child was suspended once, at the main school; other sessions are another time */
    assert_int_equal(event(t, 7, 0, 3)->records, 2);
    assert_int_equal(urn_of(t, event(t, 7, 0, 3)->school), B);
    assert_true(event(t, 7, 0, 3)->flags & SUSPENSION_TWO_SCHOOLS);
    assert_int_equal(event(t, 7, 1, 3)->records, 1);
    assert_false(event(t, 7, 1, 3)->flags & SUSPENSION_TWO_SCHOOLS);
    assert_int_equal(t->suspension[event(t, 7, 0, 3)->suspension].school,
                     event(t, 7, 0, 3)->school);
}

static void
forty_five_days_over_two_schools_add_up(void **state)
{
    struct facts f = facts_of(state);
    struct timeline_range r;
    const struct timeline *t;
    int sessions = 0;

    facts_batch(&f, 2023, TERM_SPRING);
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = A, .status = "M"});
    facts_pupil(&f, (struct facts_pupil){.person = 7, .urn = B, .status = "S"});
    for (int i = 0; i < 5; i++) {
        facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .sessions = 10,
                                                       .started = day(2023, 9, 4) + 14 * i});
        facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = i < 4 ? B : A,
                                                       .sessions = i < 4 ? 10 : 1,
                                                       .started = day(2023, 9, 11) + 14 * i});
    }
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = B, .sessions = 10,
                                                   .started = day(2023, 9, 4)}); /* told twice */
    t = built(&f);
    r = rows_of(t, TIMELINE_EVENT, 7);
    for (; r.from < r.to; r.from++)
        if (t->event[r.from].counts && t->event[r.from].school_year == 2023)
            sessions += t->event[r.from].sessions;
    assert_int_equal(sessions, 91); /* over 45 days */
}

static void
notifications_serve_until_a_census_tells(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline_suspension *s;
    const struct timeline *t;

    census(&f, 2023, TERM_SUMMER, A);
    facts_batch(&f, 2024, TERM_AUTUMN);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "new",
                                                   .started = day(2024, 11, 4), .sessions = 6,
                                                   .ended = day(2024, 11, 6)});
    facts_batch(&f, 2024, TERM_AUTUMN);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "amended",
                                                   .started = day(2024, 11, 4), .sessions = 4,
                                                   .ended = day(2024, 11, 5)});
    t = built(&f);
    s = record(t, 7, 0, 1);
    assert_int_equal(s->state, STATE_NOT_CONFIRMED);
    assert_int_equal(s->sessions, 4);
    assert_int_equal(s->ended, day(2024, 11, 6));
    assert_int_equal(s->flags, SUSPENSION_NOTIFIED);
    assert_int_equal(s->counts, 0); /* DfE's figures are from the census */
    assert_int_equal(event(t, 7, 0, 1)->counts, 1);

    census(&f, 2024, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .sessions = 5,
                                                   .started = day(2024, 11, 4)});
    t = built(&f);
    s = record(t, 7, 0, 1);
    assert_int_equal(s->sessions, 5);
    assert_int_equal(s->ended, day(2024, 11, 6)); /* only the notification tells */
    assert_int_equal(s->flags, SUSPENSION_NOTIFIED | SUSPENSION_CENSUS);
    assert_int_equal(s->counts, 1);
    assert_int_equal(s->n_sources, 3);
}

/* One child's suspension told again by a later batch. */
static void
told(struct facts *f, const char *notice, int sessions, int32_t notified, int64_t amends)
{
    facts_batch(f, 2024, TERM_AUTUMN);
    facts_suspension(f, (struct facts_suspension){.person = 7, .urn = A, .notice = notice,
                                                  .started = day(2024, 11, 4),
                                                  .sessions = sessions, .notified = notified,
                                                  .amends = amends});
}

static void
files_that_tell_of_a_fact_again_do_not_undo_the_word_that_names_it(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SUMMER, A);
    told(&f, "new", 6, day(2024, 11, 4), 0);
    told(&f, "new", 7, day(2024, 11, 7), 0);
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->sessions, 7); /* the one told last */
    told(&f, "amended", 4, day(2024, 11, 6), 2);
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->sessions, 4);
    told(&f, "new", 8, day(2024, 11, 20), 0);
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->sessions, 4);
    assert_int_equal(event(t, 7, 0, 1)->sessions, 4);
    facts_withdraw(&f, 2); /* the word stands by itself */
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->sessions, 4);
    told(&f, "amended", 5, day(2024, 11, 21), 0); /* a file that says so, later */
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->sessions, 5);
    told(&f, "cancelled", 4, day(2024, 11, 22), 3);
    told(&f, "new", 6, day(2024, 11, 29), 0);
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_CANCELLED);
    census(&f, 2024, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .sessions = 9,
                                                   .started = day(2024, 11, 4)});
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->sessions, 9); /* a census stands first */
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_NOT_CONFIRMED);
}

static void
a_cancelled_notification_does_not_count_unless_a_later_census_has_it(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2024, TERM_AUTUMN, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "new",
                                                   .started = day(2024, 11, 4)});
    facts_batch(&f, 2024, TERM_AUTUMN);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .notice = "cancelled",
                                                   .started = day(2024, 11, 4),
                                                   .notified = day(2024, 11, 8)});
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_CANCELLED);
    assert_int_equal(event(t, 7, 0, 1)->counts, 0);
    census(&f, 2024, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2024, 11, 4)});
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_NOT_CONFIRMED);
    assert_int_equal(event(t, 7, 0, 1)->counts, 1);
}

static void
a_notification_that_the_census_of_the_term_lacks_is_withdrawn(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2024, TERM_AUTUMN, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A, .notice = "new",
                                                   .started = day(2024, 11, 4)});
    census(&f, 2024, TERM_SPRING, A);
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_WITHDRAWN);
}

static void
permanent_exclusions_count_unless_known_not_to_be_upheld(void **state)
{
    struct facts f = facts_of(state);
    static const char *const result[] = {NULL, "ANO", "FRE", "GNO", "KRE", "LNO", "HWD"};
    static const bool counts[] = {true, true, false, true, false, true, false};
    const struct timeline *t;

    facts_batch(&f, 2023, TERM_SPRING);
    for (int i = 0; i < 7; i++) {
        facts_pupil(&f, (struct facts_pupil){.person = i + 1, .urn = A});
        facts_suspension(&f, (struct facts_suspension){
                                 .person = i + 1, .urn = A, .category = "PERM", .sessions = -1,
                                 .started = day(2023, 11, 6), .result = result[i]});
    }
    t = built(&f);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(record(t, i + 1, 0, 1)->category, CATEGORY_PERMANENT);
        assert_int_equal(record(t, i + 1, 0, 1)->counts, counts[i]);
        assert_int_equal(event(t, i + 1, 0, 1)->counts, counts[i]);
    }
}

static void
a_school_and_its_successor_tell_of_one_suspension(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    facts_school(&f, (struct facts_school){.urn = A, .closed = day(2024, 4, 1)});
    facts_school(&f, (struct facts_school){.urn = B, .opened = day(2024, 4, 1)});
    facts_successor(&f, A, B);
    census(&f, 2023, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = A,
                                                   .started = day(2023, 11, 6)});
    census(&f, 2023, TERM_SUMMER, B);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = B,
                                                   .started = day(2023, 11, 6)});
    t = built(&f);
    assert_int_equal(record(t, 7, 0, 1)->state, STATE_CONFIRMED);
    assert_false(record(t, 7, 0, 1)->flags & SUSPENSION_OUTSIDE_ENROLMENT);
    assert_int_equal(event(t, 7, 0, 1)->records, 1);
}

static void
a_suspension_where_the_child_was_on_no_roll_is_flagged(void **state)
{
    struct facts f = facts_of(state);
    const struct timeline *t;

    census(&f, 2023, TERM_SPRING, A);
    facts_suspension(&f, (struct facts_suspension){.person = 7, .urn = B,
                                                   .started = day(2023, 11, 6)});
    t = built(&f);
    assert_true(record(t, 7, 0, 1)->flags & SUSPENSION_OUTSIDE_ENROLMENT);
}

/* The same returns, sent in any order and told in any order, fold to the same. */
struct told {
    int64_t person, urn;
    int32_t started;
    int sessions;
};

static void
tell(struct facts *f, struct random *r, const struct told *v, int n)
{
    static const enum term terms[] = {TERM_SPRING, TERM_SUMMER};
    int first = (int)random_below(r, 2), order[64];

    for (int k = 0; k < 2; k++) {
        facts_batch(f, 2023, terms[(first + k) % 2]);
        for (int p = 1; p <= 4; p++)
            for (int64_t urn = A; urn <= B; urn++)
                facts_pupil(f, (struct facts_pupil){.person = p, .urn = urn});
        for (int i = 0; i < n; i++)
            order[i] = i;
        for (int i = n - 1; i > 0; i--) {
            int o = (int)random_below(r, i + 1), keep = order[i];
            order[i] = order[o];
            order[o] = keep;
        }
        for (int i = 0; i < n; i++)
            facts_suspension(f, (struct facts_suspension){
                                    .person = v[order[i]].person, .urn = v[order[i]].urn,
                                    .started = v[order[i]].started,
                                    .sessions = v[order[i]].sessions});
    }
}

/* What a fold comes to, without where it was told. */
static char *
summary(struct job *j, const struct timeline *t)
{
    char *s = job_copy(j, "");

    for (uint32_t i = 0; i < t->n[TIMELINE_SUSPENSION]; i++) {
        const struct timeline_suspension *x = &t->suspension[i];
        s = job_format(j, "%s%u %u %d %d %d %u %u|", s, x->person, t->school[x->school].urn,
                       x->started, x->sessions, x->state, x->n_sources, x->event);
    }
    for (uint32_t i = 0; i < t->n[TIMELINE_EVENT]; i++)
        s = job_format(j, "%s%d %d %d %u|", s, t->event[i].started, t->event[i].sessions,
                       t->event[i].records, t->school[t->event[i].school].urn);
    return s;
}

static void
any_order_of_loading_folds_to_the_same(void **state)
{
    struct job *j = support_job(state);
    struct told v[24];
    struct random r = random_stream(20240607, 0, 0);
    const char *first = NULL;

    for (int i = 0; i < 24; i++)
        v[i] = (struct told){1 + random_below(&r, 4), A + random_below(&r, 2),
                             day(2023, 11, 6) + 7 * (int32_t)random_below(&r, 3),
                             1 + (int)random_below(&r, 2)};
    /* one school tells one thing of a child on a day */
    for (int i = 0; i < 24; i++)
        for (int k = 0; k < i; k++)
            if (v[k].person == v[i].person && v[k].urn == v[i].urn &&
                v[k].started == v[i].started)
                v[i].sessions = v[k].sessions;
    for (int run = 0; run < 4; run++) {
        void *inner = NULL;
        struct facts f;
        const char *s;
        assert_int_equal(support_start(&inner), 0);
        f = facts_of(&inner);
        tell(&f, &r, v, 24);
        s = job_copy(j, summary(f.j, built(&f)));
        if (first)
            assert_string_equal(s, first);
        first = s;
        assert_int_equal(support_stop(&inner), 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_suspension_in_two_returns_and_both_roll_tables_counts_once),
        SUPPORT_TEST(a_suspension_in_the_newest_return_only_is_not_confirmed_and_counts),
        SUPPORT_TEST(a_suspension_that_the_later_return_lacks_is_withdrawn),
        SUPPORT_TEST(only_a_return_that_covers_the_term_and_has_the_child_withdraws),
        SUPPORT_TEST(before_autumn_2019_one_return_is_all_there_is),
        SUPPORT_TEST(categories_and_starts_are_told_apart),
        SUPPORT_TEST(two_schools_with_the_same_suspension_are_one_event_and_a_query),
        SUPPORT_TEST(forty_five_days_over_two_schools_add_up),
        SUPPORT_TEST(notifications_serve_until_a_census_tells),
        SUPPORT_TEST(files_that_tell_of_a_fact_again_do_not_undo_the_word_that_names_it),
        SUPPORT_TEST(a_cancelled_notification_does_not_count_unless_a_later_census_has_it),
        SUPPORT_TEST(a_notification_that_the_census_of_the_term_lacks_is_withdrawn),
        SUPPORT_TEST(permanent_exclusions_count_unless_known_not_to_be_upheld),
        SUPPORT_TEST(a_school_and_its_successor_tell_of_one_suspension),
        SUPPORT_TEST(a_suspension_where_the_child_was_on_no_roll_is_flagged),
        SUPPORT_TEST(any_order_of_loading_folds_to_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
