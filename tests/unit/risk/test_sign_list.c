/* Signs after a load: who is listed, what is new, what a school does not see. */
#include "../timeline/built.h"
#include "access/permit.h"
#include "risk/sign_list.h"
#include "risk/sign_packs.h"
#include "risk/sign_run.h"

enum { NORTH = 900001, SOUTH = 900002 };

/* Two schools in the spring of 2024/25: 1 and 2 go to North, 3 and 4 to South, Year 9. */
static struct facts
council(void **state)
{
    struct facts f = facts_of(state);

    facts_school(&f, (struct facts_school){.urn = NORTH});
    facts_school(&f, (struct facts_school){.urn = SOUTH});
    facts_batch(&f, 2024, TERM_SPRING);
    for (int p = 1; p <= 4; p++)
        facts_pupil(&f, (struct facts_pupil){.person = p, .urn = p <= 2 ? NORTH : SOUTH,
                                             .entered = day(2022, 9, 1)});
    return f;
}

static void
suspend(struct facts *f, int64_t person, int32_t on)
{
    facts_suspension(f, (struct facts_suspension){
        .person = person, .urn = person <= 2 ? NORTH : SOUTH, .started = on, .sessions = 4});
}

static struct sign_run
refreshed(struct facts *f)
{
    struct sign_run_made made;
    struct sign_run run;

    assert_ok(f->j, signs_refresh(f->j, support_path(f->j, ""), false, &made));
    assert_ok(f->j, sign_run_current(f->j, &run));
    return run;
}

static struct sign_page
asked(struct job *j, const struct sign_run *run, struct sign_filter filter)
{
    struct sign_asked ask = {filter, 50, 0};
    struct sign_page page;

    assert_ok(j, sign_list(j, run, &ask, &page));
    return page;
}

static void
a_child_is_listed_with_its_reason_in_words(void **state)
{
    struct facts f = council(state);
    struct sign_run run;
    struct sign_page page;

    suspend(&f, 1, day(2025, 5, 1));
    suspend(&f, 1, day(2025, 6, 9));
    run = refreshed(&f);
    assert_int_equal(run.day, day(2025, 6, 9));
    assert_int_equal(run.looked_at, 4);
    page = asked(f.j, &run, SIGN_FILTER_ALL);
    assert_int_equal(page.total, 1);
    assert_int_equal(page.n, 1);
    assert_int_equal(page.row[0].person, 1);
    assert_int_equal(page.row[0].urn, NORTH);
    assert_int_equal(page.row[0].year_group, 9);
    assert_int_equal(page.row[0].tier, 1);
    assert_int_equal(page.row[0].n, 1);
    assert_string_equal(page.row[0].reason[0].rule->id, "B2");
    assert_string_equal(page.row[0].reason[0].words,
                        "Suspended twice in 12 months, 4 days in all; last on 9 June 2025");
    assert_int_equal(page.row[0].reason[0].data_day, day(2025, 6, 9));
}

static void
what_is_new_is_told_against_a_week_before(void **state)
{
    struct facts f = council(state);
    struct sign_run run;
    struct sign_page page;
    struct sign_facets facets;
    struct sign_filter changed = SIGN_FILTER_ALL;

    suspend(&f, 1, day(2025, 6, 2)); /* on the list for a week and a day */
    suspend(&f, 3, day(2025, 6, 10));
    run = refreshed(&f);
    assert_int_equal(run.compared_day, day(2025, 6, 3));
    changed.changed = true;
    page = asked(f.j, &run, changed);
    assert_int_equal(page.total, 1);
    assert_int_equal(page.row[0].person, 3);
    assert_int_equal(page.row[0].tier_before, 0);
    assert_true(page.row[0].reason[0].is_new);
    assert_ok(f.j, sign_facets(f.j, &run, &SIGN_FILTER_ALL, &facets));
    assert_int_equal(facets.listed, 2);
    assert_int_equal(facets.changed, 1);
    assert_int_equal(facets.left, 0);
}

