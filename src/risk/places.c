#include "risk/places.h"
#include "store/worked.h"

/* A name as it is sorted, and whose it is. */
struct named {
    const char *first, *second;
    uint32_t index;
};

static int
by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int c = strcmp(x->first, y->first);

    if (!c)
        c = strcmp(x->second, y->second);
    return c ? c : (x->index > y->index) - (x->index < y->index);
}

static void
rank(struct named *v, size_t n, uint32_t *place)
{
    qsort(v, n, sizeof *v, by_name);
    for (size_t i = 0; i < n; i++)
        place[v[i].index] = (uint32_t)i;
}

static const char sql_schools[] = "SELECT urn, name FROM establishment ORDER BY urn";

static enum err
rank_schools(struct job *j, const struct timeline *t, struct places *out)
{
    uint32_t *place = job_array(j, t->n[TIMELINE_SCHOOL] + 1u, sizeof *place);
    struct named *v = job_array(j, t->n[TIMELINE_SCHOOL] + 1u, sizeof *v);
    struct rows q;
    enum err e;

    for (uint32_t i = 0; i < t->n[TIMELINE_SCHOOL]; i++)
        v[i] = (struct named){"", "", i};
    db_ask(j, &q, sql_schools, NO_ARGS);
    while (db_next(&q)) {
        uint32_t i = timeline_school_find(t, row_int(&q, 0));
        if (i != TIMELINE_NONE)
            v[i].first = row_text(&q, 1);
    }
    e = db_done(&q);
    rank(v, t->n[TIMELINE_SCHOOL], place);
    out->school = place;
    return e;
}

/* The description that pages show of each person (timeline_person.identity_id); in the order
 * in which they lie.  Those of registers have no name. */
static const char sql_names[] =
    "SELECT person_id, identity_id, surname, forename FROM identity WHERE area_id = $1 AND "
    "person_id > 0 AND (surname IS NOT NULL OR forename IS NOT NULL) ORDER BY identity_id";

static enum err
read_names(struct job *j, const struct timeline *t, struct named *v)
{
    struct rows q;

    for (uint32_t i = 0; i < t->n[TIMELINE_PERSON]; i++)
        v[i] = (struct named){"", "", i};
    db_ask(j, &q, sql_names, ARGS(INT(j->area)));
    while (db_next(&q)) {
        uint32_t i = timeline_person_find(t, row_int(&q, 0));
        if (i == TIMELINE_NONE || t->person[i].identity_id != row_int(&q, 1))
            continue;
        v[i].first = row_is_null(&q, 2) ? "" : row_text(&q, 2);
        v[i].second = row_is_null(&q, 3) ? "" : row_text(&q, 3);
    }
    return db_done(&q);
}

/* Everybody's names are in memory while they are sorted, no longer. */
static enum err
rank_persons(struct job *j, const struct timeline *t, struct places *out)
{
    uint32_t n = t->n[TIMELINE_PERSON], *place = job_array(j, n + 1u, sizeof *place);
    struct scope s = job_scope_begin(j);
    struct named *v = job_array(j, n + 1u, sizeof *v);
    enum err e = read_names(j, t, v);

    rank(v, n, place);
    out->person = place;
    job_scope_end(j, s);
    timeline_give_back(t);
    return e;
}

static bool
are_places(const uint32_t *place, uint32_t n)
{
    for (uint32_t i = 0; place && i < n; i++)
        if (place[i] >= n)
            return false;
    return place != NULL;
}

/* Names belong to the descriptions that the column file shows, and those never change: of one
 * file the order is the same each time. */
static enum err
find_persons(struct job *j, const struct timeline *t, struct places *out)
{
    struct worked what = {"names", timeline_name(j, t)};
    size_t size = t->n[TIMELINE_PERSON] * sizeof *out->person;
    const void *kept;
    enum err e = worked_get(j, &what, size, &kept);

    out->person = kept;
    if (e || are_places(kept, t->n[TIMELINE_PERSON]))
        return e;
    e = rank_persons(j, t, out);
    return e ? e : worked_put(j, &what, out->person, size);
}

enum err
places_of(struct job *j, const struct timeline *t, struct places *out)
{
    enum err e = rank_schools(j, t, out);

    return e ? e : find_persons(j, t, out);
}

struct place
place_of(const struct places *p, const struct child_year *row)
{
    /* after all schools' come those at none */
    uint32_t school = row->school == TIMELINE_NONE ? INT32_MAX : p->school[row->school];

    return (struct place){((int64_t)school << 32) | p->person[row->person], row->person,
                          row->met};
}

static int
by_place(const void *a, const void *b)
{
    int64_t x = ((const struct place *)a)->place, y = ((const struct place *)b)->place;

    return (x > y) - (x < y);
}

void
places_sort(struct place *list, size_t n)
{
    qsort(list, n, sizeof *list, by_place);
}
