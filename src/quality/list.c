#include "quality/list.h"
#include "access/audit.h"
#include "access/guard.h"
#include "base/date.h"
#include "store/db.h"

static const char sql_state[] =
    "SELECT run_id, made, known_at, day FROM quality_run WHERE area_id = $1 AND state = 'current'";

enum err
quality_state_get(struct job *j, struct quality_state *out)
{
    struct rows q;
    enum err e = permit(j, ACT_QUALITY, (struct subject){.urn = permit_school(j->who)});

    *out = (struct quality_state){.day = DATE_NONE};
    if (e)
        return e;
    db_ask(j, &q, sql_state, ARGS(INT(j->area)));
    if (db_next(&q))
        *out = (struct quality_state){.run = row_int(&q, 0), .made = row_int(&q, 1),
                                      .known_at = row_int(&q, 2), .day = (int32_t)row_int(&q, 3)};
    return db_done(&q);
}

/* A school role asks of its own school whatever it asks of. */
static int64_t
school_asked(const struct job *j, int64_t urn)
{
    int64_t own = permit_school(j->who);

    return own ? own : urn;
}

static void *
grown(struct job *j, void *v, size_t n, size_t *room, size_t size)
{
    size_t more = n ? 2 * n : 64;

    if (n < *room)
        return v;
    *room = more;
    return job_grow(j, v, n * size, more * size);
}

static const char sql_rules[] =
    "SELECT rule, at_load, findings, parts FROM quality_count WHERE area_id = $1 AND "
    "run_id = $2 AND urn = $3 ORDER BY at_load, rule";

enum err
quality_by_rule(struct job *j, const struct quality_state *s, int64_t urn,
                struct quality_counted **out, size_t *n)
{
    int64_t school = school_asked(j, urn);
    size_t room = 0;
    struct rows q;
    enum err e = permit(j, ACT_QUALITY, (struct subject){.urn = school > 0 ? school : 0});

    *out = NULL;
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_rules, ARGS(INT(j->area), INT(s->run), INT(school)));
    while (db_next(&q)) {
        *out = grown(j, *out, *n, &room, sizeof **out);
        (*out)[(*n)++] = (struct quality_counted){.rule = row_text(&q, 0),
                                                  .at_load = row_int(&q, 1) != 0,
                                                  .findings = row_int(&q, 2),
                                                  .parts = row_int(&q, 3)};
    }
    return db_done(&q);
}

static const char sql_schools[] =
    "SELECT c.urn, e.name, c.findings, c.parts FROM (SELECT urn, findings, parts "
    "FROM quality_count WHERE area_id = $1 AND run_id = $2 AND at_load = 0 AND rule = $3 AND "
    "urn >= 0 AND (urn = $4 OR $4 < 0) ORDER BY findings DESC, urn LIMIT $5) c "
    "LEFT JOIN establishment e ON e.urn = c.urn ORDER BY c.findings DESC, c.urn";

enum err
quality_by_school(struct job *j, const struct quality_state *s, const struct quality_asked *ask,
                  struct quality_of_school **out, size_t *n)
{
    int64_t school = school_asked(j, QUALITY_ALL);
    size_t room = 0;
    struct rows q;
    enum err e = permit(j, ACT_QUALITY, (struct subject){.urn = school > 0 ? school : 0});

    *out = NULL;
    *n = 0;
    if (e)
        return e;
    db_ask(j, &q, sql_schools,
           ARGS(INT(j->area), INT(s->run), TEXT(ask->rule ? ask->rule : ""), INT(school),
                INT(ask->limit)));
    while (db_next(&q)) {
        int64_t urn = row_int(&q, 0);
        *out = grown(j, *out, *n, &room, sizeof **out);
        (*out)[(*n)++] = (struct quality_of_school){
            .urn = urn, .findings = row_int(&q, 2), .rules = row_int(&q, 3),
            .name = !urn                 ? "The authority itself"
                    : row_is_null(&q, 1) ? job_format(j, "School %lld", (long long)urn)
                                         : row_text(&q, 1)};
    }
    return db_done(&q);
}

