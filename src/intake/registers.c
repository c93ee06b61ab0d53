#include "intake/family.h"
#include "people/entry.h"
#include "returns/fields.h"

/* Our own shapes of what reviews, leaver returns and registers say.  What a form should not
 * hold is a remark, never a reason to leave the child out. */

enum { WEEK = 7, SIX_WEEKS = 42, TWO_WEEKS = 14, FULL_TIME = 2500 /* hundredths of an hour */ };

/* "Register entries, to 31 July 2025": how far the file tells. */
static void
entitle(struct loading *l, const char *what)
{
    char day[DATE_TEXT];

    if (l->made_on != DATE_NONE)
        snprintf(l->title, sizeof l->title, "%s, to %s", what, date_words(l->made_on, day));
}

/* ---- outcomes of exclusion reviews ----------------------------------------------- */

enum err
outcome_record(struct job *j, void *arg, const struct record *r)
{
    struct loading *l = arg;
    const struct value *v = r->v;
    struct place at = loading_place(l, r, v[OWN_OUTCOME_URN].i);
    struct description d = {
        .source = IDENTITY_NOTIFICATION,
        .upn = value_span(&v[OWN_OUTCOME_UPN]),
        .surname = value_span(&v[OWN_OUTCOME_SURNAME]),
        .forename = value_span(&v[OWN_OUTCOME_FORENAME]),
        .born = value_date(&v[OWN_OUTCOME_BORN]),
    };
    struct identity who;
    enum err e;

    loading_made_on(j, l, &v[OWN_OUTCOME_DECIDED]);
    entitle(l, "Outcomes of exclusion reviews");
    if (v[OWN_OUTCOME_DECIDED].i < v[OWN_OUTCOME_STARTED].i)
        return loading_find(j, l, &at, FOUND_OUTCOME_BEFORE, NULL);
    e = loading_who(j, l, &at, &d, &who);
    return e ? e
             : loading_row(j, l, &fact_exclusion_outcome,
                           ARGS(INT(j->area), INT(l->batch_id), INT(l->file_id), INT(r->line),
                                INT(who.identity_id), INT(v[OWN_OUTCOME_URN].i),
                                INT(v[OWN_OUTCOME_STARTED].i),
                                value_text(&v[OWN_OUTCOME_STAGE]),
                                INT(v[OWN_OUTCOME_DECIDED].i),
                                value_text(&v[OWN_OUTCOME_RESULT])));
}

/* ---- leavers and deletions ------------------------------------------------------- */

static enum err
write_leaver(struct job *j, struct loading *l, const struct record *r, int64_t identity_id)
{
    const struct value *v = r->v;

    return loading_row(j, l, &fact_leaver,
                       ARGS(INT(j->area), INT(l->batch_id), INT(l->file_id), INT(r->line),
                            INT(identity_id), INT(v[OWN_LEAVER_URN].i),
                            INT(v[OWN_LEAVER_LEFT].i), value_text(&v[OWN_LEAVER_GROUND]),
                            value_int(&v[OWN_LEAVER_DESTINATION]),
                            value_text(&v[OWN_LEAVER_POSTCODE]),
                            value_int(&v[OWN_LEAVER_NOTIFIED]), TEXT("leavers")));
}

