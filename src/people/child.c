#include "people/child.h"
#include "access/audit.h"
#include "access/guard.h"
#include "access/permit.h"
#include "base/text.h"
#include "people/found_child.h"
#include "people/school_child.h"
#include "people/upn.h"

const char *
child_year_group(struct job *j, int32_t year_group)
{
    if (year_group < -1)
        return "";
    if (year_group <= 0)
        return year_group ? "Nursery" : "Reception";
    return job_format(j, "Year %d", (int)year_group);
}

/* ---- one child ---- */

static const char *
full_name(struct job *j, const struct child *c)
{
    if (!c->forename[0] && !c->surname[0])
        return "Name not known";
    return job_format(j, "%s%s%s", c->forename, c->forename[0] && c->surname[0] ? " " : "",
                      c->surname);
}

static const char *
or_empty(const char *s)
{
    return s ? s : "";
}

static struct child
child_from_row(struct job *j, struct rows *q, int64_t person)
{
    struct child c = {.person = person, .forename = or_empty(row_text(q, 0)),
        .surname = or_empty(row_text(q, 1)), .upn = row_text(q, 2), .former_upn = row_text(q, 3),
        .born = (int32_t)row_int_or(q, 4, DATE_NONE), .sex = or_empty(row_text(q, 5)),
        .urn = row_int(q, 6), .school = row_text(q, 7), .on_roll = row_int(q, 8) == 1,
        .year_group = (int32_t)row_int_or(q, 9, -2), .school_year = (int32_t)row_int(q, 10),
        .term = (enum term)row_int(q, 11), .sen = row_text(q, 12), .ethnicity = row_text(q, 13)};

    c.name = full_name(j, &c);
    if (c.urn && !c.school)
        c.school = job_format(j, "School %lld", (long long)c.urn);
    return c;
}

static const char sql_child[] = SQL_LAST_CENSUS_ROW(
    "i.forename, i.surname, i.upn, i.former_upn, i.born, i.sex, c.urn, e.name, c.on_roll, "
    "c.year_group, c.school_year, c.term, c.sen, c.ethnicity", "$3",
    "LEFT JOIN establishment e ON e.urn = c.urn ");

static enum err
child_in_census(struct job *j, int64_t person, struct child *out, bool *found)
{
    struct rows q;

    db_ask(j, &q, sql_child, ARGS(INT(j->area), INT(person), INT(permit_school(j->who))));
    *found = db_next(&q);
    if (*found)
        *out = child_from_row(j, &q, person);
    return db_done(&q);
}

/* The same of some children, as it is kept. */
enum { KEPT_AT_ONCE = 20 };
static const char sql_kept[] =
    "SELECT f.forename, f.surname, f.upn, f.former_upn, f.born, f.sex, f.urn, e.name, f.on_roll, "
    "f.year_group, f.taken / 10, f.taken % 10, f.sen, f.ethnicity, f.person_id "
    "FROM found_child f CROSS JOIN batch b LEFT JOIN establishment e ON e.urn = f.urn "
    "WHERE f.area_id = $1 AND f.person_id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
    "$14, $15, $16, $17, $18, $19, $20, $21, $22) AND b.area_id = f.area_id "
    "AND b.batch_id = f.batch_id AND b.state = 'published' AND " FOUND_CHILD_HOLDS("$2");

struct loaded {
    struct child child;
    int64_t person; /* 0: nobody is looked for */
    bool found;
};

static enum err
load_kept(struct job *j, struct loaded *v, size_t n)
{
    struct arg a[2 + KEPT_AT_ONCE] = {INT(j->area)};
    int64_t newest;
    struct rows q;
    enum err e = found_child_newest(j, &newest);

    if (e)
        return e;
    a[1] = INT(newest);
    for (size_t i = 0; i < KEPT_AT_ONCE; i++)
        a[2 + i] = INT(v[i < n ? i : n - 1].person);
    db_ask(j, &q, sql_kept, (struct args){a, 2 + KEPT_AT_ONCE});
    while (db_next(&q)) {
        int64_t person = row_int(&q, 14);
        for (size_t i = 0; i < n; i++)
            if (v[i].person == person) {
                v[i].child = child_from_row(j, &q, person);
                v[i].found = true;
            }
    }
    return db_done(&q);
}

