#include "access/email.h"
#include "access/permit.h"
#include "access/seal.h"
#include "base/text.h"
#include "store/db.h"

static struct seal_place
place_of(int64_t account)
{
    return (struct seal_place){"account.email", 0, account};
}

bool
email_is_plain(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  ".-_+'@";
    const char *at = strchr(s, '@');
    size_t n = strlen(s);

    return n <= EMAIL_MOST && strspn(s, letters) == n && at && at > s && s[0] != '-' &&
           !strchr(at + 1, '@') && strchr(at + 1, '.') && at[1] != '.' && s[n - 1] != '.';
}

static const char sql_get[] = "SELECT email FROM account WHERE account_id = $1";

enum err
email_get(struct job *j, const struct key *k, int64_t account, const char **out)
{
    const char *sealed = NULL;
    struct rows q;
    enum err e;

    *out = NULL;
    db_ask(j, &q, sql_get, ARGS(INT(account)));
    while (db_next(&q))
        sealed = row_text(&q, 0);
    e = db_done(&q);
    return e || !sealed ? e : seal_open(j, k, place_of(account), sealed, out);
}

static const char sql_change[] = "UPDATE account SET email = $2 WHERE account_id = $1";

enum err
email_change(struct job *j, const struct key *k, int64_t account, const char *given)
{
    struct span s = span_trim(span_of(given ? given : ""));
    const char *plain = job_format(j, "%.*s", (int)s.n, s.s), *sealed = NULL;
    const char *what = job_format(j, "account %lld: e-mail address", (long long)account);
    enum err e = permit(j, ACT_ACCOUNTS, (struct subject){.what = what});

    if (!e && s.n && !email_is_plain(plain)) {
        err_set(j, ERR_INPUT, "That is no e-mail address");
        return err_hint(j, "Such as sam.hartley@school.example.");
    }
    if (!e && s.n)
        e = seal_text(j, k, place_of(account), plain, &sealed);
    return e ? e : db_run(j, sql_change, ARGS(INT(account), TEXT(sealed)), NULL);
}
