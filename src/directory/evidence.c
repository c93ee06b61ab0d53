#include "directory/evidence.h"
#include "access/permit.h"
#include "base/text.h"
#include "directory/service.h"
#include "people/area.h"
#include <string.h>

enum { RIGOROUS = 3, TEXT_MOST = 2000 };

static enum err
allowed(struct job *j, int64_t entry)
{
    return permit(j, ACT_EVIDENCE,
                  (struct subject){.what = job_format(j, "service %lld", (long long)entry)});
}

static struct arg
account(const struct job *j)
{
    return j->who && j->who->account ? INT(j->who->account) : NUL;
}

static const char *
or_empty(const char *s)
{
    return s ? s : "";
}

/* ---- what may be said -------------------------------------------------------------------- */

static bool
one_of(const char *s, const char *const *list)
{
    for (; s && *list; list++)
        if (strcmp(s, *list) == 0)
            return true;
    return false;
}

static const char *const subject_kinds[] = {"service", "programme", "approach", NULL};
static const char *const assessors[] = {"third-party", "commissioner", "self", NULL};
static const char *const fidelities[] = {"same", "adapted", "approach", NULL};

static enum err
sound_texts(struct job *j, const struct evidence_claim *c)
{
    const struct { const char *what, *text; bool needed; } v[] = {
        {"what it is about", c->subject, true},  {"an outcome", c->outcome, true},
        {"where it can be read", c->source, true}, {"a group", c->population, false},
        {"a setting", c->setting, false},        {"a version", c->version, false}};

    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        if (v[i].needed && (!v[i].text || !span_trim(span_of(v[i].text)).n))
            return err_set(j, ERR_INPUT, "A claim needs %s", v[i].what);
        if (v[i].text && strlen(v[i].text) > TEXT_MOST)
            return err_set(j, ERR_INPUT, "A claim takes %d characters for %s", TEXT_MOST,
                           v[i].what);
    }
    if (strncmp(c->source, "https://", 8) && strncmp(c->source, "http://", 7))
        return err_set(j, ERR_INPUT, "Where it can be read begins with https://");
    return OK;
}

/* A provider may speak for itself only where the scale lets it. */
static enum err
sound_assessor(struct job *j, const struct evidence_claim *c)
{
    const struct evidence_scale_row *s = evidence_scale(c->rating->scale);

    if (strcmp(c->assessed, "self") || strcmp(c->rating->name, s->own) <= 0)
        return OK;
    err_set(j, ERR_INPUT, "%s %s cannot be self-assessed", s->title, c->rating->shown);
    return *s->own ? err_hint(j, "Up to %s it can.", s->own) : ERR_INPUT;
}

static enum err
sound_studies(struct job *j, const struct evidence_claim *c)
{
    for (size_t i = 0; i < c->n_studies; i++) {
        const struct evidence_study *s = &c->study[i];
        if (!s->design || !*s->design || !s->effect || !*s->effect || !s->source || !*s->source)
            return err_set(j, ERR_INPUT, "A study needs its design, its effect and its source");
        if ((s->sms && !evidence_sms(s->sms)) || s->participants < 0)
            return err_set(j, ERR_INPUT, "A study is 1 to 5 on the Maryland scale");
    }
    return OK;
}

static enum err
sound(struct job *j, const struct evidence_claim *c)
{
    enum err e;

    if (!c->rating || !one_of(c->kind, subject_kinds) || !one_of(c->assessed, assessors) ||
        !one_of(c->fidelity, fidelities))
        return err_set(j, ERR_INPUT,
                       "A claim needs a rating of its scale, what it is about, who assessed it, "
                       "and how near the service is to what was studied");
    if (c->rated <= 0 || c->rated > j->today || c->retrieved < c->rated ||
        c->retrieved > j->today || c->next_review <= c->retrieved)
        return err_set(j, ERR_INPUT,
                       "A claim is rated, then read, no later than today, then reviewed");
    e = sound_texts(j, c);
    if (!e)
        e = sound_assessor(j, c);
    return e ? e : sound_studies(j, c);
}

