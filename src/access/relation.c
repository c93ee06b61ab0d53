#include "access/relation.h"
#include "store/db.h"

enum { SETS = 1024, WAYS = 4 }; /* a power of two; answers that share a place, the newest first */
enum { ON_ROLL = 1, RESTRICTED = 2, NAMED = 4, BARRED = 8, GLASS = 16 };

/* An answer: between two times, in one turn. */
struct answer {
    int64_t area, account, urn, person; /* person 0: nothing yet */
    int64_t turn, from, until;
    int64_t bits;
};

/* ---- asking -------------------------------------------------------------------------- */

/* CROSS JOIN keeps SQLite to the cheap order: from the person to its few rows. */
static const char sql_on_roll[] =
    "SELECT 1 FROM identity i CROSS JOIN census_pupil c CROSS JOIN batch b "
    "WHERE i.area_id = $1 AND i.person_id = $2 AND c.area_id = i.area_id "
    "AND c.identity_id = i.identity_id AND c.urn = $3 AND b.area_id = c.area_id "
    "AND b.batch_id = c.batch_id AND b.state = 'published' LIMIT 1";

static enum err
ask(struct job *j, int64_t person, int64_t urn, struct relation *out)
{
    int64_t found = 1;
    enum err e = OK;

    *out = (struct relation){0};
    if (urn)
        e = db_int(j, sql_on_roll, ARGS(INT(j->area), INT(person), INT(urn)), 0, &found);
    out->on_roll = found == 1;
    /* whoever is not of the child's school is told no more, whatever it is */
    return e || !out->on_roll ? e : guard_get(j, person, &out->guard);
}

/* ---- remembering ---------------------------------------------------------------------- */

static struct answer *
set_of(struct answer *all, const struct answer *key)
{
    uint64_t h = (uint64_t)key->person * 0x9e3779b97f4a7c15u;

    h = (h ^ (uint64_t)key->account ^ (uint64_t)key->area << 40) * 0xff51afd7ed558ccdu;
    h = (h ^ h >> 29 ^ (uint64_t)key->urn) * 0x9e3779b97f4a7c15u;
    return &all[(h >> 32 & (SETS - 1)) * WAYS];
}

static bool
holds(const struct answer *a, const struct answer *key, int64_t now)
{
    return a->person == key->person && a->account == key->account && a->urn == key->urn &&
           a->area == key->area && a->turn == key->turn && a->from <= now && now < a->until;
}

static void
remember(struct answer *set, struct answer key, const struct relation *r)
{
    key.until = r->guard.until ? r->guard.until : INT64_MAX;
    key.bits = (r->on_roll ? ON_ROLL : 0) | (r->guard.restricted ? RESTRICTED : 0) |
               (r->guard.named ? NAMED : 0) | (r->guard.barred ? BARRED : 0) |
               (r->guard.glass ? GLASS : 0);
    memmove(set + 1, set, (WAYS - 1) * sizeof *set);
    *set = key;
}

static void
recall(const struct answer *a, struct relation *out)
{
    *out = (struct relation){
        .on_roll = a->bits & ON_ROLL,
        .guard = {.restricted = a->bits & RESTRICTED, .named = a->bits & NAMED,
                  .barred = a->bits & BARRED, .glass = a->bits & GLASS ? 1 : 0}};
}

static const char sql_turn[] = "SELECT turn FROM relation_turn WHERE area_id = $1";

enum err
relation_get(struct job *j, int64_t person, int64_t urn, struct relation *out)
{
    struct answer key = {.area = j->area, .account = j->who ? j->who->account : 0, .urn = urn,
                         .person = person, .from = j->now};
    struct answer *all = db_remembers(j, SETS * WAYS * sizeof *all), *set;
    enum err e;

    if (!all)
        return ask(j, person, urn, out);
    e = db_int_once(j, sql_turn, j->area, &key.turn);
    if (e)
        return e;
    set = set_of(all, &key);
    for (int i = 0; i < WAYS; i++)
        if (holds(&set[i], &key, j->now)) {
            recall(&set[i], out);
            return OK;
        }
    e = ask(j, person, urn, out);
    if (!e)
        remember(set, key, out);
    return e;
}
