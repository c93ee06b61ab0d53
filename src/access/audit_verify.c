#include "access/audit_verify.h"
#include <errno.h>
#include <sodium.h>

/* ---- areas ------------------------------------------------------------------------------ */

static const char sql_areas[] =
    "SELECT area_id FROM audit_head UNION SELECT area_id FROM area UNION SELECT 0 ORDER BY 1";

static void
add_area(int64_t *v, size_t *n, int64_t area)
{
    for (size_t i = 0; i < *n; i++)
        if (v[i] == area)
            return;
    v[(*n)++] = area;
}

enum err
audit_areas(struct job *j, const struct chain_heads *heads, int64_t **out, size_t *n)
{
    size_t room = 1024 + (heads ? heads->n : 0);
    struct rows q;
    enum err e;

    *out = job_array(j, room, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_areas, NO_ARGS);
    while (*n < 1024 && db_next(&q))
        add_area(*out, n, row_int(&q, 0));
    e = db_done(&q);
    for (size_t i = 0; heads && i < heads->n; i++)
        if (!i || heads->v[i].area != heads->v[i - 1].area)
            add_area(*out, n, heads->v[i].area);
    return e;
}

/* ---- where the database says the chain stands --------------------------------------------- */

struct stand {
    char name[CHAIN_NAME]; /* "" not begun */
    unsigned char hash[CHAIN_HASH];
    int64_t last;
    bool hashed;
};

static const char sql_stand[] =
    "SELECT next_id - 1, chain, hash FROM audit_head WHERE area_id = $1";

static enum err
read_stand(struct job *j, int64_t area, struct stand *out)
{
    struct rows q;
    size_t n;

    *out = (struct stand){.last = 0};
    db_ask(j, &q, sql_stand, ARGS(INT(area)));
    while (db_next(&q)) {
        const char *s = row_peek(&q, 1, &n);
        out->last = row_int(&q, 0);
        if (s && n < CHAIN_NAME)
            memcpy(out->name, s, n);
        s = row_peek(&q, 2, &n);
        out->hashed = s && n == CHAIN_HASH;
        if (out->hashed)
            memcpy(out->hash, s, CHAIN_HASH);
    }
    return db_done(&q);
}

/* ---- entries, without memory for each ------------------------------------------------------ */

static const char sql_entries[] =
    "SELECT audit_id, at, account_id, event, act, outcome, person_id, subject, detail, hash, "
    "role FROM audit WHERE area_id = $1 ORDER BY audit_id";

static struct chain_text
text_at(const struct rows *q, int c)
{
    struct chain_text t;

    t.s = row_peek(q, c, &t.n);
    if (!t.s)
        t.n = 0;
    return t;
}

static size_t
line_from_row(const struct rows *q, int64_t area, char *line)
{
    const struct chain_entry e = {area, row_int(q, 0), row_int(q, 1), row_int(q, 2), row_int(q, 6),
        text_at(q, 3), text_at(q, 4), text_at(q, 5), text_at(q, 7), text_at(q, 8),
        text_at(q, 10)};

    return chain_line(&e, line);
}

static bool
check_row(struct chain_check *c, const struct rows *q)
{
    static const unsigned char none[CHAIN_HASH];
    char line[CHAIN_LINE];
    size_t n = line_from_row(q, c->area, line), length = 0;
    const char *hash = row_peek(q, 9, &length);

    return chain_check_entry(c, row_int(q, 0), (struct chain_text){line, n},
                             hash && length == CHAIN_HASH ? (const unsigned char *)hash : none);
}

/* What the database itself says of the end; who can take entries away can change it as well. */
static void
check_stand(struct chain_check *c, const struct stand *s)
{
    if (s->last >= c->next) {
        c->bad = c->next;
        snprintf(c->why, sizeof c->why, "Entries from %lld on of area %lld are missing: the audit "
                 "ends with entry %lld, but %lld were written.", (long long)c->next,
                 (long long)c->area, (long long)(c->next - 1), (long long)s->last);
    } else if (s->last < c->next - 1 || (c->n && memcmp(s->hash, c->hash, CHAIN_HASH))) {
        c->bad = s->last < c->next - 1 ? s->last + 1 : c->next - 1;
        snprintf(c->why, sizeof c->why, "Entry %lld of area %lld is not where the audit says that "
                 "it ends: entries were put in or changed by hand.", (long long)c->bad,
                 (long long)c->area);
    }
}

enum err
audit_verify(struct job *j, int64_t area, const struct chain_heads *heads, struct chain_check *out)
{
    struct stand s;
    struct rows q;
    bool ok;
    enum err e = read_stand(j, area, &s);

    if (e)
        return e;
    if (s.last && !s.hashed && !(heads && heads->n)) {
        *out = (struct chain_check){.area = area, .bad = 1};
        snprintf(out->why, sizeof out->why, "The entries of area %lld are of an older program and "
                 "have no hashes yet, from entry 1 on: \"rooted serve\" gives them.",
                 (long long)area);
        return OK;
    }
    ok = chain_check_begin(out, s.name, area, heads ? heads->v : NULL, heads ? heads->n : 0);
    db_ask(j, &q, sql_entries, ARGS(INT(area)));
    while (ok && db_next(&q))
        ok = check_row(out, &q);
    e = db_done(&q);
    if (!e && ok && chain_check_end(out))
        check_stand(out, &s);
    return e;
}

/* ---- taken out ------------------------------------------------------------------------------ */

static bool
write_row(const struct rows *q, int64_t area, FILE *to)
{
    char line[CHAIN_LINE], hex[2 * CHAIN_HASH + 1] = "";
    size_t n = line_from_row(q, area, line), length = 0;
    const char *hash = row_peek(q, 9, &length);

    if (hash && length == CHAIN_HASH)
        sodium_bin2hex(hex, sizeof hex, (const unsigned char *)hash, CHAIN_HASH);
    return fwrite(line, 1, n, to) == n && fprintf(to, "\t%s\n", hex) > 0;
}

enum err
audit_export(struct job *j, int64_t area, FILE *to, int64_t *n)
{
    char top[CHAIN_TOP];
    struct stand s;
    struct rows q;
    bool ok;
    enum err e = read_stand(j, area, &s);

    *n = 0;
    if (e)
        return e;
    if (!s.name[0])
        return err_set(j, ERR_INPUT, "there is no audit of area %lld yet", (long long)area);
    ok = fwrite(top, 1, chain_top(s.name, area, top), to) > 0;
    db_ask(j, &q, sql_entries, ARGS(INT(area)));
    for (; ok && db_next(&q); ++*n)
        ok = write_row(&q, area, to);
    e = db_done(&q);
    if (!e && (!ok || fflush(to))) {
        err_set(j, ERR_ENV, "the entries cannot be written: %s", strerror(errno));
        return err_hint(j, "Look for space on the disk.");
    }
    return e;
}
