#include "access/outbox.h"
#include "access/email.h"
#include "access/permit.h"
#include "access/seal.h"
#include "store/db.h"

#define MINUTE_US ((int64_t)60 * 1000000)

static const struct mail_row {
    const char *name, *about, *subject, *text, *after;
} mails[] = {
#define MAIL(id, name, about, subject, text, after) [id] = {name, about, subject, text, after},
#include "access/mails.def"
#undef MAIL
};

const char *
mail_kind_about(enum mail_kind k)
{
    return mails[k].about;
}

static bool
kind_find(const char *name, enum mail_kind *out)
{
    for (int k = 0; k < MAILS; k++) {
        if (strcmp(mails[k].name, name))
            continue;
        *out = (enum mail_kind)k;
        return true;
    }
    return false;
}

/* A day and a half in all. */
int64_t
outbox_wait_after(int tries)
{
    static const int minutes[OUTBOX_TRIES] = {1, 5, 15, 60, 240, 600, 1200, 1200};
    int at = tries < 1 ? 1 : tries > OUTBOX_TRIES ? OUTBOX_TRIES : tries;

    return minutes[at - 1] * MINUTE_US;
}

static struct seal_place
place_of(int64_t area, int64_t id)
{
    return (struct seal_place){"outbox.link", area, id};
}

/* ---- adding ------------------------------------------------------------------------------- */

static const char sql_reaches[] =
    "SELECT COUNT(*) FROM account WHERE account_id = $1 AND email IS NOT NULL "
    "AND disabled IS NULL";
static const char sql_drop[] =
    "UPDATE outbox SET state = CASE state WHEN 'perhaps' THEN 'left' ELSE 'dropped' END, "
    "settled = $4, link = NULL WHERE area_id = $1 AND account_id = $2 AND kind = $3 "
    "AND state IN ('waiting', 'sending', 'perhaps')";
static const char sql_next[] =
    "SELECT COALESCE(MAX(mail_id), 0) + 1 FROM outbox WHERE area_id = $1";
static const char sql_add[] =
    "INSERT INTO outbox (area_id, mail_id, kind, account_id, link, made, state, tries, next_try, "
    "settled, problem) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $6, NULL, NULL)";

static enum err
insert(struct job *j, const struct key *k, const struct mail_order *o)
{
    const char *sealed = NULL;
    int64_t id = 0;
    enum err e = db_int(j, sql_next, ARGS(INT(j->area)), 1, &id);

    if (!e && o->link)
        e = seal_text(j, k, place_of(j->area, id), o->link, &sealed);
    if (!e)
        e = db_run(j, sql_add,
                   ARGS(INT(j->area), INT(id), TEXT(mails[o->kind].name), INT(o->account),
                        TEXT(sealed), INT(j->now)),
                   NULL);
    return e;
}

enum err
outbox_drop(struct job *j, enum mail_kind kind, int64_t account)
{
    return db_run(j, sql_drop,
                  ARGS(INT(j->area), INT(account), TEXT(mails[kind].name), INT(j->now)), NULL);
}

enum err
outbox_add(struct job *j, const struct key *k, const struct mail_order *o, bool *queued)
{
    int64_t reaches = 0;
    enum err e = db_int(j, sql_reaches, ARGS(INT(o->account)), 0, &reaches);

    *queued = !e && reaches;
    if (!e && o->link)
        e = outbox_drop(j, o->kind, o->account);
    return e || !reaches ? e : insert(j, k, o);
}

static const char sql_holders[] =
    "SELECT DISTINCT account_id FROM account_role WHERE area = $1 AND role = $2 "
    "AND since <= $3 AND (until IS NULL OR until > $3) ORDER BY account_id LIMIT $4";

enum err
outbox_add_role(struct job *j, enum mail_kind kind, enum role role)
{
    enum { HOLDERS = 100 };
    int64_t *v = job_array(j, HOLDERS, sizeof *v);
    size_t n = 0;
    struct rows q;
    bool queued;
    enum err e;

    db_ask(j, &q, sql_holders,
           ARGS(INT(j->area), TEXT(role_name(role)), INT(j->now), INT(HOLDERS)));
    while (n < HOLDERS && db_next(&q))
        v[n++] = row_int(&q, 0);
    e = db_done(&q);
    for (size_t i = 0; i < n && !e; i++)
        e = outbox_add(j, NULL, &(struct mail_order){.kind = kind, .account = v[i]}, &queued);
    return e;
}

