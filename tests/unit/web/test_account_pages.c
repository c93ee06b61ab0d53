/* One's own account through the real server: the code, setting up, both again, sessions, forms
 * that came too late, and those who try to get in otherwise. */
#include "support/children.h"
#include "support/served.h"
#include "access/factor.h"
#include "access/session.h"
#include "access/setting.h"
#include "access/tries.h"
#include "web/server_private.h"

static const int64_t MINUTE = (int64_t)60 * 1000000;

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

/* The time that the server's clock shows. */
static int64_t passed;

static void
pass(int64_t microseconds)
{
    passed += microseconds;
    served_pass(microseconds);
}

static const char *
code_now(struct job *j, const char *secret)
{
    char *code = job_alloc(j, FACTOR_CODE);

    assert_ok(j, factor_code(j, secret, SUPPORT_NOW + passed, code));
    return code;
}

static struct answer_seen
post(struct served *s, const char *page, const char *path, const char *fields)
{
    struct answer_seen a = client_get(&s->client, page);
    const char *csrf = client_csrf(&s->client, &a);

    assert_non_null(csrf);
    return client_post(&s->client, path, job_format(s->j, "csrf=%s&%s", csrf, fields));
}

/* The key as the page shows it, in groups of four. */
static const char *
secret_on(struct job *j, const struct answer_seen *a)
{
    const char *at = strstr(a->body, "rt-key\">");
    char *out = job_alloc(j, FACTOR_SECRET);
    size_t n = 0;

    assert_non_null(at);
    for (at += strlen("rt-key\">"); *at && *at != '<' && n + 1 < FACTOR_SECRET; at++)
        if (*at != ' ')
            out[n++] = *at;
    return out;
}

static const char *
first_paper(struct job *j, const struct answer_seen *a)
{
    const char *at = strstr(a->body, "<code>");

    assert_non_null(at);
    return job_copy_n(j, at + strlen("<code>"), FACTOR_PAPER - 1);
}

static void
start(struct served *s, struct job *j)
{
    passed = 0;
    children_make(j);
    served_start(s, j, NULL);
}

/* Signed in with a passphrase just now, somebody of a trial sets up a program. */
static const char *
set_up(struct served *s, const char *role, const char **paper)
{
    struct job *j = s->j;
    struct answer_seen a;
    const char *secret;

    served_sign_in(s, role);
    a = client_get(&s->client, "/account/second-factor"); /* to be there just now is not enough */
    assert_string_equal(where(s, &a), "/account/again?next=%2Faccount%2Fsecond-factor");
    served_again(s);
    a = post(s, "/account/second-factor", "/account/second-factor/begin", "");
    assert_string_equal(where(s, &a), "/account/second-factor");
    a = client_get(&s->client, "/account/second-factor");
    assert_true(has(&a, "<svg class=\"rt-qr\" role=\"img\""));
    secret = secret_on(j, &a);
    a = post(s, "/account/second-factor", "/account/second-factor", "code=000000");
    assert_int_equal(a.status, 422);
    a = post(s, "/account/second-factor", "/account/second-factor",
             job_format(j, "code=%s", code_now(j, secret)));
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "Your recovery codes"));
    if (paper)
        *paper = first_paper(j, &a);
    pass(2 * MINUTE);
    return secret;
}

static struct answer_seen
give_code(struct served *s, const char *code)
{
    return post(s, "/sign-in/code", "/sign-in/code", job_format(s->j, "code=%s", code));
}

