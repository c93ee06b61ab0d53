/* A restricted record over HTTP: the lead restricts it, colleagues are told whom to ask, an
 * emergency opens it, the officer judges, and a school sees no trace. */
#include "access/glass.h"
#include "support/children.h"
#include "support/html.h"
#include "support/served.h"
#include <string.h>

static void
start(struct served *s, struct job *j)
{
    children_make(j);
    served_start(s, j, NULL);
}

static bool
has(const struct answer_seen *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

static void
is_sound(const struct answer_seen *a)
{
    struct html o;

    html_begin(&o);
    html_lit(&o, a->body, a->n_body);
    html_sound(&o);
    html_done(&o);
}

static struct answer_seen
get(struct served *s, const char *path, int status)
{
    struct answer_seen a = client_get(&s->client, path);

    assert_int_equal(a.status, status);
    is_sound(&a);
    return a;
}

/* The token comes from a page that everybody signed in may open. */
static struct answer_seen
post(struct served *s, const char *path, const char *fields, int status)
{
    struct answer_seen a = client_get(&s->client, "/help");

    a = client_post(&s->client, path,
                    job_format(s->j, "csrf=%s%s", client_csrf(&s->client, &a), fields));
    assert_int_equal(a.status, status);
    return a;
}

#define ACCESS "/children/1/access"
#define EMERGENCY "/children/1/emergency"
#define WHY "&why=Police+at+the+door%2C+owner+on+leave"

static void
restrict_kai(struct served *s)
{
    served_sign_in(s, "inclusion-lead");
    post(s, ACCESS, "&do=restrict&why=Child+of+a+colleague", 303);
}

/* Without the date, which is the only header that may differ. */
static const char *
without_date(struct job *j, const struct answer_seen *a)
{
    const char *date = strstr(a->head, "Date: ");

    assert_non_null(date);
    return job_format(j, "%.*s%s%s", (int)(date - a->head), a->head,
                      date + strcspn(date, "\n") + 1, a->body);
}

static void
colleagues_are_told_whom_to_ask_and_a_school_nothing(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a, unknown;

    start(&s, j);
    served_sign_in(&s, "senco");
    get(&s, "/children/1", 200);
    served_sign_in(&s, "analyst");
    get(&s, "/children/1", 200);
    restrict_kai(&s);
    a = get(&s, "/children/1", 200);
    assert_true(has(&a, "Restricted: only"));
    assert_true(has(&a, "href=\"" ACCESS "\""));
    served_sign_in(&s, "analyst");
    a = get(&s, "/children/1", 403);
    assert_true(has(&a, "Ask inclusion lead if you need"));
    assert_false(has(&a, "Whitlock"));
    assert_false(has(&a, "colleague"));
    assert_false(has(&a, "A123456789012"));
    served_sign_in(&s, "senco");
    a = get(&s, "/children/1", 404);
    unknown = get(&s, "/children/77", 404);
    assert_string_equal(without_date(j, &a), without_date(j, &unknown));
    served_stop(&s);
}

static void
naming_and_barring_are_forms_that_say_what_is_wrong(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    served_sign_in(&s, "inclusion-lead");
    a = get(&s, ACCESS, 200);
    assert_true(has(&a, "Restrict this record"));
    a = post(&s, ACCESS, "&do=restrict&why=", 422);
    is_sound(&a);
    assert_true(has(&a, "There is a problem"));
    restrict_kai(&s);
    a = post(&s, ACCESS, "&do=name&name=nobody&until=", 422);
    assert_true(has(&a, "Nobody here signs in as"));
    a = post(&s, ACCESS, "&do=name&name=analyst&until=soon", 422);
    assert_true(has(&a, "as in 31/3/2026"));
    a = post(&s, ACCESS, "&do=name&name=analyst&until=15/6/2025", 422);
    assert_true(has(&a, "must not be over already"));
    post(&s, ACCESS, "&do=name&name=analyst&until=16/6/2025", 303);
    a = get(&s, ACCESS, 200);
    assert_true(has(&a, "data analyst"));
    served_sign_in(&s, "analyst");
    get(&s, "/children/1", 200);
    served_pass(INT64_C(15) * 3600 * 1000000); /* the last day is over */
    served_sign_in(&s, "analyst");
    get(&s, "/children/1", 403);
    served_sign_in(&s, "inclusion-lead");
    a = post(&s, ACCESS, "&do=bar&bar=analyst&bar-why=", 422);
    assert_true(has(&a, "Say why"));
    post(&s, ACCESS, "&do=bar&bar=analyst&bar-why=Uncle", 303);
    post(&s, ACCESS, "&do=lift&why=No+longer+needed", 303);
    post(&s, ACCESS, "&do=dance", 400);
    served_sign_in(&s, "analyst");
    get(&s, "/children/1", 404);
    get(&s, EMERGENCY, 404);
    served_stop(&s);
}

static void
an_emergency_is_asked_for_told_and_judged(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    restrict_kai(&s);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, EMERGENCY);
    assert_int_equal(a.status, 303);
    assert_non_null(strstr(a.head, "/account/again?next=%2Fchildren%2F1%2Femergency"));
    served_again(&s);
    a = get(&s, EMERGENCY, 200);
    assert_true(has(&a, "for 60 minutes"));
    a = post(&s, EMERGENCY, WHY, 422);
    is_sound(&a);
    assert_true(has(&a, "Choose the reason"));
    assert_true(has(&a, "Police at the door"));
    post(&s, EMERGENCY, "&reason=harm&why=x", 422);
    post(&s, EMERGENCY, "&reason=harm" WHY, 303);
    a = get(&s, "/children/1", 200);
    assert_true(has(&a, "Leave this record"));
    assert_true(has(&a, "Whitlock"));
    served_sign_in(&s, "inclusion-lead");
    a = get(&s, "/records", 200);
    assert_true(has(&a, "1 restricted record was opened in an emergency"));
    assert_true(has(&a, "Police at the door"));
    assert_true(has(&a, "Kai Whitlock"));
    post(&s, "/records", "", 303);
    a = get(&s, "/records", 200);
    assert_false(has(&a, "was opened in an emergency: see"));
    served_sign_in(&s, "governance-officer");
    a = get(&s, "/openings", 200);
    assert_true(has(&a, "1 opening to look at"));
    assert_false(has(&a, "Whitlock"));
    a = get(&s, "/openings/1", 200);
    assert_false(has(&a, "Whitlock"));
    get(&s, "/openings/2", 404);
    a = post(&s, "/openings/1", "&verdict=justified&why=", 422);
    assert_true(has(&a, "Say why in a sentence"));
    post(&s, "/openings/1", "&why=asked+the+owner+today", 422);
    post(&s, "/openings/1", "&verdict=not+justified&why=The+owner+was+in+the+office", 303);
    a = get(&s, "/openings", 200);
    assert_true(has(&a, "Nothing to look at"));
    assert_true(has(&a, "The owner was in the office"));
    get(&s, "/openings?back=1", 200);
    get(&s, "/children/1", 404);
    served_stop(&s);
}

