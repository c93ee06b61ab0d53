#include "intake/shared.h"

enum { ROWS_AT_ONCE = 1000 };

/* $1 the edition in force; $2 the new one; keys above $3, and in a part but the last up to $4 */
#define SQL_BOUND(table, key)                                                  \
    "SELECT " key " FROM " table " WHERE edition = $1 AND " key " > $2 "       \
    "ORDER BY " key " LIMIT 1 OFFSET $3"
#define SQL_CARRY(table, key, same, columns, upto)                             \
    "INSERT INTO " table " (edition, " columns ") SELECT $2, " columns " FROM " table " o " \
    "WHERE o.edition = $1 AND o." key " > $3 " upto " AND NOT EXISTS (SELECT 1 FROM " table \
    " n WHERE n.edition = $2 AND " same ")"
#define SQL_OTHER(table, which)                                                \
    "SELECT min(edition) FROM " table " WHERE edition " which " $1"
#define SQL_DROP(table, upto) "DELETE FROM " table " WHERE edition = $1 " upto
/* What the new edition has otherwise than the one in force: as that has it, or that it has not. */
#define SQL_PAST(table, past, keys, new_keys, columns, old_columns, same, otherwise)          \
    "INSERT INTO " past " (edition, there, " keys columns ") SELECT $1, "                     \
    "CASE WHEN o.edition IS NULL THEN 0 ELSE 1 END, " new_keys old_columns                    \
    " FROM " table " n LEFT JOIN " table " o ON o.edition = $1 AND " same                      \
    " WHERE n.edition = $2 AND (o.edition IS NULL" otherwise ") AND "
#define SQL_PAST_CLEAR(past) "DELETE FROM " past " WHERE edition = $1 AND "
#define UP_FROM(key, low) key " > " low
#define BETWEEN(key, low, high) key " > " low " AND " key " <= " high
#define PAST(past_, key, sql)                                                                 \
    .past = sql BETWEEN("n." key, "$3", "$4"), .past_rest = sql UP_FROM("n." key, "$3"),      \
    .clear = SQL_PAST_CLEAR(past_) BETWEEN(key, "$2", "$3"),                                   \
    .clear_rest = SQL_PAST_CLEAR(past_) UP_FROM(key, "$2")
#define TABLE(family_, table, key, same, columns, text_)                                      \
    .family = family_, .bound = SQL_BOUND(table, key),                                        \
    .carry = SQL_CARRY(table, key, same, columns, "AND o." key " <= $4"),                     \
    .carry_rest = SQL_CARRY(table, key, same, columns, ""), .older = SQL_OTHER(table, "<"),   \
    .newer = SQL_OTHER(table, ">"), .drop = SQL_DROP(table, "AND " key " <= $2"),             \
    .drop_rest = SQL_DROP(table, ""), .text = text_

