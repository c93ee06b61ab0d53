#include "timeline/correct.h"

/* The census a batch is of, as its pupils' rows said. */
static int32_t
census_of_batch(const struct gather *g)
{
    return g->b->batch[g->batch].census;
}

bool
gather_too_late(struct gather *g, int32_t day)
{
    if (day <= g->b->order->as_of)
        return false;
    g->b->head.left_out++;
    return true;
}

uint32_t
gather_linked(struct gather *g, const struct rows *q, int c, int32_t day)
{
    uint32_t person = gather_person(g, row_int(q, c), day);

    if (person == TIMELINE_NONE)
        g->b->head.facts_not_linkable++;
    return person;
}

/* ---- suspensions ------------------------------------------------------------------------- */

enum {
    S_FILE, S_LINE, S_IDENTITY, S_URN, S_SOURCE, S_YEAR, S_TERM, S_ON_ROLL, S_CATEGORY,
    S_STARTED, S_ENDED, S_SESSIONS, S_REASON1, S_REASON2, S_REASON3, S_RESULT, S_REINSTATED,
    S_NOTIFIED, S_STATUS, S_AMENDS
};
static const char sql_suspensions[] =
    "SELECT file_id, line, identity_id, urn, source, school_year, term, on_roll, category, "
    "started, ended, sessions, reason1, reason2, reason3, review_result, reinstated, notified, "
    "status, amends_batch FROM suspension WHERE area_id = $1 AND batch_id = $2 "
    "ORDER BY file_id, line";

/* Review results (CS105): what became of an exclusion. */
enum timeline_outcome
gather_outcome(const struct rows *q, int c)
{
    static const struct {
        char code[4];
        enum timeline_outcome outcome;
    } results[] = {
        {"ANO", OUTCOME_UPHELD},     {"BRE", OUTCOME_NOT_UPHELD}, {"CNO", OUTCOME_NOT_UPHELD},
        {"DNO", OUTCOME_PENDING},    {"EON", OUTCOME_PENDING},    {"FRE", OUTCOME_NOT_UPHELD},
        {"GNO", OUTCOME_PENDING},    {"HWD", OUTCOME_NOT_UPHELD}, {"INO", OUTCOME_UPHELD},
        {"JRE", OUTCOME_NOT_UPHELD}, {"KRE", OUTCOME_NOT_UPHELD}, {"LNO", OUTCOME_UPHELD},
        {"MNO", OUTCOME_UPHELD},     {"NOG", OUTCOME_PENDING},
    };
    char code[4] = "";

    gather_code(q, c, code, sizeof code);
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (strcmp(code, results[i].code) == 0)
            return results[i].outcome;
    return OUTCOME_UNKNOWN;
}

static uint8_t
outcome_of(const struct rows *q)
{
    enum timeline_outcome o = gather_outcome(q, S_RESULT);

    if (o == OUTCOME_UNKNOWN && gather_date(q, S_REINSTATED) != DATE_NONE)
        o = OUTCOME_NOT_UPHELD;
    return (uint8_t)o;
}

static uint8_t
category_of(const struct rows *q)
{
    switch (gather_char(q, S_CATEGORY)) {
    case 'P':
        return CATEGORY_PERMANENT;
    case 'L':
        return CATEGORY_LUNCHTIME;
    default:
        return CATEGORY_SUSPENSION;
    }
}

static void
reason_of(const struct rows *q, int c, char *to)
{
    char code[3] = "";

    gather_code(q, c, code, sizeof code);
    memcpy(to, code, 2);
}

static void
note_notification(struct gather *g, uint32_t school, int32_t started)
{
    struct timeline_return want = {.school = school, .batch = g->batch,
                                   .kind = RETURN_NOTIFICATION, .holds = HOLDS_SUSPENSIONS};

    want.school_year = (int16_t)date_school_year(started);
    gather_return(g, want)->row.rows++;
}

static int32_t
census_of_row(const struct rows *q)
{
    int64_t year = row_int(q, S_YEAR), term = row_int(q, S_TERM);

    return gather_char(q, S_SOURCE) == 'c' && gather_year_ok(year) && term >= TERM_AUTUMN &&
                   term <= TERM_SUMMER
               ? build_census((int32_t)year, (int)term)
               : 0;
}

