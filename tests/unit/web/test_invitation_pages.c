/* An invitation through the real server: made, handed over, taken up once. */
#include "support/children.h"
#include "support/served.h"
#include <ctype.h>

static const int64_t DAY = (int64_t)24 * 3600 * 1000000;
static const char PHRASE[] = "fresh=four+quiet+morning+words&repeated=four+quiet+morning+words";

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
    if (a.status != status)
        fail_msg("%s answers %d", path, a.status);
    return a;
}

/* "/invitation/…" as the paper shows it. */
static const char *
link_on(struct job *j, const struct answer_seen *a)
{
    const char *at = strstr(a->body, "/invitation/");
    size_t n = strlen("/invitation/");

    assert_non_null(at);
    while (isalnum((unsigned char)at[n]) || at[n] == '-' || at[n] == '_')
        n++;
    return job_copy_n(j, at, n);
}

static const char invite[] = "name=Zoe+Quill&login=Zoe.Quill&email=zoe%40school.example&role=senco"
                             "&agency=1-2&why=new+SENCO&how=print";

static const char *
start(struct served *s, struct job *j)
{
    struct answer_seen a;

    children_make(j);
    served_start(s, j, NULL);
    served_sign_in(s, "administrator");
    a = client_get(&s->client, "/accounts/new"); /* an account is not given without both again */
    assert_string_equal(where(s, &a), "/account/again?next=%2Faccounts%2Fnew");
    a = post(s, "/accounts/new", invite, 303);
    assert_string_equal(where(s, &a), "/account/again?next=%2Faccounts%2Fnew");
    assert_int_equal(served_count(s, "SELECT COUNT(*) FROM account WHERE login LIKE 'zoe%'"), 0);
    served_again(s);
    a = post(s, "/accounts/new", invite, 200);
    assert_true(has(&a, "Your login is <b>zoe.quill</b>"));
    assert_true(has(&a, "http://127.0.0.1:"));
    assert_true(has(&a, "rt-qr"));
    return link_on(j, &a);
}

static void
an_invited_person_takes_the_account_up_once(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *path = start(&s, j);

    /* nobody signs in with it yet, with whatever passphrase */
    assert_int_equal(client_sign_in(&s.client, "zoe.quill", "").status, 422);
    s.client.cookie[0] = '\0';
    for (int i = 0; i < 2; i++) { /* opening it uses nothing up */
        a = client_get(&s.client, path);
        assert_int_equal(a.status, 200);
        assert_true(has(&a, "For Zoe Quill. Your login is <b>zoe.quill</b>"));
    }
    a = client_post(&s.client, path, "fresh=short&repeated=short");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "fresh-problem"));
    a = client_post(&s.client, path, "fresh=four+quiet+morning+words&repeated=four+quiet");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "repeated-problem"));
    a = client_post(&s.client, path, "");
    assert_int_equal(a.status, 422);
    a = client_post(&s.client, path, PHRASE);
    assert_int_equal(a.status, 303);
    assert_string_equal(where(&s, &a), "/account/second-factor");
    assert_int_equal(client_get(&s.client, "/children/1").status, 303); /* not signed in yet */
    a = client_get(&s.client, "/account/second-factor");
    assert_true(has(&a, "Before you go on"));
    a = client_post(&s.client, "/account/second-factor/list",
                    job_format(j, "csrf=%s", client_csrf(&s.client, &a)));
    assert_true(has(&a, "Your printed list"));
    a = client_get(&s.client, "/account/role");
    assert_true(has(&a, "You act as SENCO"));
    a = client_get(&s.client, "/children/1");
    assert_int_equal(a.status, 200);
    s.client.cookie[0] = '\0';
    a = client_post(&s.client, path, PHRASE);
    assert_int_equal(a.status, 404);
    assert_true(has(&a, "This link is good no more"));
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM audit WHERE area_id = 0 AND subject "
                                      "LIKE 'account %: invitation taken up' "
                                      "AND outcome = 'allowed' AND event = 'signed'"), 1);
    served_stop(&s);
}

