#include "people/fact.h"
#include "access/mask.h"
#include "access/permit.h"
#include "people/safe_address.h"
#include "people/area.h"
#include "people/register_weeks.h"

static const char *const kind_name[] = {
    [FACT_CENSUS] = "census", [FACT_SUSPENSION] = "suspension", [FACT_NEED] = "need",
    [FACT_FSM] = "meals", [FACT_PROVISION] = "provision", [FACT_CARE] = "care",
    [FACT_OUTCOME] = "outcome",
    [FACT_LEAVER] = "leaver", [FACT_ENTRY] = "register",
    [FACT_PLAN] = "plan", [FACT_MARKS] = "marks"};

const char *
fact_kind_name(enum fact_kind k)
{
    return kind_name[k];
}

bool
fact_kind_find(const char *name, enum fact_kind *out)
{
    for (int k = 0; name && k < FACT_KINDS; k++)
        if (!strcmp(kind_name[k], name)) {
            *out = (enum fact_kind)k;
            return true;
        }
    return false;
}

/* ---- reading: every query gives the same seventeen columns first ---- */

struct list {
    struct fact *v;
    size_t n, room;
};

static struct fact *
list_add(struct job *j, struct list *l)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        l->v = job_grow(j, l->v, l->n * sizeof *l->v, room * sizeof *l->v);
        l->room = room;
    }
    return &l->v[l->n++];
}

static struct fact
fact_from_row(struct rows *q, enum fact_kind kind)
{
    return (struct fact){.kind = kind,
        .batch = row_int(q, 0), .file = row_int(q, 1), .line = row_int(q, 2),
        .part = (int32_t)row_int(q, 3), .urn = row_int(q, 4), .school = row_text(q, 5),
        .source = row_text(q, 6), .known = row_int(q, 7), .school_year = (int32_t)row_int(q, 8),
        .term = (enum term)row_int(q, 9), .from = (int32_t)row_int_or(q, 10, DATE_NONE),
        .to = (int32_t)row_int_or(q, 11, DATE_NONE), .code = row_text(q, 12),
        .code2 = row_text(q, 13), .code3 = row_text(q, 14), .number = row_int(q, 15),
        .on_roll = row_int(q, 16) == 1};
}

/* From a person to the rows of a table, published ones, of one school unless $3 is 0.  CROSS
 * JOIN keeps SQLite to that order, which is cheap whatever it knows of the tables. */
#define SQL_FROM(table) " FROM identity i CROSS JOIN " table " f CROSS JOIN batch b "
#define SQL_SCHOOL "LEFT JOIN establishment e ON e.urn = f.urn "
#define SQL_WHERE                                                              \
    "WHERE i.area_id = $1 AND i.person_id = $2 AND f.area_id = i.area_id "     \
    "AND f.identity_id = i.identity_id AND b.area_id = f.area_id "             \
    "AND b.batch_id = f.batch_id AND b.state = 'published' "
#define SQL_OF_SCHOOL "AND ($3 = 0 OR f.urn = $3)"

static const char sql_census[] =
    "SELECT f.batch_id, f.file_id, f.line, 0, f.urn, e.name, b.title, b.published, f.school_year, "
    "f.term, f.entered, f.left_on, f.status, f.sen, f.ethnicity, COALESCE(f.year_group, -2), "
    "f.on_roll, f.marks, f.marks_summer2, f.sessions_possible, f.summer2_possible"
    SQL_FROM("census_pupil") SQL_SCHOOL SQL_WHERE SQL_OF_SCHOOL;
static const char sql_suspension[] =
    "SELECT f.batch_id, f.file_id, f.line, 0, f.urn, e.name, b.title, b.published, "
    "COALESCE(f.school_year, 0), COALESCE(f.term, 0), f.started, f.ended, f.category, f.reason1, "
    "f.status, COALESCE(f.sessions, -1), 0"
    SQL_FROM("suspension") SQL_SCHOOL SQL_WHERE SQL_OF_SCHOOL;
