#include "support/served.h"
#include "support/html.h"
#include "support/people.h"
#include "access/account.h"
#include <stdatomic.h>

static _Atomic int64_t the_time;

static int64_t
test_clock(void *arg)
{
    (void)arg;
    return atomic_load(&the_time);
}

void
served_pass(int64_t microseconds)
{
    atomic_fetch_add(&the_time, microseconds);
}

/* "three plain words", hashed once for all: a hash takes a tenth of a second. */
static const char sql_people[] = "UPDATE account SET passphrase = $2 WHERE account_id = $1";

static const char *
make_hash(struct job *j)
{
    static char hash[200];
    struct account a = {.login = "seed", .name = "Seed", .role = ROLE_ADMINISTRATOR};
    static const char sql_hash[] = "SELECT passphrase FROM account WHERE login = 'seed'";
    static const char sql_drop_role[] = 
        "DELETE FROM account_role WHERE account_id IN "
        "(SELECT account_id FROM account WHERE login = 'seed')";
    static const char sql_drop[] = "DELETE FROM account WHERE login = 'seed'";
    struct rows q;
    int64_t id;

    if (hash[0])
        return hash;
    assert_ok(j, account_add(j, &a, "three plain words", &id));
    db_ask(j, &q, sql_hash, NO_ARGS);
    while (db_next(&q))
        snprintf(hash, sizeof hash, "%s", row_text(&q, 0));
    assert_ok(j, db_done(&q));
    assert_ok(j, db_run(j, sql_drop_role, NO_ARGS, NULL));
    assert_ok(j, db_run(j, sql_drop, NO_ARGS, NULL));
    return hash;
}

static void
add_people(struct job *j)
{
    const char *hash = make_hash(j);

    for (int r = 0; r < ROLES; r++) {
        struct actor a = {.account = r + 1, .login = role_name((enum role)r),
                          .name = role_title((enum role)r), .role = (enum role)r, .area = 1,
                          .urn = 100001};
        support_account(j, &a);
        assert_ok(j, db_run(j, sql_people, ARGS(INT(r + 1), TEXT(hash)), NULL));
    }
}

void
served_start(struct served *s, struct job *j, const struct server_limits *limits)
{
    struct server_options o = {.home = support_path(j, "."), .clock = test_clock};

    *s = (struct served){.j = j};
    atomic_store(&the_time, SUPPORT_NOW);
    if (!j->db) {
        support_db(j);
        support_area(j);
    }
    add_people(j);
    o.url = support_url(j);
    if (limits)
        o.limits = *limits;
    job_init(&s->serving, 16 * JOB_MB);
    assert_ok(&s->serving, server_start(&s->serving, &o, &s->server));
    client_begin(&s->client, j, server_port(s->server));
}

void
served_stop(struct served *s)
{
    client_end(&s->client);
    job_end(&s->serving);
}

void
served_sign_in(struct served *s, const char *role)
{
    struct answer_seen a = client_sign_in(&s->client, role, SERVED_PASSPHRASE);

    assert_int_equal(a.status, 303);
    assert_true(s->client.cookie[0] != '\0');
}

void
served_again(struct served *s)
{
    struct answer_seen a = client_get(&s->client, "/account");
    const char *csrf = client_csrf(&s->client, &a);

    assert_non_null(csrf);
    a = client_post(&s->client, "/account/again",
                    job_format(s->j, "csrf=%s&passphrase=" SERVED_PASSPHRASE, csrf));
    assert_int_equal(a.status, 303);
}

int64_t
served_count(struct served *s, const char *sql)
{
    int64_t n;

    assert_ok(s->j, db_int(s->j, sql, NO_ARGS, 0, &n));
    return n;
}

struct answer_seen
served_get(struct served *s, const char *path, int status)
{
    struct answer_seen a = client_get(&s->client, path);
    struct html o;

    assert_int_equal(a.status, status);
    html_begin(&o);
    html_lit(&o, a.body, a.n_body);
    html_sound(&o);
    html_done(&o);
    return a;
}

struct answer_seen
served_post(struct served *s, const char *path, const char *fields, int status)
{
    struct answer_seen a = client_get(&s->client, "/help");

    a = client_post(&s->client, path,
                    job_format(s->j, "csrf=%s%s", client_csrf(&s->client, &a), fields));
    assert_int_equal(a.status, status);
    return a;
}