/* ---- carrying out ---------------------------------------------------------------------------- */

struct due {
    int64_t area, id, account, made, tries; /* tries: with this one */
    const char *kind, *link;          /* link sealed */
};

static const char sql_due[] =
    "SELECT area_id, mail_id, account_id, made, tries, kind, link FROM outbox "
    "WHERE state = 'waiting' AND next_try <= $1 ORDER BY next_try, area_id, mail_id LIMIT 1";
static const char sql_claim[] =
    "UPDATE outbox SET state = 'sending', tries = $3, next_try = $4 WHERE area_id = $1 "
    "AND mail_id = $2 AND state = 'waiting' AND tries = $3 - 1";

/* The next one, noted as being sent before it is: until next_try, by when any program that lives
 * has noted what became of it. */
static enum err
claim(struct job *j, struct due *d, bool *found)
{
    int64_t changed = 0;
    struct rows q;
    enum err e;

    *found = false;
    db_ask(j, &q, sql_due, ARGS(INT(j->now)));
    if (db_next(&q)) {
        *d = (struct due){row_int(&q, 0), row_int(&q, 1), row_int(&q, 2), row_int(&q, 3),
                          row_int(&q, 4) + 1, row_text(&q, 5), row_text(&q, 6)};
        *found = true;
    }
    e = db_done(&q);
    if (e || !*found)
        return e;
    e = db_run(j, sql_claim,
               ARGS(INT(d->area), INT(d->id), INT(d->tries),
                    INT(j->now + outbox_wait_after((int)d->tries))),
               &changed);
    *found = changed > 0; /* else another program has it */
    return e;
}

static enum err
text_of(struct job *j, const struct key *k, const struct due *d, const struct mail_row *row,
        const char **out)
{
    const char *link = "";
    enum err e = OK;

    if (row->after && d->link)
        e = seal_open(j, k, place_of(d->area, d->id), d->link, &link);
    if (!e)
        *out = job_format(j, "%s%s%s", row->text, link, row->after ? row->after : "");
    return e;
}

static enum err
carry(struct job *j, const struct key *k, const struct due *d, mail_carry_fn *fn, void *arg)
{
    struct mail m = {.at = j->now, .made = d->made,
                     .id = job_format(j, "%lld-%lld", (long long)d->area, (long long)d->id)};
    enum mail_kind kind;
    enum err e;

    if (!kind_find(d->kind, &kind))
        return err_set(j, ERR_ENV, "this program does not know such mail");
    e = email_get(j, k, d->account, &m.to);
    if (!e && !m.to)
        e = err_set(j, ERR_NOT_FOUND, "no address is known any more");
    if (!e)
        e = text_of(j, k, d, &mails[kind], &m.text);
    m.subject = mails[kind].subject;
    return e ? e : fn(j, &m, arg);
}

/* Whoever was told meanwhile that it is perhaps sent, or not: it was. */
static const char sql_sent[] =
    "UPDATE outbox SET state = 'sent', settled = $3, link = NULL, problem = NULL "
    "WHERE area_id = $1 AND mail_id = $2";
static const char sql_not_sent[] =
    "UPDATE outbox SET state = $3, problem = $4 WHERE area_id = $1 AND mail_id = $2 "
    "AND state IN ('sending', 'perhaps')";
static const char sql_given_up[] =
    "UPDATE outbox SET state = 'given-up', settled = $3, link = NULL WHERE area_id = $1 "
    "AND mail_id = $2 AND state = 'waiting'";

static enum err
not_sent(struct job *j, const struct due *d, enum err why)
{
    const char *problem = job_copy(j, j->err.message);
    const char *state = why == ERR_CONFLICT ? "perhaps" : "waiting";
    enum err e;

    err_clear(j);
    e = db_run(j, sql_not_sent, ARGS(INT(d->area), INT(d->id), TEXT(state), TEXT(problem)), NULL);
    if (!e && d->tries >= OUTBOX_TRIES)
        e = db_run(j, sql_given_up, ARGS(INT(d->area), INT(d->id), INT(j->now)), NULL);
    return e;
}