static const char sql_need[] =
    "SELECT f.batch_id, f.file_id, f.line, 0, f.urn, e.name, b.title, b.published, f.school_year, "
    "0, NULL, NULL, f.need, NULL, NULL, f.need_rank, 0"
    SQL_FROM("sen_need") SQL_SCHOOL SQL_WHERE SQL_OF_SCHOOL;
static const char sql_meals[] =
    "SELECT f.batch_id, f.file_id, f.line, 0, f.urn, e.name, b.title, b.published, 0, 0, "
    "f.started, f.ended, f.country, NULL, NULL, 0, 0"
    SQL_FROM("fsm_period") SQL_SCHOOL SQL_WHERE SQL_OF_SCHOOL;
static const char sql_provision[] =
    "SELECT f.batch_id, f.file_id, f.line, 0, f.urn, e.name, b.title, b.published, f.school_year, "
    "f.term, f.entered, f.left_on, f.reason, f.setting, f.pattern, "
    "COALESCE(f.sessions_a_week, -1), 0"
    SQL_FROM("ap_placement") SQL_SCHOOL SQL_WHERE SQL_OF_SCHOOL;
static const char sql_care[] =
    "SELECT f.batch_id, f.file_id, f.line, f.part, 0, NULL, b.title, b.published, 0, 0, "
    "f.started, f.ended, f.kind, COALESCE(f.category, f.need, f.placement), f.close_reason, "
    "COALESCE(f.score, f.no_further_action, 0), 0"
    SQL_FROM("care_episode") SQL_WHERE "AND $3 = 0";
static const char sql_outcome[] =
    "SELECT f.batch_id, f.file_id, f.line, 0, f.urn, e.name, b.title, b.published, 0, 0, "
    "f.started, NULL, f.stage, f.result, NULL, f.decided, 0"
    SQL_FROM("exclusion_outcome") SQL_SCHOOL SQL_WHERE SQL_OF_SCHOOL;
static const char sql_leaver[] =
    "SELECT f.batch_id, f.file_id, f.line, 0, f.urn, e.name, b.title, b.published, 0, 0, "
    "f.left_on, NULL, f.ground, NULL, NULL, COALESCE(f.destination_urn, 0), 0"
    SQL_FROM("leaver") SQL_SCHOOL SQL_WHERE SQL_OF_SCHOOL;
/* Half-open days become the last day, as the file gives it. */
static const char sql_entry[] =
    "SELECT f.batch_id, f.file_id, f.line, 0, COALESCE(f.urn, 0), e.name, b.title, b.published, "
    "0, 0, f.started, f.ended - 1, f.register, f.reason, f.outcome, "
    "COALESCE(f.minutes_a_week, -1), 0"
    SQL_FROM("register_entry") SQL_SCHOOL SQL_WHERE SQL_OF_SCHOOL
    " AND ($3 = 0 OR f.register NOT IN ('EH', 'YJS'))";

static const char sql_plan[] =
    "SELECT f.batch_id, f.file_id, f.line, f.part, COALESCE(f.urn, 0), e.name, b.title, "
    "b.published, 0, 0, f.started, f.ended, f.kind, f.code, NULL, COALESCE(f.need_rank, 0), 0"
    SQL_FROM("ehc_fact") SQL_SCHOOL SQL_WHERE "AND $3 = 0";

int32_t
fact_term_before(int32_t school_year, enum term term, int32_t *ends)
{
    int32_t y = school_year;

    switch (term) {
    case TERM_SPRING: /* reports the autumn term */
        *ends = date_from_ymd(y + 1, 1, 1);
        return date_year_start(y);
    case TERM_SUMMER: /* the spring term */
        *ends = date_easter(y + 1) + 1;
        return date_from_ymd(y + 1, 1, 1);
    case TERM_AUTUMN:
        break;
    }
    *ends = date_year_start(y); /* the summer term of the year before */
    return date_easter(y) + 1;
}

