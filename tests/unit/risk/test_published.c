/* Our figures beside DfE's: the same, different and why, and those of other authorities. */
#include "risk/published.h"
#include "access/actor.h"
#include "access/setting.h"
#include "risk/child_year.h"
#include "risk/snapshot.h"
#include "support/small_timeline.h"
#include "support/support.h"

static const char sql_row[] =
    "INSERT INTO benchmark_row (edition, series, level, code, time_period, time_identifier, phase, "
    "school_year, name, parent, gss, figures) VALUES (0, 'suspensions', $1, $2, '202122', "
    "'Academic year', $6, 2021, $3, $4, '', $5)";

struct given {
    const char *level, *code, *name, *parent, *figures;
};

static void
publish_of(struct job *j, const char *phase, struct given g)
{
    assert_ok(j, db_run(j, sql_row, ARGS(TEXT(g.level), TEXT(g.code), TEXT(g.name),
                                         TEXT(g.parent), TEXT(g.figures), TEXT(phase)), NULL));
}

static void
publish(struct job *j, struct given g)
{
    publish_of(j, "total", g);
}

/* Ten children at their January census, three suspensions of the year 2021/22: 30 per 100.
 * Counted twice: the year then keeps the rows of the first time. */
static void
our_figures(struct job *j)
{
    struct small *s;
    struct figures_from from = {.as_of = DATE_NONE};
    struct figures_made made;

    support_db(j);
    support_area(j);
    s = small_new(j);
    for (int i = 0; i < 10; i++) {
        small_child(s, 'F');
        for (int k = 0; k < (i == 0 ? 2 : i == 1); k++)
            s->suspension[s->t.n[TIMELINE_SUSPENSION]++] = (struct timeline_suspension){
                .person = (uint32_t)i, .started = date_from_ymd(2021, 11, 2 + k), .sessions = 2,
                .school_year = 2021, .category = CATEGORY_SUSPENSION, .counts = 1,
                .flags = SUSPENSION_CENSUS,
                .state = i ? STATE_NOT_CONFIRMED : STATE_CONFIRMED};
    }
    j->area = 1;
    s->head.checksum = 12345;
    from.t = small_done(s);
    assert_ok(j, figures_make(j, &from, &made));
    assert_ok(j, figures_make(j, &from, &made));
}

static const struct published *
row_of(const struct published_page *p, enum measure m)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->row[i].measure == m)
            return &p->row[i];
    fail_msg("the measure is not on the page");
    return NULL;
}

static void
without_published_figures_nothing_is_compared(void **state)
{
    struct job *j = support_job(state);
    struct published_page p;

    our_figures(j);
    assert_ok(j, published_get(j, 2021, &p));
    assert_int_equal(p.n, 6);
    assert_false(row_of(&p, M_DFE_SUSP)->compared);
    assert_int_equal(row_of(&p, M_DFE_SUSP)->rate.state, BENCHMARK_NONE);
}

static void
a_rate_that_differs_by_rounding_is_the_same(void **state)
{
    struct job *j = support_job(state);
    struct published_page p;

    our_figures(j);
    publish(j, (struct given){"authority", "001", "Ashmere", "E12000002",
                              "headcount 10 suspension 3 susp_rate 30.00"});
    publish(j, (struct given){"region", "E12000002", "North West", "", "susp_rate 12.5"});
    publish(j, (struct given){"nation", "E92000001", "England", "", "susp_rate 11.31"});
    assert_ok(j, published_get(j, 2021, &p));
    assert_true(row_of(&p, M_DFE_SUSP)->compared);
    assert_true(row_of(&p, M_DFE_SUSP)->same);
    assert_int_equal(row_of(&p, M_DFE_SUSP)->n_why, 0);
    assert_int_equal(row_of(&p, M_DFE_SUSP)->region.ten_thousandths, 125000);
    assert_int_equal(row_of(&p, M_DFE_SUSP)->england.ten_thousandths, 113100);
    assert_string_equal(p.region, "North West");
}

static void
a_difference_is_explained_by_what_is_counted(void **state)
{
    struct job *j = support_job(state);
    const struct published *s;
    struct published_page p;

    our_figures(j);
    publish(j, (struct given){"authority", "001", "Ashmere", "",
                              "headcount 12 suspension 2 susp_rate 16.67"});
    assert_ok(j, published_get(j, 2021, &p));
    s = row_of(&p, M_DFE_SUSP);
    assert_true(s->compared && !s->same);
    assert_int_equal(s->difference, 300000 - 166700);
    assert_int_equal(s->n_why, 2);
    assert_string_equal(s->why[0], "our denominator is smaller by 2");
    assert_string_equal(s->why[1], "1 suspension stands in one return only and is counted here");
}

static void
a_suppressed_figure_is_not_compared(void **state)
{
    struct job *j = support_job(state);
    struct published_page p;

    our_figures(j);
    publish(j, (struct given){"authority", "001", "Ashmere", "", "suspension c susp_rate c"});
    assert_ok(j, published_get(j, 2021, &p));
    assert_false(row_of(&p, M_DFE_SUSP)->compared);
    assert_int_equal(row_of(&p, M_DFE_SUSP)->rate.state, BENCHMARK_MARKED);
}