static void
a_run_of_a_week_before_is_what_new_is_told_against(void **state)
{
    struct facts f = council(state);
    struct sign_run first, second;
    struct sign_page page;

    suspend(&f, 1, day(2025, 6, 2));
    first = refreshed(&f);
    assert_int_equal(first.day, day(2025, 6, 2));
    /* told late: it was not known when the list of 2 June was made */
    facts_batch(&f, 2024, TERM_SUMMER);
    suspend(&f, 4, day(2025, 5, 20));
    suspend(&f, 3, day(2025, 6, 10));
    second = refreshed(&f);
    assert_int_equal(second.compared_day, day(2025, 6, 2));
    page = asked(f.j, &second, (struct sign_filter){.year_group = SIGN_ANY, .rule = SIGN_ANY,
                                                    .changed = true});
    assert_int_equal(page.total, 2);
}

static const struct actor senco = {.account = 7, .login = "s", .name = "S", .role = ROLE_SENCO,
                                   .area = 1, .urn = NORTH};

/* 1 and 3 are suspended; social care opens for 1 and 2. */
static struct facts
with_care(void **state)
{
    struct facts f = council(state);

    suspend(&f, 1, day(2025, 5, 1));
    suspend(&f, 3, day(2025, 6, 9));
    facts_care(&f, (struct facts_care){.person = 1, .return_year = 2025, .kind = "referral",
                                       .started = day(2025, 1, 8)});
    facts_care(&f, (struct facts_care){.person = 2, .return_year = 2025, .kind = "referral",
                                       .started = day(2025, 1, 8)});
    return f;
}

static void
a_school_is_told_of_its_pupils_without_social_care(void **state)
{
    struct facts f = with_care(state);
    struct sign_run run = refreshed(&f);
    struct sign_page all = asked(f.j, &run, SIGN_FILTER_ALL), own;
    struct sign_facets facets;
    struct sign_listed child;

    assert_int_equal(all.total, 2);
    assert_int_equal(all.row[0].person, 1); /* two kinds of sign come first */
    assert_int_equal(all.row[0].tier, 2);
    assert_string_equal(all.row[0].reason[1].rule->id, "C1");
    assert_int_equal(all.row[0].context, CONTEXT_CARE);
    assert_ok(f.j, sign_of_child(f.j, &run, 2, &child)); /* a sign, but not listed */
    assert_int_equal(child.tier, 0);
    assert_int_equal(child.n, 1);

    f.j->who = &senco;
    own = asked(f.j, &run, SIGN_FILTER_ALL);
    assert_int_equal(own.total, 1);
    assert_int_equal(own.n, 1);
    assert_int_equal(own.row[0].tier, 1);
    assert_int_equal(own.row[0].n, 1);
    assert_string_equal(own.row[0].reason[0].rule->id, "B1");
    assert_int_equal(own.row[0].domains, 1u << DOMAIN_BEHAVIOUR);
    assert_int_equal(own.row[0].context, 0);
    assert_ok(f.j, sign_facets(f.j, &run, &SIGN_FILTER_ALL, &facets));
    assert_int_equal(facets.listed, 1);
    assert_int_equal(facets.tier[1], 1);
    assert_int_equal(facets.tier[2], 0);
    assert_int_equal(facets.domain[DOMAIN_NEED], 0);
    assert_ok(f.j, sign_of_child(f.j, &run, 2, &child));
    assert_int_equal(child.n, 0);
    assert_int_equal(child.met, 0);
}

static void
a_school_asks_in_vain_for_signs_that_it_may_not_see(void **state)
{
    struct facts f = with_care(state);
    struct sign_run run = refreshed(&f);
    struct sign_filter filter = SIGN_FILTER_ALL;
    struct sign_page page;
    struct sign_asked ask = {SIGN_FILTER_ALL, 10, 0};

    f.j->who = &senco;
    filter.domains = 1u << DOMAIN_NEED;
    assert_int_equal(asked(f.j, &run, filter).total, 0);
    filter = SIGN_FILTER_ALL;
    filter.tier = 2;
    assert_int_equal(asked(f.j, &run, filter).total, 0);
    filter = SIGN_FILTER_ALL;
    for (size_t i = 0; i < run.pack.n; i++)
        if (!strcmp(run.pack.rule[i].id, "C1"))
            filter.rule = (int)i;
    assert_int_equal(asked(f.j, &run, filter).total, 0);
    ask.of.urn = SOUTH;
    assert_err(f.j, sign_list(f.j, &run, &ask, &page), ERR_NOT_FOUND);
}