/* Known from the case system's list only. */
static const char sql_listed[] =
    "SELECT i.forename, i.surname, i.upn, i.former_upn, i.born, i.sex, 0, NULL, 0, NULL, 0, 0, "
    "NULL, NULL FROM identity i "
    "JOIN batch b ON b.area_id = i.area_id AND b.batch_id = i.batch_id "
    "WHERE i.area_id = $1 AND i.person_id = $2 AND b.state = 'published' "
    "ORDER BY CASE WHEN i.surname IS NULL THEN 1 ELSE 0 END, i.identity_id DESC LIMIT 1";

static enum err
child_in_list(struct job *j, int64_t person, struct child *out, bool *found)
{
    struct rows q;

    *found = false;
    if (permit_school(j->who))
        return OK;
    db_ask(j, &q, sql_listed, ARGS(INT(j->area), INT(person)));
    *found = db_next(&q);
    if (*found)
        *out = child_from_row(j, &q, person);
    return db_done(&q);
}

/* A school sees its own census rows of a child, and those are not kept. */
static enum err
load_children(struct job *j, struct loaded *v, size_t n)
{
    enum err e = OK;

    for (size_t i = 0; !e && !permit_school(j->who) && i < n; i += KEPT_AT_ONCE)
        e = load_kept(j, v + i, n - i < KEPT_AT_ONCE ? n - i : KEPT_AT_ONCE);
    for (size_t i = 0; !e && i < n; i++) {
        if (v[i].person && !v[i].found)
            e = child_in_census(j, v[i].person, &v[i].child, &v[i].found);
        if (!e && v[i].person && !v[i].found)
            e = child_in_list(j, v[i].person, &v[i].child, &v[i].found);
    }
    return e;
}

enum err
child_get(struct job *j, int64_t person, struct child *out)
{
    struct loaded l = {.person = person};
    enum err e = permit(j, ACT_CHILD, (struct subject){.person = person});

    if (!e)
        e = load_children(j, &l, 1);
    *out = l.child;
    if (e || l.found)
        return e;
    err_set(j, ERR_NOT_FOUND, "there is no such child");
    return err_hint(j, "Look for the child by name or UPN.");
}

/* Those that were found, in this order. */
static void
keep_found(struct job *j, const struct loaded *v, size_t n_v, struct child **out, size_t *n)
{
    *out = job_array(j, n_v, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < n_v; i++)
        if (v[i].found)
            (*out)[(*n)++] = v[i].child;
}

enum err
child_list(struct job *j, const int64_t *person, size_t n_person, struct child **out, size_t *n)
{
    struct loaded *v = job_array(j, n_person, sizeof *v);
    size_t may = 0;
    enum err e = permit(j, ACT_CHILDREN, (struct subject){.what = "list"});

    for (size_t i = 0; !e && i < n_person; i++) {
        enum permit_reason why;
        e = permit_ask(j, ACT_CHILD, (struct subject){.person = person[i]}, &why);
        if (!e && why == PERMIT_YES)
            v[may++].person = person[i];
    }
    if (!e)
        e = load_children(j, v, may);
    keep_found(j, v, e ? 0 : may, out, n);
    return e;
}

/* ---- finding ---- */

struct hit {
    int64_t person;
    const char *surname, *forename; /* keys */
};
struct hits {
    struct hit v[CHILD_SEARCH_MOST + 1];
    size_t n;
    bool by_school; /* a school's children are kept by name */
    struct guard_set hidden; /* from j->who */
    int64_t left_out[CHILD_SEARCH_MOST + 1]; /* found by words, and hidden */
    size_t n_left_out;
};

/* A person already there is not added again, but stands where all of the name puts it, not
 * where a file that gives half of it does. */
