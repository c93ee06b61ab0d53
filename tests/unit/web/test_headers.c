/* The headers of security are on every answer, whatever it answers: pages, files, errors. */
#include "support/served.h"
#include "access/setting.h"
#include "ui/asset.h"
#include "web/page.h"

static const struct { const char *name, *value; } wanted[] = {
    {"Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; "
                                "frame-ancestors 'none'; object-src 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

static int
times(const char *head, const char *name)
{
    size_t n = strlen(name);
    int found = 0;

    for (const char *line = head, *end; line; line = end ? end + 2 : NULL) {
        found += !strncasecmp(line, name, n) && line[n] == ':';
        end = strstr(line, "\r\n");
    }
    return found;
}

/* What any site may read may be kept, but for its errors. */
static bool
is_open_data(const char *what, const struct answer_seen *a)
{
    return a->status < 400 && (!strncmp(what, "/hsds", 5) || !strncmp(what, "/oruk", 5));
}

/* Each once, with its value; what may be kept is said; TLS is promised behind a proxy alone. */
static void
holds(struct served *s, const struct answer_seen *a, const char *what, bool tls)
{
    if (!a->status)
        fail_msg("%s: no answer", what);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const char *value = client_header(&s->client, a, wanted[i].name);
        if (!value || strcmp(value, wanted[i].value) || times(a->head, wanted[i].name) != 1)
            fail_msg("%s (%d): %s is \"%s\"", what, a->status, wanted[i].name,
                     value ? value : "not there");
    }
    if (times(a->head, "Strict-Transport-Security") != tls)
        fail_msg("%s (%d): Strict-Transport-Security", what, a->status);
    if (times(a->head, "Cache-Control") != 1)
        fail_msg("%s (%d): Cache-Control", what, a->status);
    if (strncmp(what, "/assets/", 8) && !is_open_data(what, a) &&
        strcmp(client_header(&s->client, a, "Cache-Control"), "no-store"))
        fail_msg("%s (%d): may be kept", what, a->status);
    if (a->n_body && (times(a->head, "Content-Type") != 1 ||
                      (strstr(client_header(&s->client, a, "Content-Type"), "text/html") &&
                       !strstr(client_header(&s->client, a, "Content-Type"), "charset=utf-8"))))
        fail_msg("%s (%d): Content-Type", what, a->status);
    if (times(a->head, "Server") || times(a->head, "X-Powered-By"))
        fail_msg("%s (%d): says what made it", what, a->status);
}

static const char *
address_of(struct job *j, const char *path)
{
    char *out = job_copy(j, path);
    size_t n = 0;

    for (const char *p = path; *p; p++) {
        if (*p != ':') {
            out[n++] = *p;
            continue;
        }
        out[n++] = '1';
        p += strcspn(p, "/.") - 1;
    }
    out[n] = '\0';
    return out;
}

static void
every_page_has_them_whoever_asks(void **state)
{
    static const char *const roles[] = {NULL, "analyst", "governance-officer", "administrator"};
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        if (roles[r])
            served_sign_in(&s, roles[r]);
        for (const struct page *p = pages; p->path; p++) {
            const char *path = address_of(j, p->path);
            a = p->method == GET ? client_get(&s.client, path)
                                 : client_post(&s.client, path, "csrf=wrong");
            holds(&s, &a, path, false);
        }
    }
    served_stop(&s);
}

static struct answer_seen
say(struct served *s, const char *text)
{
    struct answer_seen a;

    client_connect(&s->client);
    client_say(&s->client, text);
    a = client_read(&s->client, !strncmp(text, "HEAD", 4));
    client_end(&s->client);
    return a;
}

#define HOST "Host: 127.0.0.1\r\n"

static void
errors_and_assets_have_them_too(void **state)
{
    static const struct { const char *text; int status; } asked[] = {
        {"GET /not-there HTTP/1.1\r\n" HOST "\r\n", 404},
        {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
        {"HEAD /help HTTP/1.1\r\n" HOST "\r\n", 200},
        {"DELETE /help HTTP/1.1\r\n" HOST "\r\n", 405},
        {"TRACE /help HTTP/1.1\r\n" HOST "\r\n", 405},
        {"POST /help HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 405},
        {"POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 9\r\nOrigin: http://127.0.0.1\r\n"
         "Content-Type: text/plain\r\n\r\n", 415},
        {"POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 9999999\r\n"
         "Origin: http://127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
         413},
        {"GET /%zz HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET /assets/nothing.css HTTP/1.1\r\n" HOST "\r\n", 404},
    };
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;
    const char *css;

    served_start(&s, j, NULL);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        a = say(&s, asked[i].text);
        if (a.status != asked[i].status)
            fail_msg("%s answers %d", asked[i].text, a.status);
        holds(&s, &a, asked[i].text, false);
    }
    css = job_format(j, "/assets/%s", asset_name("rooted", "css"));
    a = client_get(&s.client, css);
    assert_int_equal(a.status, 200);
    holds(&s, &a, css, false);
    assert_non_null(strstr(client_header(&s.client, &a, "Cache-Control"), "immutable"));
    a = say(&s, job_format(j, "GET %s HTTP/1.1\r\n" HOST "If-None-Match: \"%s\"\r\n\r\n", css,
                           asset_name("rooted", "css")));
    assert_int_equal(a.status, 304);
    holds(&s, &a, css, false);
    served_stop(&s);
}

static void
tls_is_promised_behind_the_proxy_of_a_live_database_alone(void **state)
{
    static const char host[] = "Host: rooted.ashmere.gov.uk\r\nX-Forwarded-For: 192.0.2.1\r\n";
    struct recorded r = {"REF-1", "Jo Smith", SUPPORT_TODAY, 0};
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    for (int i = 0; i < SETTINGS; i++)
        if (setting_is_record((enum setting)i))
            assert_ok(j, setting_record(j, (enum setting)i, &r));
    assert_ok(j, setting_change(j, SETTING_COUNCIL, "Ashmere Council"));
    assert_ok(j, setting_change(j, SETTING_ADDRESS, "https://rooted.ashmere.gov.uk"));
    assert_ok(j, setting_make_live(j));
    a = say(&s, job_format(j, "GET / HTTP/1.1\r\n%s\r\n", host));
    assert_int_equal(a.status, 200);
    holds(&s, &a, "/", true);
    a = say(&s, job_format(j, "GET /not-there HTTP/1.1\r\n%s\r\n", host));
    assert_int_equal(a.status, 404);
    holds(&s, &a, "/not-there", true);
    served_stop(&s);
}

static void
signing_out_makes_the_browser_forget(void **state)
{
    struct job *j = support_job(state);
    struct answer_seen a;
    struct served s;

    served_start(&s, j, NULL);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/help");
    a = client_post(&s.client, "/sign-out",
                    job_format(j, "csrf=%s", client_csrf(&s.client, &a)));
    holds(&s, &a, "/sign-out", false);
    assert_string_equal(client_header(&s.client, &a, "Clear-Site-Data"), "\"cache\", \"storage\"");
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_page_has_them_whoever_asks),
        SUPPORT_TEST(errors_and_assets_have_them_too),
        SUPPORT_TEST(tls_is_promised_behind_the_proxy_of_a_live_database_alone),
        SUPPORT_TEST(signing_out_makes_the_browser_forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
