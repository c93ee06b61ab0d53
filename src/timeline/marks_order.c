#include "access/custody.h"
#include "timeline/marks_file.h"
#include <sodium.h>

/* Rows of batches that count, week by week.  The latest published last. */
static const char sql_known[] =
    "SELECT r.week, r.batch_id, b.published FROM register_batch r JOIN batch b "
    "ON b.area_id = r.area_id AND b.batch_id = r.batch_id WHERE r.area_id = $1 "
    "AND r.week > $3 AND r.week < $4 AND b.published <= $2 "
    "AND b.state IN ('published', 'withdrawn') AND (b.withdrawn IS NULL OR b.withdrawn > $2) "
    "ORDER BY r.week, b.published, r.batch_id";

/* The same where a file counts from the day it was made: the council had it then. */
static const char sql_made[] =
    "SELECT r.week, r.batch_id, b.published FROM register_batch r JOIN batch b "
    "ON b.area_id = r.area_id AND b.batch_id = r.batch_id WHERE r.area_id = $1 "
    "AND r.week > $3 AND r.week < $4 AND (b.published <= $2 OR b.made_on <= $5) "
    "AND b.state = 'published' ORDER BY r.week, b.published, r.batch_id";

/* Who is who has changed so often by then: weeks hold persons.  Sealed children are not among
 * them (access/custody.h). */
static const char sql_changes[] =
    "SELECT count(*) * 1000003 + COALESCE(max(changed), 0) + (SELECT count(*) * 7919 + "
    "CAST(COALESCE(sum(s.identity_id), 0) AS BIGINT) FROM identity s WHERE s.area_id = $3) "
    "FROM identity_change "
    "WHERE area_id = $1 AND changed <= $2";

enum err
marks_who_is_who(struct job *j, int64_t known_at, int64_t *out)
{
    return db_int(j, sql_changes, ARGS(INT(j->area), INT(known_at), INT(-j->area)), 0, out);
}

static const char sql_count[] = "SELECT count(*) FROM register_batch WHERE area_id = $1";

static void
take_number(crypto_hash_sha256_state *h, int64_t v)
{
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)v >> 8 * i);
    crypto_hash_sha256_update(h, bytes, sizeof bytes);
}

/* What analysts corrected in marks, and undid, by then; weeks without any are as they were. */
static const char sql_corrections[] =
    "SELECT begun, correction_id, CASE WHEN undone <= $2 THEN 1 ELSE 0 END FROM correction "
    "WHERE area_id = $1 AND fact = 'marks' AND made <= $2 ORDER BY correction_id";

struct corrected {
    int32_t day;
    int64_t number;
};

static enum err
read_corrections(struct job *j, const struct marks_order *o, struct corrected **out, size_t *n)
{
    size_t room = 0;
    struct rows q;

    *n = 0;
    *out = NULL;
    db_ask(j, &q, sql_corrections, ARGS(INT(j->area), INT(o->known_at)));
    while (db_next(&q)) {
        if (*n == room) {
            room = room ? 2 * room : 64;
            *out = job_grow(j, *out, *n * sizeof **out, room * sizeof **out);
        }
        (*out)[(*n)++] = (struct corrected){(int32_t)row_int(&q, 0),
                                            2 * row_int(&q, 1) + row_int(&q, 2)};
    }
    return db_done(&q);
}

static void
set_digest(struct job *j, struct marks_wanted *w, int64_t changes, const struct corrected *c,
           size_t n)
{
    crypto_hash_sha256_state h;

    crypto_hash_sha256_init(&h);
    take_number(&h, MARKS_VERSION);
    take_number(&h, j->area);
    take_number(&h, w->monday);
    take_number(&h, changes);
    for (size_t i = 0; i < w->n; i++) {
        take_number(&h, w->batch[i].batch_id);
        take_number(&h, w->batch[i].published);
    }
    for (size_t i = 0; i < n; i++)
        if (c[i].day >= w->monday && c[i].day < w->monday + 7)
            take_number(&h, c[i].number);
    crypto_hash_sha256_final(&h, w->digest);
}

static struct args
args_of(const struct job *j, const struct marks_order *o, struct arg *v)
{
    bool all = o->from == DATE_NONE && o->to == DATE_NONE;
    int64_t from = all ? INT32_MIN : o->from - 7;
    int64_t to = all || o->to > o->as_of ? (int64_t)o->as_of + 1 : o->to;

    v[0] = INT(j->area);
    v[1] = INT(o->known_at);
    v[2] = INT(from);
    v[3] = INT(to);
    v[4] = INT(date_of_time(o->known_at, NULL));
    return (struct args){v, o->from_made ? 5 : 4};
}

enum err
marks_weeks(struct job *j, const struct marks_order *o, struct marks_wanted **out, size_t *n)
{
    struct marks_batch *batch;
    struct corrected *c;
    size_t corrections;
    struct arg v[5];
    int64_t most, changes, who = o->from_made ? INT64_MAX : o->known_at;
    struct rows q;
    enum err e;

    *n = 0;
    if ((e = db_int(j, sql_count, ARGS(INT(j->area)), 0, &most)) ||
        (e = marks_who_is_who(j, who, &changes)))
        return e;
    *out = job_array(j, (size_t)most + 1, sizeof **out);
    batch = job_array(j, (size_t)most + 1, sizeof *batch);
    db_ask(j, &q, o->from_made ? sql_made : sql_known, args_of(j, o, v));
    for (int64_t i = 0; i < most && db_next(&q); i++) {
        struct marks_wanted *w = *n ? &(*out)[*n - 1] : NULL;
        if (!w || w->monday != row_int(&q, 0)) {
            w = &(*out)[(*n)++];
            *w = (struct marks_wanted){.monday = (int32_t)row_int(&q, 0), .batch = &batch[i],
                                       .known_at = o->known_at};
        }
        w->batch[w->n++] = (struct marks_batch){row_int(&q, 1), row_int(&q, 2)};
    }
    e = db_done(&q);
    if (!e)
        e = read_corrections(j, o, &c, &corrections);
    for (size_t i = 0; !e && i < *n; i++)
        set_digest(j, &(*out)[i], changes, c, corrections);
    return e;
}

const char *
marks_file_name(const struct marks_wanted *w, char *buf)
{
    char day[DATE_TEXT], hex[17];

    sodium_bin2hex(hex, sizeof hex, w->digest, 8);
    snprintf(buf, MARKS_NAME, "%s-%s.week", date_iso(w->monday, day), hex);
    return buf;
}

/* From the end of an index: the last batch nearly always counts. */
static const char sql_last_day[] =
    "SELECT r.last_day FROM register_batch r JOIN batch b ON b.area_id = r.area_id "
    "AND b.batch_id = r.batch_id WHERE r.area_id = $1 AND r.last_day IS NOT NULL "
    "AND b.published <= $2 AND b.state IN ('published', 'withdrawn') "
    "AND (b.withdrawn IS NULL OR b.withdrawn > $2) ORDER BY r.last_day DESC LIMIT 1";

enum err
marks_last_day(struct job *j, int64_t known_at, int32_t *out)
{
    int64_t day;
    enum err e = db_int(j, sql_last_day, ARGS(INT(custody_authority(j->area)), INT(known_at)),
                        DATE_NONE, &day);

    *out = (int32_t)day;
    return e;
}
