#include "intake/facts.h"
#include "access/custody.h"
#include "link/identity.h"

#define FACT(table, columns, types) const struct db_table fact_##table = {#table, columns, types};
#include "intake/facts.def"
#undef FACT
const struct db_table fact_register_week = {
    "register_week",
    "area_id, week, urn, batch_id, part, base_batch, base_part, children, marks, missing, content",
    "iiiiiiiiiib"};
const struct db_table fact_register_batch = {
    "register_batch", "area_id, week, batch_id, marks, last_day", "iiiii"};
const struct db_table fact_file_chunk = {
    "file_chunk", "area_id, batch_id, file_id, first_line, content", "iiiib"};
const struct db_table fact_finding = {
    "finding",
    "area_id, batch_id, finding_id, file_id, line, field, field_column, rule, refused, value, "
    "message, urn",
    "iiiiitititti"};

/* Few enough that the writer is not held for long. */
enum { ROWS_AT_ONCE = 2000, CHUNKS_AT_ONCE = 50 };

#define SQL_CLEAR(table, key)                                                  \
    "DELETE FROM " table " WHERE area_id = $1 AND batch_id = $2 AND (" key     \
    ") IN (SELECT " key " FROM " table                                         \
    " WHERE area_id = $1 AND batch_id = $2 ORDER BY " key " LIMIT $3)"

static const struct {
    const char *sql;
    int at_once;
    bool finding; /* goes only when all goes */
} clear[] = {
#define FACT(table, columns, types) {SQL_CLEAR(#table, "file_id, line"), ROWS_AT_ONCE, false},
#include "intake/facts.def"
#undef FACT
    {SQL_CLEAR("register_week", "week, urn, part"), CHUNKS_AT_ONCE, false},
    {SQL_CLEAR("register_batch", "week"), ROWS_AT_ONCE, false},
    {SQL_CLEAR("file_chunk", "file_id, first_line"), CHUNKS_AT_ONCE, false},
    {SQL_CLEAR("finding", "finding_id"), ROWS_AT_ONCE, true},
    {SQL_CLEAR("batch_file", "file_id"), ROWS_AT_ONCE, true},
    {"DELETE FROM batch WHERE area_id = $1 AND batch_id = $2 AND $3 > 0", ROWS_AT_ONCE, true},
};

static enum err
clear_table(struct job *j, const char *sql, int64_t batch_id, int at_once)
{
    int64_t n = at_once;
    enum err e = OK;

    while (!e && n >= at_once)
        if (!(e = db_begin(j)) &&
            !(e = db_run(j, sql, ARGS(INT(j->area), INT(batch_id), INT(at_once)), &n)))
            e = db_commit(j);
    return e;
}

static enum err
clear_identities(struct job *j, int64_t batch_id)
{
    bool left = true;
    enum err e = OK;

    while (!e && left)
        if (!(e = db_begin(j)) && !(e = identity_drop(j, batch_id, ROWS_AT_ONCE, &left)))
            e = db_commit(j);
    return e;
}

static enum err
clear_all(struct job *j, int64_t batch_id, bool with_findings)
{
    enum err e = clear_identities(j, batch_id);

    for (size_t i = 0; !e && i < sizeof clear / sizeof *clear; i++)
        if (with_findings || !clear[i].finding)
            e = clear_table(j, clear[i].sql, batch_id, clear[i].at_once);
    return e;
}

/* What a batch brought for sealed children lies apart (access/custody.h). */
static enum err
clear_sealed(struct job *j, int64_t batch_id, bool with_findings)
{
    int64_t area = j->area;
    bool any;
    enum err e = custody_any(j, &any);

    if (e || !any)
        return e;
    j->area = custody_area(area);
    e = clear_all(j, batch_id, with_findings);
    j->area = area;
    return e;
}

enum err
facts_clear(struct job *j, int64_t batch_id, bool with_findings)
{
    struct scope s = job_scope_begin(j);
    enum err e = clear_all(j, batch_id, with_findings);

    if (!e)
        e = clear_sealed(j, batch_id, with_findings);

    job_scope_end(j, s);
    return e;
}

static const char *const facts_only[] = {
#define FACT(table, columns, types) SQL_CLEAR(#table, "file_id, line"),
#include "intake/facts.def"
#undef FACT
};
static const char sql_text[] = SQL_CLEAR("file_chunk", "file_id, first_line");
static const char sql_findings[] = SQL_CLEAR("finding", "finding_id");

enum err
facts_expire(struct job *j, int64_t batch_id)
{
    enum err e = OK;

    for (size_t i = 0; !e && i < sizeof facts_only / sizeof *facts_only; i++)
        e = clear_table(j, facts_only[i], batch_id, ROWS_AT_ONCE);
    return e;
}

enum err
facts_forget(struct job *j, int64_t batch_id)
{
    enum err e = clear_table(j, sql_text, batch_id, CHUNKS_AT_ONCE);

    return e ? e : clear_table(j, sql_findings, batch_id, ROWS_AT_ONCE);
}