/* ---- changing ---------------------------------------------------------------------------- */

static const char sql_link[] =
    "INSERT INTO directory_claim_entry (area_id, entry_id, claim_id, fidelity) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (area_id, entry_id, claim_id) "
    "DO UPDATE SET fidelity = EXCLUDED.fidelity";
static const char sql_linkable[] =
    "SELECT 1 FROM directory_claim c WHERE c.area_id = $1 AND c.claim_id = $2 "
    "AND c.withdrawn IS NULL AND c.subject_kind <> 'service'";

enum err
evidence_link(struct job *j, int64_t claim, int64_t entry, const char *fidelity)
{
    struct service s;
    int64_t there = 0;
    enum err e = allowed(j, entry);

    if (!e && !one_of(fidelity, fidelities))
        e = err_set(j, ERR_INPUT, "How near a service is: same, adapted or approach");
    if (!e)
        e = service_get(j, entry, &s);
    if (!e)
        e = db_int(j, sql_linkable, ARGS(INT(j->area), INT(claim)), 0, &there);
    if (!e && !there)
        e = err_set(j, ERR_NOT_FOUND, "There is no such claim of a programme or approach");
    if (!e)
        e = db_run(j, sql_link, ARGS(INT(j->area), INT(entry), INT(claim), TEXT(fidelity)), NULL);
    return e ? e : service_turn_up(j);
}

static const char sql_study[] =
    "INSERT INTO directory_study (area_id, claim_id, study_no, design, sms, participants, "
    "country, effect, effect_interval, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

static enum err
put_study(struct job *j, int64_t claim, size_t no, const struct evidence_study *s)
{
    return db_run(j, sql_study,
                  ARGS(INT(j->area), INT(claim), INT(no), TEXT(s->design),
                       s->sms ? INT(s->sms) : NUL, s->participants ? INT(s->participants) : NUL,
                       TEXT(or_empty(s->country)), TEXT(s->effect), TEXT(or_empty(s->interval)),
                       TEXT(s->source)), NULL);
}

static const char sql_claim[] =
    "INSERT INTO directory_claim (area_id, claim_id, subject_kind, subject, scale, scale_version, "
    "rating, rated, outcome, population, setting, source_url, assessed_by, retrieved, "
    "next_review, added, added_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

static enum err
put_claim(struct job *j, const struct evidence_claim *c)
{
    return db_run(j, sql_claim,
                  ARGS(INT(j->area), INT(c->id), TEXT(c->kind), TEXT(c->subject),
                       TEXT(evidence_scale(c->rating->scale)->name), TEXT(or_empty(c->version)),
                       TEXT(c->rating->name), INT(c->rated), TEXT(c->outcome),
                       TEXT(or_empty(c->population)), TEXT(or_empty(c->setting)),
                       TEXT(c->source), TEXT(c->assessed), INT(c->retrieved),
                       INT(c->next_review), INT(j->now), account(j)), NULL);
}

enum err
evidence_add(struct job *j, int64_t entry, struct evidence_claim *c)
{
    struct service s;
    enum err e = allowed(j, entry);

    if (!e)
        e = sound(j, c);
    if (!e)
        e = service_get(j, entry, &s);
    if (!e)
        e = area_next_id(j, 1, &c->id);
    if (!e)
        e = put_claim(j, c);
    for (size_t i = 0; !e && i < c->n_studies; i++)
        e = put_study(j, c->id, i + 1, &c->study[i]);
    if (!e)
        e = db_run(j, sql_link, ARGS(INT(j->area), INT(entry), INT(c->id), TEXT(c->fidelity)),
                   NULL);
    return e ? e : service_turn_up(j);
}

static const char sql_withdraw[] =
    "UPDATE directory_claim SET withdrawn = $3, withdrawn_by = $4, withdrawn_why = $5 "
    "WHERE area_id = $1 AND claim_id = $2 AND withdrawn IS NULL";

