/* DfE's published figures: which rows and figures are kept, and what is read of them. */
#include "people/benchmark.h"
#include "support/loads.h"

#define FIVE "time_period,time_identifier,geographic_level,country_code,country_name"
#define PLACES ",region_code,region_name,old_la_code,new_la_code,la_name"
#define ENGLAND "E92000001,England"
#define CHESTER ENGLAND ",E12000002,North West,896,E06000050,Cheshire West and Chester"
#define YEAR "202324,Academic year,"
#define HALTON ENGLAND ",E12000002,North West,876,E06000006,Halton"
#define SUSPENSIONS                                                                      \
    FIVE PLACES ",school_urn,school_name,education_phase,characteristic,headcount,"      \
    "perm_excl,perm_excl_rate,suspension,susp_rate\n"                                    \
    YEAR "National," ENGLAND ",,,,,,,,Total,Total,8400000,10885,0.13,954952,11.31\n"     \
    YEAR "Regional," ENGLAND ",E12000002,North West,,,,,,Total,Total,1,2000,0.18,1,13\n" \
    YEAR "Local authority," CHESTER ",,,Total,Total,50000,40,0.08,5200,10.40\n"          \
    YEAR "Local authority," CHESTER ",,,Total,Girls,25000,10,0.04,2000,8.00\n"           \
    YEAR "Local authority," CHESTER ",,,State-funded secondary,Total,2000,3,0.1,4,2.0\n" \
    YEAR "Local authority," HALTON ",,,Total,Total,20000,c,c,low,z\n"                    \
    YEAR "School," CHESTER ",900001,Example High School,State-funded secondary,Total,"   \
    "900,1,0.11,80,8.89\n"                                                               \
    YEAR "School," HALTON ",900099,Elsewhere,State-funded secondary,Total,9,1,0.1,8,8\n" \
    YEAR "Parliamentary constituency," ENGLAND ",,,,,,,,Total,Total,1,1,1,1,1\n"

static struct load_result
load_file(struct job *j, const char *path, enum load_outcome want)
{
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    assert_ok(j, load(j, &path, 1, &o, &r));
    assert_int_equal(r.n_batches, 1);
    if (r.batch[0].outcome != want)
        fail_msg("%s: %s", r.batch[0].title, r.batch[0].message);
    return r;
}

static struct benchmark
find(struct job *j, struct benchmark_query q)
{
    struct benchmark b;

    assert_ok(j, benchmark_find(j, &q, &b));
    return b;
}

static void
only_total_rows_are_kept_and_the_rest_is_counted(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    struct benchmark *all;
    size_t n;

    support_db(j);
    r = load_file(j, loads_file(j, "exc_nat_region_la.csv", SUSPENSIONS), LOAD_PUBLISHED);
    assert_int_equal(r.batch[0].read, 9);
    assert_int_equal(r.batch[0].loaded, 9);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM benchmark"), 6);
    assert_ok(j, benchmark_list(j, &(struct benchmark_query){.series = "suspensions",
                                .level = "authority", .phase = "total", .school_year = 2023},
                                &all, &n));
    assert_int_equal(n, 2);
    assert_string_equal(all[0].code, "876");
    assert_string_equal(all[1].code, "896");
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE note LIKE "
                                    "'%not kept: 1 rows of one group%schools of other%'"), 1);
    load_file(j, support_path(j, "exc_nat_region_la.csv"), LOAD_KNOWN);
}

static void
a_figure_is_a_number_or_a_mark_as_published(void **state)
{
    struct job *j = support_job(state);
    struct benchmark_place region;
    struct benchmark_figure f;
    struct benchmark b;

    support_db(j);
    load_file(j, loads_file(j, "exc.csv", SUSPENSIONS), LOAD_PUBLISHED);
    b = find(j, (struct benchmark_query){.series = "suspensions", .level = "authority",
                                         .code = "896", .phase = "total"});
    f = benchmark_figure(&b, "susp_rate");
    assert_int_equal(f.state, BENCHMARK_GIVEN);
    assert_int_equal(f.ten_thousandths, 104000);
    assert_memory_equal(f.text, "10.40", f.n);
    assert_int_equal(benchmark_figure(&b, "suspension").ten_thousandths, 52000000);
    assert_int_equal(benchmark_figure(&b, "one_plus_susp").state, BENCHMARK_NONE);
    assert_string_equal(b.gss, "E06000050");
    b = find(j, (struct benchmark_query){.series = "suspensions", .level = "authority",
                                         .code = "876"});
    f = benchmark_figure(&b, "perm_excl");
    assert_int_equal(f.state, BENCHMARK_MARKED);
    assert_string_equal(benchmark_mark((struct span){f.text, f.n}), "suppressed");
    b = find(j, (struct benchmark_query){.series = "suspensions", .level = "school",
                                         .code = "900001"});
    assert_string_equal(b.phase, "secondary");
    assert_string_equal(b.parent, "896");
    assert_ok(j, benchmark_region(j, 896, &region));
    assert_string_equal(region.code, "E12000002");
    assert_string_equal(region.name, "North West");
}

