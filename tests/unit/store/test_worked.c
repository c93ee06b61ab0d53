/* What was worked out is found again until what it was made of is another. */
#include "store/worked.h"
#include "support/support.h"

enum { NUMBERS = 3 };
static const uint32_t numbers[NUMBERS] = {7, 8, 9};

static const uint32_t *
got(struct job *j, const char *name, const char *made_of, size_t least)
{
    struct worked what = {name, made_of};
    const void *found;

    assert_ok(j, worked_get(j, &what, least, &found));
    return found;
}

static void
kept(struct job *j, const char *name, const char *made_of)
{
    struct worked what = {name, made_of};

    assert_ok(j, worked_put(j, &what, numbers, sizeof numbers));
}

static void
numbers_are_found_while_what_they_were_made_of_is_the_same(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    j->area = 1;
    assert_null(got(j, "names", "a", sizeof numbers));
    kept(j, "names", "a");
    assert_memory_equal(got(j, "names", "a", sizeof numbers), numbers, sizeof numbers);
    assert_null(got(j, "names", "b", sizeof numbers));
    assert_null(got(j, "terms", "a", sizeof numbers));
    kept(j, "names", "b");
    assert_null(got(j, "names", "a", sizeof numbers));
    assert_non_null(got(j, "names", "b", sizeof numbers));
    j->area = 2;
    assert_null(got(j, "names", "b", sizeof numbers));
}

static void
too_few_numbers_are_none(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    j->area = 1;
    kept(j, "names", "a");
    assert_null(got(j, "names", "a", sizeof numbers + 1));
}

static void
what_has_no_name_is_not_kept(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    j->area = 1;
    kept(j, "names", NULL);
    assert_null(got(j, "names", NULL, 0));
}

static void
what_is_forgotten_is_forgotten_in_its_area(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    j->area = 2;
    kept(j, "names", "a");
    j->area = 1;
    kept(j, "names", "a");
    assert_ok(j, worked_forget(j));
    assert_null(got(j, "names", "a", 0));
    j->area = 2;
    assert_non_null(got(j, "names", "a", 0));
}

static void
a_reading_connection_keeps_nothing_and_is_no_failure(void **state)
{
    struct job *j = support_job(state);
    struct db *reads, *writes;

    support_db(j);
    writes = j->db;
    j->area = 1;
    assert_ok(j, db_open_beside(j, writes, DB_READ, &reads));
    j->db = reads;
    kept(j, "names", "a");
    j->db = writes;
    assert_null(got(j, "names", "a", 0));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(numbers_are_found_while_what_they_were_made_of_is_the_same),
        SUPPORT_TEST(too_few_numbers_are_none),
        SUPPORT_TEST(what_has_no_name_is_not_kept),
        SUPPORT_TEST(what_is_forgotten_is_forgotten_in_its_area),
        SUPPORT_TEST(a_reading_connection_keeps_nothing_and_is_no_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
