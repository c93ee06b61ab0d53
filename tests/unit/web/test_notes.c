/* Notes: who will read one is said before it is saved, and nobody else does. */
#include "access/agreement.h"
#include "base/date.h"
#include "support/children.h"
#include "support/html.h"
#include "support/served.h"
#include <string.h>

static struct answer_seen
post(struct served *s, const char *fields, int status)
{
    return served_post(s, "/children/1/notes", fields, status);
}

static const char sql_agree[] =
    "INSERT INTO agreement (area_id, version, title, article_6, article_9, state, made, made_by, "
    "force_from, review_on) VALUES (1, 1, 't', 'a', 'b', 'agreed', 1, 1, $1, 99999)";
static const char sql_share[] =
    "INSERT INTO agreement_cell (area_id, version, purpose, agency_kind, category, share) "
    "VALUES (1, 1, 'decide', $1, 'notes', $2)";

static void
start(struct served *s, struct job *j, bool agreed)
{
    children_make(j);
    served_start(s, j, NULL);
    if (!agreed)
        return;
    assert_ok(j, db_run(j, sql_agree, ARGS(INT(SUPPORT_TODAY)), NULL));
    assert_ok(j, db_run(j, sql_share, ARGS(TEXT("inclusion-team"), TEXT("full")), NULL));
    assert_ok(j, db_run(j, sql_share, ARGS(TEXT("school"), TEXT("full")), NULL));
    assert_ok(j, db_run(j, sql_share, ARGS(TEXT("police"), TEXT("summary")), NULL));
}

static void
without_an_agreement_a_note_stays_with_its_agency(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, false);
    served_sign_in(&s, "senco");
    a = served_get(&s, "/children/1/notes", 200);
    assert_true(client_has(&a,
                           "Visible to: the child’s school. Not to: inclusion team, social care"));
    post(&s, "&content=Canary+of+the+school&reads-inclusion-team=yes", 303);
    a = served_get(&s, "/children/1/notes", 200);
    assert_true(client_has(&a, "Canary of the school"));
    served_sign_in(&s, "inclusion-lead");
    a = served_get(&s, "/children/1/notes", 200);
    assert_false(client_has(&a, "Canary"));
    post(&s, "&content=Canary+of+the+team&reads-school=yes", 303);
    served_sign_in(&s, "analyst");
    a = served_get(&s, "/children/1/notes", 200);
    assert_true(client_has(&a, "Canary of the team"));
    served_sign_in(&s, "senco");
    a = served_get(&s, "/children/1/notes", 200);
    assert_false(client_has(&a, "Canary of the team"));
    served_stop(&s);
}

static void
the_author_narrows_and_does_not_widen(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, true);
    served_sign_in(&s, "inclusion-lead");
    a = served_get(&s, "/children/1/notes", 200);
    assert_true(client_has(&a,
                           "Visible to: inclusion team, the child’s school. Not to: social care"));
    assert_true(client_has(&a, "id=\"reads-school\""));
    assert_false(client_has(&a, "reads-police")); /* a summary is not the note */
    post(&s, "&content=Canary+for+both&reads-school=yes&reads-police=yes", 303);
    post(&s, "&content=Canary+for+one", 303);
    served_sign_in(&s, "senco");
    a = served_get(&s, "/children/1/notes", 200);
    assert_true(client_has(&a, "Canary for both"));
    assert_false(client_has(&a, "Canary for one"));
    /* the agreement ends it for what was written, too */
    assert_ok(j, db_run(j, "DELETE FROM agreement_cell WHERE agency_kind = 'school'", NO_ARGS,
                        NULL));
    a = served_get(&s, "/children/1/notes", 200);
    assert_false(client_has(&a, "Canary for both"));
    served_stop(&s);
}

static void
a_note_is_added_to_and_never_changed(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *path;

    start(&s, j, true);
    served_sign_in(&s, "inclusion-lead");
    a = post(&s, "&content=++", 422);
    assert_true(client_has(&a, "Write the note"));
    a = post(&s, "&content=He+likes+%3Cfootball%3E", 303);
    path = client_header(&s.client, &a, "Location");
    a = served_get(&s, "/children/1/notes", 200);
    assert_true(client_has(&a, "He likes &lt;football&gt;"));
    post(&s, job_format(j, "&content=It+was+rugby&follows=%s", strchr(path, '#') + 6), 303);
    a = served_get(&s, "/children/1/notes", 200);
    assert_true(client_has(&a, "adds to the note of"));
    served_sign_in(&s, "senco");
    post(&s, job_format(j, "&content=x&follows=%s", strchr(path, '#') + 6), 404); /* not shared */
    post(&s, "&content=x&follows=999", 404);
    served_sign_in(&s, "administrator");
    served_get(&s, "/children/1/notes", 404);
    served_stop(&s);
}

static void
another_school_reads_no_note_of_a_school(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j, true);
    served_sign_in(&s, "senco");
    post(&s, "&content=Canary+of+Oakleaf", 303);
    assert_ok(j, db_run(j, "UPDATE account_role SET urn = 100002 WHERE role = 'attendance-lead'",
                        NO_ARGS, NULL));
    served_sign_in(&s, "attendance-lead");
    served_get(&s, "/children/1", 200); /* on the roll of both */
    a = served_get(&s, "/children/1/notes", 200);
    assert_false(client_has(&a, "Canary"));
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(without_an_agreement_a_note_stays_with_its_agency),
        SUPPORT_TEST(the_author_narrows_and_does_not_widen),
        SUPPORT_TEST(a_note_is_added_to_and_never_changed),
        SUPPORT_TEST(another_school_reads_no_note_of_a_school),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