/* Adds the sessions of a term or half term to f.  False: of how many is not said. */
static bool
add_sessions(struct rows *q, int marks_at, int32_t day, struct fact *f)
{
    struct attendance_sum half = {0};
    struct attendance_totals t;
    size_t n = 0;
    const void *marks = row_blob(q, marks_at, &n);
    int64_t possible;

    if (n && attendance_unpack(marks, n, &t)) {
        half = attendance_add_up(&t, day);
        for (int c = 0; c < ATTENDANCE_CODES; c++)
            f->by_code.by_code[c] = (uint16_t)(f->by_code.by_code[c] + t.by_code[c]);
    }
    possible = attendance_possible(&half, row_int_or(q, marks_at + 2, -1),
                                   f->school_year < ATTENDANCE_ALL_CODES);
    f->absence.possible += possible < 0 ? 0 : (int32_t)possible;
    f->absence.present += half.present;
    f->absence.activity += half.activity;
    f->absence.authorised += half.authorised;
    f->absence.unauthorised += half.unauthorised;
    return possible >= 0;
}

/* The term before, which the autumn census gives in two halves. */
static void
absence_from_row(struct rows *q, struct fact *f)
{
    int32_t ends, day = fact_term_before(f->school_year, f->term, &ends);
    bool first = add_sessions(q, 17, day, f), second = add_sessions(q, 18, day, f);

    if (!first || !second)
        f->absence.possible = 0;
}

static enum err
read_kind(struct job *j, enum fact_kind kind, int64_t person, struct list *l)
{
    static const char *const sql[] = {
        [FACT_CENSUS] = sql_census, [FACT_SUSPENSION] = sql_suspension, [FACT_NEED] = sql_need,
        [FACT_FSM] = sql_meals, [FACT_PROVISION] = sql_provision, [FACT_CARE] = sql_care,
        [FACT_OUTCOME] = sql_outcome, [FACT_LEAVER] = sql_leaver, [FACT_ENTRY] = sql_entry,
        [FACT_PLAN] = sql_plan};
    struct rows q;

    db_ask(j, &q, sql[kind], ARGS(INT(j->area), INT(person), INT(permit_school(j->who))));
    while (db_next(&q)) {
        struct fact *f = list_add(j, l);
        *f = fact_from_row(&q, kind);
        if (kind == FACT_CENSUS)
            absence_from_row(&q, f);
    }
    return db_done(&q);
}

/* The day a fact is put in order by: when it began, else when its census was taken. */
static int32_t
day_of(const struct fact *f)
{
    static const int month[] = {[0] = 1, [TERM_AUTUMN] = 10, [TERM_SPRING] = 1, [TERM_SUMMER] = 5};

    if (f->kind != FACT_CENSUS && f->from != DATE_NONE)
        return f->from;
    if (!f->school_year)
        return DATE_NONE;
    return date_from_ymd(f->school_year + (f->term != TERM_AUTUMN), month[f->term], 1);
}

static int
newest_first(const void *a, const void *b)
{
    const struct fact *x = a, *y = b;
    int32_t dx = day_of(x), dy = day_of(y);

    if (dx != dy)
        return dx < dy ? 1 : -1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->batch != y->batch)
        return x->batch < y->batch ? 1 : -1;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return x->part - y->part;
}

/* What this role does not see (access/masks.def) is not there. */
static bool
is_masked(const struct actor *who, const struct fact *f)
{
    bool youth_justice = f->kind == FACT_ENTRY && f->code && !strcmp(f->code, "YJS");

    return (f->kind == FACT_CARE && !mask_sees(who, MASK_CARE)) ||
           (youth_justice && !mask_sees(who, MASK_YOUTH_JUSTICE));
}

static enum err
mask_all(struct job *j, int64_t person, struct list *l)
{
    struct safe_address safe;
    size_t n = 0;
    enum err e = safe_address_get(j, NULL, person, &safe);

    for (size_t i = 0; i < l->n; i++) {
        if (is_masked(j->who, &l->v[i]))
            continue;
        l->v[n] = l->v[i];
        if (safe.marked && l->v[n].kind == FACT_LEAVER && !mask_sees(j->who, MASK_NEXT_SCHOOL))
            l->v[n].number = 0;
        n++;
    }
    l->n = n;
    return e;
}

