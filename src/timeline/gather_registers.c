/* Outcomes of reviews, leaver returns, and the authority's registers. */
#include "people/entry.h"
#include "people/ground.h"
#include "timeline/correct.h"

static uint32_t
school_or_none(struct gather *g, const struct rows *q, int c)
{
    return row_is_null(q, c) ? TIMELINE_NONE : gather_school(g, row_int(q, c));
}

/* That a file of this kind tells of that school year. */
static void
note_return(struct gather *g, struct timeline_return want, int32_t school_year)
{
    want.batch = g->batch;
    want.school_year = (int16_t)school_year;
    gather_return(g, want)->row.rows++;
}

/* ---- outcomes ---------------------------------------------------------------------------- */

static const char sql_outcomes[] =
    "SELECT file_id, line, identity_id, urn, started, stage, decided, result "
    "FROM exclusion_outcome WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id, line";

static void
outcome_row(struct gather *g, const struct rows *q)
{
    int32_t started = gather_date(q, 4), decided = gather_date(q, 6);
    struct timeline_return want = {.school = TIMELINE_NONE, .kind = RETURN_OUTCOMES};
    char stage[CORRECT_KIND] = "";
    struct build_outcome *o;
    uint32_t person;

    if (started == DATE_NONE || decided == DATE_NONE || gather_too_late(g, decided))
        return;
    note_return(g, want, date_school_year(started));
    person = gather_linked(g, q, 2, started);
    if (person == TIMELINE_NONE)
        return;
    gather_code(q, 5, stage, sizeof stage);
    if (!correct_days(g, &(struct correct_key){FACT_OUTCOME, person, row_int(q, 3), started, stage},
                      &(struct correct_days){DATE_NONE, DATE_NONE}))
        return;
    o = gather_add(g, STAGE_outcome, person);
    *o = (struct build_outcome){.person = person, .school = gather_school(g, row_int(q, 3)),
                                .started = started, .decided = decided,
                                .source = gather_source(g, q),
                                .outcome = (uint8_t)gather_outcome(q, 7),
                                .panel = gather_char(q, 5) == 'r'};
}

/* ---- leavers ----------------------------------------------------------------------------- */

static const char sql_leavers[] =
    "SELECT file_id, line, identity_id, urn, left_on, ground, destination_urn, notified, "
    "source_kind FROM leaver WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id, line";

static void
leaver_row(struct gather *g, const struct rows *q)
{
    int32_t last = gather_date(q, 4);
    struct timeline_return want = {.kind = RETURN_LEAVERS};
    const struct ground *ground = ground_of(gather_char(q, 5), last);
    struct correct_days d = {DATE_NONE, last};
    struct timeline_leaver *l;
    uint32_t person;

    if (last == DATE_NONE || gather_too_late(g, last))
        return;
    want.school = gather_school(g, row_int(q, 3));
    if (gather_char(q, 8) == 'l') /* a leaver return; a transfer file tells of one child */
        note_return(g, want, timeline_leaving_year(last + 1));
    person = gather_linked(g, q, 2, last);
    if (person == TIMELINE_NONE)
        return;
    if (!correct_days(g, &(struct correct_key){FACT_LEAVER, person, row_int(q, 3), last, ""}, &d))
        return;
    l = gather_add(g, STAGE_leaver, person);
    *l = (struct timeline_leaver){.person = person, .school = want.school,
                                  .destination = school_or_none(g, q, 6),
                                  .enrolment = TIMELINE_NONE, .left = d.last + 1,
                                  .notified = gather_date(q, 7), .source = gather_source(g, q)};
    if (!ground)
        return;
    l->ground = ground->letter;
    l->says = (uint8_t)ground->says;
    l->explains = (uint8_t)ground->explains;
}

/* ---- registers --------------------------------------------------------------------------- */

enum {
    E_FILE, E_LINE, E_IDENTITY, E_REGISTER, E_STARTED, E_ENDED, E_REASON, E_URN, E_PROVIDER,
    E_MINUTES, E_REVIEW, E_OUTCOME
};
static const char sql_entries[] =
    "SELECT file_id, line, identity_id, register, started, ended, reason, urn, provider_urn, "
    "minutes_a_week, review_on, outcome FROM register_entry "
    "WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id, line";