static void
take_hit(struct hits *h, struct hit found)
{
    size_t i = 0;

    while (i < h->n && h->v[i].person != found.person)
        i++;
    if (i == h->n && h->n <= CHILD_SEARCH_MOST)
        h->v[h->n++] = found;
    else if (i < h->n && *found.surname && *found.forename &&
             (!*h->v[i].surname || !*h->v[i].forename))
        h->v[i] = found;
}

/* Seen in a published batch; $2: only children who have been on that school's roll. */
#define SQL_MAY_BE_SHOWN \
    "AND i.person_id IS NOT NULL AND (($2 = 0 AND EXISTS (SELECT 1 FROM batch b " \
    "WHERE b.area_id = i.area_id AND b.batch_id = i.batch_id AND b.state = 'published')) " \
    "OR EXISTS (SELECT 1 FROM identity o CROSS JOIN census_pupil c CROSS JOIN batch b " \
    "WHERE o.area_id = i.area_id AND o.person_id = i.person_id " \
    "AND c.area_id = o.area_id AND c.identity_id = o.identity_id AND ($2 = 0 OR c.urn = $2) " \
    "AND b.area_id = c.area_id AND b.batch_id = c.batch_id AND b.state = 'published')) "

static const char sql_by_upn[] =
    "SELECT DISTINCT i.surname_key, i.forename_key, i.person_id FROM identity i "
    "WHERE i.area_id = $1 AND (i.upn = $3 OR i.former_upn = $3) " SQL_MAY_BE_SHOWN
    "ORDER BY i.surname_key, i.forename_key, i.person_id LIMIT $4";

static enum err
find_upn(struct job *j, const char *upn, int64_t urn, struct hits *h)
{
    struct rows q;

    db_ask(j, &q, sql_by_upn, ARGS(INT(j->area), INT(urn), TEXT(upn), INT(CHILD_SEARCH_MOST + 1)));
    while (db_next(&q))
        take_hit(h, (struct hit){row_int(&q, 2), or_empty(row_text(&q, 0)),
                                 or_empty(row_text(&q, 1))});
    return db_done(&q);
}

/* Each walks its index, whose order is what is selected: whoever reads it stops, and leaves out
 * what it has seen.  COALESCE keeps the other name from choosing the index. */
static const char sql_by_surname[] =
    "SELECT i.surname_key, i.forename_key, i.person_id FROM identity i "
    "WHERE i.area_id = $1 AND i.surname_key BETWEEN $3 AND $4 "
    "AND COALESCE(i.forename_key, '') BETWEEN $5 AND $6 " SQL_MAY_BE_SHOWN
    "ORDER BY i.surname_key, i.forename_key, i.person_id LIMIT $7 OFFSET $8";
static const char sql_by_forename[] =
    "SELECT i.forename_key, i.surname_key, i.person_id FROM identity i "
    "WHERE i.area_id = $1 AND i.forename_key BETWEEN $5 AND $6 "
    "AND COALESCE(i.surname_key, '') BETWEEN $3 AND $4 " SQL_MAY_BE_SHOWN
    "ORDER BY i.forename_key, i.surname_key, i.person_id LIMIT $7 OFFSET $8";

/* The same of one school, in the order of what is kept of it: the engines differ on where a
 * name that is not known stands. */
static const char sql_told_by_surname[] =
    "SELECT DISTINCT COALESCE(i.surname_key, ''), COALESCE(i.forename_key, ''), i.person_id "
    "FROM identity i WHERE i.area_id = $1 AND i.surname_key BETWEEN $3 AND $4 "
    "AND COALESCE(i.forename_key, '') BETWEEN $5 AND $6 " SQL_MAY_BE_SHOWN
    "ORDER BY 1, 2, 3 LIMIT $7 OFFSET $8";
static const char sql_told_by_forename[] =
    "SELECT DISTINCT COALESCE(i.forename_key, ''), COALESCE(i.surname_key, ''), i.person_id "
    "FROM identity i WHERE i.area_id = $1 AND i.forename_key BETWEEN $5 AND $6 "
    "AND COALESCE(i.surname_key, '') BETWEEN $3 AND $4 " SQL_MAY_BE_SHOWN
    "ORDER BY 1, 2, 3 LIMIT $7 OFFSET $8";

