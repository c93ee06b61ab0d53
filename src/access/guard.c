#include "access/guard.h"
#include "access/account.h"
#include "access/permit.h"
#include "base/text.h"
#include "store/db.h"

/* ---- how a record is kept ---------------------------------------------------------- */

static const char sql_guard[] =
    "SELECT g.owner_id, a.name, g.why, g.since, "
    "EXISTS (SELECT 1 FROM child_named n WHERE n.area_id = $1 AND n.person_id = $2 "
    "AND n.account_id = $3 AND n.since <= $4 AND (n.until IS NULL OR n.until > $4)), "
    "COALESCE((SELECT MAX(k.glass_id) FROM break_glass k WHERE k.area_id = $1 "
    "AND k.person_id = $2 AND k.account_id = $3 AND k.until > $4 AND k.finished IS NULL), 0), "
    "EXISTS (SELECT 1 FROM child_bar r WHERE r.area_id = $1 AND r.account_id = $3 "
    "AND r.person_id = $2 AND r.since <= $4 AND (r.until IS NULL OR r.until > $4)), "
    "CASE WHEN a.account_id IS NULL OR a.disabled IS NOT NULL OR NOT EXISTS (SELECT 1 "
    "FROM account_role o WHERE o.account_id = g.owner_id AND o.area = $1 AND o.since <= $4 "
    "AND (o.until IS NULL OR o.until > $4)) THEN 1 ELSE 0 END, "
    "(SELECT MIN(t.at) FROM (SELECT n.since AS at FROM child_named n WHERE n.area_id = $1 "
    "AND n.person_id = $2 AND n.account_id = $3 UNION ALL SELECT n.until FROM child_named n "
    "WHERE n.area_id = $1 AND n.person_id = $2 AND n.account_id = $3 UNION ALL "
    "SELECT r.since FROM child_bar r WHERE r.area_id = $1 AND r.account_id = $3 "
    "AND r.person_id = $2 UNION ALL SELECT r.until FROM child_bar r WHERE r.area_id = $1 "
    "AND r.account_id = $3 AND r.person_id = $2 UNION ALL SELECT k.until FROM break_glass k "
    "WHERE k.area_id = $1 AND k.person_id = $2 AND k.account_id = $3) t WHERE t.at > $4) "
    "FROM (SELECT 1 AS one) z LEFT JOIN child_guard g ON g.area_id = $1 AND g.person_id = $2 "
    "LEFT JOIN account a ON a.account_id = g.owner_id";

static void
guard_from_row(struct rows *q, int64_t who, struct guard *g)
{
    bool restricted = !row_is_null(q, 0);

    *g = (struct guard){
        .restricted = restricted,
        .owner = row_int_or(q, 0, 0),
        .owner_name = row_text(q, 1),
        .why = row_text(q, 2),
        .since = row_int_or(q, 3, 0),
        .named = row_int(q, 4) == 1,
        .glass = row_int(q, 5),
        .barred = row_int(q, 6) == 1,
        .orphan = restricted && row_int(q, 7) == 1,
        .until = row_int_or(q, 8, 0),
    };
    g->named = restricted && (g->named || g->owner == who);
}

enum err
guard_get(struct job *j, int64_t person, struct guard *out)
{
    int64_t who = j->who ? j->who->account : 0;
    struct rows q;

    *out = (struct guard){0};
    db_ask(j, &q, sql_guard, ARGS(INT(j->area), INT(person), INT(who), INT(j->now)));
    if (db_next(&q))
        guard_from_row(&q, who, out);
    return db_done(&q);
}

/* ---- changing it --------------------------------------------------------------------- */

static enum err
allowed(struct job *j, int64_t person, const char *what)
{
    return permit(j, ACT_LEVEL, (struct subject){.person = person, .what = what});
}

