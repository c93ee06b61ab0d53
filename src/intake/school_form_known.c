#include "intake/school_form_known.h"
#include "access/permit.h"
#include "base/text.h"
#include "timeline/timeline.h"

/* ---- rows ------------------------------------------------------------------------- */

struct row {
    struct school_form_known k;
    int32_t census_day;        /* DATE_NONE: a notification */
    int64_t notified, published;
    bool changed, cancelled, names;
};

#define KNOWN_COLUMNS                                                                           \
    "SELECT s.batch_id, s.file_id, s.line, i.person_id, i.forename, i.surname, s.category, "    \
    "s.started, s.ended, s.sessions, s.reason1, s.reason2, s.reason3, s.sen, s.source, "        \
    "s.school_year, s.term, s.notified, s.status, s.amends_batch, b.title, b.published, "       \
    "f.form_id, s.urn, e.name FROM suspension s JOIN batch b ON b.area_id = s.area_id "         \
    "AND b.batch_id = s.batch_id JOIN identity i ON i.area_id = s.area_id "                     \
    "AND i.identity_id = s.identity_id LEFT JOIN school_form f ON f.area_id = s.area_id "       \
    "AND f.batch_id = s.batch_id LEFT JOIN establishment e ON e.urn = s.urn "                   \
    "WHERE s.area_id = $1 AND b.state = 'published' AND i.person_id IS NOT NULL "

static const char sql_list[] = KNOWN_COLUMNS
    "AND s.urn = $2 AND s.started BETWEEN $3 AND $4 "
    "ORDER BY s.started DESC, i.person_id, s.category, s.batch_id, s.file_id, s.line";
static const char sql_one[] = KNOWN_COLUMNS
    "AND s.batch_id = $2 AND s.file_id = $3 AND s.line = $4";

static const char *
pupil_of(struct job *j, const char *forename, const char *surname)
{
    if (!forename && !surname)
        return "a pupil without a name";
    return forename && surname ? job_format(j, "%s %s", forename, surname)
                               : forename ? forename : surname;
}

static struct row
row_from(struct job *j, struct rows *q)
{
    const char *status = row_text(q, 18), *school = row_text(q, 24);
    struct row r = {.notified = row_int_or(q, 17, DATE_NONE), .published = row_int(q, 21),
        .changed = strcmp(status, "new") != 0, .cancelled = !strcmp(status, "cancelled"),
        .names = !row_is_null(q, 19), .census_day = DATE_NONE};

    r.k = (struct school_form_known){
        .at = {FACT_SUSPENSION, row_int(q, 0), row_int(q, 1), row_int(q, 2)},
        .person = row_int(q, 3), .urn = row_int(q, 23),
        .pupil = pupil_of(j, row_text(q, 4), row_text(q, 5)), .category = row_text(q, 6),
        .started = (int32_t)row_int(q, 7), .ended = (int32_t)row_int_or(q, 8, DATE_NONE),
        .sessions = row_int_or(q, 9, -1), .sen = row_text(q, 13), .source = row_text(q, 20),
        .form = row_int(q, 22),
        .school = school ? school : job_format(j, "School %lld", (long long)row_int(q, 23))};
    for (int i = 0; i < 3; i++)
        r.k.reason[i] = row_text(q, 10 + i);
    if (!strcmp(row_text(q, 14), "census") && !row_is_null(q, 15))
        r.census_day = timeline_census_day((int32_t)row_int(q, 15), (enum term)row_int(q, 16));
    return r;
}

/* ---- what stands, as timeline/suspension.c has it ----------------------------------- */

/* A child's suspension while its rows come in; the first in each of two orders. */
struct fold {
    struct row plain, word, notice; /* notice: of notifications alone, by word */
    int64_t form;
    bool any, notified, names;
};

static bool
goes_before(const struct row *x, const struct row *y, bool by_word)
{
    if (x->census_day != y->census_day)
        return x->census_day > y->census_day;
    if (by_word && x->changed != y->changed)
        return x->changed;
    if (x->notified != y->notified)
        return x->notified > y->notified;
    return x->published > y->published;
}

static bool
is_same(const struct fold *f, const struct row *r)
{
    return f->any && f->plain.k.started == r->k.started && f->plain.k.person == r->k.person &&
           !strcmp(f->plain.k.category, r->k.category);
}

static void
fold_row(struct fold *f, const struct row *r)
{
    if (!f->any || goes_before(r, &f->plain, false))
        f->plain = *r;
    if (!f->any || goes_before(r, &f->word, true))
        f->word = *r;
    if (r->census_day == DATE_NONE && (!f->notified || goes_before(r, &f->notice, true))) {
        f->notice = *r;
        f->notified = true;
    }
    f->any = true;
    f->names |= r->names;
    f->form = r->k.form > f->form ? r->k.form : f->form;
}

static struct school_form_known
known_of(const struct fold *f)
{
    const struct row *first = f->names ? &f->word : &f->plain;
    const struct row *notice = first->census_day == DATE_NONE ? first : &f->notice;
    struct school_form_known k = first->k;

    k.census = first->census_day != DATE_NONE;
    k.form = f->form;
    if (k.ended == DATE_NONE && f->notified) /* which a census never tells */
        k.ended = f->notice.k.ended;
    k.cancelled = (f->notified || !k.census) && notice->cancelled &&
                  (!k.census || notice->notified > first->census_day);
    return k;
}

/* ---- the list --------------------------------------------------------------------- */

struct listing {
    struct job *j;
    const struct school_form_search *s;
    struct school_form_known *v;
    size_t n, met;
};

