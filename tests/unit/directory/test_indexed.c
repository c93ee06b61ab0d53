/* The index of an area: what of a document is searched, when it is made, who shares it. */
#include "access/actor.h"
#include "directory/indexed.h"
#include "directory/search.h"
#include "directory/shelf.h"
#include "directory/thesaurus.h"
#include "support/support.h"
#include <unistd.h>

#define UUID(n) "0000000" #n "-0000-4000-8000-000000000000"
static const char harbour[] =
    "{\"id\":\"" UUID(1) "\",\"name\":\"Steady Ground\",\"status\":\"active\","
    "\"organization\":{\"id\":\"" UUID(7) "\",\"name\":\"Harbour Youth Trust\","
    "\"description\":\"A charity.\"},\"description\":\"A mentor at school.\\n\\nPlans lessons.\","
    "\"minimum_age\":11,\"maximum_age\":13,\"assured_date\":\"2025-06-01\","
    "\"languages\":[{\"id\":\"" UUID(8) "\",\"code\":\"pl\"}],"
    "\"service_areas\":[{\"id\":\"" UUID(9) "\",\"name\":\"Ashmere\",\"extent\":\"E07000901\"}],"
    "\"rooted\":{\"needs\":[\"out-mentor\"],\"refer_by\":[\"school\",\"social-worker\"],"
    "\"free_to_family\":true,\"at_school\":true,\"notes\":\"zebra\","
    "\"wait\":{\"band\":\"two-weeks\",\"measured_on\":\"2025-06-01\"}},"
    "\"service_at_locations\":[{\"id\":\"" UUID(2) "\",\"location\":{\"id\":\"" UUID(3) "\","
    "\"location_type\":\"physical\",\"name\":\"Mill House\",\"latitude\":53.25,"
    "\"longitude\":-2.8,\"accessibility\":[{\"id\":\"" UUID(4) "\",\"description\":"
    "\"Wheelchair ramp\"}]},\"schedules\":[{\"id\":\"" UUID(5) "\",\"freq\":\"WEEKLY\","
    "\"byday\":\"MO,SA\",\"opens_at\":\"09:30:00\",\"closes_at\":\"11:00:00\"}]}]}";
static const char refuge[] =
    "{\"id\":\"" UUID(6) "\",\"name\":\"Safe Haven\",\"status\":\"active\","
    "\"organization\":{\"id\":\"" UUID(7) "\",\"name\":\"Haven\",\"description\":\"A charity.\"},"
    "\"description\":\"A refuge.\",\"service_areas\":[{\"id\":\"" UUID(9) "\",\"name\":"
    "\"England\"}],\"rooted\":{\"masked_address\":true},\"service_at_locations\":[{\"id\":\""
    UUID(2) "\",\"location\":{\"id\":\"" UUID(3) "\",\"location_type\":\"physical\","
    "\"name\":\"Hidden Cottage\",\"latitude\":53.2,\"longitude\":-2.7}}]}";

static void
add_entries(struct job *j)
{
    static const char *const docs[] = {harbour, refuge};

    assert_ok(j, db_begin(j));
    for (size_t i = 0; i < 2; i++) {
        json_t *doc = NULL;
        struct service s;
        assert_ok(j, document_parse(j, span_of(docs[i]), &doc));
        assert_ok(j, service_add(j, doc, &(struct service_maker){.who = "manager"},
                                 SERVICE_APPROVE, &s));
    }
    assert_ok(j, db_commit(j));
}

static void
directory(struct job *j)
{
    support_db(j);
    support_area(j);
    add_entries(j);
}

static struct search_found
ask(struct job *j, const struct search_index *x, struct search s)
{
    struct search_found f;

    s.most = 10;
    assert_ok(j, search_run(j, x, &s, &f));
    return f;
}

static uint32_t
found(struct job *j, const struct search_index *x, const char *words)
{
    return ask(j, x, (struct search){.words = words}).services;
}

static void
an_entry_is_found_by_each_thing_that_its_document_says(void **state)
{
    struct job *j = support_job(state);
    static const struct search_key key[] = {{SEARCH_AREA, "E07000901"}, {SEARCH_LANGUAGE, "pl"},
                                            {SEARCH_NEED, "out"}};
    struct search_index *x = NULL;
    struct search s = {.age_from = 12 * 12, .age_to = 13 * 12, .near = true, .latitude = 53250000,
                       .longitude = -2800000, .metres = 100, .from = 600, .to = 620, .keys = key,
                       .n_keys = 3};

    directory(j);
    assert_ok(j, indexed_make(j, support_path(j, ".")));
    assert_ok(j, search_index_open(j, indexed_path(j, support_path(j, ".")), &x));
    assert_int_equal(search_index_services(x), 2);
    s.facets = FACET_BIT(FACET_SCHOOL) | FACET_BIT(FACET_FREE_FAMILY) |
               FACET_BIT(FACET_AT_SCHOOL) | FACET_BIT(FACET_WAIT_4) | FACET_BIT(FACET_SATURDAY) |
               FACET_BIT(FACET_STEP_FREE) | FACET_BIT(FACET_SERVICE);
    assert_int_equal(ask(j, x, s).services, 1);
    assert_string_equal(ask(j, x, s).hit[0].place, UUID(2));
    s.age_from = 14 * 12;
    s.age_to = 15 * 12;
    assert_int_equal(ask(j, x, s).services, 0);
    assert_int_equal(found(j, x, "harbour"), 1);
    assert_int_equal(found(j, x, "mentoring"), 1);
    assert_int_equal(found(j, x, "mill house"), 1);
}