enum err
leaver_record(struct job *j, void *arg, const struct record *r)
{
    struct loading *l = arg;
    const struct value *v = r->v;
    struct place at = loading_place(l, r, v[OWN_LEAVER_URN].i);
    struct description d = {
        .source = IDENTITY_NOTIFICATION,
        .upn = value_span(&v[OWN_LEAVER_UPN]),
        .surname = value_span(&v[OWN_LEAVER_SURNAME]),
        .forename = value_span(&v[OWN_LEAVER_FORENAME]),
        .born = value_date(&v[OWN_LEAVER_BORN]),
    };
    struct identity who;
    enum err e = OK;

    loading_made_on(j, l, &v[OWN_LEAVER_NOTIFIED]);
    entitle(l, "Leavers and deletions");
    if (!v[OWN_LEAVER_GROUND].given)
        e = loading_find(j, l, &at, FOUND_GROUND_MISSING, NULL);
    if (!e && v[OWN_LEAVER_DESTINATION].given &&
        v[OWN_LEAVER_DESTINATION].i == v[OWN_LEAVER_URN].i)
        e = loading_find(j, l, &at, FOUND_SAME_SCHOOL, NULL);
    if (e || (e = loading_who(j, l, &at, &d, &who)))
        return e;
    return write_leaver(j, l, r, who.identity_id);
}

/* ---- registers ------------------------------------------------------------------- */

struct entry {
    struct job *j;
    struct loading *l;
    const struct value *v;
    struct place at;
    enum entry_kind kind;
    const struct code *reason; /* of the register's list; NULL: not of it, or no list */
};

static enum err
tell(const struct entry *x, enum found what, const char *detail)
{
    return loading_find(x->j, x->l, &x->at, what, detail);
}

static bool
has_word(const struct value *v, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; v->given && i + n <= v->n; i++)
        if (span_is_nocase((struct span){v->s + i, n}, word))
            return true;
    return false;
}

/* Six weeks at most, looked at again every two, and fewer hours than a full week has. */
static enum err
check_part_time(const struct entry *x)
{
    const struct value *from = &x->v[OWN_REGISTER_STARTED], *to = &x->v[OWN_REGISTER_ENDED];
    const struct value *review = &x->v[OWN_REGISTER_REVIEW], *hours = &x->v[OWN_REGISTER_HOURS];
    int64_t days = to->i + 1 - from->i;
    enum err e = OK;

    if (!to->given)
        e = tell(x, FOUND_PART_TIME_OPEN, NULL);
    else if (days > SIX_WEEKS)
        e = tell(x, FOUND_PART_TIME_LONG,
                 job_format(x->j, "%lld weeks", (long long)((days + WEEK - 1) / WEEK)));
    if (!e && !review->given)
        e = tell(x, FOUND_PART_TIME_REVIEW, NULL);
    else if (!e && review->i - from->i > TWO_WEEKS)
        e = tell(x, FOUND_PART_TIME_REVIEW_LATE,
                 job_format(x->j, "%lld days", (long long)(review->i - from->i)));
    if (!e && hours->given && hours->i >= FULL_TIME)
        e = tell(x, FOUND_PART_TIME_HOURS, job_format(x->j, "%lld", (long long)hours->i / 100));
    return e;
}

static enum err
check_entry(struct entry *x)
{
    const struct entry_row *row = &entry_rows[x->kind];
    const struct value *v = x->v, *reason = &v[OWN_REGISTER_REASON];
    enum err e = OK;

    if (row->reasons && reason->given)
        x->reason = code_find(row->reasons, VALUE_SPAN(*reason));
    if (row->reasons && reason->given && !x->reason)
        e = tell(x, FOUND_REASON_UNKNOWN, reason->s);
    if (!e && row->place && !v[OWN_REGISTER_PROVIDER].given)
        e = tell(x, FOUND_PROVIDER_MISSING, NULL);
    if (!e && x->kind == ENTRY_MM &&
        (has_word(reason, "trial") || has_word(&v[OWN_REGISTER_OUTCOME], "trial")))
        e = tell(x, FOUND_MANAGED_MOVE_TRIAL, NULL);
    if (!e && x->kind == ENTRY_PTT)
        e = check_part_time(x);
    return e;
}

