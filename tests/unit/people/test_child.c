/* Children and schools are found, and only by those who may see them. */
#include "support/children.h"
#include "access/actor.h"
#include "people/child.h"
#include "people/school.h"
#include "people/school_child.h"
#include <string.h>

static size_t
found(struct job *j, const char *words, int64_t urn, struct child **v)
{
    size_t n, total;
    struct child_search s = {.words = words, .urn = urn, .year_group = CHILD_ANY_YEAR, .limit = 50};

    assert_ok(j, child_search(j, &s, v, &n, &total));
    assert_int_equal(n, total);
    return n;
}

static void
a_child_is_described_by_the_last_census(void **state)
{
    struct job *j = support_job(state);
    struct child c;

    children_make(j);
    j->who = &children_analyst;
    assert_ok(j, child_get(j, 1, &c));
    assert_string_equal(c.name, "Kai Whitlock");
    assert_int_equal(c.urn, 100002);
    assert_string_equal(c.school, "Fernhill Academy");
    assert_int_equal(c.term, TERM_SPRING);
    assert_int_equal(c.year_group, 7);
    assert_true(c.on_roll);
    assert_string_equal(c.sen, "K");
}

static void
a_child_in_a_batch_still_loading_is_not_there(void **state)
{
    struct job *j = support_job(state);
    struct child c, *v;

    children_make(j);
    j->who = &children_analyst;
    assert_err(j, child_get(j, 4, &c), ERR_NOT_FOUND);
    assert_err(j, child_get(j, 99, &c), ERR_NOT_FOUND);
    assert_int_equal(found(j, "Hidden", 0, &v), 0);
    assert_int_equal(found(j, "D123456789012", 0, &v), 0);
}

static void
a_child_is_found_by_the_start_of_any_name(void **state)
{
    struct job *j = support_job(state);
    struct child *v;
    static const char *const ways[] = {"whit", "KAI", "kai whitlock", "Whitlock, Kai", "k w",
                                       "a123456789012", "  A123456789012 "};

    children_make(j);
    j->who = &children_analyst;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        assert_int_equal(found(j, ways[i], 0, &v), 1);
        assert_int_equal(v[0].person, 1);
    }
    assert_int_equal(found(j, "mary jane van berg", 0, &v), 1);
    assert_int_equal(found(j, "van berg", 0, &v), 1);
    assert_int_equal(found(j, "vanberg mary", 0, &v), 1);
    assert_int_equal(found(j, "zoe oneil", 0, &v), 1);
    assert_int_equal(found(j, "O'Neil", 0, &v), 1);
    assert_int_equal(found(j, "hitlock", 0, &v), 0);
    assert_int_equal(found(j, "k", 0, &v), 0); /* one letter is not worth a list */
    assert_int_equal(found(j, "', ' OR 1=1", 0, &v), 0);
    assert_int_equal(found(j, "%", 0, &v), 0);
    assert_int_equal(found(j, "", 0, &v), 0);
}

static void
a_school_lists_its_pupils_at_its_last_census(void **state)
{
    struct job *j = support_job(state);
    struct child *v;

    children_make(j);
    j->who = &children_analyst;
    assert_int_equal(found(j, "", 100002, &v), 2);
    assert_string_equal(v[0].name, "Kai Whitlock");
    assert_string_equal(v[1].name, "Mary Jane van Berg");
    assert_int_equal(found(j, "zo", 100001, &v), 1);
    assert_int_equal(found(j, "mary", 100001, &v), 0);
}

static void
pages_of_a_list_do_not_overlap(void **state)
{
    struct job *j = support_job(state);
    struct child *v;
    size_t n, total;
    struct child_search s = {.urn = 100002, .year_group = CHILD_ANY_YEAR, .limit = 1};

    children_make(j);
    j->who = &children_analyst;
    assert_ok(j, child_search(j, &s, &v, &n, &total));
    assert_int_equal(n, 1);
    assert_int_equal(total, 2);
    assert_int_equal(v[0].person, 1);
    s.offset = 1;
    assert_ok(j, child_search(j, &s, &v, &n, &total));
    assert_int_equal(v[0].person, 2);
    s.year_group = 9;
    s.offset = 0;
    assert_ok(j, child_search(j, &s, &v, &n, &total));
    assert_int_equal(total, 1);
    assert_int_equal(v[0].person, 2);
}

/* Persons 1000 … of the surname Zephyr, forenames Ann0 … */
static void
many_zephyrs(struct job *j, int n)
{
    for (int i = 0; i < n; i++)
        assert_ok(j, db_run(j, "INSERT INTO identity (area_id, identity_id, person_id, digest, "
                            "source, surname, forename, batch_id, surname_key, forename_key) "
                            "VALUES (1, $1, $1, $2, 'people', 'Zephyr', $3, 10, 'ZEPHYR', $4)",
                            ARGS(INT(1000 + i), TEXT(job_format(j, "z%d", i)),
                                 TEXT(job_format(j, "Ann%c", 'a' + i % 26)),
                                 TEXT(job_format(j, "ANN%c", 'A' + i % 26))), NULL));
}

