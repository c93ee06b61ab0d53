/* Schools, postcodes, deprivation: edition by edition. */
#include "support/loads.h"
#include "intake/shared.h"
#include "people/edition.h"
#include "timeline/timeline.h"

#define GIAS LOADS_COUNCIL "/gias"
#define GEOGRAPHY LOADS_COUNCIL "/geography"

static void
for_area(struct job *j)
{
    support_db(j);
    loads_expect(j, GIAS, LOAD_PUBLISHED);
}

static void
a_newer_file_replaces_and_what_it_lacks_is_carried_over(void **state)
{
    struct job *j = support_job(state);
    const char *folder, *file;

    for_area(j);
    folder = loads_copy(j, GIAS, "gias");
    file = job_format(j, "%s/edubasealldata20251001.csv", folder);
    loads_edit(j, file, "900003,", "900004,"); /* one new, one no longer there */
    loads_edit(j, file, "\"Example High School, The\"", "\"Renamed\"");
    loads_remove(job_format(j, "%s/links_edubasealldata20251001.csv", folder));
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment"), 5);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment WHERE urn = 900001 AND "
                                    "name = 'Renamed'"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_link"), 2);
    /* only the edition in force is kept */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_row"), 5);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_link_row"), 2);
    assert_int_equal(loads_count(j, "SELECT edition FROM edition WHERE name = 'gias'"), 2);
}

static void
many_rows_are_carried_over_part_by_part(void **state)
{
    struct job *j = support_job(state);
    static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ";
    struct lines text = {.j = j};
    const char *path;

    for_area(j);
    lines_add(&text, "pcd7,pcds,dointr,doterm,lad25cd,lsoa21cd\n");
    for (int i = 0; i < 4321; i++)
        lines_add(&text, "x,CH%d %d%c%c,199806,,E06000050,E01000001\n", 40 + i / 4000,
                  i / 400 % 10, letters[i / 20 % 20], letters[i % 20]);
    path = loads_file(j, "one/nspl.csv", text.s);
    loads_expect(j, path, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode"), 4321);
    loads_expect(j, GEOGRAPHY, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode"), 4323);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode_row"), 4323);
}

static void
both_editions_of_the_indices_stand_side_by_side(void **state)
{
    struct job *j = support_job(state);

    for_area(j);
    loads_expect(j, GEOGRAPHY, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM deprivation WHERE edition = 2019"), 2);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM deprivation WHERE edition = 2025"), 1);
    assert_int_equal(loads_count(j, "SELECT idaci_rank FROM deprivation WHERE edition = 2025 AND "
                                    "lsoa = 'E01099001'"), 300);
}

#define LSOA_HEADER(lsoa, la)                                                              \
    lsoa ",Local Authority District code (" la "),"                                          \
    "Income Deprivation Affecting Children Index (IDACI) Rank (where 1 is most deprived),"  \
    "Income Deprivation Affecting Children Index (IDACI) Decile (where 1 is most deprived " \
    "10% of LSOAs)\n"

