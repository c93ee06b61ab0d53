/* Writing a version of the sharing agreement: draft, signatures, into force. */
#include "access/agreement.h"
#include "access/permit.h"
#include "base/date.h"
#include "base/text.h"
#include "store/db.h"

enum { TITLE_MOST = 120, TEXT_MOST_LETTERS = 2000, NAME_MOST = 120 };

static const char *const proposed[] = {
#define CATEGORY(id, name, words, proposed) [id] = proposed,
#include "access/categories.def"
#undef CATEGORY
};
#define CATEGORY(id, name, words, proposed)                                                    \
    _Static_assert(sizeof(proposed) == PURPOSES * AGENCY_KINDS + 1, name ": a letter for each");
#include "access/categories.def"
#undef CATEGORY

static enum err
allowed(struct job *j, int64_t version, const char *what)
{
    const char *words = job_format(j, "agreement %lld, %s", (long long)version, what);

    return permit(j, ACT_AGREEMENT_WRITE, (struct subject){.what = words});
}

/* ---- a draft ------------------------------------------------------------------------------- */

static const char sql_newest[] =
    "SELECT COALESCE(MAX(version), 0) FROM agreement WHERE area_id = $1";
static const char sql_draft_there[] =
    "SELECT COUNT(*) FROM agreement WHERE area_id = $1 AND state = 'draft'";
static const char sql_copy[] =
    "INSERT INTO agreement (area_id, version, title, article_6, article_9, state, made, made_by) "
    "SELECT area_id, $3, title, article_6, article_9, 'draft', $4, $5 FROM agreement "
    "WHERE area_id = $1 AND version = $2";
static const char sql_copy_cells[] =
    "INSERT INTO agreement_cell (area_id, version, purpose, agency_kind, category, share) "
    "SELECT area_id, $3, purpose, agency_kind, category, share FROM agreement_cell "
    "WHERE area_id = $1 AND version = $2";
static const char sql_first[] =
    "INSERT INTO agreement (area_id, version, title, article_6, article_9, state, made, made_by) "
    "VALUES ($1, 1, $2, '', '', 'draft', $3, $4)";
static const char sql_cell[] =
    "INSERT INTO agreement_cell (area_id, version, purpose, agency_kind, category, share) "
    "VALUES ($1, $2, $3, $4, $5, $6)";

static enum share
share_of_letter(char c)
{
    return c == 'f' ? SHARE_FULL : c == 's' ? SHARE_SUMMARY : c == 'e' ? SHARE_EXISTENCE
                                                                       : SHARE_NONE;
}

struct at {
    int64_t version;
    int purpose, kind, category;
};

static enum err
put(struct job *j, struct at at, enum share s)
{
    if (s == SHARE_NONE)
        return OK;
    return db_run(j, sql_cell,
                  ARGS(INT(j->area), INT(at.version),
                       TEXT(purpose_term((enum purpose)at.purpose).name),
                       TEXT(agency_kind_term((enum agency_kind)at.kind).name),
                       TEXT(category_term((enum category)at.category).name),
                       TEXT(share_term(s).name)),
                  NULL);
}

static enum err
propose(struct job *j)
{
    int64_t who = j->who ? j->who->account : 0;
    enum err e = db_run(j, sql_first,
                        ARGS(INT(j->area), TEXT("Sharing agreement"), INT(j->now), INT(who)), NULL);

    for (int i = 0; i < AGREEMENT_CELLS && !e; i++) {
        struct at at = {1, i / CATEGORIES / AGENCY_KINDS, i / CATEGORIES % AGENCY_KINDS,
                        i % CATEGORIES};
        char letter = proposed[at.category][at.purpose * AGENCY_KINDS + at.kind];
        e = put(j, at, share_of_letter(letter));
    }
    return e;
}

