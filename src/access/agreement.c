#include "access/agreement.h"
#include "access/permit.h"
#include "base/date.h"
#include "store/db.h"

static const struct agreement_term kinds[] = {
#define AGENCY(id, name, words, title) [id] = {name, words},
#include "access/agency_kinds.def"
#undef AGENCY
};
static const struct agreement_term purposes[] = {
#define PURPOSE(id, name, words) [id] = {name, words},
#include "access/purposes.def"
#undef PURPOSE
};
static const struct agreement_term categories[] = {
#define CATEGORY(id, name, words, proposed) [id] = {name, words},
#include "access/categories.def"
#undef CATEGORY
};
static const struct agreement_term shares[] = {
    [SHARE_NONE] = {"none", "nothing"},
    [SHARE_EXISTENCE] = {"existence", "that it exists"},
    [SHARE_SUMMARY] = {"summary", "a summary"},
    [SHARE_FULL] = {"full", "all of it"},
};

struct agreement_term
agency_kind_term(enum agency_kind k)
{
    return kinds[k];
}

struct agreement_term
purpose_term(enum purpose p)
{
    return purposes[p];
}

struct agreement_term
category_term(enum category c)
{
    return categories[c];
}

struct agreement_term
share_term(enum share s)
{
    return shares[s];
}

static int
find(const struct agreement_term *v, int n, const char *name)
{
    for (int i = 0; name && i < n; i++)
        if (!strcmp(v[i].name, name))
            return i;
    return -1;
}

bool
agency_kind_find(const char *name, enum agency_kind *out)
{
    int i = find(kinds, AGENCY_KINDS, name);

    if (i >= 0)
        *out = (enum agency_kind)i;
    return i >= 0;
}

bool
purpose_find(const char *name, enum purpose *out)
{
    int i = find(purposes, PURPOSES, name);

    if (i >= 0)
        *out = (enum purpose)i;
    return i >= 0;
}

bool
share_find(const char *name, enum share *out)
{
    int i = find(shares, SHARES, name);

    if (i >= 0)
        *out = (enum share)i;
    return i >= 0;
}

/* ---- one version ------------------------------------------------------------------------ */

#define SQL_AGREEMENT                                                                          \
    "SELECT g.version, g.title, g.article_6, g.article_9, g.state, g.made, m.name, g.agreed, " \
    "a.name, g.force_from, g.review_on, (SELECT MAX(o.version) FROM agreement o "              \
    "WHERE o.area_id = g.area_id AND o.state = 'agreed' AND o.force_from <= $2) "              \
    "FROM agreement g LEFT JOIN account m ON m.account_id = g.made_by "                        \
    "LEFT JOIN account a ON a.account_id = g.agreed_by WHERE g.area_id = $1 "
static const char sql_get[] = SQL_AGREEMENT "AND g.version = $3";
static const char sql_list[] = SQL_AGREEMENT "ORDER BY g.version DESC LIMIT $3";
static const char sql_cells[] =
    "SELECT purpose, agency_kind, category, share FROM agreement_cell WHERE area_id = $1 "
    "AND version = $2";

static const char *
name_or(const char *name)
{
    return name ? name : "somebody whose account is gone";
}

static void
agreement_from_row(struct rows *q, struct agreement *g)
{
    *g = (struct agreement){
        .version = row_int(q, 0), .title = row_text(q, 1), .article_6 = row_text(q, 2),
        .article_9 = row_text(q, 3), .draft = !strcmp(row_text(q, 4), "draft"),
        .made = row_int(q, 5), .made_by = name_or(row_text(q, 6)),
        .agreed = row_int_or(q, 7, 0), .agreed_by = name_or(row_text(q, 8)),
        .force_from = (int32_t)row_int_or(q, 9, DATE_NONE),
        .review_on = (int32_t)row_int_or(q, 10, DATE_NONE)};
    g->in_force = row_int_or(q, 11, 0) == g->version;
}

