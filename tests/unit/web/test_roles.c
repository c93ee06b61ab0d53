/* Agencies and roles through the real server: given, changed in a sign-in, ended. */
#include "support/children.h"
#include "support/served.h"

static bool
has(const struct answer_seen *a, const char *words)
{
    return strstr(a->body, words) != NULL;
}

static const char *
where(struct served *s, const struct answer_seen *a)
{
    const char *to = client_header(&s->client, a, "Location");

    return to ? to : "";
}

static struct answer_seen
post(struct served *s, const char *path, const char *fields, int status)
{
    struct answer_seen a = client_get(&s->client, "/help");

    a = client_post(&s->client, path,
                    job_format(s->j, "csrf=%s&%s", client_csrf(&s->client, &a), fields));
    assert_int_equal(a.status, status);
    return a;
}

static struct answer_seen
get(struct served *s, const char *path, int status)
{
    struct answer_seen a = client_get(&s->client, path);

    if (a.status != status)
        fail_msg("%s answers %d", path, a.status);
    return a;
}

/* The cookie of one person set aside for that of another. */
static void
swap(struct served *s, char *other)
{
    char now[200];

    snprintf(now, sizeof now, "%s", s->client.cookie);
    snprintf(s->client.cookie, sizeof s->client.cookie, "%s", other);
    snprintf(other, 200, "%s", now);
}

static void
start(struct served *s, struct job *j)
{
    children_make(j);
    served_start(s, j, NULL);
}

static const char *
path_of(struct served *s, const char *login, const char *below)
{
    int64_t id;

    assert_ok(s->j, db_int(s->j, "SELECT account_id FROM account WHERE login = $1",
                           ARGS(TEXT(login)), 0, &id));
    return job_format(s->j, "/accounts/%lld%s", (long long)id, below);
}

static void
an_administrator_adds_renames_and_ends_an_agency(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    served_sign_in(&s, "administrator");
    a = get(&s, "/agencies", 200);
    assert_true(has(&a, "Inclusion team"));
    a = post(&s, "/agencies/new", "name=&kind=police&area=1", 422);
    assert_true(has(&a, "Give the agency’s name"));
    a = post(&s, "/agencies/new", "name=Oak+School&kind=school&area=1", 422);
    assert_true(has(&a, "href=\"#urn\""));
    assert_true(has(&a, "value=\"Oak School\""));
    post(&s, "/agencies/new", "name=Ashmere+Police&kind=police&area=1", 303);
    a = post(&s, "/agencies/new", "name=Ashmere+Police&kind=police&area=1", 422);
    assert_true(has(&a, "of that name already"));
    a = get(&s, "/agencies", 200);
    assert_true(has(&a, "href=\"/agencies/1/3\""));
    post(&s, "/agencies/1/3", "do=name&name=", 422);
    post(&s, "/agencies/1/3", "do=name&name=Police+of+Ashmere", 303);
    a = get(&s, "/agencies/1/3", 200);
    assert_true(has(&a, "Police of Ashmere"));
    post(&s, "/agencies/1/3", "do=dance", 400);
    post(&s, "/agencies/1/3", "do=end", 303);
    a = get(&s, "/agencies/1/3", 200);
    assert_true(has(&a, "Ended"));
    assert_false(has(&a, "End this agency"));
    post(&s, "/agencies/1/3", "do=end", 409);
    get(&s, "/agencies/1/99", 404);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM audit WHERE area_id = 0 AND "
                                      "subject LIKE 'agency 001-3: %' AND event = 'configuration' "
                                      "AND outcome = 'allowed'"), 2);
    served_stop(&s);
}