static const struct shared_table {
    const char *family, *bound, *carry, *carry_rest, *older, *newer, *drop, *drop_rest;
    const char *past, *past_rest, *clear, *clear_rest; /* NULL: only the newest is read */
    bool text; /* is the key text? */
} tables[] = {
    {TABLE("gias", "establishment_row", "urn", "n.urn = o.urn",
           "urn, la, estab, name, type_code, type_name, phase, status, opened, closed, low_age, "
           "high_age, postcode, district, ward, close_reason", false),
     PAST("establishment_past", "urn",
          SQL_PAST("establishment_row", "establishment_past", "urn", "n.urn",
                   ", la, type_code, phase, opened, closed, low_age, high_age, district",
                   ", o.la, o.type_code, o.phase, o.opened, o.closed, o.low_age, o.high_age, "
                   "o.district", "n.urn = o.urn",
                   " OR o.la <> n.la OR o.type_code <> n.type_code OR o.phase <> n.phase"
                   " OR o.opened IS DISTINCT FROM n.opened OR o.closed IS DISTINCT FROM n.closed"
                   " OR o.low_age IS DISTINCT FROM n.low_age"
                   " OR o.high_age IS DISTINCT FROM n.high_age"
                   " OR o.district IS DISTINCT FROM n.district"))},
    {TABLE("gias", "establishment_link_row", "urn",
           "n.urn = o.urn AND n.link_urn = o.link_urn AND n.kind = o.kind",
           "urn, link_urn, kind, linked", false),
     PAST("establishment_link_past", "urn",
          SQL_PAST("establishment_link_row", "establishment_link_past", "urn, link_urn, kind",
                   "n.urn, n.link_urn, n.kind", "", "",
                   "n.urn = o.urn AND n.link_urn = o.link_urn AND n.kind = o.kind", ""))},
    {TABLE("postcodes", "postcode_row", "postcode", "n.postcode = o.postcode",
           "postcode, lsoa11, lsoa21, district, ward, introduced, ended, county, latitude, "
           "longitude", true),
     PAST("postcode_past", "postcode",
          SQL_PAST("postcode_row", "postcode_past", "postcode", "n.postcode",
                   ", lsoa11, lsoa21, district", ", o.lsoa11, o.lsoa21, o.district",
                   "n.postcode = o.postcode",
                   " OR o.lsoa11 IS DISTINCT FROM n.lsoa11"
                   " OR o.lsoa21 IS DISTINCT FROM n.lsoa21"
                   " OR o.district IS DISTINCT FROM n.district"))},
    {TABLE("deprivation", "deprivation_row", "lsoa", "n.lsoa = o.lsoa AND n.iod = o.iod",
           "lsoa, iod, idaci_rank, idaci_decile, imd_decile, district", true)},
    {TABLE("benchmarks", "benchmark_row", "code",
           "n.series = o.series AND n.level = o.level AND n.code = o.code AND "
           "n.time_period = o.time_period AND n.time_identifier = o.time_identifier AND "
           "n.phase = o.phase",
           "series, level, code, time_period, time_identifier, phase, school_year, name, parent, "
           "gss, figures", true)},
};
enum { N_TABLES = sizeof tables / sizeof *tables };

static const char sql_edition[] = "SELECT edition FROM edition WHERE name = $1";

static enum err
edition_in_force(struct job *j, const char *family, int64_t *edition)
{
    return db_int(j, sql_edition, ARGS(TEXT(family)), 0, edition);
}

/* ---- bringing one ---------------------------------------------------------------- */

static const char lock_name[] = "load-shared";

enum err
shared_begin(struct job *j, struct loading *l, const char *family)
{
    bool taken;
    enum err e = db_lock(j, lock_name, &taken);

    if (e)
        return e;
    if (!taken) {
        err_set(j, ERR_BUSY, "schools, postcodes or deprivation are being loaded by somebody else");
        return err_hint(j, "Try again when that load has ended.");
    }
    if ((e = shared_sweep(j, family)) || (e = edition_in_force(j, family, &l->edition)))
        return e;
    l->edition++;
    l->shared = family;
    return OK;
}

/* The key some rows further on; NULL when there are not that many. */
static enum err
next_bound(struct job *j, const struct shared_table *t, struct arg edition, struct arg low,
           struct arg *high)
{
    struct rows q;

    *high = NUL;
    db_ask(j, &q, t->bound, ARGS(edition, low, INT(ROWS_AT_ONCE)));
    if (db_next(&q))
        *high = t->text ? TEXT(row_text(&q, 0)) : INT(row_int(&q, 0));
    return db_done(&q);
}

static struct arg
lowest(const struct shared_table *t)
{
    return t->text ? TEXT("") : INT(INT64_MIN);
}

static enum err
carry_table(struct job *j, const struct shared_table *t, int64_t edition)
{
    struct arg old = INT(edition - 1), low = lowest(t), high;
    enum err e = OK;

    do {
        if ((e = next_bound(j, t, old, low, &high)) || (e = db_begin(j)) ||
            (e = high.type == ARG_NULL
                     ? db_run(j, t->carry_rest, ARGS(old, INT(edition), low), NULL)
                     : db_run(j, t->carry, ARGS(old, INT(edition), low, high), NULL)) ||
            (e = db_commit(j)))
            return e;
        low = high;
    } while (high.type != ARG_NULL);
    return OK;
}

/* One stretch of keys; what a load that came to nothing left there is written anew. */
static enum err
keep_stretch(struct job *j, const struct shared_table *t, int64_t edition, struct arg low,
             struct arg high)
{
    struct arg old = INT(edition - 1), now = INT(edition);
    bool rest = high.type == ARG_NULL;
    enum err e = rest ? db_run(j, t->clear_rest, ARGS(old, low), NULL)
                      : db_run(j, t->clear, ARGS(old, low, high), NULL);

