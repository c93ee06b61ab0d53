/* Mail that waits: what is added, when it is tried, what becomes of it. */
#include "support/people.h"
#include "access/account.h"
#include "access/email.h"
#include "access/glass.h"
#include "access/guard.h"
#include "access/outbox.h"
#include "access/permit.h"
#include "access/seal.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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
    bool shut, dumb; /* dumb: it takes a letter and does not say so */
    int n;
    int64_t made;
    char to[100], text[1000], subject[100], id[40];
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
    snprintf(p->id, sizeof p->id, "%s", m->id);
    p->made = m->made;
    if (p->dumb)
        return err_set(j, ERR_CONFLICT, "The post office said nothing");
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

/* ---- killed over a mail ---------------------------------------------------------------------- */

/* Before the letter is given to the post, or when it has it and nothing is noted yet. */
static enum err
carry_and_die(struct job *j, const struct mail *m, void *arg)
{
    const char *const *path = arg;
    int fd = path[1] ? creat(path[0], 0600) : -1;

    (void)j;
    if (path[1] && dprintf(fd, "%s %lld", m->id, (long long)m->made) < 1)
        _exit(3);
    kill(getpid(), SIGKILL);
    return OK;
}

/* In a program of its own, that opens the database by itself. */
static void
send_and_die(struct job *j, bool after)
{
    const char *path[] = {support_path(j, "letter"), after ? "after" : NULL};
    const char *url = support_url(j);
    int how;
    pid_t child = fork();

    if (!child) {
        struct job own;
        int sent;
        job_init(&own, 16 * JOB_MB);
        own.now = j->now;
        own.today = j->today;
        if (db_open(&own, url, DB_WRITE, &own.db) ||
            outbox_send(&own, &key, carry_and_die, path, &sent))
            _exit(1);
        _exit(0);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
}

static int64_t
unsure(struct job *j)
{
    int64_t n;

    assert_ok(j, outbox_unsure(j, &n));
    return n;
}

static enum err
settle(struct job *j, bool again)
{
    struct outbox_row r = newest(j);

    return outbox_settle(j, &(struct outbox_settle){r.area, r.id, again});
}

static void
a_mail_over_which_the_program_was_killed_goes_again_when_somebody_says_so(void **state)
{
    struct job *j = support_job(state);
    struct post p = {0};
    char letter[100];

    start(j);
    for (int after = 0; after < 2; after++) {
        int64_t made = j->now += MINUTE;
        add(j, MAIL_INVITATION, 7, "https://rooted.example/invitation/Secret");
        send_and_die(j, after);
        assert_string_equal(newest(j).state, "sending");
        assert_int_equal(go(j, &p), 0); /* the other program may live still */
        assert_string_equal(newest(j).state, "sending");
        assert_err(j, settle(j, true), ERR_NOT_FOUND);
        err_clear(j);
        for (int i = 0; i < 3; i++) { /* never by itself */
            j->now += 2000 * MINUTE;
            assert_int_equal(go(j, &p), 0);
        }
        assert_string_equal(newest(j).state, "perhaps");
        assert_string_equal(newest(j).problem, "The program ended while it was being sent");
        assert_int_equal(unsure(j), 1);
        assert_ok(j, settle(j, true));
        assert_int_equal(unsure(j), 0);
        assert_int_equal(go(j, &p), 1);
        assert_string_equal(newest(j).state, "sent");
        assert_non_null(strstr(p.text, "Secret"));
        assert_int_equal(p.made, made); /* the same message, which mail programs show once */
        if (after) {
            FILE *f = fopen(support_path(j, "letter"), "re");
            assert_non_null(f);
            assert_non_null(fgets(letter, sizeof letter, f));
            fclose(f);
            assert_string_equal(letter, job_format(j, "%s %lld", p.id, (long long)made));
        }
    }
    assert_int_equal(p.n, 2);
}

static void
one_without_an_answer_is_perhaps_sent_and_can_be_left_at_that(void **state)
{
    struct job *j = support_job(state);
    struct post p = {.dumb = true};
    int64_t links;

    start(j);
    add(j, MAIL_INVITATION, 7, "https://rooted.example/invitation/Secret");
    assert_int_equal(go(j, &p), 0);
    assert_int_equal(p.n, 1);
    assert_string_equal(newest(j).state, "perhaps");
    assert_string_equal(newest(j).problem, "The post office said nothing");
    j->who = &joan; /* for administrators alone */
    assert_err(j, outbox_settle(j, &(struct outbox_settle){0, 1, false}), ERR_DENIED);
    err_clear(j);
    j->who = NULL;
    assert_ok(j, settle(j, false));
    assert_string_equal(newest(j).state, "left");
    assert_ok(j, db_int(j, "SELECT COUNT(*) FROM outbox WHERE link IS NOT NULL", NO_ARGS, 0,
                        &links));
    assert_int_equal(links, 0);
    j->now += 2000 * MINUTE;
    assert_int_equal(go(j, &p), 0);
    assert_int_equal(p.n, 1);
    add(j, MAIL_INVITATION, 7, "https://rooted.example/invitation/Other");
    go(j, &p);
    assert_ok(j, outbox_drop(j, MAIL_INVITATION, 7)); /* withdrawn: nothing to send again */
    assert_int_equal(unsure(j), 0);
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
        SUPPORT_TEST(a_mail_over_which_the_program_was_killed_goes_again_when_somebody_says_so),
        SUPPORT_TEST(one_without_an_answer_is_perhaps_sent_and_can_be_left_at_that),
        SUPPORT_TEST(a_mail_to_nobody_any_more_is_not_sent),
        SUPPORT_TEST(an_opening_in_an_emergency_is_told_to_its_owner_and_the_officer),
        SUPPORT_TEST(what_was_settled_a_year_ago_is_forgotten_and_nothing_that_waits),
        SUPPORT_TEST(texts_are_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