/* Lays what was corrected over the row; false: it was set aside. */
static bool
correct_suspension(struct gather *g, const struct rows *q, struct build_suspension *s)
{
    char kind[CORRECT_KIND] = "";
    struct correct_key k = {FACT_SUSPENSION, s->person, row_int(q, S_URN), s->started, kind};
    struct correct_set set;

    gather_code(q, S_CATEGORY, kind, sizeof kind);
    if (!correct_find(g, &k, &set))
        return true;
    s->started = set.has_started ? set.started : s->started;
    s->ended = set.has_ended ? set.ended : s->ended;
    s->sessions = set.has_sessions ? (int16_t)set.sessions : s->sessions;
    s->category = set.has_category ? (uint8_t)set.category : s->category;
    return !set.aside;
}

static void
suspension_row(struct gather *g, const struct rows *q)
{
    int32_t started = gather_date(q, S_STARTED), census = census_of_row(q);
    struct build_suspension s;
    uint32_t person;

    if (started == DATE_NONE || gather_too_late(g, started) ||
        (census && gather_too_late(g, build_census_day(census))))
        return;
    person = gather_linked(g, q, S_IDENTITY, started);
    if (census)
        g->b->batch[g->batch].holds |= HOLDS_SUSPENSIONS;
    else
        note_notification(g, gather_school(g, row_int(q, S_URN)), started);
    if (person == TIMELINE_NONE)
        return;
    s = (struct build_suspension){
        .person = person, .school = gather_school(g, row_int(q, S_URN)), .started = started,
        .ended = gather_date(q, S_ENDED), .notified = gather_date(q, S_NOTIFIED),
        .source = gather_source(g, q), .census = census,
        .sessions = gather_small(q, S_SESSIONS, -1), .on_roll = row_int(q, S_ON_ROLL) != 0,
        .category = category_of(q), .outcome = outcome_of(q),
        .cancelled = gather_char(q, S_STATUS) == 'c', .changed = gather_char(q, S_STATUS) != 'n',
        .names = !row_is_null(q, S_AMENDS)};
    if (!correct_suspension(g, q, &s))
        return;
    s.ended += s.ended != DATE_NONE;
    reason_of(q, S_REASON1, s.reason[0]);
    reason_of(q, S_REASON2, s.reason[1]);
    reason_of(q, S_REASON3, s.reason[2]);
    *(struct build_suspension *)gather_add(g, STAGE_suspension, person) = s;
}

/* ---- needs, free meals, placements ------------------------------------------------------- */

static const char sql_needs[] =
    "SELECT file_id, line, identity_id, school_year, need_rank, need, urn FROM sen_need "
    "WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id, line";

static void
need_row(struct gather *g, const struct rows *q)
{
    int64_t year = row_int(q, 3);
    int32_t census = census_of_batch(g);
    struct build_need *n;
    uint32_t person;
    char need[CORRECT_KIND] = "";

    if (!gather_year_ok(year)) {
        g->b->head.left_out++;
        return;
    }
    if (!census) /* needs are asked in spring */
        census = build_census((int32_t)year, TERM_SPRING);
    if (gather_too_late(g, build_census_day(census)))
        return;
    person = gather_linked(g, q, 2, build_census_day(census));
    g->b->batch[g->batch].holds |= HOLDS_NEEDS;
    if (person == TIMELINE_NONE)
        return;
    gather_code(q, 5, need, sizeof need);
    if (!correct_days(g, &(struct correct_key){FACT_NEED, person, row_int(q, 6), year, need},
                      &(struct correct_days){DATE_NONE, DATE_NONE}))
        return;
    n = gather_add(g, STAGE_need, person);
    *n = (struct build_need){.person = person, .source = gather_source(g, q), .census = census,
                             .rank = row_int(q, 4) == 1 ? 1 : 2};
    gather_code(q, 5, n->code, sizeof n->code);
}

static const char sql_meals[] =
    "SELECT file_id, line, identity_id, started, ended, country, urn FROM fsm_period "
    "WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id, line";

