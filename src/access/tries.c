#include "access/tries.h"
#include "store/db.h"

#define MINUTE ((int64_t)60 * 1000000)
#define DAY (24 * 60 * MINUTE)
#define KNOWN (90 * DAY)

int64_t
tries_wait_after(int64_t failures, int64_t free)
{
    int64_t doubled = failures - free;

    if (doubled < 0)
        return 0;
    return doubled >= 6 ? 60 * MINUTE : MINUTE << doubled;
}

struct tries
tries_of(const struct key *k, const char *login, const char *address)
{
    struct tries t = {.nowhere = !*address};

    key_hash(k, "login", login, t.login);
    key_hash(k, "address", address, t.address);
    return t;
}

/* A last try in the future: the clock was turned back, and the wait would last until it has
 * caught up.  The count stays, so the next wrong one waits again. */
static const char sql_wait[] =
    "SELECT login, address, CASE WHEN failed > $3 OR waits_until IS NULL THEN 0 "
    "ELSE waits_until END, let_in FROM sign_in_try "
    "WHERE (login = $1 AND address = $2) OR (login = $1 AND address = '') "
    "OR (login = '' AND address = $2)";

enum err
tries_wait(struct job *j, const struct tries *t, int64_t *until)
{
    int64_t own = 0, others = 0, let_in = 0;
    struct rows q;

    db_ask(j, &q, sql_wait, ARGS(TEXT(t->login), TEXT(t->address), INT(j->now)));
    while (db_next(&q)) {
        int64_t waits = row_int(&q, 2);
        bool pair = *row_text(&q, 0) && *row_text(&q, 1);
        if (pair) {
            own = waits;
            let_in = row_int(&q, 3);
        } else if (waits > others) {
            others = waits;
        }
    }
    *until = own;
    if (let_in <= j->now - KNOWN && others > own)
        *until = others;
    if (*until <= j->now)
        *until = 0;
    return db_done(&q);
}

static const char sql_count[] =
    "INSERT INTO sign_in_try (login, address, failures, failed, waits_until, let_in) "
    "VALUES ($1, $2, 1, $3, NULL, NULL) ON CONFLICT (login, address) DO UPDATE SET "
    "failures = CASE WHEN sign_in_try.failed < $4 THEN 1 ELSE sign_in_try.failures + 1 END, "
    "failed = excluded.failed RETURNING failures";
static const char sql_set_wait[] =
    "UPDATE sign_in_try SET waits_until = $3 WHERE login = $1 AND address = $2";

static enum err
count(struct job *j, const char *login, const char *address, int64_t free)
{
    int64_t failures, wait;
    enum err e = db_int(j, sql_count,
                        ARGS(TEXT(login), TEXT(address), INT(j->now), INT(j->now - DAY)), 1,
                        &failures);

    wait = e ? 0 : tries_wait_after(failures, free);
    return e ? e : db_run(j, sql_set_wait, ARGS(TEXT(login), TEXT(address),
                                                wait ? INT(j->now + wait) : NUL), NULL);
}

static const char sql_known[] =
    "SELECT 1 FROM sign_in_try WHERE login = $1 AND address = $2 AND let_in > $3";

enum err
tries_wrong(struct job *j, const struct tries *t)
{
    int64_t known = 0;
    enum err e = db_int(j, sql_known, ARGS(TEXT(t->login), TEXT(t->address), INT(j->now - KNOWN)),
                        0, &known);

    if (!e)
        e = count(j, t->login, t->address, TRIES);
    if (!e && !known) /* a person at home who mistypes tells nothing about strangers */
        e = count(j, t->login, "", TRIES_OF_LOGIN);
    return e || known || t->nowhere ? e : count(j, "", t->address, TRIES_OF_ADDRESS);
}

static const char sql_right[] =
    "INSERT INTO sign_in_try (login, address, failures, failed, waits_until, let_in) "
    "VALUES ($1, $2, 0, 0, NULL, $3) ON CONFLICT (login, address) DO UPDATE SET failures = 0, "
    "waits_until = NULL, let_in = excluded.let_in";

enum err
tries_right(struct job *j, const struct tries *t)
{
    return db_run(j, sql_right, ARGS(TEXT(t->login), TEXT(t->address), INT(j->now)), NULL);
}

static const char sql_forgive[] =
    "UPDATE sign_in_try SET failures = 0, waits_until = NULL WHERE login = $1";

enum err
tries_forgive(struct job *j, const struct key *k, const char *login)
{
    const struct tries t = tries_of(k, login, "");

    return db_run(j, sql_forgive, ARGS(TEXT(t.login)), NULL);
}

static const char sql_sweep[] =
    "DELETE FROM sign_in_try WHERE failed < $1 AND (let_in IS NULL OR let_in < $2)";

enum err
tries_sweep(struct job *j)
{
    return db_run(j, sql_sweep, ARGS(INT(j->now - 2 * DAY), INT(j->now - KNOWN)), NULL);
}
