/* A pack of signs: what an authority writes is read, checked and said in words. */
#include "risk/signs.h"
#include "support/support.h"

#define PACK(sign) \
    "{\"version\": \"1\", \"title\": \"ours\", \"years\": [1, 11], \"signs\": [" sign "]}"
#define LATE(more) \
    "{\"id\": \"L\", \"kind\": \"late\", \"domain\": \"attendance\", \"title\": \"Late\", " \
    "\"evidence\": \"none\", " more "}"

static enum err
read_pack(struct job *j, const char *text, struct sign_pack *out)
{
    return sign_pack_read(j, span_of(text), out);
}

static const struct sign_rule *
rule_of(const struct sign_pack *p, const char *id)
{
    for (size_t i = 0; i < p->n; i++)
        if (!strcmp(p->rule[i].id, id))
            return &p->rule[i];
    fail_msg("no sign %s", id);
    return NULL;
}

static void
the_pack_that_comes_with_the_program_is_sound(void **state)
{
    struct job *j = support_job(state);
    struct sign_pack p;

    assert_ok(j, sign_pack_read(j, sign_pack_default(), &p));
    assert_int_equal(p.n, 19);
    assert_int_equal(p.first_year, 0);
    assert_int_equal(p.last_year, 11);
    assert_int_equal(rule_of(&p, "A1")->limit[0], 6);
    assert_int_equal(rule_of(&p, "B2")->limit[3], 10);
}

static void
schools_are_not_shown_social_care_whatever_a_pack_says(void **state)
{
    struct job *j = support_job(state);
    struct sign_pack p;

    assert_ok(j, sign_pack_read(j, sign_pack_default(), &p));
    assert_false(rule_of(&p, "C1")->schools);
    assert_false(rule_of(&p, "C2")->schools);
    assert_false(rule_of(&p, "C5")->schools);
    assert_true(rule_of(&p, "C3")->schools);
    assert_ok(j, read_pack(j, PACK("{\"id\": \"C\", \"kind\": \"care-opened\", \"domain\": "
                                   "\"need\", \"title\": \"t\", \"evidence\": \"e\", \"words\": "
                                   "\"w\", \"limits\": {\"months\": 6}, \"schools\": true}"),
                           &p));
    assert_false(p.rule[0].schools);
    assert_ok(j, read_pack(j, PACK(LATE("\"words\": \"w\", \"schools\": false, \"limits\": "
                                        "{\"weeks\": 6, \"percent\": 15}")), &p));
    assert_false(p.rule[0].schools);
}

static void
a_mistake_in_a_pack_is_named(void **state)
{
    struct job *j = support_job(state);
    static const struct {
        const char *pack, *says;
    } bad[] = {
        {"{\"version\": }", "line 1, column"},
        {PACK(""), "1 to 32"},
        {PACK(LATE("\"words\": \"w\", \"limits\": {\"weeks\": 6}")), "weeks percent"},
        {PACK(LATE("\"words\": \"w\", \"limits\": {\"weeks\": 6, \"percent\": 15, \"days\": 1}")),
         "days"},
        {PACK(LATE("\"words\": \"w\", \"limits\": {\"weeks\": 6, \"percent\": 1500}")),
         "0 to 1000"},
        {PACK(LATE("\"words\": \"{absent}\", \"limits\": {\"weeks\": 6, \"percent\": 15}")),
         "{absent}"},
        {PACK(LATE("\"limits\": {\"weeks\": 6, \"percent\": 15}")), "words"},
        {PACK("{\"id\": \"L\", \"kind\": \"tall\", \"domain\": \"need\", \"title\": \"t\", "
              "\"evidence\": \"e\"}"), "tall"},
        {PACK("{\"id\": \"L\", \"kind\": \"late\", \"domain\": \"size\", \"title\": \"t\", "
              "\"evidence\": \"e\"}"), "size"},
    };
    struct sign_pack p;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(j, read_pack(j, bad[i].pack, &p), ERR_INPUT);
        assert_says(j, bad[i].says);
        err_clear(j);
    }
}

static void
an_id_may_not_come_twice(void **state)
{
    struct job *j = support_job(state);
    struct sign_pack p;

    assert_err(j, read_pack(j, PACK(LATE("\"words\": \"w\", \"limits\": {\"weeks\": 6, "
                                         "\"percent\": 15}") "," LATE("\"words\": \"w\", "
                                         "\"limits\": {\"weeks\": 6, \"percent\": 15}")), &p),
               ERR_INPUT);
    assert_says(j, "twice");
}

static void
words_say_the_numbers(void **state)
{
    struct job *j = support_job(state);
    struct sign_pack p;

    assert_ok(j, sign_pack_read(j, sign_pack_default(), &p));
    assert_string_equal(
        sign_words(j, rule_of(&p, "A1"), &(struct sign_found){.value = {14, 60, 5, 58}}),
        "Missed 14 of 60 sessions in the last 6 school weeks; 5 of 58 in the 6 before");
    assert_string_equal(
        sign_words(j, rule_of(&p, "A2"), &(struct sign_found){.value = {9, 100}}),
        "Missed 9% of this school year so far, 9 of 100 sessions; 10% is persistent absence");
    assert_string_equal(
        sign_words(j, rule_of(&p, "B2"),
                   &(struct sign_found){.value = {2, 5}, .on = date_from_ymd(2026, 11, 18)}),
        "Suspended twice in 12 months, 2.5 days in all; last on 18 November 2026");
    assert_string_equal(
        sign_words(j, rule_of(&p, "B1"),
                   &(struct sign_found){.value = {2}, .on = date_from_ymd(2026, 10, 12)}),
        "Suspended for the first time in this key stage on 12 October 2026, 1 day");
    assert_string_equal(
        sign_words(j, rule_of(&p, "C2"),
                   &(struct sign_found){.variant = 2, .on = date_from_ymd(2026, 7, 3)}),
        "Early help closed on 3 July 2026");
    /* a variant without words of its own falls back to the first */
    assert_string_equal(
        sign_words(j, rule_of(&p, "C1"),
                   &(struct sign_found){.variant = 1, .on = date_from_ymd(2026, 9, 28)}),
        "Social care opened on 28 September 2026");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_pack_that_comes_with_the_program_is_sound),
        SUPPORT_TEST(schools_are_not_shown_social_care_whatever_a_pack_says),
        SUPPORT_TEST(a_mistake_in_a_pack_is_named),
        SUPPORT_TEST(an_id_may_not_come_twice),
        SUPPORT_TEST(words_say_the_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
