/* A browser's journeys through the real server: signing in, staying, leaving, being refused. */
#include "support/children.h"
#include "support/served.h"
#include "access/session.h"
#include "access/setting.h"
#include "web/page.h"

static const char sql_audit[] = "SELECT COUNT(*) FROM audit WHERE area_id >= 0";
static const char sql_open_sessions[] = "SELECT COUNT(*) FROM session WHERE ended IS NULL";

static bool
has(const struct answer_seen *a, const char *words)
{
    return strstr(a->body, words) != NULL;
}

static void
the_health_page_answers_anybody(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    a = client_get(&s.client, "/health");
    assert_int_equal(a.status, 200);
    assert_memory_equal(a.body, "ok schema=", 10);
    assert_string_equal(client_header(&s.client, &a, "Content-Type"), "text/plain; charset=utf-8");
    served_stop(&s);
}

static void
every_answer_carries_the_headers_that_keep_it_safe(void **state)
{
    static const char *const paths[] = {"/", "/sign-in", "/nothing", "/health", "/%", "/assets/x"};
    static const struct { const char *name, *value; } want[] = {
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        struct answer_seen a = client_get(&s.client, paths[p]);
        const char *csp = client_header(&s.client, &a, "Content-Security-Policy");
        for (size_t i = 0; i < sizeof want / sizeof *want; i++)
            assert_string_equal(client_header(&s.client, &a, want[i].name), want[i].value);
        assert_non_null(strstr(csp, "default-src 'self'"));
        assert_non_null(strstr(csp, "frame-ancestors 'none'"));
        assert_null(strstr(csp, "unsafe"));
        assert_non_null(client_header(&s.client, &a, "Permissions-Policy"));
        /* only over TLS */
        assert_null(client_header(&s.client, &a, "Strict-Transport-Security"));
    }
    served_stop(&s);
}

static void
signing_in_gives_a_strict_cookie_and_signing_out_takes_it_away(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *cookie, *token;

    served_start(&s, j, NULL);
    a = client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    assert_int_equal(a.status, 303);
    cookie = client_header(&s.client, &a, "Set-Cookie");
    assert_non_null(strstr(cookie, "; HttpOnly"));
    assert_non_null(strstr(cookie, "; SameSite=Strict"));
    assert_non_null(strstr(cookie, "; Path=/"));
    assert_null(strstr(cookie, "Domain"));
    assert_null(strstr(cookie, "Max-Age"));
    a = client_get(&s.client, "/");
    assert_true(has(&a, "data analyst"));
    token = client_csrf(&s.client, &a);
    cookie = job_copy(j, s.client.cookie);
    a = client_post(&s.client, "/sign-out", job_format(j, "csrf=%s", token));
    assert_int_equal(a.status, 303);
    assert_string_equal(s.client.cookie, "");
    assert_non_null(client_header(&s.client, &a, "Clear-Site-Data"));
    /* the old cookie is of no use any more */
    snprintf(s.client.cookie, sizeof s.client.cookie, "%s", cookie);
    a = client_get(&s.client, "/");
    assert_false(has(&a, "data analyst"));
    assert_int_equal(served_count(&s, sql_open_sessions), 0);
    served_stop(&s);
}

static void
a_wrong_passphrase_and_an_unknown_login_are_answered_alike(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a, b;

    served_start(&s, j, NULL);
    a = client_sign_in(&s.client, "analyst", "three+plain+wordz");
    b = client_sign_in(&s.client, "analyzt", SERVED_PASSPHRASE);
    assert_int_equal(a.status, 422);
    assert_int_equal(b.status, 422);
    assert_int_equal(a.n_body, b.n_body);
    assert_true(has(&a, "do not belong together"));
    assert_true(has(&a, "value=\"analyst\"")); /* what was typed stays, but not the passphrase */
    assert_false(has(&a, "wordz"));
    assert_string_equal(s.client.cookie, "");
    assert_int_equal(served_count(&s, sql_audit), 2);
    served_stop(&s);
}

