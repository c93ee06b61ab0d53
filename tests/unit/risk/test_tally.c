/* Sums over enrolments, as the interval of the rate of absence needs them. */
#include "support/support.h"
#include "risk/snapshot.h"
#include "risk/tally.h"
#include "support/small_timeline.h"

static const int missed[] = {0, 3, 17, 30, 150, 299, 300, 1, 88, 45, 61, 7, 240};
enum { PUPILS = sizeof missed / sizeof *missed };

static struct small *
pupils(struct job *j)
{
    struct small *s = small_new(j);

    for (int i = 0; i < PUPILS; i++) {
        small_child(s, i % 3 ? 'M' : 'F');
        small_absence(s, 2021, (uint16_t)(300 + 5 * i), (uint16_t)missed[i]);
    }
    return s;
}

static struct tally
added_up(struct job *j, struct small *s, int threads)
{
    struct slice people = {.threads = threads};
    struct enrolment_years rows;
    struct groups g;
    struct years y;
    struct tally t;

    assert_ok(j, years_of(j, small_done(s), NULL, &y));
    assert_ok(j, groups_of(j, &s->t, &g));
    t = tally_new(j, &y, &g, threads);
    for (people.to = 5; people.from < PUPILS; people.from = people.to, people.to = PUPILS) {
        assert_ok(j, enrolment_years_derive(j, &y, people, &rows));
        assert_ok(j, tally_enrolments(j, &y, &g, &rows, &t));
    }
    tally_end(&t);
    return t;
}

static void
sums_over_enrolments_are_of_each_enrolment_squared(void **state)
{
    struct job *j = support_job(state);
    struct tally t = added_up(j, pupils(j), 1);
    const struct spread *all = tally_spread(&t, 0, 0);
    const struct count *n = tally_at(&t, 0, 0, M_DFE_ABSENCE);
    struct spread want = {0};
    int64_t a = 0, p = 0;

    for (int i = 0; i < PUPILS; i++) {
        int64_t possible = 300 + 5 * i;
        a += missed[i];
        p += possible;
        want.enrolments++;
        want.missed_squares += missed[i] * missed[i];
        want.possible_squares += possible * possible;
        want.products += missed[i] * possible;
    }
    assert_int_equal(n->numerator, a);
    assert_int_equal(n->denominator, p);
    assert_memory_equal(all, &want, sizeof want);
}

static void
any_number_of_threads_gives_the_same_sums(void **state)
{
    struct job *j = support_job(state);
    struct small *s = pupils(j);
    struct tally one = added_up(j, s, 1);

    for (int threads = 2; threads < 9; threads++) {
        struct tally more = added_up(j, s, threads);
        assert_memory_equal(one.spread, more.spread,
                            one.years * one.groups * sizeof *one.spread);
        assert_memory_equal(one.cell, more.cell,
                            one.years * one.groups * MEASURES * sizeof *one.cell);
    }
}

static void
groups_add_up_to_all_enrolments(void **state)
{
    struct job *j = support_job(state);
    struct small *s = pupils(j);
    struct tally t = added_up(j, s, 2);
    const struct spread *all = tally_spread(&t, 0, 0);
    struct groups g;
    int64_t enrolments = 0, products = 0;

    assert_ok(j, groups_of(j, &s->t, &g));
    for (size_t i = g.first[D_SEX]; i < g.first[D_SEX + 1]; i++) {
        enrolments += tally_spread(&t, 0, i)->enrolments;
        products += tally_spread(&t, 0, i)->products;
    }
    assert_int_equal(enrolments, all->enrolments);
    assert_int_equal(products, all->products);
}

/* From the sums in the database: as interval_ratio() gives it, and wider than of sessions. */
static void
the_rate_of_absence_has_an_interval(void **state)
{
    struct job *j = support_job(state);
    struct small *s = pupils(j);
    struct figures_from from = {.as_of = DATE_NONE};
    struct figures_made made;
    struct interval i, sessions;
    struct figure f;

    support_db(j);
    support_area(j);
    j->area = 1;
    from.t = small_done(s);
    assert_ok(j, figures_make(j, &from, &made));
    assert_ok(j, figure_get(j, M_DFE_ABSENCE, 2021, &f));
    assert_int_equal(f.spread.enrolments, PUPILS);
    i = figure_interval(&f);
    sessions = interval_wilson((struct part){f.numerator, f.denominator}, 0.95);
    assert_true(i.known && i.low < i.value && i.value < i.high);
    assert_true(i.high - i.low > 10 * (sessions.high - sessions.low));
    assert_ok(j, figure_get(j, M_PA, 2021, &f));
    assert_int_equal(f.spread.enrolments, 0);
    assert_true(figure_interval(&f).known);
    assert_ok(j, figure_get(j, M_EHE, 2021, &f));
    assert_false(figure_interval(&f).known);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(sums_over_enrolments_are_of_each_enrolment_squared),
        SUPPORT_TEST(any_number_of_threads_gives_the_same_sums),
        SUPPORT_TEST(groups_add_up_to_all_enrolments),
        SUPPORT_TEST(the_rate_of_absence_has_an_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
