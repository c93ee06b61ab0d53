/* What is served to browsers: whole, packed, and free of what belongs to GOV.UK alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "ui/asset.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const struct embedded *
sheet(void)
{
    const char *name = asset_name("rooted", "css");

    assert_non_null(name);
    return asset_find(name);
}

static void
the_style_sheet_holds_nothing_of_gov_uk_branding(void **state)
{
    static const char *const never[] = {"GDS Transport", "govuk-crest", "crown", "@font-face",
                                        "url(/", "url(\"", "http:", "https:", "@import"};
    const struct embedded *css = sheet();

    (void)state;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (memmem(css->bytes, css->n, never[i], strlen(never[i])))
            fail_msg("%s holds \"%s\"", css->name, never[i]);
}

static void
our_rules_stand_above_the_layer_of_components(void **state)
{
    const struct embedded *css = sheet();
    const char *ours = memmem(css->bytes, css->n, ".rt-figure", 10);
    const char *theirs = memmem(css->bytes, css->n, "@layer govuk{", 13);

    (void)state;
    assert_ptr_equal(theirs, css->bytes);
    assert_non_null(ours);
    assert_non_null(memmem(css->bytes, css->n, ".govuk-error-summary", 20));
}

static void
each_file_has_a_packed_copy_of_the_same_bytes(void **state)
{
    size_t pairs = 0;

    (void)state;
    for (const struct embedded *e = embed_assets; e->name; e++) {
        char name[256];
        unsigned char *bytes = malloc(e->n + 1);
        z_stream z = {0};

        if (strstr(e->name, ".gz")) {
            free(bytes);
            continue;
        }
        snprintf(name, sizeof name, "%s.gz", e->name);
        const struct embedded *gz = asset_find(name);
        assert_non_null(gz);
        assert_int_equal(inflateInit2(&z, 31), Z_OK);
        z.next_in = (unsigned char *)(uintptr_t)gz->bytes;
        z.avail_in = (unsigned)gz->n;
        z.next_out = bytes;
        z.avail_out = (unsigned)e->n + 1;
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_int_equal(z.total_out, e->n);
        assert_memory_equal(bytes, e->bytes, e->n);
        inflateEnd(&z);
        free(bytes);
        pairs++;
    }
    assert_true(pairs >= 2);
}

static void
the_style_sheet_is_small_enough_for_a_phone(void **state)
{
    char name[256];

    (void)state;
    snprintf(name, sizeof name, "%s.gz", asset_name("rooted", "css"));
    assert_true(asset_find(name)->n < 20 * 1024);
}

static void
only_known_kinds_of_file_are_served(void **state)
{
    (void)state;
    assert_string_equal(asset_type(asset_name("favicon", "svg")), "image/svg+xml");
    assert_string_equal(asset_type("a.css"), "text/css; charset=utf-8");
    assert_null(asset_type("a.css.gz"));
    assert_null(asset_type("css"));
    assert_null(asset_find("../Makefile"));
    assert_null(asset_name("nothing", "css"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_style_sheet_holds_nothing_of_gov_uk_branding),
        cmocka_unit_test(our_rules_stand_above_the_layer_of_components),
        cmocka_unit_test(each_file_has_a_packed_copy_of_the_same_bytes),
        cmocka_unit_test(the_style_sheet_is_small_enough_for_a_phone),
        cmocka_unit_test(only_known_kinds_of_file_are_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
