#include "base/date.h"
#include "support/support.h"
#include "web/directory/summary.h"

static const char mentor[] =
    "{\"id\":\"c8501ff1-45b4-5068-9c42-2373ac807d09\",\"name\":\"Steady Ground\","
    "\"description\":\"A mentor comes each week.\\n\\nOne hour.\\n\\nTwo terms.\","
    "\"minimum_age\":11,\"maximum_age\":14,\"assured_date\":\"2026-11-16\","
    "\"url\":\"https://mentor.example/1\","
    "\"organization\":{\"name\":\"Harbour Youth Trust\"},"
    "\"schedules\":[{\"byday\":\"MO,TU,WE,TH,FR\",\"opens_at\":\"09:00:00\","
    "\"closes_at\":\"15:30\"}],"
    "\"service_areas\":[{\"name\":\"Ashmere\"}],"
    "\"service_at_locations\":[{\"location\":{\"name\":\"Mill Lane clinic\",\"addresses\":"
    "[{\"city\":\"Northdale\"}]}},{\"location\":{\"name\":\"Library\"}}],"
    "\"languages\":[{\"name\":\"Arabic\"},{\"name\":\"Polish\"}],"
    "\"rooted\":{\"refer_by\":[\"key-worker\",\"school\"],\"home\":true,\"free_to_family\":true,"
    "\"reply_days\":5,\"wait\":{\"weeks\":6,\"measured_on\":\"2026-11-16\"},"
    "\"capacity\":{\"maximum\":30,\"available\":0},"
    "\"prices\":[{\"amount\":114000,\"unit\":\"course\",\"included\":\"All calls\","
    "\"to\":\"2027-07-31\"}]}}";

static struct service_summary
summary_of(struct job *j, const char *text)
{
    struct service_summary s;
    json_t *doc;

    assert_ok(j, document_parse(j, span_of(text), &doc));
    service_summarise(j, doc, NULL, &s);
    return s;
}

static void
a_service_is_told_in_a_family_s_words(void **state)
{
    struct job *j = support_job(state);
    struct service_summary s = summary_of(j, mentor);

    assert_string_equal(s.lead, "A mentor comes each week.");
    assert_string_equal(s.story[0], "One hour.");
    assert_string_equal(s.story[1], "Two terms.");
    assert_null(s.story[2]);
    assert_string_equal(s.ages, "11 to 14");
    assert_string_equal(s.wait, "6 weeks");
    assert_string_equal(s.wait_note, "Said on 16 November 2026");
    assert_string_equal(s.places, "30, all taken");
    assert_string_equal(s.cost, "Free to families. £1,140 a course for schools");
    assert_string_equal(s.cost_note, "All calls. To 31 July 2027");
    assert_string_equal(s.how, "Schools and key workers");
    assert_string_equal(s.answer, "5 working days");
    assert_string_equal(s.languages, "Arabic and Polish");
    assert_string_equal(s.times, "Monday to Friday, 9am to 3:30pm");
    assert_string_equal(s.where, "Mill Lane clinic, Northdale, and 1 other place and at home. "
                                 "For people in Ashmere");
    assert_int_equal(s.checked, date_from_ymd(2026, 11, 16));
    assert_string_equal(s.url, "https://mentor.example/1");
}

static void
what_a_service_does_not_say_is_not_made_up(void **state)
{
    struct job *j = support_job(state);
    struct service_summary s =
        summary_of(j, "{\"id\":\"x\",\"name\":\"A\",\"url\":\"javascript:x\"}");

    assert_string_equal(s.lead, "");
    assert_null(s.ages);
    assert_null(s.wait);
    assert_null(s.places);
    assert_null(s.cost);
    assert_null(s.how);
    assert_null(s.where);
    assert_null(s.times);
    assert_null(s.url); /* nor is anything a link that is none */
    assert_int_equal(s.checked, 0);
}

static void
ages_waits_and_hours_have_their_words(void **state)
{
    static const struct { const char *doc, *ages, *wait, *times; } all[] = {
        {"{\"minimum_age\":16}", "From 16", NULL, NULL},
        {"{\"maximum_age\":11}", "Up to 11", NULL, NULL},
        {"{\"minimum_age\":0,\"maximum_age\":25}", "All ages", NULL, NULL},
        {"{\"rooted\":{\"wait\":{\"weeks\":0}}}", NULL, "No wait", NULL},
        {"{\"rooted\":{\"wait\":{\"weeks\":1}}}", NULL, "1 week", NULL},
        {"{\"rooted\":{\"wait\":{\"band\":\"longer\"}}}", NULL, "More than three months", NULL},
        {"{\"wait_time\":\"Ask\"}", NULL, "Ask", NULL},
        {"{\"schedules\":[{\"byday\":\"TU,TH\",\"opens_at\":\"12:00\","
         "\"closes_at\":\"13:05\"}]}", NULL, NULL, "Tuesday and Thursday, midday to 1:05pm"},
        {"{\"schedules\":[{\"byday\":\"MO,TU,WE,TH,FR,SA,SU\",\"opens_at\":\"00:00\","
         "\"closes_at\":\"23:59\"}]}", NULL, NULL, "Every day, at any hour"},
    };
    struct job *j = support_job(state);

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct service_summary s = summary_of(j, all[i].doc);
        const char *const got[] = {s.ages, s.wait, s.times},
                   *const want[] = {all[i].ages, all[i].wait, all[i].times};
        for (int k = 0; k < 3; k++) {
            if (!want[k])
                assert_null(got[k]);
            else
                assert_string_equal(got[k], want[k]);
        }
    }
}

static void
distances_are_said_in_yards_and_miles(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(distance_words(j, 10), "100 yards");
    assert_string_equal(distance_words(j, 200), "200 yards");
    assert_string_equal(distance_words(j, 805), "0.5 miles");
    assert_string_equal(distance_words(j, 1609), "1 mile");
    assert_string_equal(distance_words(j, 3380), "2.1 miles");
    assert_string_equal(distance_words(j, 30000), "19 miles");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_service_is_told_in_a_family_s_words),
        SUPPORT_TEST(what_a_service_does_not_say_is_not_made_up),
        SUPPORT_TEST(ages_waits_and_hours_have_their_words),
        SUPPORT_TEST(distances_are_said_in_yards_and_miles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