static void
after_signing_in_one_goes_where_one_wanted_to_but_never_to_another_site(void **state)
{
    static const struct { const char *next, *goes; } to[] = {
        {"%2Fhealth", "/health"}, {"%2Fsign-in", NULL}, {"https%3A%2F%2Fevil.example%2F", NULL},
        {"%2F%2Fevil.example", NULL}, {"%2F%5Cevil.example", NULL}, {"%2Fnothing-here", NULL},
        {"%2Fhealth%0d%0aSet-Cookie%3Ax%3Dy", NULL},
        {"%2Fhealth%3Fa%3D1", "/health?a=1"}, {"", NULL},
    };
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
        struct answer_seen a;
        const char *where;
        s.client.cookie[0] = '\0';
        a = client_post(&s.client, "/sign-in",
                        job_format(j, "login=analyst&passphrase=" SERVED_PASSPHRASE "&next=%s",
                                   to[i].next));
        assert_int_equal(a.status, 303);
        where = client_header(&s.client, &a, "Location");
        if (to[i].goes)
            assert_string_equal(where, to[i].goes);
        else
            assert_true(where[0] == '/' && where[1] != '/' && !strstr(where, "evil") &&
                        strcmp(where, "/sign-in") && strcmp(where, "/nothing-here"));
    }
    served_stop(&s);
}

static void
the_session_before_ends_when_one_signs_in_again(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    const char *first;

    served_start(&s, j, NULL);
    served_sign_in(&s, "analyst");
    first = job_copy(j, s.client.cookie);
    served_sign_in(&s, "analyst");
    assert_string_not_equal(s.client.cookie, first);
    assert_int_equal(served_count(&s, sql_open_sessions), 1);
    served_stop(&s);
}

static void
a_session_ends_when_it_rests_and_its_end_is_said(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    served_sign_in(&s, "analyst");
    served_pass(SESSION_IDLE - 1000);
    a = client_get(&s.client, "/");
    assert_true(has(&a, "data analyst")); /* and this was a sign of life, which is kept */
    while (served_count(&s, "SELECT COUNT(*) FROM session WHERE seen > created") == 0)
        continue; /* written behind the answer; the test program's time-out ends this */
    served_pass(SESSION_IDLE - 1000);
    a = client_get(&s.client, "/");
    assert_true(has(&a, "data analyst"));
    served_pass(SESSION_LONGEST);
    a = client_get(&s.client, "/");
    assert_false(has(&a, "data analyst"));
    a = client_get(&s.client, "/sign-in");
    assert_true(has(&a, "You were signed out"));
    served_stop(&s);
}

/* ---- forms from elsewhere -------------------------------------------------------- */

static struct answer_seen
post_with(struct served *s, const char *headers, const char *form)
{
    struct answer_seen a;

    client_connect(&s->client);
    client_say(&s->client,
               job_format(s->j,
                          "POST /sign-out HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %zu\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Cookie: %s\r\n%s\r\n%s",
                          s->client.port, strlen(form), s->client.cookie, headers, form));
    a = client_read(&s->client, false);
    client_end(&s->client);
    return a;
}

static void
a_form_from_another_site_or_without_its_token_changes_nothing(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *own, *token, *good;

    served_start(&s, j, NULL);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/");
    token = client_csrf(&s.client, &a);
    good = job_format(j, "csrf=%s", token);
    own = job_format(j, "Origin: http://127.0.0.1:%d\r\n", s.client.port);
    const struct { const char *headers, *form; } bad[] = {
        {own, ""},
        {own, "csrf="},
        {own, "csrf=0123456789abcdefghijABCDEFGHIJ-_0123456789a"},
        {own, job_format(j, "csrf=%s.", token)},
        {"", good},
        {"Origin: null\r\n", good},
        {"Origin: http://evil.example\r\n", good},
        {"Origin: http://127.0.0.1\r\n", good},
        {job_format(j, "Origin: https://127.0.0.1:%d\r\n", s.client.port), good},
        {job_format(j, "%sSec-Fetch-Site: cross-site\r\n", own), good},
        {"Sec-Fetch-Site: same-site\r\n", good},
        {"Sec-Fetch-Site: none\r\n", good},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        a = post_with(&s, bad[i].headers, bad[i].form);
        if (a.status != 403)
            fail_msg("case %zu: %d", i, a.status);
    }
    a = client_get(&s.client, "/");
    assert_true(has(&a, "data analyst"));
    assert_int_equal(served_count(&s, sql_open_sessions), 1);
    assert_int_equal(post_with(&s, "Sec-Fetch-Site: same-origin\r\n", good).status, 303);
    assert_int_equal(served_count(&s, sql_open_sessions), 0);
    served_stop(&s);
}