/* From what is kept of it. */
static const char sql_of_school_by_surname[] =
    "SELECT s.surname_key, s.forename_key, s.person_id FROM school_child s "
    "WHERE s.area_id = $1 AND s.urn = $2 AND s.surname_key BETWEEN $3 AND $4 "
    "AND COALESCE(s.forename_key, '') BETWEEN $5 AND $6 "
    "ORDER BY s.surname_key, s.forename_key, s.person_id LIMIT $7 OFFSET $8";
static const char sql_of_school_by_forename[] =
    "SELECT s.forename_key, s.surname_key, s.person_id FROM school_child s "
    "WHERE s.area_id = $1 AND s.urn = $2 AND s.forename_key BETWEEN $5 AND $6 "
    "AND COALESCE(s.surname_key, '') BETWEEN $3 AND $4 "
    "ORDER BY s.forename_key, s.surname_key, s.person_id LIMIT $7 OFFSET $8";

/* A name begins so when it lies between the letters and the letters followed by Zs: true
 * in every collation, and an index serves it. */
static const char *
last_of(struct job *j, const char *start)
{
    return job_format(j, "%sZZZZZZZZZZZZZZZZZZZZ", start);
}

/* Where the start of both names is known, few whole names begin so: the index is then entered
 * once for each of them, at the start of the other name, instead of walked over all that begin
 * so. */
enum { KEYS_MOST = 32 };
#define SQL_KEYS(key) \
    "WITH RECURSIVE k(name, n) AS (SELECT MIN(a." key "), 1 FROM identity a " \
    "WHERE a.area_id = $1 AND a." key " BETWEEN $2 AND $3 UNION ALL " \
    "SELECT (SELECT MIN(b." key ") FROM identity b WHERE b.area_id = $1 " \
    "AND b." key " > k.name AND b." key " <= $3), k.n + 1 FROM k " \
    "WHERE k.name IS NOT NULL AND k.n < $4) " \
    "SELECT name FROM k WHERE name IS NOT NULL ORDER BY n"
#define SQL_BY_KEY(first, second) \
    "SELECT i." first ", i." second ", i.person_id FROM identity i " \
    "WHERE i.area_id = $1 AND i." first " = $3 AND i." second " BETWEEN $4 AND $5 " \
    SQL_MAY_BE_SHOWN "ORDER BY i." first ", i." second ", i.person_id LIMIT $6 OFFSET $7"
static const char *const sql_keys[2] = {SQL_KEYS("surname_key"), SQL_KEYS("forename_key")};
static const char *const sql_by_key[2] = {SQL_BY_KEY("surname_key", "forename_key"),
                                          SQL_BY_KEY("forename_key", "surname_key")};

/* The whole names that begin so; more than KEYS_MOST of them: too many for this way. */
static enum err
list_keys(struct job *j, int first, const char *start, const char **key, size_t *n)
{
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_keys[first],
           ARGS(INT(j->area), TEXT(start), TEXT(last_of(j, start)), INT(KEYS_MOST + 1)));
    while (db_next(&q))
        key[(*n)++] = row_text(&q, 0);
    return db_done(&q);
}

/* A child is there once for each description under the same name. */
enum { ROWS_AT_ONCE = 4 * (CHILD_SEARCH_MOST + 1) };

struct taking {
    struct hits *h;
    int first;    /* 1: the forename stands first in a row */
    int64_t left; /* names of children that are still wanted */
};

/* Gives how many rows there were. */
static int64_t
take_hits(struct rows *q, struct taking *t)
{
    struct hit last = {0, "", ""};
    int64_t n = 0;

    for (; t->left > 0 && db_next(q); n++) {
        struct hit x = {row_int(q, 2), or_empty(row_text(q, t->first)),
                        or_empty(row_text(q, !t->first))};
        if (n && x.person == last.person && !strcmp(x.surname, last.surname) &&
            !strcmp(x.forename, last.forename))
            continue;
        take_hit(t->h, x);
        t->left--;
        last = x;
    }
    return n;
}

