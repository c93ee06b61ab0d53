#include "people/safe_address.h"
#include "access/mask.h"
#include "access/permit.h"
#include "access/seal.h"
#include "base/text.h"
#include "people/area.h"
#include "store/db.h"

/* Sealed for the authority also where sealed children lie (access/custody.h). */
static struct seal_place
place_of(const struct job *j, const char *where, int64_t id)
{
    return (struct seal_place){where, j->area < 0 ? -j->area : j->area, id};
}

#define ADDRESS "safe_address.address"
#define WHY "safe_address.why"
#define POSTCODE "safe_postcode.postcode"

static const char sql_any[] = "SELECT 1 FROM safe_address WHERE area_id = $1 LIMIT 1";

enum err
safe_address_any(struct job *j, bool *yes)
{
    int64_t any = 0;
    enum err e = db_int(j, sql_any, ARGS(INT(j->area)), 0, &any);

    *yes = any == 1;
    return e;
}

static const char sql_get[] =
    "SELECT s.since, a.name, s.address, s.why FROM safe_address s LEFT JOIN account a "
    "ON a.account_id = s.set_by WHERE s.area_id = $1 AND s.person_id = $2";

enum err
safe_address_get(struct job *j, const struct key *k, int64_t person, struct safe_address *out)
{
    struct rows q;
    enum err e;

    *out = (struct safe_address){0};
    db_ask(j, &q, sql_get, ARGS(INT(j->area), INT(person)));
    if (db_next(&q))
        *out = (struct safe_address){true, row_int(&q, 0), row_text(&q, 1), row_text(&q, 2),
                                     row_text(&q, 3)};
    e = db_done(&q);
    if (e || !out->marked)
        return e;
    if (!k || !mask_sees(j->who, MASK_ADDRESS)) {
        out->address = out->why = NULL;
        return OK;
    }
    if (!out->address[0]) /* the key that it was written under is lost */
        return OK;
    e = seal_open(j, k, place_of(j, ADDRESS, person), out->address, &out->address);
    return e ? e : seal_open(j, k, place_of(j, WHY, person), out->why, &out->why);
}

/* ---- postcodes out of the facts, and back --------------------------------------------------- */

struct safe_row {
    int64_t id, batch, file, line;
    const char *place, *postcode;
};
struct safe_rows {
    struct safe_row *v;
    size_t n, room;
};

static enum err
read_rows(struct job *j, const char *sql, int64_t person, struct safe_rows *l)
{
    struct rows q;

    db_ask(j, &q, sql, ARGS(INT(j->area), INT(person)));
    while (db_next(&q)) {
        if (l->n == l->room) {
            size_t more = l->room ? 2 * l->room : 16;
            l->v = job_grow(j, l->v, l->room * sizeof *l->v, more * sizeof *l->v);
            l->room = more;
        }
        l->v[l->n++] = (struct safe_row){row_int(&q, 0), row_int(&q, 1), row_int(&q, 2),
                                         row_int(&q, 3), row_text(&q, 4), row_text(&q, 5)};
    }
    return db_done(&q);
}

/* $1 area, $2 person: where files told of a postcode. */
#define FACTS(place, table, column)                                                               \
    "SELECT 0, f.batch_id, f.file_id, f.line, '" place "', f." column " FROM identity i "          \
    "CROSS JOIN " table " f WHERE i.area_id = $1 AND i.person_id = $2 AND f.area_id = i.area_id "  \
    "AND f.identity_id = i.identity_id AND f." column " IS NOT NULL"
/* And what loading remarked on it, which quotes it. */
#define NOT_SHOWN "Not shown: the address of this child is a safe one."
#define LINE_OF(table)                                                                            \
    "SELECT t.batch_id, t.file_id, t.line FROM identity i CROSS JOIN " table " t "                 \
    "WHERE i.area_id = $1 AND i.person_id = $2 AND t.area_id = i.area_id "                        \
    "AND t.identity_id = i.identity_id"
#define REMARKS(column)                                                                           \
    "SELECT 0, f.batch_id, f.file_id, f.finding_id, '" column "', f." column " FROM finding f "    \
    "WHERE f.area_id = $1 AND lower(f.field) LIKE '%postcode%' AND f." column " IS NOT NULL "      \
    "AND f." column " <> '" NOT_SHOWN "' AND (f.batch_id, f.file_id, f.line) IN ("                 \
    LINE_OF("leaver") " UNION " LINE_OF("census_pupil") ")"
static const char *const sql_told[] = {
    FACTS("census", "census_pupil", "postcode"),
    FACTS("leaver", "leaver", "new_postcode"),
    "SELECT 0, 0, 0, i.identity_id, 'identity', i.postcode FROM identity i WHERE i.area_id = $1 "
    "AND i.person_id = $2 AND i.postcode IS NOT NULL",
    REMARKS("value"),
    REMARKS("message"),
};
static const char sql_kept[] =
    "SELECT safe_id, batch_id, file_id, line, place, postcode FROM safe_postcode "
    "WHERE area_id = $1 AND person_id = $2";