static void
with_a_program_the_passphrase_leads_to_a_second_page_and_no_further(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *secret, *half;

    start(&s, j);
    secret = set_up(&s, "analyst", NULL);
    s.client.cookie[0] = '\0';
    a = client_post(&s.client, "/sign-in",
                    "login=analyst&passphrase=" SERVED_PASSPHRASE "&next=%2Fschools");
    assert_string_equal(where(&s, &a), "/sign-in/code?next=%2Fschools");
    half = job_copy(j, s.client.cookie);
    a = client_get(&s.client, "/overview");
    assert_string_equal(where(&s, &a), "/sign-in/code?next=%2Foverview");
    a = client_get(&s.client, "/account");
    assert_true(strstr(where(&s, &a), "/sign-in/code") != NULL);
    a = client_get(&s.client, "/account/second-factor");
    assert_true(strstr(where(&s, &a), "/sign-in/code") != NULL);
    a = client_post(&s.client, "/account/second-factor/list", "csrf=x");
    assert_true(a.status == 303);
    a = give_code(&s, "123456");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "not right, or it was used already"));
    a = give_code(&s, job_format(j, "%s&next=%%2Fschools", code_now(j, secret)));
    assert_string_equal(where(&s, &a), "/schools");
    assert_string_not_equal(s.client.cookie, half);
    a = client_get(&s.client, "/account");
    assert_true(has(&a, "A program, since"));
    /* the token of before is worth nothing: who planted it stays outside */
    snprintf(s.client.cookie, sizeof s.client.cookie, "%s", half);
    a = client_get(&s.client, "/account");
    assert_int_equal(a.status, 303);
    served_stop(&s);
}

static void
a_planted_session_is_not_the_one_that_is_signed_in(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    const char *planted;

    start(&s, j);
    served_sign_in(&s, "senco"); /* the attacker's own */
    planted = job_copy(j, s.client.cookie);
    client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE); /* by a victim who holds it */
    assert_string_not_equal(s.client.cookie, planted);
    snprintf(s.client.cookie, sizeof s.client.cookie, "%s", planted);
    assert_int_equal(client_get(&s.client, "/account").status, 303);
    served_stop(&s);
}

static void
the_second_page_wants_its_own_token(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *secret;

    start(&s, j);
    secret = set_up(&s, "analyst", NULL);
    client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    a = client_post(&s.client, "/sign-in/code", job_format(j, "code=%s", code_now(j, secret)));
    assert_int_equal(a.status, 403);
    a = client_post(&s.client, "/sign-in/code",
                    job_format(j, "csrf=x&code=%s", code_now(j, secret)));
    assert_int_equal(a.status, 403);
    a = give_code(&s, code_now(j, secret));
    assert_int_equal(a.status, 303);
    served_stop(&s);
}

static void
a_recovery_code_lets_in_once(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *paper;

    start(&s, j);
    set_up(&s, "analyst", &paper);
    client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    a = give_code(&s, paper);
    assert_int_equal(a.status, 303);
    assert_true(has((a = client_get(&s.client, "/account"), &a), "9 recovery codes are left"));
    client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    assert_int_equal(give_code(&s, paper).status, 422);
    served_stop(&s);
}

static void
where_it_is_demanded_nothing_opens_before_it_is_set_up(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *secret;

    start(&s, j);
    assert_ok(j, setting_choose(j, SETTING_SECOND_FACTOR, "yes"));
    a = client_post(&s.client, "/sign-in",
                    "login=analyst&passphrase=" SERVED_PASSPHRASE "&next=%2Fschools");
    assert_string_equal(where(&s, &a), "/account/second-factor?next=%2Fschools");
    a = client_get(&s.client, "/schools");
    assert_string_equal(where(&s, &a), "/account/second-factor?next=%2Fschools");
    a = client_get(&s.client, "/account");
    assert_true(strstr(where(&s, &a), "/account/second-factor") != NULL);
    a = client_get(&s.client, "/account/second-factor");
    assert_true(has(&a, "Before you go on"));
    a = post(&s, "/account/second-factor", "/account/second-factor/begin", "");
    a = client_get(&s.client, "/account/second-factor");
    secret = secret_on(j, &a);
    a = post(&s, "/account/second-factor", "/account/second-factor",
             job_format(j, "code=%s&next=%%2Fschools", code_now(j, secret)));
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "href=\"/schools\""));
    assert_int_equal(client_get(&s.client, "/schools").status, 200);
    served_stop(&s);
}