static void
what_is_private_or_secret_is_not_searched(void **state)
{
    struct job *j = support_job(state);
    struct search_index *x = NULL;

    directory(j);
    assert_ok(j, indexed_make(j, support_path(j, ".")));
    assert_ok(j, search_index_open(j, indexed_path(j, support_path(j, ".")), &x));
    assert_int_equal(found(j, x, "zebra"), 0);
    assert_int_equal(found(j, x, "haven"), 1);
    assert_int_equal(found(j, x, "cottage"), 0);
    assert_int_equal(ask(j, x, (struct search){.near = true, .latitude = 53200000,
                                               .longitude = -2700000, .metres = 9000}).services, 1);
    assert_int_equal(ask(j, x, (struct search){.near = true, .latitude = 53200000,
                                               .longitude = -2700000, .metres = 500}).services, 0);
}

static void
an_index_follows_what_the_public_sees(void **state)
{
    struct job *j = support_job(state);
    const char *home = support_path(j, ".");
    bool made = false;

    support_db(j);
    support_area(j);
    assert_ok(j, indexed_refresh(j, home, &made));
    assert_false(made); /* there is no directory */
    add_entries(j);
    assert_ok(j, indexed_refresh(j, home, &made));
    assert_true(made);
    assert_ok(j, indexed_refresh(j, home, &made));
    assert_false(made);
    j->today++; /* ages of checks count */
    assert_ok(j, indexed_refresh(j, home, &made));
    assert_true(made);
    assert_int_equal(unlink(indexed_path(j, home)), 0);
    assert_ok(j, indexed_refresh(j, home, &made));
    assert_true(made);
}

static void
a_reader_keeps_its_index_while_the_next_gets_the_new_one(void **state)
{
    struct job *j = support_job(state);
    struct search_index *old = NULL, *new = NULL, *same = NULL;
    struct shelf *shelf = NULL;
    struct job other;
    struct service s;

    directory(j);
    assert_ok(j, shelf_open(j, support_path(j, "."), &shelf));
    assert_ok(j, shelf_take(j, shelf, &old)); /* made: there was none */
    assert_ok(j, shelf_take(j, shelf, &same));
    assert_ptr_equal(old, same);
    assert_ok(j, service_find(j, UUID(6), &s));
    assert_ok(j, db_begin(j));
    assert_ok(j, service_hide(j, s.id, "The owner asked for it."));
    assert_ok(j, db_commit(j));
    assert_ok(j, indexed_make(j, support_path(j, ".")));
    job_init_child(&other, j, 16 * JOB_MB);
    assert_ok(&other, shelf_take(&other, shelf, &new));
    assert_int_equal(search_index_services(old), 2);
    assert_int_equal(search_index_services(new), 1);
    assert_int_equal(found(j, old, "haven"), 1);
    assert_int_equal(found(j, new, "haven"), 0);
    job_end(&other);
}

static void
a_damaged_index_is_made_again(void **state)
{
    struct job *j = support_job(state);
    const char *home = support_path(j, ".");
    struct search_index *x = NULL;
    struct shelf *shelf = NULL;

    directory(j);
    assert_ok(j, indexed_make(j, home));
    assert_int_equal(truncate(indexed_path(j, home), 1000), 0);
    assert_ok(j, shelf_open(j, home, &shelf));
    assert_ok(j, shelf_take(j, shelf, &x));
    assert_int_equal(found(j, x, "haven"), 1);
}

static enum err
make_within(struct job *j, void *arg)
{
    return indexed_make(j, arg);
}

/* The nth call of the store, or the nth allocation, fails; false: there is no nth. */
static bool
makes_with_a_fault(struct job *j, const char *home, bool memory, int nth)
{
    int *fault = memory ? &job_alloc_fault : &db_fault;
    struct job inner;
    bool struck;
    enum err e;

    job_init_child(&inner, j, 256 * JOB_MB);
    inner.db = j->db;
    *fault = nth;
    e = job_run(&inner, make_within, (void *)(uintptr_t)home);
    struck = !*fault;
    *fault = 0;
    assert_true(!struck || e);
    job_end(&inner);
    return struck;
}