enum err
evidence_withdraw(struct job *j, int64_t claim, const char *why)
{
    int64_t changed = 0;
    enum err e = permit(j, ACT_EVIDENCE, (struct subject){.what = "claim of evidence"});

    if (!e && (!why || !span_trim(span_of(why)).n))
        e = err_set(j, ERR_INPUT, "Say why the claim is withdrawn");
    if (!e)
        e = db_run(j, sql_withdraw,
                   ARGS(INT(j->area), INT(claim), INT(j->now), account(j), TEXT(why)), &changed);
    if (!e && !changed)
        e = err_set(j, ERR_CONFLICT, "There is no such claim, or it was withdrawn before");
    return e ? e : service_turn_up(j);
}

/* ---- reading ----------------------------------------------------------------------------- */

static enum err
unknown_rating(struct job *j, const char *scale, const char *rating)
{
    return err_set(j, ERR_FAULT, "A claim has the rating \"%s\" of the scale \"%s\", which this "
                   "program does not know", rating, scale);
}

static const struct evidence_rating *
rating_of(const char *scale, const char *rating)
{
    enum evidence_scale s;

    return evidence_scale_find(scale, &s) ? evidence_rating_find(s, rating) : NULL;
}

static const char sql_studies[] =
    "SELECT s.design, s.sms, s.participants, s.country, s.effect, s.effect_interval, s.source "
    "FROM directory_study s WHERE s.area_id = $1 AND s.claim_id = $2 ORDER BY s.study_no";
static const char sql_n_studies[] =
    "SELECT COUNT(*) FROM directory_study s WHERE s.area_id = $1 AND s.claim_id = $2";

static enum err
read_studies(struct job *j, struct evidence_claim *c)
{
    struct rows q;
    int64_t most = 0;
    enum err e = db_int(j, sql_n_studies, ARGS(INT(j->area), INT(c->id)), 0, &most);

    if (e)
        return e;
    c->study = job_array(j, (size_t)most + 1, sizeof *c->study);
    db_ask(j, &q, sql_studies, ARGS(INT(j->area), INT(c->id)));
    while (c->n_studies < (size_t)most && db_next(&q))
        c->study[c->n_studies++] = (struct evidence_study){
            .design = row_text(&q, 0), .sms = (int32_t)row_int(&q, 1),
            .participants = (int32_t)row_int(&q, 2), .country = row_text(&q, 3),
            .effect = row_text(&q, 4), .interval = row_text(&q, 5), .source = row_text(&q, 6)};
    return db_done(&q);
}

static const char sql_claims[] =
    "SELECT c.claim_id, c.subject_kind, c.subject, c.scale, c.rating, c.scale_version, c.outcome, "
    "c.population, c.setting, c.source_url, c.assessed_by, l.fidelity, c.rated, c.retrieved, "
    "c.next_review, c.withdrawn, c.withdrawn_why "
    "FROM directory_claim_entry l JOIN directory_claim c "
    "ON c.area_id = l.area_id AND c.claim_id = l.claim_id "
    "WHERE l.area_id = $1 AND l.entry_id = $2 AND ($3 = 1 OR c.withdrawn IS NULL) "
    "ORDER BY c.rated DESC, c.claim_id";
static const char sql_n_claims[] =
    "SELECT COUNT(*) FROM directory_claim_entry l WHERE l.area_id = $1 AND l.entry_id = $2";

static struct evidence_claim
claim_from_row(struct rows *q)
{
    return (struct evidence_claim){
        .id = row_int(q, 0), .kind = row_text(q, 1), .subject = row_text(q, 2),
        .rating = rating_of(row_text(q, 3), row_text(q, 4)), .version = row_text(q, 5),
        .outcome = row_text(q, 6), .population = row_text(q, 7), .setting = row_text(q, 8),
        .source = row_text(q, 9), .assessed = row_text(q, 10), .fidelity = row_text(q, 11),
        .rated = (int32_t)row_int(q, 12), .retrieved = (int32_t)row_int(q, 13),
        .next_review = (int32_t)row_int(q, 14), .withdrawn = row_int(q, 15),
        .why = row_text(q, 16)};
}