enum err
agreement_draft(struct job *j, int64_t *version)
{
    int64_t newest = 0, drafts = 0, who = j->who ? j->who->account : 0;
    enum err e = allowed(j, 0, "draft");

    if (!e)
        e = db_int(j, sql_newest, ARGS(INT(j->area)), 0, &newest);
    if (!e)
        e = db_int(j, sql_draft_there, ARGS(INT(j->area)), 0, &drafts);
    if (e)
        return e;
    if (drafts)
        return err_set(j, ERR_CONFLICT, "There is a draft already: change that one");
    *version = newest + 1;
    if (!newest)
        return propose(j);
    e = db_run(j, sql_copy,
               ARGS(INT(j->area), INT(newest), INT(*version), INT(j->now), INT(who)), NULL);
    return e ? e
             : db_run(j, sql_copy_cells, ARGS(INT(j->area), INT(newest), INT(*version)), NULL);
}

/* ---- changing it ------------------------------------------------------------------------ */

static enum err
get_draft(struct job *j, int64_t version, const char *what, struct agreement *out)
{
    enum err e = allowed(j, version, what);

    if (!e)
        e = agreement_get(j, version, out);
    if (!e && !out->draft) {
        err_set(j, ERR_CONFLICT, "Version %lld was agreed and is not changed any more",
                (long long)version);
        return err_hint(j, "Make a new draft from it.");
    }
    return e;
}

static enum err
check_text(struct job *j, const char *what, const char *s, size_t most, const char **out)
{
    struct span t = span_trim(span_of(s ? s : ""));

    *out = job_format(j, "%.*s", (int)t.n, t.s);
    if (t.n > most)
        return err_set(j, ERR_INPUT, "%s: at most %zu letters", what, most);
    return OK;
}

static const char sql_text[] =
    "UPDATE agreement SET title = $3, article_6 = $4, article_9 = $5, review_on = $6 "
    "WHERE area_id = $1 AND version = $2";

enum err
agreement_change_text(struct job *j, int64_t version, const struct agreement_text *t)
{
    const char *title, *six, *nine;
    struct agreement g;
    enum err e = get_draft(j, version, "words", &g);

    if (e || (e = check_text(j, "Title", t->title, TITLE_MOST, &title)) ||
        (e = check_text(j, "Article 6", t->article_6, TEXT_MOST_LETTERS, &six)) ||
        (e = check_text(j, "Article 9", t->article_9, TEXT_MOST_LETTERS, &nine)))
        return e;
    if (!*title)
        return err_set(j, ERR_INPUT, "Give the agreement a title");
    return db_run(j, sql_text,
                  ARGS(INT(j->area), INT(version), TEXT(title), TEXT(six), TEXT(nine),
                       t->review_on == DATE_NONE ? NUL : INT(t->review_on)),
                  NULL);
}

static const char sql_clear[] =
    "DELETE FROM agreement_cell WHERE area_id = $1 AND version = $2 AND purpose = $3 "
    "AND agency_kind = $4";

enum err
agreement_change_share(struct job *j, int64_t version, enum purpose p, enum agency_kind k,
                       const uint8_t share[CATEGORIES])
{
    struct agreement g;
    enum err e = get_draft(j, version, agency_kind_term(k).name, &g);

    if (!e)
        e = db_run(j, sql_clear,
                   ARGS(INT(j->area), INT(version), TEXT(purpose_term(p).name),
                        TEXT(agency_kind_term(k).name)),
                   NULL);
    for (int c = 0; c < CATEGORIES && !e; c++)
        e = put(j, (struct at){version, (int)p, (int)k, c}, (enum share)share[c]);
    return e;
}

static const char sql_sign[] =
    "INSERT INTO agreement_signature (area_id, version, signature, agency_kind, agency, "
    "signed_by, signed_on) SELECT $1, $2, COALESCE(MAX(signature), 0) + 1, $3, $4, $5, $6 "
    "FROM agreement_signature WHERE area_id = $1 AND version = $2";

enum err
agreement_sign(struct job *j, int64_t version, const struct agreement_signature *s)
{
    const char *agency, *by;
    struct agreement g;
    enum err e = get_draft(j, version, "signature", &g);

    if (e || (e = check_text(j, "Agency", s->agency, NAME_MOST, &agency)) ||
        (e = check_text(j, "Name", s->by, NAME_MOST, &by)))
        return e;
    if (!*agency || !*by)
        return err_set(j, ERR_INPUT, "Say which agency signed, and who for it");
    if (s->on == DATE_NONE || s->on > j->now / (INT64_C(24) * 3600 * 1000000))
        return err_set(j, ERR_INPUT, "Give the day of the signature, which has been");
    return db_run(j, sql_sign,
                  ARGS(INT(j->area), INT(version), TEXT(agency_kind_term(s->kind).name),
                       TEXT(agency), TEXT(by), INT(s->on)),
                  NULL);
}

