#include "people/school_names.h"

int
school_name_compare(const void *a, const void *b)
{
    const struct school_name *x = a, *y = b;
    int c = strcmp(x->surname, y->surname);

    if (!c)
        c = strcmp(x->forename, y->forename);
    return c ? c : (x->person > y->person) - (x->person < y->person);
}

/* ---- names ------------------------------------------------------------------------------ */

/* In the order of an index; an engine with an order of its own is sorted after. */
static const char sql_names[] =
    "SELECT surname_key, forename_key, person_id, identity_id FROM identity "
    "WHERE area_id = $1 AND person_id IS NOT NULL "
    "ORDER BY surname_key, forename_key, person_id";

/* Neighbours share what they are called. */
static const char *
key_of(struct rows *q, int column, const char *last)
{
    size_t n = 0;
    const char *s = row_peek(q, column, &n);

    if (!s || !n)
        return "";
    return strlen(last) == n && !memcmp(last, s, n) ? last : job_copy_n(q->j, s, n);
}

static const char sql_count[] =
    "SELECT COUNT(*) FROM identity WHERE area_id = $1 AND person_id IS NOT NULL";

/* Of a region they are millions: room is made once.  What is loaded meanwhile is left to the
 * next making. */
static enum err
read_names(struct job *j, struct school_names *out)
{
    struct school_name *v, last = {"", "", 0, 0};
    bool sorted = true;
    int64_t room;
    struct rows q;
    enum err e = db_int(j, sql_count, ARGS(INT(j->area)), 0, &room);

    if (e)
        return e;
    v = job_array(j, (size_t)room + 1, sizeof *v);
    db_ask(j, &q, sql_names, ARGS(INT(j->area)));
    while ((int64_t)out->n < room && db_next(&q)) {
        v[out->n] = (struct school_name){key_of(&q, 0, last.surname),
                                         key_of(&q, 1, last.forename), row_int(&q, 2),
                                         row_int(&q, 3)};
        sorted = sorted && (!out->n || school_name_compare(&last, &v[out->n]) <= 0);
        last = v[out->n++];
    }
    if (!sorted)
        qsort(v, out->n, sizeof *v, school_name_compare);
    out->v = v;
    return db_done(&q);
}

/* ---- who is who ------------------------------------------------------------------------- */

struct keyed {
    int64_t key;
    uint32_t value;
};

static int
by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Persons together; and by identity, where its person's names begin. */
static struct keyed *
order_names(struct job *j, struct school_names *s)
{
    struct keyed *k = job_array(j, s->n + 1, sizeof *k);
    uint32_t *by_person = job_array(j, s->n + 1, sizeof *by_person), first = 0;

    for (uint32_t i = 0; i < s->n; i++)
        k[i] = (struct keyed){s->v[i].person, i};
    qsort(k, s->n, sizeof *k, by_key);
    for (uint32_t i = 0; i < s->n; i++)
        by_person[i] = k[i].value;
    s->by_person = by_person;
    for (uint32_t i = 0; i < s->n; i++) {
        const struct school_name *name = &s->v[by_person[i]];
        if (s->v[by_person[first]].person != name->person)
            first = i;
        k[i] = (struct keyed){name->identity, first};
    }
    qsort(k, s->n, sizeof *k, by_key);
    return k;
}

/* ---- rolls ------------------------------------------------------------------------------ */

/* The plus keeps SQLite to the index that has it all in the order asked for. */
static const char sql_rolls[] =
    "SELECT DISTINCT c.identity_id, c.urn FROM census_pupil c WHERE c.area_id = $1 AND "
    "+c.batch_id IN (SELECT b.batch_id FROM batch b WHERE b.area_id = $1 AND "
    "b.state = 'published') ORDER BY c.identity_id";

static int
by_school(const void *a, const void *b)
{
    const struct school_pair *x = a, *y = b;

    if (x->urn != y->urn)
        return x->urn < y->urn ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static void
sort_once_each(struct school_pair *v, size_t *n)
{
    size_t kept = 0;

    if (*n)
        qsort(v, *n, sizeof *v, by_school);
    for (size_t i = 0; i < *n; i++)
        if (!kept || by_school(&v[kept - 1], &v[i]))
            v[kept++] = v[i];
    *n = kept;
}

static enum err
read_rolls(struct job *j, const struct keyed *who, struct school_names *out)
{
    struct school_pair *v = NULL;
    size_t room = 0, at = 0;
    struct rows q;

    db_ask(j, &q, sql_rolls, ARGS(INT(j->area)));
    while (db_next(&q)) {
        int64_t identity = row_int(&q, 0);
        while (at < out->n && who[at].key < identity)
            at++;
        if (at == out->n || who[at].key != identity) /* nobody that can be told */
            continue;
        if (out->n_pairs == room) {
            room = room ? 2 * room : 1024;
            v = job_grow(j, v, out->n_pairs * sizeof *v, room * sizeof *v);
        }
        v[out->n_pairs++] = (struct school_pair){row_int(&q, 1), who[at].value};
    }
    sort_once_each(v, &out->n_pairs);
    out->pair = v;
    return db_done(&q);
}

enum err
school_names_read(struct job *j, struct school_names *out)
{
    enum err e;

    *out = (struct school_names){.n = 0};
    e = read_names(j, out);
    return e ? e : read_rolls(j, order_names(j, out), out);
}

/* ---- of one school ---------------------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static size_t
first_pair(const struct school_names *s, int64_t urn)
{
    size_t low = 0, high = s->n_pairs;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->pair[mid].urn < urn)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* How many names stand for a person from its first on. */
static size_t
names_of(const struct school_names *s, uint32_t first)
{
    size_t i = first + 1;

    while (i < s->n && s->v[s->by_person[i]].person == s->v[s->by_person[first]].person)
        i++;
    return i - first;
}

size_t
school_names_of(struct job *j, const struct school_names *s, int64_t urn, uint32_t **out)
{
    size_t from = first_pair(s, urn), to, n = 0, kept = 0;

    for (to = from; to < s->n_pairs && s->pair[to].urn == urn; to++)
        n += names_of(s, s->pair[to].first);
    *out = job_array(j, n + 1, sizeof **out);
    n = 0;
    for (size_t p = from; p < to; p++)
        for (size_t i = 0, of = names_of(s, s->pair[p].first); i < of; i++)
            (*out)[n++] = s->by_person[s->pair[p].first + i];
    if (n)
        qsort(*out, n, sizeof **out, by_number);
    for (size_t i = 0; i < n; i++)
        if (!kept || school_name_compare(&s->v[(*out)[kept - 1]], &s->v[(*out)[i]]))
            (*out)[kept++] = (*out)[i];
    return kept;
}
