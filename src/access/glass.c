#include "access/glass.h"
#include "access/guard.h"
#include "access/outbox.h"
#include "access/permit.h"
#include "base/text.h"
#include "store/db.h"

static const struct glass_row {
    const char *name, *words;
} reasons[] = {
#define REASON(id, name, words) [id] = {name, words},
#include "access/glass_reasons.def"
#undef REASON
};

const char *
glass_reason_name(enum glass_reason r)
{
    return reasons[r].name;
}

const char *
glass_reason_words(enum glass_reason r)
{
    return reasons[r].words;
}

bool
glass_reason_find(const char *name, enum glass_reason *out)
{
    for (int i = 0; name && i < GLASS_REASONS; i++)
        if (!strcmp(reasons[i].name, name)) {
            *out = (enum glass_reason)i;
            return true;
        }
    return false;
}

/* ---- opening, leaving ------------------------------------------------------------------ */

/* A reason of a few words; what is shorter says nothing to the officer. */
enum { WHY_LEAST = 10 };

static enum err
check_why(struct job *j, const char *why, const char **out)
{
    struct span s = span_trim(span_of(why ? why : ""));

    if (s.n < WHY_LEAST) {
        err_set(j, ERR_INPUT, "Say why in a sentence");
        return err_hint(j, "The officer who looks at it has only these words to go by.");
    }
    if (s.n > GUARD_WHY)
        return err_set(j, ERR_INPUT, "Say why in at most %d letters", GUARD_WHY);
    *out = job_format(j, "%.*s", (int)s.n, s.s);
    return OK;
}

static const char sql_begin[] =
    "INSERT INTO break_glass (area_id, glass_id, person_id, account_id, category, why, begun, "
    "until, owner_id) SELECT $1, COALESCE(MAX(glass_id), 0) + 1, $2, $3, $4, $5, $6, $7, $8 "
    "FROM break_glass WHERE area_id = $1";

/* By mail, too: they may not look at a page for days. */
static enum err
tell(struct job *j, int64_t owner)
{
    const struct mail_order o = {.kind = MAIL_GLASS_OWNER, .account = owner};
    bool queued;
    enum err e = outbox_add(j, NULL, &o, &queued);

    return e ? e : outbox_add_role(j, MAIL_GLASS_OFFICER, ROLE_GOVERNANCE);
}

enum err
glass_begin(struct job *j, struct glass_order o)
{
    enum permit_reason reason;
    const char *why;
    struct guard g;
    enum err e = permit(j, ACT_GLASS, (struct subject){.person = o.person,
                                                       .what = glass_reason_name(o.reason)});

    if (!e)
        e = permit_ask(j, ACT_CHILD, (struct subject){.person = o.person}, &reason);
    if (!e && reason != PERMIT_RESTRICTED)
        return err_set(j, ERR_NOT_FOUND, "there is no restricted record that you could open so");
    if (!e)
        e = check_why(j, o.why, &why);
    if (!e)
        e = guard_get(j, o.person, &g);
    if (e)
        return e;
    e = db_run(j, sql_begin,
               ARGS(INT(j->area), INT(o.person), INT(j->who->account),
                    TEXT(glass_reason_name(o.reason)), TEXT(why), INT(j->now),
                    INT(j->now + GLASS_LASTS), INT(g.owner)),
               NULL);
    return e ? e : tell(j, g.owner);
}

static const char sql_end[] =
    "UPDATE break_glass SET finished = $4 WHERE area_id = $1 AND person_id = $2 "
    "AND account_id = $3 AND finished IS NULL AND until > $4";

enum err
glass_end(struct job *j, int64_t person)
{
    enum err e = permit(j, ACT_GLASS, (struct subject){.person = person, .what = "leave"});

    return e ? e
             : db_run(j, sql_end,
                      ARGS(INT(j->area), INT(person), INT(j->who ? j->who->account : 0),
                           INT(j->now)),
                      NULL);
}

/* ---- looking at openings ---------------------------------------------------------------- */

#define SQL_GLASS                                                                              \
    "SELECT k.glass_id, k.person_id, k.account_id, a.name, k.category, k.why, k.begun, "       \
    "k.until, k.finished, o.name, k.verdict, k.verdict_why, v.name, k.verdict_at "             \
    "FROM break_glass k LEFT JOIN account a ON a.account_id = k.account_id "                   \
    "LEFT JOIN account o ON o.account_id = k.owner_id "                                        \
    "LEFT JOIN account v ON v.account_id = k.verdict_by WHERE k.area_id = $1 "
static const char sql_waiting[] =
    SQL_GLASS "AND k.verdict IS NULL ORDER BY k.begun, k.glass_id LIMIT $2";
static const char sql_closed[] =
    SQL_GLASS "AND k.verdict IS NOT NULL ORDER BY k.begun DESC, k.glass_id DESC LIMIT $2";
static const char sql_mine[] =
    SQL_GLASS "AND k.owner_id = $3 ORDER BY k.begun DESC, k.glass_id DESC LIMIT $2";
static const char sql_one[] = SQL_GLASS "AND k.glass_id = $2";

static const char *
name_or(const char *name)
{
    return name ? name : "somebody whose account is gone";
}

