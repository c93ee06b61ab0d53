#include "intake/marks.h"
#include "intake/notice.h"
#include "returns/fields.h"

/* B2B:Student, as a school's system sends it to the authority: exclusions and a string of marks
 * of each pupil.  The reasons of a pupil's exclusions come before the exclusions. */

enum { MOST_REASONS = 64, REASON = 8, KEY = 24 };

struct b2b {
    struct loading *l;
    struct marks_in *m;
    int64_t urn, file_urn; /* of the pupil; of the name of the file */
    bool sought;
    int64_t identity_id;   /* 0: no pupil yet */
    struct {
        char exclusion[KEY], code[REASON];
    } reason[MOST_REASONS]; /* of the pupil */
    size_t n_reasons;
};

enum err
b2b_begin(struct job *j, struct loading *l, void **state)
{
    struct b2b *x = job_alloc(j, sizeof *x);

    *state = x;
    x->l = l;
    return marks_begin(j, l, &x->m);
}

static enum err
find_school(struct job *j, struct b2b *x, const struct value *urn)
{
    enum err e = OK;

    if (!x->sought)
        e = notice_school_of(j, x->l->file[x->l->file_id - 1].file, &x->file_urn);
    x->sought = true;
    x->urn = urn->given ? urn->i : x->file_urn;
    if (e || x->urn)
        return e;
    err_set(j, ERR_INPUT, "it does not say which school's export this is");
    return err_hint(j, "Put the school's URN in the name of the file or folder.");
}

static enum err
take_pupil(struct job *j, struct b2b *x, const struct record *r)
{
    const struct value *v = r->v;
    struct place at;
    struct description d = {
        .source = IDENTITY_NOTIFICATION, .upn = value_span(&v[B2B_PUPIL_UPN]),
        .surname = value_span(&v[B2B_PUPIL_SURNAME]),
        .forename = value_span(&v[B2B_PUPIL_FORENAME]), .born = value_date(&v[B2B_PUPIL_BORN])};
    struct identity who;
    enum err e = find_school(j, x, &v[B2B_PUPIL_URN]);

    if (e)
        return e;
    at = loading_place(x->l, r, x->urn);
    x->n_reasons = 0;
    e = loading_who(j, x->l, &at, &d, &who);
    x->identity_id = who.identity_id;
    return e;
}

static enum err
take_reason(struct job *j, struct b2b *x, const struct record *r)
{
    (void)j;
    if (x->n_reasons == MOST_REASONS) {
        loading_aside(x->l, "reasons beyond the first of many exclusions of one pupil");
        return OK;
    }
    snprintf(x->reason[x->n_reasons].exclusion, KEY, "%.23s", r->v[B2B_REASON_EXCLUSION].s);
    snprintf(x->reason[x->n_reasons++].code, REASON, "%.7s", r->v[B2B_REASON_CODE].s);
    return OK;
}

static enum err
take_exclusion(struct job *j, struct b2b *x, const struct record *r)
{
    const struct value *v = r->v;
    struct notice n = {.identity_id = x->identity_id, .urn = x->urn,
                       .category = value_text(&v[B2B_EXCLUSION_CATEGORY]),
                       .from = (int32_t)v[B2B_EXCLUSION_FROM].i,
                       .last = value_int(&v[B2B_EXCLUSION_TO]),
                       .sessions = notice_sessions(&v[B2B_EXCLUSION_DAYS]), .notified = NUL};
    size_t given = 0;

    if (v[B2B_EXCLUSION_REASON].given)
        n.reason[given++] = value_text(&v[B2B_EXCLUSION_REASON]);
    for (size_t i = 0; i < x->n_reasons && given < NOTICE_REASONS; i++)
        if (!strcmp(x->reason[i].exclusion, v[B2B_EXCLUSION_KEY].s))
            n.reason[given++] = TEXT(x->reason[i].code);
    return notice_write(j, x->l, r, &n);
}

static enum err
take_marks(struct job *j, struct b2b *x, const struct record *r)
{
    const struct value *v = r->v;
    struct marks_given g = {.at = loading_place(x->l, r, x->urn), .identity_id = x->identity_id,
                            .start = (int32_t)v[B2B_MARKS_STARTED].i,
                            .marks = value_span(&v[B2B_MARKS_MARKS]), .extracted = DATE_NONE};

    return marks_take_string(j, x->m, &g);
}

enum err
b2b_record(struct job *j, void *arg, const struct record *r)
{
    struct b2b *x = arg;
    const char *name = r->layout->name;
    struct place at = loading_place(x->l, r, 0);

    if (!strcmp(name, "b2b-student"))
        return take_pupil(j, x, r);
    if (!x->identity_id)
        return loading_find(j, x->l, &at, FOUND_PARENT_MISSING, "the pupil");
    if (!strcmp(name, "b2b-reason"))
        return take_reason(j, x, r);
    return !strcmp(name, "b2b-exclusion") ? take_exclusion(j, x, r) : take_marks(j, x, r);
}

enum err
b2b_end(struct job *j, void *state)
{
    struct b2b *x = state;

    return marks_end(j, x->m);
}
