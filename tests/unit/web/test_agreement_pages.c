/* The sharing agreement over HTTP: the officer writes, signs and brings it into force; others
 * read. */
#include "support/html.h"
#include "support/served.h"
#include "access/agreement.h"
#include <string.h>

#define BASIS "&article-6=Public+task&article-9=9%282%29%28g%29"

static void
the_officer_writes_signs_and_brings_it_into_force(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    served_sign_in(&s, "governance-officer");
    a = served_get(&s, "/agreement", 200);
    assert_true(client_has(&a, "No agreement is in force"));
    served_post(&s, "/agreement", "", 303);
    a = served_get(&s, "/agreement/1", 200);
    assert_true(client_has(&a, "Record a signature"));
    a = served_post(&s, "/agreement/1/words", "&title=&review=" BASIS, 422);
    assert_true(client_has(&a, "Give the agreement a title"));
    a = served_post(&s, "/agreement/1/words", "&title=Ashmere&review=soon" BASIS, 422);
    assert_true(client_has(&a, "as in 31/3/2027"));
    assert_true(client_has(&a, "Public task"));
    served_post(&s, "/agreement/1/words", "&title=Ashmere&review=1%2F6%2F2026" BASIS, 303);
    a = served_get(&s, "/agreement/1/words", 200);
    assert_true(client_has(&a, "value=\"2026-06-01\""));
    a = served_post(&s, "/agreement/1/begin", "&from=16%2F6%2F2025", 422);
    assert_true(client_has(&a, "have not signed"));
    for (int k = 0; k < AGENCY_KINDS; k++)
        served_post(&s, "/agreement/1/sign",
             job_format(j, "&kind=%s&agency=A&by=B&on=1%%2F6%%2F2025",
                        agency_kind_term((enum agency_kind)k).name),
             303);
    served_post(&s, "/agreement/1/sign", "&kind=police&agency=&by=&on=1%2F6%2F2025", 422);
    a = served_get(&s, "/agreement/1/share/decide/police", 200);
    assert_true(client_has(&a, "Offences and intelligence"));
    served_post(&s, "/agreement/1/share/decide/police", "&identity=full", 422);
    served_get(&s, "/agreement/1/share/decide/nobody", 404);
    served_post(&s, "/agreement/1/begin", "&from=16%2F6%2F2025", 303);
    a = served_get(&s, "/agreement", 200);
    assert_true(client_has(&a, "Version 1 is in force"));
    a = served_get(&s, "/agreement/1", 200);
    assert_false(client_has(&a, "Record a signature"));
    served_post(&s, "/agreement/1/drop", "", 409);
    served_stop(&s);
}

static const char *
all_but(struct job *j, enum category one)
{
    const char *fields = "";

    for (int c = 0; c < CATEGORIES; c++)
        fields = job_format(j, "%s&%s=%s", fields, category_term((enum category)c).name,
                            c == (int)one ? "existence" : "none");
    return fields;
}

static void
two_versions_are_held_beside_each_other(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    served_sign_in(&s, "governance-officer");
    served_post(&s, "/agreement", "", 303);
    served_post(&s, "/agreement", "", 409);
    assert_ok(j, db_run(j, "UPDATE agreement SET state = 'agreed', force_from = 20000, "
                           "review_on = 20100", NO_ARGS, NULL));
    a = served_get(&s, "/agreement", 200);
    assert_true(client_has(&a, "That day is over"));
    served_post(&s, "/agreement", "", 303);
    a = served_get(&s, "/agreement/2/difference", 200);
    assert_true(client_has(&a, "They share the same."));
    served_post(&s, "/agreement/2/share/identify/health", all_but(j, CATEGORY_SIGNS), 303);
    a = served_get(&s, "/agreement/2/difference", 200);
    assert_true(client_has(&a, "1 line of what may be shared differs."));
    served_get(&s, "/agreement/1/difference", 404);
    served_post(&s, "/agreement/2/drop", "", 303);
    served_get(&s, "/agreement/2", 404);
    served_stop(&s);
}

static void
others_read_and_cannot_write(void **state)
{
    static const char *const roles[] = {"analyst", "inclusion-lead", "senco", "administrator"};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    served_sign_in(&s, "governance-officer");
    served_post(&s, "/agreement", "", 303);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        served_sign_in(&s, roles[i]);
        a = served_get(&s, "/agreement", 200);
        assert_false(client_has(&a, "Write a new version"));
        if (strcmp(roles[i], "administrator")) /* of no area */
            a = served_get(&s, "/agreement/1?purpose=decide", 200);
        assert_false(client_has(&a, "Record a signature"));
        served_get(&s, "/agreement/1/words", 404);
        served_post(&s, "/agreement/1/begin", "&from=16%2F6%2F2025", 404);
    }
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_officer_writes_signs_and_brings_it_into_force),
        SUPPORT_TEST(two_versions_are_held_beside_each_other),
        SUPPORT_TEST(others_read_and_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