/* *out: the reason without blanks at its ends. */
static enum err
check_why(struct job *j, const char *why, const char **out)
{
    struct span s = span_trim(span_of(why ? why : ""));

    if (!s.n) {
        err_set(j, ERR_INPUT, "Say why");
        return err_hint(j, "Who looks at it later has only these words to go by.");
    }
    if (s.n > GUARD_WHY)
        return err_set(j, ERR_INPUT, "Say why in at most %d letters", GUARD_WHY);
    *out = job_format(j, "%.*s", (int)s.n, s.s);
    return OK;
}

/* Somebody with a role in this area who may sign in. */
static const char sql_person[] =
    "SELECT a.account_id FROM account a WHERE a.login = $2 AND a.disabled IS NULL "
    "AND EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.account_id AND r.area = $1 "
    "AND r.since <= $3 AND (r.until IS NULL OR r.until > $3))";

static enum err
find_account(struct job *j, const char *login, int64_t *out)
{
    enum err e = db_int(j, sql_person,
                        ARGS(INT(j->area), TEXT(account_login(j, login ? login : "")),
                             INT(j->now)), 0, out);

    if (e || *out)
        return e;
    err_set(j, ERR_INPUT, "Nobody here signs in as \"%.64s\"", login ? login : "");
    return err_hint(j, "Give the login of a person of this authority whose account is open.");
}

static const char sql_restrict[] =
    "INSERT INTO child_guard (area_id, person_id, owner_id, why, since, set_by) "
    "VALUES ($1, $2, $3, $4, $5, $6)";

enum err
guard_restrict(struct job *j, struct guard_order o)
{
    int64_t owner = j->who ? j->who->account : 0;
    struct guard now;
    const char *why;
    enum err e = allowed(j, o.person, "restrict");

    if (!e)
        e = check_why(j, o.why, &why);
    if (!e && o.owner)
        e = find_account(j, o.owner, &owner);
    if (!e)
        e = guard_get(j, o.person, &now);
    if (e)
        return e;
    if (now.restricted)
        return err_set(j, ERR_CONFLICT, "This record is restricted already");
    return db_run(j, sql_restrict,
                  ARGS(INT(j->area), INT(o.person), INT(owner), TEXT(why), INT(j->now),
                       INT(j->who ? j->who->account : 0)),
                  NULL);
}

static const char sql_lift[] = "DELETE FROM child_guard WHERE area_id = $1 AND person_id = $2";
static const char sql_lift_named[] =
    "UPDATE child_named SET until = $3 WHERE area_id = $1 AND person_id = $2 "
    "AND (until IS NULL OR until > $3)";

enum err
guard_lift(struct job *j, int64_t person, const char *why)
{
    const char *words;
    int64_t changed = 0;
    enum err e = allowed(j, person, "lift");

    if (!e)
        e = check_why(j, why, &words);
    if (!e)
        e = db_run(j, sql_lift, ARGS(INT(j->area), INT(person)), &changed);
    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "This record is not restricted");
    return e ? e
             : db_run(j, sql_lift_named, ARGS(INT(j->area), INT(person), INT(j->now)), NULL);
}

static const char sql_name[] =
    "INSERT INTO child_named (area_id, person_id, account_id, since, until, given_by) "
    "SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM child_guard "
    "WHERE area_id = $1 AND person_id = $2)";
static const char sql_unname[] =
    "UPDATE child_named SET until = $4 WHERE area_id = $1 AND person_id = $2 "
    "AND account_id = $3 AND (until IS NULL OR until > $4)";

enum err
guard_name(struct job *j, int64_t person, const char *login, int64_t until)
{
    int64_t account = 0, changed = 0;
    enum err e = allowed(j, person, "name");

    if (!e)
        e = find_account(j, login, &account);
    if (!e && until && until <= j->now)
        return err_set(j, ERR_INPUT, "The last day must not be over already");
    if (!e) /* named anew from now, with the new end */
        e = db_run(j, sql_unname,
                   ARGS(INT(j->area), INT(person), INT(account), INT(j->now)), NULL);
    if (!e)
        e = db_run(j, sql_name,
                   ARGS(INT(j->area), INT(person), INT(account), INT(j->now),
                        until ? INT(until) : NUL, INT(j->who ? j->who->account : 0)),
                   &changed);
    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "This record is not restricted");
    return e;
}