static void
a_search_does_not_find_a_restricted_child_and_a_list_does_not_name_it(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    restrict_kai(&s);
    a = get(&s, "/children?q=whitlock", 200);
    assert_true(has(&a, "Kai Whitlock"));
    served_sign_in(&s, "analyst");
    a = get(&s, "/children?q=whitlock", 200);
    assert_false(has(&a, "Kai"));
    assert_true(has(&a, "A restricted record also fits. Ask inclusion lead."));
    a = get(&s, "/children?q=A123456789012", 200);
    assert_false(has(&a, "Kai"));
    assert_true(has(&a, "Ask inclusion lead."));
    a = get(&s, "/children?q=vanb", 200);
    assert_true(has(&a, "van Berg"));
    assert_false(has(&a, "restricted"));
    a = get(&s, "/children?school=100002", 200);
    assert_true(has(&a, "Restricted record"));
    assert_false(has(&a, "Whitlock"));
    assert_false(has(&a, "A123456789012"));
    served_sign_in(&s, "senco");
    a = get(&s, "/children?q=whitlock", 200);
    assert_false(has(&a, "Kai"));
    assert_false(has(&a, "estricted"));
    served_stop(&s);
}

static const char sql_entries[] =
    "SELECT COUNT(*) FROM audit WHERE area_id = 1 AND act IN ('break-glass', 'level') "
    "AND outcome = 'allowed' AND subject LIKE 'child 1,%'";

static void
an_emergency_ends_after_an_hour_or_when_it_is_left_and_is_audited(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    start(&s, j);
    restrict_kai(&s);
    served_sign_in(&s, "analyst");
    post(&s, EMERGENCY, "&reason=present" WHY, 303);
    get(&s, "/children/1", 403); /* without passphrase and code again it opens nothing */
    served_again(&s);
    post(&s, EMERGENCY, "&reason=present" WHY, 303);
    get(&s, "/children/1", 200);
    get(&s, EMERGENCY, 404); /* it is open */
    post(&s, "/children/1/leave", "", 303);
    get(&s, "/children/1", 403);
    post(&s, EMERGENCY, "&reason=other" WHY, 303);
    for (int third = 0; third < 3; third++) { /* the session must not idle out */
        served_pass(GLASS_LASTS / 3 - (third == 2 ? 60000000 : 0));
        get(&s, "/children/1", 200);
    }
    served_pass(60000000);
    get(&s, "/children/1", 403);
    assert_int_equal(served_count(&s, sql_entries), 4); /* restrict, open, leave, open */
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(colleagues_are_told_whom_to_ask_and_a_school_nothing),
        SUPPORT_TEST(naming_and_barring_are_forms_that_say_what_is_wrong),
        SUPPORT_TEST(an_emergency_is_asked_for_told_and_judged),
        SUPPORT_TEST(a_search_does_not_find_a_restricted_child_and_a_list_does_not_name_it),
        SUPPORT_TEST(an_emergency_ends_after_an_hour_or_when_it_is_left_and_is_audited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
