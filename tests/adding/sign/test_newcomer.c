/* An invented sign: an authority's pack uses it, and it finds whom it should. */
#include "risk/sign_view.h"
#include "support/small_timeline.h"
#include "support/support.h"

static const char pack_text[] =
    "{\"version\": \"1\", \"title\": \"ours\", \"years\": [1, 11], \"signs\": ["
    "{\"id\": \"N\", \"kind\": \"newcomer\", \"domain\": \"mobility\", \"title\": \"New\", "
    "\"evidence\": \"none\", \"words\": \"New at the school since {on}\", "
    "\"limits\": {\"days\": 90}}]}";

static void
a_newcomer_is_one_for_ninety_days(void **state)
{
    struct job *j = support_job(state);
    struct small *s = small_new(j);
    struct sign_view v = {0};
    struct sign_found found;
    struct sign_pack pack;

    assert_ok(j, sign_pack_read(j, span_of(pack_text), &pack));
    assert_int_equal(pack.rule[0].kind, SIGN_NEWCOMER);
    assert_true(pack.rule[0].schools);
    small_child(s, 'F');
    v.t = small_done(s);
    v.day = v.t->enrolment[0].start + 89;
    assert_true(sign_newcomer(&v, &pack.rule[0], &found));
    assert_non_null(strstr(sign_words(j, &pack.rule[0], &found), "New at the school since "));
    v.day++;
    assert_false(sign_newcomer(&v, &pack.rule[0], &found));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {SUPPORT_TEST(a_newcomer_is_one_for_ninety_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
