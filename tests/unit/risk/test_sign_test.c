/* Signs on past data as known then: nothing that came later is seen, and what is counted. */
#include "../timeline/built.h"
#include "access/permit.h"
#include "risk/sign_packs.h"
#include "risk/sign_past.h"
#include "risk/sign_run.h"

enum { NORTH = 900001, CHILDREN = 12 };

static const char sql_made[] = "UPDATE batch SET made_on = $3 WHERE area_id = $1 AND batch_id = $2";

/* A census with all the children, whose file was made on that day. */
static int64_t
census(struct facts *f, int32_t year, enum term term, int32_t made)
{
    int64_t batch = facts_batch(f, year, term);

    assert_ok(f->j, db_run(f->j, sql_made, ARGS(INT(f->j->area), INT(batch), INT(made)), NULL));
    for (int p = 1; p <= CHILDREN; p++)
        facts_pupil(f, (struct facts_pupil){.person = p, .urn = NORTH,
                                            .year_group = 7 + year - 2021,
                                            .entered = day(2021, 9, 1),
                                            .sen = p <= 6 ? "K" : "N"});
    return batch;
}

static void
suspend(struct facts *f, int64_t person, int32_t on)
{
    facts_suspension(f, (struct facts_suspension){.person = person, .urn = NORTH, .started = on,
                                                  .sessions = 4});
}

/* Autumn 2021 to spring 2023.  1 is suspended in November 2021 and June 2022, 2 in November
 * 2021 alone, 3 in June 2022 alone. */
static struct facts
council(void **state)
{
    struct facts f = facts_of(state);

    facts_school(&f, (struct facts_school){.urn = NORTH});
    census(&f, 2021, TERM_AUTUMN, day(2021, 10, 20));
    census(&f, 2021, TERM_SPRING, day(2022, 2, 3));
    suspend(&f, 1, day(2021, 11, 10));
    suspend(&f, 2, day(2021, 11, 11));
    census(&f, 2021, TERM_SUMMER, day(2022, 6, 2));
    suspend(&f, 1, day(2021, 11, 10)); /* each arrives twice */
    suspend(&f, 2, day(2021, 11, 11));
    census(&f, 2022, TERM_AUTUMN, day(2022, 10, 20));
    suspend(&f, 1, day(2022, 6, 10));
    suspend(&f, 3, day(2022, 6, 13));
    census(&f, 2022, TERM_SPRING, day(2023, 2, 2));
    suspend(&f, 1, day(2022, 6, 10));
    suspend(&f, 3, day(2022, 6, 13));
    return f;
}

static struct sign_pack *
pack_of(struct job *j)
{
    struct sign_pack *pack = job_alloc(j, sizeof *pack);

    assert_ok(j, sign_pack_read(j, sign_pack_default(), pack));
    return pack;
}

/* Sundays from the first after the autumn census was known to 2 October 2022. */
static struct past
looked(struct facts *f, int threads)
{
    struct past p = {.dates = {day(2021, 10, 24), day(2022, 10, 2), day(2023, 6, 1), 50, 2021, 2},
                     .pack = pack_of(f->j), .now = built(f), .threads = threads};

    assert_ok(f->j, past_look(f->j, &p, support_path(f->j, "")));
    return p;
}

static int
row_of(const struct past *p, const char *id)
{
    for (size_t i = 0; i < p->pack->n; i++)
        if (!strcmp(p->pack->rule[i].id, id))
            return past_row(p, (int)i);
    fail();
    return 0;
}

/* The first Sunday on which a child had something; DATE_NONE. */
static int32_t
first_on(const struct past *p, int64_t person, int row)
{
    uint32_t k = timeline_person_find(p->now, person);

    for (int y = 0; y < p->dates.years; y++)
        if (past_at(p, k, y)[row])
            return past_sunday(p->dates.first_year + y, __builtin_ctzll(past_at(p, k, y)[row]));
    return DATE_NONE;
}