static enum err
write_entry(const struct entry *x, const struct record *r, int64_t identity_id)
{
    const struct value *v = x->v, *hours = &v[OWN_REGISTER_HOURS];
    const struct loading *l = x->l;

    return loading_row(
        x->j, x->l, &fact_register_entry,
        ARGS(INT(x->j->area), INT(l->batch_id), INT(l->file_id), INT(r->line),
             INT(identity_id), value_text(&v[OWN_REGISTER_KIND]),
             INT(v[OWN_REGISTER_STARTED].i), value_end(&v[OWN_REGISTER_ENDED]),
             x->reason ? TEXT(code_stored(x->reason)) : value_text(&v[OWN_REGISTER_REASON]),
             value_int(&v[OWN_REGISTER_URN]), value_int(&v[OWN_REGISTER_PROVIDER]),
             hours->given ? INT(hours->i * 60 / 100) : NUL, value_int(&v[OWN_REGISTER_REVIEW]),
             value_text(&v[OWN_REGISTER_OUTCOME]), value_int(&v[OWN_REGISTER_EXTRACTED])));
}

static struct description
describe_entry(const struct value *v)
{
    return (struct description){
        .source = IDENTITY_NOTIFICATION,
        .upn = value_span(&v[OWN_REGISTER_UPN]),
        .local_id = value_span(&v[OWN_REGISTER_LOCAL_ID]),
        .surname = value_span(&v[OWN_REGISTER_SURNAME]),
        .forename = value_span(&v[OWN_REGISTER_FORENAME]),
        .born = value_date(&v[OWN_REGISTER_BORN]),
        .postcode = value_span(&v[OWN_REGISTER_POSTCODE]),
    };
}

/* A pupil of the alternative provision census, as an entry of that register. */
static const struct value *
from_ap_census(const struct value *v, struct value own[n_own_register])
{
    memset(own, 0, n_own_register * sizeof *own);
    own[OWN_REGISTER_KIND] = (struct value){true, 0, "AP", strlen("AP")};
    own[OWN_REGISTER_UPN] = v[AP_CENSUS_UPN];
    own[OWN_REGISTER_SURNAME] = v[AP_CENSUS_SURNAME];
    own[OWN_REGISTER_FORENAME] = v[AP_CENSUS_FORENAME];
    own[OWN_REGISTER_BORN] = v[AP_CENSUS_BORN];
    own[OWN_REGISTER_POSTCODE] = v[AP_CENSUS_POSTCODE];
    own[OWN_REGISTER_STARTED] = v[AP_CENSUS_ENTERED];
    own[OWN_REGISTER_ENDED] = v[AP_CENSUS_LEFT];
    own[OWN_REGISTER_PROVIDER] = v[AP_CENSUS_PROVIDER];
    own[OWN_REGISTER_REASON] = v[AP_CENSUS_REASON];
    return own;
}

enum err
entry_record(struct job *j, void *arg, const struct record *r)
{
    bool ap_census = r->layout == layout_find("ap-census");
    struct value own[n_own_register];
    const struct value *v = ap_census ? from_ap_census(r->v, own) : r->v;
    struct entry x = {.j = j, .l = arg, .v = v,
                      .at = loading_place(arg, r, v[OWN_REGISTER_URN].i)};
    struct description d = describe_entry(v);
    struct identity who;
    enum err e;

    if (!entry_find(VALUE_SPAN(v[OWN_REGISTER_KIND]), &x.kind))
        return err_set(j, ERR_FAULT, "no register is called %s", v[OWN_REGISTER_KIND].s);
    loading_made_on(j, x.l, &v[OWN_REGISTER_STARTED]);
    loading_made_on(j, x.l, &v[OWN_REGISTER_EXTRACTED]);
    entitle(x.l, ap_census ? "Alternative provision census" : "Register entries");
    if (v[OWN_REGISTER_ENDED].given && v[OWN_REGISTER_ENDED].i < v[OWN_REGISTER_STARTED].i)
        return tell(&x, FOUND_END_BEFORE_START, NULL);
    if ((e = check_entry(&x)) || (e = loading_who(j, x.l, &x.at, &d, &who)))
        return e;
    return write_entry(&x, r, who.identity_id);
}