static void
neighbours_are_those_of_the_setting_and_ours(void **state)
{
    struct job *j = support_job(state);
    struct neighbour *v;
    size_t n;

    our_figures(j);
    publish(j, (struct given){"authority", "001", "Ashmere", "", "susp_rate 9.10"});
    publish(j, (struct given){"authority", "896", "Cheshire West", "", "susp_rate 10.40"});
    publish(j, (struct given){"authority", "916", "Gloucestershire", "", "susp_rate c"});
    publish(j, (struct given){"authority", "807", "Redcar", "", "susp_rate 30.1"});
    assert_ok(j, published_neighbours(j, 2021, &v, &n));
    assert_int_equal(n, 4);
    assert_ok(j, setting_change(j, SETTING_NEIGHBOURS, "896, 916"));
    assert_ok(j, published_neighbours(j, 2021, &v, &n));
    assert_int_equal(n, 3);
    assert_string_equal(v[0].name, "Cheshire West");
    assert_true(v[1].ours);
    assert_string_equal(v[2].name, "Gloucestershire"); /* no number: last */
}

static void
a_school_is_held_beside_its_type_and_else_beside_all(void **state)
{
    struct job *j = support_job(state);
    struct school_asked ask = {900001, "secondary", 2023};
    struct published_school p;

    our_figures(j);
    assert_ok(j, published_school(j, &ask, &p));
    assert_int_equal(p.school_year, 0); /* nothing is loaded */
    publish_of(j, "secondary",
               (struct given){"school", "900001", "Fairhurst", "001", "susp_rate 8.00"});
    publish(j, (struct given){"authority", "001", "Ashmere", "E12000002", "susp_rate 9.10"});
    publish_of(j, "secondary",
               (struct given){"authority", "001", "Ashmere", "E12000002", "susp_rate 14.20"});
    publish(j, (struct given){"nation", "E92000001", "England", "", "susp_rate 11.31"});
    publish_of(j, "secondary",
               (struct given){"authority", "896", "Cheshire West", "", "susp_rate 20.4"});
    publish_of(j, "secondary",
               (struct given){"authority", "807", "Redcar", "", "susp_rate 30.1"});
    publish_of(j, "secondary",
               (struct given){"authority", "916", "Gloucestershire", "", "susp_rate c"});
    publish(j, (struct given){"authority", "855", "Leicestershire", "", "susp_rate 1"});
    assert_ok(j, setting_change(j, SETTING_NEIGHBOURS, "896, 807, 916"));
    assert_ok(j, published_school(j, &ask, &p));
    assert_int_equal(p.school_year, 2021); /* the last year there is */
    assert_int_equal(p.row[0].measure, M_DFE_SUSP);
    assert_int_equal(p.row[0].of[BESIDE_SCHOOL].rate.ten_thousandths, 80000);
    assert_int_equal(p.row[0].of[BESIDE_AUTHORITY].rate.ten_thousandths, 142000);
    assert_false(p.row[0].of[BESIDE_AUTHORITY].all);
    assert_int_equal(p.row[0].of[BESIDE_ENGLAND].rate.ten_thousandths, 113100);
    assert_true(p.row[0].of[BESIDE_ENGLAND].all); /* of secondary schools none is given */
    assert_int_equal(p.row[0].neighbours, 2);
    assert_int_equal(p.row[0].low.rate.ten_thousandths, 204000);
    assert_int_equal(p.row[0].high.rate.ten_thousandths, 301000);
    assert_int_equal(p.row[3].of[BESIDE_ENGLAND].rate.state, BENCHMARK_NONE);
    ask.last_year = 2024; /* three years back is too far */
    assert_ok(j, published_school(j, &ask, &p));
    assert_int_equal(p.school_year, 0);
}

static void
a_school_sees_no_other_schools_benchmark(void **state)
{
    static const struct actor senco = {.account = 2, .role = ROLE_SENCO, .area = 1,
                                       .urn = 900001};
    struct job *j = support_job(state);
    struct published_school p;

    our_figures(j);
    j->who = &senco;
    assert_int_equal(published_school(j, &(struct school_asked){900002, "secondary", 2021}, &p),
                     ERR_DENIED);
    err_clear(j);
    assert_ok(j, published_school(j, &(struct school_asked){900001, "secondary", 2021}, &p));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(without_published_figures_nothing_is_compared),
        SUPPORT_TEST(a_rate_that_differs_by_rounding_is_the_same),
        SUPPORT_TEST(a_difference_is_explained_by_what_is_counted),
        SUPPORT_TEST(a_suppressed_figure_is_not_compared),
        SUPPORT_TEST(neighbours_are_those_of_the_setting_and_ours),
        SUPPORT_TEST(a_school_is_held_beside_its_type_and_else_beside_all),
        SUPPORT_TEST(a_school_sees_no_other_schools_benchmark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