static void
a_sign_is_there_from_the_sunday_on_which_its_file_had_been_made(void **state)
{
    struct facts f = council(state);
    struct past p = looked(&f, 1);
    int b1 = row_of(&p, "B1"), b2 = row_of(&p, "B2");

    assert_int_equal(first_on(&p, 1, b1), day(2022, 2, 6)); /* suspended three months before */
    assert_int_equal(first_on(&p, 2, b1), day(2022, 2, 6));
    assert_int_equal(first_on(&p, 3, b1), DATE_NONE);       /* told after the last Sunday */
    assert_int_equal(first_on(&p, 1, b2), DATE_NONE);
    assert_int_equal(first_on(&p, 1, 0), day(2021, 10, 24));
    assert_int_equal(first_on(&p, 4, past_row(&p, TESTED_LISTED)), DATE_NONE);
    assert_int_equal(p.states, 3); /* the census of autumn, of spring, of summer */
}

/* A later load, even one that tells of the past, changes nothing that was seen before. */
static void
features_of_a_day_are_the_same_after_later_loads(void **state)
{
    struct facts f = council(state);
    struct past before = looked(&f, 1), after;
    struct timeline_order then = {.as_of = day(2022, 5, 1), .known_at = SUPPORT_NOW,
                                  .threads = 1, .from_made = true};
    uint8_t digest[TIMELINE_STATE], again[TIMELINE_STATE];
    size_t words;

    then.known_at = (int64_t)day(2022, 5, 2) * 24 * 3600 * 1000000 - 1;
    assert_ok(f.j, timeline_state(f.j, &then, digest));
    census(&f, 2022, TERM_SUMMER, day(2023, 6, 1));
    suspend(&f, 5, day(2022, 1, 10));
    suspend(&f, 6, day(2022, 3, 10));
    facts_entry(&f, (struct facts_entry){.person = 7, .kind = "PTT", .started = day(2022, 1, 10),
                                         .urn = NORTH});
    after = looked(&f, 1);
    words = (size_t)CHILDREN * 2 * (size_t)(past_row(&before, TESTED_TIER_3) + 1);
    assert_memory_equal(after.weeks, before.weeks, words * sizeof *before.weeks);
    assert_ok(f.j, timeline_state(f.j, &then, again));
    assert_memory_equal(again, digest, sizeof digest);
}

static struct span
bytes_of(struct facts *f, const struct timeline_order *o)
{
    const char *path = support_path(f->j, "then.columns");
    char *text = job_alloc(f->j, 1 << 20);
    FILE *file;
    size_t n;

    assert_ok(f->j, timeline_build(f->j, path, o));
    assert_non_null(file = fopen(path, "rb"));
    n = fread(text, 1, 1 << 20, file);
    fclose(file);
    return (struct span){text, n};
}

static void
the_file_of_what_was_known_then_is_the_same_byte_for_byte(void **state)
{
    struct facts f = council(state);
    struct timeline_order then = {.as_of = day(2022, 5, 1), .threads = 1, .from_made = true,
                                  .known_at = (int64_t)day(2022, 5, 2) * 24 * 3600 * 1000000 - 1};
    struct span before = bytes_of(&f, &then), after;
    int64_t wrong;

    census(&f, 2022, TERM_SUMMER, day(2023, 6, 1));
    suspend(&f, 5, day(2022, 1, 10));
    wrong = census(&f, 2023, TERM_AUTUMN, day(2022, 3, 1));
    facts_withdraw(&f, wrong); /* what was withdrawn since never counted */
    after = bytes_of(&f, &then);
    assert_int_equal(after.n, before.n);
    assert_memory_equal(after.s, before.s, before.n);
}

