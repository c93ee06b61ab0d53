#include "people/establishment.h"
#include "support/support.h"

#define D(y, m, d) date_from_ymd(y, m, d)

static const char sql_put[] =
    "INSERT INTO establishment_row (urn, la, estab, name, type_code, type_name, phase, status, "
    "opened, closed) VALUES ($1, 896, $2, 'Example', 34, 'x', 'secondary', 1, $3, $4)";

static void
put(struct job *j, int64_t urn, int64_t estab, struct arg opened, struct arg closed)
{
    assert_ok(j, db_run(j, sql_put, ARGS(INT(urn), INT(estab), opened, closed), NULL));
}

static int64_t
find(struct job *j, int64_t la, int64_t estab, int32_t day)
{
    int64_t urn = -1;

    assert_ok(j, establishment_by_number(j, la, estab, day, &urn));
    return urn;
}

static void
the_day_decides_between_a_school_and_the_academy_it_became(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    put(j, 900000, 4001, NUL, INT(D(2012, 9, 1)));
    put(j, 900001, 4001, INT(D(2012, 9, 1)), INT(D(2020, 9, 1)));
    put(j, 900002, 4001, INT(D(2021, 9, 1)), NUL);
    put(j, 900003, 4002, INT(D(2021, 9, 1)), NUL);
    assert_int_equal(find(j, 896, 4001, D(2012, 8, 31)), 900000);
    assert_int_equal(find(j, 896, 4001, D(2012, 9, 1)), 900001);
    assert_int_equal(find(j, 896, 4001, D(2020, 12, 1)), 900001); /* none open: the last */
    assert_int_equal(find(j, 896, 4001, D(2021, 9, 1)), 900002);
    assert_int_equal(find(j, 896, 4001, DATE_NONE), 900002);
    assert_int_equal(find(j, 896, 4002, D(2019, 9, 1)), 900003); /* not yet open */
    assert_int_equal(find(j, 896, 4003, D(2019, 9, 1)), 0);
    assert_int_equal(find(j, 916, 4001, D(2019, 9, 1)), 0);
}

static void
types_say_what_a_school_is(void **state)
{
    (void)state;
    assert_string_equal(establishment_phase(14, 0), "ap");
    assert_string_equal(establishment_phase(42, 4), "ap");
    assert_string_equal(establishment_phase(44, 0), "special");
    assert_string_equal(establishment_phase(34, 4), "secondary");
    assert_string_equal(establishment_phase(1, 3), "middle");
    assert_string_equal(establishment_phase(1, 5), "middle");
    assert_string_equal(establishment_phase(28, 7), "all-through");
    assert_string_equal(establishment_phase(11, 0), "other");
    assert_string_equal(establishment_phase(11, 8), "other");
    assert_string_equal(establishment_phase(99, -1), "other");
    assert_false(establishment_type(10)->state_funded);
    assert_true(establishment_type(14)->state_funded);
    assert_int_equal(establishment_type(54)->code, 0); /* a census type, not GIAS's */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_day_decides_between_a_school_and_the_academy_it_became),
        SUPPORT_TEST(types_say_what_a_school_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