static enum err
read_all(struct job *j, int64_t person, struct list *l)
{
    enum err e = OK;

    for (int k = 0; !e && k < FACT_MARKS; k++)
        e = read_kind(j, (enum fact_kind)k, person, l);
    if (!e)
        e = mask_all(j, person, l);
    if (!e && l->n)
        qsort(l->v, l->n, sizeof *l->v, newest_first);
    return e;
}

/* What analysts corrected: of what the fact tells of, whichever line does so. */
static const char sql_corrections[] =
    "SELECT c.fact, c.urn, c.begun, c.kind, c.field FROM identity i JOIN correction c ON "
    "c.area_id = i.area_id AND c.identity_id = i.identity_id WHERE i.area_id = $1 AND "
    "i.person_id = $2 AND c.undone IS NULL";

struct fact_about
fact_about(struct job *j, const struct fact *f)
{
    struct fact_about a = {f->urn, f->from, f->code ? f->code : ""};

    switch (f->kind) {
    case FACT_CENSUS:
        a = (struct fact_about){f->urn, f->school_year * 10 + (int)f->term, ""};
        break;
    case FACT_NEED:
        a.begun = f->school_year;
        break;
    case FACT_PROVISION:
        a.begun = f->from == DATE_NONE ? 0 : f->from;
        break;
    case FACT_MARKS:
        a.what = f->code2 ? f->code2 : "";
        break;
    case FACT_LEAVER:
        a.what = "";
        break;
    case FACT_PLAN:
        if (!strcmp(a.what, "need"))
            a.what = job_format(j, "need %s", f->code2 ? f->code2 : "");
        break;
    default:
        break;
    }
    return a;
}

bool
fact_half_open(enum fact_kind k)
{
    return k == FACT_CARE || k == FACT_PLAN;
}

static bool
is_about(const struct rows *q, const struct fact *f, struct fact_about a)
{
    size_t n = 0, what = 0;
    const char *fact = row_peek(q, 0, &n), *name = fact_kind_name(f->kind), *told;

    if (n != strlen(name) || memcmp(fact, name, n) || row_int(q, 1) != a.urn ||
        row_int(q, 2) != a.begun)
        return false;
    told = row_peek(q, 3, &what);
    return what == strlen(a.what) && !memcmp(told, a.what, what);
}

static enum err
mark_corrected(struct job *j, int64_t person, struct list *l)
{
    struct rows q;

    db_ask(j, &q, sql_corrections, ARGS(INT(j->area), INT(person)));
    while (db_next(&q))
        for (size_t i = 0; i < l->n; i++) {
            size_t n = 0;
            const char *field = row_peek(&q, 4, &n);
            if (!is_about(&q, &l->v[i], fact_about(j, &l->v[i])))
                continue;
            l->v[i].aside |= n > 0 && field[0] == 'a';
            l->v[i].corrected = true;
        }
    return db_done(&q);
}

enum err
fact_list(struct job *j, int64_t person, struct fact **out, size_t *n)
{
    struct list l = {0};
    enum err e = permit(j, ACT_CHILD, (struct subject){.person = person});

    if (!e)
        e = read_all(j, person, &l);
    if (!e)
        e = mark_corrected(j, person, &l);
    *out = l.v;
    *n = e ? 0 : l.n;
    return e;
}

static enum err
not_of_this_child(struct job *j)
{
    err_set(j, ERR_NOT_FOUND, "that line says nothing of this child");
    return err_hint(j, "Go back to the child and choose the fact again.");
}

static const char sql_marks[] =
    "SELECT e.name, b.title, b.published FROM identity i JOIN batch b ON b.area_id = i.area_id "
    "LEFT JOIN establishment e ON e.urn = $4 WHERE i.area_id = $1 AND i.identity_id = $2 "
    "AND i.person_id = $3 AND b.batch_id = $5 AND b.state = 'published'";