/* The last two parameters, after a, are how many rows and from which. */
static enum err
take_rows(struct job *j, const char *sql, struct args a, struct taking *t)
{
    struct arg v[8];
    int64_t from = 0, n;
    struct rows q;
    enum err e;

    memcpy(v, a.v, a.n * sizeof *v);
    do {
        v[a.n] = INT(ROWS_AT_ONCE);
        v[a.n + 1] = INT(from);
        db_ask(j, &q, sql, (struct args){v, a.n + 2});
        from += n = take_hits(&q, t);
        e = db_done(&q);
    } while (!e && t->left > 0 && n == ROWS_AT_ONCE);
    return e;
}

struct asked_names {
    const char *surname, *forename; /* how they begin */
    int first;                      /* 1: the forename has more letters, and is looked up */
};

static enum err
find_by_keys(struct job *j, const struct asked_names *a, struct hits *h, bool *few)
{
    const char *key[KEYS_MOST + 1], *other = a->first ? a->surname : a->forename;
    struct taking t = {h, a->first, CHILD_SEARCH_MOST + 1};
    size_t n;
    enum err e = list_keys(j, a->first, a->first ? a->forename : a->surname, key, &n);

    *few = !e && n <= KEYS_MOST;
    for (size_t i = 0; !e && *few && i < n && t.left > 0; i++)
        e = take_rows(j, sql_by_key[a->first],
                      ARGS(INT(j->area), INT(0), TEXT(key[i]), TEXT(other),
                           TEXT(last_of(j, other))), &t);
    return e;
}

/* By the name of which more letters are known. */
static enum err
find_by_walk(struct job *j, const struct asked_names *a, int64_t urn, struct hits *h)
{
    static const char *const sql[3][2] = {{sql_by_surname, sql_by_forename},
        {sql_told_by_surname, sql_told_by_forename},
        {sql_of_school_by_surname, sql_of_school_by_forename}};
    int from = h->by_school ? 2 : urn != 0;
    struct taking t = {h, a->first, CHILD_SEARCH_MOST + 1};

    return take_rows(j, sql[from][a->first],
                     ARGS(INT(j->area), INT(urn), TEXT(a->surname), TEXT(last_of(j, a->surname)),
                          TEXT(a->forename), TEXT(last_of(j, a->forename))), &t);
}

static enum err
find_name(struct job *j, const char *surname, const char *forename, int64_t urn, struct hits *h)
{
    struct asked_names a = {surname, forename, strlen(forename) > strlen(surname)};
    bool done = false;
    enum err e = OK;

    if (h->n > CHILD_SEARCH_MOST) /* more than are worth a list already */
        return OK;
    if (!urn && surname[0] && forename[0])
        e = find_by_keys(j, &a, h, &done);
    return e || done ? e : find_by_walk(j, &a, urn, h);
}

/* "Mary Jane van Berg": every way to cut the words into a first and a last part. */
enum { WORDS_MOST = 6 };

static size_t
cut_words(struct job *j, const char *words, const char **out)
{
    size_t n = 0;

    while (*words && n < WORDS_MOST) {
        size_t len = strcspn(words, " ,\t");
        const char *key = text_name_key(j, (struct span){words, len});
        if (key[0])
            out[n++] = key;
        words += len;
        words += strspn(words, " ,\t");
    }
    return n;
}

static const char *
join_words(struct job *j, const char *const *v, size_t n)
{
    const char *all = "";

    for (size_t i = 0; i < n; i++)
        all = job_format(j, "%s%s", all, v[i]);
    return all;
}