/* Social care that opened this week is nothing new for a school: not by a flag, a count or
 * the order of the list. */
static void
what_is_new_in_social_care_is_not_new_to_a_school(void **state)
{
    struct facts f = council(state);
    struct sign_filter changed = SIGN_FILTER_ALL;
    struct sign_run run;
    struct sign_page page;

    suspend(&f, 1, day(2025, 1, 6));
    suspend(&f, 2, day(2025, 1, 7));
    suspend(&f, 3, day(2025, 6, 9));
    facts_care(&f, (struct facts_care){.person = 2, .return_year = 2025, .kind = "referral",
                                       .started = day(2025, 6, 5)});
    run = refreshed(&f);
    changed.changed = true;
    page = asked(f.j, &run, changed);
    assert_int_equal(page.total, 2); /* 2 and 3 */
    page = asked(f.j, &run, (struct sign_filter){.urn = NORTH, .year_group = SIGN_ANY,
                                                 .rule = SIGN_ANY});
    assert_int_equal(page.row[0].person, 2); /* by kinds */
    f.j->who = &senco;
    assert_int_equal(asked(f.j, &run, changed).total, 0);
    page = asked(f.j, &run, SIGN_FILTER_ALL);
    assert_int_equal(page.n, 2);
    assert_int_equal(page.row[0].person, 1);
    assert_int_equal(page.row[1].is_new, 0);
    assert_int_equal(page.row[1].tier_before, 1);
}

static void
facets_say_how_many_each_choice_would_leave(void **state)
{
    struct facts f = with_care(state);
    struct sign_run run = refreshed(&f);
    struct sign_filter filter = SIGN_FILTER_ALL;
    struct sign_facets x;

    filter.tier = 2;
    filter.year_group = 9;
    assert_ok(f.j, sign_facets(f.j, &run, &filter, &x));
    assert_int_equal(x.listed, 1);
    assert_int_equal(x.tier[1], 1); /* the tier itself left open */
    assert_int_equal(x.domain[DOMAIN_BEHAVIOUR], 1);
    assert_int_equal(x.domain[DOMAIN_NEED], 1);
    assert_int_equal(x.year[10], 1);
    assert_int_equal(asked(f.j, &run, filter).total, 1);
    filter.year_group = 8;
    assert_int_equal(asked(f.j, &run, filter).total, 0);
    assert_ok(f.j, sign_facets(f.j, &run, &filter, &x));
    assert_int_equal(x.listed, 0);
    assert_int_equal(x.year[10], 1);
}

/* Counts kept and counts made agree, for every choice. */
static void
totals_are_the_lengths_of_their_lists(void **state)
{
    struct facts f = with_care(state);
    struct sign_run run = refreshed(&f);
    struct sign_school *school;
    size_t n;

    for (int who = 0; who < 2; who++, f.j->who = &senco)
        for (int k = 0; k < 5 * SIGNS_MOST; k++) {
            struct sign_filter filter = SIGN_FILTER_ALL;
            struct sign_page page;
            if (k % 5 == 0)
                filter.rule = k / 5 % (int)run.pack.n;
            else if (k % 5 == 1)
                filter.domains = (unsigned)(k / 5);
            else if (k % 5 == 2)
                filter.tier = k / 5 % 4;
            else if (k % 5 == 3)
                filter.year_group = k / 5 % 14 - 1;
            else
                filter.changed = true;
            filter.urn = k % 2 ? NORTH : 0;
            page = asked(f.j, &run, filter);
            assert_int_equal(page.total, page.n);
        }
    f.j->who = NULL;
    assert_ok(f.j, sign_schools(f.j, &run, &school, &n));
    assert_int_equal(n, 2);
    assert_int_equal(school[0].listed + school[1].listed, 2);
    assert_int_equal(school[0].tier[2] + school[1].tier[2], 1);
}