static void
signing_in_from_another_site_is_refused_too(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    client_connect(&s.client);
    client_say(&s.client, job_format(j, "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                                     "Origin: http://evil.example\r\nContent-Length: 48\r\n"
                                     "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
                                     "login=analyst&passphrase=" SERVED_PASSPHRASE "&a=1",
                                     s.client.port));
    a = client_read(&s.client, false);
    assert_int_equal(a.status, 403);
    assert_null(client_header(&s.client, &a, "Set-Cookie"));
    served_stop(&s);
}

static void
a_get_with_a_token_changes_nothing(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/");
    a = client_get(&s.client, job_format(j, "/sign-out?csrf=%s", client_csrf(&s.client, &a)));
    assert_int_equal(a.status, 405);
    assert_string_equal(client_header(&s.client, &a, "Allow"), "POST");
    assert_int_equal(served_count(&s, sql_open_sessions), 1);
    served_stop(&s);
}

/* ---- not there, not yours -------------------------------------------------------- */

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
each_page_answers_each_role_as_the_tables_say(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    size_t closed = 0;

    served_start(&s, j, NULL);
    for (int r = 0; r < ROLES; r++) {
        const struct actor who = {.account = 1, .role = (enum role)r};
        const char *not_there;
        struct answer_seen a;
        served_sign_in(&s, role_name((enum role)r));
        a = client_get(&s.client, "/nothing-here");
        assert_int_equal(a.status, 404);
        not_there = without_date(j, &a);
        for (const struct page *p = pages; p->path; p++) {
            struct scope scope = job_scope_begin(j);
            if (p->method == GET && !strchr(p->path, ':')) {
                bool may = (p->flags & PAGE_OPEN) || permit_act(&who, p->act);
                a = client_get(&s.client, p->path);
                /* a table to download may need to be told which one */
                if (may && (a.status >= 500 || (a.status == 404 && !strchr(p->path, '.'))))
                    fail_msg("%s for %s: %d", p->path, role_name(who.role), a.status);
                if (!may) /* byte for byte what a page that does not exist gives */
                    assert_string_equal(without_date(j, &a), not_there);
                closed += !may;
            }
            job_scope_end(j, scope);
        }
    }
    print_message("%zu closed doors tried\n", closed);
    served_stop(&s);
}

static const char sql_refused[] =
    "SELECT COUNT(*) FROM audit WHERE area_id = 0 AND outcome = 'refused' "
    "AND account_id IS NOT NULL";

static void
a_closed_door_is_tried_and_the_try_is_kept(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    int64_t before;

    served_start(&s, j, NULL);
    served_sign_in(&s, "administrator");
    for (const struct page *p = pages; p->path; p++) {
        const struct actor who = {.account = 1, .role = ROLE_ADMINISTRATOR};
        if (p->method != GET || strchr(p->path, ':') || (p->flags & PAGE_OPEN) ||
            permit_act(&who, p->act))
            continue;
        before = served_count(&s, sql_refused);
        assert_int_equal(client_get(&s.client, p->path).status, 404);
        assert_int_equal(served_count(&s, sql_refused), before + 1);
    }
    served_stop(&s);
}

static void
nobody_signed_in_is_sent_to_sign_in_and_back(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    for (const struct page *p = pages; p->path; p++) {
        struct answer_seen a;
        if (p->method != GET || (p->flags & PAGE_OPEN))
            continue;
        char *path = job_copy(j, p->path);
        for (char *c = path; *c; c++)
            *c = *c == ':' ? '7' : *c;
        a = client_get(&s.client, job_format(j, "%s?a=1", path));
        assert_int_equal(a.status, 303);
        assert_memory_equal(client_header(&s.client, &a, "Location"), "/sign-in?next=%2F", 17);
        assert_null(strstr(client_header(&s.client, &a, "Location"), "&"));
    }
    served_stop(&s);
}

static const char sql_about[] =
    "SELECT COUNT(*) FROM audit WHERE area_id = 1 AND act = 'child' AND subject = $1 "
    "AND outcome = $2";

