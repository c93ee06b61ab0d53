/* Data quality in the browser: the whole for the analyst, its own list for a school. */
#include "access/setting.h"
#include "intake/after.h"
#include "support/html.h"
#include "support/loads.h"
#include "support/served.h"
#include <string.h>

/* The people of served.h, moved to this council; the SENCO is of Example High School. */
/* The council's files are right: one of each school is made to be found. */
static const char sql_spoil[] =
    "UPDATE census_pupil SET part_time = 1, sen = 'K' WHERE area_id = 896 AND on_roll = 1";

static void
start(struct served *s, struct job *j)
{
    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    assert_ok(j, db_run(j, sql_spoil, NO_ARGS, NULL));
    assert_ok(j, after_load(j, after_figures(j, support_path(j, "."))));
    served_start(s, j, NULL);
    support_move(j, 896, 900001);
}

static bool
has(const struct answer_seen *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

static void
an_analyst_sees_rules_schools_and_lists(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/data/quality");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "What the rules found"));
    assert_true(has(&a, "School by school"));
    assert_true(has(&a, "Rules that found nothing"));
    assert_true(has(&a, "Asked of each record while it is read and loaded"));
    assert_true(has(&a, "cin-8590"));
    assert_true(has(&a, "/data/quality/list?school=900001"));
    a = client_get(&s.client, "/data/quality/list?school=900001");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "Example High School"));
    a = client_get(&s.client, "/data/quality/list.csv?school=900001");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "urn,school,rule,severity,message"));
    assert_true(has(&a, "900001,\"Example High School, The\","));
    assert_non_null(strstr(a.head, "to-check-900001.csv"));
    a = client_get(&s.client, "/data/quality/list?rule=no-such-rule");
    assert_int_equal(a.status, 404);
    served_stop(&s);
}

static void
a_senco_sees_the_own_school_alone(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    served_sign_in(&s, "senco");
    a = client_get(&s.client, "/data/quality");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "at your school"));
    assert_false(has(&a, "School by school"));
    assert_false(has(&a, "cin-8590"));
    a = client_get(&s.client, "/data/quality/list.csv?school=900003");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "900001,"));
    assert_false(has(&a, "900003,"));
    a = client_get(&s.client, "/data");
    assert_int_equal(a.status, 404);
    served_stop(&s);
}

static void
coverage_begins_with_sentences(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/data/coverage");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "What the figures leave out"));
    assert_true(has(&a, "Sources of the authority, year by year"));
    assert_true(has(&a, "Register of home education"));
    assert_true(has(&a, "href=\"/data/batches/"));
    assert_true(has(&a, "7 days after the week’s Sunday"));
    assert_true(has(&a, "(to be checked)"));
    assert_false(has(&a, "Set by the council"));
    assert_ok(j, setting_choose(j, SETTING_DUE, "registers=14"));
    a = client_get(&s.client, "/data/coverage");
    assert_true(has(&a, "14 days after the week’s Sunday"));
    assert_true(has(&a, "Set by the council"));
    a = client_get(&s.client, "/data/coverage/gaps.csv");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "what_figures_leave_out"));
    served_stop(&s);
}

/* The first suspension of a child that the census tells of: path of its original. */
static const char *
a_suspension(struct served *s)
{
    struct rows q;
    const char *path = NULL;

    db_ask(s->j, &q,
           "SELECT i.person_id, x.batch_id, x.file_id, x.line FROM suspension x JOIN identity i ON "
           "i.area_id = x.area_id AND i.identity_id = x.identity_id WHERE x.area_id = 896 AND "
           "i.person_id IS NOT NULL ORDER BY x.batch_id, x.file_id, x.line LIMIT 1", NO_ARGS);
    if (db_next(&q))
        path = job_format(s->j, "/children/%lld/facts/suspension/%lld/%lld/%lld",
                          (long long)row_int(&q, 0), (long long)row_int(&q, 1),
                          (long long)row_int(&q, 2), (long long)row_int(&q, 3));
    assert_ok(s->j, db_done(&q));
    assert_non_null(path);
    return path;
}

static const char *
form_of(struct served *s, const char *path, const char *rest)
{
    struct answer_seen a = client_get(&s->client, path);

    assert_int_equal(a.status, 200);
    return job_format(s->j, "csrf=%s&%s", client_csrf(&s->client, &a), rest);
}