/* Words of a later program are nothing that this one may share. */
static void
cell_from_row(struct rows *q, struct agreement *g)
{
    enum agency_kind k;
    enum purpose p;
    enum share s;
    int c = find(categories, CATEGORIES, row_text(q, 2));

    if (purpose_find(row_text(q, 0), &p) && agency_kind_find(row_text(q, 1), &k) && c >= 0 &&
        share_find(row_text(q, 3), &s))
        g->share[p][k][c] = (uint8_t)s;
}

static enum err
load(struct job *j, int64_t version, struct agreement *out)
{
    struct rows q;
    enum err e;

    *out = (struct agreement){.title = "", .article_6 = "", .article_9 = "",
                              .force_from = DATE_NONE, .review_on = DATE_NONE};
    db_ask(j, &q, sql_get, ARGS(INT(j->area), INT(j->today), INT(version)));
    if (db_next(&q))
        agreement_from_row(&q, out);
    if ((e = db_done(&q)) || !out->version)
        return e;
    db_ask(j, &q, sql_cells, ARGS(INT(j->area), INT(version)));
    while (db_next(&q))
        cell_from_row(&q, out);
    return db_done(&q);
}

enum err
agreement_get(struct job *j, int64_t version, struct agreement *out)
{
    enum err e = permit(j, ACT_AGREEMENT, (struct subject){0});

    if (!e)
        e = load(j, version, out);
    if (!e && !out->version)
        return err_set(j, ERR_NOT_FOUND, "there is no such version of the agreement");
    return e;
}

enum err
agreement_list(struct job *j, struct agreement **out, size_t *n)
{
    enum { MOST = 100 };
    struct rows q;
    enum err e = permit(j, ACT_AGREEMENT, (struct subject){0});

    *out = job_array(j, MOST, sizeof **out);
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), INT(j->today), INT(MOST)));
    while (*n < MOST && db_next(&q))
        agreement_from_row(&q, &(*out)[(*n)++]);
    return db_done(&q);
}

static const char sql_on[] =
    "SELECT MAX(version) FROM agreement WHERE area_id = $1 AND state = 'agreed' "
    "AND force_from <= $2";

enum err
agreement_on(struct job *j, int32_t day, struct agreement *out)
{
    int64_t version = 0;
    enum err e = permit(j, ACT_AGREEMENT, (struct subject){0});

    if (!e)
        e = db_int(j, sql_on, ARGS(INT(j->area), INT(day)), 0, &version);
    return e ? e : load(j, version, out);
}

static const char sql_signatures[] =
    "SELECT agency_kind, agency, signed_by, signed_on FROM agreement_signature "
    "WHERE area_id = $1 AND version = $2 ORDER BY signature LIMIT $3";

enum err
agreement_signatures(struct job *j, int64_t version, struct agreement_signature **out, size_t *n)
{
    enum { MOST = 100 };
    struct rows q;
    enum err e = permit(j, ACT_AGREEMENT, (struct subject){0});

    *out = job_array(j, MOST, sizeof **out);
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_signatures, ARGS(INT(j->area), INT(version), INT(MOST)));
    while (*n < MOST && db_next(&q)) {
        struct agreement_signature *s = &(*out)[*n];
        *n += agency_kind_find(row_text(&q, 0), &s->kind);
        s->agency = row_text(&q, 1);
        s->by = row_text(&q, 2);
        s->on = (int32_t)row_int(&q, 3);
    }
    return db_done(&q);
}

size_t
agreement_diff(const struct agreement *was, const struct agreement *is,
               struct agreement_change *out)
{
    size_t n = 0;

    for (int p = 0; p < PURPOSES; p++)
        for (int k = 0; k < AGENCY_KINDS; k++)
            for (int c = 0; c < CATEGORIES; c++)
                if (was->share[p][k][c] != is->share[p][k][c])
                    out[n++] = (struct agreement_change){
                        (enum purpose)p, (enum agency_kind)k, (enum category)c,
                        (enum share)was->share[p][k][c], (enum share)is->share[p][k][c]};
    return n;
}