static void
a_printed_list_is_enough_where_it_is_demanded(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *paper;

    start(&s, j);
    assert_ok(j, setting_choose(j, SETTING_SECOND_FACTOR, "yes"));
    client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    a = post(&s, "/account/second-factor", "/account/second-factor/list", "");
    assert_true(has(&a, "Your printed list"));
    paper = first_paper(j, &a);
    assert_int_equal(client_get(&s.client, "/schools").status, 200);
    client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    a = client_get(&s.client, "/sign-in/code");
    assert_true(has(&a, "printed list"));
    assert_int_equal(give_code(&s, paper).status, 303);
    served_stop(&s);
}

static void
what_matters_wants_passphrase_and_code_again_and_leads_back(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *secret, *before;

    start(&s, j);
    secret = set_up(&s, "analyst", NULL);
    pass(SESSION_STRONG);
    a = client_get(&s.client, "/account/codes");
    assert_string_equal(where(&s, &a), "/account/again?next=%2Faccount%2Fcodes");
    a = post(&s, "/account", "/account/codes", ""); /* nor by its form alone */
    assert_string_equal(where(&s, &a), "/account/codes");
    before = job_copy(j, s.client.cookie);
    a = post(&s, "/account/again", "/account/again",
             job_format(j, "passphrase=wrong&code=%s", code_now(j, secret)));
    assert_int_equal(a.status, 422);
    pass(MINUTE);
    a = post(&s, "/account/again", "/account/again", "passphrase=" SERVED_PASSPHRASE "&code=1");
    assert_int_equal(a.status, 422);
    a = post(&s, "/account/again", "/account/again",
             job_format(j, "passphrase=" SERVED_PASSPHRASE "&code=%s&next=%%2Faccount%%2Fcodes",
                        code_now(j, secret)));
    assert_string_equal(where(&s, &a), "/account/codes");
    assert_string_not_equal(s.client.cookie, before);
    a = client_get(&s.client, "/account/codes");
    assert_int_equal(a.status, 200);
    a = post(&s, "/account/codes", "/account/codes", "");
    assert_true(has(&a, "Your recovery codes"));
    /* the token of before the change is dead */
    snprintf(s.client.cookie, sizeof s.client.cookie, "%s", before);
    assert_int_equal(client_get(&s.client, "/account").status, 303);
    served_stop(&s);
}

static void
two_sessions_see_each_other_and_one_ends_the_other(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *first, *at, *handle;

    start(&s, j);
    served_sign_in(&s, "analyst");
    first = job_copy(j, s.client.cookie);
    s.client.cookie[0] = '\0';
    pass(MINUTE);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/account");
    assert_true(has(&a, "This one: sign out"));
    assert_true(has(&a, "Show first that it is you"));
    assert_false(has(&a, "name=\"handle\""));
    a = post(&s, "/account", "/account/end", "");
    assert_string_equal(where(&s, &a), "/account/again?next=%2Faccount");
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM session"), 2);
    served_again(&s);
    a = client_get(&s.client, "/account");
    at = strstr(a.body, "name=\"handle\" value=\"");
    assert_non_null(at);
    handle = job_copy_n(j, at + strlen("name=\"handle\" value=\""), 64);
    a = post(&s, "/account", "/account/end", job_format(j, "handle=%s", handle));
    assert_string_equal(where(&s, &a), "/account");
    a = client_get(&s.client, "/account");
    assert_int_equal(a.status, 200);
    assert_false(has(&a, "name=\"handle\""));
    snprintf(s.client.cookie, sizeof s.client.cookie, "%s", first);
    assert_int_equal(client_get(&s.client, "/account").status, 303);
    served_stop(&s);
}

