#include "quality/correct.h"
#include "access/audit.h"
#include "access/guard.h"
#include "access/permit.h"
#include "people/area.h"
#include "people/attendance.h"
#include "people/register_weeks.h"

static const struct {
    const char *name, *words;
} fields[CORRECT_FIELDS] = {
    [CORRECT_ASIDE] = {"aside", "Set it aside: it does not count"},
    [CORRECT_SESSIONS] = {"sessions", "The number of sessions"},
    [CORRECT_STARTED] = {"started", "The first day"},
    [CORRECT_ENDED] = {"ended", "The last day"},
    [CORRECT_CATEGORY] = {"category", "The category"},
    [CORRECT_MARK] = {"mark", "The code"},
};
static const char *const categories[] = {"suspension", "permanent", "lunchtime"};
enum { MOST_SESSIONS = 200 };

const char *
correct_field_name(enum correct_field f)
{
    return fields[f].name;
}

const char *
correct_field_words(enum correct_field f)
{
    return fields[f].words;
}

bool
correct_field_find(const char *name, enum correct_field *out)
{
    for (int f = 0; f < CORRECT_FIELDS; f++)
        if (!strcmp(fields[f].name, name)) {
            *out = (enum correct_field)f;
            return true;
        }
    return false;
}

enum { SESSIONS = 1 << CORRECT_SESSIONS, STARTED = 1 << CORRECT_STARTED,
       ENDED = 1 << CORRECT_ENDED, CATEGORY = 1 << CORRECT_CATEGORY };
