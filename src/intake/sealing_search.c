/* Searches that were for a sealed child, found afterwards in the audit, which keeps the words as
 * keyed hashes: whoever searched waits no longer, and sees nothing. */
#include "intake/sealing.h"
#include "link/sealed.h"
#include "people/area.h"
#include "people/child.h"

enum { READ_AT_ONCE = 5000, NAME_MOST = 24 };

/* ---- the words that would have found the child ------------------------------------------- */

struct wanted {
    char (*hash)[KEY_HASH]; /* sorted */
    size_t n, room;
};

static void
want(struct job *j, const struct key *k, struct wanted *w, const char *words)
{
    if (strlen(words) < CHILD_LETTERS_LEAST)
        return;
    if (w->n == w->room) {
        size_t more = w->room ? 2 * w->room : 256;
        w->hash = job_grow(j, w->hash, w->room * sizeof *w->hash, more * sizeof *w->hash);
        w->room = more;
    }
    key_hash(k, "search", words, w->hash[w->n++]);
}

/* The start of one name, or of both in either order. */
static void
want_names(struct job *j, const struct key *k, struct wanted *w, const char *a, const char *b)
{
    int n_a = (int)strlen(a), n_b = (int)strlen(b);

    for (int x = 0; x <= n_a && x <= NAME_MOST; x++)
        for (int y = 0; y <= n_b && y <= NAME_MOST; y++) {
            char one[2 * NAME_MOST + 1], two[2 * NAME_MOST + 1];
            snprintf(one, sizeof one, "%.*s%.*s", x, a, y, b);
            snprintf(two, sizeof two, "%.*s%.*s", y, b, x, a);
            want(j, k, w, one);
            if (x && y)
                want(j, k, w, two);
        }
}

static int
by_hash(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum err
want_child(struct job *j, const struct key *k, int64_t person, struct wanted *w)
{
    struct sealed_words *v;
    size_t n;
    enum err e = sealed_read(j, k, person, &v, &n);

    *w = (struct wanted){0};
    for (size_t i = 0; !e && i < n; i++) {
        want(j, k, w, v[i].upn);
        want(j, k, w, v[i].former_upn);
        want_names(j, k, w, text_name_key(j, span_of(v[i].surname)),
                   text_name_key(j, span_of(v[i].forename)));
    }
    if (w->n)
        qsort(w->hash, w->n, sizeof *w->hash, by_hash);
    return e;
}

/* ---- searches since the last look ---------------------------------------------------------- */

struct searched {
    int64_t id, at, account;
    char hash[KEY_HASH];
};

static const char sql_from[] =
    "SELECT COALESCE((SELECT audit_id FROM sealed_search WHERE area_id = $1), 0)";
static const char sql_searches[] =
    "SELECT audit_id, at, COALESCE(account_id, 0), subject FROM audit WHERE area_id = $1 "
    "AND audit_id > $2 AND event = 'searched' AND subject LIKE 'search %' "
    "ORDER BY audit_id LIMIT $3";
static const char sql_last[] = "SELECT COALESCE(MAX(audit_id), 0) FROM audit WHERE area_id = $1";

static enum err
read_searches(struct job *j, struct searched **out, size_t *n, int64_t *to)
{
    int64_t from = 0;
    struct rows q;
    enum err e = db_int(j, sql_from, ARGS(INT(custody_area(j->area))), 0, &from);

    *out = job_array(j, READ_AT_ONCE, sizeof **out);
    *n = 0;
    if (!e)
        e = db_int(j, sql_last, ARGS(INT(j->area)), 0, to);
    if (e)
        return e;
    db_ask(j, &q, sql_searches, ARGS(INT(j->area), INT(from), INT(READ_AT_ONCE)));
    while (db_next(&q)) {
        struct searched *s = &(*out)[(*n)++];
        *s = (struct searched){.id = row_int(&q, 0), .at = row_int(&q, 1),
                               .account = row_int(&q, 2)};
        snprintf(s->hash, sizeof s->hash, "%s", row_text(&q, 3) + strlen("search "));
    }
    if (*n == READ_AT_ONCE)
        *to = (*out)[*n - 1].id;
    return db_done(&q);
}

/* A custodian's own search is no news to custodians. */
static const char sql_sealed[] =
    "SELECT person_id, since FROM sealed_child WHERE area_id = $1 ORDER BY person_id";
static const char sql_keeps[] =
    "SELECT COUNT(*) FROM sealed_custodian WHERE area_id = $1 AND account_id = $2 "
    "AND person_id = $3";

static enum err
tell(struct job *j, int64_t person, const struct searched *s)
{
    int64_t keeps = 0, area = j->area;
    enum err e = db_int(j, sql_keeps, ARGS(INT(custody_area(area)), INT(s->account), INT(person)),
                        0, &keeps);

    if (e || keeps)
        return e;
    j->area = custody_area(area);
    e = custody_tell(j, person, (struct custody_news){.at = s->at, .source = s->id,
                                                      .account = s->account, .kind = "search"});
    j->area = area;
    return e;
}

struct child_of {
    int64_t person, since;
};

struct searches {
    struct searched *v;
    size_t n;
};

static enum err
compare(struct job *j, const struct key *k, struct child_of c, const struct searches *s)
{
    struct scope scope = job_scope_begin(j);
    struct wanted w;
    enum err e = want_child(j, k, c.person, &w);

    for (size_t i = 0; !e && w.n && i < s->n; i++)
        if (s->v[i].at >= c.since && bsearch(s->v[i].hash, w.hash, w.n, sizeof *w.hash, by_hash))
            e = tell(j, c.person, &s->v[i]);
    job_scope_end(j, scope);
    return e;
}

static enum err
list_sealed(struct job *j, struct child_of **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *out = NULL;
    *n = 0;
    db_ask(j, &q, sql_sealed, ARGS(INT(custody_area(j->area))));
    while (db_next(&q)) {
        if (*n == room) {
            size_t more = room ? 2 * room : 16;
            *out = job_grow(j, *out, room * sizeof **out, more * sizeof **out);
            room = more;
        }
        (*out)[(*n)++] = (struct child_of){row_int(&q, 0), row_int(&q, 1)};
    }
    return db_done(&q);
}

static const char sql_seen[] =
    "INSERT INTO sealed_search (area_id, audit_id) VALUES ($1, $2) "
    "ON CONFLICT (area_id) DO UPDATE SET audit_id = excluded.audit_id";

static enum err
look_in(struct job *j, const struct key *k)
{
    struct searches s;
    struct child_of *c;
    size_t n;
    int64_t to = 0;
    enum err e = read_searches(j, &s.v, &s.n, &to);

    if (e || (e = list_sealed(j, &c, &n)) || (e = db_begin(j)))
        return e;
    for (size_t i = 0; !e && s.n && i < n; i++)
        e = compare(j, k, c[i], &s);
    if (!e)
        e = db_run(j, sql_seen, ARGS(INT(custody_area(j->area)), INT(to)), NULL);
    return e ? e : db_commit(j);
}

enum err
sealing_searches(struct job *j, const char *home)
{
    int64_t area = j->area;
    struct area *all;
    struct key key;
    size_t n;
    bool any;
    enum err e = area_list(j, &all, &n);

    for (size_t i = 0; !e && i < n; i++) {
        j->area = all[i].area_id;
        if ((e = custody_any(j, &any)) || !any)
            continue;
        if (!(e = key_load(j, home, &key)))
            e = look_in(j, &key);
        explicit_bzero(&key, sizeof key);
    }
    j->area = area;
    return e;
}