static void
expired_used_withdrawn_and_invented_links_look_the_same(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a, b;
    char admin[200];
    const char *path = start(&s, j), *again, *to;

    snprintf(admin, sizeof admin, "%s", s.client.cookie);
    to = job_format(j, "/accounts/%lld", (long long)served_count(
                        &s, "SELECT account_id FROM account WHERE login = 'zoe.quill'"));
    a = client_get(&s.client, to);
    assert_true(has(&a, "the link is good until 23 June 2025"));
    assert_true(has(&a, "value=\"zoe@school.example\""));
    a = post(&s, job_format(j, "%s/invite", to), "", 200);
    again = link_on(j, &a);
    s.client.cookie[0] = '\0';
    a = client_get(&s.client, path); /* the newer one ended it */
    assert_int_equal(a.status, 404);
    b = client_get(&s.client, "/invitation/invented");
    assert_int_equal(b.status, 404);
    assert_string_equal(a.body, b.body);
    assert_int_equal(client_get(&s.client, again).status, 200);
    snprintf(s.client.cookie, sizeof s.client.cookie, "%s", admin);
    post(&s, to, "do=withdraw", 303);
    a = client_get(&s.client, to);
    assert_true(has(&a, "no link that is good"));
    s.client.cookie[0] = '\0';
    b = client_get(&s.client, again);
    assert_string_equal(a.body ? b.body : "", client_get(&s.client, "/invitation/x").body);
    snprintf(s.client.cookie, sizeof s.client.cookie, "%s", admin);
    a = post(&s, job_format(j, "%s/invite", to), "", 200);
    again = link_on(j, &a);
    s.client.cookie[0] = '\0';
    served_pass(7 * DAY);
    assert_int_equal(client_get(&s.client, again).status, 404);
    assert_int_equal(client_post(&s.client, again, PHRASE).status, 404);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM account WHERE login = 'zoe.quill' "
                                      "AND passphrase <> ''"), 0);
    served_stop(&s);
}

/* What is wrong with a form takes all of it back. */
static void
an_invitation_that_makes_no_sense_leaves_nothing(void **state)
{
    static const struct { const char *fields, *at; } bad[] = {
        {"name=&login=bob.x&role=analyst&agency=1-1&why=x", "#name"},
        {"name=Bob&login=b&role=analyst&agency=1-1&why=x", "#login"},
        {"name=Bob&login=analyst&role=analyst&agency=1-1&why=x", "#login"},
        {"name=Bob&login=bob.x&role=&agency=1-1&why=x", "#role"},
        {"name=Bob&login=bob.x&role=senco&agency=1-1&why=x", "#agency"},
        {"name=Bob&login=bob.x&role=analyst&agency=1-1&why=", "#why"},
        {"name=Bob&login=bob.x&role=analyst&agency=1-1&why=x&until=1%2F1%2F2020", "#until"},
        {"name=Bob&login=bob.x&role=analyst&agency=1-1&why=x&email=bob", "#email"},
        {"name=Bob&login=bob.x&role=analyst&agency=1-1&why=x&how=mail", "#email"},
    };
    struct job *j = support_job(state);
    struct served s;
    int64_t people;

    start(&s, j);
    people = served_count(&s, "SELECT COUNT(*) FROM account");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct answer_seen a = post(&s, "/accounts/new", bad[i].fields, 422);
        if (!has(&a, job_format(j, "href=\"%s\"", bad[i].at)))
            fail_msg("%s", bad[i].fields);
        assert_false(has(&a, "/invitation/"));
    }
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM account"), people);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM invitation"), 1);
    served_sign_in(&s, "inclusion-lead");
    post(&s, "/accounts/new", invite, 404);
    served_stop(&s);
}