static void
a_search_stops_at_what_is_worth_a_list(void **state)
{
    struct job *j = support_job(state);
    struct child *v;
    size_t n, total;
    struct child_search s = {.words = "zeph", .year_group = CHILD_ANY_YEAR, .limit = 25};

    children_make(j);
    many_zephyrs(j, CHILD_SEARCH_MOST + 50);
    j->who = &children_analyst;
    assert_ok(j, child_search(j, &s, &v, &n, &total));
    assert_int_equal(total, CHILD_SEARCH_MOST + 1);
    assert_int_equal(n, 25);
    assert_string_equal(v[0].name, "Anna Zephyr"); /* in order of name */
    assert_string_equal(v[24].name, "Anne Zephyr");
    s.words = "zephyr annz";
    assert_ok(j, child_search(j, &s, &v, &n, &total));
    assert_int_equal(total, (CHILD_SEARCH_MOST + 50) / 26);
    s.words = "annz z"; /* the forename is the longer: it leads */
    assert_ok(j, child_search(j, &s, &v, &n, &total));
    assert_int_equal(total, (CHILD_SEARCH_MOST + 50) / 26);
    assert_string_equal(v[0].name, "Annz Zephyr");
}

static void
a_child_known_by_one_name_alone_is_found(void **state)
{
    struct job *j = support_job(state);
    struct child *v;

    children_make(j);
    assert_ok(j, db_run(j, "INSERT INTO identity (area_id, identity_id, person_id, digest, source, "
                        "surname, batch_id, surname_key) "
                        "VALUES (1, 50, 50, 's', 'people', 'Quill', 10, 'QUILL'), "
                        "(1, 51, 51, 'f', 'people', NULL, 10, NULL)", NO_ARGS, NULL));
    assert_ok(j, db_run(j, "UPDATE identity SET forename = 'Orla', forename_key = 'ORLA' "
                        "WHERE area_id = 1 AND identity_id = 51", NO_ARGS, NULL));
    j->who = &children_analyst;
    assert_int_equal(found(j, "quill", 0, &v), 1);
    assert_string_equal(v[0].name, "Quill");
    assert_int_equal(found(j, "orla", 0, &v), 1);
    assert_string_equal(v[0].name, "Orla");
}

/* Some files give the surname alone; a school's list is the same before and after its children
 * are kept by name, on both engines. */
static void
half_a_name_does_not_move_a_child(void **state)
{
    struct job *j = support_job(state);
    struct child *v;

    children_make(j);
    assert_ok(j, db_run(j, "INSERT INTO identity (area_id, identity_id, person_id, digest, source, "
                        "surname, forename, batch_id, surname_key, forename_key) "
                        "VALUES (1, 60, 1, 'h', 'people', 'Whitlock', NULL, 10, 'WHITLOCK', NULL), "
                        "(1, 61, 1, 'g', 'people', NULL, 'Kai', 10, NULL, 'KAI'), "
                        "(1, 62, 2, 'w', 'people', 'Whitlock', 'Adam', 10, 'WHITLOCK', 'ADAM'), "
                        "(1, 63, 2, 'k', 'people', 'Abbot', 'Kai', 10, 'ABBOT', 'KAI')",
                        NO_ARGS, NULL));
    j->who = &children_analyst;
    for (int kept = 0; kept < 2; kept++) {
        static const char *const words[] = {"whit", "kai"};
        for (size_t i = 0; i < 2; i++)
            for (int64_t urn = 0; urn <= 100002; urn += 100002) {
                assert_int_equal(found(j, words[i], urn, &v), 2);
                assert_int_equal(v[0].person, 2);
                assert_int_equal(v[1].person, 1);
            }
        assert_ok(j, school_child_make(j));
    }
}

/* Described twice: the later census counts, whichever description it came with. */
static void
a_child_of_two_descriptions_is_as_the_later_census_says(void **state)
{
    struct job *j = support_job(state);
    struct child c;

    children_make(j);
    assert_ok(j, db_run(j, "UPDATE identity SET person_id = 1 WHERE area_id = 1 "
                        "AND identity_id = 3", NO_ARGS, NULL));
    assert_ok(j, db_run(j, "UPDATE census_pupil SET status = 'S' WHERE area_id = 1 "
                        "AND batch_id = 11 AND identity_id = 3", NO_ARGS, NULL));
    j->who = &children_analyst;
    assert_ok(j, child_get(j, 1, &c)); /* both in the spring: the main registration */
    assert_string_equal(c.name, "Kai Whitlock");
    assert_ok(j, db_run(j, "UPDATE batch SET state = 'withdrawn' WHERE area_id = 1 "
                        "AND batch_id = 11", NO_ARGS, NULL));
    assert_ok(j, db_run(j, "UPDATE census_pupil SET status = 'S' WHERE area_id = 1 "
                        "AND batch_id = 10 AND identity_id = 1", NO_ARGS, NULL));
    assert_ok(j, child_get(j, 1, &c)); /* only the autumn is left */
    assert_string_equal(c.name, "Zoë O'Neil");
    assert_int_equal(c.term, TERM_AUTUMN);
}

