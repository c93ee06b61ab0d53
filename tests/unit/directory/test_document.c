#include "directory/document.h"
#include "directory/uuid.h"
#include "support/support.h"
#include <string.h>

static const char rich[] =
    "{\"id\":\"0b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\","
    "\"name\":\"Anchor group\",\"status\":\"active\","
    "\"minimum_age\":8,\"organization\":{\"id\":\"1b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\","
    "\"name\":\"Harbour Trust\",\"description\":\"Helps\"},"
    "\"schedules\":[{\"id\":\"2b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\",\"opens_at\":\"09:30:00\"},"
    "{\"id\":\"3b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\",\"byday\":\"MO\"}],"
    "\"service_at_locations\":[{\"id\":\"4b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\","
    "\"location\":{\"id\":"
    "\"5b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\",\"location_type\":\"physical\",\"name\":\"The Mill\","
    "\"latitude\":53.19,\"longitude\":-2.89}}],"
    "\"contacts\":[{\"id\":\"6b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\",\"name\":\"Jo Smith\"},"
    "{\"id\":\"7b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\",\"title\":\"Reception\"},"
    "{\"id\":\"8b6f4b0a-6c33-4a52-9a34-0a8a4d2b3f10\",\"name\":\"Ann Lee\",\"rooted\":"
    "{\"consent\":true}}],"
    "\"rooted\":{\"notes\":\"secret words\",\"wait\":{\"weeks\":3}}}";

static json_t *
read_text(struct job *j, const char *s)
{
    json_t *v = NULL;

    assert_ok(j, document_parse(j, span_of(s), &v));
    return v;
}

static void
a_name_gives_the_uuid_that_the_standard_says(void **state)
{
    char a[UUID_TEXT], b[UUID_TEXT];

    (void)state;
    /* RFC 9562, appendix A.4. */
    uuid_of_name("6ba7b810-9dad-11d1-80b4-00c04fd430c8", SPAN("www.example.com"), a);
    assert_string_equal(a, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    assert_true(uuid_fold(SPAN("2ED6657D-E927-568B-95E1-2665A8AEA6A2"), b));
    assert_string_equal(a, b);
    assert_false(uuid_is(SPAN("2ED6657D-E927-568B-95E1-2665A8AEA6A")));
    assert_false(uuid_is(SPAN("2ED6657DxE927-568B-95E1-2665A8AEA6A2")));
    assert_string_not_equal(uuid_new(a), uuid_new(b));
}

static void
every_object_of_the_table_has_fields_of_its_own(void **state)
{
    size_t n, all = 0;

    (void)state;
    for (int o = 0; o < HSDS_OBJECTS; o++) {
        const struct hsds_field *f = hsds_fields((enum hsds_object)o, &n);

        assert_true(n > 0);
        all += n;
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(f[i].object, o);
            assert_ptr_equal(hsds_find((enum hsds_object)o, f[i].name), &f[i]);
            assert_true((f[i].type == HSDS_ONE || f[i].type == HSDS_MANY) ==
                        (f[i].of < HSDS_OBJECTS));
            assert_true(f[i].type != HSDS_CHOICE || f[i].values);
        }
    }
    assert_true(all > 150);
    assert_null(hsds_find(HSDS_SERVICE, "latitude"));
}

static void
equal_documents_are_equal_texts(void **state)
{
    struct job *j = support_job(state);
    json_t *a = read_text(j, "{\"name\":\"A\",\"id\":\"x\",\"fees\":\"\",\"contacts\":[{},null]}");
    json_t *b = read_text(j, "{\"id\":\"x\", \"name\" : \"A\", \"organization\":{\"logo\":null}}");

    document_tidy(a);
    document_tidy(b);
    assert_int_equal(document_text(j, a).n, strlen("{\"id\":\"x\",\"name\":\"A\"}"));
    assert_memory_equal(document_text(j, b).s, "{\"id\":\"x\",\"name\":\"A\"}", 21);
    a = read_text(j, "{\"latitude\":53.19,\"longitude\":-0.1}");
    assert_memory_equal(document_text(j, a).s, "{\"latitude\":53.19,\"longitude\":-0.1}", 35);
}