/* Looking back sees what the list of each of the days would have shown. */
static void
each_sunday_has_the_signs_that_its_list_would_have_shown(void **state)
{
    struct facts f = council(state);
    struct past p = looked(&f, 1);
    int found = 0;

    for (int32_t d = p.dates.first; d <= p.dates.last; d += 7) {
        struct scope scope = job_scope_begin(f.j);
        struct timeline_order then = {.as_of = d, .threads = 1, .from_made = true,
                                      .known_at = (int64_t)(d + 1) * 24 * 3600 * 1000000 - 1};
        struct sign_order o = {p.pack, built_as(&f, then), NULL, d, 1};
        struct sign_list list;
        size_t k = 0;
        assert_ok(f.j, signs_find(f.j, &o, &list));
        for (uint32_t person = 0; person < CHILDREN; person++) {
            const past_weeks *at = past_at(&p, person, date_school_year(d) - 2021);
            uint32_t met = k < list.n && list.child[k].person == person ? list.child[k++].met : 0;
            for (int r = 0; r < (int)p.pack->n; r++)
                assert_int_equal(met >> r & 1, at[past_row(&p, r)] >> past_week_of(d) & 1);
            found += met != 0;
        }
        job_scope_end(f.j, scope);
    }
    assert_true(found > 50);
}

static void
any_number_of_threads_sees_the_same(void **state)
{
    struct facts f = council(state);
    struct past one = looked(&f, 1), four = looked(&f, 4);
    size_t words = (size_t)CHILDREN * 2 * (size_t)(past_row(&one, TESTED_TIER_3) + 1);

    assert_memory_equal(four.weeks, one.weeks, words * sizeof *one.weeks);
}

/* ---- what came of it -------------------------------------------------------------- */

static const struct sign_score *
score_of(const struct sign_score *s, size_t n, enum sign_after after, const char *member)
{
    for (size_t i = 0; i < n; i++)
        if (s[i].after == after && !strcmp(s[i].member, member))
            return &s[i];
    fail_msg("no score for %s", member);
    return NULL;
}

static void
a_school_is_told_of_its_signs_alone(struct job *j, const struct sign_test *t,
                                    const struct sign_pack *pack)
{
    const struct actor senco = {.account = 7, .login = "s", .name = "S", .role = ROLE_SENCO,
                                .area = 1, .urn = NORTH};
    const struct sign_score *s;
    size_t n;

    assert_ok(j, sign_test_scores(j, t, TESTED_LISTED, &s, &n));
    assert_true(n > 0);
    j->who = &senco;
    for (int r = 0; r < SIGN_TESTED; r++) {
        assert_ok(j, sign_test_scores(j, t, r, &s, &n));
        assert_true(!n || (r < (int)pack->n && pack->rule[r].schools));
        for (size_t i = 0; i < n; i++)
            assert_string_not_equal(s[i].dimension, "care");
    }
    j->who = NULL;
}

/* The census of summer 2023 is the last day with data: Sundays go up to a year before it. */
static void
a_child_counts_once_in_a_year_and_its_outcome_within_365_days(void **state)
{
    struct facts f = council(state);
    struct sign_test t, read;
    struct sign_test_order o = {.home = support_path(f.j, ""), .dates = 60};
    struct sign_pack pack;
    const struct sign_score *s, *x;
    size_t n;
    int b1 = -1;

    census(&f, 2022, TERM_SUMMER, day(2023, 6, 1)); /* census day 18 May 2023 */
    assert_ok(f.j, sign_pack_in_force(f.j, &pack, &o.pack_id));
    o.pack = &pack;
    assert_ok(f.j, sign_test_make(f.j, &o, &t));
    assert_int_equal(t.followed_to, day(2023, 5, 18));
    assert_int_equal(t.last_day, day(2022, 5, 15));
    assert_int_equal(t.first_day, day(2021, 10, 24));
    assert_int_equal(t.dates, 30);
    assert_int_equal(t.states, 2);
    assert_int_equal(t.looked, CHILDREN);
    assert_ok(f.j, sign_test_current(f.j, o.pack_id, &read));
    assert_int_equal(read.id, t.id);
    for (size_t i = 0; i < pack.n; i++)
        if (!strcmp(pack.rule[i].id, "B1"))
            b1 = (int)i;
    assert_ok(f.j, sign_test_scores(f.j, &read, b1, &s, &n));
    x = score_of(s, n, AFTER_SUSPENDED, "all");
    assert_int_equal(x->precision.whole, 2); /* 1 and 2, from 6 February 2022 */
    assert_int_equal(x->precision.part, 1);  /* 1 again in June */
    assert_int_equal(x->base.whole, CHILDREN);
    assert_int_equal(x->base.part, 3);       /* after 24 October: 1, 2, 3 */
    assert_int_equal(x->recall.whole, 0);    /* no outcome with a year of Sundays before it */
    x = score_of(s, n, AFTER_SUSPENDED, "K");
    assert_int_equal(x->base.whole, 6);
    assert_int_equal(x->precision.whole, 2);
    x = score_of(s, n, AFTER_SUSPENDED, "N");
    assert_int_equal(x->base.whole, 6);
    assert_int_equal(x->precision.whole, 0);
    x = score_of(s, n, AFTER_EXCLUDED, "all");
    assert_int_equal(x->precision.part, 0);
    a_school_is_told_of_its_signs_alone(f.j, &read, &pack);
}