/* $5 the postcode, NULL to take it out. */
static const struct {
    const char *place, *sql;
} columns[] = {
    {"census", "UPDATE census_pupil SET postcode = $5 WHERE area_id = $1 AND batch_id = $2 "
               "AND file_id = $3 AND line = $4"},
    {"leaver", "UPDATE leaver SET new_postcode = $5 WHERE area_id = $1 AND batch_id = $2 "
               "AND file_id = $3 AND line = $4"},
    {"value", "UPDATE finding SET value = $5 WHERE area_id = $1 AND batch_id = $2 "
              "AND file_id = $3 AND finding_id = $4"},
    {"message", "UPDATE finding SET message = COALESCE($5, '" NOT_SHOWN "') WHERE area_id = $1 "
                "AND batch_id = $2 AND file_id = $3 AND finding_id = $4"},
    {"identity", "UPDATE identity SET postcode = $5 WHERE area_id = $1 AND identity_id = $4 "
                 "AND $2 = 0 AND $3 = 0"},
};

static enum err
write_column(struct job *j, const struct safe_row *r, const char *postcode)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (!strcmp(columns[i].place, r->place))
            return db_run(j, columns[i].sql, ARGS(INT(j->area), INT(r->batch), INT(r->file),
                                                  INT(r->line), TEXT(postcode)), NULL);
    return err_set(j, ERR_FAULT, "a postcode that is kept apart has no place");
}

static const char sql_keep[] =
    "INSERT INTO safe_postcode (area_id, safe_id, person_id, place, batch_id, file_id, line, "
    "postcode) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

static enum err
take_out(struct job *j, const struct key *k, int64_t person, const struct safe_row *r)
{
    const char *sealed;
    int64_t id;
    enum err e = area_next_id(j, 1, &id);

    if (!e)
        e = seal_text(j, k, place_of(j, POSTCODE, id), r->postcode, &sealed);
    if (!e)
        e = db_run(j, sql_keep, ARGS(INT(j->area), INT(id), INT(person), TEXT(r->place),
                                     INT(r->batch), INT(r->file), INT(r->line), TEXT(sealed)),
                   NULL);
    return e ? e : write_column(j, r, NULL);
}

static enum err
take_all(struct job *j, const struct key *k, int64_t person)
{
    struct safe_rows l = {0};
    enum err e = OK;

    for (size_t i = 0; !e && i < sizeof sql_told / sizeof *sql_told; i++)
        e = read_rows(j, sql_told[i], person, &l);
    for (size_t i = 0; !e && i < l.n; i++)
        e = take_out(j, k, person, &l.v[i]);
    return e;
}

static const char sql_marked[] =
    "SELECT person_id, 0, 0, 0, '', '' FROM safe_address WHERE area_id = $1 AND $2 = 0";

enum err
safe_address_gather(struct job *j, const struct key *k)
{
    struct safe_rows l = {0};
    enum err e = read_rows(j, sql_marked, 0, &l);

    for (size_t i = 0; !e && i < l.n; i++)
        e = take_all(j, k, l.v[i].id);
    return e;
}

/* ---- marking -------------------------------------------------------------------------------- */

static enum err
check_text(struct job *j, const char *text, const char *wanted, const char **out)
{
    struct span s = span_trim(span_of(text ? text : ""));

    if (!s.n)
        return err_set(j, ERR_INPUT, "%s", wanted);
    if (s.n > SAFE_ADDRESS)
        return err_set(j, ERR_INPUT, "At most %d letters", SAFE_ADDRESS);
    *out = job_format(j, "%.*s", (int)s.n, s.s);
    return OK;
}

static enum err
allowed(struct job *j, int64_t person, const char *what)
{
    return permit(j, ACT_ADDRESS, (struct subject){.person = person, .what = what});
}

static const char sql_mark[] =
    "INSERT INTO safe_address (area_id, person_id, address, why, since, set_by) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (area_id, person_id) DO UPDATE SET "
    "address = excluded.address, why = excluded.why, since = excluded.since, "
    "set_by = excluded.set_by";

enum err
safe_address_mark(struct job *j, const struct key *k, const struct safe_order *o)
{
    const char *address = NULL, *why = NULL, *sealed[2];
    enum err e = allowed(j, o->person, "safe address");

    if (!e)
        e = check_text(j, o->address, "Write the address", &address);
    if (!e)
        e = check_text(j, o->why, "Say why", &why);
    if (!e)
        e = seal_text(j, k, place_of(j, ADDRESS, o->person), address, &sealed[0]);
    if (!e)
        e = seal_text(j, k, place_of(j, WHY, o->person), why, &sealed[1]);
    if (!e)
        e = db_run(j, sql_mark, ARGS(INT(j->area), INT(o->person), TEXT(sealed[0]),
                                     TEXT(sealed[1]), INT(j->now),
                                     INT(j->who ? j->who->account : 0)), NULL);
    return e ? e : take_all(j, k, o->person);
}

static const char sql_end[] = "DELETE FROM safe_address WHERE area_id = $1 AND person_id = $2";
static const char sql_forget[] = "DELETE FROM safe_postcode WHERE area_id = $1 AND person_id = $2";

enum err
safe_address_end(struct job *j, const struct key *k, int64_t person)
{
    struct safe_rows l = {0};
    int64_t n = 0;
    enum err e = allowed(j, person, "no safe address");

    if (!e)
        e = db_run(j, sql_end, ARGS(INT(j->area), INT(person)), &n);
    if (!e && !n)
        e = err_set(j, ERR_CONFLICT, "This address is not marked as safe");
    if (!e)
        e = read_rows(j, sql_kept, person, &l);
    for (size_t i = 0; !e && i < l.n; i++) {
        const char *postcode = NULL;
        e = seal_open(j, k, place_of(j, POSTCODE, l.v[i].id), l.v[i].postcode, &postcode);
        if (!e)
            e = write_column(j, &l.v[i], postcode);
    }
    return e ? e : db_run(j, sql_forget, ARGS(INT(j->area), INT(person)), NULL);
}