static void
a_role_is_given_taken_up_and_ended_with_effect_on_the_next_page(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    char senco[200] = "";
    const char *path;

    start(&s, j);
    served_sign_in(&s, "senco");
    a = get(&s, "/account/role", 200);
    assert_true(has(&a, "You act as SENCO"));
    assert_false(has(&a, "Change role"));
    get(&s, "/overview", 404);
    swap(&s, senco);
    served_sign_in(&s, "administrator");
    served_again(&s);
    path = path_of(&s, "senco", "/roles");
    a = post(&s, path, "role=analyst&agency=1-1&why=", 422);
    assert_true(has(&a, "Say why"));
    a = post(&s, path, "role=analyst&agency=&why=x", 422);
    assert_true(has(&a, "href=\"#agency\""));
    a = post(&s, path, "role=analyst&agency=1-1&why=x&until=1%2F1%2F2020", 422);
    assert_true(has(&a, "href=\"#until\""));
    a = post(&s, path, "role=analyst&agency=1-1&why=x&since=soon", 422);
    assert_true(has(&a, "href=\"#since\""));
    post(&s, path, "role=analyst&agency=1-1&why=covers+for+Ada", 303);
    a = post(&s, path_of(&s, "administrator", "/roles"), "role=analyst&agency=1-1&why=x", 422);
    assert_true(has(&a, "Nobody gives a role to themselves"));
    a = get(&s, path_of(&s, "senco", ""), 200);
    assert_true(has(&a, "covers for Ada"));
    a = get(&s, "/accounts", 200);
    assert_true(has(&a, "and 1 more role"));
    swap(&s, senco);
    get(&s, "/overview", 404); /* it is not what the person acts as */
    a = get(&s, "/account/role", 200);
    assert_true(has(&a, "Change role"));
    a = post(&s, "/account/role", "role=2", 303);
    assert_string_equal(where(&s, &a), "/overview");
    get(&s, "/overview", 200);
    post(&s, "/account/role", "role=7", 404);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM audit WHERE subject = 'acts as role 2' "
                                      "AND outcome = 'allowed'"), 1);
    swap(&s, senco);
    path = path_of(&s, "senco", "/roles/2");
    a = post(&s, path, "why=", 422);
    post(&s, path, "why=Ada+is+back", 303);
    a = get(&s, path, 200);
    assert_true(has(&a, "Ada is back"));
    post(&s, path, "why=again", 422);
    swap(&s, senco);
    get(&s, "/overview", 404);
    get(&s, "/children/1", 200); /* the SENCO again */
    served_stop(&s);
}

static void
who_has_no_role_any_more_reaches_a_page_that_says_so_and_signs_out(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    char senco[200] = "";

    start(&s, j);
    served_sign_in(&s, "senco");
    swap(&s, senco);
    served_sign_in(&s, "administrator");
    post(&s, path_of(&s, "senco", "/roles/1"), "why=left", 303);
    post(&s, path_of(&s, "administrator", "/roles/1"), "why=left", 422); /* the only one */
    swap(&s, senco);
    a = get(&s, "/children/1", 303);
    assert_string_equal(where(&s, &a), "/account/role");
    a = get(&s, "/account/role", 200);
    assert_true(has(&a, "You have no role at present"));
    get(&s, "/account", 200);
    post(&s, "/children/1/notes", "content=Canary", 404);
    post(&s, "/account/role", "role=1", 404); /* it is over */
    a = client_sign_in(&s.client, "senco", SERVED_PASSPHRASE);
    assert_string_equal(where(&s, &a), "/account/role");
    post(&s, "/sign-out", "", 303);
    served_stop(&s);
}

static void
a_role_to_come_begins_and_ends_by_the_clock(void **state)
{
    static const int64_t DAY = (int64_t)24 * 3600 * 1000000;
    struct job *j = support_job(state);
    struct served s;

    start(&s, j);
    served_sign_in(&s, "administrator");
    served_again(&s);
    post(&s, path_of(&s, "senco", "/roles"),
         "role=attendance-lead&agency=1-2&why=x&since=18%2F6%2F2025&until=18%2F6%2F2025", 303);
    served_sign_in(&s, "senco"); /* on the 16th */
    post(&s, "/account/role", "role=2", 404);
    served_pass(2 * DAY);
    served_sign_in(&s, "senco");
    post(&s, "/account/role", "role=2", 303);
    served_pass(DAY);
    served_sign_in(&s, "senco");
    post(&s, "/account/role", "role=2", 404);
    served_stop(&s);
}

