#include "intake/marks.h"
#include "intake/notice.h"
#include "people/attendance.h"
#include "people/establishment.h"
#include "returns/fields.h"

/* What a school's own system exports: Wonde, Bromcom, Arbor, SIMS.  A folder is one export of
 * one school.  Pupils are told by ids of the system, codes of Wonde by ids of the school: both
 * are joined to their tables in the same folder before use. */

struct system {
    struct loading *l;
    struct marks_in *m;
    struct map_salt salt;
    struct map *pupil;  /* id -> identity_id */
    struct map *code;   /* id of an attendance code -> its index */
    int64_t urn;        /* of the school; 0 not known yet */
    bool sought, told, named; /* looked for in the name; told by a table; in the title */
    bool exclusions;
};

enum err
systems_begin(struct job *j, struct loading *l, void **state)
{
    struct system *x = job_alloc(j, sizeof *x);
    enum err e;

    *state = x;
    x->l = l;
    x->salt = map_salt_new();
    if ((e = map_open(j, 0, &x->pupil)) || (e = map_open(j, 0, &x->code)))
        return e;
    return marks_begin(j, l, &x->m);
}

static uint64_t
key_of(const struct system *x, const struct value *id)
{
    return map_key(&x->salt, id->s, id->n);
}

/* ---- whose and which ------------------------------------------------------------- */

static enum err
take_school(struct job *j, struct system *x, const struct record *r)
{
    int64_t urn = r->v[SYSTEM_SCHOOL_URN].i;

    (void)j;
    if (x->told && x->urn != urn)
        x->l->refusal = "the folder holds the export of more than one school, whose ids cannot be "
                        "told apart. Put each school's files in a folder of its own.";
    x->told = true;
    x->urn = urn;
    return OK;
}

static enum err
take_pupil(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v;
    struct place at = loading_place(x->l, r, x->urn);
    struct description d = {
        .source = IDENTITY_NOTIFICATION,
        .upn = value_span(&v[SYSTEM_PUPIL_UPN]),
        .surname = value_span(&v[SYSTEM_PUPIL_SURNAME]),
        .forename = value_span(&v[SYSTEM_PUPIL_FORENAME]),
        .born = value_date(&v[SYSTEM_PUPIL_BORN]),
    };
    const int64_t *known = map_find(x->pupil, key_of(x, &v[SYSTEM_PUPIL_ID]));
    struct identity who;
    enum err e = loading_who(j, x->l, &at, &d, &who);

    if (e)
        return e;
    if (known && *known != who.identity_id)
        return loading_find(j, x->l, &at, FOUND_KEY_TWICE, NULL);
    return map_put(j, x->pupil, key_of(x, &v[SYSTEM_PUPIL_ID]), who.identity_id);
}

/* The school's own number of a code.  A code that is not national is told with its marks. */
static enum err
take_code(struct job *j, struct system *x, const struct record *r)
{
    const struct value *id = &r->v[WONDE_CODE_ID];
    int code = attendance_code(value_span(&r->v[WONDE_CODE_CODE]));
    const int64_t *known = map_find(x->code, key_of(x, id));

    if (known && *known != code)
        x->l->refusal = "its attendance codes are of more than one school: one id stands for two "
                        "codes. Put each school's files in a folder of its own.";
    return map_put(j, x->code, key_of(x, id), code);
}

/* Which school, from its table or else from the name of the file or folder. */
static enum err
need_school(struct job *j, struct system *x)
{
    enum err e = OK;

    if (!x->urn && !x->sought)
        e = notice_school_of(j, x->l->file[x->l->file_id - 1].file, &x->urn);
    if (!e && x->urn && !x->named)
        snprintf(x->l->title, sizeof x->l->title, "School system: attendance, school %lld",
                 (long long)x->urn);
    x->named = x->sought = true;
    if (e || x->urn)
        return e;
    err_set(j, ERR_INPUT, "it does not say which school's export this is");
    return err_hint(j, "Put the school's URN in the name of the folder or file, or add the "
                       "system's table of schools.");
}

