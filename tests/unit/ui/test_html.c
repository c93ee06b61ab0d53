/* Output: escaped by type and place, and never half a page. */
#include "support/html.h"
#include "support/support.h"
#include "ui/components.html.h"
#include "ui/svg.h"
#include "ui/tables.html.h"
#include <string.h>

static const char *
made(struct html *o)
{
    html_lit(o, "", 1);
    o->len--;
    return o->buf;
}

static void
text_is_escaped_wherever_it_stands(void **state)
{
    struct html o;

    (void)state;
    html_begin(&o);
    html_put(&o, "<b title=\"x\" class='y'>&amp; Zoë</b>");
    html_put(&o, (const char *)NULL);
    assert_string_equal(made(&o), "&lt;b title=&quot;x&quot; class=&#39;y&#39;&gt;&amp;amp; "
                                  "Zoë&lt;/b&gt;");
    html_done(&o);
}

static void
addresses_of_other_kinds_become_nothing(void **state)
{
    static const struct { const char *given, *made; } cases[] = {
        {"/children/1?a=b&c=d", "/children/1?a=b&amp;c=d"}, {"#main", "#main"}, {"?a", "?a"},
        {"https://example.org/", "https://example.org/"}, {"javascript:alert(1)", "#"},
        {"JAVASCRIPT:alert(1)", "#"}, {" javascript:alert(1)", "#"}, {"//evil.example/", "#"},
        {"/\\evil.example/", "#"}, {"data:text/html,x", "#"}, {"http://example.org/", "#"},
        {"children", "#"}, {"", "#"}, {NULL, "#"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct html o;
        html_begin(&o);
        html_put_url(&o, cases[i].given);
        assert_string_equal(made(&o), cases[i].made);
        html_done(&o);
    }
}

static void
parts_of_addresses_are_percent_encoded(void **state)
{
    struct html o;

    (void)state;
    html_begin(&o);
    html_put_part(&o, "a/b?c=d&e \"<é");
    html_put_part(&o, -7);
    html_put_part(&o, (size_t)8);
    assert_string_equal(made(&o), "a%2Fb%3Fc%3Dd%26e%20%22%3C%C3%A9-78");
    html_done(&o);
}

static void
numbers_keep_their_size(void **state)
{
    struct html o;

    (void)state;
    html_begin(&o);
    html_put(&o, INT64_MIN);
    html_put(&o, UINT64_MAX);
    html_put(&o, true);
    assert_string_equal(made(&o), "-9223372036854775808184467440737095516151");
    html_done(&o);
}

static void
a_page_past_its_ceiling_is_cut_and_says_so(void **state)
{
    struct html o = {.max = 10};

    (void)state;
    html_put(&o, "12345678");
    assert_false(o.cut);
    html_put(&o, "901");
    assert_true(o.cut);
    html_put(&o, "x");
    assert_int_equal(o.len, 8);
    html_done(&o);
}

static void
coordinates_are_written_without_a_locale(void **state)
{
    static const struct { long long v, scale; const char *made; } cases[] = {
        {0, 100, "0"}, {1250, 100, "12.5"}, {1205, 100, "12.05"}, {-50, 100, "-0.5"},
        {-1205, 100, "-12.05"}, {10000, 100, "100"}, {7, 10, "0.7"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct html o;
        html_begin(&o);
        svg_number(&o, cases[i].v, cases[i].scale);
        assert_string_equal(made(&o), cases[i].made);
        html_done(&o);
    }
    assert_int_equal(svg_share(1, 3), 3333);
    assert_int_equal(svg_share(2, 3), 6667);
    assert_int_equal(svg_share(5, 3), 10000);
    assert_int_equal(svg_share(-5, 3), 0);
    assert_int_equal(svg_share(1, 0), 0);
}

static void
the_five_kinds_of_absence_look_and_read_differently(void **state)
{
    static const enum absent all[] = {NO_DATA, NONE, NOT_SHARED, NOT_ASKED, SUPPRESSED};

    (void)state;
    for (size_t i = 0; i < 5; i++)
        for (size_t k = i + 1; k < 5; k++) {
            assert_string_not_equal(absent_word(all[i]), absent_word(all[k]));
            assert_string_not_equal(absent_class(all[i]), absent_class(all[k]));
        }
}

static void
tables_head_their_rows_and_label_their_cells(void **state)
{
    static const struct column columns[] = {{"Type", false}, {"2024/25", true}};
    static const struct cell cells[] = {{.text = "A & B", .href = "/x"}, {.text = "3.9"},
                                        {.text = "C", .note = "small"}, {.absent = NO_DATA}};
    struct table t = {"Types", columns, 2, cells, 2, true, true};
    struct html o;

    (void)state;
    html_begin(&o);
    part_table(&o, &t);
    html_golden(&o, "ui/table.html");
    assert_int_equal(html_count(&o, "<th scope=\"row\">"), 2);
    assert_int_equal(html_count(&o, "data-h=\"2024/25:\""), 2);
    html_done(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped_wherever_it_stands),
        cmocka_unit_test(addresses_of_other_kinds_become_nothing),
        cmocka_unit_test(parts_of_addresses_are_percent_encoded),
        cmocka_unit_test(numbers_keep_their_size),
        cmocka_unit_test(a_page_past_its_ceiling_is_cut_and_says_so),
        cmocka_unit_test(coordinates_are_written_without_a_locale),
        cmocka_unit_test(the_five_kinds_of_absence_look_and_read_differently),
        cmocka_unit_test(tables_head_their_rows_and_label_their_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