enum err
guard_unname(struct job *j, int64_t person, const char *login)
{
    int64_t account = 0, changed = 0;
    enum err e = allowed(j, person, "unname");

    if (!e)
        e = find_account(j, login, &account);
    if (!e)
        e = db_run(j, sql_unname,
                   ARGS(INT(j->area), INT(person), INT(account), INT(j->now)), &changed);
    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "That person is not named for this record");
    return e;
}

static const char sql_bar[] =
    "INSERT INTO child_bar (area_id, account_id, person_id, since, until, why, set_by) "
    "SELECT $1, $2, $3, $4, NULL, $5, $6 WHERE NOT EXISTS (SELECT 1 FROM child_bar "
    "WHERE area_id = $1 AND account_id = $2 AND person_id = $3 "
    "AND (until IS NULL OR until > $4))";
static const char sql_unbar[] =
    "UPDATE child_bar SET until = $4 WHERE area_id = $1 AND account_id = $2 "
    "AND person_id = $3 AND (until IS NULL OR until > $4)";

enum err
guard_bar(struct job *j, int64_t person, const char *login, const char *why)
{
    int64_t account = 0, changed = 0;
    const char *words;
    enum err e = allowed(j, person, "bar");

    if (!e)
        e = check_why(j, why, &words);
    if (!e)
        e = find_account(j, login, &account);
    if (!e && j->who && account == j->who->account)
        return err_set(j, ERR_INPUT, "Ask a colleague to bar you: you would not see this page");
    if (!e)
        e = db_run(j, sql_bar,
                   ARGS(INT(j->area), INT(account), INT(person), INT(j->now), TEXT(words),
                        INT(j->who ? j->who->account : 0)),
                   &changed);
    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "That person is barred already");
    return e;
}

enum err
guard_unbar(struct job *j, int64_t person, const char *login)
{
    int64_t account = 0, changed = 0;
    enum err e = allowed(j, person, "unbar");

    if (!e)
        e = find_account(j, login, &account);
    if (!e)
        e = db_run(j, sql_unbar,
                   ARGS(INT(j->area), INT(account), INT(person), INT(j->now)), &changed);
    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "That person is not barred");
    return e;
}

/* ---- lists ----------------------------------------------------------------------------- */

static const char sql_list_named[] =
    "SELECT n.account_id, a.login, a.name, NULL, n.since, n.until FROM child_named n "
    "JOIN account a ON a.account_id = n.account_id WHERE n.area_id = $1 AND n.person_id = $2 "
    "AND n.since <= $3 AND (n.until IS NULL OR n.until > $3) ORDER BY a.name, a.login";
static const char sql_list_barred[] =
    "SELECT r.account_id, a.login, a.name, r.why, r.since, r.until FROM child_bar r "
    "JOIN account a ON a.account_id = r.account_id WHERE r.area_id = $1 AND r.person_id = $2 "
    "AND r.since <= $3 AND (r.until IS NULL OR r.until > $3) ORDER BY a.name, a.login";

static enum err
list_people(struct job *j, const char *sql, int64_t person, struct guard_person **out, size_t *n)
{
    size_t room = 8;
    struct guard_person *v = job_array(j, room, sizeof *v);
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql, ARGS(INT(j->area), INT(person), INT(j->now)));
    while (db_next(&q)) {
        if (*n == room) {
            v = job_grow(j, v, room * sizeof *v, 2 * room * sizeof *v);
            room *= 2;
        }
        v[(*n)++] = (struct guard_person){
            .account = row_int(&q, 0), .login = row_text(&q, 1), .name = row_text(&q, 2),
            .why = row_text(&q, 3), .since = row_int(&q, 4), .until = row_int_or(&q, 5, 0)};
    }
    *out = v;
    return db_done(&q);
}