static const unsigned may[FACT_KINDS] = {
#define CORRECTABLE(kind, table, urn, begun, what, fields) \
    [FACT_##kind] = 1 << CORRECT_ASIDE | (fields),
#include "people/correctable.def"
#undef CORRECTABLE
    [FACT_MARKS] = 1 << CORRECT_ASIDE | 1 << CORRECT_MARK,
};

bool
correct_any(const struct fact *f)
{
    return correct_may(f->kind, CORRECT_ASIDE) && (f->kind != FACT_MARKS || f->code);
}

bool
correct_may(enum fact_kind k, enum correct_field f)
{
    return k < FACT_KINDS && may[k] & 1u << f;
}

/* ---- what is asked --------------------------------------------------------------------- */

/* The value as a number; false: it is none. */
static bool
value_of(const struct correct_ask *ask, int64_t *out)
{
    struct span s = span_trim(span_of(ask->value ? ask->value : ""));
    int32_t day;

    *out = 0;
    switch (ask->field) {
    case CORRECT_ASIDE:
        return true;
    case CORRECT_SESSIONS:
        return text_to_int(s.s, s.n, out) && *out >= 1 && *out <= MOST_SESSIONS;
    case CORRECT_MARK:
        *out = attendance_code(s);
        return *out >= 0;
    case CORRECT_CATEGORY:
        for (int64_t i = 0; i < 3; i++)
            if (s.n == strlen(categories[i]) && !memcmp(s.s, categories[i], s.n)) {
                *out = i;
                return true;
            }
        return false;
    default:
        if (!date_parse(s.s, s.n, &day))
            return false;
        *out = day;
        return true;
    }
}

static const char *
value_problem(struct job *j, const struct fact *f, const struct correct_ask *ask)
{
    int64_t v;

    if (!correct_any(f))
        return "The line gives many marks: only one that stands by itself can be corrected";
    if (!correct_may(f->kind, ask->field))
        return "This cannot be corrected in a fact of this kind";
    if (!value_of(ask, &v))
        return ask->field == CORRECT_SESSIONS ? "Give the sessions as a number from 1 to 200"
               : ask->field == CORRECT_MARK ? "Give an attendance code, such as / or I"
               : ask->field == CORRECT_CATEGORY
                   ? "Write suspension, permanent or lunchtime"
                   : "Give the day like 16/10/2024";
    if ((ask->field == CORRECT_STARTED || ask->field == CORRECT_ENDED) && v > j->today)
        return "That day has not come yet";
    if (ask->field == CORRECT_ENDED && f->kind != FACT_LEAVER && v < f->from)
        return "It cannot end before it starts";
    return NULL;
}

const char *
correct_problem(struct job *j, const struct fact *f, const struct correct_ask *ask,
                bool *about_reason)
{
    struct span why = span_trim(span_of(ask->reason ? ask->reason : ""));
    const char *wrong = value_problem(j, f, ask);

    *about_reason = !wrong;
    if (wrong)
        return wrong;
    if (!why.n)
        return "Say why";
    return why.n > CORRECT_REASON_MOST ? "Say it in fewer words" : NULL;
}

/* ---- made ------------------------------------------------------------------------------ */

/* What the rows of that line tell of: one record may give several. */
static const char *const sql_about[FACT_KINDS] = {
#define CORRECTABLE(kind, table, urn, begun, what, fields)                              \
    [FACT_##kind] = "SELECT identity_id, " urn ", " begun ", " what " FROM " table      \
                    " WHERE area_id = $1 AND batch_id = $2 AND file_id = $3 AND line = $4",
#include "people/correctable.def"
#undef CORRECTABLE
};
static const char sql_add[] =
    "INSERT INTO correction (area_id, correction_id, fact, identity_id, urn, begun, kind, "
    "batch_id, file_id, line, field, value, was, reason, made, made_by) VALUES "
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

struct about {
    int64_t identity, urn, begun;
    const char *kind;
};
enum { PARTS_MOST = 16 };

/* A mark is not a row: the line says whose, and of which school. */
static enum err
read_mark(struct job *j, const struct fact *f, struct about *v, size_t *n)
{
    struct fact_about a = fact_about(j, f);
    struct register_line l;
    enum err e = register_line_get(j, f->batch, f->file, f->line, &l);

    *n = !e;
    if (!e)
        v[0] = (struct about){l.identity_id, a.urn, a.begun, a.what};
    return e;
}

static enum err
read_about(struct job *j, struct fact_key k, struct about *v, size_t *n)
{
    struct rows q;

    *n = 0;
    db_ask(j, &q, sql_about[k.kind], ARGS(INT(j->area), INT(k.batch), INT(k.file), INT(k.line)));
    while (*n < PARTS_MOST && db_next(&q))
        v[(*n)++] = (struct about){row_int(&q, 0), row_int(&q, 1), row_int(&q, 2),
                                   row_text(&q, 3)};
    return db_done(&q);
}

static const char *
was_of(struct job *j, const struct fact *f, enum correct_field field)
{
    char day[DATE_TEXT];
    int32_t to;

    switch (field) {
    case CORRECT_SESSIONS:
        return f->number < 0 ? "not given" : job_format(j, "%lld", (long long)f->number);
    case CORRECT_STARTED:
        return f->from == DATE_NONE ? "not given" : job_copy(j, date_words(f->from, day));
    case CORRECT_ENDED:
        to = f->kind == FACT_LEAVER ? f->from : f->to;
        return to == DATE_NONE ? "not given"
                               : job_copy(j, date_words(to - fact_half_open(f->kind), day));
    case CORRECT_CATEGORY:
    case CORRECT_MARK:
        return f->code;
    default:
        return NULL;
    }
}

static enum err
write(struct job *j, const struct fact *f, const struct about *a, const struct correct_ask *ask)
{
    struct span why = span_trim(span_of(ask->reason));
    int64_t id, value = 0;
    enum err e = area_next_id(j, 1, &id);

    (void)value_of(ask, &value); /* was judged before */
    return e ? e
             : db_run(j, sql_add,
                      ARGS(INT(j->area), INT(id), TEXT(fact_kind_name(f->kind)),
                           INT(a->identity), INT(a->urn), INT(a->begun), TEXT(a->kind),
                           INT(f->batch), INT(f->file), INT(f->line),
                           TEXT(fields[ask->field].name),
                           ask->field == CORRECT_ASIDE ? NUL : INT(value),
                           TEXT(was_of(j, f, ask->field)), TEXT_N(why.s, why.n), INT(j->now),
                           TEXT(j->who ? j->who->login : "command line")),
                      NULL);
}

/* In the transaction of a page, which commits it with its entry in the audit; else its own. */
static enum err
within(struct job *j, enum err (*fn)(struct job *j, void *arg), void *arg)
{
    enum err e;

    if (db_in_transaction(j))
        return fn(j, arg);
    if ((e = db_begin(j)))
        return e;
    if (!(e = fn(j, arg)))
        return db_commit(j);
    db_rollback(j);
    return e;
}

struct adding {
    const struct fact *f;
    const struct correct_ask *ask;
    struct about about[PARTS_MOST];
    size_t n;
};

/* A day is of the one fact of the record that was shown; set aside is all of it. */
static bool
is_shown(struct job *j, const struct fact *f, const struct about *a)
{
    struct fact_about shown = fact_about(j, f);

    return a->urn == shown.urn && a->begun == shown.begun && !strcmp(a->kind, shown.what);
}

static enum err
write_all(struct job *j, void *arg)
{
    struct adding *a = arg;
    enum err e = OK;

    for (size_t i = 0; i < a->n && !e; i++)
        if (a->ask->field == CORRECT_ASIDE || is_shown(j, a->f, &a->about[i]))
            e = write(j, a->f, &a->about[i], a->ask);
    return e;
}

enum err
correct_add(struct job *j, int64_t person, struct fact_key k, const struct correct_ask *ask)
{
    struct adding a = {.ask = ask};
    const char *wrong;
    struct fact f;
    bool reason;
    enum err e = permit(j, ACT_CORRECT, (struct subject){.person = person});

    if (!e)
        e = fact_get(j, person, k, &f);
    if (e)
        return e;
    if ((wrong = correct_problem(j, &f, ask, &reason)))
        return err_set(j, ERR_INPUT, "%s", wrong);
    a.f = &f;
    e = k.kind == FACT_MARKS ? read_mark(j, &f, a.about, &a.n) : read_about(j, k, a.about, &a.n);
    if (e || (e = within(j, write_all, &a)))
        return e;
    audit_fields(j, ACT_CORRECT, &(struct audit_field){fields[ask->field].name,
                 was_of(j, &f, ask->field), ask->field == CORRECT_ASIDE ? NULL : ask->value}, 1);
    return OK;
}

/* ---- undone ---------------------------------------------------------------------------- */

static const char sql_undo[] =
    "UPDATE correction SET undone = $3, undone_by = $4, undone_why = $5 WHERE area_id = $1 AND "
    "correction_id = $2 AND undone IS NULL";

struct undoing {
    int64_t id;
    struct span why;
};

static enum err
write_undo(struct job *j, void *arg)
{
    const struct undoing *u = arg;
    int64_t changed = 0;
    enum err e = db_run(j, sql_undo,
                        ARGS(INT(j->area), INT(u->id), INT(j->now),
                             TEXT(j->who ? j->who->login : "command line"),
                             TEXT_N(u->why.s, u->why.n)), &changed);

    if (!e && !changed)
        return err_set(j, ERR_CONFLICT, "this correction was undone already");
    return e;
}

enum err
correct_undo(struct job *j, int64_t id, const char *why)
{
    struct undoing u = {id, span_trim(span_of(why ? why : ""))};
    struct correction c;
    enum err e = correct_get(j, id, &c);

    if (!e)
        e = permit(j, ACT_CORRECT, (struct subject){.person = c.person});
    if (e)
        return e;
    if (!u.why.n || u.why.n > CORRECT_REASON_MOST)
        return err_set(j, ERR_INPUT, "a correction is undone for a reason of at most 500 letters");
    return within(j, write_undo, &u);
}

/* ---- read ------------------------------------------------------------------------------ */

static const char sql_list[] =
    "SELECT c.correction_id, i.person_id, c.urn, c.batch_id, c.file_id, c.line, c.made, c.undone, "
    "c.fact, c.kind, e.name, i.forename, i.surname, c.field, c.was, c.value, c.reason, c.made_by, "
    "c.undone_by, c.undone_why FROM correction c LEFT JOIN identity i ON i.area_id = c.area_id "
    "AND i.identity_id = c.identity_id LEFT JOIN establishment e ON e.urn = c.urn "
    "WHERE c.area_id = $1 AND (c.correction_id = $2 OR $2 = 0) ORDER BY c.correction_id DESC";

static const char *
value_words(struct job *j, const struct rows *q, enum correct_field f)
{
    char day[DATE_TEXT];
    int64_t v = row_int(q, 15);

    switch (f) {
    case CORRECT_ASIDE:
        return "set aside";
    case CORRECT_SESSIONS:
        return job_format(j, "%lld", (long long)v);
    case CORRECT_CATEGORY:
        return v >= 0 && v < 3 ? categories[v] : "";
    case CORRECT_MARK:
        return v >= 0 && v < ATTENDANCE_CODES ? attendance_name((int)v) : "";
    default:
        return job_copy(j, date_words((int32_t)v, day));
    }
}

static bool
correction_from_row(struct job *j, struct rows *q, struct correction *c)
{
    const char *forename = row_text(q, 11), *surname = row_text(q, 12);
    enum correct_field field;

    if (!correct_field_find(row_text(q, 13), &field))
        return false;
    *c = (struct correction){
        .id = row_int(q, 0), .person = row_int(q, 1), .urn = row_int(q, 2),
        .batch = row_int(q, 3), .file = row_int(q, 4), .line = row_int(q, 5),
        .made = row_int(q, 6), .undone = row_int(q, 7), .fact = row_text(q, 8),
        .kind = row_text(q, 9), .school = row_text(q, 10), .field = field,
        .name = forename && surname ? job_format(j, "%s %s", forename, surname) : surname,
        .was = row_text(q, 14), .value = value_words(j, q, field), .reason = row_text(q, 16),
        .made_by = row_text(q, 17), .undone_by = row_text(q, 18), .undone_why = row_text(q, 19)};
    return true;
}

static bool
is_of(const struct correction *c, const struct fact_key *of)
{
    return !of || (!strcmp(c->fact, fact_kind_name(of->kind)) && c->batch == of->batch &&
                   c->file == of->file && c->line == of->line);
}

static enum err
read_list(struct job *j, int64_t id, const struct fact_key *of, struct correction **out,
          size_t *n)
{
    struct guard_set hidden;
    size_t room = 0;
    struct rows q;
    enum err e = permit(j, ACT_DATA, (struct subject){.what = "corrections"});

    *out = NULL;
    *n = 0;
    if (!e)
        e = guard_set_load(j, &hidden);
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), INT(id)));
    while (db_next(&q)) {
        struct correction c;
        if (!correction_from_row(j, &q, &c) || !is_of(&c, of) ||
            guard_set_hides(&hidden, c.person))
            continue;
        if (*n == room) {
            size_t more = room ? 2 * room : 16;
            *out = job_grow(j, *out, room * sizeof **out, more * sizeof **out);
            room = more;
        }
        (*out)[(*n)++] = c;
    }
    return db_done(&q);
}

enum err
correct_list(struct job *j, const struct fact_key *of, struct correction **out, size_t *n)
{
    return read_list(j, 0, of, out, n);
}

enum err
correct_get(struct job *j, int64_t id, struct correction *out)
{
    struct correction *v;
    size_t n;
    enum err e = read_list(j, id > 0 ? id : -1, NULL, &v, &n);

    if (e)
        return e;
    if (!n)
        return err_set(j, ERR_NOT_FOUND, "there is no such correction");
    *out = v[0];
    return OK;
}