static void
old_names_and_other_orders_of_columns_are_the_same_figures(void **state)
{
    struct job *j = support_job(state);
    struct benchmark b;

    support_db(j);
    load_file(j, loads_file(j, "old.csv",
                            "fixed_excl,fixed_excl_rate,perm_excl,time_period,geographic_level,"
                            "country_code,country_name,time_identifier,school_type\n"
                            "438265,5.36,7894,201819,National," ENGLAND ",Academic year,Total\n"),
              LOAD_PUBLISHED);
    b = find(j, (struct benchmark_query){.series = "suspensions", .level = "nation"});
    assert_int_equal(b.school_year, 2018);
    assert_int_equal(benchmark_figure(&b, "suspension").ten_thousandths, 4382650000);
    assert_int_equal(benchmark_figure(&b, "susp_rate").ten_thousandths, 53600);
}

static void
a_newer_publication_replaces_its_rows_and_keeps_the_others(void **state)
{
    struct job *j = support_job(state);
    struct benchmark b;

    support_db(j);
    load_file(j, loads_file(j, "exc.csv", SUSPENSIONS), LOAD_PUBLISHED);
    load_file(j, loads_file(j, "new.csv",
                            FIVE ",education_phase,headcount,perm_excl,suspension\n"
                            "202324,Academic year,National," ENGLAND ",Total,8400000,10900,1\n"
                            "202425,Academic year,National," ENGLAND ",Total,8400000,11000,2\n"),
              LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM benchmark"), 7);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM benchmark_row"), 7);
    b = find(j, (struct benchmark_query){.series = "suspensions", .level = "nation",
                                         .school_year = 2023});
    assert_int_equal(benchmark_figure(&b, "perm_excl").ten_thousandths, 109000000);
}

static void
attendance_absence_and_home_education_are_series_of_their_own(void **state)
{
    struct job *j = support_job(state);
    static const char *const files[] = {"absence", "year-to-date", "home-education"};
    static const char *const series[] = {"absence", "attendance", "ehe"};
    static const char *const levels[] = {"authority", "region", "authority"};
    static const char *const measures[] = {"sess_overall_percent", "attendance_perc",
                                           "ehe_census_date"};
    static const int64_t values[] = {81080, 928570, 6100000};

    support_db(j);
    for (int i = 0; i < 3; i++) {
        struct benchmark b;
        load_file(j, job_format(j, "tests/golden/returns/accept/ees.0-0.%s.csv", files[i]),
                  LOAD_PUBLISHED);
        b = find(j, (struct benchmark_query){.series = series[i], .level = levels[i]});
        assert_non_null(b.series);
        assert_int_equal(benchmark_figure(&b, measures[i]).ten_thousandths, values[i]);
        assert_int_equal(b.school_year, i == 0 ? 2023 : 2024);
    }
}

static void
the_companion_that_describes_columns_is_left_with_a_reason(void **state)
{
    struct job *j = support_job(state);
    const char *path;
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    support_db(j);
    loads_file(j, "ees/exc.csv", SUSPENSIONS);
    loads_file(j, "ees/exc.meta.csv", "col_name,col_type,label\nheadcount,Indicator,Pupils\n");
    path = support_path(j, "ees");
    assert_ok(j, load(j, &path, 1, &o, &r));
    assert_int_equal(r.published, 1);
    assert_int_equal(r.refused, 0);
    assert_int_equal(r.n_left, 1);
    assert_non_null(strstr(r.left[0].why, "nothing in it is used here"));
}

static void
what_cannot_be_told_is_turned_away_or_remarked(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = load_file(j, loads_file(j, "odd.csv",
                                FIVE PLACES ",sector,headcount,perm_excl\n"
                                "202324,Academic year,Local authority," CHESTER ",a,10,1\n"
                                "202324,Academic year,Local authority," CHESTER ",b,10,1\n"
                                "202324,Academic year,National," ENGLAND ",,,,,,a,10,about 7\n"
                                "202324,Academic year,Regional," ENGLAND ",,,,,,a,10,7\n"),
                  LOAD_PUBLISHED);
    assert_int_equal(r.batch[0].refused, 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE rule = 'twice'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE rule = 'figure-text' AND "
                                    "message LIKE '%perm_excl is \"about 7\"%'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE rule = 'place-missing'"),
                     1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(only_total_rows_are_kept_and_the_rest_is_counted),
        SUPPORT_TEST(a_figure_is_a_number_or_a_mark_as_published),
        SUPPORT_TEST(old_names_and_other_orders_of_columns_are_the_same_figures),
        SUPPORT_TEST(a_newer_publication_replaces_its_rows_and_keeps_the_others),
        SUPPORT_TEST(attendance_absence_and_home_education_are_series_of_their_own),
        SUPPORT_TEST(the_companion_that_describes_columns_is_left_with_a_reason),
        SUPPORT_TEST(what_cannot_be_told_is_turned_away_or_remarked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
