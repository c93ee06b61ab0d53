#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/text.h"

static void
blank_variants_are_missing_and_nought_is_not(void **state)
{
    static const char *const missing[] = {"", " ", "\t\r\n", "\xC2\xA0", "NULL", "null", "None",
                                          "nan", "N/A", "SSD_PH", " NULL "};
    static const char *const there[] = {"0", "no", "NONE SUCH", "N", "nana", "NULLS", "-"};

    (void)state;
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        assert_true(span_is_missing(span_of(missing[i])));
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        assert_false(span_is_missing(span_of(there[i])));
    assert_true(span_is_missing(span_of(NULL)));
}

static void
spans_are_trimmed_and_compared(void **state)
{
    struct span a = span_trim(span_of(" \xC2\xA0\t Amy Reed \xC2\xA0\r\n"));

    (void)state;
    assert_true(span_is(a, "Amy Reed"));
    assert_false(span_is(a, "Amy"));
    assert_true(span_is_nocase(a, "AMY reed"));
    assert_false(span_is_nocase(a, "AMY reeds"));
    assert_false(span_is_nocase(a, "AMY ree"));
    assert_true(span_is(SPAN(""), ""));
    assert_int_equal(span_trim(span_of("\xA0\xC2")).n, 2); /* no U+00A0 */
}

static void
whole_numbers_are_read_as_councils_write_them(void **state)
{
    static const struct {
        const char *s;
        int64_t v;
    } good[] = {
        {"134", 134}, {"-2", -2}, {"+5", 5}, {"134.0", 134}, {"134.000", 134}, {"1,234", 1234},
        {" 12,345,678 ", 12345678}, {"0", 0}, {"007", 7}, {"1,234.0", 1234},
        {"9223372036854775807", INT64_MAX}, {"-9223372036854775807", -INT64_MAX},
    };
    static const char *const bad[] = {
        "", " ", "-", "12.5", "12.", ".0", "1,23", "1234,567", ",123", "1,", "1e3", "0x10",
        "9223372036854775808", "99999999999999999999", "1 234", "--2", "12a", "1,2345", "1.0,0",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t v = -77;
        if (!text_to_int(good[i].s, strlen(good[i].s), &v) || v != good[i].v)
            fail_msg("\"%s\" was not read as %lld", good[i].s, (long long)good[i].v);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t v = -77;
        if (text_to_int(bad[i], strlen(bad[i]), &v) || v != -77)
            fail_msg("\"%s\" was read as a number", bad[i]);
    }
}

static void
yes_and_no_are_read_in_every_spelling(void **state)
{
    static const char *const yes[] = {"1", "true", "True", "TRUE", "T", "t", "Y", "y", " Yes ",
                                      "a) Yes", "a Yes", "1.0"};
    static const char *const no[] = {"0", "false", "False", "F", "N", "No ", "b) No", "0.0"};
    static const char *const neither[] = {"", "2", "maybe", "a)", "c) Not recorded", "yess", "-1"};
    bool b;

    (void)state;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        b = false;
        assert_true(text_to_bool(yes[i], strlen(yes[i]), &b) && b);
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        b = true;
        assert_true(text_to_bool(no[i], strlen(no[i]), &b) && !b);
    }
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        assert_false(text_to_bool(neither[i], strlen(neither[i]), &b));
}

static enum err
headers(struct job *j, void *arg)
{
    (void)arg;
    assert_string_equal(text_header(j, span_of("\xEF\xBB\xBF  Native \r\n  ID ")), "native id");
    assert_string_equal(text_header(j, span_of("SEN \xE2\x80\x93 Need")), "sen - need");
    assert_string_equal(text_header(j, span_of("A\xC2\xA0\xC2\xA0" "B")), "a b");
    assert_string_equal(text_header(j, span_of("")), "");
    assert_string_equal(text_header(j, span_of("UPN")), "upn");
    return OK;
}