    if (e)
        return e;
    return rest ? db_run(j, t->past_rest, ARGS(old, now, low), NULL)
                : db_run(j, t->past, ARGS(old, now, low, high), NULL);
}

/* What is other than before, as it was: for who asks what was known on a day.  Before the first
 * edition nothing was. */
static enum err
keep_past(struct job *j, const struct shared_table *t, int64_t edition)
{
    struct arg low = lowest(t), high = NUL;
    enum err e = OK;

    if (!t->past || edition == 1)
        return OK;
    do {
        if ((e = next_bound(j, t, INT(edition), low, &high)) || (e = db_begin(j)) ||
            (e = keep_stretch(j, t, edition, low, high)) || (e = db_commit(j)))
            return e;
        low = high;
    } while (high.type != ARG_NULL);
    return OK;
}

enum err
shared_complete(struct job *j, struct loading *l)
{
    enum err e = chunk_flush(j, l->loader->chunk);

    for (int i = 0; !e && i < N_TABLES; i++)
        if (!strcmp(tables[i].family, l->shared)) {
            struct scope s = job_scope_begin(j);
            if (!(e = carry_table(j, &tables[i], l->edition)))
                e = keep_past(j, &tables[i], l->edition);
            job_scope_end(j, s);
        }
    return e;
}

static const char sql_put_in_force[] = "UPDATE edition SET edition = $2 WHERE name = $1";

static const char sql_was_in_force[] =
    "INSERT INTO edition_past (name, edition, until) VALUES ($1, $2, $3)";

static bool
has_past(const char *family)
{
    for (int i = 0; i < N_TABLES; i++)
        if (!strcmp(tables[i].family, family) && tables[i].past)
            return true;
    return false;
}

enum err
shared_publish(struct job *j, struct loading *l, int64_t at)
{
    enum err e = db_run(j, sql_put_in_force, ARGS(TEXT(l->shared), INT(l->edition)), NULL);

    if (e || !has_past(l->shared))
        return e;
    return db_run(j, sql_was_in_force, ARGS(TEXT(l->shared), INT(l->edition - 1), INT(at)), NULL);
}

/* ---- clearing up ----------------------------------------------------------------- */

/* Key by key: rows found by "edition and key in these" are searched for among all the rest. */
static enum err
drop_edition(struct job *j, const struct shared_table *t, int64_t edition)
{
    struct arg high = lowest(t);
    enum err e = OK;

    while (!e && high.type != ARG_NULL)
        if (!(e = next_bound(j, t, INT(edition), high, &high)) && !(e = db_begin(j)) &&
            !(e = high.type == ARG_NULL
                      ? db_run(j, t->drop_rest, ARGS(INT(edition)), NULL)
                      : db_run(j, t->drop, ARGS(INT(edition), high), NULL)))
            e = db_commit(j);
    return e;
}

/* All editions on one side of the one in force. */
static enum err
sweep_table(struct job *j, const struct shared_table *t, const char *others, int64_t edition)
{
    int64_t other = 0;
    enum err e = OK;

    while (!e && other >= 0)
        if (!(e = db_int(j, others, ARGS(INT(edition)), -1, &other)) && other >= 0)
            e = drop_edition(j, t, other);
    return e;
}

enum err
shared_sweep(struct job *j, const char *family)
{
    int64_t edition;
    enum err e = edition_in_force(j, family, &edition);

    for (int i = 0; !e && i < N_TABLES; i++) {
        struct scope s = job_scope_begin(j);
        if (!strcmp(tables[i].family, family) &&
            !(e = sweep_table(j, &tables[i], tables[i].older, edition)))
            e = sweep_table(j, &tables[i], tables[i].newer, edition);
        job_scope_end(j, s);
    }
    return e;
}

enum err
shared_sweep_all(struct job *j)
{
    static const char *const families[] = {"gias", "postcodes", "deprivation",
                                           "benchmarks"};
    struct scope s = job_scope_begin(j);
    bool taken;
    enum err e = db_lock(j, lock_name, &taken);

    for (size_t i = 0; !e && taken && i < sizeof families / sizeof *families; i++)
        e = shared_sweep(j, families[i]);
    job_scope_end(j, s);
    return e;
}