static void
recall_and_lead_time_are_told_of_outcomes_with_a_year_before_them(void **state)
{
    struct facts f = council(state);
    struct sign_test t;
    struct sign_test_order o = {.home = support_path(f.j, "")};
    struct sign_pack pack;
    const struct sign_score *s, *x;
    size_t n;
    int b1 = -1;

    census(&f, 2022, TERM_SUMMER, day(2023, 6, 1));
    suspend(&f, 2, day(2022, 11, 3)); /* 1: seen as suspended from February on */
    suspend(&f, 9, day(2022, 11, 7)); /* 9: never before */
    census(&f, 2023, TERM_AUTUMN, day(2023, 10, 20));
    census(&f, 2023, TERM_SPRING, day(2024, 2, 2)); /* 18 January 2024: to 15 January 2023 */
    assert_ok(f.j, sign_pack_in_force(f.j, &pack, &o.pack_id));
    o.pack = &pack;
    assert_ok(f.j, sign_test_make(f.j, &o, &t));
    for (size_t i = 0; i < pack.n; i++)
        if (!strcmp(pack.rule[i].id, "B1"))
            b1 = (int)i;
    assert_ok(f.j, sign_test_scores(f.j, &t, b1, &s, &n));
    x = score_of(s, n, AFTER_SUSPENDED, "all");
    assert_int_equal(x->recall.whole, 2);
    assert_int_equal(x->recall.part, 1);
    assert_int_equal(x->lead, day(2022, 11, 3) - day(2022, 2, 6));
    assert_int_equal(x->lead_low, x->lead);
    assert_int_equal(x->lead_high, x->lead);
}

static void
without_a_year_of_data_behind_it_nothing_is_tested(void **state)
{
    struct facts f = facts_of(state);
    struct sign_test t;
    struct sign_test_order o = {.home = support_path(f.j, ""), .pack = pack_of(f.j)};

    facts_school(&f, (struct facts_school){.urn = NORTH});
    assert_err(f.j, sign_test_make(f.j, &o, &t), ERR_NOT_FOUND);
    err_clear(f.j);
    census(&f, 2024, TERM_SPRING, day(2025, 2, 3));
    assert_err(f.j, sign_test_make(f.j, &o, &t), ERR_NOT_FOUND);
    assert_says(f.j, "too little data");
}

/* ---- verdicts --------------------------------------------------------------------- */

static struct sign_score
score(struct part precision, struct part base)
{
    return (struct sign_score){.dimension = "all", .member = "all", .after = AFTER_ANY,
                               .precision = precision, .base = base, .lead = -1};
}

