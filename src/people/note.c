#include "people/note.h"
#include "access/custody.h"
#include "access/permit.h"
#include "base/text.h"
#include "people/area.h"
#include "store/db.h"

/* ---- who reads ---------------------------------------------------------------------------- */

/* The agency that somebody acts for; the program itself for the inclusion team. */
static enum agency_kind
kind_of(const struct actor *who)
{
    return who ? who->kind : AGENCY_INCLUSION;
}

/* Notes are written to decide together what helps.  The agreement is the authority's, also where
 * sealed children lie (access/custody.h). */
static enum err
load_allowed(struct job *j, bool may[AGENCY_KINDS])
{
    struct agreement *g = job_alloc(j, sizeof *g);
    int64_t area = j->area;
    enum err e;

    j->area = custody_authority(area);
    e = agreement_on(j, j->today, g);
    j->area = area;
    for (int k = 0; k < AGENCY_KINDS; k++)
        may[k] = !e && g->share[PURPOSE_DECIDE][k][CATEGORY_NOTES] == SHARE_FULL;
    return e;
}

enum err
note_may_read(struct job *j, struct note_audience *out)
{
    enum err e = load_allowed(j, out->may);

    out->own = kind_of(j->who);
    out->may[out->own] = true;
    return e;
}

const char *
note_audience_words(struct job *j, const bool reads[AGENCY_KINDS])
{
    const char *list[2] = {NULL, NULL}; /* not to, to */

    for (int k = 0; k < AGENCY_KINDS; k++) {
        const char **at = &list[reads[k]], *words = agency_kind_term((enum agency_kind)k).words;
        *at = *at ? job_format(j, "%s, %s", *at, words) : words;
    }
    return job_format(j, "Visible to: %s.%s%s%s", list[1] ? list[1] : "nobody",
                      list[0] ? " Not to: " : "", list[0] ? list[0] : "", list[0] ? "." : "");
}

/* ---- writing ------------------------------------------------------------------------------- */

static const char sql_follows[] =
    "SELECT COUNT(*) FROM note WHERE area_id = $1 AND note_id = $2 AND person_id = $3";
static const char sql_add[] =
    "INSERT INTO note (area_id, note_id, person_id, follows, account_id, agency_kind, urn, "
    "content, written, agency_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
static const char sql_audience[] =
    "INSERT INTO note_audience (area_id, note_id, agency_kind) VALUES ($1, $2, $3)";

static enum err
check_follows(struct job *j, const struct note_order *o)
{
    struct child_note *v;
    size_t n;
    int64_t there = 0;
    enum err e;

    if (!o->follows)
        return OK;
    e = db_int(j, sql_follows, ARGS(INT(j->area), INT(o->follows), INT(o->person)), 0, &there);
    if (!e && there)
        e = note_list(j, o->person, &v, &n);
    for (size_t i = 0; !e && there && i < n; i++)
        if (v[i].id == o->follows)
            return OK;
    return e ? e : err_set(j, ERR_NOT_FOUND, "there is no such note to add to");
}

static enum err
write(struct job *j, const struct note_order *o, struct span content, int64_t id)
{
    struct note_audience a;
    bool school = kind_of(j->who) == AGENCY_SCHOOL;
    enum err e = note_may_read(j, &a);

    if (!e)
        e = db_run(j, sql_add,
                   ARGS(INT(j->area), INT(id), INT(o->person), o->follows ? INT(o->follows) : NUL,
                        INT(j->who ? j->who->account : 0), TEXT(agency_kind_term(a.own).name),
                        school ? INT(j->who->urn) : NUL, TEXT_N(content.s, content.n),
                        INT(j->now), j->who && j->who->agency ? INT(j->who->agency) : NUL),
                   NULL);
    for (int k = 0; k < AGENCY_KINDS && !e; k++)
        if (o->reads[k] && a.may[k] && k != (int)a.own)
            e = db_run(j, sql_audience,
                       ARGS(INT(j->area), INT(id),
                            TEXT(agency_kind_term((enum agency_kind)k).name)),
                       NULL);
    return e;
}

enum err
note_add(struct job *j, const struct note_order *o, int64_t *id)
{
    struct span content = span_trim(span_of(o->content ? o->content : ""));
    enum err e = permit(j, ACT_NOTE, (struct subject){.person = o->person});

    if (!e && !content.n)
        return err_set(j, ERR_INPUT, "Write the note");
    if (!e && content.n > NOTE_LETTERS)
        return err_set(j, ERR_INPUT, "A note has at most %d letters", NOTE_LETTERS);
    if (!e)
        e = check_follows(j, o);
    if (!e)
        e = area_next_id(j, 1, id);
    return e ? e : write(j, o, content, *id);
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char sql_list[] =
    "SELECT n.note_id, n.follows, n.account_id, n.agency_kind, n.urn, n.content, n.written, "
    "a.name, n.agency_id FROM note n LEFT JOIN account a ON a.account_id = n.account_id "
    "WHERE n.area_id = $1 AND n.person_id = $2 ORDER BY n.note_id LIMIT $3";
static const char sql_reads[] =
    "SELECT agency_kind FROM note_audience WHERE area_id = $1 AND note_id = $2";

/* A kind that this program does not know is nobody's whom it could show the note. */
static bool
note_from_row(struct rows *q, struct child_note *n)
{
    const char *author = row_text(q, 7);

    *n = (struct child_note){
        .id = row_int(q, 0), .follows = row_int_or(q, 1, 0), .account = row_int(q, 2),
        .urn = row_int_or(q, 4, 0), .content = row_text(q, 5), .written = row_int(q, 6),
        .agency = row_int_or(q, 8, 0),
        .author = author ? author : "somebody whose account is gone"};
    return agency_kind_find(row_text(q, 3), &n->kind);
}

static enum err
load_reads(struct job *j, const bool may[AGENCY_KINDS], struct child_note *n)
{
    struct rows q;

    n->reads[n->kind] = true;
    db_ask(j, &q, sql_reads, ARGS(INT(j->area), INT(n->id)));
    while (db_next(&q)) {
        enum agency_kind k;
        if (agency_kind_find(row_text(&q, 0), &k) && may[k])
            n->reads[k] = true;
    }
    return db_done(&q);
}

/* Another school, another provider is another agency of the kind; the council's teams are one. */
static bool
is_another(const struct child_note *n, const struct actor *who)
{
    if (n->kind != kind_of(who) || n->kind == AGENCY_INCLUSION)
        return false;
    if (n->kind == AGENCY_SCHOOL)
        return n->urn != who->urn;
    return n->agency && who->agency && n->agency != who->agency;
}

static bool
is_for(const struct child_note *n, const struct actor *who)
{
    return n->reads[kind_of(who)] && !(who && is_another(n, who));
}

enum err
note_list(struct job *j, int64_t person, struct child_note **out, size_t *n)
{
    struct child_note *v = job_array(j, NOTES_MOST, sizeof *v);
    bool may[AGENCY_KINDS];
    size_t read = 0;
    struct rows q;
    enum err e = permit(j, ACT_CHILD, (struct subject){.person = person});

    *out = v;
    *n = 0;
    if (!e)
        e = load_allowed(j, may);
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), INT(person), INT(NOTES_MOST)));
    while (read < NOTES_MOST && db_next(&q))
        read += note_from_row(&q, &v[read]);
    e = db_done(&q);
    for (size_t i = 0; i < read && !e; i++) {
        e = load_reads(j, may, &v[i]);
        if (is_for(&v[i], j->who))
            v[(*n)++] = v[i];
    }
    return e;
}