static enum err
names(struct job *j, void *arg)
{
    static const char *const pairs[][2] = {
        {"O'Brien-Smith", "OBRIENSMITH"}, {"Zoë", "ZOE"}, {"Łukasz Święcicki", "LUKASZSWIECICKI"},
        {"Søren Ångström", "SORENANGSTROM"}, {"Nguyễn Thị", "NGUYENTHI"}, {"Weiß", "WEISS"},
        {"Æthelred", "AETHELRED"}, {"Şahin", "SAHIN"}, {"Ștefan", "STEFAN"}, {"Đorđe", "DORDE"},
        {"Zoe\xCC\x88", "ZOE"}, {"Siân  ", "SIAN"}, {"D’Arcy", "DARCY"}, {"Иван", "Иван"},
        {"123", ""}, {"Jose\xFF", "JOSE"}, {"\xC3", ""}, {"\xE0\x95\xBF" "x", "X"},
        {"þór", "THOR"}, {"Renée 2", "RENEE"},
    };

    (void)arg;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(text_name_key(j, span_of(pairs[i][0])), pairs[i][1]);
    return OK;
}

static void
in_job(job_fn *fn)
{
    struct job j;

    job_init(&j, JOB_MB);
    assert_int_equal(job_run(&j, fn, NULL), OK);
    job_end(&j);
}

static void
header_names_are_compared_in_one_form(void **state)
{
    (void)state;
    in_job(headers);
}

static void
names_are_compared_by_their_letters(void **state)
{
    (void)state;
    in_job(names);
}

static void
postcodes_take_one_form_or_are_refused(void **state)
{
    static const char *const good[][2] = {
        {"ch19zz", "CH1 9ZZ"}, {" CH1  9ZZ ", "CH1 9ZZ"}, {"m11ae", "M1 1AE"},
        {"B338TH", "B33 8TH"}, {"CR26XH", "CR2 6XH"}, {"DN551PT", "DN55 1PT"},
        {"W1A1HQ", "W1A 1HQ"}, {"EC1A1BB", "EC1A 1BB"}, {"GL1\xC2\xA0" "1AA", "GL1 1AA"},
        {"gir 0aa", "GIR 0AA"}, {"ZZ99 3CZ", "ZZ99 3CZ"}, {"zz11aa", "ZZ1 1AA"},
    };
    static const char *const bad[] = {"", "CH1", "CH1 9Z", "CH1 ZZ9", "CH1 9ZZZZ", "1CH 9ZZ",
                                      "CH1 9CZ", "QH1 9ZZ", "CI1 9ZZ", "CZ1 9ZZ", "CHHH1 9ZZ",
                                      "CH123 9ZZ", "unknown", "CH!19ZZ"};
    char buf[10];

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(text_postcode(span_of(good[i][0]), buf));
        assert_string_equal(buf, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_postcode(span_of(bad[i]), buf));
}

static void
utf8_is_judged_strictly_wherever_the_fault_stands(void **state)
{
    static const char *const good[] = {"", "abc", "née", "€", "\xF0\x9F\x98\x80", "\xED\x9F\xBF",
                                       "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xC2\x80"};
    static const char *const bad[] = {
        "\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC3(",
        "\xE2(\xA1", "\xFF", "\xF0\x9F(\x80"};
    char text[120];

    (void)state;
    for (size_t before = 0; before < 70; before++) {
        for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
            int n = snprintf(text, sizeof text, "%*s%s tail", (int)before, "", good[i]);
            assert_true(text_is_utf8(text, (size_t)n, NULL));
            assert_true(text_is_utf8(text, before + strlen(good[i]), NULL));
        }
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            size_t at = 0;
            int n = snprintf(text, sizeof text, "%*s%s tail", (int)before, "", bad[i]);
            assert_false(text_is_utf8(text, (size_t)n, &at));
            assert_int_equal(at, before);
            assert_false(text_is_utf8(text, before + strlen(bad[i]), &at));
        }
    }
}

static void
counts_have_commas(void **state)
{
    char buf[TEXT_NUMBER];

    (void)state;
    assert_string_equal(text_count(0, buf), "0");
    assert_string_equal(text_count(999, buf), "999");
    assert_string_equal(text_count(1000, buf), "1,000");
    assert_string_equal(text_count(49382, buf), "49,382");
    assert_string_equal(text_count(-1204, buf), "-1,204");
    assert_string_equal(text_count(INT64_MIN, buf), "-9,223,372,036,854,775,808");
}