/* ---- into force ------------------------------------------------------------------------ */

static bool
receives(const struct agreement *g, int kind)
{
    for (int p = 0; p < PURPOSES; p++)
        for (int c = 0; c < CATEGORIES; c++)
            if (g->share[p][kind][c])
                return true;
    return false;
}

/* Who receives something and has not signed; NULL: nobody. */
static enum err
unsigned_kinds(struct job *j, const struct agreement *g, const char **out)
{
    bool has[AGENCY_KINDS] = {false};
    struct agreement_signature *s;
    size_t n;
    enum err e = agreement_signatures(j, g->version, &s, &n);

    *out = NULL;
    for (size_t i = 0; i < n && !e; i++)
        has[s[i].kind] = true;
    for (int k = 0; k < AGENCY_KINDS && !e; k++)
        if (!has[k] && receives(g, k))
            *out = job_format(j, "%s%s%s", *out ? *out : "", *out ? ", " : "",
                              agency_kind_term((enum agency_kind)k).words);
    return e;
}

static const char sql_begin[] =
    "UPDATE agreement SET state = 'agreed', force_from = $3, agreed = $4, agreed_by = $5 "
    "WHERE area_id = $1 AND version = $2 AND state = 'draft'";
static const char sql_latest[] =
    "SELECT MAX(force_from) FROM agreement WHERE area_id = $1 AND state = 'agreed'";

static enum err
check_begin(struct job *j, const struct agreement *g, int32_t from)
{
    const char *missing;
    int64_t latest;
    enum err e = unsigned_kinds(j, g, &missing);

    if (!e)
        e = db_int(j, sql_latest, ARGS(INT(j->area)), INT32_MIN, &latest);
    if (e)
        return e;
    if (!*g->article_6 || !*g->article_9)
        return err_set(j, ERR_INPUT, "Write the lawful basis under both articles first");
    if (missing)
        return err_set(j, ERR_INPUT, "These receive something and have not signed: %s", missing);
    if (from == DATE_NONE || from < j->now / (INT64_C(24) * 3600 * 1000000))
        return err_set(j, ERR_INPUT, "Give a day from which it holds that is not over");
    if (from <= latest)
        return err_set(j, ERR_INPUT, "It must follow the version before it: give a later day");
    if (g->review_on == DATE_NONE || g->review_on <= from)
        return err_set(j, ERR_INPUT, "Give a day of review after that day");
    return OK;
}

enum err
agreement_begin(struct job *j, int64_t version, int32_t from)
{
    struct agreement g;
    enum err e = get_draft(j, version, "into force", &g);

    if (!e)
        e = check_begin(j, &g, from);
    return e ? e
             : db_run(j, sql_begin,
                      ARGS(INT(j->area), INT(version), INT(from), INT(j->now),
                           INT(j->who ? j->who->account : 0)),
                      NULL);
}

static const char sql_drop_cells[] =
    "DELETE FROM agreement_cell WHERE area_id = $1 AND version = $2";
static const char sql_drop_signatures[] =
    "DELETE FROM agreement_signature WHERE area_id = $1 AND version = $2";
static const char sql_drop[] =
    "DELETE FROM agreement WHERE area_id = $1 AND version = $2 AND state = 'draft'";

enum err
agreement_drop(struct job *j, int64_t version)
{
    struct agreement g;
    struct args a = ARGS(INT(j->area), INT(version));
    enum err e = get_draft(j, version, "drop", &g);

    if (!e)
        e = db_run(j, sql_drop_cells, a, NULL);
    if (!e)
        e = db_run(j, sql_drop_signatures, a, NULL);
    return e ? e : db_run(j, sql_drop, a, NULL);
}
