#include "intake/family.h"
#include "returns/fields.h"

/* Our own shapes: suspension notifications, the case-system person list, term dates. */

/* ---- suspension notifications ---------------------------------------------------- */

/* What it amends is told of by a batch that counts, and begins that day at that school. */
static const char sql_amended[] =
    "SELECT COUNT(*) FROM suspension s JOIN batch b ON b.area_id = s.area_id "
    "AND b.batch_id = s.batch_id WHERE s.area_id = $1 AND s.batch_id = $2 AND s.file_id = $3 "
    "AND s.line = $4 AND s.urn = $5 AND s.started = $6 AND s.category = $7 "
    "AND b.state = 'published'";

static enum err
check_amended(struct job *j, struct loading *l, const struct place *at, const struct value *v,
              bool *named)
{
    const struct value *batch = &v[OWN_SUSPENSION_OF_BATCH], *file = &v[OWN_SUSPENSION_OF_FILE],
                       *line = &v[OWN_SUSPENSION_OF_LINE];
    int64_t n = 0;
    enum err e;

    *named = false;
    if (!batch->given && !file->given && !line->given)
        return OK;
    e = db_int(j, sql_amended,
               ARGS(INT(j->area), value_int(batch), value_int(file), value_int(line),
                    INT(v[OWN_SUSPENSION_URN].i), INT(v[OWN_SUSPENSION_STARTED].i),
                    value_text(&v[OWN_SUSPENSION_CATEGORY])), 0, &n);
    *named = n > 0;
    return e || n ? e
                  : loading_find(j, l, at, FOUND_AMENDS_NOTHING,
                                 job_format(j, "line %lld of file %lld of batch %lld",
                                            (long long)line->i, (long long)file->i,
                                            (long long)batch->i));
}

static enum err
write_notice(struct job *j, struct loading *l, const struct record *r, int64_t identity_id,
             bool named)
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
             NUL, value_int(&v[OWN_SUSPENSION_NOTIFIED]), status.n ? status : TEXT("new"),
             named ? INT(v[OWN_SUSPENSION_OF_BATCH].i) : NUL,
             named ? INT(v[OWN_SUSPENSION_OF_FILE].i) : NUL,
             named ? INT(v[OWN_SUSPENSION_OF_LINE].i) : NUL));
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
    bool named;
    enum err e;

    loading_made_on(j, l, &v[OWN_SUSPENSION_NOTIFIED]);
    if (v[OWN_SUSPENSION_ENDED].given &&
        v[OWN_SUSPENSION_ENDED].i < v[OWN_SUSPENSION_STARTED].i)
        return loading_find(j, l, &at, FOUND_END_BEFORE_START, NULL);
    e = loading_who(j, l, &at, &d, &who);
    if (!e)
        e = check_amended(j, l, &at, v, &named);
    return e ? e : write_notice(j, l, r, who.identity_id, named);
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