static int64_t
noted(struct job *j, int person, const char *outcome)
{
    int64_t n;

    assert_ok(j, db_int(j, sql_about, ARGS(TEXT(job_format(j, "child %d", person)),
                                           TEXT(outcome)), -1, &n));
    return n;
}

/* The SENCO here is of school 100001. */
static void
a_child_of_another_school_is_answered_as_one_who_is_not_there(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *not_there;

    children_make(j);
    served_start(&s, j, NULL);
    served_sign_in(&s, "senco");
    a = client_get(&s.client, "/children/3");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "O&#39;Neil"));
    assert_int_equal(noted(j, 3, "allowed"), 1);
    a = client_get(&s.client, "/children/987654");
    assert_int_equal(a.status, 404);
    not_there = without_date(j, &a);
    a = client_get(&s.client, "/children/2");
    assert_string_equal(without_date(j, &a), not_there);
    assert_int_equal(noted(j, 2, "refused"), 1);
    assert_int_equal(noted(j, 2, "allowed"), 0);
    a = client_get(&s.client, "/children/nobody");
    assert_string_equal(without_date(j, &a), not_there);
    a = client_get(&s.client, "/nothing-here");
    assert_string_equal(without_date(j, &a), not_there);
    served_sign_in(&s, "analyst");
    assert_int_equal(client_get(&s.client, "/children/2").status, 200);
    assert_int_equal(noted(j, 2, "allowed"), 1);
    served_stop(&s);
}

static const char sql_words[] = "SELECT subject FROM audit WHERE area_id = 1 AND act = 'children'";

static void
what_somebody_searched_for_is_kept_as_a_hash(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct rows q;
    int n = 0;

    children_make(j);
    served_start(&s, j, NULL);
    served_sign_in(&s, "senco");
    assert_int_equal(client_get(&s.client, "/children?q=Whitlock").status, 200);
    db_ask(j, &q, sql_words, NO_ARGS);
    while (db_next(&q)) {
        assert_null(strstr(row_text(&q, 0), "hitlock"));
        n++;
    }
    assert_ok(j, db_done(&q));
    assert_true(n > 0);
    served_stop(&s);
}

static void
no_entry_in_the_audit_no_child(void **state)
{
    static const char away[] = "ALTER TABLE audit RENAME TO audit_away";
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    children_make(j);
    served_start(&s, j, NULL);
    served_sign_in(&s, "analyst");
    assert_ok(j, db_run(j, away, NO_ARGS, NULL));
    a = client_get(&s.client, "/children/3");
    assert_int_equal(a.status, 503);
    assert_false(has(&a, "Neil"));
    served_stop(&s);
}

/* ---- the audit comes first ------------------------------------------------------- */

static const char sql_away[] = "ALTER TABLE audit RENAME TO audit_away";
static const char sql_back[] = "ALTER TABLE audit_away RENAME TO audit";

static void
without_its_entry_in_the_audit_no_page_leaves(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    assert_ok(j, db_run(j, sql_away, NO_ARGS, NULL));
    a = client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    assert_int_equal(a.status, 503);
    assert_null(client_header(&s.client, &a, "Set-Cookie"));
    a = client_sign_in(&s.client, "nobody", "whatever+it+is");
    assert_int_equal(a.status, 503);
    assert_int_equal(served_count(&s, "SELECT COUNT(*) FROM session"), 0);
    assert_ok(j, db_run(j, sql_back, NO_ARGS, NULL));
    a = client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE);
    assert_int_equal(a.status, 303);
    served_stop(&s);
}

static void
the_entry_is_there_when_the_answer_is(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    for (int i = 1; i <= 4; i++) {
        assert_int_equal(client_sign_in(&s.client, "nobody", "whatever+it+is").status, 422);
        assert_int_equal(served_count(&s, sql_audit), i);
    }
    served_stop(&s);
}

/* ---- trial, demonstration, live -------------------------------------------------- */

static struct answer_seen
get_by(struct served *s, const char *path, const char *host, const char *more)
{
    struct answer_seen a;

    client_connect(&s->client);
    client_say(&s->client, job_format(s->j, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, host,
                                      more));
    a = client_read(&s->client, false);
    client_end(&s->client);
    return a;
}

