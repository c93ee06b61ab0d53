#include "intake/school_form.h"
#include "access/permit.h"
#include "base/text.h"
#include "people/child.h"
#include "people/school.h"
#include <jansson.h>

/* ---- the forms ------------------------------------------------------------------- */

#define NEEDED ASK_NEEDED
#define FIXED ASK_FIXED
#define PUPIL ASK_PUPIL
#define AFTER ASK_AFTER
#define FROM ASK_FROM
static const struct question questions[] = {
#define SCHOOL_FORM(id, name, layout, reg, title, thing, lede, next)
#define ASK(form, column, kind, codes, rules, label, hint) \
    {SCHOOL_FORM_##form, column, ASK_##kind, codes, rules, label, hint},
#include "intake/forms.def"
#undef SCHOOL_FORM
#undef ASK
};
#undef NEEDED
#undef FIXED
#undef PUPIL
#undef AFTER
#undef FROM
enum { QUESTIONS = sizeof questions / sizeof *questions };

static const struct school_form_about abouts[SCHOOL_FORM_KINDS] = {
#define SCHOOL_FORM(id, name, layout, reg, title, thing, lede, next) \
    {name, layout, reg, title, thing, lede, next, NULL, 0},
#define ASK(form, column, kind, codes, rules, label, hint)
#include "intake/forms.def"
#undef SCHOOL_FORM
#undef ASK
};

struct school_form_about
school_form_about(enum school_form_kind kind)
{
    struct school_form_about a = abouts[kind];

    for (size_t i = 0; i < QUESTIONS; i++)
        if (questions[i].form == kind && !a.n++)
            a.ask = &questions[i];
    return a;
}

bool
school_form_kind_find(const char *name, enum school_form_kind *out)
{
    for (int i = 0; name && i < SCHOOL_FORM_KINDS; i++)
        if (!strcmp(abouts[i].name, name)) {
            *out = (enum school_form_kind)i;
            return true;
        }
    return false;
}

size_t
school_form_ask(enum school_form_kind kind, const char *column)
{
    struct school_form_about a = school_form_about(kind);

    for (size_t i = 0; i < a.n; i++)
        if (!strcmp(a.ask[i].column, column))
            return i;
    return QUESTIONS_MOST;
}

const char *
school_form_answer(const struct school_form *f, const char *column)
{
    size_t i = school_form_ask(f->kind, column);

    return i < QUESTIONS_MOST ? f->answer[i] : "";
}

const char *
school_form_pupil(struct job *j, const struct school_form *f)
{
    const char *first = school_form_answer(f, "Forename"), *last = school_form_answer(f, "Surname");

    if (!*first && !*last)
        return "a pupil without a name yet";
    return job_format(j, "%s%s%s", first, *first && *last ? " " : "", last);
}

/* ---- answers, as JSON ------------------------------------------------------------ */

/* What is of malloc() is made ours before anything can jump. */
static const char *
answers_json(struct job *j, const struct school_form *f)
{
    struct school_form_about a = school_form_about(f->kind);
    json_t *o = json_object();
    char *text, *copy = NULL;

    for (size_t i = 0; i < a.n; i++)
        json_object_set_new(o, a.ask[i].column, json_string(f->answer[i]));
    text = json_dumps(o, JSON_COMPACT);
    if (text && (copy = job_try_alloc(j, strlen(text) + 1)))
        memcpy(copy, text, strlen(text) + 1);
    free(text);
    json_decref(o);
    return copy;
}

static const char *
try_copy(struct job *j, const char *s)
{
    char *copy = s ? job_try_alloc(j, strlen(s) + 1) : NULL;

    return copy ? memcpy(copy, s, strlen(s) + 1) : "";
}

static void
read_answers(struct job *j, const char *text, struct school_form *f)
{
    struct school_form_about a = school_form_about(f->kind);
    json_t *o = json_loads(text, 0, NULL);

    for (size_t i = 0; i < QUESTIONS_MOST; i++)
        f->answer[i] = "";
    for (size_t i = 0; i < a.n; i++)
        f->answer[i] = try_copy(j, json_string_value(json_object_get(o, a.ask[i].column)));
    json_decref(o);
}

/* ---- reading --------------------------------------------------------------------- */

#define FORM_COLUMNS                                                                          \
    "SELECT f.form_id, f.kind, f.account_id, f.author, f.urn, f.person_id, f.status, f.changes, " \
    "f.answers, f.state, f.version, f.saved, f.sent, f.told, f.batch_id, f.message, e.name, "    \
    "b.withdrawn, (SELECT MAX(c.form_id) FROM school_form c WHERE c.area_id = f.area_id "        \
    "AND c.changes = f.form_id AND c.state IN ('sent', 'taken')), f.of_batch, f.of_file, "       \
    "f.of_line, o.title, o.withdrawn "                                                           \
    "FROM school_form f LEFT JOIN establishment e ON e.urn = f.urn "                             \
    "LEFT JOIN batch b ON b.area_id = f.area_id AND b.batch_id = f.batch_id "                    \
    "LEFT JOIN batch o ON o.area_id = f.area_id AND o.batch_id = f.of_batch "                    \
    "WHERE f.area_id = $1 "

/* False: a form of a kind that this program does not know. */
static bool
form_from_row(struct job *j, struct rows *q, struct school_form *f)
{
    *f = (struct school_form){.id = row_int(q, 0), .account = row_int(q, 2),
        .author = row_text(q, 3), .urn = row_int(q, 4), .person = row_int(q, 5),
        .status = row_text(q, 6), .changes = row_int(q, 7), .state = row_text(q, 9),
        .version = row_int(q, 10), .saved = row_int(q, 11), .sent = row_int(q, 12),
        .told = (int32_t)row_int_or(q, 13, DATE_NONE), .batch = row_int(q, 14),
        .message = row_text(q, 15), .school = row_text(q, 16), .withdrawn = !row_is_null(q, 17),
        .changed_by = row_int(q, 18),
        .of = {FACT_SUSPENSION, row_int(q, 19), row_int(q, 20), row_int(q, 21)},
        .of_title = row_text(q, 22),
        .of_withdrawn = !row_is_null(q, 23)};
    if (!school_form_kind_find(row_text(q, 1), &f->kind))
        return false;
    if (!f->school)
        f->school = job_format(j, "School %lld", (long long)f->urn);
    read_answers(j, row_text(q, 8), f);
    return true;
}

static enum err
not_there(struct job *j)
{
    return err_set(j, ERR_NOT_FOUND, "there is no such form");
}

/* A form typed by hand that turned out to be about a sealed child (its batch brought something for
 * one) stays with who sent it. */
#define NOBODYS_BUT                                                                               \
    "AND (f.account_id = $2 OR NOT EXISTS (SELECT 1 FROM sealed_news w "                          \
    "WHERE w.area_id = -f.area_id AND w.kind <> 'search' AND w.source = f.batch_id)) "
static const char sql_hidden[] =
    "SELECT COUNT(*) FROM sealed_news WHERE area_id = $1 AND kind <> 'search' AND source = $2";

static enum err
is_own_alone(struct job *j, const struct school_form *f, bool *yes)
{
    int64_t n = 0;
    enum err e = OK;

    if (f->batch && j->who && j->who->account != f->account)
        e = db_int(j, sql_hidden, ARGS(INT(-j->area), INT(f->batch)), 0, &n);
    *yes = n > 0;
    return e;
}

/* A draft is for who writes it; what was sent for the school and the authority. */
static enum err
may_see(struct job *j, const struct school_form *f)
{
    bool sent = f->sent != 0, own;
    enum err e = is_own_alone(j, f, &own);

    if (e)
        return e;
    if (own)
        return not_there(j);
    if (!sent && (!j->who || j->who->account != f->account || !strcmp(f->state, "dropped")))
        return not_there(j);
    return permit(j, ACT_TELL, (struct subject){.urn = f->urn, .person = f->person});
}

static const char sql_get[] = FORM_COLUMNS "AND f.form_id = $2";

static enum err
read_form(struct job *j, int64_t id, struct school_form *out)
{
    struct rows q;
    bool found = false;
    enum err e;

    db_ask(j, &q, sql_get, ARGS(INT(j->area), INT(id)));
    while (db_next(&q))
        found = form_from_row(j, &q, out);
    e = db_done(&q);
    return e || found ? e : not_there(j);
}

static const char sql_login[] =
    "SELECT login FROM school_form WHERE area_id = $1 AND form_id = $2";

enum err
school_form_get_any(struct job *j, int64_t id, struct school_form *out, const char **login)
{
    enum err e = read_form(j, id, out);
    struct rows q;

    if (e)
        return e;
    db_ask(j, &q, sql_login, ARGS(INT(j->area), INT(id)));
    while (db_next(&q))
        *login = row_text(&q, 0);
    return db_done(&q);
}

enum err
school_form_get(struct job *j, int64_t id, struct school_form *out)
{
    enum err e = read_form(j, id, out);

    return e ? e : may_see(j, out);
}

static const char sql_drafts[] = FORM_COLUMNS
    "AND f.account_id = $2 AND f.state = 'draft' AND ($3 = 0 OR f.urn = $3) "
    "ORDER BY f.saved DESC, f.form_id DESC LIMIT $4 OFFSET $5";
static const char sql_sent[] = FORM_COLUMNS
    "AND f.sent > 0 " NOBODYS_BUT "AND ($3 = 0 OR f.urn = $3) "
    "ORDER BY f.sent DESC, f.form_id DESC LIMIT $4 OFFSET $5";

enum err
school_form_list(struct job *j, struct school_form_filter f, struct school_form **out, size_t *n)
{
    int64_t school = permit_school(j->who), urn = school ? school : f.urn;
    enum err e = permit(j, ACT_TELL, (struct subject){.urn = urn});
    struct rows q;

    *n = 0;
    *out = job_array(j, f.most + 1, sizeof **out);
    if (e)
        return e;
    if (f.drafts)
        db_ask(j, &q, sql_drafts, ARGS(INT(j->area), INT(j->who ? j->who->account : 0), INT(urn),
                                       INT(f.most), INT(f.skip)));
    else
        db_ask(j, &q, sql_sent, ARGS(INT(j->area), INT(j->who ? j->who->account : 0), INT(urn),
                                     INT(f.most), INT(f.skip)));
    while (db_next(&q) && *n < f.most)
        *n += form_from_row(j, &q, &(*out)[*n]);
    return db_done(&q);
}

static const char sql_standing[] = FORM_COLUMNS
    "AND f.urn = $2 AND f.kind = $3 AND f.form_id <> $4 AND f.state IN ('sent', 'taken') "
    "AND f.status <> 'cancelled' AND b.withdrawn IS NULL ORDER BY f.form_id DESC LIMIT 1000";

static bool
tells_the_same(const struct school_form *f, const struct school_form *other)
{
    struct school_form_about a = school_form_about(f->kind);
    bool same = !other->changed_by;

    for (size_t i = 0; same && i < a.n; i++) {
        if (a.ask[i].rules & ASK_FROM || !strcmp(a.ask[i].column, "DOB"))
            same = school_form_day(f->answer[i]) == school_form_day(other->answer[i]);
        else if (!strcmp(a.ask[i].column, "Surname") || !strcmp(a.ask[i].column, "Category"))
            same = span_is_nocase(span_trim(span_of(f->answer[i])), other->answer[i]);
    }
    return same;
}

enum err
school_form_same(struct job *j, const struct school_form *f, int64_t *out)
{
    struct school_form other;
    struct rows q;

    *out = 0;
    db_ask(j, &q, sql_standing,
           ARGS(INT(j->area), INT(f->urn), TEXT(abouts[f->kind].name), INT(f->id)));
    while (db_next(&q))
        if (!*out && form_from_row(j, &q, &other) && tells_the_same(f, &other))
            *out = other.id;
    return db_done(&q);
}

enum { REMARKS_MOST = 20 };
static const char sql_remarks[] =
    "SELECT message FROM finding WHERE area_id = $1 AND batch_id = $2 ORDER BY finding_id LIMIT $3";

enum err
school_form_remarks(struct job *j, const struct school_form *f, const char ***out, size_t *n)
{
    struct rows q;

    *out = job_array(j, REMARKS_MOST, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_remarks, ARGS(INT(j->area), INT(f->batch), INT(REMARKS_MOST)));
    while (db_next(&q) && *n < REMARKS_MOST)
        (*out)[(*n)++] = row_text(&q, 0);
    return db_done(&q);
}

static const char sql_places[] =
    "SELECT urn, name FROM establishment WHERE la = $1 AND status = 1 ORDER BY name, urn";

enum err
school_form_places(struct job *j, struct school_form_place **out, size_t *n)
{
    size_t room = 64;
    struct rows q;

    *out = job_array(j, room, sizeof **out);
    *n = 0;
    db_ask(j, &q, sql_places, ARGS(INT(j->area)));
    while (db_next(&q)) {
        if (*n == room) {
            *out = job_grow(j, *out, room * sizeof **out, 2 * room * sizeof **out);
            room *= 2;
        }
        (*out)[(*n)++] = (struct school_form_place){row_int(&q, 0), row_text(&q, 1)};
    }
    return db_done(&q);
}

/* ---- writing a draft ------------------------------------------------------------- */

void
school_form_set(struct school_form *f, const char *column, const char *text)
{
    size_t i = school_form_ask(f->kind, column);

    if (i < QUESTIONS_MOST && text)
        f->answer[i] = text;
}

void
school_form_set_day(struct job *j, struct school_form *f, const char *column, int32_t day)
{
    struct ymd d = date_to_ymd(day == DATE_NONE ? 0 : day);

    school_form_set(f, column, day == DATE_NONE
                                   ? "" : job_format(j, "%d/%d/%d", d.day, d.month, d.year));
}

static enum err
fill_from_roll(struct job *j, struct school_form *f)
{
    struct child c;
    enum err e = child_get(j, f->person, &c);

    if (e)
        return e;
    school_form_set(f, "Surname", c.surname);
    school_form_set(f, "Forename", c.forename);
    school_form_set_day(j, f, "DOB", c.born);
    school_form_set(f, "UPN", c.upn);
    if (!school_form_changes(f)) /* as it was then, else */
        school_form_set(f, "SENprovision", c.sen);
    return OK;
}

static const char sql_next[] =
    "SELECT COALESCE(MAX(form_id), 0) + 1 FROM school_form WHERE area_id = $1";
static const char sql_add[] =
    "INSERT INTO school_form (area_id, form_id, kind, account_id, author, login, urn, person_id, "
    "status, changes, answers, state, version, made, saved, of_batch, of_file, of_line) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', 1, $12, $12, $13, $14, $15)";

static enum err
add_draft(struct job *j, const struct school_form *f, int64_t *id)
{
    enum err e = db_int(j, sql_next, ARGS(INT(j->area)), 1, id);

    if (e)
        return e;
    return db_run(j, sql_add,
                  ARGS(INT(j->area), INT(*id), TEXT(abouts[f->kind].name),
                       INT(j->who ? j->who->account : 0), TEXT(j->who ? j->who->name : "nobody"),
                       TEXT(j->who ? j->who->login : "nobody"), INT(f->urn),
                       f->person ? INT(f->person) : NUL, TEXT(f->status),
                       f->changes ? INT(f->changes) : NUL, TEXT(answers_json(j, f)), INT(j->now),
                       f->of.batch ? INT(f->of.batch) : NUL, f->of.batch ? INT(f->of.file) : NUL,
                       f->of.batch ? INT(f->of.line) : NUL),
                  NULL);
}

enum err
school_form_add(struct job *j, struct school_form *f, int64_t *id)
{
    enum err e = f->person ? fill_from_roll(j, f) : OK;

    return e ? e : add_draft(j, f, id);
}

static const char sql_is_school[] = "SELECT COUNT(*) FROM establishment WHERE urn = $1";

enum err
school_form_start(struct job *j, struct school_form_start s, int64_t *id)
{
    int64_t school = permit_school(j->who), known = 0;
    struct school_form f = {.kind = s.kind, .urn = school ? school : s.urn, .person = s.person,
                            .status = "new"};
    enum err e = permit(j, ACT_TELL, (struct subject){.urn = f.urn, .person = f.person});

    for (size_t i = 0; i < QUESTIONS_MOST; i++)
        f.answer[i] = "";
    if (!e && !school)
        e = db_int(j, sql_is_school, ARGS(INT(f.urn)), 0, &known);
    if (!e && !school && !known)
        return err_set(j, ERR_NOT_FOUND, "there is no such school");
    return e ? e : school_form_add(j, &f, id);
}

static enum err
changed_elsewhere(struct job *j)
{
    err_set(j, ERR_CONFLICT, "This form was saved or sent from another page meanwhile");
    return err_hint(j, "Open it again from your list of forms; nothing of it was lost.");
}

static const char sql_save[] =
    "UPDATE school_form SET answers = $4, version = version + 1, saved = $5 "
    "WHERE area_id = $1 AND form_id = $2 AND version = $3 AND state = 'draft' AND account_id = $6";

enum err
school_form_save(struct job *j, const struct school_form *f)
{
    int64_t changed = 0;
    enum err e = permit(j, ACT_TELL, (struct subject){.urn = f->urn, .person = f->person});

    if (!e)
        e = db_run(j, sql_save,
                   ARGS(INT(j->area), INT(f->id), INT(f->version), TEXT(answers_json(j, f)),
                        INT(j->now), INT(j->who ? j->who->account : 0)),
                   &changed);
    return e || changed ? e : changed_elsewhere(j);
}

static const char sql_drop[] =
    "UPDATE school_form SET state = 'dropped', answers = '{}' "
    "WHERE area_id = $1 AND form_id = $2 AND state = 'draft' AND account_id = $3";

/* What was typed goes with it. */
enum err
school_form_drop(struct job *j, int64_t id)
{
    int64_t changed = 0;
    enum err e = permit(j, ACT_TELL, (struct subject){0});

    if (!e)
        e = db_run(j, sql_drop, ARGS(INT(j->area), INT(id), INT(j->who ? j->who->account : 0)),
                   &changed);
    return e || changed ? e : not_there(j);
}

/* ---- amending and cancelling ----------------------------------------------------- */

bool
school_form_changes(const struct school_form *f)
{
    return f->changes || f->of.batch;
}

bool
school_form_cancels(const struct school_form *f)
{
    return !strcmp(f->status, "cancelled");
}

bool
school_form_may_change(const struct school_form *f)
{
    bool stands = !strcmp(f->state, "taken") || !strcmp(f->state, "sent");

    return f->kind == SCHOOL_FORM_SUSPENSION && stands && !f->withdrawn && !f->changed_by &&
           !school_form_cancels(f);
}

enum err
school_form_change(struct job *j, const struct school_form *f, bool cancel, int64_t *id)
{
    struct school_form copy = *f;
    enum err e = permit(j, ACT_TELL, (struct subject){.urn = f->urn, .person = f->person});

    if (e)
        return e;
    if (!school_form_may_change(f)) {
        err_set(j, ERR_CONFLICT, "This was amended, cancelled or taken back already");
        return err_hint(j, "Open the newest form about it in the list of what was sent.");
    }
    copy.status = cancel ? "cancelled" : "amended";
    copy.changes = f->id;
    return add_draft(j, &copy, id);
}
