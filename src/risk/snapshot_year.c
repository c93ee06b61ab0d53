#include "risk/snapshot_year.h"
#include "store/db.h"
#include <sodium.h>

enum { DELETED_A_CHUNK = 8192, WEEK = 7 };

/* ---- which years are as they were ------------------------------------------------------- */

static void
take_number(crypto_hash_sha256_state *h, int64_t v)
{
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)v >> 8 * i);
    crypto_hash_sha256_update(h, bytes, sizeof bytes);
}

/* Weeks of registers that there are. */
struct weeks {
    struct marks_digest *v;
    size_t n;
    int32_t last_day; /* of the last week, not after the day asked for */
};

/* The year's own weeks and those of the year before, whose absence is one of its needs; and
 * how far the last of all weeks reaches into it. */
static void
take_weeks(crypto_hash_sha256_state *h, const struct weeks *w, int32_t year)
{
    int32_t start = date_year_start(year - 1), end = date_year_end(year);

    take_number(h, w->last_day < end ? w->last_day : end);
    for (size_t i = 0; i < w->n; i++) {
        if (w->v[i].monday + WEEK <= start || w->v[i].monday >= end)
            continue;
        take_number(h, w->v[i].monday);
        take_number(h, (int64_t)w->v[i].digest);
    }
}

static void
digest_of(const struct years *y, const struct weeks *w, int32_t year, char *hex)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state h;

    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, (const unsigned char *)ROOTED_VERSION, sizeof ROOTED_VERSION);
    take_number(&h, (int64_t)y->t->head->checksum);
    take_number(&h, year);
    take_weeks(&h, w, year);
    crypto_hash_sha256_final(&h, sum);
    sodium_bin2hex(hex, SNAPSHOT_DIGEST, sum, sizeof sum);
}

static const char sql_current[] =
    "SELECT y.school_year, y.rows_of, y.digest FROM snapshot s JOIN snapshot_year y "
    "ON y.area_id = s.area_id AND y.snapshot_id = s.snapshot_id "
    "WHERE s.area_id = $1 AND s.state = 'current' ORDER BY y.school_year";

static enum err
compare_with_current(struct job *j, struct snapshot_years *s)
{
    struct rows q;

    db_ask(j, &q, sql_current, ARGS(INT(j->area)));
    while (db_next(&q)) {
        int64_t k = row_int(&q, 0) - s->first;
        size_t n = 0;
        const char *digest = row_peek(&q, 2, &n);
        if (k >= 0 && k <= s->last - s->first && n == SNAPSHOT_DIGEST - 1 &&
            !memcmp(digest, s->digest[k], n))
            s->rows_of[k] = row_int(&q, 1);
    }
    return db_done(&q);
}

static enum err
weeks_of(struct job *j, const struct marks_order *o, struct weeks *out)
{
    enum err e;

    *out = (struct weeks){.last_day = DATE_NONE};
    if (!o || (e = marks_digests(j, o, &out->v, &out->n)))
        return o ? e : OK;
    if (out->n)
        out->last_day = out->v[out->n - 1].monday + WEEK - 1;
    if (out->last_day > o->as_of)
        out->last_day = o->as_of;
    return OK;
}

/* A column file made by hand has no checksum to know it by. */
enum err
snapshot_years_plan(struct job *j, const struct marks_order *weeks, bool whole, struct years *y,
                    struct snapshot_years *out)
{
    struct weeks w;
    enum err e = weeks_of(j, weeks, &w);

    *out = (struct snapshot_years){.first = y->first, .last = y->last};
    for (int32_t year = y->first; year <= y->last; year++)
        digest_of(y, &w, year, out->digest[year - y->first]);
    if (!e && !whole && y->t->head->checksum)
        e = compare_with_current(j, out);
    y->from = y->first;
    while (y->from < y->last && out->rows_of[y->from - y->first])
        y->from++;
    for (int32_t year = y->from; year <= y->last; year++)
        out->rows_of[year - y->first] = 0;
    return e;
}

static const char sql_year[] =
    "INSERT INTO snapshot_year (area_id, snapshot_id, school_year, rows_of, digest) "
    "VALUES ($1, $2, $3, $4, $5)";

enum err
snapshot_years_write(struct job *j, int64_t id, const struct snapshot_years *s)
{
    enum err e = OK;

    for (int32_t year = s->first; year <= s->last && !e; year++) {
        int64_t rows_of = s->rows_of[year - s->first];
        e = db_run(j, sql_year,
                   ARGS(INT(j->area), INT(id), INT(year), INT(rows_of ? rows_of : id),
                        TEXT(s->digest[year - s->first])),
                   NULL);
    }
    return e;
}

/* ---- what older snapshots, and killed ones, leave behind ------------------------------ */