static struct span
text_of(const struct rows *q, int c)
{
    size_t n = 0;
    const char *s = row_peek(q, c, &n);

    return (struct span){s ? s : "", s ? n : 0};
}

/* Does the text begin so, whatever the case? */
static bool
begins(const struct rows *q, int c, const char *word)
{
    struct span a = text_of(q, c);
    size_t n = strlen(word);

    return a.n >= n && span_is_nocase((struct span){a.s, n}, word);
}

static uint8_t
flags_of(const struct rows *q, enum entry_kind kind)
{
    uint8_t flags = 0;

    if (kind == ENTRY_EHE && (begins(q, E_REASON, "school suggestion") ||
                              begins(q, E_REASON, "risk of school exclusion")))
        flags |= ENTRY_PRESSED;
    if (kind == ENTRY_MM && begins(q, E_OUTCOME, "succe"))
        flags |= ENTRY_SUCCEEDED;
    if (kind == ENTRY_MM && begins(q, E_OUTCOME, "fail"))
        flags |= ENTRY_FAILED;
    return flags;
}

/* A register tells of every year from an entry's start to its end, or to the last day that
 * counts. */
static void
note_register(struct gather *g, enum entry_kind kind, struct timeline_days d)
{
    struct timeline_return want = {.school = TIMELINE_NONE, .kind = RETURN_REGISTER,
                                   .what = (uint8_t)(kind + 1)};
    int32_t as_of = g->b->order->as_of, last = d.to - 1 < as_of ? d.to - 1 : as_of;

    for (int32_t y = date_school_year(d.from); y <= date_school_year(last); y++)
        if (gather_year_ok(y))
            note_return(g, want, y);
}

/* Half-open days as they were corrected; false: set aside. */
static bool
correct_entry(const struct gather *g, const struct rows *q, uint32_t person,
              struct timeline_days *days)
{
    char name[CORRECT_KIND] = "";
    struct correct_key k = {FACT_ENTRY, person, row_int(q, E_URN), days->from, name};
    struct correct_days d = {days->from, days->to == DATE_OPEN ? DATE_NONE : days->to - 1};

    gather_code(q, E_REGISTER, name, sizeof name);
    if (!correct_days(g, &k, &d))
        return false;
    *days = (struct timeline_days){d.from, d.last == DATE_NONE ? DATE_OPEN : d.last + 1};
    return true;
}

static void
entry_row(struct gather *g, const struct rows *q)
{
    int32_t started = gather_date(q, E_STARTED);
    struct timeline_days days = {started, gather_end(q, E_ENDED, DATE_OPEN)};
    struct timeline_entry *e;
    enum entry_kind kind;
    uint32_t person;

    if (started == DATE_NONE || !entry_find(text_of(q, E_REGISTER), &kind)) {
        g->b->head.left_out++;
        return;
    }
    if (gather_too_late(g, started))
        return;
    note_register(g, kind, days);
    person = gather_linked(g, q, E_IDENTITY, started);
    if (person == TIMELINE_NONE || !correct_entry(g, q, person, &days))
        return;
    e = gather_add(g, STAGE_entry, person);
    *e = (struct timeline_entry){
        .person = person, .school = school_or_none(g, q, E_URN),
        .provider = school_or_none(g, q, E_PROVIDER), .start = days.from, .end = days.to,
        .review = gather_date(q, E_REVIEW), .source = gather_source(g, q),
        .minutes_a_week = gather_small(q, E_MINUTES, -1), .kind = (uint8_t)kind,
        .flags = flags_of(q, kind)};
}

/* ---- all --------------------------------------------------------------------------------- */

enum err
gather_registers(struct gather *g)
{
    static const struct {
        const char *sql;
        void (*row)(struct gather *, const struct rows *);
    } tables[] = {
        {sql_outcomes, outcome_row}, {sql_leavers, leaver_row}, {sql_entries, entry_row},
    };
    struct args a = ARGS(INT(g->b->head.area), INT(g->b->batch[g->batch].batch_id));
    struct rows q;
    enum err e;

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        db_ask(g->b->j, &q, tables[i].sql, a);
        while (db_next(&q))
            tables[i].row(g, &q);
        if ((e = db_done(&q)))
            return e;
    }
    return OK;
}