static void
an_analyst_corrects_a_suspension_and_undoes_it(void **state)
{
    struct job *j = support_job(state);
    const char *original, *form, *one;
    struct served s;
    struct answer_seen a;

    start(&s, j);
    served_sign_in(&s, "analyst");
    original = a_suspension(&s);
    a = client_get(&s.client, original);
    assert_true(has(&a, "Correct it, or set it aside"));
    form = job_format(j, "%s/correct", original);
    a = client_post(&s.client, form, form_of(&s, form, "field=sessions&value=x&why=typo"));
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "Give the sessions as a number"));
    a = client_post(&s.client, form, form_of(&s, form, "field=sessions&value=9&why=typo"));
    assert_int_equal(a.status, 303);
    assert_non_null(strstr(client_header(&s.client, &a, "Location"), "/data/loads/"));
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM audit WHERE act = 'correct' AND "
                                      "outcome = 'allowed'"), 1);
    a = client_get(&s.client, "/data/corrections");
    assert_true(has(&a, "1 correction in force"));
    a = client_get(&s.client, original);
    assert_true(has(&a, "What was corrected in it"));
    a = client_get(&s.client, "/data/corrections.csv");
    assert_true(has(&a, "made_by") && has(&a, ",sessions,") && has(&a, ",typo,"));
    one = job_format(j, "/data/corrections/%lld",
                     (long long)served_count(&s, "SELECT MAX(correction_id) FROM correction"));
    a = client_post(&s.client, one, form_of(&s, one, "why="));
    assert_int_equal(a.status, 422);
    a = client_post(&s.client, one, form_of(&s, one, "why=it+was+right"));
    assert_int_equal(a.status, 303);
    a = client_get(&s.client, one);
    assert_true(has(&a, "Undone by") && !has(&a, "Undo this correction"));
    served_stop(&s);
}

static void
a_leaver_is_corrected_in_its_day_or_set_aside(void **state)
{
    struct job *j = support_job(state);
    const char *original = NULL, *form;
    struct answer_seen a;
    struct served s;
    struct rows q;

    start(&s, j);
    served_sign_in(&s, "analyst");
    db_ask(j, &q,
           "SELECT i.person_id, x.batch_id, x.file_id, x.line FROM leaver x JOIN identity i ON "
           "i.area_id = x.area_id AND i.identity_id = x.identity_id WHERE x.area_id = 896 AND "
           "i.person_id IS NOT NULL ORDER BY x.batch_id, x.file_id, x.line LIMIT 1", NO_ARGS);
    if (db_next(&q))
        original = job_format(j, "/children/%lld/facts/leaver/%lld/%lld/%lld",
                              (long long)row_int(&q, 0), (long long)row_int(&q, 1),
                              (long long)row_int(&q, 2), (long long)row_int(&q, 3));
    assert_ok(j, db_done(&q));
    assert_non_null(original);
    form = job_format(j, "%s/correct", original);
    a = client_get(&s.client, form);
    assert_true(has(&a, "The last day") && !has(&a, "The number of sessions"));
    assert_true(has(&a, "A day such as 16/10/2024. Leave it empty"));
    a = client_post(&s.client, form, form_of(&s, form, "field=sessions&value=3&why=typo"));
    assert_int_equal(a.status, 422);
    a = client_post(&s.client, form, form_of(&s, form, "field=ended&value=1/6/2024&why=typo"));
    assert_int_equal(a.status, 303);
    a = client_post(&s.client, form, form_of(&s, form, "field=aside&value=&why=another+child"));
    assert_int_equal(a.status, 303);
    a = client_get(&s.client, "/data/corrections");
    assert_true(has(&a, "2 corrections in force") && has(&a, "The last day: 1 June 2024, not "));
    served_stop(&s);
}

static void
others_correct_nothing(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *original;

    start(&s, j);
    original = a_suspension(&s);
    served_sign_in(&s, "inclusion-lead");
    a = client_get(&s.client, job_format(j, "%s/correct", original));
    assert_int_equal(a.status, 404);
    served_sign_in(&s, "senco");
    a = client_get(&s.client, "/data/corrections");
    assert_int_equal(a.status, 404);
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_analyst_sees_rules_schools_and_lists),
        SUPPORT_TEST(a_senco_sees_the_own_school_alone),
        SUPPORT_TEST(coverage_begins_with_sentences),
        SUPPORT_TEST(an_analyst_corrects_a_suspension_and_undoes_it),
        SUPPORT_TEST(a_leaver_is_corrected_in_its_day_or_set_aside),
        SUPPORT_TEST(others_correct_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