static void
a_child_that_has_left_every_roll_is_no_longer_listed(void **state)
{
    struct facts f = council(state);
    struct sign_run run;
    struct sign_page page;
    struct sign_facets x;

    suspend(&f, 1, day(2025, 5, 1));
    suspend(&f, 3, day(2025, 6, 2));
    run = refreshed(&f);
    assert_int_equal(asked(f.j, &run, SIGN_FILTER_ALL).total, 2);
    facts_leaver(&f, (struct facts_leaver){.person = 1, .urn = NORTH, .left = day(2025, 6, 6),
                                           .ground = "A"});
    facts_batch(&f, 2024, TERM_SUMMER);
    for (int p = 2; p <= 4; p++)
        facts_pupil(&f, (struct facts_pupil){.person = p, .urn = p <= 2 ? NORTH : SOUTH,
                                             .entered = day(2022, 9, 1)});
    facts_pupil(&f, (struct facts_pupil){.person = 1, .urn = NORTH, .left_roll = true,
                                         .entered = day(2022, 9, 1), .left = day(2025, 6, 6)});
    suspend(&f, 4, day(2025, 6, 9));
    run = refreshed(&f);
    assert_int_equal(run.looked_at, 3);
    assert_int_equal(asked(f.j, &run, SIGN_FILTER_ALL).total, 2);
    assert_ok(f.j, sign_facets(f.j, &run, &SIGN_FILTER_ALL, &x));
    assert_int_equal(x.left, 1);
    assert_int_equal(x.changed, 1);
    page = asked(f.j, &run, (struct sign_filter){.year_group = SIGN_ANY, .rule = SIGN_ANY,
                                                 .left = true});
    assert_int_equal(page.total, 1);
    assert_int_equal(page.row[0].person, 1);
    assert_int_equal(page.row[0].tier_before, 1);
    assert_int_equal(page.row[0].n, 0);
    assert_true(page.row[0].gone != 0);
}

static void
a_batch_withdrawn_takes_its_signs_along(void **state)
{
    struct facts f = council(state);
    struct sign_run run;
    int64_t wrong;

    suspend(&f, 1, day(2025, 5, 1));
    wrong = facts_batch(&f, 2024, TERM_SUMMER);
    suspend(&f, 3, day(2025, 5, 2));
    run = refreshed(&f);
    assert_int_equal(asked(f.j, &run, SIGN_FILTER_ALL).total, 2);
    facts_withdraw(&f, wrong);
    run = refreshed(&f);
    assert_int_equal(asked(f.j, &run, SIGN_FILTER_ALL).total, 1);
    assert_int_equal(asked(f.j, &run, SIGN_FILTER_ALL).row[0].person, 1);
}

static int64_t
number(struct job *j, const char *sql)
{
    int64_t n;

    assert_ok(j, db_int(j, sql, ARGS(INT(j->area)), -1, &n));
    return n;
}

static void
nothing_is_made_again_when_nothing_changed_and_older_runs_are_emptied(void **state)
{
    struct facts f = council(state);
    struct sign_run_made made;

    suspend(&f, 1, day(2025, 5, 1));
    assert_ok(f.j, signs_refresh(f.j, support_path(f.j, ""), false, &made));
    assert_true(made.made);
    assert_ok(f.j, signs_refresh(f.j, support_path(f.j, ""), false, &made));
    assert_false(made.made);
    assert_ok(f.j, signs_refresh(f.j, support_path(f.j, ""), true, &made));
    assert_true(made.made);
    assert_int_equal(number(f.j, "SELECT COUNT(*) FROM sign_run WHERE area_id = $1"), 2);
    assert_int_equal(number(f.j, "SELECT COUNT(DISTINCT run_id) FROM sign_child "
                                 "WHERE area_id = $1"), 1);
    assert_int_equal(number(f.j, "SELECT COUNT(DISTINCT run_id) FROM sign_reason "
                                 "WHERE area_id = $1"), 1);
    assert_int_equal(number(f.j, "SELECT COUNT(*) FROM sign_run WHERE area_id = $1 AND "
                                 "state = 'past'"), 1);
}

