/* Forms of schools on the real server: who may, what is not there, what is never lost. */
#include "support/html.h"
#include "support/loads.h"
#include "support/served.h"
#include <string.h>


static void
start(struct served *s, struct job *j, const char *role)
{
    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    served_start(s, j, NULL);
    support_move(j, 896, 900001);
    served_sign_in(s, role);
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

static const char *
csrf(struct served *s)
{
    struct answer_seen a = client_get(&s->client, "/tell");

    return client_csrf(&s->client, &a);
}

/* Begin a form about a pupil who is typed; its path. */
static const char *
begin(struct served *s, const char *kind, int urn)
{
    struct answer_seen a = client_post(&s->client, job_format(s->j, "/tell/new/%s", kind),
                                       job_format(s->j, "csrf=%s&school=%d&person=none", csrf(s),
                                                  urn));

    assert_int_equal(a.status, 303);
    return job_copy(s->j, client_header(&s->client, &a, "Location"));
}

#define LEAVER "&version=1&Surname=O%27Neil&Forename=Zo%C3%AB" \
    "&DOB-day=27&DOB-month=3&DOB-year=2012" \
    "&LeavingDate-day=13&LeavingDate-month=6&LeavingDate-year=2025&Ground=G"

static const char sql_sent[] = "SELECT COUNT(*) FROM school_form WHERE area_id = 896 "
                               "AND state = 'sent' AND urn = 900001 AND told IS NOT NULL";
static const char sql_tasks[] =
    "SELECT COUNT(*) FROM task WHERE area_id = 896 AND kind = 'school-form'";

static void
a_form_is_saved_checked_and_sent_once(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;
    const char *path;

    start(&s, j, "senco");
    path = begin(&s, "leaver", 900002); /* whatever school is asked for */
    a = client_get(&s.client, path);
    assert_int_equal(a.status, 200);
    is_sound(&a);
    a = client_post(&s.client, path, job_format(j, "csrf=%s%s&do=check", csrf(&s), LEAVER));
    assert_int_equal(a.status, 303);
    a = client_get(&s.client, job_format(j, "%s/check", path));
    is_sound(&a);
    assert_true(has(&a, "O&#39;Neil"));
    for (int i = 0; i < 2; i++) {
        a = client_post(&s.client, job_format(j, "%s/send", path),
                        job_format(j, "csrf=%s&version=2", csrf(&s)));
        assert_int_equal(a.status, 303);
        assert_string_equal(client_header(&s.client, &a, "Location"), "/told/1?sent=1");
    }
    assert_int_equal(served_count(&s, sql_sent), 1);
    assert_int_equal(served_count(&s, sql_tasks), 1);
    a = client_get(&s.client, "/told/1");
    is_sound(&a);
    served_stop(&s);
}

static void
what_is_typed_comes_back_with_what_is_wrong(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;
    const char *path;

    start(&s, j, "senco");
    path = begin(&s, "part-time", 0);
    a = client_post(&s.client, path,
                    job_format(j, "csrf=%s&version=1&Surname=%%3Cb%%3E&HoursAWeek=lots&"
                                  "StartDate-day=31&StartDate-month=2&StartDate-year=2025",
                               csrf(&s)));
    assert_int_equal(a.status, 422);
    is_sound(&a);
    assert_true(has(&a, "value=\"&lt;b&gt;\""));
    assert_true(has(&a, "value=\"lots\""));
    assert_true(has(&a, "href=\"#StartDate\""));
    assert_true(has(&a, "value=\"31\""));
    served_stop(&s);
}

static void
a_form_of_another_school_or_person_is_not_there(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a, nobody;
    struct served s;
    const char *path;

    start(&s, j, "inclusion-lead");
    path = begin(&s, "leaver", 900002);
    a = client_post(&s.client, path, job_format(j, "csrf=%s%s&do=check", csrf(&s), LEAVER));
    assert_int_equal(a.status, 303);
    served_sign_in(&s, "senco");
    nobody = client_get(&s.client, "/tell/drafts/999");
    a = client_get(&s.client, path);
    assert_int_equal(a.status, 404);
    assert_int_equal(nobody.n_body, a.n_body);
    assert_int_equal(client_get(&s.client, job_format(j, "%s/check", path)).status, 404);
    a = client_post(&s.client, path, job_format(j, "csrf=%s%s", csrf(&s), LEAVER));
    assert_int_equal(a.status, 404);
    served_sign_in(&s, "inclusion-lead");
    a = client_post(&s.client, job_format(j, "%s/send", path),
                    job_format(j, "csrf=%s&version=2", csrf(&s)));
    assert_int_equal(a.status, 303);
    served_sign_in(&s, "senco");
    assert_int_equal(client_get(&s.client, "/told/1").status, 404);
    a = client_get(&s.client, "/told");
    assert_false(has(&a, "/told/1"));
    a = client_post(&s.client, "/told/1", job_format(j, "csrf=%s&do=cancel", csrf(&s)));
    assert_int_equal(a.status, 404);
    served_sign_in(&s, "attendance-lead");
    assert_int_equal(client_get(&s.client, "/tell").status, 200);
    assert_int_equal(client_get(&s.client, "/data").status, 404);
    served_sign_in(&s, "administrator");
    assert_int_equal(client_get(&s.client, "/tell").status, 404);
    assert_int_equal(client_get(&s.client, "/told").status, 404);
    served_stop(&s);
}

static const char sql_kept[] =
    "SELECT COUNT(*) FROM school_form WHERE area_id = 896 AND state = 'draft' AND version = 2 "
    "AND answers LIKE '%O''Neil%'";

static void
what_was_typed_outlives_the_session(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;
    const char *path, *token;

    start(&s, j, "senco");
    path = begin(&s, "leaver", 0);
    token = csrf(&s);
    served_pass(INT64_C(45) * 60 * 1000000);
    assert_int_equal(client_get(&s.client, path).status, 303); /* signed out: nothing is shown */
    a = client_post(&s.client, path, job_format(j, "csrf=wrong%s", LEAVER));
    assert_int_equal(a.status, 403);
    assert_int_equal(served_count(&s, sql_kept), 0);
    a = client_post(&s.client, path, job_format(j, "csrf=%s%s&do=check", token, LEAVER));
    assert_int_equal(a.status, 303);
    assert_non_null(strstr(client_header(&s.client, &a, "Location"), "/sign-in?next="));
    assert_int_equal(served_count(&s, sql_kept), 1);
    a = client_post(&s.client, job_format(j, "%s/send", path), /* keeping is all it may */
                    job_format(j, "csrf=%s&version=2", token));
    assert_int_equal(served_count(&s, sql_sent), 0);
    served_sign_in(&s, "senco");
    a = client_get(&s.client, path);
    assert_true(has(&a, "O&#39;Neil"));
    served_stop(&s);
}

static void
who_signed_out_keeps_nothing(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    const char *path, *token;

    start(&s, j, "senco");
    path = begin(&s, "leaver", 0);
    token = csrf(&s);
    assert_ok(j, db_run(j, "UPDATE session SET ended = created", NO_ARGS, NULL));
    client_post(&s.client, path, job_format(j, "csrf=%s%s", token, LEAVER));
    assert_int_equal(served_count(&s, sql_kept), 0);
    served_stop(&s);
}

/* 4 December 2024: two censuses tell of it; 14 March 2025: a census and a list. */
static void
a_suspension_that_files_told_of_is_changed_by_form(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;
    const char *path;

    start(&s, j, "senco");
    a = client_get(&s.client, "/tell/suspensions");
    is_sound(&a);
    assert_true(has(&a, "14 March 2025"));
    assert_true(has(&a, "School census, spring 2025"));
    assert_true(has(&a, "href=\"/tell/suspensions/8/5/3\""));
    assert_false(has(&a, "/tell/suspensions/9/")); /* of another school */
    a = client_get(&s.client, "/tell/suspensions?q=nobody+at+all");
    is_sound(&a);
    assert_true(has(&a, "No suspension of a pupil of that name is known."));
    a = client_get(&s.client, "/tell/suspensions/8/5/3");
    is_sound(&a);
    assert_true(has(&a, "20 March 2025")); /* which the list alone tells */
    assert_true(has(&a, "A school census has it"));
    a = client_post(&s.client, "/tell/suspensions/8/5/3", job_format(j, "csrf=%s&do=amend",
                                                                     csrf(&s)));
    assert_int_equal(a.status, 303);
    path = job_copy(j, client_header(&s.client, &a, "Location"));
    a = client_get(&s.client, path);
    is_sound(&a);
    assert_true(has(&a, "Amend the suspension"));
    assert_false(has(&a, "StartDate-day"));
    a = client_post(&s.client, path, job_format(j, "csrf=%s&version=1&EndDate-day=19&"
                    "EndDate-month=3&EndDate-year=2025&Sessions=8&Reason1=DB&do=check", csrf(&s)));
    assert_int_equal(a.status, 303);
    a = client_post(&s.client, job_format(j, "%s/send", path),
                    job_format(j, "csrf=%s&version=2", csrf(&s)));
    assert_int_equal(a.status, 303);
    a = client_get(&s.client, "/told/1");
    is_sound(&a);
    assert_true(has(&a, "It amends what line 3 of “School census, spring 2025” told us."));
    assert_int_equal(client_get(&s.client, "/tell/suspensions/9/1/9").status, 404);
    a = client_post(&s.client, "/tell/suspensions/9/1/9", job_format(j, "csrf=%s&do=cancel",
                                                                     csrf(&s)));
    assert_int_equal(a.status, 404);
    served_sign_in(&s, "inclusion-lead");
    a = client_get(&s.client, "/tell/suspensions");
    is_sound(&a);
    assert_true(has(&a, "Choose the school first."));
    a = client_get(&s.client, "/tell/suspensions?school=900003");
    assert_true(has(&a, "/tell/suspensions/9/1/9"));
    assert_int_equal(client_get(&s.client, "/tell/suspensions/9/1/9").status, 200);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/data/batches/8/withdraw");
    is_sound(&a);
    assert_true(has(&a, "A form amends or cancels what this batch told of suspensions."));
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_form_is_saved_checked_and_sent_once),
        SUPPORT_TEST(what_is_typed_comes_back_with_what_is_wrong),
        SUPPORT_TEST(a_form_of_another_school_or_person_is_not_there),
        SUPPORT_TEST(a_suspension_that_files_told_of_is_changed_by_form),
        SUPPORT_TEST(what_was_typed_outlives_the_session),
        SUPPORT_TEST(who_signed_out_keeps_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
