/* Single sign-on: who a provider vouches for, and who is let in. */
#include "access/sso.h"
#include "access/audit.h"
#include "access/session.h"
#include "support/people.h"
#include "support/support.h"

enum { ADA = 7, INES = 8 };
static struct key key;
static struct notes notes;

static void
start(struct job *j)
{
    static const struct sso_provider one = {0, "https://one.example", "One", "amr", "mfa,otp hwk"};
    static const struct sso_provider two = {0, "https://two.example", "Two", "acr", "urn:two"};

    support_db(j);
    support_area(j);
    support_account(j, &(struct actor){.account = ADA, .login = "ada", .name = "Ada", .area = 1,
                                       .role = ROLE_ANALYST});
    support_account(j, &(struct actor){.account = INES, .login = "ines", .name = "Ines",
                                       .area = 1, .role = ROLE_INCLUSION_LEAD});
    audit_begin(j, &key, &notes);
    assert_ok(j, sso_provider_add(j, &one));
    assert_ok(j, sso_provider_add(j, &two));
}

/* Issued so many minutes before now. */
static struct sso_claims
claims(struct job *j, const char *issuer, const char *factor, int minutes)
{
    return (struct sso_claims){
        .issuer = issuer, .subject = "s", .amr = factor, .acr = factor,
        .issued = job_format(j, "%lld", (long long)(j->now / 1000000 - 60 * minutes))};
}

static enum sso_state
look(struct job *j, struct sso_claims c)
{
    struct sso_found f;

    assert_ok(j, sso_look(j, &c, &f));
    return f.state;
}

#define ONE "https://one.example"
#define TWO "https://two.example"

static void
only_what_a_trusted_provider_says_whole_and_fresh_counts(void **state)
{
    struct job *j = support_job(state);
    struct sso_claims c;

    start(j);
    assert_int_equal(look(j, claims(j, ONE, "mfa", 0)), SSO_NEW);
    assert_int_equal(look(j, claims(j, ONE "/", "mfa", 0)), SSO_NOBODY);
    assert_int_equal(look(j, claims(j, "https://three.example", "mfa", 0)), SSO_NOBODY);
    assert_int_equal(look(j, claims(j, NULL, "mfa", 0)), SSO_NOBODY);
    assert_int_equal(look(j, claims(j, ONE, "mfa", 9)), SSO_NEW);
    assert_int_equal(look(j, claims(j, ONE, "mfa", 10)), SSO_OLD);
    assert_int_equal(look(j, claims(j, ONE, "mfa", -5)), SSO_NEW);
    assert_int_equal(look(j, claims(j, ONE, "mfa", -6)), SSO_OLD);
    c = claims(j, ONE, "mfa", 0);
    c.issued = NULL;
    assert_int_equal(look(j, c), SSO_OLD);
    c.issued = "99999999999999999";
    assert_int_equal(look(j, c), SSO_OLD);
    c = claims(j, ONE, "mfa", 0);
    c.subject = "";
    assert_int_equal(look(j, c), SSO_NOBODY);
    audit_end(&notes);
}

static void
a_second_factor_is_a_whole_word_of_the_claim_that_counts(void **state)
{
    struct job *j = support_job(state);
    struct sso_claims c;

    start(j);
    assert_int_equal(look(j, claims(j, ONE, "pwd,otp", 0)), SSO_NEW);
    assert_int_equal(look(j, claims(j, ONE, "pwd hwk", 0)), SSO_NEW);
    assert_int_equal(look(j, claims(j, ONE, "pwd,mfax", 0)), SSO_FACTOR);
    assert_int_equal(look(j, claims(j, ONE, "mf", 0)), SSO_FACTOR);
    assert_int_equal(look(j, claims(j, ONE, ", ", 0)), SSO_FACTOR);
    assert_int_equal(look(j, claims(j, ONE, NULL, 0)), SSO_FACTOR);
    assert_int_equal(look(j, claims(j, TWO, "urn:two", 0)), SSO_NEW);
    c = claims(j, TWO, "urn:one", 0);
    c.amr = "urn:two,mfa";
    assert_int_equal(look(j, c), SSO_FACTOR);
    audit_end(&notes);
}

static struct sso_sign_in
sign_in(struct job *j, const char *issuer, const char *code)
{
    struct sso_sign_in s = {.key = &key, .claims = claims(j, issuer, "mfa urn:two", 0),
                            .code = code, .address = "", .device = ""};

    assert_ok(j, sso_sign_in(j, &s));
    return s;
}

