/* What the rules need beside the column file: names of schools, SSDA903. */
#include "quality/run.h"
#include "store/db.h"

/* ---- names of schools ------------------------------------------------------------------ */

static const char sql_names[] = "SELECT name FROM establishment WHERE urn = $1";

enum err
quality_read_names(struct job *j, struct quality_look *q)
{
    const char **name = job_array(j, q->t->n[TIMELINE_SCHOOL] + 1, sizeof *name);
    enum err e = OK;

    for (uint32_t s = 0; !e && s < q->t->n[TIMELINE_SCHOOL]; s++) {
        struct rows r;
        db_ask(j, &r, sql_names, ARGS(INT(q->t->school[s].urn)));
        if (db_next(&r))
            name[s] = row_text(&r, 0);
        e = db_done(&r);
    }
    q->school_name = name;
    return e;
}

/* ---- SSDA903 --------------------------------------------------------------------------- */

/* The last return of each year. */
static const char sql_returns[] =
    "SELECT b.batch_id, (SELECT MAX(c.return_year) FROM care_episode c WHERE "
    "c.area_id = b.area_id AND c.batch_id = b.batch_id) FROM batch b WHERE b.area_id = $1 AND "
    "b.kind = 'ssda903' AND b.state = 'published' ORDER BY b.published";
enum { YEARS = 64, FIRST_YEAR = 1990 };
struct returns {
    int64_t batch[YEARS]; /* by year - FIRST_YEAR; 0 none */
    int16_t last;
};

static enum err
read_returns(struct job *j, struct returns *out)
{
    struct rows r;

    db_ask(j, &r, sql_returns, ARGS(INT(j->area)));
    while (db_next(&r)) {
        int64_t year = row_int(&r, 1);
        if (year < FIRST_YEAR || year >= FIRST_YEAR + YEARS)
            continue;
        out->batch[year - FIRST_YEAR] = row_int(&r, 0);
        out->last = year > out->last ? (int16_t)year : out->last;
    }
    return db_done(&r);
}

static const char sql_episodes[] =
    "SELECT i.person_id, c.return_year, c.kind, c.started, c.ended, c.batch_id, c.file_id, "
    "c.line, i.sex, i.born FROM care_episode c JOIN identity i ON i.area_id = c.area_id AND "
    "i.identity_id = c.identity_id WHERE c.area_id = $1 AND c.source_kind = 'ssda903' AND "
    "c.kind IN ('care', 'missing') AND i.person_id IS NOT NULL "
    "ORDER BY i.person_id, c.return_year, c.started, c.kind, c.batch_id, c.file_id, c.line";
static const char sql_how_many[] =
    "SELECT COUNT(*) FROM care_episode WHERE area_id = $1 AND source_kind = 'ssda903'";

struct reading {
    struct quality_looked_after *child;
    struct quality_episode *episode;
    struct quality_described *described;
    size_t n, n_episodes, n_described;
    int64_t person; /* of the last child; 0 none */
};

static struct quality_looked_after *
child_of(struct quality_look *q, struct reading *x, int64_t person)
{
    if (!x->n || person != x->person) {
        x->child[x->n++] = (struct quality_looked_after){
            .person = timeline_person_find(q->t, person), .episode = &x->episode[x->n_episodes],
            .described = &x->described[x->n_described]};
        x->person = person;
    }
    return &x->child[x->n - 1];
}

/* Each description of a year once. */
static void
describe(struct quality_looked_after *c, struct reading *x, struct quality_described d)
{
    const struct quality_described *last =
        c->n_described ? &c->described[c->n_described - 1] : NULL;

    if (last && last->year == d.year)
        return;
    x->described[x->n_described++] = d;
    c->n_described++;
}

static bool
is_missing(const struct rows *r)
{
    size_t n;
    const char *kind = row_peek(r, 2, &n);

    return n && kind[0] == 'm';
}

static void
take_episode(struct quality_look *q, struct reading *x, const struct rows *r)
{
    struct quality_looked_after *c = child_of(q, x, row_int(r, 0));
    int16_t year = (int16_t)row_int(r, 1);
    const char *sex;
    size_t n = 0;
    struct quality_episode e = {
        .year = year, .missing = is_missing(r), .started = (int32_t)row_int(r, 3),
        .ended = (int32_t)row_int_or(r, 4, DATE_OPEN), .batch = row_int(r, 5),
        .file = row_int(r, 6), .line = row_int(r, 7)};

    sex = row_peek(r, 8, &n);
    describe(c, x, (struct quality_described){year, sex && n ? sex[0] : '\0',
                                              (int32_t)row_int_or(r, 9, DATE_NONE), e.batch,
                                              e.file, e.line});
    x->episode[x->n_episodes++] = e;
    c->n++;
}

enum err
quality_read_looked_after(struct job *j, struct quality_look *q)
{
    struct returns returns = {.last = 0};
    struct reading x = {0};
    struct rows r;
    int64_t room;
    enum err e = read_returns(j, &returns);

    if (!e)
        e = db_int(j, sql_how_many, ARGS(INT(j->area)), 0, &room);
    if (e || !room)
        return e;
    x.child = job_array(j, (size_t)room + 1, sizeof *x.child);
    x.episode = job_array(j, (size_t)room + 1, sizeof *x.episode);
    x.described = job_array(j, (size_t)room + 1, sizeof *x.described);
    db_ask(j, &r, sql_episodes, ARGS(INT(j->area)));
    while (db_next(&r) && x.n_episodes < (size_t)room) {
        int64_t year = row_int(&r, 1);
        if (year >= FIRST_YEAR && year < FIRST_YEAR + YEARS &&
            returns.batch[year - FIRST_YEAR] == row_int(&r, 5))
            take_episode(q, &x, &r);
    }
    for (size_t i = 0; i < x.n; i++)
        x.child[i].last_year = returns.last;
    q->looked_after = x.child;
    q->n_looked_after = x.n;
    return db_done(&r);
}