static void
areas_of_2021_with_the_indices_of_2019_are_refused(void **state)
{
    struct job *j = support_job(state);
    static const struct {
        const char *text, *says;
    } mixed[] = {
        {LSOA_HEADER("LSOA code (2011)", "2019") "E01018001,E06000050,90,1\n"
                                                 "E01034500,E06000050,80,1\n",
         "line 3 joins areas of the 2021 census with the indices of deprivation 2019: E01034500"},
        {LSOA_HEADER("LSOA code (2021)", "2019") "E01018001,E06000050,90,1\n", "columns of both"},
        {LSOA_HEADER("LSOA code (2011),LSOA code (2021)", "2019")
             "E01018001,E01034500,E06000050,90,1\n", "columns of both"},
        {LSOA_HEADER("LSOA code (2011),LSOA code (2021)", "2024")
             "E01018001,E01034500,E06000050,90,1\n", "columns of both"},
    };

    for_area(j);
    loads_expect(j, GEOGRAPHY, LOAD_PUBLISHED);
    for (size_t i = 0; i < sizeof mixed / sizeof *mixed; i++) {
        const char *path = loads_file(j, job_format(j, "mixed-%zu.csv", i), mixed[i].text);
        struct load_result r = loads_expect(j, path, LOAD_REFUSED);
        if (!strstr(r.batch[0].message, mixed[i].says))
            fail_msg("%s: %s", path, r.batch[0].message);
        assert_non_null(strstr(r.batch[0].message, "Load File 7 of each as it was published"));
        assert_int_equal(loads_count(j, "SELECT count(*) FROM deprivation"), 3);
        assert_int_equal(loads_count(j, "SELECT count(*) FROM deprivation_row"), 3);
    }
    /* each by itself is taken, whichever area it begins with */
    loads_expect(j, loads_file(j, "2025.csv", LSOA_HEADER("LSOA code (2021)", "2024")
                                              "E01034500,E06000050,80,1\n"), LOAD_PUBLISHED);
    loads_expect(j, loads_file(j, "2019.csv", LSOA_HEADER("LSOA code (2011)", "2019")
                                              "E01033768,E06000050,70,1\n"), LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM deprivation"), 5);
}

static void
a_refused_file_leaves_the_edition_in_force(void **state)
{
    struct job *j = support_job(state);
    const char *folder;
    struct load_result r;
    int64_t before;

    for_area(j);
    before = loads_count(j, "SELECT sum(urn) FROM establishment");
    folder = loads_copy(j, GIAS, "gias");
    loads_edit(j, job_format(j, "%s/edubasealldata20251001.csv", folder), "\"896\"", "\"what\"");
    r = loads_run(j, folder);
    assert_int_equal(r.refused, 1);
    assert_int_equal(loads_count(j, "SELECT sum(urn) FROM establishment"), before);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_row"), 4);
}

static void
what_a_school_is_comes_from_its_type_then_its_phase(void **state)
{
    struct job *j = support_job(state);

    for_area(j);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment WHERE phase = 'ap' AND "
                                    "urn = 900003"), 1);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment WHERE "
                                    "phase = 'secondary'"), 2);
    /* closed on 31 August 2012 (15583), its last day */
    assert_int_equal(loads_count(j, "SELECT closed FROM establishment WHERE urn = 900000"), 15584);
}

static void
two_loads_of_shared_tables_do_not_run_at_once(void **state)
{
    struct job *j = support_job(state), other;
    struct load_options o = {.loaded_by = "command line"};
    struct load_result r;
    const char *path = GEOGRAPHY;
    struct db *db;
    bool taken;

    for_area(j);
    job_init_child(&other, j, 64 * JOB_MB);
    assert_ok(&other, db_open(&other, support_url(j), DB_WRITE, &db));
    other.db = db;
    assert_ok(&other, db_lock(&other, "load-shared", &taken));
    assert_true(taken);
    assert_err(j, load(j, &path, 1, &o, &r), ERR_BUSY);
    job_end(&other);
    assert_ok(j, load(j, &path, 1, &o, &r));
    assert_int_equal(r.published, 3);
}

/* ---- as known on a past date ------------------------------------------------------- */

static struct span
columns_known(struct job *j, int64_t at)
{
    const char *path = support_path(j, "known.columns");
    struct timeline_order order = {.as_of = SUPPORT_TODAY, .known_at = at, .threads = 1};

    j->area = 896;
    assert_ok(j, timeline_build(j, path, &order));
    return dump_load(j, path);
}

static int64_t
known_now(struct job *j)
{
    int64_t at;

    j->area = 896;
    assert_ok(j, timeline_known(j, &at));
    return at;
}

static bool
same(struct span a, struct span b)
{
    return a.n == b.n && !memcmp(a.s, b.s, a.n);
}

/* The schools of the council, another each time. */
static void
load_schools(struct job *j, const char *name, const char *type, const char *link)
{
    const char *folder = loads_copy(j, GIAS, name);
    const char *file = job_format(j, "%s/edubasealldata20251001.csv", folder);

    loads_edit(j, file, "\"34\",\"Academy converter\"", type);
    loads_edit(j, file, ",4,11,", ",3,11,");
    loads_append(j, job_format(j, "%s/links_edubasealldata20251001.csv", folder), link);
    loads_expect(j, folder, LOAD_PUBLISHED);
}