static enum err
find_names(struct job *j, const char *words, int64_t urn, struct hits *h)
{
    const char *w[WORDS_MOST];
    size_t n = cut_words(j, words, w);
    enum err e = OK;

    if (strlen(join_words(j, w, n)) < CHILD_LETTERS_LEAST)
        return OK;
    for (size_t cut = 1; !e && cut < n; cut++) {
        const char *a = join_words(j, w, cut), *b = join_words(j, w + cut, n - cut);
        e = find_name(j, b, a, urn, h);
        if (!e)
            e = find_name(j, a, b, urn, h);
    }
    if (!e)
        e = find_name(j, join_words(j, w, n), "", urn, h);
    return e ? e : find_name(j, "", join_words(j, w, n), urn, h);
}

/* Everybody on roll of a school in one batch, or of one year group there: an index has them by
 * year group. */
#define SQL_OF_SCHOOL(of_year) \
    "SELECT i.person_id, MIN(i.surname_key), MIN(i.forename_key), MIN(c.year_group) " \
    "FROM census_pupil c CROSS JOIN identity i " \
    "WHERE c.area_id = $1 AND c.batch_id = $3 AND c.urn = $2 AND c.on_roll = 1 AND " of_year \
    "AND i.area_id = c.area_id AND i.identity_id = c.identity_id AND i.person_id IS NOT NULL " \
    "GROUP BY i.person_id ORDER BY 4, 2, 3, 1"
static const char sql_of_school[] = SQL_OF_SCHOOL("$4 = -9 ");
static const char sql_of_year[] = SQL_OF_SCHOOL("c.year_group = $4 ");

static enum err
find_of_batch(struct job *j, const struct child_search *s, int64_t batch, struct hits *h,
              size_t *total)
{
    const char *sql = s->year_group == CHILD_ANY_YEAR ? sql_of_school : sql_of_year;
    struct rows q;

    db_ask(j, &q, sql, ARGS(INT(j->area), INT(s->urn), INT(batch), INT(s->year_group)));
    while (db_next(&q)) {
        if (*total >= s->offset && h->n < s->limit && h->n < CHILD_SEARCH_MOST)
            h->v[h->n++] = (struct hit){.person = row_int(&q, 0)};
        ++*total;
    }
    return db_done(&q);
}

/* The same of all years, from what is kept of the school. */
static const char sql_roll[] =
    "SELECT person_id FROM school_roll WHERE area_id = $1 AND urn = $2 AND place > $3 "
    "ORDER BY place LIMIT $4";
static const char sql_roll_size[] =
    "SELECT place FROM school_roll WHERE area_id = $1 AND urn = $2 ORDER BY place DESC LIMIT 1";

static enum err
find_of_roll(struct job *j, const struct child_search *s, struct hits *h, size_t *total)
{
    size_t most = s->limit < CHILD_SEARCH_MOST ? s->limit : CHILD_SEARCH_MOST;
    int64_t size = 0;
    struct rows q;
    enum err e = db_int(j, sql_roll_size, ARGS(INT(j->area), INT(s->urn)), 0, &size);

    *total = (size_t)size;
    if (e || s->offset >= *total)
        return e;
    db_ask(j, &q, sql_roll, ARGS(INT(j->area), INT(s->urn), INT(s->offset), INT(most)));
    while (db_next(&q))
        h->v[h->n++] = (struct hit){.person = row_int(&q, 0)};
    return db_done(&q);
}

static enum err
find_school(struct job *j, const struct child_search *s, struct hits *h, size_t *total)
{
    int64_t batch;
    enum err e;

    if (h->by_school && s->year_group == CHILD_ANY_YEAR)
        return find_of_roll(j, s, h, total);
    e = school_child_census(j, s->urn, &batch);
    return e || !batch ? e : find_of_batch(j, s, batch, h, total);
}

static int
by_name(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    int c = strcmp(x->surname, y->surname);

    if (!c)
        c = strcmp(x->forename, y->forename);
    return c ? c : (x->person > y->person) - (x->person < y->person);
}

static bool
is_upn(const char *words)
{
    struct span s = span_trim(span_of(words));

    if (s.n != UPN_SIZE - 1)
        return false;
    for (size_t i = 1; i + 1 < s.n; i++)
        if (s.s[i] < '0' || s.s[i] > '9')
            return false;
    return true;
}