static void
a_new_passphrase_wants_the_old_one_and_ends_other_sessions(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *other, *form = "passphrase=" SERVED_PASSPHRASE
                               "&fresh=another+plain+phrase&repeated=another+plain+phrase";

    start(&s, j);
    served_sign_in(&s, "analyst");
    other = job_copy(j, s.client.cookie);
    s.client.cookie[0] = '\0';
    served_sign_in(&s, "analyst");
    a = post(&s, "/account/passphrase", "/account/passphrase",
             "passphrase=wrong+wrong&fresh=another+plain+phrase&repeated=another+plain+phrase");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "not the passphrase you have now"));
    a = post(&s, "/account/passphrase", "/account/passphrase",
             "passphrase=" SERVED_PASSPHRASE "&fresh=Liverpool2024!!&repeated=Liverpool2024!!");
    assert_true(has(&a, "too easy to guess"));
    a = post(&s, "/account/passphrase", "/account/passphrase",
             "passphrase=" SERVED_PASSPHRASE "&fresh=another+plain+phrase&repeated=x");
    assert_true(has(&a, "not the same"));
    a = post(&s, "/account/passphrase", "/account/passphrase", form);
    assert_string_equal(where(&s, &a), "/account");
    assert_int_equal(client_get(&s.client, "/account").status, 200);
    snprintf(s.client.cookie, sizeof s.client.cookie, "%s", other);
    assert_int_equal(client_get(&s.client, "/account").status, 303);
    assert_int_equal(client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE).status, 422);
    assert_int_equal(client_sign_in(&s.client, "analyst", "another+plain+phrase").status, 303);
    served_stop(&s);
}

static const char sql_stage[] = "SELECT COUNT(*) FROM session WHERE stage <> 'in'";

static void
what_was_typed_before_idling_out_is_there_again_for_its_writer_alone(void **state)
{
    static const char why[] = "made+for+the+wrong+year";
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *csrf;

    start(&s, j);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/account");
    csrf = client_csrf(&s.client, &a);
    pass(SESSION_IDLE);
    a = client_post(&s.client, "/data/batches/1/withdraw",
                    job_format(j, "csrf=x&why=%s", why)); /* not from our page */
    assert_int_equal(a.status, 403);
    a = client_post(&s.client, "/data/batches/1/withdraw",
                    job_format(j, "csrf=%s&why=%s", csrf, why));
    assert_string_equal(where(&s, &a), "/sign-in?next=/account/kept");
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM kept_form WHERE form LIKE '%wrong%'"),
                     0);
    s.client.cookie[0] = '\0';
    served_sign_in(&s, "inclusion-lead");
    a = client_get(&s.client, "/account/kept");
    assert_true(has(&a, "Nothing is kept for you"));
    assert_false(has(&a, "wrong year"));
    client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    a = client_get(&s.client, "/account/kept");
    assert_true(has(&a, "made for the wrong year"));
    assert_true(has(&a, "action=\"/data/batches/1/withdraw\""));
    a = post(&s, "/account/kept", "/account/kept", "");
    assert_int_equal(a.status, 303);
    a = client_get(&s.client, "/account/kept");
    assert_true(has(&a, "Nothing is kept for you"));
    /* a passphrase that comes too late is not kept */
    a = client_get(&s.client, "/account");
    csrf = client_csrf(&s.client, &a);
    pass(SESSION_IDLE);
    a = client_post(&s.client, "/account/passphrase",
                    job_format(j, "csrf=%s&passphrase=a&fresh=b&repeated=b", csrf));
    assert_int_equal(a.status, 303);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM kept_form"), 0);
    assert_int_equal(served_count(&s, sql_stage), 0);
    served_stop(&s);
}

static void
disabled_in_mid_session_the_next_page_is_the_sign_in(void **state)
{
    static const char sql_disable[] = "UPDATE account SET disabled = 5 WHERE login = 'analyst'";
    struct job *j = support_job(state);
    struct served s;

    start(&s, j);
    served_sign_in(&s, "analyst");
    assert_int_equal(client_get(&s.client, "/account").status, 200);
    assert_ok(j, db_run(j, sql_disable, NO_ARGS, NULL));
    assert_int_equal(client_get(&s.client, "/account").status, 303);
    assert_int_equal(client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE).status, 422);
    served_stop(&s);
}

