#include "link/index.h"

/* Before it changes: who an identity was, known until the last published batch. */
static const char sql_remember_person[] =
    "INSERT INTO identity_change (area_id, identity_id, changed, was_person_id) "
    "SELECT area_id, identity_id, (SELECT coalesce(max(b.published), 0) FROM batch b "
    "WHERE b.area_id = $1), person_id FROM identity WHERE area_id = $1 AND person_id = $2 "
    "ON CONFLICT DO NOTHING";
static const char sql_remember_lone[] =
    "INSERT INTO identity_change (area_id, identity_id, changed) "
    "SELECT area_id, identity_id, (SELECT coalesce(max(b.published), 0) FROM batch b "
    "WHERE b.area_id = $1) FROM identity WHERE area_id = $1 AND identity_id = $2 "
    "AND person_id IS NULL ON CONFLICT DO NOTHING";

static const char sql_merge[] =
    "UPDATE identity SET person_id = $3 WHERE area_id = $1 AND person_id = $2";
static const char sql_forget[] = "DELETE FROM person WHERE area_id = $1 AND person_id = $2";

/* Who is found to be a sealed child is that child, and not the other way about; of two sealed
 * children each has custodians of its own, so that they stay two. */
static struct merge
turned(const struct identities *ids, struct merge m)
{
    bool from = map_find(ids->sealed, (uint64_t)m.from) != NULL;
    bool to = map_find(ids->sealed, (uint64_t)m.to) != NULL;

    if (from && to)
        return (struct merge){0};
    return from ? (struct merge){m.to, m.from} : m;
}

enum err
identity_settle(struct job *j, struct identities *ids)
{
    for (size_t i = 0; i < pile_count(ids->merges); i++) {
        struct merge *m = pile_at(ids->merges, i);
        *m = turned(ids, *m);
        struct args who = ARGS(INT(j->area), INT(m->from), INT(m->to));
        enum err e = OK;

        if (m->from &&
            !(e = db_run(j, sql_remember_person, ARGS(INT(j->area), INT(m->from)), NULL)) &&
            !(e = db_run(j, sql_merge, who, NULL)))
            e = db_run(j, sql_forget, ARGS(INT(j->area), INT(m->from)), NULL);
        if (e)
            return e;
        m->from = 0; /* done */
    }
    return OK;
}

static bool
fits(const struct lone *l, const struct holder *h)
{
    return l->born == DATE_NONE || h->born == DATE_NONE || l->born == h->born;
}

static int64_t
holder_of(const struct identities *ids, const struct lone *l)
{
    const struct holder *h = index_first(ids, ids->upn, l->upn);

    while (h && !fits(l, h))
        h = index_next(ids, h);
    h = h ? h : index_first(ids, ids->local_id, l->local_id);
    while (h && !fits(l, h))
        h = index_next(ids, h);
    return h ? index_person(ids, h->person_id) : 0;
}

static const char sql_found[] =
    "UPDATE identity SET person_id = $3 WHERE area_id = $1 AND identity_id = $2 "
    "AND person_id IS NULL";

static enum err
link_one(struct job *j, struct identities *ids, struct lone *l, int64_t person)
{
    struct known *known = pile_at(ids->known, l->known);
    enum err e =
        db_run(j, sql_remember_lone, ARGS(INT(j->area), INT(l->identity_id)), NULL);

    if (!e)
        e = db_run(j, sql_found, ARGS(INT(j->area), INT(l->identity_id), INT(person)), NULL);
    if (!e) {
        known->person_id = person;
        l->identity_id = 0;
    }
    return e;
}

enum err
identity_link(struct job *j, struct identities *ids, int64_t most, bool *left)
{
    size_t i, n = pile_count(ids->lone);
    enum err e = OK;

    for (i = 0; !e && most > 0 && i < n; i++) {
        struct lone *l = pile_at(ids->lone, i);
        int64_t person = l->identity_id ? holder_of(ids, l) : 0;

        if (person) {
            e = link_one(j, ids, l, person);
            most--;
        }
    }
    *left = i < n;
    return e;
}

/* ---- a batch that came to nothing ------------------------------------------------ */

/* Persons first: those that no other batch's identities are. */
static const char sql_drop_persons[] =
    "DELETE FROM person WHERE area_id = $1 AND person_id IN (SELECT DISTINCT i.person_id "
    "FROM identity i JOIN person p ON p.area_id = i.area_id AND p.person_id = i.person_id "
    "WHERE i.area_id = $1 AND i.batch_id = $2 AND NOT EXISTS (SELECT 1 FROM identity o "
    "WHERE o.area_id = $1 AND o.person_id = i.person_id AND o.batch_id <> $2) LIMIT $3)";
static const char sql_drop_identities[] =
    "DELETE FROM identity WHERE area_id = $1 AND identity_id IN (SELECT identity_id FROM identity "
    "WHERE area_id = $1 AND batch_id = $2 ORDER BY identity_id LIMIT $3)";

enum err
identity_drop(struct job *j, int64_t batch_id, int64_t most, bool *left)
{
    struct args a = ARGS(INT(j->area), INT(batch_id), INT(most));
    int64_t n = 0;
    enum err e = db_run(j, sql_drop_persons, a, &n);

    if (!e && n < most)
        e = db_run(j, sql_drop_identities, a, &n);
    *left = n == most;
    return e;
}