/* Whose the id is; 0: the record is turned away. */
static enum err
need_pupil(struct job *j, struct system *x, const struct record *r, const struct value *id,
           int64_t *identity_id)
{
    const int64_t *known = map_find(x->pupil, key_of(x, id));
    struct place at;
    enum err e = need_school(j, x);

    *identity_id = known ? *known : 0;
    if (e || known)
        return e;
    at = loading_place(x->l, r, x->urn);
    return loading_find(j, x->l, &at, FOUND_PARENT_MISSING,
                        "the pupil, in the system's table of pupils");
}

/* ---- marks ----------------------------------------------------------------------- */

struct mark_at {
    const struct value *pupil, *date, *late, *extracted; /* the last two may be NULL */
    int session;
    struct span code;
};

static enum err
take_mark(struct job *j, struct system *x, const struct record *r, const struct mark_at *a)
{
    struct mark_given g = {.date = (int32_t)a->date->i, .session = a->session, .code = a->code,
                           .minutes_late = a->late && a->late->given ? (int)a->late->i : -1,
                           .extracted = a->extracted ? value_date(a->extracted) : DATE_NONE};
    enum err e = need_pupil(j, x, r, a->pupil, &g.identity_id);

    if (a->extracted)
        loading_made_on(j, x->l, a->extracted);
    loading_made_on(j, x->l, a->date);
    if (e || !g.identity_id)
        return e;
    g.at = loading_place(x->l, r, x->urn);
    return marks_take(j, x->m, &g);
}

static enum err
wonde_mark(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v, *id = &v[WONDE_MARK_CODE];
    const int64_t *code = map_find(x->code, key_of(x, id));
    struct mark_at a = {&v[WONDE_MARK_PUPIL], &v[WONDE_MARK_DATE], &v[WONDE_MARK_LATE], NULL,
                        (int)v[WONDE_MARK_SESSION].i, SPAN("-")};
    struct place at = loading_place(x->l, r, x->urn);

    if (id->given && !code)
        return loading_find(j, x->l, &at, FOUND_PARENT_MISSING,
                            "the code, in the school's table of attendance codes");
    if (id->given)
        a.code = *code < 0 ? SPAN("(local)") : span_of(attendance_name((int)*code));
    return take_mark(j, x, r, &a);
}

static enum err
bromcom_mark(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v, *session = &v[BROMCOM_MARK_SESSION];
    const struct value *code = v[BROMCOM_MARK_EXPORT].given ? &v[BROMCOM_MARK_EXPORT]
                                                            : &v[BROMCOM_MARK_MARK];
    struct mark_at a = {&v[BROMCOM_MARK_PUPIL], &v[BROMCOM_MARK_DATE], &v[BROMCOM_MARK_LATE],
                        &v[BROMCOM_MARK_RECORDED], session->n > 1 && (session->s[0] | 32) == 'p',
                        value_span(code)};
    struct place at = loading_place(x->l, r, x->urn);

    if (session->n < 2 || (session->s[1] | 32) != 'm' ||
        ((session->s[0] | 32) != 'p' && (session->s[0] | 32) != 'a'))
        return loading_find(j, x->l, &at, FOUND_MARK_SESSION, session->s);
    return take_mark(j, x, r, &a);
}

static enum err
bromcom_year(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v, *lea = &v[BROMCOM_YEAR_LEA], *estab = &v[BROMCOM_YEAR_ESTAB];
    struct marks_given g = {.start = (int32_t)v[BROMCOM_YEAR_STARTED].i,
                            .marks = value_span(&v[BROMCOM_YEAR_MARKS]), .extracted = DATE_NONE};
    enum err e = OK;

    if (!x->urn && lea->given && estab->given)
        e = establishment_by_number(j, lea->i, estab->i, g.start, &x->urn);
    if (e || (e = need_pupil(j, x, r, &v[BROMCOM_YEAR_PUPIL], &g.identity_id)) || !g.identity_id)
        return e;
    g.at = loading_place(x->l, r, x->urn);
    return marks_take_string(j, x->m, &g);
}

static enum err
arbor_mark(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v;
    struct mark_at a = {&v[ARBOR_MARK_PUPIL], &v[ARBOR_MARK_DATE], &v[ARBOR_MARK_LATE],
                        &v[ARBOR_MARK_EXTRACTED], (int)v[ARBOR_MARK_SESSION].i,
                        value_span(v[ARBOR_MARK_CODE].given ? &v[ARBOR_MARK_CODE]
                                                            : &v[ARBOR_MARK_RAW])};

    return take_mark(j, x, r, &a);
}

