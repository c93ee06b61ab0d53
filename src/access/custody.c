#include "access/custody.h"
#include "access/account.h"
#include "access/permit.h"
#include "access/seal.h"
#include "base/text.h"
#include "store/db.h"

#define WHY_PLACE(area, person) ((struct seal_place){"sealed_child.why", (area), (person)})

int64_t
custody_area(int64_t area)
{
    return area < 0 ? area : -area;
}

int64_t
custody_authority(int64_t area)
{
    return -custody_area(area);
}

static int64_t
own_account(const struct job *j)
{
    return j->who ? j->who->account : 0;
}

static const char sql_keeps[] =
    "SELECT COUNT(*) FROM sealed_custodian WHERE area_id = $1 AND account_id = $2 "
    "AND person_id = $3";

enum err
custody_ask(struct job *j, int64_t person, bool *yes)
{
    int64_t n = 0;
    enum err e = db_int(j, sql_keeps,
                        ARGS(INT(custody_area(j->area)), INT(own_account(j)), INT(person)), 0, &n);

    *yes = n == 1 && own_account(j);
    return e;
}

static const char sql_any[] = "SELECT 1 FROM sealed_child WHERE area_id = $1 LIMIT 1";

enum err
custody_any(struct job *j, bool *yes)
{
    int64_t any = 0;
    enum err e = db_int(j, sql_any, ARGS(INT(custody_area(j->area))), 0, &any);

    *yes = any == 1;
    return e;
}

enum err
custody_within(struct job *j, int64_t person, job_fn *fn, void *arg)
{
    int64_t area = j->area;
    enum err e;

    j->area = custody_area(area);
    e = permit(j, ACT_SEAL, (struct subject){.person = person});
    if (e == ERR_DENIED) {
        err_clear(j);
        err_set(j, ERR_NOT_FOUND, "there is no such record");
        e = err_hint(j, "Look for it under what is sealed and kept by you.");
    }
    if (!e)
        e = fn(j, arg);
    j->area = area;
    return e;
}

/* ---- which, and why ------------------------------------------------------------------------ */

/* A bar keeps out even a custodian. */
#define NOT_BARRED(now)                                                                            \
    "AND NOT EXISTS (SELECT 1 FROM child_bar r WHERE r.area_id = c.area_id "                       \
    "AND r.account_id = c.account_id AND r.person_id = c.person_id AND r.since <= " now            \
    " AND (r.until IS NULL OR r.until > " now ")) "

static const char sql_list[] =
    "SELECT s.person_id, s.since, s.why, a.name, (SELECT COUNT(*) FROM sealed_news n "
    "WHERE n.area_id = s.area_id AND n.person_id = s.person_id AND n.at > c.seen) "
    "FROM sealed_custodian c JOIN sealed_child s ON s.area_id = c.area_id "
    "AND s.person_id = c.person_id LEFT JOIN account a ON a.account_id = s.sealed_by "
    "WHERE c.area_id = $1 AND c.account_id = $2 " NOT_BARRED("$4")
    "ORDER BY s.since DESC, s.person_id LIMIT $3";

enum err
custody_list(struct job *j, const struct key *k, struct custody **out, size_t *n)
{
    int64_t area = custody_area(j->area);
    struct rows q;
    enum err e;

    *out = job_array(j, CUSTODY_MOST, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_list, ARGS(INT(area), INT(own_account(j)), INT(CUSTODY_MOST), INT(j->now)));
    while (db_next(&q))
        (*out)[(*n)++] = (struct custody){row_int(&q, 0), row_int(&q, 1), row_text(&q, 2),
                                          row_text(&q, 3), row_int(&q, 4)};
    e = db_done(&q);
    for (size_t i = 0; !e && i < *n; i++)
        e = seal_open(j, k, WHY_PLACE(area, (*out)[i].person), (*out)[i].why, &(*out)[i].why);
    return e;
}

static enum err
check_why(struct job *j, const char *why, const char **out)
{
    struct span s = span_trim(span_of(why ? why : ""));

    if (!s.n) {
        err_set(j, ERR_INPUT, "Say why");
        return err_hint(j, "Who keeps the record later has only these words to go by.");
    }
    if (s.n > CUSTODY_WHY)
        return err_set(j, ERR_INPUT, "Say why in at most %d letters", CUSTODY_WHY);
    *out = job_format(j, "%.*s", (int)s.n, s.s);
    return OK;
}

static const char sql_begin[] =
    "INSERT INTO sealed_child (area_id, person_id, since, sealed_by, why) "
    "VALUES ($1, $2, $3, $4, $5)";

enum err
custody_begin(struct job *j, const struct key *k, int64_t person, const char *why)
{
    const char *words = NULL, *sealed;
    enum err e = check_why(j, why, &words);

    if (!e)
        e = seal_text(j, k, WHY_PLACE(j->area, person), words, &sealed);
    return e ? e
             : db_run(j, sql_begin, ARGS(INT(j->area), INT(person), INT(j->now),
                                         INT(own_account(j)), TEXT(sealed)), NULL);
}

static const char *const sql_end[] = {
    "DELETE FROM sealed_news WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM sealed_custodian WHERE area_id = $1 AND person_id = $2",
    "DELETE FROM sealed_child WHERE area_id = $1 AND person_id = $2",
};

enum err
custody_end(struct job *j, int64_t person)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < sizeof sql_end / sizeof *sql_end; i++)
        e = db_run(j, sql_end[i], ARGS(INT(j->area), INT(person)), NULL);
    return e;
}

/* ---- by whom ------------------------------------------------------------------------------- */

