/* Addresses, forms, cookies and what stands in them. */
#include "support/support.h"
#include "web/cookie.h"
#include "web/form.h"
#include "web/route.h"

static void
a_form_is_decoded_strictly(void **state)
{
    struct job *j = support_job(state);
    const struct pair *v;
    size_t n;

    assert_true(form_parse(j, SPAN("a=1&b=x+y%26z&&c&=d&a=2&e=caf%C3%A9"), &v, &n));
    assert_int_equal(n, 6);
    assert_string_equal(v[0].name, "a");
    assert_string_equal(v[0].value, "1");
    assert_string_equal(v[1].value, "x y&z");
    assert_string_equal(v[2].name, "c");
    assert_string_equal(v[2].value, "");
    assert_string_equal(v[3].name, "");
    assert_string_equal(v[3].value, "d");
    assert_string_equal(v[5].value, "café");
    assert_true(form_parse(j, SPAN(""), &v, &n));
    assert_int_equal(n, 0);
}

static void
broken_escapes_zero_bytes_and_bytes_that_are_no_text_are_refused(void **state)
{
    static const char *const bad[] = {"a=%", "a=%4", "a=%zz", "%=1", "a=%00", "a=%ff", "a=%c3",
                                      "a=%c0%80", "a=%ed%a0%80", "a=1&b=%4", NULL};
    struct job *j = support_job(state);
    const struct pair *v;
    size_t n;

    for (const char *const *s = bad; *s; s++)
        if (form_parse(j, span_of(*s), &v, &n))
            fail_msg("taken: %s", *s);
}

static void
a_thousand_fields_are_taken_and_one_more_is_not(void **state)
{
    struct job *j = support_job(state);
    char *text = job_alloc(j, 4 * FORM_FIELDS + 8);
    const struct pair *v;
    size_t n;

    for (int i = 0; i < FORM_FIELDS; i++)
        memcpy(text + 4 * i, "a=1&", 4);
    assert_true(form_parse(j, (struct span){text, 4 * FORM_FIELDS - 1}, &v, &n));
    assert_int_equal(n, FORM_FIELDS);
    assert_false(form_parse(j, (struct span){text, 4 * FORM_FIELDS}, &v, &n));
}

static void
pages_ask_for_values_by_name(void **state)
{
    static const struct pair query[] = {{"year", "2024"}, {"year", "2023"}, {"q", "12x"}};
    static const struct pair form[] = {{"n", "-3"}};
    static const char *const part[] = {"1234", "0", "012", "-1", "12a", "",
                                       "99999999999999999999"};
    const struct request q = {.query = query, .n_query = 3, .form = form, .n_form = 1,
                              .part = part, .n_parts = 7};

    (void)state;
    assert_string_equal(request_query(&q, "year"), "2024");
    assert_null(request_query(&q, "n"));
    assert_string_equal(request_form(&q, "n"), "-3");
    assert_int_equal(request_int(&q, "year", 1), 2024);
    assert_int_equal(request_int(&q, "n", 1), -3);
    assert_int_equal(request_int(&q, "q", 1), 1);
    assert_int_equal(request_int(&q, "z", 7), 7);
    assert_int_equal(request_part_id(&q, 0), 1234);
    for (size_t i = 1; i < 9; i++)
        assert_int_equal(request_part_id(&q, i), 0);
}

static void
addresses_that_none_of_ours_can_look_like_are_refused(void **state)
{
    static const char *const bad[] = {
        "", "x", "*", "http://127.0.0.1/", "//etc/passwd", "/../etc/passwd", "/a/../b", "/a/..",
        "/./a", "/a//b", "/%2e%2e/etc/passwd", "/a/%2E%2e", "/a%00b", "/a\\b", "/%5c", "/a%0d%0ab",
        "/a%zz", "/a%", "/caf%c3", "/a?b=%00", "/a#b", "/a?b#c", NULL};
    struct job *j = support_job(state);
    struct target t;

    for (const char *const *s = bad; *s; s++)
        if (route_parse(j, *s, &t))
            fail_msg("taken: %s as %s", *s, t.path);
    assert_true(route_parse(j, "/sign%2Din/?a=1&b=/../x", &t));
    assert_string_equal(t.path, "/sign-in/");
    assert_int_equal(t.n_query, 2);
    assert_true(route_parse(j, "/", &t));
    assert_true(route_parse(j, "/a...b/..c", &t));
}

