/* An address that is marked as safe: no fact, list, figure, page or download tells it. */
#include "access/mask.h"
#include "intake/after.h"
#include "intake/sealing.h"
#include "people/fact.h"
#include "support/loads.h"
#include "support/people.h"
#include <string.h>

static const struct actor lead = {.account = 7, .login = "lead", .name = "Ines Marlow",
                                  .role = ROLE_INCLUSION_LEAD, .area = 896, .csrf = ""};
static const struct actor analyst = {.account = 8, .login = "ana", .name = "Ana Lyst",
                                     .role = ROLE_ANALYST, .area = 896, .csrf = ""};

static struct key *
key_of(struct job *j)
{
    struct key *k = job_alloc(j, sizeof *k);

    assert_ok(j, key_load(j, support_path(j, "."), k));
    return k;
}

static void
load_all(struct job *j, const char *path)
{
    const struct load_options o = {.area = 896, .loaded_by = "test",
                                   .home = support_path(j, "."),
                                   .after = after_figures(j, support_path(j, "."))};
    struct load_result r = {0};

    assert_ok(j, load(j, &path, 1, &o, &r));
    j->area = 896;
}

/* Amy Shaw: postcodes in censuses, and one in a leaver return that loading remarks on. */
static int64_t
start(struct job *j)
{
    static const char leaver[] =
        "UPN,Surname,Forename,DOB,SchoolURN,LeavingDate,Ground,DestinationURN,NewAddressPostcode,"
        "Notified\n"
        "M896400120001,Shaw,Amy,2010-03-01,900001,2025-02-14,f,,QQ7 7QQ,2025-02-17\n";
    static const char sql[] =
        "SELECT MIN(person_id) FROM identity WHERE area_id = 896 AND upn = 'M896400120001'";
    int64_t person = 0;

    support_db(j);
    load_all(j, LOADS_COUNCIL);
    load_all(j, loads_file(j, "more/leavers.csv", leaver));
    support_account(j, &lead);
    assert_ok(j, db_int(j, sql, NO_ARGS, 0, &person));
    assert_true(person > 0);
    return person;
}

static void
mark(struct job *j, int64_t person)
{
    const struct safe_order o = {person, "The Old Mill, Canary Lane", "refuge"};

    j->who = &lead;
    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_address(j, key_of(j), &o));
    assert_ok(j, db_commit(j));
    j->who = NULL;
}

static void
end_it(struct job *j, int64_t person)
{
    j->who = &lead;
    assert_ok(j, db_begin(j));
    assert_ok(j, sealing_address_end(j, key_of(j), person));
    assert_ok(j, db_commit(j));
    j->who = NULL;
}

static int64_t
postcodes(struct job *j, int64_t person)
{
    return loads_count(j, job_format(j,
        "SELECT (SELECT COUNT(*) FROM identity i JOIN census_pupil c ON c.area_id = i.area_id AND "
        "c.identity_id = i.identity_id WHERE i.person_id = %lld AND c.postcode IS NOT NULL) + "
        "(SELECT COUNT(*) FROM identity WHERE person_id = %lld AND postcode IS NOT NULL)",
        (long long)person, (long long)person));
}

/* How many children have a district at home. */
static int64_t
with_district(struct job *j, int64_t person)
{
    return loads_count(j, job_format(j, "SELECT COUNT(*) FROM child_year y JOIN snapshot s ON "
        "s.area_id = y.area_id AND s.snapshot_id = y.snapshot_id WHERE s.state = 'current' AND "
        "y.person_id = %lld AND y.district IS NOT NULL", (long long)person));
}

static void
nothing_tells_where_the_child_lives_and_all_comes_back(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j), lived = with_district(j, person);
    const char *before = loads_dump(j);

    assert_non_null(strstr(before, "QQ7 7QQ"));
    assert_true(postcodes(j, person) > 0);
    mark(j, person);
    assert_int_equal(postcodes(j, person), 0);
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    assert_int_equal(with_district(j, person), 0);
    assert_null(strstr(loads_dump(j), "QQ7 7QQ"));
    /* two letters stand in a sealed text by chance, a whole postcode does not */
    assert_true(loads_count(j, "SELECT COUNT(*) FROM safe_postcode") > 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM safe_postcode WHERE postcode LIKE "
                                    "'%CH_ 9Z%' OR postcode LIKE '%CH_9Z%' OR postcode LIKE "
                                    "'%QQ7 7QQ%' OR postcode LIKE '%QQ77QQ%'"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM safe_address WHERE address LIKE '%Mill%' "
                                    "OR why LIKE '%refuge%'"), 0);
    end_it(j, person);
    assert_string_equal(loads_dump(j), before);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM safe_postcode"), 0);
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    assert_int_equal(with_district(j, person), lived);
}

static void
what_a_later_file_tells_of_it_is_taken_out_too(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);

    mark(j, person);
    assert_ok(j, db_run(j, "UPDATE batch SET digest = 'other' WHERE area_id = 896", NO_ARGS, NULL));
    load_all(j, loads_copy(j, LOADS_COUNCIL, "again"));
    assert_int_equal(postcodes(j, person), 0);
    end_it(j, person);
    assert_true(postcodes(j, person) > 0);
}

static void
inclusion_leads_alone_see_it(void **state)
{
    struct job *j = support_job(state);
    int64_t person = start(j);
    const struct safe_order o = {person, "Elsewhere", "why not"};
    struct safe_address safe;

    mark(j, person);
    j->who = &lead;
    assert_ok(j, safe_address_get(j, key_of(j), person, &safe));
    assert_true(safe.marked);
    assert_string_equal(safe.address, "The Old Mill, Canary Lane");
    assert_string_equal(safe.why, "refuge");
    j->who = &analyst;
    assert_ok(j, safe_address_get(j, key_of(j), person, &safe));
    assert_true(safe.marked);
    assert_null(safe.address);
    assert_null(safe.why);
    assert_ok(j, db_begin(j));
    assert_err(j, sealing_address(j, key_of(j), &o), ERR_DENIED);
    db_rollback(j);
    err_clear(j);
    j->who = NULL;
}

static void
each_field_is_seen_by_the_roles_of_the_table(void **state)
{
    static const struct { enum mask mask; bool analyst, lead, school; } rows[] = {
        {MASK_ADDRESS, false, true, false}, {MASK_NEXT_SCHOOL, true, true, false},
        {MASK_CARE, true, true, false},     {MASK_YOUTH_JUSTICE, true, true, false}};

    (void)state;
    assert_int_equal(sizeof rows / sizeof *rows, MASKS);
    for (size_t i = 0; i < MASKS; i++) {
        assert_int_equal(mask_role_sees(ROLE_ANALYST, rows[i].mask), rows[i].analyst);
        assert_int_equal(mask_role_sees(ROLE_INCLUSION_LEAD, rows[i].mask), rows[i].lead);
        assert_int_equal(mask_role_sees(ROLE_SENCO, rows[i].mask), rows[i].school);
        assert_int_equal(mask_role_sees(ROLE_ATTENDANCE_LEAD, rows[i].mask), rows[i].school);
        assert_false(mask_role_sees(ROLE_ADMINISTRATOR, rows[i].mask));
        assert_false(mask_role_sees(ROLE_NONE, rows[i].mask));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(nothing_tells_where_the_child_lives_and_all_comes_back),
        SUPPORT_TEST(what_a_later_file_tells_of_it_is_taken_out_too),
        SUPPORT_TEST(inclusion_leads_alone_see_it),
        SUPPORT_TEST(each_field_is_seen_by_the_roles_of_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