static const char sql_account[] =
    "SELECT a.account_id FROM account a WHERE a.login = $2 AND a.disabled IS NULL AND EXISTS ("
    "SELECT 1 FROM account_role r WHERE r.account_id = a.account_id AND r.area = $1 "
    "AND r.role = $3 AND r.since <= $4 AND (r.until IS NULL OR r.until > $4))";
static const char sql_name[] =
    "INSERT INTO sealed_custodian (area_id, account_id, person_id, since, seen) "
    "VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING";

enum err
custody_find(struct job *j, const char *login, int64_t *account)
{
    const char *typed = account_login(j, login ? login : "");
    enum err e = db_int(j, sql_account, ARGS(INT(custody_authority(j->area)), TEXT(typed),
                                             TEXT(role_name(ROLE_INCLUSION_LEAD)), INT(j->now)), 0,
                        account);

    if (e || *account)
        return e;
    err_set(j, ERR_INPUT, "Nobody of the inclusion team signs in as \"%.64s\"", typed);
    return err_hint(j, "Give the login of an inclusion lead whose account is open.");
}

enum err
custody_name(struct job *j, int64_t person, const char *login)
{
    int64_t account = 0;
    enum err e = custody_find(j, login, &account);

    if (e)
        return e;
    return db_run(j, sql_name, ARGS(INT(j->area), INT(account), INT(person), INT(j->now)), NULL);
}

static const char sql_closed[] =
    "SELECT account_id FROM account WHERE login = $1 AND disabled IS NOT NULL";
static const char sql_hand_over[] =
    "INSERT INTO sealed_custodian (area_id, account_id, person_id, since, seen) "
    "SELECT c.area_id, $3, c.person_id, $4, c.seen FROM sealed_custodian c "
    "WHERE c.area_id = $1 AND c.account_id = $2 ON CONFLICT DO NOTHING";

enum err
custody_hand_over(struct job *j, const char *from, const char *to)
{
    int64_t old = 0, new = 0;
    enum err e = db_int(j, sql_closed, ARGS(TEXT(account_login(j, from))), 0, &old);

    if (!e && !old) {
        err_set(j, ERR_CONFLICT, "Nobody with a closed account signed in as \"%.64s\"", from);
        e = err_hint(j, "Who has an open account names others on the sealed record itself.");
    }
    if (!e)
        e = custody_find(j, to, &new);
    return e ? e
             : db_run(j, sql_hand_over, ARGS(INT(custody_area(j->area)), INT(old), INT(new),
                                             INT(j->now)), NULL);
}

static const char sql_people[] =
    "SELECT a.name, a.login, c.since, CASE WHEN a.disabled IS NULL THEN 0 ELSE 1 END "
    "FROM sealed_custodian c JOIN account a ON a.account_id = c.account_id "
    "WHERE c.area_id = $1 AND c.person_id = $2 ORDER BY a.name, a.login LIMIT $3";

enum err
custody_people(struct job *j, int64_t person, struct custodian **out, size_t *n)
{
    struct rows q;

    *out = job_array(j, CUSTODY_MOST, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_people, ARGS(INT(j->area), INT(person), INT(CUSTODY_MOST)));
    while (db_next(&q))
        (*out)[(*n)++] = (struct custodian){row_text(&q, 0), row_text(&q, 1), row_int(&q, 2),
                                            row_int(&q, 3) == 1};
    return db_done(&q);
}

/* ---- what came for it ---------------------------------------------------------------------- */

static const char sql_tell[] =
    "INSERT INTO sealed_news (area_id, person_id, at, kind, source, account_id, records) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";

enum err
custody_tell(struct job *j, int64_t person, struct custody_news what)
{
    return db_run(j, sql_tell, ARGS(INT(j->area), INT(person), INT(what.at), TEXT(what.kind),
                                    INT(what.source), what.account ? INT(what.account) : NUL,
                                    INT(what.records)), NULL);
}

static const char sql_news[] =
    "SELECT n.at, n.source, n.records, n.kind, a.name FROM sealed_news n "
    "LEFT JOIN account a ON a.account_id = n.account_id WHERE n.area_id = $1 "
    "AND n.person_id = $2 ORDER BY n.at DESC, n.kind, n.source LIMIT $3";

enum err
custody_news(struct job *j, int64_t person, struct custody_news **out, size_t *n)
{
    struct rows q;

    *out = job_array(j, CUSTODY_MOST, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_news, ARGS(INT(j->area), INT(person), INT(CUSTODY_MOST)));
    while (db_next(&q))
        (*out)[(*n)++] = (struct custody_news){
            .at = row_int(&q, 0), .source = row_int(&q, 1), .records = row_int(&q, 2),
            .kind = row_text(&q, 3), .who = row_text(&q, 4)};
    return db_done(&q);
}

static const char sql_count[] =
    "SELECT COUNT(*) FROM sealed_custodian c JOIN sealed_news n ON n.area_id = c.area_id "
    "AND n.person_id = c.person_id AND n.at > c.seen WHERE c.area_id = $1 AND c.account_id = $2 "
    NOT_BARRED("$3");

enum err
custody_count(struct job *j, int64_t *n)
{
    return db_int(j, sql_count,
                  ARGS(INT(custody_area(j->area)), INT(own_account(j)), INT(j->now)), 0, n);
}

static const char sql_seen[] =
    "UPDATE sealed_custodian SET seen = $4 WHERE area_id = $1 AND account_id = $2 "
    "AND person_id = $3";

enum err
custody_seen(struct job *j, int64_t person)
{
    return db_run(j, sql_seen, ARGS(INT(j->area), INT(own_account(j)), INT(person), INT(j->now)),
                  NULL);
}
