/* Services as the open standard has them, and as its version 1.0 had them. */
#include "directory/open_data.h"
#include "directory/open_oruk1.h"
#include "directory/oruk1.h"
#include "support/support.h"

static const char mentor[] =
    "{\"id\":\"c8501ff1-45b4-5068-9c42-2373ac807d09\",\"name\":\"Steady Ground\","
    "\"status\":\"active\",\"minimum_age\":11,\"maximum_age\":14,"
    "\"organization\":{\"id\":\"c3393dfe-6c45-5bda-b1cf-877502181e3b\",\"name\":\"Harbour\","
    "\"description\":\"A charity.\",\"website\":\"https://harbour.example\"},"
    "\"phones\":[{\"id\":\"424be69a-723a-5d28-a492-1e41a8028e6a\",\"number\":\"01632 960985\"}],"
    "\"schedules\":[{\"id\":\"e02bf8cd-2d47-580c-a401-ab14ff4c656a\",\"byday\":\"MO,TU\","
    "\"opens_at\":\"09:00:00\"}],"
    "\"service_at_locations\":[{\"id\":\"954822ea-6348-5f46-89be-1c99e0fbdbab\",\"location\":"
    "{\"id\":\"dd725582-efb1-551f-b7ef-c36f702de79f\",\"location_type\":\"physical\","
    "\"name\":\"Library\",\"addresses\":[{\"id\":\"a772fdd1-5e48-5ece-8b57-810dd133c7b5\","
    "\"address_1\":\"30 Church Road\",\"city\":\"Northdale\",\"state_province\":\"Ashmere\","
    "\"postal_code\":\"ZZ1 1UN\",\"country\":\"GB\",\"address_type\":\"physical\"},"
    "{\"id\":\"a772fdd1-5e48-5ece-8b57-810dd133c7b6\",\"address_1\":\"31 Church Road\"}]}}],"
    "\"rooted\":{\"needs\":[\"school-worry\",\"no-such-need\"],\"how_to_refer\":\"Call us\","
    "\"reply_days\":5,\"wait\":{\"weeks\":6},\"capacity\":{\"available\":2,\"maximum\":30,"
    "\"measured_on\":\"2026-11-16\"},\"prices\":[{\"amount\":114050,\"unit\":\"course\"}]}}";

static json_t *
read(struct job *j, const char *text)
{
    json_t *doc;

    assert_ok(j, document_parse(j, span_of(text), &doc));
    return doc;
}

static void
what_is_ours_leaves_by_names_of_the_standard(void **state)
{
    struct job *j = support_job(state);
    const json_t *v = open_service(j, read(j, mentor), OPEN_FULL), *term;

    assert_non_null(v);
    assert_null(json_object_get(v, "rooted"));
    assert_string_equal(document_string(v, "application_process"), "Call us");
    assert_string_equal(document_string(v, "wait_time"), "6 weeks");
    assert_int_equal(json_integer_value(document_get(v, "service_capacity[0].available")), 2);
    assert_string_equal(document_string(v, "service_capacity[0].updated"), "2026-11-16T00:00:00Z");
    assert_true(json_real_value(document_get(v, "cost_options[0].amount")) == 1140.5);
    term = document_get(v, "attributes[0].taxonomy_term");
    assert_string_equal(document_string(term, "name"), "Worried about going to school");
    assert_int_equal(json_array_size(document_get(v, "attributes")), 2); /* and the answer's days */
    assert_string_equal(document_string(v, "attributes[1].value"), "5");
    assert_string_equal(document_string(v, "organization_id"),
                        "c3393dfe-6c45-5bda-b1cf-877502181e3b");
}

static void
parts_that_lack_what_is_demanded_are_left_out(void **state)
{
    struct job *j = support_job(state);
    const json_t *v = open_service(j, read(j, mentor), OPEN_FULL);

    assert_int_equal(
        json_array_size(document_get(v, "service_at_locations[0].location.addresses")), 1);
    assert_null(open_service(j, read(j, "{\"id\":\"c8501ff1-45b4-5068-9c42-2373ac807d09\","
                                        "\"name\":\"No status\"}"), OPEN_FULL));
}

static void
lists_and_places_have_their_own_shape(void **state)
{
    struct job *j = support_job(state);
    const json_t *doc = read(j, mentor), *list = open_service(j, doc, OPEN_LIST),
                 *least = open_service(j, doc, OPEN_MINIMAL),
                 *at = open_place(j, doc, "954822ea-6348-5f46-89be-1c99e0fbdbab", OPEN_FULL);

    assert_null(json_object_get(list, "schedules"));
    assert_non_null(json_object_get(list, "organization"));
    assert_int_equal(json_object_size(least), 3);
    assert_string_equal(document_string(at, "service.name"), "Steady Ground");
    assert_string_equal(document_string(at, "location.name"), "Library");
    assert_string_equal(document_string(at, "service_id"), document_string(doc, "id"));
    assert_null(document_get(at, "service.service_at_locations"));
    assert_null(open_place(j, doc, "00000000-0000-4000-8000-000000000000", OPEN_FULL));
}

static void
version_1_says_the_same_and_is_read_back(void **state)
{
    static const char *const same[] = {
        "name", "status", "organization.name", "organization.website", "schedules[0].byday",
        "service_at_locations[0].location.name",
        "service_at_locations[0].location.addresses[0].postal_code"};
    struct job *j = support_job(state);
    const json_t *v = open_service(j, read(j, mentor), OPEN_FULL);
    json_t *old = oruk1_of(j, v);

    assert_true(oruk1_is(old));
    assert_string_equal(document_string(old, "organization.url"), "https://harbour.example");
    assert_int_equal(json_integer_value(
                         json_object_get(json_array_get(json_object_get(old, "eligibilitys"), 0),
                                         "minimum_age")), 11);
    oruk1_convert(j, old);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_string_equal(document_string(old, same[i]), document_string(v, same[i]));
    assert_int_equal(json_number_value(document_get(old, "minimum_age")), 11);
    assert_int_equal(json_number_value(document_get(old, "maximum_age")), 14);
}

static void
pages_add_up(void **state)
{
    struct job *j = support_job(state);
    json_t *two = document_own(j, json_pack("[i, i]", 1, 2)), *none = document_own(j, json_array());
    const struct open_page last = {.total = 12, .page = 3, .per_page = 5},
                           empty = {.total = 0, .page = 1, .per_page = 5};
    const json_t *p = open_page(j, &last, two);

    assert_int_equal(json_integer_value(json_object_get(p, "total_pages")), 3);
    assert_int_equal(json_integer_value(json_object_get(p, "size")), 2);
    assert_true(json_is_true(json_object_get(p, "last_page")));
    assert_true(json_is_false(json_object_get(p, "first_page")));
    p = open_page(j, &empty, none);
    assert_true(json_is_true(json_object_get(p, "empty")));
    assert_true(json_is_true(json_object_get(p, "last_page")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(what_is_ours_leaves_by_names_of_the_standard),
        SUPPORT_TEST(parts_that_lack_what_is_demanded_are_left_out),
        SUPPORT_TEST(lists_and_places_have_their_own_shape),
        SUPPORT_TEST(version_1_says_the_same_and_is_read_back),
        SUPPORT_TEST(pages_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
