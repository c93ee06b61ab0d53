/* How a database is set up: trial, live, demonstration. */
#include "support/support.h"
#include "access/setting.h"
#include "base/date.h"

static void
record_all(struct job *j, enum setting but)
{
    for (int s = 0; s < SETTINGS; s++) {
        struct recorded r = {"REF-1", "Jo \"Smith\", head", SUPPORT_TODAY, 0};
        if ((enum setting)s == but)
            continue;
        if (setting_is_record((enum setting)s))
            assert_ok(j, setting_record(j, (enum setting)s, &r));
    }
    if (but != SETTING_COUNCIL)
        assert_ok(j, setting_change(j, SETTING_COUNCIL, "Ashmere Council"));
    if (but != SETTING_ADDRESS)
        assert_ok(j, setting_change(j, SETTING_ADDRESS, "https://rooted.ashmere.gov.uk"));
}

static void
a_new_database_is_a_trial(void **state)
{
    struct job *j = support_job(state);
    struct settings all;

    support_db(j);
    assert_ok(j, setting_list(j, &all));
    assert_false(setting_is_live(&all));
    assert_false(setting_is_demonstration(&all));
    for (int s = 0; s < SETTINGS; s++)
        assert_null(all.value[s]);
}

static void
a_value_is_kept_and_the_last_one_wins(void **state)
{
    struct job *j = support_job(state);
    struct settings all;

    support_db(j);
    assert_ok(j, setting_change(j, SETTING_PHONE, "01632 960123"));
    assert_ok(j, setting_change(j, SETTING_PHONE, "01632 960124"));
    assert_ok(j, setting_list(j, &all));
    assert_string_equal(all.value[SETTING_PHONE], "01632 960124");
}

static void
what_is_not_set_has_its_standard(void **state)
{
    struct job *j = support_job(state);
    struct settings all;

    support_db(j);
    assert_ok(j, setting_list(j, &all));
    assert_null(setting_value(&all, SETTING_COUNCIL));
    assert_string_equal(setting_value(&all, SETTING_REFUSED_SHARE), "5");
    assert_int_equal(setting_number(&all, SETTING_REFUSED_SHARE), 5);
    assert_ok(j, setting_choose(j, SETTING_REFUSED_SHARE, " 12 "));
    assert_ok(j, setting_list(j, &all));
    assert_string_equal(setting_value(&all, SETTING_REFUSED_SHARE), "12");
    assert_int_equal(setting_number(&all, SETTING_REFUSED_SHARE), 12);
    assert_ok(j, setting_change(j, SETTING_REFUSED_SHARE, "many"));
    assert_ok(j, setting_list(j, &all));
    assert_int_equal(setting_number(&all, SETTING_REFUSED_SHARE), 5);
}

static void
what_is_typed_must_be_of_its_kind(void **state)
{
    static const struct { enum setting s; const char *value; } wrong[] = {
        {SETTING_COUNCIL, " "}, {SETTING_REFUSED_SHARE, "101"}, {SETTING_REFUSED_SHARE, "-1"},
        {SETTING_REFUSED_SHARE, "5 %"}, {SETTING_ADDRESS, "http://rooted.ashmere.gov.uk"},
        {SETTING_ADDRESS, "https://"}, {SETTING_ADDRESS, "https://ashmere.gov.uk/rooted"},
    };
    struct job *j = support_job(state);
    struct settings all;

    support_db(j);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(j, setting_choose(j, wrong[i].s, wrong[i].value), ERR_INPUT);
        assert_says(j, setting_name(wrong[i].s));
        err_clear(j);
    }
    assert_ok(j, setting_list(j, &all));
    for (int s = 0; s < SETTINGS; s++)
        assert_null(all.value[s]);
}

static void
a_record_comes_back_as_it_was_given(void **state)
{
    struct job *j = support_job(state);
    struct settings all;
    struct recorded r;

    support_db(j);
    record_all(j, SETTINGS);
    assert_ok(j, setting_list(j, &all));
    assert_true(setting_record_get(j, &all, SETTING_IMPACT, &r));
    assert_string_equal(r.reference, "REF-1");
    assert_string_equal(r.who, "Jo \"Smith\", head");
    assert_int_equal(r.date, SUPPORT_TODAY);
    assert_int_equal(r.review, date_from_ymd(2026, 6, 16)); /* a year later */
    assert_false(setting_record_get(j, &all, SETTING_PHONE, &r));
    assert_ok(j, setting_change(j, SETTING_OWNER, "{\"reference\":1}"));
    assert_ok(j, setting_list(j, &all));
    assert_false(setting_record_get(j, &all, SETTING_OWNER, &r));
}