static void
a_path_reads_and_writes_what_it_names(void **state)
{
    struct job *j = support_job(state);
    json_t *d = read_text(j, rich);

    assert_string_equal(document_string(d, "organization.name"), "Harbour Trust");
    assert_int_equal(json_integer_value(document_get(d, "rooted.wait.weeks")), 3);
    assert_string_equal(document_string(d, "service_at_locations[0].location.name"), "The Mill");
    assert_null(document_get(d, "service_at_locations[1].location.name"));
    assert_null(document_get(d, "schedules[x]"));
    assert_ok(j, document_set(j, d, "service_at_locations[1].location.name", json_string("B")));
    assert_string_equal(document_string(d, "service_at_locations[1].location.name"), "B");
    assert_ok(j, document_set(j, d, "fees", json_string("None")));
    assert_ok(j, document_set(j, d, "fees", NULL));
    assert_null(document_get(d, "fees"));
    assert_err(j, document_set(j, d, "service_at_locations[9].id", json_string("B")), ERR_FAULT);
    err_clear(j);
    assert_err(j, document_set(j, d, "name.first", json_string("B")), ERR_FAULT);
    err_clear(j);
    assert_err(j, document_set(j, d, "colour", json_string("B")), ERR_FAULT);
}

static bool
has(const struct document_problem *v, size_t n, const char *path, const char *words)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(v[i].path, path) && strstr(v[i].message, words))
            return true;
    return false;
}

static void
what_breaks_the_table_is_told_with_its_path(void **state)
{
    struct job *j = support_job(state);
    struct document_problem *v;
    size_t n;

    assert_ok(j, document_check(j, read_text(j, rich), &v, &n));
    assert_int_equal(n, 0);
    assert_ok(j, document_check(
                     j,
                     read_text(j, "{\"id\":\"7\",\"status\":\"open\",\"url\":\"javascript:x\","
                                  "\"email\":\"a@b\",\"assured_date\":\"2025-02-30\","
                                  "\"minimum_age\":\"8\",\"colour\":1,\"schedules\":[{\"opens_at\":"
                                  "\"9am\"}],\"contacts\":{},\"rooted\":{\"refer_by\":[\"cat\"]}}"),
                     &v, &n));
    assert_true(has(v, n, "id", "no UUID"));
    assert_true(has(v, n, "name", "missing"));
    assert_true(has(v, n, "status", "none of the values"));
    assert_true(has(v, n, "url", "no address"));
    assert_true(has(v, n, "email", "no e-mail"));
    assert_true(has(v, n, "assured_date", "no date"));
    assert_true(has(v, n, "minimum_age", "no number"));
    assert_true(has(v, n, "colour", "not known"));
    assert_true(has(v, n, "schedules[0].id", "missing"));
    assert_true(has(v, n, "schedules[0].opens_at", "no time"));
    assert_true(has(v, n, "contacts", "no list"));
    assert_true(has(v, n, "rooted.refer_by", "none of the values"));
    assert_int_equal(n, 12);
}

static void
two_versions_differ_in_plain_words(void **state)
{
    struct job *j = support_job(state);
    json_t *a = read_text(j, rich), *b = read_text(j, rich);
    struct document_change *v;
    size_t n;

    assert_ok(j, document_diff(j, a, b, &v, &n));
    assert_int_equal(n, 0);
    json_array_remove(json_object_get(b, "schedules"), 0);
    assert_ok(j, document_set(j, b, "schedules[0].byday", json_string("TU")));
    assert_ok(j, document_set(j, b, "rooted.wait.weeks", json_integer(5)));
    assert_ok(j, document_set(j, b, "rooted.notes", NULL));
    assert_ok(j, document_diff(j, a, b, &v, &n));
    assert_int_equal(n, 4);
    assert_string_equal(v[0].label, "Times, 1: From");
    assert_string_equal(v[0].before, "09:30:00");
    assert_null(v[0].after);
    assert_string_equal(v[1].label, "Times, 1: Days");
    assert_string_equal(v[1].before, "MO");
    assert_string_equal(v[1].after, "TU");
    assert_string_equal(v[2].path, "rooted.wait.weeks");
    assert_false(v[2].private);
    assert_string_equal(v[3].label, "Local facts: Private notes");
    assert_true(v[3].private);
}