/* A table of rows of children: its next snapshot after $2; the first of a snapshot's rows
 * ($2) from a year ($3) and a person ($4) on; and its deleting, a year or from a year on, some
 * persons. */
struct child_table {
    const char *next, *first, *drop;
};
#define NEXT(table)                                                                            \
    "SELECT COALESCE(MIN(snapshot_id), 0) FROM " table " WHERE area_id = $1 AND snapshot_id > $2"
#define DROP(table, year)                                                                      \
    "DELETE FROM " table " WHERE area_id = $1 AND snapshot_id = $2 AND school_year " year " $3 " \
    "AND person_id >= $4 AND person_id < $5"
#define FIRST(table, order, person)                                                            \
    "SELECT school_year, person_id FROM " table " WHERE area_id = $1 AND snapshot_id = $2 "    \
    "AND school_year >= $3 AND " person " >= $4 ORDER BY " order " LIMIT 1"
static const struct child_table tables[] = {
    {NEXT("child_year"), FIRST("child_year", "school_year, person_id", "0"),
     DROP("child_year", "=")},
    {NEXT("enrolment_year"), FIRST("enrolment_year", "school_year, person_id", "0"),
     DROP("enrolment_year", "=")},
    /* by person first: a year's rows lie among the others */
    {NEXT("child_type"), FIRST("child_type", "person_id", "person_id"), DROP("child_type", ">=")},
};

/* Rows of the snapshot from that year on. */
static enum err
drop_rows(struct job *j, const struct child_table *t, int64_t snapshot, int32_t from)
{
    bool by_year = t != &tables[sizeof tables / sizeof *tables - 1];

    for (int64_t next = 0;;) {
        struct rows q;
        int64_t year = from, person = 0;
        bool found;
        enum err e;

        db_ask(j, &q, t->first, ARGS(INT(j->area), INT(snapshot), INT(from), INT(next)));
        found = db_next(&q);
        if (found) {
            year = by_year ? row_int(&q, 0) : from;
            person = row_int(&q, 1);
        }
        if ((e = db_done(&q)) || !found)
            return e;
        e = db_run(j, t->drop,
                   ARGS(INT(j->area), INT(snapshot), INT(year), INT(person),
                        INT(person + DELETED_A_CHUNK)),
                   NULL);
        if (e)
            return e;
        next = by_year ? 0 : person + DELETED_A_CHUNK; /* those before are gone, or are kept */
    }
}

static const char sql_next_list[] = NEXT("listed_child");
static const char sql_years_listed[] =
    "SELECT COALESCE(MAX(school_year), 0) FROM listed_child WHERE area_id = $1 AND "
    "snapshot_id = $2 AND measure = $3";
static const char sql_drop_list[] =
    "DELETE FROM listed_child WHERE area_id = $1 AND snapshot_id = $2 AND measure = $3 AND "
    "school_year = $4";

/* Lists lie by measure, then year. */
static enum err
drop_lists(struct job *j, int64_t snapshot, int32_t from)
{
    enum err e = OK;

    for (int m = 0; m < MEASURES && !e; m++)
        for (;;) {
            int64_t year;
            struct arg v[] = {INT(j->area), INT(snapshot), TEXT(measure_rows[m].name), NUL};
            e = db_int(j, sql_years_listed, (struct args){v, 3}, 0, &year);
            if (e || !year || year < from)
                break;
            v[3] = INT(year);
            if ((e = db_run(j, sql_drop_list, (struct args){v, 4}, NULL)))
                break;
        }
    return e;
}

static const char sql_stands[] =
    "SELECT COUNT(*) FROM snapshot_year WHERE area_id = $1 AND snapshot_id = $2 AND rows_of = $3";

/* The first year from which on the snapshot's rows are not wanted: 0 when none is. */
static enum err
unwanted_from(struct job *j, int64_t current, int64_t snapshot, int32_t from, int32_t *out)
{
    int64_t n = 0;
    enum err e = db_int(j, sql_stands, ARGS(INT(j->area), INT(current), INT(snapshot)), 0, &n);

    *out = n ? from : 0;
    return e;
}

enum err
snapshot_drop_old(struct job *j, int64_t current, int32_t from)
{
    enum err e = OK;

    for (size_t i = 0; i <= sizeof tables / sizeof *tables && !e; i++) {
        bool lists = i == sizeof tables / sizeof *tables;
        for (int64_t snapshot = 0; !e;) {
            int32_t since;
            e = db_int(j, lists ? sql_next_list : tables[i].next,
                       ARGS(INT(j->area), INT(snapshot)), 0, &snapshot);
            if (e || !snapshot || snapshot >= current ||
                (e = unwanted_from(j, current, snapshot, from, &since)))
                break;
            e = lists ? drop_lists(j, snapshot, since)
                      : drop_rows(j, &tables[i], snapshot, since);
        }
    }
    return e;
}