static enum err
sims_mark(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v;
    struct mark_at a = {&v[SIMS_MARK_PUPIL], &v[SIMS_MARK_DATE], &v[SIMS_MARK_LATE], NULL,
                        (int)v[SIMS_MARK_SESSION].i, value_span(&v[SIMS_MARK_MARK])};

    return take_mark(j, x, r, &a);
}

/* ---- exclusions ------------------------------------------------------------------ */

static enum err
take_notice(struct job *j, struct system *x, const struct record *r, const struct value *pupil,
            struct notice *n)
{
    enum err e = need_pupil(j, x, r, pupil, &n->identity_id);

    if (e || !n->identity_id)
        return e;
    x->exclusions = true;
    n->urn = x->urn;
    return notice_write(j, x->l, r, n);
}

static enum err
wonde_exclusion(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v, *type = &v[WONDE_EXCLUSION_TYPE];
    struct notice n = {
        .category = type->given ? value_text(type) : TEXT("SUSP"),
        .from = (int32_t)v[WONDE_EXCLUSION_FROM].i, .last = value_int(&v[WONDE_EXCLUSION_TO]),
        .sessions = v[WONDE_EXCLUSION_SESSIONS].given ? value_int(&v[WONDE_EXCLUSION_SESSIONS])
                                                      : notice_sessions(&v[WONDE_EXCLUSION_DAYS]),
        .reason = {value_text(&v[WONDE_EXCLUSION_REASON])}};

    return take_notice(j, x, r, &v[WONDE_EXCLUSION_PUPIL], &n);
}

static enum err
arbor_suspension(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v;
    struct notice n = {.category = TEXT("SUSP"), .from = (int32_t)v[ARBOR_SUSPENSION_FROM].i,
                       .last = value_int(&v[ARBOR_SUSPENSION_TO]),
                       .sessions = notice_sessions(&v[ARBOR_SUSPENSION_DAYS]),
                       .reason = {value_text(&v[ARBOR_SUSPENSION_REASON])}};

    return take_notice(j, x, r, &v[ARBOR_SUSPENSION_PUPIL], &n);
}

static enum err
arbor_permanent(struct job *j, struct system *x, const struct record *r)
{
    const struct value *v = r->v;
    struct notice n = {.category = TEXT("PERM"), .from = (int32_t)v[ARBOR_PERMANENT_FROM].i};

    if (v[ARBOR_PERMANENT_LEFT_OUT].given && v[ARBOR_PERMANENT_LEFT_OUT].i) {
        loading_aside(x->l, "permanent exclusions that the school leaves out of its census");
        return OK;
    }
    return take_notice(j, x, r, &v[ARBOR_PERMANENT_PUPIL], &n);
}

/* ---- all ------------------------------------------------------------------------- */

enum err
systems_record(struct job *j, void *arg, const struct record *r)
{
    static const struct {
        const char *layout;
        enum err (*fn)(struct job *j, struct system *x, const struct record *r);
    } handlers[] = {
        {"system-schools", take_school}, {"system-pupils", take_pupil},
        {"wonde-codes", take_code}, {"wonde-marks", wonde_mark},
        {"bromcom-marks", bromcom_mark}, {"bromcom-years", bromcom_year},
        {"arbor-marks", arbor_mark}, {"sims-marks", sims_mark},
        {"wonde-exclusions", wonde_exclusion}, {"arbor-suspensions", arbor_suspension},
        {"arbor-permanent", arbor_permanent},
    };

    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (!strcmp(handlers[i].layout, r->layout->name))
            return handlers[i].fn(j, arg, r);
    return err_set(j, ERR_FAULT, "nothing is known to do with %s", r->layout->name);
}

/* An export with exclusions is more than marks: a new column file follows it. */
enum err
systems_end(struct job *j, void *state)
{
    struct system *x = state;

    if (x->exclusions)
        x->l->kind = "school-system";
    return marks_end(j, x->m);
}
