/* Mail that waits: what is added, when it is tried, what becomes of it. */
#include "support/people.h"
#include "access/account.h"
#include "access/email.h"
#include "access/glass.h"
#include "access/guard.h"
#include "access/outbox.h"
#include "access/permit.h"
#include "access/seal.h"

static const int64_t MINUTE = (int64_t)60 * 1000000;
static const struct actor ann = {.account = 7, .login = "ann", .name = "Ann",
                                 .role = ROLE_INCLUSION_LEAD, .area = 1};
static const struct actor joan = {.account = 8, .login = "joan", .name = "Joan",
                                  .role = ROLE_INCLUSION_LEAD, .area = 1};
static const struct actor omar = {.account = 9, .login = "omar", .name = "Omar",
                                  .role = ROLE_GOVERNANCE, .area = 1};
static struct key key;

static void
start(struct job *j)
{
    support_db(j);
    support_area(j);
    assert_ok(j, key_load(j, support_path(j, "."), &key));
    support_account(j, &ann);
    support_account(j, &joan);
    support_account(j, &omar);
    assert_ok(j, email_change(j, &key, 7, "ann@council.example"));
    assert_ok(j, email_change(j, &key, 9, "omar@council.example"));
}

/* A post that remembers the last letter, or does not take any. */
struct post {
    bool shut;
    int n;
    char to[100], text[1000], subject[100];
};

static enum err
carry(struct job *j, const struct mail *m, void *arg)
{
    struct post *p = arg;

    if (p->shut)
        return err_set(j, ERR_ENV, "The post office is shut");
    p->n++;
    snprintf(p->to, sizeof p->to, "%s", m->to);
    snprintf(p->text, sizeof p->text, "%s", m->text);
    snprintf(p->subject, sizeof p->subject, "%s", m->subject);
    return OK;
}

static int
go(struct job *j, struct post *p)
{
    int sent;

    assert_ok(j, outbox_send(j, &key, carry, p, &sent));
    return sent;
}

static bool
add(struct job *j, enum mail_kind kind, int64_t account, const char *link)
{
    bool queued;

    assert_ok(j, outbox_add(j, &key, &(struct mail_order){kind, account, link}, &queued));
    return queued;
}

static struct outbox_row
newest(struct job *j)
{
    struct outbox_row *v;
    size_t n;

    assert_ok(j, outbox_list(j, &v, &n));
    assert_true(n > 0);
    return v[0];
}

static void
a_mail_goes_once_to_the_address_of_then(void **state)
{
    struct job *j = support_job(state);
    struct post p = {0};

    start(j);
    assert_true(add(j, MAIL_INVITATION, 7, "https://rooted.example/invitation/Secret"));
    assert_false(add(j, MAIL_INVITATION, 8, "https://rooted.example/x")); /* no address */
    assert_ok(j, email_change(j, &key, 7, "ann.lee@council.example"));
    assert_int_equal(go(j, &p), 1);
    assert_int_equal(go(j, &p), 0);
    assert_int_equal(p.n, 1);
    assert_string_equal(p.to, "ann.lee@council.example");
    assert_non_null(strstr(p.text, "https://rooted.example/invitation/Secret"));
    assert_null(strstr(p.text, "Ann"));
    assert_string_equal(newest(j).state, "sent");
    assert_string_equal(newest(j).to, "Ann");
}

static void
a_link_is_sealed_while_it_waits_and_gone_afterwards(void **state)
{
    static const char sql_link[] = "SELECT COUNT(*) FROM outbox WHERE link LIKE $1";
    struct job *j = support_job(state);
    struct post p = {0};
    int64_t n, sealed;

    start(j);
    add(j, MAIL_INVITATION, 7, "https://rooted.example/invitation/Secret");
    assert_ok(j, db_int(j, sql_link, ARGS(TEXT("%Secret%")), 0, &n));
    assert_int_equal(n, 0);
    assert_ok(j, seal_renew(j, &key)); /* a rotation reaches it */
    assert_ok(j, seal_rotate(j, &key, &sealed));
    assert_int_equal(sealed, 3); /* two addresses, one link */
    go(j, &p);
    assert_non_null(strstr(p.text, "Secret"));
    assert_ok(j, db_int(j, sql_link, ARGS(TEXT("%")), 0, &n));
    assert_int_equal(n, 0);
}

static void
a_newer_link_puts_the_older_aside(void **state)
{
    struct job *j = support_job(state);
    struct post p = {0};

    start(j);
    add(j, MAIL_INVITATION, 7, "https://rooted.example/invitation/first");
    j->now++;
    add(j, MAIL_INVITATION, 7, "https://rooted.example/invitation/second");
    assert_int_equal(go(j, &p), 1);
    assert_non_null(strstr(p.text, "second"));
}

static void
tries_have_growing_waits_and_an_end(void **state)
{
    struct job *j = support_job(state);
    struct post p = {.shut = true};
    struct outbox_row r;
    int tries = 0;

    start(j);
    add(j, MAIL_GLASS_OWNER, 7, NULL);
    for (int i = 1; i < OUTBOX_TRIES; i++)
        assert_true(outbox_wait_after(i + 1) >= outbox_wait_after(i));
    assert_int_equal(outbox_wait_after(1), MINUTE);
    go(j, &p);
    assert_string_equal(newest(j).problem, "The post office is shut");
    go(j, &p);
    assert_int_equal(newest(j).tries, 1); /* it is not due */
    j->now += MINUTE - 1;
    go(j, &p);
    assert_int_equal(newest(j).tries, 1);
    j->now += 1;
    go(j, &p);
    assert_int_equal(newest(j).tries, 2);
    for (r = newest(j); !r.settled && tries < 100; r = newest(j), tries++) {
        j->now = r.next_try;
        go(j, &p);
    }
    assert_int_equal(r.tries, OUTBOX_TRIES);
    assert_string_equal(r.state, "given-up");
    p.shut = false;
    j->now += 1000 * MINUTE;
    assert_int_equal(go(j, &p), 0);
}