/* Free school meals of England; what other nations gave says nothing about eligibility. */
static void
meals_row(struct gather *g, const struct rows *q)
{
    int32_t started = gather_date(q, 3);
    struct correct_days d = {started, gather_date(q, 4)};
    struct build_meals *m;
    uint32_t person;

    if (gather_char(q, 5) != 'E' || started == DATE_NONE || gather_too_late(g, started))
        return;
    person = gather_linked(g, q, 2, started);
    g->b->batch[g->batch].holds |= HOLDS_FSM;
    if (person == TIMELINE_NONE)
        return;
    if (!correct_days(g, &(struct correct_key){FACT_FSM, person, row_int(q, 6), started, "ENG"},
                      &d))
        return;
    m = gather_add(g, STAGE_meals, person);
    *m = (struct build_meals){.person = person, .started = d.from,
                              .ended = d.last == DATE_NONE ? DATE_OPEN : d.last + 1,
                              .source = gather_source(g, q), .census = census_of_batch(g)};
}

static const char sql_placements[] =
    "SELECT file_id, line, identity_id, urn, school_year, term, kind, provider_urn, reason, "
    "setting, pattern, entered, left_on, sessions_a_week FROM ap_placement "
    "WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id, line";

static void
placement_row(struct gather *g, const struct rows *q)
{
    int64_t year = row_int(q, 4), term = row_int(q, 5);
    struct correct_days d = {gather_date(q, 11), gather_date(q, 12)};
    char reason[CORRECT_KIND] = "";
    struct build_placement *p;
    uint32_t person;
    int32_t census;

    if (!gather_year_ok(year) || term < TERM_AUTUMN || term > TERM_SUMMER) {
        g->b->head.left_out++;
        return;
    }
    census = build_census((int32_t)year, (int)term);
    if (gather_too_late(g, build_census_day(census)))
        return;
    person = gather_linked(g, q, 2, build_census_day(census));
    if (person == TIMELINE_NONE)
        return;
    gather_code(q, 8, reason, sizeof reason);
    if (!correct_days(g, &(struct correct_key){FACT_PROVISION, person, row_int(q, 3),
                                               d.from == DATE_NONE ? 0 : d.from, reason}, &d))
        return;
    p = gather_add(g, STAGE_placement, person);
    *p = (struct build_placement){
        .row = {.person = person, .school = gather_school(g, row_int(q, 3)),
                .provider = row_is_null(q, 7) ? TIMELINE_NONE : gather_school(g, row_int(q, 7)),
                .start = d.from, .end = d.last == DATE_NONE ? DATE_NONE : d.last + 1,
                .source = gather_source(g, q), .sessions_a_week = gather_small(q, 13, -1),
                .by_authority = gather_char(q, 6) == 'a'},
        .census = census};
    gather_code(q, 8, p->row.reason, sizeof p->row.reason);
    gather_code(q, 9, p->row.setting, sizeof p->row.setting);
    gather_code(q, 10, p->row.pattern, sizeof p->row.pattern);
}

/* ---- social care ------------------------------------------------------------------------- */

/* That there is a plan is needed here; categories of abuse and factors are not. */

enum {
    C_FILE, C_LINE, C_PART, C_IDENTITY, C_YEAR, C_KIND, C_STARTED, C_ENDED, C_NO_ACTION,
    C_SOURCE, C_TOLD_TO, C_SCORE, C_PLACEMENT
};
static const char sql_care[] =
    "SELECT file_id, line, part, identity_id, return_year, kind, started, ended, "
    "no_further_action, source_kind, told_to, score, placement FROM care_episode "
    "WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id, line, part";

