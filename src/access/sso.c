#include "access/sso.h"
#include "access/account.h"
#include "access/audit.h"
#include "access/session.h"
#include "base/text.h"
#include "store/db.h"
#include <sodium.h>

#define SLACK ((int64_t)5 * 60 * 1000000)

/* ---- what a provider says --------------------------------------------------------------- */

static const char sql_look[] =
    "SELECT p.provider_id, p.name, p.factor_claim, p.factor_values, a.account_id, a.name, "
    "a.disabled FROM sso_provider p LEFT JOIN sso_link l ON l.provider_id = p.provider_id "
    "AND l.subject = $2 LEFT JOIN account a ON a.account_id = l.account_id "
    "WHERE p.issuer = $1 AND p.ended IS NULL";

static bool
is_text(const char *s)
{
    return s && *s && strlen(s) <= SSO_TEXT;
}

/* Seconds since 1970; a little of the future is a clock that differs. */
static bool
is_fresh(const struct job *j, const char *issued)
{
    int64_t at;

    if (!issued || !text_to_int(issued, strlen(issued), &at) || at < 0 || at > INT32_MAX * 4LL)
        return false;
    return at * 1000000 > j->now - SSO_FRESH && at * 1000000 <= j->now + SLACK;
}

/* Is one of the words of a list among those of another?  Commas or blanks stand between. */
static bool
share_a_word(const char *a, const char *b)
{
    static const char gap[] = ", ";

    while (a && *(a += strspn(a, gap))) {
        size_t n = strcspn(a, gap);
        for (const char *p = b; p && *(p += strspn(p, gap)); p += strcspn(p, gap))
            if (strcspn(p, gap) == n && !memcmp(a, p, n))
                return true;
        a += n;
    }
    return false;
}

static enum sso_state
state_of(const struct job *j, const struct sso_claims *c, struct rows *q)
{
    const char *given = !strcmp(row_text(q, 2), "acr") ? c->acr : c->amr;

    if (!row_is_null(q, 6))
        return SSO_NOBODY;
    if (!is_fresh(j, c->issued))
        return SSO_OLD;
    if (!share_a_word(given, row_text(q, 3)))
        return SSO_FACTOR;
    return row_is_null(q, 4) ? SSO_NEW : SSO_KNOWN;
}

enum err
sso_look(struct job *j, const struct sso_claims *c, struct sso_found *out)
{
    struct rows q;

    *out = (struct sso_found){.state = SSO_NOBODY};
    if (!c || !is_text(c->issuer) || !is_text(c->subject))
        return OK;
    db_ask(j, &q, sql_look, ARGS(TEXT(c->issuer), TEXT(c->subject)));
    while (db_next(&q))
        *out = (struct sso_found){.state = state_of(j, c, &q), .provider = row_int(&q, 0),
                                  .provider_name = row_text(&q, 1), .account = row_int(&q, 4),
                                  .name = row_text(&q, 5)};
    return db_done(&q);
}

/* ---- signing in ------------------------------------------------------------------------- */

/* As somebody typed it: capitals, without what stands between. */
static const char *
plain_code(struct job *j, const char *typed)
{
    char *out = job_copy(j, typed), *to = out;

    for (const char *p = typed; *p; p++) {
        if (*p >= 'a' && *p <= 'z')
            *to++ = (char)(*p - 'a' + 'A');
        else if (*p != '-' && *p != ' ')
            *to++ = *p;
    }
    *to = '\0';
    return out;
}

static const char sql_use[] =
    "DELETE FROM sso_code WHERE code = $1 AND until > $2 AND made <= $3 RETURNING account_id";
static const char sql_open[] =
    "SELECT account_id FROM account WHERE account_id = $1 AND disabled IS NULL";
static const char sql_link[] =
    "INSERT INTO sso_link (provider_id, subject, account_id, linked) VALUES ($1, $2, $3, $4)";

static enum err
link_by_code(struct job *j, struct sso_sign_in *s)
{
    char hash[KEY_HASH];
    int64_t account = 0;
    enum err e;

    key_hash(s->key, "link code", plain_code(j, s->code), hash);
    e = db_int(j, sql_use, ARGS(TEXT(hash), INT(j->now), INT(j->now + SLACK)), 0, &account);
    if (!e && account)
        e = db_int(j, sql_open, ARGS(INT(account)), 0, &account);
    if (e || !account)
        return e;
    s->found.account = account;
    s->found.state = SSO_KNOWN;
    return db_run(j, sql_link, ARGS(INT(s->found.provider), TEXT(s->claims.subject), INT(account),
                                    INT(j->now)), NULL);
}

