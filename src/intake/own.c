#include "intake/family.h"
#include "returns/fields.h"

/* Our own shapes: suspension notifications, the case-system person list, term dates. */

/* ---- suspension notifications ---------------------------------------------------- */

static enum err
write_notice(struct job *j, struct loading *l, const struct record *r, int64_t identity_id)
{
    const struct value *v = r->v;
    struct arg status = value_text(&v[OWN_SUSPENSION_STATUS]);

    return loading_row(
        j, l, &fact_suspension,
        ARGS(INT(j->area), INT(l->batch_id), INT(l->file_id), INT(r->line), INT(identity_id),
             INT(v[OWN_SUSPENSION_URN].i), TEXT("notification"), NUL, NUL, NUL,
             value_text(&v[OWN_SUSPENSION_CATEGORY]), INT(v[OWN_SUSPENSION_STARTED].i),
             value_int(&v[OWN_SUSPENSION_ENDED]), value_int(&v[OWN_SUSPENSION_SESSIONS]),
             value_text(&v[OWN_SUSPENSION_REASON1]), value_text(&v[OWN_SUSPENSION_REASON2]),
             value_text(&v[OWN_SUSPENSION_REASON3]), value_text(&v[OWN_SUSPENSION_SEN]), NUL, NUL,
             NUL, value_int(&v[OWN_SUSPENSION_NOTIFIED]), status.n ? status : TEXT("new")));
}

enum err
notice_record(struct job *j, void *arg, const struct record *r)
{
    struct loading *l = arg;
    const struct value *v = r->v;
    struct place at = loading_place(l, r, v[OWN_SUSPENSION_URN].i);
    struct description d = {
        .source = IDENTITY_NOTIFICATION,
        .upn = value_span(&v[OWN_SUSPENSION_UPN]),
        .surname = value_span(&v[OWN_SUSPENSION_SURNAME]),
        .forename = value_span(&v[OWN_SUSPENSION_FORENAME]),
        .born = value_date(&v[OWN_SUSPENSION_BORN]),
    };
    struct identity who;
    enum err e;

    loading_made_on(j, l, &v[OWN_SUSPENSION_NOTIFIED]);
    if (v[OWN_SUSPENSION_ENDED].given &&
        v[OWN_SUSPENSION_ENDED].i < v[OWN_SUSPENSION_STARTED].i)
        return loading_find(j, l, &at, FOUND_END_BEFORE_START, NULL);
    e = loading_who(j, l, &at, &d, &who);
    return e ? e : write_notice(j, l, r, who.identity_id);
}

/* ---- case-system person list ----------------------------------------------------- */

/* It brings no facts, only who is who: a description is kept with its postcode where it has
 * no UPN, and an address that changed is another row of the list. */
enum err
people_record(struct job *j, void *arg, const struct record *r)
{
    struct loading *l = arg;
    const struct value *v = r->v;
    struct place at = loading_place(l, r, 0);
    struct description d = {
        .source = IDENTITY_LIST,
        .local_id = value_span(&v[OWN_PERSON_LOCAL_ID]),
        .upn = value_span(&v[OWN_PERSON_UPN]),
        .former_upn = value_span(&v[OWN_PERSON_FORMER_UPN]),
        .surname = value_span(&v[OWN_PERSON_SURNAME]),
        .forename = value_span(&v[OWN_PERSON_FORENAME]),
        .born = value_date(&v[OWN_PERSON_BORN]),
        .sex = value_span(&v[OWN_PERSON_SEX]),
        .postcode = value_span(&v[OWN_PERSON_POSTCODE]),
    };
    struct identity who;

    return loading_who(j, l, &at, &d, &who);
}

/* ---- term dates ------------------------------------------------------------------ */

enum err
calendar_record(struct job *j, void *arg, const struct record *r)
{
    struct loading *l = arg;
    const struct value *urn = &r->v[OWN_TERM_URN], *to = &r->v[OWN_TERM_ENDED];
    int64_t from = r->v[OWN_TERM_STARTED].i, end = to->given ? to->i + 1 : from + 1;
    struct place at = loading_place(l, r, urn->given ? urn->i : 0);

    if (end <= from)
        return loading_find(j, l, &at, FOUND_END_BEFORE_START, NULL);
    return loading_row(j, l, &fact_term_date,
                       ARGS(INT(j->area), INT(l->batch_id), INT(l->file_id), INT(r->line),
                            value_int(urn), INT(from), INT(end),
                            value_text(&r->v[OWN_TERM_KIND]), value_text(&r->v[OWN_TERM_NOTE])));
}
