#include "people/postcode.h"
#include "support/support.h"

static const char sql_edition[] = "UPDATE edition SET edition = 1 WHERE name = 'postcodes'";
static const char sql_add[] =
    "INSERT INTO postcode_row (edition, postcode, lsoa21, ward, district, county, latitude, "
    "longitude) VALUES (1, $1, $2, 'E05000001', 'E07000901', 'E10000901', $3, $4)";

static void
add(struct job *j, const char *postcode, const char *lsoa, int64_t latitude, int64_t longitude)
{
    assert_ok(j, db_run(j, sql_add, ARGS(TEXT(postcode), TEXT(lsoa),
                                         latitude ? INT(latitude) : NUL,
                                         latitude ? INT(longitude) : NUL), NULL));
}

static void
start(struct job *j)
{
    support_db(j);
    assert_ok(j, db_begin(j));
    assert_ok(j, db_run(j, sql_edition, NO_ARGS, NULL));
    add(j, "CH65 9AA", "E01000001", 53200000, -2800000);
    add(j, "CH65 9AB", NULL, 53400000, -2900000);
    add(j, "CH6 1AA", "E01000003", 50000000, -1000000);
    add(j, "BR9 9ZZ", "E01000004", 0, 0);
    assert_ok(j, db_commit(j));
}

static void
a_postcode_lies_in_areas_smallest_first(void **state)
{
    struct job *j = support_job(state);
    struct postcode p;

    start(j);
    assert_ok(j, postcode_find(j, " ch659aa ", &p));
    assert_string_equal(p.text, "CH65 9AA");
    assert_string_equal(p.outward, "CH65");
    assert_true(p.located);
    assert_int_equal(p.latitude, 53200000);
    assert_int_equal(p.longitude, -2800000);
    assert_int_equal(p.n_codes, 4);
    assert_string_equal(p.code[0], "E01000001");
    assert_string_equal(p.code[3], "E10000901");
    assert_ok(j, postcode_find(j, "CH65 9AB", &p));
    assert_int_equal(p.n_codes, 3); /* its LSOA is not known */
    assert_ok(j, postcode_find(j, "BR9 9ZZ", &p));
    assert_false(p.located);
}

static void
an_outward_code_is_the_middle_of_its_own_postcodes(void **state)
{
    struct job *j = support_job(state);
    struct postcode p;

    start(j);
    assert_ok(j, postcode_find(j, "ch65", &p));
    assert_int_equal(p.latitude, 53300000);
    assert_int_equal(p.longitude, -2850000);
    assert_int_equal(p.n_codes, 0);
    assert_ok(j, postcode_find(j, "CH6", &p)); /* not those of CH65 */
    assert_int_equal(p.latitude, 50000000);
}

static void
what_is_no_postcode_or_not_known_is_told_apart(void **state)
{
    struct job *j = support_job(state);
    struct postcode p;

    start(j);
    assert_int_equal(postcode_find(j, "CH65 9ZZ", &p), ERR_NOT_FOUND);
    err_clear(j);
    assert_int_equal(postcode_find(j, "CH1", &p), ERR_NOT_FOUND);
    err_clear(j);
    assert_int_equal(postcode_find(j, "near the park", &p), ERR_INPUT);
    err_clear(j);
    assert_int_equal(postcode_find(j, "12345", &p), ERR_INPUT);
    err_clear(j);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_postcode_lies_in_areas_smallest_first),
        SUPPORT_TEST(an_outward_code_is_the_middle_of_its_own_postcodes),
        SUPPORT_TEST(what_is_no_postcode_or_not_known_is_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