static bool
has_words(struct job *j, const char *name, const char *words)
{
    const char *at = words;

    for (size_t n; *at; at += n) {
        at += strspn(at, " ");
        n = strcspn(at, " ");
        if (n && !strcasestr(name, job_copy_n(j, at, n)))
            return false;
    }
    return true;
}

static enum err
list_fold(struct listing *l, const struct fold *f)
{
    struct school_form_known k = known_of(f);
    enum permit_reason why = PERMIT_YES;
    enum err e = OK;

    if (!f->any || !has_words(l->j, k.pupil, l->s->words))
        return OK;
    e = permit_ask(l->j, ACT_TELL, (struct subject){.urn = k.urn, .person = k.person}, &why);
    if (!e && why == PERMIT_YES && l->met++ >= l->s->skip)
        l->v[l->n++] = k;
    return e;
}

static enum err
read_folds(struct listing *l, int64_t urn, int32_t from, int32_t to)
{
    struct fold f = {.any = false};
    struct rows q;
    enum err e = OK, ended;

    db_ask(l->j, &q, sql_list, ARGS(INT(l->j->area), INT(urn), INT(from), INT(to)));
    while (!e && l->n < l->s->most && db_next(&q)) {
        struct row r = row_from(l->j, &q);
        if (!is_same(&f, &r)) {
            e = list_fold(l, &f);
            f = (struct fold){.any = false};
        }
        fold_row(&f, &r);
    }
    ended = db_done(&q);
    e = e ? e : ended;
    return e || l->n >= l->s->most ? e : list_fold(l, &f);
}

enum err
school_form_known_list(struct job *j, const struct school_form_search *s,
                       struct school_form_known **out, size_t *n)
{
    int64_t own = permit_school(j->who), urn = own ? own : s->urn;
    struct listing l = {.j = j, .s = s, .v = job_array(j, s->most + 1, sizeof *l.v)};
    enum err e = permit(j, ACT_TELL, (struct subject){.urn = urn});

    if (!e)
        e = read_folds(&l, urn, DATE_NONE + 1, j->today);
    *out = l.v;
    *n = e ? 0 : l.n;
    return e;
}

/* ---- one of them ------------------------------------------------------------------- */

static enum err
not_there(struct job *j)
{
    return err_set(j, ERR_NOT_FOUND, "there is no such suspension");
}

enum err
school_form_known_get(struct job *j, struct fact_key at, struct school_form_known *out)
{
    struct fold f = {.any = false};
    struct row asked, r;
    struct rows q;
    bool found;
    enum err e;

    db_ask(j, &q, sql_one, ARGS(INT(j->area), INT(at.batch), INT(at.file), INT(at.line)));
    if ((found = db_next(&q)))
        asked = row_from(j, &q);
    if ((e = db_done(&q)) || !found)
        return e ? e : not_there(j);
    e = permit(j, ACT_TELL, (struct subject){.urn = asked.k.urn, .person = asked.k.person});
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), INT(asked.k.urn), INT(asked.k.started),
                                 INT(asked.k.started)));
    while (db_next(&q)) {
        r = row_from(j, &q);
        if (r.k.person == asked.k.person && !strcmp(r.k.category, asked.k.category))
            fold_row(&f, &r);
    }
    e = db_done(&q);
    *out = known_of(&f);
    return e;
}

static struct school_form
form_of(struct job *j, const struct school_form_known *k, bool cancel)
{
    struct school_form f = {.kind = SCHOOL_FORM_SUSPENSION, .urn = k->urn, .person = k->person,
                            .status = cancel ? "cancelled" : "amended", .of = k->at};

    for (size_t i = 0; i < QUESTIONS_MOST; i++)
        f.answer[i] = "";
    school_form_set(&f, "Category", k->category);
    school_form_set_day(j, &f, "StartDate", k->started);
    school_form_set_day(j, &f, "EndDate", k->ended);
    if (k->sessions > 0)
        school_form_set(&f, "Sessions", job_format(j, "%lld", (long long)k->sessions));
    school_form_set(&f, "Reason1", k->reason[0]);
    school_form_set(&f, "Reason2", k->reason[1]);
    school_form_set(&f, "Reason3", k->reason[2]);
    school_form_set(&f, "SENprovision", k->sen);
    return f;
}

enum err
school_form_known_change(struct job *j, struct fact_key at, bool cancel, int64_t *id)
{
    struct school_form_known k;
    struct school_form f;
    enum err e = school_form_known_get(j, at, &k);

    if (e)
        return e;
    if (k.form || k.cancelled) {
        err_set(j, ERR_CONFLICT, k.form ? "A form about this suspension was sent already"
                                        : "This suspension was cancelled already");
        return err_hint(j, "Open the newest form about it in the list of what was sent.");
    }
    f = form_of(j, &k, cancel);
    return school_form_add(j, &f, id);
}

/* ---- forms that name a fact ---------------------------------------------------------- */

#define STANDING_FORMS                                                                        \
    "SELECT COUNT(*) FROM school_form f LEFT JOIN batch b ON b.area_id = f.area_id "          \
    "AND b.batch_id = f.batch_id WHERE f.area_id = $1 AND f.of_batch = $2 "                   \
    "AND f.state IN ('sent', 'taken') AND b.withdrawn IS NULL"
static const char sql_of[] = STANDING_FORMS " AND f.of_file = $3 AND f.of_line = $4";
static const char sql_of_batch[] = STANDING_FORMS;

enum err
school_form_of(struct job *j, struct fact_key at, int64_t *n)
{
    return db_int(j, sql_of, ARGS(INT(j->area), INT(at.batch), INT(at.file), INT(at.line)), 0, n);
}

enum err
school_form_of_batch(struct job *j, int64_t batch, int64_t *n)
{
    return db_int(j, sql_of_batch, ARGS(INT(j->area), INT(batch)), 0, n);
}