static void
who_waits_is_told_so_and_a_restart_changes_nothing(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    for (int i = 0; i < TRIES; i++)
        assert_int_equal(client_sign_in(&s.client, "analyst", "x").status, 422);
    a = client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    assert_int_equal(a.status, 429);
    assert_true(has(&a, "nothing is tried for 1 minute"));
    /* an unknown login waits alike */
    for (int i = 0; i < TRIES; i++)
        assert_int_equal(client_sign_in(&s.client, "nobody", "x").status, 422);
    assert_int_equal(client_sign_in(&s.client, "nobody", "x").status, 429);
    assert_int_equal(client_sign_in(&s.client, "senco", SERVED_PASSPHRASE).status, 303);
    pass(MINUTE);
    assert_int_equal(client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE).status, 303);
    served_stop(&s);
}

/* ---- administrators -------------------------------------------------------------------- */

static int64_t
id_of(struct served *s, const char *role)
{
    int64_t id;

    assert_ok(s->j, db_int(s->j, "SELECT account_id FROM account WHERE login = $1",
                           ARGS(TEXT(role)), 0, &id));
    assert_true(id > 0);
    return id;
}

static void
swap(struct served *s, char *cookie)
{
    char before[sizeof s->client.cookie];

    snprintf(before, sizeof before, "%s", s->client.cookie);
    snprintf(s->client.cookie, sizeof s->client.cookie, "%s", cookie);
    snprintf(cookie, sizeof before, "%s", before);
}

static void
an_administrator_ends_sessions_and_disables_with_effect_on_the_next_page(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    char analyst[200] = "";
    const char *path;

    start(&s, j);
    served_sign_in(&s, "analyst");
    swap(&s, analyst);
    served_sign_in(&s, "administrator");
    a = client_get(&s.client, "/accounts");
    assert_int_equal(a.status, 200);
    path = job_format(j, "/accounts/%lld", (long long)id_of(&s, "analyst"));
    assert_true(has(&a, path));
    a = client_get(&s.client, path);
    assert_true(has(&a, "A program")); /* what the test is */
    a = post(&s, path, path, "do=end");
    assert_string_equal(where(&s, &a), path);
    a = client_get(&s.client, path);
    assert_true(has(&a, "None at this moment"));
    swap(&s, analyst);
    assert_int_equal(client_get(&s.client, "/account").status, 303);
    served_sign_in(&s, "analyst");
    swap(&s, analyst);
    a = post(&s, path, path, "do=disable");
    assert_int_equal(a.status, 303);
    swap(&s, analyst);
    assert_int_equal(client_get(&s.client, "/account").status, 303);
    assert_int_equal(client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE).status, 422);
    swap(&s, analyst);
    served_again(&s);
    post(&s, path, path, "do=enable");
    swap(&s, analyst);
    served_sign_in(&s, "analyst");
    swap(&s, analyst);
    path = job_format(j, "/accounts/%lld", (long long)id_of(&s, "administrator"));
    assert_int_equal(post(&s, path, path, "do=disable").status, 409);
    assert_int_equal(post(&s, path, path, "do=dance").status, 400);
    assert_int_equal(client_get(&s.client, "/accounts/99999").status, 404);
    assert_int_equal(client_get(&s.client, "/account").status, 200);
    assert_true(served_count(&s, "SELECT COUNT(*) FROM audit WHERE area_id = 0 AND "
                                 "subject LIKE 'account%: disable' AND outcome = 'allowed'") > 0);
    served_stop(&s);
}

static void
nobody_else_sees_or_changes_accounts(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *path;

    start(&s, j);
    for (int r = 0; r < ROLES; r++) {
        if (r == ROLE_ADMINISTRATOR)
            continue;
        served_sign_in(&s, role_name((enum role)r));
        path = job_format(j, "/accounts/%lld", (long long)id_of(&s, "administrator"));
        assert_int_equal(client_get(&s.client, "/accounts").status, 404);
        assert_int_equal(client_get(&s.client, path).status, 404);
        a = post(&s, "/account", path, "do=disable");
        assert_int_equal(a.status, 404);
        a = post(&s, "/account", job_format(j, "%s/reset", path), "why=because+I+can");
        assert_int_equal(a.status, 404);
    }
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM account WHERE disabled IS NOT NULL"),
                     0);
    served_stop(&s);
}