enum err
evidence_list(struct job *j, int64_t entry, bool all, struct evidence_claim **out, size_t *n)
{
    struct rows q;
    int64_t most = 0;
    enum err e = db_int(j, sql_n_claims, ARGS(INT(j->area), INT(entry)), 0, &most), e2;

    *n = 0;
    *out = job_array(j, (size_t)most + 1, sizeof **out);
    if (e)
        return e;
    db_ask(j, &q, sql_claims, ARGS(INT(j->area), INT(entry), INT(all)));
    while (*n < (size_t)most && !e && db_next(&q)) {
        (*out)[*n] = claim_from_row(&q);
        if (!(*out)[(*n)++].rating)
            e = unknown_rating(j, row_text(&q, 3), row_text(&q, 4));
    }
    e2 = db_done(&q);
    for (size_t i = 0; !e && !e2 && i < *n; i++)
        e = read_studies(j, &(*out)[i]);
    return e ? e : e2;
}

/* ---- for the search ---------------------------------------------------------------------- */

static const char sql_facets[] =
    "SELECT l.entry_id, c.scale, c.rating, c.assessed_by, (SELECT MAX(s.sms) FROM directory_study "
    "s WHERE s.area_id = c.area_id AND s.claim_id = c.claim_id) "
    "FROM directory_claim_entry l JOIN directory_claim c "
    "ON c.area_id = l.area_id AND c.claim_id = l.claim_id "
    "WHERE l.area_id = $1 AND c.withdrawn IS NULL AND ($2 = 0 OR l.entry_id = $2) "
    "ORDER BY l.entry_id, c.claim_id";
static const char sql_n_entries[] =
    "SELECT COUNT(DISTINCT l.entry_id) FROM directory_claim_entry l WHERE l.area_id = $1";

static enum err
fold(struct job *j, struct rows *q, struct evidence_facets *f)
{
    const char *scale = row_text(q, 1), *name = row_text(q, 2);
    const struct evidence_rating *r = rating_of(scale, name);

    if (!r)
        return unknown_rating(j, scale, name);
    f->entry = row_int(q, 0);
    f->harmful |= r->finding == EVIDENCE_HARMFUL;
    f->ineffective |= r->finding == EVIDENCE_INEFFECTIVE;
    f->rigorous |= strcmp(row_text(q, 3), "third-party") == 0 && row_int(q, 4) >= RIGOROUS;
    return OK;
}

enum err
evidence_facets(struct job *j, int64_t entry, struct evidence_facets *out)
{
    struct rows q;
    enum err e = OK, e2;

    *out = (struct evidence_facets){.entry = entry};
    db_ask(j, &q, sql_facets, ARGS(INT(j->area), INT(entry)));
    while (!e && db_next(&q))
        e = fold(j, &q, out);
    e2 = db_done(&q);
    return e ? e : e2;
}

enum err
evidence_facets_all(struct job *j, struct evidence_facets **out, size_t *n)
{
    struct rows q;
    int64_t most = 0;
    enum err e = db_int(j, sql_n_entries, ARGS(INT(j->area)), 0, &most), e2;

    *n = 0;
    *out = job_array(j, (size_t)most + 1, sizeof **out);
    if (e)
        return e;
    db_ask(j, &q, sql_facets, ARGS(INT(j->area), INT(0)));
    while (!e && db_next(&q)) {
        if (!*n || (*out)[*n - 1].entry != row_int(&q, 0)) {
            if (*n == (size_t)most)
                break;
            ++*n;
        }
        e = fold(j, &q, &(*out)[*n - 1]);
    }
    e2 = db_done(&q);
    return e ? e : e2;
}