static void
nothing_private_is_in_what_the_public_sees(void **state)
{
    struct job *j = support_job(state);
    json_t *d = read_text(j, rich);
    json_t *p = document_public(j, d);
    const char *text = document_text(j, p).s;

    assert_null(strstr(text, "secret words"));
    assert_null(strstr(text, "Jo Smith"));
    assert_null(strstr(text, "consent"));
    assert_non_null(strstr(text, "Ann Lee"));
    assert_non_null(strstr(text, "Reception"));
    assert_non_null(strstr(text, "The Mill"));
    assert_ok(j, document_set(j, d, "rooted.masked_address", json_true()));
    text = document_text(j, document_public(j, d)).s;
    assert_null(strstr(text, "The Mill"));
    assert_null(strstr(text, "latitude"));
    assert_null(strstr(text, "masked"));
    assert_non_null(strstr(text, "5b6f4b0a"));
}

static void
hostile_text_is_refused_with_a_sentence(void **state)
{
    struct job *j = support_job(state);
    char deep[1000];
    char *large = job_alloc(j, DOCUMENT_BYTES + 2);
    json_t *d;

    memset(deep, '[', sizeof deep);
    assert_err(j, document_parse(j, (struct span){deep, sizeof deep}, &d), ERR_INPUT);
    assert_says(j, "nested");
    err_clear(j);
    memset(large, ' ', DOCUMENT_BYTES + 1);
    assert_err(j, document_parse(j, (struct span){large, DOCUMENT_BYTES + 1}, &d), ERR_INPUT);
    assert_says(j, "larger");
    err_clear(j);
    assert_err(j, document_parse(j, SPAN("{\"a\":\"\xff\"}"), &d), ERR_INPUT);
    err_clear(j);
    assert_err(j, document_parse(j, SPAN("<html>"), &d), ERR_INPUT);
    assert_says(j, "no JSON");
    err_clear(j);
    assert_err(j, document_parse(j, SPAN("[1]"), &d), ERR_INPUT);
}

static enum err
gather(struct job *j, void *arg, const struct document_at *at)
{
    const char **all = arg;

    *all = job_format(j, "%s%s;", *all, at->path);
    return OK;
}

static void
a_walk_meets_every_value_in_the_order_of_the_table(void **state)
{
    struct job *j = support_job(state);
    const char *all = "";

    json_t *d = read_text(j, "{\"rooted\":{\"needs\":[\"a\",\"b\"]},\"name\":\"n\","
                             "\"schedules\":[{\"byday\":\"MO\",\"freq\":\"W\"}]}");

    assert_ok(j, document_walk(j, d, gather, &all));
    assert_string_equal(all, "name;schedules[0].freq;schedules[0].byday;rooted.needs;");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_name_gives_the_uuid_that_the_standard_says),
        SUPPORT_TEST(every_object_of_the_table_has_fields_of_its_own),
        SUPPORT_TEST(equal_documents_are_equal_texts),
        SUPPORT_TEST(a_path_reads_and_writes_what_it_names),
        SUPPORT_TEST(what_breaks_the_table_is_told_with_its_path),
        SUPPORT_TEST(two_versions_differ_in_plain_words),
        SUPPORT_TEST(nothing_private_is_in_what_the_public_sees),
        SUPPORT_TEST(hostile_text_is_refused_with_a_sentence),
        SUPPORT_TEST(a_walk_meets_every_value_in_the_order_of_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