static void
what_did_not_go_goes_later_and_holds_nothing_up_for_good(void **state)
{
    struct job *j = support_job(state);
    struct post p = {.shut = true};

    start(j);
    add(j, MAIL_GLASS_OWNER, 7, NULL);
    add(j, MAIL_GLASS_OFFICER, 9, NULL);
    go(j, &p);
    p.shut = false;
    assert_int_equal(go(j, &p), 1); /* the second was not tried yet */
    j->now += MINUTE;
    assert_int_equal(go(j, &p), 1);
    assert_string_equal(newest(j).state, "sent");
    assert_null(newest(j).problem);
}

/* It was counted before it went, so that it waits; then it goes (again). */
static void
a_program_killed_over_a_mail_tries_it_later(void **state)
{
    struct job *j = support_job(state);
    struct post p = {0};

    start(j);
    add(j, MAIL_GLASS_OWNER, 7, NULL);
    assert_ok(j, db_run(j, "UPDATE outbox SET tries = 1, next_try = $1", ARGS(INT(j->now + MINUTE)),
                        NULL));
    assert_int_equal(go(j, &p), 0);
    j->now += MINUTE;
    assert_int_equal(go(j, &p), 1);
}

static void
a_mail_to_nobody_any_more_is_not_sent(void **state)
{
    struct job *j = support_job(state);
    struct post p = {0};

    start(j);
    add(j, MAIL_GLASS_OWNER, 7, NULL);
    assert_ok(j, email_change(j, &key, 7, ""));
    assert_int_equal(go(j, &p), 0);
    assert_non_null(strstr(newest(j).problem, "no address"));
    assert_ok(j, account_disable(j, "omar"));
    assert_false(add(j, MAIL_GLASS_OFFICER, 9, NULL));
}

/* ---- an opening in an emergency -------------------------------------------------------------- */

static const char sql_person[] = "INSERT INTO person (area_id, person_id) VALUES (1, 4)";
static const char sql_guard[] =
    "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
    "VALUES (1, 4, 7, 'colleague', 1, 7)";

static void
an_opening_in_an_emergency_is_told_to_its_owner_and_the_officer(void **state)
{
    struct job *j = support_job(state);
    struct post p = {0};
    int64_t n;

    start(j);
    assert_ok(j, db_run(j, sql_person, NO_ARGS, NULL));
    assert_ok(j, db_run(j, sql_guard, NO_ARGS, NULL));
    j->who = &joan;
    assert_ok(j, glass_begin(j, (struct glass_order){4, GLASS_HARM, "The child is not home"}));
    j->who = NULL;
    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM outbox WHERE account_id IN (7, 9)", NO_ARGS, 0,
                        &n));
    assert_int_equal(n, 2);
    assert_int_equal(go(j, &p), 2);
    assert_string_equal(p.to, "omar@council.example");
    assert_non_null(strstr(p.text, "Sign in to RootED"));
    assert_null(strstr(p.text, "Joan"));
    assert_null(strstr(p.text, "home"));
}

static void
what_was_settled_a_year_ago_is_forgotten_and_nothing_that_waits(void **state)
{
    struct job *j = support_job(state);
    struct post p = {0};
    int64_t n;

    start(j);
    add(j, MAIL_GLASS_OWNER, 7, NULL);
    go(j, &p);
    j->now += 60 * 24 * 365 * MINUTE;
    add(j, MAIL_GLASS_OWNER, 9, NULL);
    assert_ok(j, outbox_sweep(j));
    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM outbox", NO_ARGS, 0, &n));
    assert_int_equal(n, 2);
    j->now += 60 * 48 * MINUTE;
    assert_ok(j, outbox_sweep(j));
    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM outbox", NO_ARGS, 0, &n));
    assert_int_equal(n, 1);
}

/* Each text is what every mail program shows, and tells of nobody. */
static void
texts_are_plain(void **state)
{
    static const char *const texts[] = {
#define MAIL(id, name, about, subject, text, after) subject, text, after,
#include "access/mails.def"
#undef MAIL
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t width = 0;
        for (const char *c = texts[i]; c && *c; c++) {
            assert_true(*c == '\n' || (*c >= ' ' && *c < 127));
            assert_true(*c != '%');
            width = *c == '\n' ? 0 : width + 1;
            assert_true(width <= 76);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_mail_goes_once_to_the_address_of_then),
        SUPPORT_TEST(a_link_is_sealed_while_it_waits_and_gone_afterwards),
        SUPPORT_TEST(a_newer_link_puts_the_older_aside),
        SUPPORT_TEST(tries_have_growing_waits_and_an_end),
        SUPPORT_TEST(what_did_not_go_goes_later_and_holds_nothing_up_for_good),
        SUPPORT_TEST(a_program_killed_over_a_mail_tries_it_later),
        SUPPORT_TEST(a_mail_to_nobody_any_more_is_not_sent),
        SUPPORT_TEST(an_opening_in_an_emergency_is_told_to_its_owner_and_the_officer),
        SUPPORT_TEST(what_was_settled_a_year_ago_is_forgotten_and_nothing_that_waits),
        SUPPORT_TEST(texts_are_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