/* In the name of who signs in; of nobody when that is not known. */
static enum err
note_as(struct job *j, const struct sso_sign_in *s, bool linked)
{
    const struct actor *before = j->who;
    int64_t area = j->area;
    struct actor who = {.account = s->found.account};
    struct account a = {0};
    enum err e = OK;

    if (who.account)
        e = account_find(j, who.account, &a);
    who.area = a.area;
    j->who = who.account ? &who : NULL;
    j->area = a.area;
    audit_note(j, ACT_SIGN_IN,
               job_format(j, "single sign-on, provider %lld%s", (long long)s->found.provider,
                          linked ? ", linked" : ""), s->found.state != SSO_KNOWN);
    j->who = before;
    j->area = area;
    return e;
}

enum err
sso_sign_in(struct job *j, struct sso_sign_in *s)
{
    struct session_new new = {.stage = SESSION_IN, .address = s->address ? s->address : "",
                              .device = s->device ? s->device : ""};
    bool linked;
    enum err e = sso_look(j, &s->claims, &s->found);

    s->token[0] = '\0';
    linked = !e && s->found.state == SSO_NEW && s->code;
    if (linked)
        e = link_by_code(j, s);
    if (!e)
        e = note_as(j, s, linked);
    if (e || s->found.state != SSO_KNOWN)
        return e;
    new.account = s->found.account;
    new.provider = s->found.provider;
    return session_begin(j, s->key, &new, s->token);
}

static const char sql_of_session[] =
    "SELECT provider_id FROM session WHERE session_id = $1";

enum err
sso_of_session(struct job *j, const struct key *k, const char *token, int64_t *provider)
{
    char id[KEY_HASH];

    session_id(k, token, id);
    return db_int(j, sql_of_session, ARGS(TEXT(id)), 0, provider);
}

/* ---- providers ----------------------------------------------------------------------------- */

static const char sql_providers[] =
    "SELECT provider_id, issuer, name, factor_claim, factor_values FROM sso_provider "
    "WHERE ended IS NULL ORDER BY name, provider_id LIMIT $1";

enum err
sso_providers(struct job *j, struct sso_provider **out, size_t *n)
{
    struct rows q;

    *out = job_array(j, SSO_PROVIDERS, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_providers, ARGS(INT(SSO_PROVIDERS)));
    while (db_next(&q))
        (*out)[(*n)++] = (struct sso_provider){row_int(&q, 0), row_text(&q, 1), row_text(&q, 2),
                                               row_text(&q, 3), row_text(&q, 4)};
    return db_done(&q);
}

static enum err
check_provider(struct job *j, const struct sso_provider *p)
{
    if (!is_text(p->issuer) || (strncmp(p->issuer, "https://", 8) &&
                                strncmp(p->issuer, "http://127.0.0.1:", 17)))
        return err_set(j, ERR_INPUT, "an issuer is an address that begins with https://");
    if (!is_text(p->name))
        return err_set(j, ERR_INPUT, "a provider needs a name for the sign-in page");
    if (strcmp(p->claim, "amr") && strcmp(p->claim, "acr"))
        return err_set(j, ERR_INPUT, "a second factor is told by amr or by acr");
    if (!is_text(p->values) || !share_a_word(p->values, p->values)) {
        err_set(j, ERR_INPUT, "no value is named that tells of a second factor");
        return err_hint(j, "Without one nobody could sign in: --factor amr=mfa");
    }
    return OK;
}

static const char sql_trusted[] =
    "SELECT COUNT(*) FROM sso_provider WHERE issuer = $1 AND ended IS NULL";
static const char sql_add[] =
    "INSERT INTO sso_provider (provider_id, issuer, name, factor_claim, factor_values, added) "
    "SELECT COALESCE(MAX(provider_id), 0) + 1, $1, $2, $3, $4, $5 FROM sso_provider";