/* A timetable that began after the last suspension and census is on the list all the same. */
static void
the_day_is_the_last_that_any_file_tells_of(void **state)
{
    struct facts f = council(state);
    struct sign_run run;
    struct sign_page page;

    facts_entry(&f, (struct facts_entry){.person = 2, .kind = "PTT", .started = day(2025, 6, 12),
                                         .urn = NORTH});
    facts_entry(&f, (struct facts_entry){.person = 3, .kind = "PTT", .started = day(2025, 6, 30),
                                         .urn = SOUTH}); /* planned */
    run = refreshed(&f);
    assert_int_equal(run.day, day(2025, 6, 12));
    page = asked(f.j, &run, SIGN_FILTER_ALL);
    assert_int_equal(page.total, 1);
    assert_string_equal(page.row[0].reason[0].words,
                        "On a part-time timetable since 12 June 2025");
}

/* Whatever call of the database fails: the list of before stays, and the next run is whole. */
static void
a_run_that_fails_half_way_leaves_the_last_in_force(void **state)
{
    struct facts f = council(state);
    const char *home = support_path(f.j, "");
    struct sign_run run = {0};
    struct sign_run_made made;
    bool struck = true;
    int64_t first;
    int n = 0;

    suspend(&f, 1, day(2025, 5, 1));
    refreshed(&f);
    assert_ok(f.j, sign_run_current(f.j, &run));
    first = run.id;
    suspend(&f, 3, day(2025, 6, 9));
    while (struck) {
        struct scope scope = job_scope_begin(f.j);
        db_fault = ++n;
        (void)!signs_refresh(f.j, home, true, &made);
        struck = !db_fault;
        db_fault = 0;
        db_rollback(f.j);
        err_clear(f.j);
        assert_ok(f.j, sign_run_current(f.j, &run));
        assert_int_equal(asked(f.j, &run, SIGN_FILTER_ALL).total, run.id == first ? 1 : 2);
        job_scope_end(f.j, scope);
    }
    assert_true(n > 30);
    assert_ok(f.j, sign_run_current(f.j, &run));
    assert_int_equal(asked(f.j, &run, SIGN_FILTER_ALL).total, 2);
    assert_int_equal(number(f.j, "SELECT COUNT(*) FROM sign_run WHERE area_id = $1 AND "
                                 "state = 'making'"), 0);
    assert_int_equal(number(f.j, "SELECT COUNT(*) FROM sign_run WHERE area_id = $1 AND "
                                 "state = 'current'"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_child_is_listed_with_its_reason_in_words),
        SUPPORT_TEST(what_is_new_is_told_against_a_week_before),
        SUPPORT_TEST(a_run_of_a_week_before_is_what_new_is_told_against),
        SUPPORT_TEST(a_school_is_told_of_its_pupils_without_social_care),
        SUPPORT_TEST(a_school_asks_in_vain_for_signs_that_it_may_not_see),
        SUPPORT_TEST(what_is_new_in_social_care_is_not_new_to_a_school),
        SUPPORT_TEST(facets_say_how_many_each_choice_would_leave),
        SUPPORT_TEST(totals_are_the_lengths_of_their_lists),
        SUPPORT_TEST(a_child_that_has_left_every_roll_is_no_longer_listed),
        SUPPORT_TEST(a_batch_withdrawn_takes_its_signs_along),
        SUPPORT_TEST(nothing_is_made_again_when_nothing_changed_and_older_runs_are_emptied),
        SUPPORT_TEST(the_day_is_the_last_that_any_file_tells_of),
        SUPPORT_TEST(a_run_that_fails_half_way_leaves_the_last_in_force),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