static enum err
send_one(struct job *j, const struct key *k, mail_carry_fn *fn, void *arg, bool *went)
{
    struct due d;
    bool found;
    enum err e = claim(j, &d, &found);

    *went = false;
    if (e || !found)
        return e;
    if ((e = carry(j, k, &d, fn, arg)))
        return not_sent(j, &d, e);
    *went = true;
    return db_run(j, sql_sent, ARGS(INT(d.area), INT(d.id), INT(j->now)), NULL);
}

/* Those over which a program died. */
static const char sql_died[] =
    "UPDATE outbox SET state = 'perhaps', problem = 'The program ended while it was being sent' "
    "WHERE area_id >= 0 AND state = 'sending' AND next_try <= $1";

enum err
outbox_send(struct job *j, const struct key *k, mail_carry_fn *fn, void *arg, int *sent)
{
    enum { AT_ONCE = 50 };
    bool went = true;
    enum err e = db_run(j, sql_died, ARGS(INT(j->now)), NULL);

    *sent = 0;
    while (!e && went && *sent < AT_ONCE) {
        struct scope s = job_scope_begin(j);
        e = send_one(j, k, fn, arg, &went);
        job_scope_end(j, s);
        *sent += !e && went;
    }
    return e;
}

/* ---- what became of it ----------------------------------------------------------------------- */

static const char sql_list[] =
    "SELECT o.area_id, o.mail_id, o.account_id, a.name, o.kind, o.made, o.settled, o.next_try, "
    "o.state, o.tries, o.problem FROM outbox o LEFT JOIN account a "
    "ON a.account_id = o.account_id ORDER BY o.made DESC, o.area_id, o.mail_id DESC LIMIT $1";

static void
outbox_from_row(struct rows *q, struct outbox_row *r)
{
    enum mail_kind kind;

    *r = (struct outbox_row){
        .area = row_int(q, 0), .id = row_int(q, 1), .account = row_int(q, 2),
        .to = row_text(q, 3), .about = row_text(q, 4), .made = row_int(q, 5),
        .settled = row_int_or(q, 6, 0), .next_try = row_int(q, 7), .state = row_text(q, 8),
        .tries = row_int(q, 9), .problem = row_text(q, 10)};
    if (kind_find(r->about, &kind))
        r->about = mails[kind].about;
}

enum err
outbox_list(struct job *j, struct outbox_row **out, size_t *n)
{
    struct rows q;
    enum err e = permit(j, ACT_ACCOUNTS, (struct subject){.what = "mail"});

    *out = job_array(j, OUTBOX_MOST, sizeof **out);
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(OUTBOX_MOST)));
    while (*n < OUTBOX_MOST && db_next(&q))
        outbox_from_row(&q, &(*out)[(*n)++]);
    return db_done(&q);
}

static const char sql_unsure[] =
    "SELECT COUNT(*) FROM outbox WHERE area_id >= 0 AND state = 'perhaps'";

enum err
outbox_unsure(struct job *j, int64_t *n)
{
    return db_int(j, sql_unsure, NO_ARGS, 0, n);
}

static const char sql_again[] =
    "UPDATE outbox SET state = 'waiting', tries = 0, next_try = $3 WHERE area_id = $1 "
    "AND mail_id = $2 AND state = 'perhaps'";
static const char sql_left[] =
    "UPDATE outbox SET state = 'left', settled = $3, link = NULL WHERE area_id = $1 "
    "AND mail_id = $2 AND state = 'perhaps'";

enum err
outbox_settle(struct job *j, const struct outbox_settle *s)
{
    const char *what = job_format(j, "mail %lld-%lld: %s", (long long)s->area, (long long)s->id,
                                  s->again ? "again" : "left");
    int64_t changed = 0;
    enum err e = permit(j, ACT_ACCOUNTS, (struct subject){.what = what});

    if (!e)
        e = db_run(j, s->again ? sql_again : sql_left,
                   ARGS(INT(s->area), INT(s->id), INT(j->now)), &changed);
    if (e || changed)
        return e;
    err_set(j, ERR_NOT_FOUND, "that mail is not one of which nobody knows whether it went");
    return err_hint(j, "Look at the list: somebody may have decided already.");
}

#define YEAR_US ((int64_t)366 * 24 * 60 * MINUTE_US)
static const char sql_sweep[] = "DELETE FROM outbox WHERE area_id >= 0 AND settled < $1";

enum err
outbox_sweep(struct job *j)
{
    return db_run(j, sql_sweep, ARGS(INT(j->now - YEAR_US)), NULL);
}