static void
a_record_says_when_it_is_looked_at_again(void **state)
{
    static const char old[] = "{\"reference\":\"A\",\"date\":\"2024-02-29\",\"who\":\"B\"}";
    struct job *j = support_job(state);
    struct settings all;
    struct recorded r = {"DPIA-4", "Jo", SUPPORT_TODAY, SUPPORT_TODAY + 90};

    support_db(j);
    assert_ok(j, setting_record(j, SETTING_IMPACT, &r));
    assert_ok(j, setting_change(j, SETTING_NOTICE, old)); /* as before reviews were recorded */
    assert_ok(j, setting_list(j, &all));
    assert_true(setting_record_get(j, &all, SETTING_IMPACT, &r));
    assert_int_equal(r.review, SUPPORT_TODAY + 90);
    assert_true(setting_record_get(j, &all, SETTING_NOTICE, &r));
    assert_int_equal(r.review, date_from_ymd(2025, 3, 1));
    r.review = r.date - 1;
    assert_err(j, setting_record(j, SETTING_NOTICE, &r), ERR_INPUT);
    assert_says(j, "before the day it was decided");
}

static void
it_becomes_live_only_when_everything_is_recorded_and_says_what_is_missing(void **state)
{
    static const enum setting needed[] = {SETTING_OWNER, SETTING_IMPACT, SETTING_SHARING,
                                          SETTING_NOTICE, SETTING_RETENTION, SETTING_COUNCIL,
                                          SETTING_ADDRESS};
    static const char forget[] = "DELETE FROM setting";
    struct job *j = support_job(state);
    struct settings all;

    support_db(j);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        assert_ok(j, db_run(j, forget, NO_ARGS, NULL));
        record_all(j, needed[i]);
        assert_err(j, setting_make_live(j), ERR_INPUT);
        assert_says(j, setting_name(needed[i]));
        assert_ok(j, setting_list(j, &all));
        assert_false(setting_is_live(&all));
        err_clear(j);
    }
    record_all(j, SETTINGS);
    assert_ok(j, setting_make_live(j));
    assert_ok(j, setting_make_live(j)); /* again: nothing new */
    assert_ok(j, setting_list(j, &all));
    assert_true(setting_is_live(&all));
}

static void
a_demonstration_never_becomes_live(void **state)
{
    struct job *j = support_job(state);
    struct settings all;

    support_db(j);
    assert_ok(j, setting_make_demonstration(j));
    record_all(j, SETTINGS);
    assert_err(j, setting_make_live(j), ERR_INPUT);
    assert_says(j, "demonstration");
    /* nor by writing into the table */
    assert_ok(j, setting_change(j, SETTING_LIVE, "1"));
    assert_ok(j, setting_list(j, &all));
    assert_false(setting_is_live(&all));
}

static void
only_an_empty_database_becomes_a_demonstration(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    support_area(j);
    assert_err(j, setting_make_demonstration(j), ERR_CONFLICT);
    assert_says(j, "--db");
}

static void
a_demonstration_may_be_made_one_again_when_it_is_full(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    assert_ok(j, setting_make_demonstration(j));
    support_area(j);
    assert_ok(j, setting_make_demonstration(j));
}

static void
names_are_found_again(void **state)
{
    enum setting found;

    (void)state;
    for (int s = 0; s < SETTINGS; s++) {
        assert_true(setting_find(setting_name((enum setting)s), &found));
        assert_int_equal(found, s);
        assert_true(strlen(setting_about((enum setting)s)) > 0);
    }
    assert_false(setting_find("colour", &found));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_new_database_is_a_trial),
        SUPPORT_TEST(a_value_is_kept_and_the_last_one_wins),
        SUPPORT_TEST(what_is_not_set_has_its_standard),
        SUPPORT_TEST(what_is_typed_must_be_of_its_kind),
        SUPPORT_TEST(a_record_comes_back_as_it_was_given),
        SUPPORT_TEST(a_record_says_when_it_is_looked_at_again),
        SUPPORT_TEST(it_becomes_live_only_when_everything_is_recorded_and_says_what_is_missing),
        SUPPORT_TEST(a_demonstration_never_becomes_live),
        SUPPORT_TEST(only_an_empty_database_becomes_a_demonstration),
        SUPPORT_TEST(a_demonstration_may_be_made_one_again_when_it_is_full),
        SUPPORT_TEST(names_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