static void
a_trial_answers_on_this_machine_only(void **state)
{
    static const char *const forwarded[] = {
        "X-Forwarded-For: 10.0.0.1\r\n", "x-forwarded-proto: https\r\n",
        "Forwarded: for=10.0.0.1\r\n",
        "Via: 1.1 proxy\r\n", "X-Real-IP: 10.0.0.1\r\n"};
    static const char *const hosts[] = {"evil.example", "127.0.0.1.evil.example", "10.0.0.1",
                                        "localhost.evil.example:80", ""};
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++)
        assert_int_equal(get_by(&s, "/", "127.0.0.1", forwarded[i]).status, 421);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        assert_int_equal(get_by(&s, "/", hosts[i], "").status, 421);
    assert_int_equal(get_by(&s, "/", "localhost:8080", "").status, 200);
    assert_int_equal(get_by(&s, "/", "LOCALHOST", "").status, 200);
    assert_int_equal(get_by(&s, "/", "[::1]:8080", "").status, 200);
    served_stop(&s);
}

static void
make_live(struct job *j)
{
    struct recorded r = {"REF-1", "Jo Smith", SUPPORT_TODAY, 0};

    for (int i = 0; i < SETTINGS; i++)
        if (setting_is_record((enum setting)i))
            assert_ok(j, setting_record(j, (enum setting)i, &r));
    assert_ok(j, setting_change(j, SETTING_COUNCIL, "Ashmere Council"));
    assert_ok(j, setting_change(j, SETTING_ADDRESS, "https://rooted.ashmere.gov.uk"));
    assert_ok(j, setting_make_live(j));
}

static void
a_live_database_answers_through_its_proxy_only_and_over_tls(void **state)
{
    static const char proxy[] = "X-Forwarded-For: 10.0.0.1\r\n";
    static const char host[] = "rooted.ashmere.gov.uk";
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    const char *cookie;

    served_start(&s, j, NULL);
    a = get_by(&s, "/", "127.0.0.1", "");
    assert_true(has(&a, "Trial: not for live use"));
    make_live(j);
    assert_int_equal(get_by(&s, "/", "127.0.0.1", "").status, 421);
    assert_int_equal(get_by(&s, "/", host, "").status, 421);
    assert_int_equal(get_by(&s, "/", "127.0.0.1", proxy).status, 421);
    assert_int_equal(get_by(&s, "/", "rooted.ashmere.gov.uk.evil", proxy).status, 421);
    assert_int_equal(get_by(&s, "/health", "127.0.0.1", "").status, 200);
    a = get_by(&s, "/", host, proxy);
    assert_int_equal(a.status, 200);
    assert_false(has(&a, "Trial: not for live use"));
    assert_string_equal(client_header(&s.client, &a, "Strict-Transport-Security"),
                        "max-age=31536000; includeSubDomains");
    client_connect(&s.client);
    client_say(&s.client, job_format(j, "POST /sign-in HTTP/1.1\r\nHost: %s\r\n%s"
                                     "Origin: https://%s\r\nContent-Length: 42\r\n"
                                     "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
                                     "login=analyst&passphrase=" SERVED_PASSPHRASE, host, proxy,
                                     host));
    a = client_read(&s.client, false);
    assert_int_equal(a.status, 303);
    cookie = client_header(&s.client, &a, "Set-Cookie");
    assert_memory_equal(cookie, "__Host-rooted=", 14);
    assert_non_null(strstr(cookie, "; Secure"));
    assert_non_null(strstr(cookie, "; HttpOnly"));
    assert_non_null(strstr(cookie, "; Path=/"));
    assert_null(strstr(cookie, "Domain"));
    served_stop(&s);
}

static void
a_demonstration_says_so_on_every_page(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    assert_ok(j, setting_change(j, SETTING_DEMONSTRATION, "1"));
    a = client_get(&s.client, "/nothing-here");
    assert_true(has(&a, "Demonstration."));
    a = client_get(&s.client, "/sign-in");
    assert_true(has(&a, "Demonstration."));
    served_stop(&s);
}

/* ---- the way there and back ------------------------------------------------------ */