enum err
sso_provider_add(struct job *j, const struct sso_provider *p)
{
    int64_t n;
    enum err e = check_provider(j, p);

    if (!e)
        e = permit(j, ACT_SETUP, (struct subject){.what = "provider"});
    if (!e)
        e = db_int(j, sql_trusted, ARGS(TEXT(p->issuer)), 0, &n);
    if (!e && n)
        e = err_set(j, ERR_CONFLICT, "this provider is trusted already");
    return e ? e : db_run(j, sql_add, ARGS(TEXT(p->issuer), TEXT(p->name), TEXT(p->claim),
                                           TEXT(p->values), INT(j->now)), NULL);
}

static const char sql_end[] =
    "UPDATE sso_provider SET ended = $2 WHERE issuer = $1 AND ended IS NULL RETURNING provider_id";
static const char sql_end_sessions[] =
    "UPDATE session SET ended = $2 WHERE provider_id = $1 AND ended IS NULL";

enum err
sso_provider_end(struct job *j, const char *issuer)
{
    int64_t id = 0;
    enum err e = permit(j, ACT_SETUP, (struct subject){.what = "provider"});

    if (!e)
        e = db_int(j, sql_end, ARGS(TEXT(issuer), INT(j->now)), 0, &id);
    if (!e && !id) {
        err_set(j, ERR_NOT_FOUND, "no provider of that issuer is trusted");
        return err_hint(j, "\"rooted sso list\" shows them.");
    }
    return e ? e : db_run(j, sql_end_sessions, ARGS(INT(id), INT(j->now)), NULL);
}

/* ---- accounts ------------------------------------------------------------------------- */

/* 80 bits, in four groups: capitals and digits that are not taken for others. */
static void
random_code(char *out)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    unsigned char bytes[16];
    size_t n = 0;

    randombytes_buf(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i && i % 4 == 0)
            out[n++] = '-';
        out[n++] = letters[bytes[i] & 31];
    }
    out[n] = '\0';
    sodium_memzero(bytes, sizeof bytes);
}

static enum err
allowed(struct job *j, int64_t account, const char *what)
{
    return permit(j, ACT_ACCOUNTS,
                  (struct subject){.what = job_format(j, "account %lld, %s", (long long)account,
                                                      what)});
}

static const char sql_drop_codes[] = "DELETE FROM sso_code WHERE account_id = $1";
static const char sql_code[] =
    "INSERT INTO sso_code (code, account_id, made, made_by, until) VALUES ($1, $2, $3, $4, $5)";

enum err
sso_code_make(struct job *j, const struct key *k, int64_t account, char *code)
{
    char hash[KEY_HASH];
    int64_t by = j->who ? j->who->account : 0;
    enum err e = allowed(j, account, "link code");

    random_code(code);
    key_hash(k, "link code", plain_code(j, code), hash);
    if (!e)
        e = db_run(j, sql_drop_codes, ARGS(INT(account)), NULL);
    return e ? e : db_run(j, sql_code, ARGS(TEXT(hash), INT(account), INT(j->now),
                                            by ? INT(by) : NUL, INT(j->now + SSO_CODE_LASTS)),
                          NULL);
}

static const char sql_links[] =
    "SELECT l.provider_id, l.linked, p.name, l.subject FROM sso_link l JOIN sso_provider p "
    "ON p.provider_id = l.provider_id WHERE l.account_id = $1 AND p.ended IS NULL "
    "ORDER BY l.linked, l.provider_id, l.subject LIMIT $2";

enum err
sso_links(struct job *j, int64_t account, struct sso_link **out, size_t *n)
{
    struct rows q;

    *out = job_array(j, SSO_LINKS, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_links, ARGS(INT(account), INT(SSO_LINKS)));
    while (db_next(&q))
        (*out)[(*n)++] = (struct sso_link){row_int(&q, 0), row_int(&q, 1), row_text(&q, 2),
                                           row_text(&q, 3)};
    return db_done(&q);
}

static const char sql_unlink[] = "DELETE FROM sso_link WHERE account_id = $1";
static const char sql_end_its_sessions[] =
    "UPDATE session SET ended = $2 WHERE account_id = $1 AND provider_id IS NOT NULL "
    "AND ended IS NULL";

enum err
sso_unlink(struct job *j, int64_t account)
{
    enum err e = allowed(j, account, "unlink");

    if (!e)
        e = db_run(j, sql_unlink, ARGS(INT(account)), NULL);
    if (!e)
        e = db_run(j, sql_drop_codes, ARGS(INT(account)), NULL);
    return e ? e : db_run(j, sql_end_its_sessions, ARGS(INT(account), INT(j->now)), NULL);
}
