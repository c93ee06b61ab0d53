#include "access/session.h"
#include "store/db.h"

static void
session_id(const struct key *k, const char *token, char *out)
{
    key_hash(k, "session", token, out);
}

static const char sql_add[] =
    "INSERT INTO session (session_id, account_id, csrf, created, seen, ended) "
    "VALUES ($1, $2, $3, $4, $4, NULL)";

enum err
session_add(struct job *j, const struct key *k, int64_t account, char *token)
{
    char id[KEY_HASH], csrf[KEY_TOKEN];

    key_token(token);
    key_token(csrf);
    session_id(k, token, id);
    return db_run(j, sql_add, ARGS(TEXT(id), INT(account), TEXT(csrf), INT(j->now)), NULL);
}

static const char sql_find[] =
    "SELECT a.account_id, a.login, a.name, a.role, a.area, a.urn, s.csrf, s.seen "
    "FROM session s JOIN account a ON a.account_id = s.account_id "
    "WHERE s.session_id = $1 AND s.ended IS NULL AND a.disabled IS NULL "
    "AND s.seen > $2 AND s.created > $3";

static bool
actor_from_row(struct rows *q, struct actor *a)
{
    *a = (struct actor){
        .account = row_int(q, 0),
        .login = row_text(q, 1),
        .name = row_text(q, 2),
        .area = row_int(q, 4),
        .urn = row_int(q, 5),
        .csrf = row_text(q, 6),
    };
    /* a role that this program does not know opens nothing */
    return role_find(row_text(q, 3), &a->role);
}

struct since { /* used, and begun, after these times */
    int64_t used, begun;
};

static enum err
find_since(struct job *j, const char *id, struct since t, const struct actor **out, bool *stale)
{
    struct actor *a = job_alloc(j, sizeof *a);
    struct rows q;

    *out = NULL;
    *stale = false;
    db_ask(j, &q, sql_find, ARGS(TEXT(id), INT(t.used), INT(t.begun)));
    while (db_next(&q)) {
        if (actor_from_row(&q, a))
            *out = a;
        *stale = row_int(&q, 7) <= j->now - SESSION_GRAIN;
    }
    return db_done(&q);
}

enum err
session_find(struct job *j, const struct key *k, const char *token, const struct actor **out,
             bool *stale)
{
    char id[KEY_HASH];

    session_id(k, token, id);
    return find_since(j, id, (struct since){j->now - SESSION_IDLE, j->now - SESSION_LONGEST}, out,
                      stale);
}

enum err
session_find_idle(struct job *j, const struct key *k, const char *token, const struct actor **out)
{
    int64_t day_ago = j->now - 2 * SESSION_LONGEST;
    char id[KEY_HASH];
    bool stale;

    session_id(k, token, id);
    return find_since(j, id, (struct since){day_ago, day_ago}, out, &stale);
}

static const char sql_see[] =
    "UPDATE session SET seen = $2 WHERE session_id = $1 AND ended IS NULL AND seen < $2";

enum err
session_see(struct job *j, const struct key *k, const char *token)
{
    char id[KEY_HASH];

    session_id(k, token, id);
    return db_run(j, sql_see, ARGS(TEXT(id), INT(j->now)), NULL);
}

static const char sql_end[] =
    "UPDATE session SET ended = $2 WHERE session_id = $1 AND ended IS NULL";

enum err
session_end(struct job *j, const struct key *k, const char *token)
{
    char id[KEY_HASH];

    session_id(k, token, id);
    return db_run(j, sql_end, ARGS(TEXT(id), INT(j->now)), NULL);
}

static const char sql_sweep[] = "DELETE FROM session WHERE created < $1";

enum err
session_sweep(struct job *j)
{
    return db_run(j, sql_sweep, ARGS(INT(j->now - 2 * SESSION_LONGEST)), NULL);
}
