/* Pupil numbers of each child.  Who is as was keeps what its numbers came to: of a week's
 * registers only the descriptions that are new are read. */
#include "people/upn.h"
#include "quality/run.h"
#include "store/worked.h"

enum { GIVEN = 1, GOOD = 2, WRONG = 4, TEMPORARY = 8 };
struct quality_numbers {
    int64_t last, count; /* descriptions read: the last one, and how many */
    uint8_t state[];     /* by person */
};

static size_t
size_of(const struct quality_look *q)
{
    return sizeof(struct quality_numbers) + q->t->n[TIMELINE_PERSON] + 1;
}

/* The column file, and who is who: neither changes when somebody new joins a register. */
static enum err
kept_as(struct job *j, const struct quality_look *q, struct worked *out)
{
    const char *name = timeline_name(j, q->t);
    int64_t who;
    enum err e = marks_who_is_who(j, INT64_MAX, &who);

    *out = (struct worked){"pupil numbers",
                           name ? job_format(j, "%s %lld", name, (long long)who) : NULL};
    return e;
}

/* ---- descriptions ---------------------------------------------------------------------- */

static uint8_t
state_of(struct span upn)
{
    enum upn_state s = upn_check(upn, NULL);

    return (uint8_t)(GIVEN | (s == UPN_OK ? GOOD : s == UPN_TEMPORARY ? TEMPORARY : WRONG));
}

static const char sql_since[] =
    "SELECT identity_id, CASE WHEN source = 'school' THEN person_id END, upn FROM identity "
    "WHERE area_id = $1 AND identity_id > $2 ORDER BY identity_id";

static enum err
read_since(struct job *j, const struct quality_look *q, struct quality_numbers *n)
{
    struct rows r;

    db_ask(j, &r, sql_since, ARGS(INT(j->area), INT(n->last)));
    for (; db_next(&r); n->count++) {
        struct span upn;
        uint32_t p;
        n->last = row_int(&r, 0);
        if (row_is_null(&r, 1) || row_is_null(&r, 2))
            continue;
        upn.s = row_peek(&r, 2, &upn.n);
        if ((p = timeline_person_find(q->t, row_int(&r, 1))) != TIMELINE_NONE)
            n->state[p] |= state_of(upn);
    }
    return db_done(&r);
}

static const char sql_count[] = "SELECT count(*) FROM identity WHERE area_id = $1";

/* From what is kept; where a description is gone since, all of them are read. */
static enum err
read_numbers(struct job *j, struct quality_look *q, const struct quality_numbers *kept)
{
    struct quality_numbers *n = job_alloc(j, size_of(q));
    int64_t all = 0;
    enum err e = OK;

    q->numbers = n;
    if (kept) {
        memcpy(n, kept, size_of(q));
        if ((e = db_int(j, sql_count, ARGS(INT(j->area)), 0, &all)) ||
            (e = read_since(j, q, n)) || n->count == all)
            return e;
        memset(n, 0, size_of(q));
    }
    q->numbers_new = true;
    return read_since(j, q, n);
}

/* ---- what a finding says --------------------------------------------------------------- */

static void
keep(char *to, size_t size, struct span upn)
{
    size_t n = upn.n < size - 1 ? upn.n : size - 1;

    memcpy(to, upn.s, n);
    to[n] = '\0';
}

static const char sql_of_person[] =
    "SELECT upn FROM identity WHERE area_id = $1 AND person_id = $2 AND source = 'school' AND "
    "upn IS NOT NULL ORDER BY identity_id";

/* The last of each kind. */
static enum err
read_values(struct job *j, int64_t person, struct quality_upn *u)
{
    struct rows r;

    db_ask(j, &r, sql_of_person, ARGS(INT(j->area), INT(person)));
    while (db_next(&r)) {
        struct span upn;
        uint8_t state;
        upn.s = row_peek(&r, 0, &upn.n);
        state = state_of(upn);
        if (state & WRONG)
            keep(u->wrong, sizeof u->wrong, upn);
        if (state & TEMPORARY)
            keep(u->temporary, sizeof u->temporary, upn);
    }
    return db_done(&r);
}

enum err
quality_read_upns(struct job *j, struct quality_look *q)
{
    uint32_t people = q->t->n[TIMELINE_PERSON];
    struct quality_upn *u = job_array(j, people + 1u, sizeof *u);
    struct worked what;
    const void *kept = NULL;
    enum err e = kept_as(j, q, &what);

    if (!e)
        e = worked_get(j, &what, size_of(q), &kept);
    if (!e)
        e = read_numbers(j, q, kept);
    for (uint32_t p = 0; !e && p < people; p++) {
        uint8_t state = q->numbers->state[p];
        u[p].given = state & GIVEN;
        u[p].good = state & GOOD;
        if (state && !u[p].good && timeline_main(q->t, p, q->day) != TIMELINE_NONE)
            e = read_values(j, q->t->person[p].person_id, &u[p]);
    }
    q->upn = u;
    return e;
}

enum err
quality_keep_upns(struct job *j, const struct quality_look *q)
{
    struct worked what;
    enum err e = q->numbers_new ? kept_as(j, q, &what) : OK;

    return e || !q->numbers_new ? e : worked_put(j, &what, q->numbers, size_of(q));
}