/* Where CH1 9ZZ lies, another each time, and a postcode that was not in the list before. */
static void
load_postcodes(struct job *j, const char *name, const char *lsoa, const char *more)
{
    const char *path = loads_copy(j, GEOGRAPHY "/NSPL_AUG_2025_UK.csv", name);

    loads_edit(j, path, "E05099001,E01099001,E01099001", lsoa);
    loads_append(j, path, more);
    loads_expect(j, path, LOAD_PUBLISHED);
}

static void
schools_and_postcodes_are_as_known_on_the_day_asked_for(void **state)
{
    struct job *j = support_job(state);
    struct span first, second;
    int64_t at_first, at_second, edition;

    for_area(j);
    loads_expect(j, GEOGRAPHY, LOAD_PUBLISHED);
    loads_expect(j, LOADS_COUNCIL "/census/2024-autumn", LOAD_PUBLISHED);
    at_first = known_now(j);
    first = columns_known(j, at_first);
    load_schools(j, "second", "\"14\",\"Pupil referral unit\"",
                 "900002,900003,\"Example PRU\",\"Successor\",\"\"\n");
    assert_true(same(columns_known(j, at_first), first));
    load_postcodes(j, "second.csv", "E05099001,E01099002,E01099003",
                   "CH3 9ZZ,CH3  9ZZ,CH3 9ZZ,199806,,0,E06000050,E05099001,E01099001,E01099001\n");
    at_second = known_now(j);
    second = columns_known(j, at_second);
    assert_false(same(second, first));
    assert_true(same(columns_known(j, at_first), first));
    load_schools(j, "third", "\"01\",\"Community school\"", "");
    load_postcodes(j, "third.csv", "E05099001,,", "");
    assert_true(same(columns_known(j, at_first), first));
    assert_true(same(columns_known(j, at_second), second));
    assert_false(same(columns_known(j, known_now(j)), second));
    /* of what did not change nothing is kept */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode_past WHERE "
                                    "postcode = 'CH2 9ZZ'"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode_past"), 3);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_past WHERE "
                                    "urn = 900003"), 0);
    assert_ok(j, edition_known(j, "gias", at_first, &edition));
    assert_int_equal(edition, 1);
    assert_ok(j, edition_known(j, "gias", known_now(j), &edition));
    assert_true(edition == EDITION_NEWEST);
}

/* Each part that is otherwise alone makes a difference, and is undone alone. */
static void
one_link_or_place_more_is_not_known_before(void **state)
{
    struct job *j = support_job(state);
    struct span first;
    int64_t at_first;
    const char *path;

    for_area(j);
    loads_expect(j, GEOGRAPHY, LOAD_PUBLISHED);
    loads_expect(j, LOADS_COUNCIL "/census/2024-autumn", LOAD_PUBLISHED);
    at_first = known_now(j);
    first = columns_known(j, at_first);
    path = loads_copy(j, GIAS, "links");
    loads_append(j, job_format(j, "%s/links_edubasealldata20251001.csv", path),
                 "900002,900003,\"Example PRU\",\"Successor\",\"\"\n");
    loads_expect(j, path, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_past"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM establishment_link_past"), 1);
    assert_true(same(columns_known(j, at_first), first));
    path = loads_copy(j, GEOGRAPHY "/NSPL_AUG_2025_UK.csv", "more.csv");
    loads_append(j, path,
                 "CH3 9ZZ,CH3  9ZZ,CH3 9ZZ,199806,,0,E06000050,E05099001,E01099001,E01099001\n");
    loads_expect(j, path, LOAD_PUBLISHED);
    assert_true(same(columns_known(j, at_first), first));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM postcode_past WHERE there = 0"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_newer_file_replaces_and_what_it_lacks_is_carried_over),
        SUPPORT_TEST(many_rows_are_carried_over_part_by_part),
        SUPPORT_TEST(both_editions_of_the_indices_stand_side_by_side),
        SUPPORT_TEST(areas_of_2021_with_the_indices_of_2019_are_refused),
        SUPPORT_TEST(a_refused_file_leaves_the_edition_in_force),
        SUPPORT_TEST(what_a_school_is_comes_from_its_type_then_its_phase),
        SUPPORT_TEST(two_loads_of_shared_tables_do_not_run_at_once),
        SUPPORT_TEST(schools_and_postcodes_are_as_known_on_the_day_asked_for),
        SUPPORT_TEST(one_link_or_place_more_is_not_known_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