static void
a_lost_second_factor_is_given_back_by_a_person(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    char analyst[200] = "";
    const char *path, *at, *handed;

    start(&s, j);
    set_up(&s, "analyst", NULL);
    swap(&s, analyst);
    served_sign_in(&s, "administrator");
    path = job_format(j, "/accounts/%lld/reset", (long long)id_of(&s, "analyst"));
    a = client_get(&s.client, path);
    assert_non_null(strstr(where(&s, &a), "/account/again?next="));
    a = post(&s, "/account", path, "why=phone+lost");
    assert_string_equal(where(&s, &a), path); /* not without passphrase and code again */
    served_again(&s);
    a = post(&s, path, path, "why=+");
    assert_int_equal(a.status, 422);
    a = post(&s, path, path, "why=phone+lost%3B+she+stands+before+me");
    assert_int_equal(a.status, 200);
    at = strstr(a.body, "rt-key\">");
    assert_non_null(at);
    handed = job_copy_n(j, at + strlen("rt-key\">"), FACTOR_PAPER - 1);
    swap(&s, analyst);
    assert_int_equal(client_get(&s.client, "/account").status, 303); /* ended */
    client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    a = client_get(&s.client, "/sign-in/code");
    assert_true(has(&a, "that the administrator gave you"));
    a = give_code(&s, handed);
    assert_non_null(strstr(where(&s, &a), "/account/second-factor"));
    assert_int_equal(client_get(&s.client, "/schools").status, 303);
    a = post(&s, "/account/second-factor", "/account/second-factor/list", "");
    assert_true(has(&a, "Your printed list"));
    assert_int_equal(client_get(&s.client, "/schools").status, 200);
    served_stop(&s);
}

/* ---- floods ------------------------------------------------------------------------------- */

static void
a_full_queue_of_passphrases_turns_away_in_plain_words(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    pthread_mutex_lock(&s.server->lock);
    for (int i = 0; i < HASHES_MOST; i++)
        s.server->hashing_for[i].taken = true;
    pthread_mutex_unlock(&s.server->lock);
    a = client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    assert_int_equal(a.status, 503);
    assert_true(has(&a, "Too many people are signing in at this moment"));
    assert_true(has(&a, "value=\"analyst\""));
    assert_string_equal(s.client.cookie, "");
    pthread_mutex_lock(&s.server->lock);
    s.server->hashing_for[3].taken = false;
    pthread_mutex_unlock(&s.server->lock);
    assert_int_equal(client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE).status, 303);
    assert_int_equal(client_sign_in(&s.client, "senco", SERVED_PASSPHRASE).status, 303);
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(with_a_program_the_passphrase_leads_to_a_second_page_and_no_further),
        SUPPORT_TEST(a_planted_session_is_not_the_one_that_is_signed_in),
        SUPPORT_TEST(the_second_page_wants_its_own_token),
        SUPPORT_TEST(a_recovery_code_lets_in_once),
        SUPPORT_TEST(where_it_is_demanded_nothing_opens_before_it_is_set_up),
        SUPPORT_TEST(a_printed_list_is_enough_where_it_is_demanded),
        SUPPORT_TEST(what_matters_wants_passphrase_and_code_again_and_leads_back),
        SUPPORT_TEST(two_sessions_see_each_other_and_one_ends_the_other),
        SUPPORT_TEST(a_new_passphrase_wants_the_old_one_and_ends_other_sessions),
        SUPPORT_TEST(what_was_typed_before_idling_out_is_there_again_for_its_writer_alone),
        SUPPORT_TEST(disabled_in_mid_session_the_next_page_is_the_sign_in),
        SUPPORT_TEST(an_administrator_ends_sessions_and_disables_with_effect_on_the_next_page),
        SUPPORT_TEST(nobody_else_sees_or_changes_accounts),
        SUPPORT_TEST(a_lost_second_factor_is_given_back_by_a_person),
        SUPPORT_TEST(a_full_queue_of_passphrases_turns_away_in_plain_words),
        SUPPORT_TEST(who_waits_is_told_so_and_a_restart_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