static void
a_school_does_not_find_children_of_another(void **state)
{
    struct job *j = support_job(state);
    struct child *v, c;
    size_t n, total;
    struct child_search other = {.urn = 100001, .year_group = CHILD_ANY_YEAR, .limit = 50};

    children_make(j);
    j->who = &children_senco;
    assert_int_equal(found(j, "zoe", 0, &v), 0);
    assert_int_equal(found(j, "C123456789012", 0, &v), 0);
    assert_int_equal(found(j, "kai", 0, &v), 1);
    assert_int_equal(found(j, "", 0, &v), 2);
    assert_err(j, child_get(j, 3, &c), ERR_DENIED);
    assert_err(j, child_search(j, &other, &v, &n, &total), ERR_DENIED);
    assert_ok(j, child_get(j, 1, &c));
    assert_int_equal(c.urn, 100002);
}

static void
an_administrator_sees_no_children(void **state)
{
    struct job *j = support_job(state);
    struct child *v, c;
    size_t n, total;
    struct child_search s = {.words = "kai", .limit = 50};

    children_make(j);
    j->who = &children_admin;
    assert_err(j, child_search(j, &s, &v, &n, &total), ERR_DENIED);
    assert_err(j, child_get(j, 1, &c), ERR_DENIED);
}

static void
schools_are_counted_at_the_last_census(void **state)
{
    struct job *j = support_job(state);
    struct school *v, s;
    struct school_year_group *g;
    size_t n;

    children_make(j);
    j->who = &children_analyst;
    assert_ok(j, school_list(j, &v, &n));
    assert_int_equal(n, 2);
    assert_string_equal(v[0].name, "Fernhill Academy");
    assert_int_equal(v[0].pupils, 2);
    assert_string_equal(v[1].name, "Oakleaf Primary");
    assert_ok(j, school_get(j, 100001, &s));
    assert_int_equal(s.pupils, 1);
    assert_int_equal(s.term, TERM_SPRING);
    assert_string_equal(s.phase, "primary");
    assert_ok(j, school_year_groups(j, &s, &g, &n));
    assert_int_equal(n, 1);
    assert_int_equal(g[0].year_group, 6);
    assert_int_equal(g[0].pupils, 1);
    assert_err(j, school_get(j, 999999, &s), ERR_NOT_FOUND);
}

static void
a_school_sees_itself_only(void **state)
{
    struct job *j = support_job(state);
    struct school *v, s;
    size_t n;

    children_make(j);
    j->who = &children_senco;
    assert_ok(j, school_list(j, &v, &n));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].urn, 100002);
    assert_err(j, school_get(j, 100001, &s), ERR_DENIED);
}

static void
another_area_is_not_there(void **state)
{
    struct job *j = support_job(state);
    struct child c, *v;
    struct actor elsewhere = children_analyst;

    children_make(j);
    elsewhere.area = 2;
    j->who = &elsewhere;
    assert_err(j, child_get(j, 1, &c), ERR_DENIED);
    j->area = 2;
    assert_err(j, child_get(j, 1, &c), ERR_NOT_FOUND);
    assert_int_equal(found(j, "kai", 0, &v), 0);
}

static void
year_groups_have_words(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(child_year_group(j, 8), "Year 8");
    assert_string_equal(child_year_group(j, 0), "Reception");
    assert_string_equal(child_year_group(j, -1), "Nursery");
    assert_string_equal(child_year_group(j, -2), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_child_is_described_by_the_last_census),
        SUPPORT_TEST(a_child_in_a_batch_still_loading_is_not_there),
        SUPPORT_TEST(a_child_is_found_by_the_start_of_any_name),
        SUPPORT_TEST(a_school_lists_its_pupils_at_its_last_census),
        SUPPORT_TEST(pages_of_a_list_do_not_overlap),
        SUPPORT_TEST(a_search_stops_at_what_is_worth_a_list),
        SUPPORT_TEST(a_child_known_by_one_name_alone_is_found),
        SUPPORT_TEST(half_a_name_does_not_move_a_child),
        SUPPORT_TEST(a_child_of_two_descriptions_is_as_the_later_census_says),
        SUPPORT_TEST(a_school_does_not_find_children_of_another),
        SUPPORT_TEST(an_administrator_sees_no_children),
        SUPPORT_TEST(schools_are_counted_at_the_last_census),
        SUPPORT_TEST(a_school_sees_itself_only),
        SUPPORT_TEST(another_area_is_not_there),
        SUPPORT_TEST(year_groups_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