static void
another_site_may_link_to_pages_but_not_pull_them_in(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    assert_int_equal(get_by(&s, "/", "127.0.0.1",
                            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n").status,
                     200);
    assert_int_equal(get_by(&s, "/", "127.0.0.1",
                            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n").status,
                     403);
    served_stop(&s);
}

static void
head_gives_the_same_headers_and_no_body(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen get, head;

    served_start(&s, j, NULL);
    get = client_get(&s.client, "/");
    client_connect(&s.client);
    client_say(&s.client, "HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                          "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    head = client_read(&s.client, true);
    assert_int_equal(head.status, 200);
    assert_string_equal(client_header(&s.client, &head, "Content-Length"),
                        client_header(&s.client, &get, "Content-Length"));
    assert_int_equal(client_read(&s.client, false).status, 200); /* the next answer is in place */
    served_stop(&s);
}

static void
unknown_methods_are_told_what_is_allowed(void **state)
{
    static const char *const methods[] = {"DELETE", "PUT", "OPTIONS", "TRACE", "PATCH", "CONNECT",
                                          "get", "BREW"};
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct answer_seen a;
        client_connect(&s.client);
        client_say(&s.client, job_format(j, "%s /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                                         methods[i]));
        a = client_read(&s.client, false);
        assert_int_equal(a.status, 405);
        assert_string_equal(client_header(&s.client, &a, "Allow"), "GET, HEAD, POST");
    }
    served_stop(&s);
}

static void
pages_are_packed_for_those_who_take_it(void **state)
{
    static const struct { const char *accept; bool packed; } cases[] = {
        {"Accept-Encoding: gzip, deflate, br\r\n", true},
        {"Accept-Encoding: br, gzip;q=0.5\r\n", true},
        {"Accept-Encoding: gzip;q=0\r\n", false}, {"Accept-Encoding: identity\r\n", false},
        {"Accept-Encoding: xgzip\r\n", false}, {"", false}};
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen plain, a;

    served_start(&s, j, NULL);
    plain = get_by(&s, "/", "127.0.0.1", "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        a = get_by(&s, "/", "127.0.0.1", cases[i].accept);
        assert_int_equal(client_header(&s.client, &a, "Content-Encoding") != NULL, cases[i].packed);
        assert_string_equal(client_header(&s.client, &a, "Vary"), "Accept-Encoding");
        assert_int_equal(a.n_body < plain.n_body, cases[i].packed);
        if (cases[i].packed)
            assert_memory_equal(a.body, "\x1f\x8b", 2);
    }
    a = get_by(&s, "/health", "127.0.0.1", cases[0].accept); /* too small to be worth it */
    assert_null(client_header(&s.client, &a, "Content-Encoding"));
    served_stop(&s);
}

static const char *
style_sheet(struct served *s)
{
    struct answer_seen a = client_get(&s->client, "/");
    const char *at = strstr(a.body, "rel=\"stylesheet\" href=\"");

    assert_non_null(at);
    at += strlen("rel=\"stylesheet\" href=\"");
    return job_copy_n(s->j, at, strcspn(at, "\""));
}

static void
the_style_sheet_may_be_kept_for_ever_under_its_name(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a, packed;
    const char *path, *tag;

    served_start(&s, j, NULL);
    path = style_sheet(&s);
    a = client_get(&s.client, path);
    assert_int_equal(a.status, 200);
    assert_string_equal(client_header(&s.client, &a, "Cache-Control"),
                        "public, max-age=31536000, immutable");
    assert_string_equal(client_header(&s.client, &a, "Content-Type"), "text/css; charset=utf-8");
    tag = client_header(&s.client, &a, "ETag");
    packed = get_by(&s, path, "127.0.0.1", "Accept-Encoding: gzip\r\n");
    assert_string_equal(client_header(&s.client, &packed, "Content-Encoding"), "gzip");
    assert_true(packed.n_body < a.n_body / 3);
    a = get_by(&s, path, "127.0.0.1", job_format(j, "If-None-Match: %s\r\n", tag));
    assert_int_equal(a.status, 304);
    assert_int_equal(a.n_body, 0);
    assert_int_equal(client_get(&s.client, job_format(j, "%s.gz", path)).status, 404);
    assert_int_equal(client_get(&s.client, "/assets/").status, 404);
    assert_int_equal(client_get(&s.client, "/assets/rooted.css").status, 404);
    served_stop(&s);
}

static void
one_connection_serves_many_requests(void **state)
{
    struct job *j = support_job(state);
    struct served s;

    served_start(&s, j, NULL);
    client_connect(&s.client);
    for (int i = 0; i < 50; i++) {
        struct answer_seen a;
        client_say(&s.client, i % 2 ? "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    : "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
        a = client_read(&s.client, false);
        assert_int_equal(a.status, i % 2 ? 200 : 404);
        assert_false(a.closed);
    }
    served_stop(&s);
}

/* ---- the database goes away ------------------------------------------------------ */

static const char sql_cut_others[] =
    "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'";

static void
a_lost_database_is_an_answer_and_it_goes_on_when_it_is_back(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    int64_t cut;

    served_start(&s, j, NULL);
    if (db_engine(j->db) == DB_SQLITE) {
        print_message("skipped: SQLite has no connection to lose\n");
        served_stop(&s);
        return;
    }
    served_sign_in(&s, "analyst");
    assert_ok(j, db_int(j, sql_cut_others, NO_ARGS, 0, &cut));
    assert_true(cut > 0);
    for (int i = 0; i < 40; i++) { /* each of its connections finds out once at most */
        a = client_get(&s.client, "/");
        assert_true(a.status == 200 || a.status == 503);
        if (a.status == 503)
            assert_string_equal(client_header(&s.client, &a, "Retry-After"), "30");
    }
    a = client_get(&s.client, "/");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "data analyst"));
    assert_true(client_sign_in(&s.client, "nobody", "whatever+it+is").status >= 422);
    assert_int_equal(client_sign_in(&s.client, "analyst", SERVED_PASSPHRASE).status, 303);
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_health_page_answers_anybody),
        SUPPORT_TEST(every_answer_carries_the_headers_that_keep_it_safe),
        SUPPORT_TEST(signing_in_gives_a_strict_cookie_and_signing_out_takes_it_away),
        SUPPORT_TEST(a_wrong_passphrase_and_an_unknown_login_are_answered_alike),
        SUPPORT_TEST(after_signing_in_one_goes_where_one_wanted_to_but_never_to_another_site),
        SUPPORT_TEST(the_session_before_ends_when_one_signs_in_again),
        SUPPORT_TEST(a_session_ends_when_it_rests_and_its_end_is_said),
        SUPPORT_TEST(a_form_from_another_site_or_without_its_token_changes_nothing),
        SUPPORT_TEST(signing_in_from_another_site_is_refused_too),
        SUPPORT_TEST(a_get_with_a_token_changes_nothing),
        SUPPORT_TEST(each_page_answers_each_role_as_the_tables_say),
        SUPPORT_TEST(a_closed_door_is_tried_and_the_try_is_kept),
        SUPPORT_TEST(nobody_signed_in_is_sent_to_sign_in_and_back),
        SUPPORT_TEST(a_child_of_another_school_is_answered_as_one_who_is_not_there),
        SUPPORT_TEST(what_somebody_searched_for_is_kept_as_a_hash),
        SUPPORT_TEST(no_entry_in_the_audit_no_child),
        SUPPORT_TEST(without_its_entry_in_the_audit_no_page_leaves),
        SUPPORT_TEST(the_entry_is_there_when_the_answer_is),
        SUPPORT_TEST(a_trial_answers_on_this_machine_only),
        SUPPORT_TEST(a_live_database_answers_through_its_proxy_only_and_over_tls),
        SUPPORT_TEST(a_demonstration_says_so_on_every_page),
        SUPPORT_TEST(another_site_may_link_to_pages_but_not_pull_them_in),
        SUPPORT_TEST(head_gives_the_same_headers_and_no_body),
        SUPPORT_TEST(unknown_methods_are_told_what_is_allowed),
        SUPPORT_TEST(pages_are_packed_for_those_who_take_it),
        SUPPORT_TEST(the_style_sheet_may_be_kept_for_ever_under_its_name),
        SUPPORT_TEST(one_connection_serves_many_requests),
        SUPPORT_TEST(a_lost_database_is_an_answer_and_it_goes_on_when_it_is_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