/* Each of these could bring somebody else into an account. */
static void
what_brings_somebody_into_an_account_wants_passphrase_and_code_again(void **state)
{
    static const char *const posts[][2] = {
        {"/invite", "how=print"}, {"/email", "email=thief%40elsewhere.example"},
        {"", "do=enable"}, {"/roles", "role=analyst&agency=1-1&why=x"},
    };
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *to;

    start(&s, j);
    to = job_format(j, "/accounts/%lld", (long long)served_count(
                        &s, "SELECT account_id FROM account WHERE login = 'zoe.quill'"));
    a = post(&s, to, "do=disable", 303); /* taking away is not held up */
    assert_string_equal(where(&s, &a), to);
    served_pass(11 * INT64_C(60) * 1000000); /* both are good for ten minutes */
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        a = post(&s, job_format(j, "%s%s", to, posts[i][0]), posts[i][1], 303);
        if (strncmp(where(&s, &a), "/account/again?next=", 20))
            fail_msg("%s leads to %s", posts[i][0], where(&s, &a));
    }
    a = client_get(&s.client, to);
    assert_true(has(&a, "zoe@school.example"));
    assert_true(has(&a, "Show that it is you</a> to make another invitation."));
    assert_true(has(&a, "Show that it is you</a> to let this person sign in again."));
    assert_false(has(&a, "id=\"email\""));
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM invitation"), 1);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM account_role WHERE why = 'x'"), 0);
    served_again(&s);
    a = post(&s, to, "do=enable", 303);
    assert_string_equal(where(&s, &a), to);
    a = client_get(&s.client, to);
    assert_true(has(&a, "id=\"email\""));
    served_stop(&s);
}

static void
an_invitation_by_mail_waits_in_the_outbox_and_shows_no_link(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *path = start(&s, j), *to;

    a = post(&s, "/accounts/new", "name=Bob&login=bob.x&role=analyst&agency=1-1&why=x&how=mail"
                                  "&email=bob%40council.example", 303);
    assert_string_equal(where(&s, &a), "/mail");
    a = client_get(&s.client, "/mail");
    assert_true(has(&a, "Bob"));
    assert_true(has(&a, "An invitation"));
    assert_true(has(&a, "About to go"));
    assert_false(has(&a, "/invitation/"));
    assert_false(has(&a, "bob@council"));
    to = job_format(j, "/accounts/%lld", (long long)served_count(
                        &s, "SELECT account_id FROM account WHERE login = 'zoe.quill'"));
    post(&s, job_format(j, "%s/invite", to), "how=mail", 303);
    assert_int_equal(client_get(&s.client, path).status, 404); /* a newer one went out */
    assert_ok(j, db_run(j, "UPDATE outbox SET state = 'perhaps'", NO_ARGS, NULL));
    a = client_get(&s.client, "/accounts");
    assert_true(has(&a, "Nobody knows whether 2 mails went."));
    a = client_get(&s.client, "/mail");
    assert_true(has(&a, "Send it again"));
    assert_true(has(&a, "An invitation to Bob, written on 16 June 2025, 10am"));
    post(&s, "/mail", "area=0&id=1&do=leave", 303);
    post(&s, "/mail", "area=0&id=1&do=again", 404);
    post(&s, "/mail", "area=0&id=2&do=again", 303);
    a = client_get(&s.client, "/mail");
    assert_true(has(&a, "Perhaps sent, and left at that"));
    assert_false(has(&a, "Send it again"));
    post(&s, to, "do=withdraw", 303); /* and the mail does not go */
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM outbox WHERE state = 'dropped' "
                                      "AND link IS NULL"), 1);
    post(&s, job_format(j, "%s/email", to), "email=nonsense", 422);
    post(&s, job_format(j, "%s/email", to), "email=", 303);
    post(&s, job_format(j, "%s/invite", to), "how=mail", 409);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM outbox"), 2);
    served_sign_in(&s, "inclusion-lead");
    assert_int_equal(client_get(&s.client, "/mail").status, 404);
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_invited_person_takes_the_account_up_once),
        SUPPORT_TEST(expired_used_withdrawn_and_invented_links_look_the_same),
        SUPPORT_TEST(an_invitation_that_makes_no_sense_leaves_nothing),
        SUPPORT_TEST(what_brings_somebody_into_an_account_wants_passphrase_and_code_again),
        SUPPORT_TEST(an_invitation_by_mail_waits_in_the_outbox_and_shows_no_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
