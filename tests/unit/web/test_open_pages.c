/* The pages that anybody may see: home and sign in. */
#include "support/html.h"
#include "support/support.h"
#include "web/about/about.h"
#include "web/about/accessibility.html.h"
#include "web/about/definitions.html.h"
#include "web/about/help.html.h"
#include "web/about/information.html.h"
#include "web/front/front.html.h"
#include "web/session/sign_in.html.h"
#include <string.h>

static const struct view *
nobody(void)
{
    static struct view v;

    v = *html_view(NULL, NULL);
    v.who = NULL;
    v.menu.n = 0;
    v.sign_in = "/sign-in";
    return &v;
}

static void
home_offers_a_way_in_and_no_figures(void **state)
{
    struct html o;
    struct home h = {nobody(), "/definitions", "/information", NULL};

    (void)state;
    html_begin(&o);
    view_home(&o, &h);
    html_sound(&o);
    html_keep(&o, "home");
    assert_true(html_has(&o, "<title>RootED – Ashmere Council</title>"));
    assert_true(html_has(&o, "href=\"/sign-in\""));
    assert_true(html_has(&o, "call 999"));
    assert_false(html_has(&o, "Sign out"));
    assert_false(html_has(&o, "id=\"nav\""));
    html_done(&o);
}

static void
home_leaves_out_links_to_pages_that_are_not_there(void **state)
{
    struct html o;
    struct home h = {.view = nobody()};

    (void)state;
    html_begin(&o);
    view_home(&o, &h);
    html_sound(&o);
    assert_int_equal(html_count(&o, "href=\"/definitions\""), 1); /* the footer's own */
    html_done(&o);
}

static void
sign_in_says_the_same_words_above_and_at_the_field(void **state)
{
    static const struct problem wrong[] = {{"login", "The login or the passphrase is not right"}};
    struct html o;
    struct sign_in_view s = {.view = nobody(), .login = "priya<\"", .next = "/children/12",
                             .problems = {wrong, 1}, .demonstration = true};

    (void)state;
    html_begin(&o);
    view_sign_in(&o, &s);
    html_sound(&o);
    html_keep(&o, "sign-in-wrong");
    assert_int_equal(html_count(&o, wrong[0].text), 2);
    assert_true(html_has(&o, "value=\"priya&lt;&quot;\""));
    assert_true(html_has(&o, "name=\"next\" value=\"/children/12\""));
    assert_true(html_has(&o, "type=\"password\""));
    assert_false(html_has(&o, "name=\"csrf\""));
    html_done(&o);
}

static void
sign_in_tells_why_somebody_was_signed_out(void **state)
{
    struct html o;
    struct sign_in_view s = {.view = nobody(), .login = "",
                             .ended = "You were signed out after 30 minutes."};

    (void)state;
    html_begin(&o);
    view_sign_in(&o, &s);
    html_sound(&o);
    html_keep(&o, "sign-in");
    assert_true(html_has(&o, s.ended));
    assert_false(html_has(&o, "name=\"csrf\""));
    assert_false(html_has(&o, "There is a problem"));
    html_done(&o);
}

static void
the_pages_of_the_footer_stand_for_everybody(void **state)
{
    struct html o;
    struct about a = {.view = nobody(), .definitions = "/definitions"};

    (void)state;
    html_begin(&o);
    view_help(&o, &a);
    html_sound(&o);
    html_keep(&o, "help");
    assert_true(html_has(&o, "I have forgotten my passphrase"));
    assert_false(html_has(&o, "Load a file"));
    html_done(&o);
    html_begin(&o);
    view_information(&o, &a);
    html_sound(&o);
    html_keep(&o, "information");
    html_done(&o);
    html_begin(&o);
    view_accessibility(&o, &a);
    html_sound(&o);
    html_keep(&o, "accessibility");
    html_done(&o);
}

static void
help_for_an_analyst_tells_how_to_load(void **state)
{
    struct html o;
    struct about a = {html_view("Help", "/help"), true, true, "/definitions"};

    (void)state;
    html_begin(&o);
    view_help(&o, &a);
    html_sound(&o);
    html_keep(&o, "help-analyst");
    assert_true(html_has(&o, "Load a file"));
    assert_true(html_has(&o, "href=\"/definitions\""));
    html_done(&o);
}

static void
every_measure_has_its_definition_on_the_page(void **state)
{
    struct job *j = support_job(state);
    struct definitions d;
    struct html o;

    definitions_make(j, nobody(), &d);
    html_begin(&o);
    view_definitions(&o, &d);
    html_sound(&o);
    html_keep(&o, "definitions");
    assert_int_equal(d.n_child + d.n_dfe, MEASURES);
    for (int m = 0; m < MEASURES; m++)
        assert_true(html_has(&o, job_format(j, "<div id=\"%s\">", measure_rows[m].name)));
    html_done(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(home_offers_a_way_in_and_no_figures),
        cmocka_unit_test(home_leaves_out_links_to_pages_that_are_not_there),
        cmocka_unit_test(sign_in_says_the_same_words_above_and_at_the_field),
        cmocka_unit_test(sign_in_tells_why_somebody_was_signed_out),
        cmocka_unit_test(the_pages_of_the_footer_stand_for_everybody),
        cmocka_unit_test(help_for_an_analyst_tells_how_to_load),
        SUPPORT_TEST(every_measure_has_its_definition_on_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