/* The days that the line gave; one alone has no last.  One mark alone is told, too. */
static void
days_of(const struct register_line *l, struct fact *f)
{
    int marks = 0;

    for (size_t i = 0; i < l->n; i++)
        for (int k = 0; k < REGISTER_SLOTS; k++) {
            int32_t day = l->week[i].monday + k / 2;
            if (!l->week[i].mark[k])
                continue;
            f->from = f->from == DATE_NONE ? day : f->from;
            f->to = day;
            f->code = marks++ ? NULL : attendance_name(l->week[i].mark[k] - 1);
            f->code2 = marks > 1 ? NULL : REGISTER_SESSION(k);
        }
    if (f->to == f->from)
        f->to = DATE_NONE;
}

/* Of a register, which is not a row a child: the child's weeks that the line gave. */
static enum err
get_marks(struct job *j, int64_t person, struct fact_key k, struct fact *out)
{
    int64_t own = permit_school(j->who);
    struct register_line l;
    struct rows q;
    bool found;
    enum err e = register_line_get(j, k.batch, k.file, k.line, &l);

    if (e)
        return e;
    db_ask(j, &q, sql_marks, ARGS(INT(j->area), INT(l.identity_id), INT(person), INT(l.urn),
                                  INT(k.batch)));
    found = db_next(&q);
    if (found)
        *out = (struct fact){.kind = FACT_MARKS, .batch = k.batch, .file = k.file,
                             .line = k.line, .urn = l.urn, .school = row_text(&q, 0),
                             .source = row_text(&q, 1), .known = row_int(&q, 2),
                             .from = DATE_NONE, .to = DATE_NONE};
    if (found)
        days_of(&l, out);
    e = db_done(&q);
    return e || (found && (!own || own == l.urn)) ? e : not_of_this_child(j);
}

enum err
fact_get(struct job *j, int64_t person, struct fact_key k, struct fact *out)
{
    struct list l = {0};
    enum err e = permit(j, ACT_ORIGINAL, (struct subject){.person = person});

    if (!e && k.kind == FACT_MARKS)
        return get_marks(j, person, k, out);
    if (!e)
        e = read_kind(j, k.kind, person, &l);
    if (e)
        return e;
    for (size_t i = 0; i < l.n; i++)
        if (l.v[i].batch == k.batch && l.v[i].file == k.file && l.v[i].line == k.line) {
            *out = l.v[i];
            return OK;
        }
    return not_of_this_child(j);
}

/* How far each file tells: any row of it says so. */
static const char sql_care_until[] =
    "SELECT MAX((SELECT c.told_to FROM care_episode c "
    "WHERE c.area_id = b.area_id AND c.batch_id = b.batch_id LIMIT 1)) FROM batch b "
    "WHERE b.area_id = $1 AND b.kind IN ('cin', 'ssda903', 'ssd', 'care-api', 'annex-a') "
    "AND b.state = 'published'";
/* Rows of an older program do not: then it is 31 March of the return's year. */
static const char sql_care_year[] =
    "SELECT MAX((SELECT c.return_year FROM care_episode c "
    "WHERE c.area_id = b.area_id AND c.batch_id = b.batch_id LIMIT 1)) "
    "FROM batch b WHERE b.area_id = $1 AND b.kind = 'cin' AND b.state = 'published'";

enum err
fact_care_until(struct job *j, int32_t *out)
{
    int64_t turn, until = DATE_NONE, year = 0;
    enum err e = area_turn(j, &turn);

    if (!e)
        e = db_int_kept(j, &(struct db_kept){sql_care_until, "i", turn}, ARGS(INT(j->area)),
                        DATE_NONE, &until);
    if (!e)
        e = db_int_kept(j, &(struct db_kept){sql_care_year, "i", turn}, ARGS(INT(j->area)), 0,
                        &year);
    if (!e && year > 1900 && year < 9999 && date_from_ymd((int32_t)year, 4, 1) > until)
        until = date_from_ymd((int32_t)year, 4, 1);
    *out = e ? DATE_NONE : (int32_t)until;
    return e;
}