static void
nobody_else_sees_agencies_or_gives_roles(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    start(&s, j);
    for (int r = 0; r < ROLES; r++) {
        if (r == ROLE_ADMINISTRATOR)
            continue;
        served_sign_in(&s, role_name((enum role)r));
        get(&s, "/agencies", 404);
        get(&s, "/agencies/new", 404);
        get(&s, path_of(&s, "senco", "/roles"), 404);
        post(&s, "/agencies/1/1", "do=end", 404);
        post(&s, "/agencies/new", "name=X&kind=police&area=1", 404);
        post(&s, path_of(&s, "senco", "/roles"), "role=administrator&agency=&why=x", 404);
        post(&s, path_of(&s, "administrator", "/roles/1"), "why=x", 404);
    }
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM account_role"), ROLES);
    served_stop(&s);
}

/* ---- for which agency somebody writes and reads ---------------------------------------------- */

static const char sql_agree[] =
    "INSERT INTO agreement (area_id, version, title, article_6, article_9, state, made, made_by, "
    "force_from, review_on) VALUES (1, 1, 't', 'a', 'b', 'agreed', 1, 1, $1, 99999)";
static const char sql_share[] =
    "INSERT INTO agreement_cell (area_id, version, purpose, agency_kind, category, share) "
    "VALUES (1, 1, 'decide', $1, 'notes', 'full')";

static void
notes_are_of_the_agency_that_one_acts_for(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    assert_ok(j, db_run(j, sql_agree, ARGS(INT(SUPPORT_TODAY)), NULL));
    assert_ok(j, db_run(j, sql_share, ARGS(TEXT("health")), NULL));
    served_sign_in(&s, "administrator");
    post(&s, "/agencies/new", "name=Police&kind=police&area=1", 303);
    post(&s, "/agencies/new", "name=Nurses&kind=health&area=1", 303);
    post(&s, "/agencies/new", "name=Clinic&kind=health&area=1", 303);
    served_again(&s);
    for (int id = 5; id <= 7; id++) /* those of the roles came before */
        post(&s, path_of(&s, "analyst", "/roles"),
             job_format(j, "role=inclusion-lead&agency=1-%d&why=x", id), 303);
    served_sign_in(&s, "inclusion-lead");
    post(&s, "/children/1/notes", "content=Canary+of+the+team&reads-health=yes", 303);
    post(&s, "/children/1/notes", "content=Canary+for+ourselves", 303);
    served_sign_in(&s, "analyst");
    post(&s, "/account/role", "role=2", 303); /* the police: not in the agreement */
    a = get(&s, "/children/1/notes", 200);
    assert_true(has(&a, "Visible to: health, police. Not to: inclusion team"));
    assert_false(has(&a, "Canary"));
    post(&s, "/account/role", "role=3", 303); /* the nurses */
    a = get(&s, "/children/1/notes", 200);
    assert_true(has(&a, "Canary of the team"));
    assert_false(has(&a, "Canary for ourselves"));
    post(&s, "/children/1/notes", "content=Canary+of+the+nurses", 303);
    a = get(&s, "/children/1/notes", 200);
    assert_true(has(&a, "Canary of the nurses"));
    post(&s, "/account/role", "role=4", 303); /* the clinic is another agency of the kind */
    a = get(&s, "/children/1/notes", 200);
    assert_false(has(&a, "Canary of the nurses"));
    post(&s, "/account/role", "role=1", 303);
    a = get(&s, "/children/1/notes", 200);
    assert_true(has(&a, "Canary for ourselves"));
    assert_false(has(&a, "Canary of the nurses"));
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_administrator_adds_renames_and_ends_an_agency),
        SUPPORT_TEST(a_role_is_given_taken_up_and_ended_with_effect_on_the_next_page),
        SUPPORT_TEST(who_has_no_role_any_more_reaches_a_page_that_says_so_and_signs_out),
        SUPPORT_TEST(a_role_to_come_begins_and_ends_by_the_clock),
        SUPPORT_TEST(nobody_else_sees_agencies_or_gives_roles),
        SUPPORT_TEST(notes_are_of_the_agency_that_one_acts_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
