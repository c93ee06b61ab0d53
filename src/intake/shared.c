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
#define TABLE(family, table, key, same, columns, text)                         \
    {family, SQL_BOUND(table, key),                                            \
     SQL_CARRY(table, key, same, columns, "AND o." key " <= $4"),              \
     SQL_CARRY(table, key, same, columns, ""), SQL_OTHER(table, "<"),          \
     SQL_OTHER(table, ">"), SQL_DROP(table, "AND " key " <= $2"), SQL_DROP(table, ""), text}

static const struct shared_table {
    const char *family, *bound, *carry, *carry_rest, *older, *newer, *drop, *drop_rest;
    bool text; /* is the key text? */
} tables[] = {
    TABLE("gias", "establishment_row", "urn", "n.urn = o.urn",
          "urn, la, estab, name, type_code, type_name, phase, status, opened, closed, low_age, "
          "high_age, postcode, district, ward, close_reason", false),
    TABLE("gias", "establishment_link_row", "urn",
          "n.urn = o.urn AND n.link_urn = o.link_urn AND n.kind = o.kind",
          "urn, link_urn, kind, linked", false),
    TABLE("postcodes", "postcode_row", "postcode", "n.postcode = o.postcode",
          "postcode, lsoa11, lsoa21, district, ward, introduced, ended, county, latitude, "
          "longitude", true),
    TABLE("deprivation", "deprivation_row", "lsoa", "n.lsoa = o.lsoa AND n.iod = o.iod",
          "lsoa, iod, idaci_rank, idaci_decile, imd_decile, district", true),
    TABLE("benchmarks", "benchmark_row", "code",
          "n.series = o.series AND n.level = o.level AND n.code = o.code AND "
          "n.time_period = o.time_period AND n.time_identifier = o.time_identifier AND "
          "n.phase = o.phase",
          "series, level, code, time_period, time_identifier, phase, school_year, name, parent, "
          "gss, figures", true),
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

enum err
shared_complete(struct job *j, struct loading *l)
{
    enum err e = chunk_flush(j, l->loader->chunk);

    for (int i = 0; !e && i < N_TABLES; i++)
        if (!strcmp(tables[i].family, l->shared)) {
            struct scope s = job_scope_begin(j);
            e = carry_table(j, &tables[i], l->edition);
            job_scope_end(j, s);
        }
    return e;
}

static const char sql_put_in_force[] = "UPDATE edition SET edition = $2 WHERE name = $1";

enum err
shared_publish(struct job *j, struct loading *l)
{
    return db_run(j, sql_put_in_force, ARGS(TEXT(l->shared), INT(l->edition)), NULL);
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