static void
an_address_finds_its_row_and_an_unknown_method_what_is_allowed(void **state)
{
    struct job *j = support_job(state);
    struct route r;

    route_find(j, "GET", "/sign-in", &r);
    assert_non_null(r.page);
    assert_int_equal(r.page->method, GET);
    route_find(j, "HEAD", "/sign-in", &r);
    assert_int_equal(r.page->method, GET);
    route_find(j, "POST", "/sign-in", &r);
    assert_int_equal(r.page->method, POST);
    route_find(j, "DELETE", "/sign-in", &r);
    assert_null(r.page);
    assert_string_equal(r.allow, "GET, HEAD, POST");
    route_find(j, "GET", "/sign-out", &r);
    assert_null(r.page);
    assert_string_equal(r.allow, "POST");
    route_find(j, "post", "/health", &r);
    assert_null(r.page);
    assert_string_equal(r.allow, "GET, HEAD");
    route_find(j, "GET", "/sign-in/", &r);
    assert_null(r.page);
    assert_null(r.allow);
    route_find(j, "GET", "/Sign-in", &r);
    assert_null(r.page);
}

/* Every row: its own path finds it, and no other row. */
static void
no_row_of_the_table_hides_another(void **state)
{
    struct job *j = support_job(state);
    struct route r;

    for (const struct page *p = pages; p->path; p++) {
        char *path = job_copy(j, p->path);
        for (char *s = path; *s; s++)
            *s = *s == ':' ? '7' : *s;
        route_find(j, p->method == GET ? "GET" : "POST", path, &r);
        if (r.page != p)
            fail_msg("%s is hidden", p->path);
        assert_true(strlen(p->title) > 0);
    }
}

static void
the_cookie_is_strict_on_loopback_and_a_host_cookie_over_tls(void **state)
{
    static const char token[] = "0123456789abcdefghijABCDEFGHIJ-_0123456789a";
    struct job *j = support_job(state);
    const struct site plain = {.tls = false}, tls = {.tls = true};

    assert_string_equal(cookie_set(j, &plain, token),
                        job_format(j, "rooted=%s; Path=/; HttpOnly; SameSite=Strict", token));
    assert_string_equal(cookie_set(j, &tls, token),
                        job_format(j, "__Host-rooted=%s; Path=/; HttpOnly; SameSite=Lax; Secure",
                                   token));
    assert_non_null(strstr(cookie_set(j, &tls, ""), "Max-Age=0"));
    assert_string_equal(cookie_token(j, &plain, job_format(j, "a=b; rooted=%s; c=d", token)),
                        token);
    assert_string_equal(cookie_token(j, &tls, job_format(j, "rooted=x; __Host-rooted=%s", token)),
                        token);
    assert_null(cookie_token(j, &tls, job_format(j, "rooted=%s", token)));
    assert_null(cookie_token(j, &plain, job_format(j, "xrooted=%s", token)));
    assert_null(cookie_token(j, &plain, job_format(j, "rooted=%sx", token)));
    assert_null(cookie_token(j, &plain, "rooted="));
    assert_null(cookie_token(j, &plain, "rooted=0123456789abcdefghijABCDEFGHIJ-_012345678%%a"));
    assert_null(cookie_token(j, &plain, ";;; ;"));
    assert_null(cookie_token(j, &plain, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_form_is_decoded_strictly),
        SUPPORT_TEST(broken_escapes_zero_bytes_and_bytes_that_are_no_text_are_refused),
        SUPPORT_TEST(a_thousand_fields_are_taken_and_one_more_is_not),
        SUPPORT_TEST(pages_ask_for_values_by_name),
        SUPPORT_TEST(addresses_that_none_of_ours_can_look_like_are_refused),
        SUPPORT_TEST(an_address_finds_its_row_and_an_unknown_method_what_is_allowed),
        SUPPORT_TEST(no_row_of_the_table_hides_another),
        SUPPORT_TEST(the_cookie_is_strict_on_loopback_and_a_host_cookie_over_tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