enum err
guard_list_named(struct job *j, int64_t person, struct guard_person **out, size_t *n)
{
    enum err e = allowed(j, person, NULL);

    return e ? e : list_people(j, sql_list_named, person, out, n);
}

enum err
guard_list_barred(struct job *j, int64_t person, struct guard_person **out, size_t *n)
{
    enum err e = allowed(j, person, NULL);

    return e ? e : list_people(j, sql_list_barred, person, out, n);
}

static const char sql_owned[] =
    "SELECT person_id, since, why FROM child_guard WHERE area_id = $1 AND owner_id = $2 "
    "ORDER BY since DESC, person_id LIMIT $3";

enum err
guard_list_owned(struct job *j, struct guard_owned **out, size_t *n)
{
    struct rows q;
    enum err e = permit(j, ACT_LEVEL, (struct subject){0});

    *out = job_array(j, GUARD_OWNED, sizeof **out);
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_owned,
           ARGS(INT(j->area), INT(j->who ? j->who->account : 0), INT(GUARD_OWNED)));
    while (db_next(&q))
        (*out)[(*n)++] = (struct guard_owned){row_int(&q, 0), row_int(&q, 1), row_text(&q, 2)};
    return db_done(&q);
}

/* ---- the set form ------------------------------------------------------------------------ */

static const char sql_hidden[] =
    "SELECT h.person_id, MIN(h.owner_id) FROM " GUARD_HIDDEN("$1", "$2", "$3")
    " h GROUP BY h.person_id ORDER BY h.person_id";

enum err
guard_set_load(struct job *j, struct guard_set *out)
{
    size_t room = 0;
    int64_t *person = NULL;
    bool *restricted = NULL;
    struct rows q;

    *out = (struct guard_set){0};
    if (!j->who || !j->who->account)
        return OK;
    db_ask(j, &q, sql_hidden, ARGS(INT(j->area), INT(j->who->account), INT(j->now)));
    while (db_next(&q)) {
        if (out->n == room) {
            size_t more = room ? 2 * room : 64;
            person = job_grow(j, person, room * sizeof *person, more * sizeof *person);
            restricted = job_grow(j, restricted, room * sizeof *restricted,
                                  more * sizeof *restricted);
            room = more;
        }
        person[out->n] = row_int(&q, 0);
        restricted[out->n++] = row_int(&q, 1) != 0; /* 0: a bar, which is the stronger */
    }
    out->person = person;
    out->restricted = restricted;
    return db_done(&q);
}

static size_t
place_in(const struct guard_set *s, int64_t person)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->person[mid] < person)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->n && s->person[low] == person ? low : s->n;
}

bool
guard_set_hides(const struct guard_set *s, int64_t person)
{
    return place_in(s, person) < s->n;
}

const char *
guard_set_words(const struct guard_set *s, int64_t person)
{
    size_t at = place_in(s, person);

    return at < s->n && s->restricted[at] ? "Restricted record" : "Not shown to you";
}

static const char sql_owner[] =
    "SELECT a.name FROM child_guard g JOIN account a ON a.account_id = g.owner_id "
    "WHERE g.area_id = $1 AND g.person_id = $2";

enum err
guard_owners(struct job *j, const int64_t *person, size_t n, const char **out)
{
    const char *all = NULL;
    enum err e = OK;

    *out = NULL;
    if (permit_school(j->who))
        return OK;
    for (size_t i = 0; i < n && !e; i++) {
        const char *name = NULL;
        struct rows q;
        db_ask(j, &q, sql_owner, ARGS(INT(j->area), INT(person[i])));
        if (db_next(&q))
            name = row_text(&q, 0);
        e = db_done(&q);
        if (!all)
            all = name;
        else if (name && !strstr(all, name))
            all = job_format(j, "%s and %s", all, name);
    }
    *out = all;
    return e;
}