#define COLUMNS                                                                                \
    "SELECT f.place, f.urn, f.rule, f.person_id, f.fact, f.batch_id, f.file_id, f.line, "      \
    "f.on_day, f.value, f.message, e.name, i.forename, i.surname, i.upn, i.born FROM ("
#define NAMES                                                                                  \
    ") f LEFT JOIN establishment e ON e.urn = f.urn LEFT JOIN identity i ON "                  \
    "i.area_id = f.area_id AND i.identity_id = f.identity_id ORDER BY f.place"
static const char sql_all[] =
    COLUMNS "SELECT * FROM quality_finding WHERE area_id = $1 AND run_id = $2 AND place > $3 "
    "ORDER BY place LIMIT $4" NAMES;
static const char sql_of_rule[] =
    COLUMNS "SELECT * FROM quality_finding WHERE area_id = $1 AND run_id = $2 AND place > $3 AND "
    "rule = $5 ORDER BY place LIMIT $4" NAMES;
static const char sql_of_school[] =
    COLUMNS "SELECT * FROM quality_finding WHERE area_id = $1 AND run_id = $2 AND place > $3 AND "
    "(rule = $5 OR $5 IS NULL) AND urn = $6 ORDER BY place LIMIT $4" NAMES;

static const char *
name_of(struct job *j, struct rows *q)
{
    const char *forename = row_text(q, 12), *surname = row_text(q, 13);

    if (!forename || !surname)
        return surname ? surname : forename;
    return job_format(j, "%s %s", forename, surname);
}

static struct quality_row
row_from(struct job *j, struct rows *q)
{
    return (struct quality_row){
        .place = row_int(q, 0), .urn = row_int(q, 1), .rule = row_text(q, 2),
        .person = row_int(q, 3), .fact = row_text(q, 4), .batch = row_int(q, 5),
        .file = row_int(q, 6), .line = row_int(q, 7),
        .on = (int32_t)row_int_or(q, 8, DATE_NONE), .value = row_text(q, 9),
        .message = row_text(q, 10), .school = row_text(q, 11), .name = name_of(j, q),
        .upn = row_text(q, 14), .born = (int32_t)row_int_or(q, 15, DATE_NONE)};
}

/* The list keeps its length: the count beside it counts this finding. */
static void
hide(const struct guard_set *s, struct quality_row *r)
{
    *r = (struct quality_row){.place = r->place, .urn = r->urn, .rule = r->rule,
                              .school = r->school, .person = r->person, .born = DATE_NONE,
                              .on = DATE_NONE, .hidden = true, .message = "",
                              .name = guard_set_words(s, r->person)};
}

enum err
quality_list(struct job *j, const struct quality_state *s, const struct quality_asked *ask,
             struct quality_row **out, size_t *n)
{
    int64_t school = school_asked(j, ask->urn);
    const char *sql = school >= 0 ? sql_of_school : ask->rule ? sql_of_rule : sql_all;
    const struct arg v[] = {INT(j->area), INT(s->run), INT(ask->after), INT(ask->limit),
                            TEXT(ask->rule), INT(school)};
    struct args a = {v, sql == sql_all ? 4 : sql == sql_of_rule ? 5 : 6};
    struct guard_set hidden;
    size_t room = 0;
    struct rows q;
    enum err e = permit(j, ACT_QUALITY,
                        (struct subject){.urn = school > 0 ? school : 0,
                                         .what = school >= 0
                                                     ? job_format(j, "list of %lld",
                                                                  (long long)school)
                                                     : "list of all schools"});

    *out = NULL;
    *n = 0;
    if (!e)
        e = guard_set_load(j, &hidden);
    if (e)
        return e;
    db_ask(j, &q, sql, a);
    while (db_next(&q)) {
        *out = grown(j, *out, *n, &room, sizeof **out);
        (*out)[*n] = row_from(j, &q);
        if (guard_set_hides(&hidden, (*out)[*n].person))
            hide(&hidden, &(*out)[*n]);
        *n += quality_rule_find((*out)[*n].rule) >= 0; /* a run of another version of the program */
    }
    if (*n)
        audit_shown(j, ACT_QUALITY, &(struct audit_list){&(*out)->person, sizeof **out, *n,
                                                         (int64_t)*n});
    return db_done(&q);
}