static void
glass_from_row(struct rows *q, struct glass *g)
{
    const char *category = row_text(q, 4);

    *g = (struct glass){
        .id = row_int(q, 0), .person = row_int(q, 1), .account = row_int(q, 2),
        .name = name_or(row_text(q, 3)), .reason = GLASS_OTHER, .why = row_text(q, 5),
        .begun = row_int(q, 6), .until = row_int(q, 7), .finished = row_int_or(q, 8, 0),
        .owner_name = name_or(row_text(q, 9)), .verdict = row_text(q, 10),
        .verdict_why = row_text(q, 11), .verdict_by = row_text(q, 12),
        .verdict_at = row_int_or(q, 13, 0)};
    /* a category of a later program reads as "something else" */
    glass_reason_find(category, &g->reason);
}

enum err
glass_list(struct job *j, enum glass_which which, struct glass **out, size_t *n)
{
    int64_t who = j->who ? j->who->account : 0;
    enum act act = which == GLASS_MINE ? ACT_SELF : ACT_GLASS_REVIEW;
    struct rows q;
    enum err e = permit(j, act, (struct subject){0});

    *out = job_array(j, GLASS_MOST, sizeof **out);
    *n = 0;
    if (e)
        return e;
    if (which == GLASS_MINE)
        db_ask(j, &q, sql_mine, ARGS(INT(j->area), INT(GLASS_MOST), INT(who)));
    else
        db_ask(j, &q, which == GLASS_WAITING ? sql_waiting : sql_closed,
               ARGS(INT(j->area), INT(GLASS_MOST)));
    while (db_next(&q))
        glass_from_row(&q, &(*out)[(*n)++]);
    return db_done(&q);
}

enum err
glass_get(struct job *j, int64_t id, struct glass *out)
{
    struct rows q;
    enum err e = permit(j, ACT_GLASS_REVIEW, (struct subject){0});

    *out = (struct glass){0};
    if (e)
        return e;
    db_ask(j, &q, sql_one, ARGS(INT(j->area), INT(id)));
    if (db_next(&q))
        glass_from_row(&q, out);
    e = db_done(&q);
    if (!e && !out->id)
        return err_set(j, ERR_NOT_FOUND, "there is no such opening");
    return e;
}

static const char sql_count[] =
    "SELECT (SELECT COUNT(*) FROM break_glass WHERE area_id = $1 AND $3 = 1 "
    "AND verdict IS NULL) + (SELECT COUNT(*) FROM break_glass WHERE area_id = $1 "
    "AND owner_id = $2 AND owner_told IS NULL)";

enum err
glass_count(struct job *j, size_t *n)
{
    int64_t count = 0;
    enum err e = OK;

    if (j->who)
        e = db_int(j, sql_count,
                   ARGS(INT(j->area), INT(j->who->account),
                        INT(permit_act(j->who, ACT_GLASS_REVIEW))),
                   0, &count);
    *n = (size_t)count;
    return e;
}

static const char sql_seen[] =
    "UPDATE break_glass SET owner_told = $3 WHERE area_id = $1 AND owner_id = $2 "
    "AND owner_told IS NULL";

enum err
glass_seen(struct job *j)
{
    return j->who ? db_run(j, sql_seen,
                           ARGS(INT(j->area), INT(j->who->account), INT(j->now)), NULL)
                  : OK;
}

static const char sql_judge[] =
    "UPDATE break_glass SET verdict = $3, verdict_why = $4, verdict_by = $5, verdict_at = $6 "
    "WHERE area_id = $1 AND glass_id = $2 AND verdict IS NULL";

enum err
glass_judge(struct job *j, int64_t id, bool justified, const char *why)
{
    struct glass g;
    const char *words;
    int64_t changed = 0;
    enum err e = permit(j, ACT_GLASS_REVIEW,
                        (struct subject){.what = job_format(j, "opening %lld", (long long)id)});

    if (!e)
        e = glass_get(j, id, &g);
    if (!e)
        e = check_why(j, why, &words);
    if (e)
        return e;
    if (j->who && g.account == j->who->account)
        return err_set(j, ERR_INPUT, "Nobody judges an opening of their own: ask a colleague");
    e = db_run(j, sql_judge,
               ARGS(INT(j->area), INT(id), TEXT(justified ? "justified" : "not justified"),
                    TEXT(words), INT(j->who ? j->who->account : 0), INT(j->now)),
               &changed);
    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "A colleague has judged this opening meanwhile");
    return e;
}

static const char sql_month[] =
    "SELECT category, COALESCE(verdict, ''), COUNT(*) FROM break_glass WHERE area_id = $1 "
    "AND begun >= $2 AND begun < $3 GROUP BY category, COALESCE(verdict, '')";

enum err
glass_month(struct job *j, int64_t from, int64_t until, struct glass_month *out)
{
    struct rows q;
    enum err e = permit(j, ACT_GLASS_REVIEW, (struct subject){0});

    *out = (struct glass_month){0};
    if (e)
        return e;
    db_ask(j, &q, sql_month, ARGS(INT(j->area), INT(from), INT(until)));
    while (db_next(&q)) {
        enum glass_reason r = GLASS_OTHER;
        const char *verdict = row_text(&q, 1);
        int n = (int)row_int(&q, 2);
        glass_reason_find(row_text(&q, 0), &r);
        out->opened[r] += n;
        *(!strcmp(verdict, "justified")       ? &out->justified
          : !strcmp(verdict, "not justified") ? &out->not_justified
                                              : &out->waiting) += n;
    }
    return db_done(&q);
}