static void
a_code_links_once_and_for_a_week(void **state)
{
    struct job *j = support_job(state);
    char first[SSO_CODE], code[SSO_CODE];
    const struct actor *who;
    struct sso_link *links;
    struct sso_sign_in s;
    bool stale;
    size_t n;

    start(j);
    assert_ok(j, sso_code_make(j, &key, ADA, first));
    assert_int_equal(strlen(first), SSO_CODE - 1);
    assert_ok(j, sso_code_make(j, &key, ADA, code));
    assert_string_equal(sign_in(j, ONE, first).token, ""); /* another was made since */
    assert_string_equal(sign_in(j, ONE, NULL).token, "");
    j->now += SSO_CODE_LASTS;
    assert_string_equal(sign_in(j, ONE, code).token, "");
    j->now -= 1;
    s = sign_in(j, ONE, code);
    assert_ok(j, session_find(j, &key, s.token, &who, &stale));
    assert_non_null(who);
    assert_int_equal(who->account, ADA);
    assert_string_equal(sign_in(j, TWO, code).token, "");
    assert_string_not_equal(sign_in(j, ONE, NULL).token, ""); /* linked for good */
    assert_ok(j, sso_links(j, ADA, &links, &n));
    assert_int_equal(n, 1);
    assert_string_equal(links[0].subject, "s");
    audit_end(&notes);
}

static void
closed_unlinked_or_without_provider_nobody_comes_in_and_sessions_end(void **state)
{
    struct job *j = support_job(state);
    char code[SSO_CODE];
    const struct actor *who;
    struct sso_sign_in s;
    int64_t provider;
    bool stale;

    start(j);
    assert_ok(j, sso_code_make(j, &key, ADA, code));
    s = sign_in(j, ONE, code);
    assert_ok(j, sso_of_session(j, &key, s.token, &provider));
    assert_int_equal(provider, 1);
    assert_ok(j, db_run(j, "UPDATE account SET disabled = 1 WHERE account_id = 7", NO_ARGS, NULL));
    assert_int_equal(look(j, claims(j, ONE, "mfa", 0)), SSO_NOBODY);
    assert_string_equal(sign_in(j, ONE, NULL).token, "");
    assert_ok(j, db_run(j, "UPDATE account SET disabled = NULL", NO_ARGS, NULL));
    assert_ok(j, sso_unlink(j, ADA));
    assert_ok(j, session_find(j, &key, s.token, &who, &stale));
    assert_null(who);
    assert_int_equal(look(j, claims(j, ONE, "mfa", 0)), SSO_NEW);
    assert_ok(j, sso_code_make(j, &key, INES, code));
    s = sign_in(j, TWO, code);
    assert_err(j, sso_provider_end(j, "https://three.example"), ERR_NOT_FOUND);
    err_clear(j);
    assert_ok(j, sso_provider_end(j, TWO));
    assert_ok(j, session_find(j, &key, s.token, &who, &stale));
    assert_null(who);
    assert_int_equal(look(j, claims(j, TWO, "urn:two", 0)), SSO_NOBODY);
    audit_end(&notes);
}

static void
a_provider_that_could_not_work_is_refused(void **state)
{
    static const struct sso_provider wrong[] = {
        {0, "http://three.example", "T", "amr", "mfa"}, {0, "https://t.example", "", "amr", "mfa"},
        {0, "https://t.example", "T", "email", "mfa"}, {0, "https://t.example", "T", "amr", " ,"},
        {0, "https://t.example", "T", "amr", ""}};
    struct job *j = support_job(state);
    const struct sso_provider again = {0, ONE, "One", "amr", "mfa"};

    start(j);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(j, sso_provider_add(j, &wrong[i]), ERR_INPUT);
        err_clear(j);
    }
    assert_err(j, sso_provider_add(j, &again), ERR_CONFLICT);
    audit_end(&notes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(only_what_a_trusted_provider_says_whole_and_fresh_counts),
        SUPPORT_TEST(a_second_factor_is_a_whole_word_of_the_claim_that_counts),
        SUPPORT_TEST(a_code_links_once_and_for_a_week),
        SUPPORT_TEST(closed_unlinked_or_without_provider_nobody_comes_in_and_sessions_end),
        SUPPORT_TEST(a_provider_that_could_not_work_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