static void
whatever_fails_while_it_is_made_leaves_the_old_index(void **state)
{
    struct job *j = support_job(state);
    const char *home = support_path(j, "."), *path;
    struct search_index *x = NULL;

    directory(j);
    path = indexed_path(j, home);
    assert_ok(j, indexed_make(j, home));
    for (int nth = 1; makes_with_a_fault(j, home, false, nth); nth++) {
        assert_ok(j, search_index_open(j, path, &x));
        assert_int_equal(access(job_format(j, "%s.new", path), F_OK), -1);
    }
    for (int nth = 1; makes_with_a_fault(j, home, true, nth); nth += 1 + nth / 40) {
        assert_ok(j, search_index_open(j, path, &x));
        assert_int_equal(access(job_format(j, "%s.new", path), F_OK), -1);
    }
    assert_int_equal(found(j, x, "haven"), 1);
}

static void
a_managers_words_lie_over_the_built_in_ones(void **state)
{
    struct job *j = support_job(state);
    const char *home = support_path(j, ".");
    struct thesaurus_edit edit = {THESAURUS_MEANS, "wobbly\n the wobbles ", "steady ground"};
    struct search_index *x = NULL;
    struct shelf *shelf = NULL;
    bool made = false;
    int64_t id = 0;

    directory(j);
    assert_ok(j, shelf_open(j, home, &shelf));
    assert_ok(j, shelf_take(j, shelf, &x));
    assert_int_equal(found(j, x, "wobbly"), 0);
    assert_int_equal(found(j, x, "role model"), 1);
    assert_ok(j, db_begin(j));
    assert_ok(j, thesaurus_add(j, &edit, &id));
    assert_ok(j, thesaurus_switch(j, "A steady adult alongside", true));
    assert_ok(j, db_commit(j));
    assert_ok(j, indexed_refresh(j, home, &made));
    assert_true(made);
    assert_ok(j, shelf_take(j, shelf, &x));
    assert_int_equal(found(j, x, "the wobbles"), 1);
    assert_int_equal(found(j, x, "role model"), 0);
    assert_ok(j, db_begin(j));
    assert_ok(j, thesaurus_end(j, id));
    assert_ok(j, thesaurus_switch(j, "A steady adult alongside", false));
    assert_err(j, thesaurus_switch(j, "no such row", true), ERR_NOT_FOUND);
    err_clear(j);
    assert_err(j, thesaurus_end(j, id), ERR_NOT_FOUND);
    err_clear(j);
    edit.means = " ";
    assert_err(j, thesaurus_add(j, &edit, &id), ERR_INPUT);
    err_clear(j);
    edit = (struct thesaurus_edit){THESAURUS_SAME, "a b c d e f g h i j k l m|n", ""};
    assert_err(j, thesaurus_add(j, &edit, &id), ERR_INPUT);
    db_rollback(j);
}

static void
a_provider_does_not_change_the_thesaurus(void **state)
{
    struct job *j = support_job(state);
    struct thesaurus_edit edit = {THESAURUS_SAME, "one|two", ""};
    static const struct actor provider = {.account = 5, .role = ROLE_PROVIDER, .area = 1};
    struct searched *v;
    int64_t id;
    size_t n;

    directory(j);
    j->who = &provider;
    assert_err(j, thesaurus_add(j, &edit, &id), ERR_DENIED);
    err_clear(j);
    assert_err(j, searched_list(j, 0, 10, &v, &n), ERR_DENIED);
}

static void
searches_that_found_little_are_counted_without_whoever_asked(void **state)
{
    struct job *j = support_job(state);
    struct shelf *shelf = NULL;
    struct searched *v, what = {.words = "Ring Tom on 01632 960140, tom@example.org, CH65 9AA",
                                .outward = "CH65", .found = 2};
    size_t n = 0;

    directory(j);
    assert_string_equal(searched_fold(j, "  Équine   THERAPY! 12 -- "), "equine therapy");
    assert_ok(j, shelf_open(j, support_path(j, "."), &shelf));
    for (int i = 0; i < 3; i++)
        shelf_note(j, shelf, &what);
    what.words = "42";
    shelf_note(j, shelf, &what);
    assert_ok(j, shelf_tell(j, shelf));
    what.words = "ring TOM on";
    shelf_note(j, shelf, &what);
    assert_ok(j, shelf_tell(j, shelf));
    assert_ok(j, searched_list(j, j->today, 10, &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].words, "ring tom on");
    assert_int_equal(v[0].times, 4);
    assert_int_equal(v[0].found, 2);
    j->today += SEARCHED_DAYS + 1;
    assert_ok(j, searched_sweep(j));
    assert_ok(j, searched_list(j, 0, 10, &v, &n));
    assert_int_equal(n, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_entry_is_found_by_each_thing_that_its_document_says),
        SUPPORT_TEST(what_is_private_or_secret_is_not_searched),
        SUPPORT_TEST(an_index_follows_what_the_public_sees),
        SUPPORT_TEST(a_reader_keeps_its_index_while_the_next_gets_the_new_one),
        SUPPORT_TEST(a_damaged_index_is_made_again),
        SUPPORT_TEST(whatever_fails_while_it_is_made_leaves_the_old_index),
        SUPPORT_TEST(a_managers_words_lie_over_the_built_in_ones),
        SUPPORT_TEST(a_provider_does_not_change_the_thesaurus),
        SUPPORT_TEST(searches_that_found_little_are_counted_without_whoever_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
