/* Education, health and care plans: requests, refusals, plans, the schools they name (SEN2); SEN
 * support and plans as a school tells the next (Common Transfer File). */
#include "people/entry.h"
#include "timeline/correct.h"

enum { P_FILE, P_LINE, P_PART, P_IDENTITY, P_YEAR, P_KIND, P_STARTED, P_ENDED, P_TOLD_TO, P_CODE,
       P_RANK, P_URN, P_SOURCE };
static const char sql_plans[] =
    "SELECT file_id, line, part, identity_id, return_year, kind, started, ended, told_to, code, "
    "need_rank, urn, source_kind FROM ehc_fact WHERE area_id = $1 AND batch_id = $2 "
    "ORDER BY file_id, line, part";

enum told { TOLD_REQUEST, TOLD_REFUSED, TOLD_PLAN, TOLD_SUPPORT, TOLD_SETTING, TOLD_NEED, TOLD };

static enum told
told_of(const struct rows *q)
{
    static const char *const names[TOLD] = {"request", "refused", "plan", "support", "setting",
                                             "need"};
    char name[16] = "";
    int f = 0;

    gather_code(q, P_KIND, name, sizeof name);
    while (f < TOLD && strcmp(name, names[f]) != 0)
        f++;
    return (enum told)f;
}

static struct timeline_source
source_of(const struct gather *g, const struct rows *q)
{
    struct timeline_source s = gather_source(g, q);

    s.part = (uint16_t)row_int(q, P_PART);
    return s;
}

/* Or a transfer file, which tells of one child. */
static bool
is_survey(const struct rows *q)
{
    return gather_char(q, P_SOURCE) == 's';
}

/* Half-open days of the row's child, as they were corrected. */
struct days_of {
    uint32_t person;
    int32_t started, ended;
};

/* False: it was set aside. */
static bool
correct_plan(const struct gather *g, const struct rows *q, struct days_of *p)
{
    char what[CORRECT_KIND] = "", code[8] = "";
    struct correct_key k = {FACT_PLAN, p->person, row_int(q, P_URN), p->started, what};
    struct correct_days d = {p->started, p->ended == DATE_OPEN ? DATE_NONE : p->ended - 1};

    gather_code(q, P_KIND, what, sizeof what);
    gather_code(q, P_CODE, code, sizeof code);
    if (!strcmp(what, "need"))
        snprintf(what, sizeof what, "need %s", code);
    if (!correct_days(g, &k, &d))
        return false;
    p->started = d.from;
    p->ended = d.last == DATE_NONE ? DATE_OPEN : d.last + 1;
    return true;
}

/* Days of a plan or a request: told again each year, the last survey of a year stands. */
static void
add_days(struct gather *g, const struct rows *q, const struct days_of *p, uint8_t kind)
{
    struct build_care *c = gather_add(g, STAGE_care, p->person);

    *c = (struct build_care){
        .person = p->person, .started = p->started, .ended = p->ended, .source = source_of(g, q),
        .return_year = (int16_t)row_int(q, P_YEAR), .kind = kind,
        .told_to = gather_end(q, P_TOLD_TO, DATE_NONE),
        .from = is_survey(q) ? CARE_SEN2 : CARE_CTF};
    if (kind == SPELL_EHC_NAMED)
        snprintf(c->code, sizeof c->code, "%05u",
                 (unsigned)row_int(q, P_URN) % 100000);
}

/* Where the plan says that the child is educated at home, that is an entry as on a register. */
static void
add_setting(struct gather *g, const struct rows *q, const struct days_of *p)
{
    struct timeline_entry *e;
    char code[8] = "";

    gather_code(q, P_CODE, code, sizeof code);
    if (!row_is_null(q, P_URN) && row_int_or(q, P_RANK, 1) == 1)
        add_days(g, q, p, SPELL_EHC_NAMED);
    if (strcmp(code, "EHE") != 0)
        return;
    e = gather_add(g, STAGE_entry, p->person);
    *e = (struct timeline_entry){.person = p->person, .school = TIMELINE_NONE,
                                 .provider = TIMELINE_NONE, .start = p->started,
                                 .end = p->ended, .review = DATE_NONE,
                                 .source = source_of(g, q), .minutes_a_week = -1,
                                 .kind = ENTRY_EHE};
}

/* As the spring census of that January would have told it. */
static void
add_need(struct gather *g, const struct rows *q, uint32_t person)
{
    struct build_need *n = gather_add(g, STAGE_need, person);

    *n = (struct build_need){
        .person = person, .source = source_of(g, q),
        .census = build_census((int32_t)row_int(q, P_YEAR) - 1, TERM_SPRING),
        .rank = row_int(q, P_RANK) == 1 ? 1 : 2, .survey = is_survey(q)};
    gather_code(q, P_CODE, n->code, sizeof n->code);
}

static void
note_survey(struct gather *g, const struct rows *q, uint8_t kind)
{
    struct timeline_return want = {.school = TIMELINE_NONE, .batch = g->batch,
                                   .kind = RETURN_PLANS, .source = CARE_SEN2,
                                   .school_year = (int16_t)row_int(q, P_YEAR),
                                   .until = gather_end(q, P_TOLD_TO, DATE_NONE)};
    struct build_return *r = gather_return(g, want);

    r->row.rows++;
    r->kinds |= 1u << kind;
}

static void
plan_row(struct gather *g, const struct rows *q)
{
    static const uint8_t spell[TOLD] = {SPELL_EHC_REQUEST, SPELL_EHC_REFUSED, SPELL_EHC_PLAN,
                                         SPELL_SEN_SUPPORT, SPELL_EHC_NAMED, SPELL_SEN_NEED};
    int32_t started = gather_date(q, P_STARTED);
    struct days_of p = {.started = started, .ended = gather_end(q, P_ENDED, DATE_OPEN)};
    enum told f = told_of(q);

    if (f == TOLD || started == DATE_NONE || !gather_year_ok(row_int(q, P_YEAR))) {
        g->b->head.left_out++;
        return;
    }
    if (is_survey(q))
        note_survey(g, q, spell[f]);
    if (gather_too_late(g, started))
        return;
    p.person = gather_linked(g, q, P_IDENTITY, started);
    if (p.person == TIMELINE_NONE || !correct_plan(g, q, &p))
        return;
    if (f == TOLD_SETTING)
        add_setting(g, q, &p);
    else if (f == TOLD_NEED)
        add_need(g, q, p.person);
    else
        add_days(g, q, &p, spell[f]);
}

enum err
gather_plans(struct gather *g)
{
    struct rows q;

    db_ask(g->b->j, &q, sql_plans,
           ARGS(INT(g->b->head.area), INT(g->b->batch[g->batch].batch_id)));
    while (db_next(&q))
        plan_row(g, &q);
    return db_done(&q);
}