static bool
care_kind(const struct rows *q, uint8_t *kind)
{
    static const struct {
        const char *name;
        uint8_t kind;
    } kinds[] = {
        {"referral", SPELL_REFERRAL}, {"plan", SPELL_PLAN}, {"protection", SPELL_PROTECTION},
        {"enquiry", SPELL_ENQUIRY}, {"assessment", SPELL_ASSESSMENT},
        {"care", SPELL_LOOKED_AFTER}, {"help", SPELL_EARLY_HELP},
        {"placement", SPELL_CARE_PLACEMENT}, {"missing", SPELL_MISSING}, {"sdq", SPELL_SDQ},
    };
    char name[16] = "";

    gather_code(q, C_KIND, name, sizeof name);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            *kind = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static uint8_t
care_source(const struct rows *q)
{
    static const char *const names[] = {
#define CARE_SOURCE(id, kind, annual) kind,
#include "timeline/care_sources.def"
#undef CARE_SOURCE
    };
    char name[16] = "";

    gather_code(q, C_SOURCE, name, sizeof name);
    for (uint8_t i = 0; i < CARE_SOURCES; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return CARE_CIN;
}

/* What a return with such a row tells of. */
static uint8_t
care_holds(uint8_t kind)
{
    switch (kind) {
    case SPELL_LOOKED_AFTER:
    case SPELL_CARE_PLACEMENT:
        return HOLDS_CARE_LOOKED_AFTER;
    case SPELL_EARLY_HELP:
        return HOLDS_CARE_HELP;
    case SPELL_SDQ:
        return HOLDS_CARE_SDQ;
    case SPELL_MISSING:
        return HOLDS_CARE_MISSING;
    default:
        return HOLDS_CARE_CASES;
    }
}

static void
care_code(const struct rows *q, struct build_care *c)
{
    int64_t score = row_int(q, C_SCORE);

    if (c->kind == SPELL_CARE_PLACEMENT)
        gather_code(q, C_PLACEMENT, c->code, sizeof c->code);
    if (c->kind == SPELL_SDQ)
        snprintf(c->code, sizeof c->code, "%s", score <= 13   ? SDQ_AVERAGE
                                                : score <= 16 ? SDQ_RAISED
                                                : score <= 19 ? SDQ_HIGH
                                                              : SDQ_VERY_HIGH);
}

static void
note_care_return(struct gather *g, struct timeline_return want, uint8_t kind)
{
    struct build_return *r = gather_return(g, want);

    r->row.rows++;
    r->row.holds |= care_holds(kind);
    r->kinds |= 1u << kind;
}

static void
not_linkable_care(struct gather *g, int64_t identity_id)
{
    uint32_t at = gather_identity(g->b, identity_id);

    g->b->head.care_not_linkable++;
    if (at == UINT32_MAX || g->b->identity[at].care)
        return;
    g->b->identity[at].care = true;
    g->b->head.care_people_not_linkable++;
}

/* Half-open days as they were corrected; false: set aside. */
static bool
correct_care(const struct gather *g, const struct rows *q, uint32_t person, int32_t *started,
             int32_t *ended)
{
    char kind[CORRECT_KIND] = "";
    struct correct_key k = {FACT_CARE, person, 0, *started, kind};
    struct correct_days d = {*started, *ended == DATE_OPEN ? DATE_NONE : *ended - 1};

    gather_code(q, C_KIND, kind, sizeof kind);
    if (!correct_days(g, &k, &d))
        return false;
    *started = d.from;
    *ended = d.last == DATE_NONE ? DATE_OPEN : d.last + 1;
    return true;
}

static void
care_row(struct gather *g, const struct rows *q)
{
    int32_t started = gather_date(q, C_STARTED), ended = gather_end(q, C_ENDED, DATE_OPEN);
    int64_t year = row_int(q, C_YEAR);
    struct timeline_return want = {.school = TIMELINE_NONE, .batch = g->batch,
                                   .kind = RETURN_CARE};
    struct build_care *c;
    uint32_t person;
    uint8_t kind;

    if (!gather_year_ok(year) || !care_kind(q, &kind)) {
        g->b->head.left_out++;
        return;
    }
    want.school_year = (int16_t)year;
    want.source = care_source(q);
    want.until = gather_end(q, C_TOLD_TO, date_from_ymd((int32_t)year, 4, 1));
    note_care_return(g, want, kind);
    if (started == DATE_NONE || gather_too_late(g, started))
        return;
    person = gather_person(g, row_int(q, C_IDENTITY), started);
    if (person == TIMELINE_NONE) {
        not_linkable_care(g, row_int(q, C_IDENTITY));
        return;
    }
    if (!correct_care(g, q, person, &started, &ended))
        return;
    c = gather_add(g, STAGE_care, person);
    *c = (struct build_care){.person = person, .started = started, .ended = ended,
                             .source = gather_source(g, q), .return_year = (int16_t)year,
                             .kind = kind, .no_action = row_int(q, C_NO_ACTION) != 0,
                             .told_to = want.until, .from = want.source};
    c->source.part = (uint16_t)row_int(q, C_PART);
    care_code(q, c);
}

/* ---- all --------------------------------------------------------------------------------- */

enum err
gather_facts(struct gather *g)
{
    static const struct {
        const char *sql;
        void (*row)(struct gather *, const struct rows *);
    } tables[] = {
        {sql_suspensions, suspension_row}, {sql_needs, need_row}, {sql_meals, meals_row},
        {sql_placements, placement_row}, {sql_care, care_row},
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