static char *
upper(struct job *j, struct span s)
{
    char *u = job_copy_n(j, s.s, s.n);

    for (char *c = u; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return u;
}

const char *
child_search_words(struct job *j, const char *words)
{
    return is_upn(words) ? upper(j, span_trim(span_of(words)))
                         : text_name_key(j, span_of(words));
}

static void
leave_out_hidden(struct hits *h)
{
    size_t n = 0;

    for (size_t i = 0; i < h->n; i++) {
        if (guard_set_hides(&h->hidden, h->v[i].person))
            h->left_out[h->n_left_out++] = h->v[i].person;
        else
            h->v[n++] = h->v[i];
    }
    h->n = n;
}

static enum err
find_words(struct job *j, const struct child_search *s, int64_t urn, struct hits *h, size_t *total)
{
    enum err e = is_upn(s->words) ? find_upn(j, upper(j, span_trim(span_of(s->words))), urn, h)
                                  : find_names(j, s->words, urn, h);

    if (e)
        return e;
    leave_out_hidden(h);
    qsort(h->v, h->n, sizeof *h->v, by_name);
    *total = h->n;
    /* only the page that was asked for is read in full */
    size_t from = s->offset < h->n ? s->offset : h->n;
    size_t n = h->n - from < s->limit ? h->n - from : s->limit;
    memmove(h->v, h->v + from, n * sizeof *h->v);
    h->n = n;
    return OK;
}

/* A school's list keeps its length; of this child it says nothing. */
static struct child
hidden_child(const struct hits *h, int64_t person)
{
    return (struct child){.person = person, .hidden = true, .forename = "", .surname = "",
                          .name = guard_set_words(&h->hidden, person), .born = DATE_NONE,
                          .sex = "", .year_group = -2};
}

static enum err
load_hits(struct job *j, const struct hits *h, struct child **out, size_t *n)
{
    struct loaded *v = job_array(j, h->n, sizeof *v);
    enum err e;

    for (size_t i = 0; i < h->n; i++) {
        v[i].found = guard_set_hides(&h->hidden, h->v[i].person);
        if (v[i].found)
            v[i].child = hidden_child(h, h->v[i].person);
        else
            v[i].person = h->v[i].person;
    }
    e = load_children(j, v, h->n);
    keep_found(j, v, e ? 0 : h->n, out, n);
    return e;
}

enum err
child_search(struct job *j, const struct child_search *s, struct child **out, size_t *n,
             size_t *total)
{
    int64_t school = permit_school(j->who), urn = school ? school : s->urn;
    struct hits *h = job_alloc(j, sizeof *h);
    struct child_search of_school = *s;
    enum err e = permit(j, ACT_CHILDREN, (struct subject){.urn = s->urn});

    *total = 0;
    if (e)
        return e;
    of_school.urn = urn;
    if ((e = guard_set_load(j, &h->hidden)))
        return e;
    if (urn && (e = school_child_ready(j, &h->by_school)))
        return e;
    if (s->words && s->words[0]) {
        audit_words(j, ACT_CHILDREN, "search", child_search_words(j, s->words), false);
        e = find_words(j, s, urn, h, total);
    } else if (urn) {
        e = find_school(j, &of_school, h, total);
    }
    if (e || (e = load_hits(j, h, out, n)))
        return e;
    audit_shown(j, ACT_CHILDREN, &(struct audit_list){&(*out)->person, sizeof **out, *n,
                                                      (int64_t)*total});
    return OK;
}

enum err
child_search_ask(struct job *j, const struct child_search *s, const char **out)
{
    struct hits *h = job_alloc(j, sizeof *h);
    size_t total;
    enum err e = permit(j, ACT_CHILDREN, (struct subject){.urn = s->urn});

    *out = NULL;
    if (!e)
        e = guard_set_load(j, &h->hidden);
    if (e || !h->hidden.n || permit_school(j->who))
        return e;
    e = find_words(j, s, s->urn, h, &total);
    return e ? e : guard_owners(j, h->left_out, h->n_left_out, out);
}