static void
percentages_are_rounded_half_away_from_zero(void **state)
{
    char buf[TEXT_NUMBER];

    (void)state;
    assert_string_equal(text_percent(39, 1000, 1, buf), "3.9");
    assert_string_equal(text_percent(1, 8, 1, buf), "12.5");
    assert_string_equal(text_percent(1, 8, 0, buf), "13");
    assert_string_equal(text_percent(1, 16, 1, buf), "6.3");
    assert_string_equal(text_percent(3, 16, 1, buf), "18.8");
    assert_string_equal(text_percent(-1, 16, 1, buf), "-6.3");
    assert_string_equal(text_percent(0, 7, 2, buf), "0.00");
    assert_string_equal(text_percent(7, 7, 1, buf), "100.0");
    assert_string_equal(text_percent(1, 0, 1, buf), "");
    assert_string_equal(text_percent(-1, 100000, 1, buf), "0.0");
    /* attendance of England in 2024/25 (domain.md §2.2) */
    assert_string_equal(text_percent(2333406973, 2505799574, 4, buf), "93.1203");
    assert_string_equal(text_rate(955, 84440, 10000, 2, buf), "113.10");
    assert_string_equal(text_rate(INT64_MAX, 1, 1, 0, buf), "9223372036854775807");
}

static void
decimals_are_rounded_from_the_exact_double(void **state)
{
    char buf[TEXT_NUMBER];

    (void)state;
    assert_string_equal(text_decimal(0.125, 2, buf), "0.13");
    assert_string_equal(text_decimal(-0.125, 2, buf), "-0.13");
    assert_string_equal(text_decimal(2.675, 2, buf), "2.67"); /* the double lies below */
    assert_string_equal(text_decimal(5.57407407407, 3, buf), "5.574");
    assert_string_equal(text_decimal(0.5, 0, buf), "1");
    assert_string_equal(text_decimal(1.5, 0, buf), "2");
    assert_string_equal(text_decimal(-0.04, 1, buf), "0.0");
    assert_string_equal(text_decimal(1e-300, 3, buf), "0.000");
    assert_string_equal(text_decimal(123456789.987654321, 6, buf), "123456789.987654");
    assert_string_equal(text_decimal(1.0 / 0.0, 1, buf), "∞");
    assert_string_equal(text_decimal(0.0 / 0.0, 1, buf), "");
    for (int i = -2000; i < 2000; i++) {
        char expected[TEXT_NUMBER];
        double v = i / 7.0;
        snprintf(expected, sizeof expected, "%.5f", v);
        if (i)
            assert_string_equal(text_decimal(v, 5, buf), expected);
    }
}

static void
a_formatted_text_is_whole_whatever_its_length(void **state)
{
    struct job job, *j = &job;
    static const int lengths[] = {0, 1, 254, 255, 256, 257, 5000};

    (void)state;
    job_init(j, JOB_MB);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const char *s = job_format(j, "%0*d", lengths[i], 0);
        assert_int_equal(strlen(s), lengths[i] ? lengths[i] : 1);
        assert_int_equal(strspn(s, "0"), strlen(s));
    }
    assert_string_equal(job_format(j, "%s", ""), "");
    job_end(j);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_formatted_text_is_whole_whatever_its_length),
        cmocka_unit_test(blank_variants_are_missing_and_nought_is_not),
        cmocka_unit_test(spans_are_trimmed_and_compared),
        cmocka_unit_test(whole_numbers_are_read_as_councils_write_them),
        cmocka_unit_test(yes_and_no_are_read_in_every_spelling),
        cmocka_unit_test(header_names_are_compared_in_one_form),
        cmocka_unit_test(names_are_compared_by_their_letters),
        cmocka_unit_test(postcodes_take_one_form_or_are_refused),
        cmocka_unit_test(utf8_is_judged_strictly_wherever_the_fault_stands),
        cmocka_unit_test(counts_have_commas),
        cmocka_unit_test(percentages_are_rounded_half_away_from_zero),
        cmocka_unit_test(decimals_are_rounded_from_the_exact_double),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