static void
fewer_than_ten_are_too_few_to_say(void **state)
{
    struct job *j = support_job(state);
    struct sign_score s = score((struct part){9, 9}, (struct part){10, 1000});

    assert_int_equal(sign_verdict(&s), VERDICT_FEW);
    assert_string_equal(sign_score_words(j, &s), "Too few to say: 9 children listed");
    s.precision = (struct part){1, 1};
    assert_string_equal(sign_score_words(j, &s), "Too few to say: 1 child listed");
    s.precision = (struct part){9, 10};
    assert_int_equal(sign_verdict(&s), VERDICT_BETTER);
}

static void
a_sign_whose_interval_reaches_the_base_rate_does_no_better_than_chance(void **state)
{
    struct job *j = support_job(state);
    struct sign_score s = score((struct part){20, 100}, (struct part){150, 1000});

    assert_int_equal(sign_verdict(&s), VERDICT_CHANCE); /* 13.3% to 28.9% */
    assert_string_equal(sign_score_words(j, &s),
                        "Of 100 children listed, 20 (20.0%, 13.3% to 28.9%) had one of the "
                        "outcomes within 12 months; of all children looked at 15.0%");
    assert_string_equal(sign_test_warning(j, &s, 1),
                        "No better than chance: children with this sign had none of the outcomes "
                        "more often than all children looked at.");
    s.base.part = 130;
    assert_int_equal(sign_verdict(&s), VERDICT_BETTER);
    assert_null(sign_test_warning(j, &s, 1));
}

static void
a_sign_much_worse_for_a_group_says_so(void **state)
{
    struct job *j = support_job(state);
    struct sign_score s[2] = {score((struct part){200, 400}, (struct part){100, 1000}),
                              score((struct part){30, 150}, (struct part){50, 500})};

    s[0].recall = (struct part){50, 100};
    s[1].recall = (struct part){25, 50};
    s[1].dimension = "sex";
    s[1].member = "F";
    assert_string_equal(sign_test_warning(j, s, 2),
                        "Right less often for this group: Girls. Of those listed, 20.0% had one "
                        "of the outcomes; of the others 68.0%.");
    s[1].precision = (struct part){75, 150};
    assert_null(sign_test_warning(j, s, 2));
    s[1].recall = (struct part){10, 50};
    assert_string_equal(sign_test_warning(j, s, 2),
                        "Misses this group more often: Girls. Of those who had one of the "
                        "outcomes, 20.0% had been listed; of the others 80.0%.");
}

static void
quartiles_of_lead_times_are_days(void **state)
{
    static int32_t lead[PAST_DAYS + 1];

    (void)state;
    assert_int_equal(past_lead(lead, 2), -1);
    lead[3] = 1;
    lead[10] = 2;
    lead[365] = 1;
    assert_int_equal(past_lead(lead, 1), 3);
    assert_int_equal(past_lead(lead, 2), 10);
    assert_int_equal(past_lead(lead, 3), 10);
    lead[365] = 2;
    assert_int_equal(past_lead(lead, 3), 365);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_sign_is_there_from_the_sunday_on_which_its_file_had_been_made),
        SUPPORT_TEST(features_of_a_day_are_the_same_after_later_loads),
        SUPPORT_TEST(the_file_of_what_was_known_then_is_the_same_byte_for_byte),
        SUPPORT_TEST(each_sunday_has_the_signs_that_its_list_would_have_shown),
        SUPPORT_TEST(any_number_of_threads_sees_the_same),
        SUPPORT_TEST(a_child_counts_once_in_a_year_and_its_outcome_within_365_days),
        SUPPORT_TEST(recall_and_lead_time_are_told_of_outcomes_with_a_year_before_them),
        SUPPORT_TEST(without_a_year_of_data_behind_it_nothing_is_tested),
        SUPPORT_TEST(fewer_than_ten_are_too_few_to_say),
        SUPPORT_TEST(a_sign_whose_interval_reaches_the_base_rate_does_no_better_than_chance),
        SUPPORT_TEST(a_sign_much_worse_for_a_group_says_so),
        SUPPORT_TEST(quartiles_of_lead_times_are_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
