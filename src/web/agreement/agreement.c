/* The sharing agreement read: its versions, one of them, what differs between two. */
#include "access/permit.h"
#include "base/date.h"
#include "ui/words.h"
#include "web/agreement/agreement.html.h"
#include "web/agreement/agreement_page.h"
#include "web/frame.h"
#include "web/guard/guard.h"
#include "web/pages.h"

const char *
agreement_path(struct job *j, int64_t version, const char *below)
{
    return job_format(j, "/agreement/%lld%s", (long long)version, below);
}

static const char *
day_words(struct job *j, int32_t day)
{
    char words[DATE_TEXT];

    return day == DATE_NONE ? NULL : job_copy(j, date_words(day, words));
}

static const char *
state_words(struct job *j, const struct agreement *g)
{
    if (g->draft)
        return "Draft";
    if (g->in_force)
        return "In force";
    return g->force_from > j->today ? "Agreed, not yet in force" : "Replaced";
}

/* ---- all versions ---------------------------------------------------------------------- */

static struct table
versions_table(struct job *j, const struct agreement *v, size_t n)
{
    static const struct column columns[] = {{"Version", false}, {"State", false},
        {"Holds from", false}, {"To be reviewed by", false}};
    struct cell *cell = job_array(j, 4 * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = &cell[4 * i];
        bool late = v[i].in_force && v[i].review_on < j->today;
        row[0] = (struct cell){.text = job_format(j, "Version %lld", (long long)v[i].version),
                               .href = agreement_path(j, v[i].version, ""), .note = v[i].title};
        row[1].text = state_words(j, &v[i]);
        row[2] = (struct cell){.text = day_words(j, v[i].force_from),
                               .absent = v[i].force_from == DATE_NONE ? NONE : PRESENT};
        row[3] = (struct cell){.text = day_words(j, v[i].review_on),
                               .absent = v[i].review_on == DATE_NONE ? NONE : PRESENT,
                               .note = late ? "That day is over" : NULL};
    }
    return (struct table){.name = "Versions of the agreement, newest first", .columns = columns,
                          .n_columns = 4, .cells = cell, .n_rows = n, .stack = true};
}

enum err
page_agreements(struct job *j, const struct request *q, struct response *r)
{
    struct agreements_page p = {.view = frame_view(j, q, "Sharing agreement"),
        .lede = "Which agency may receive how much of which data, and for what. Nothing is shared "
                "that the version in force does not name."};
    struct agreement *v = NULL;
    size_t n = 0, at = 0;
    bool draft = false;
    enum err e = agreement_list(j, &v, &n);

    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        draft = draft || v[i].draft;
    while (at < n && !v[at].in_force)
        at++;
    p.heading = at < n ? job_format(j, "Version %lld is in force", (long long)v[at].version)
                       : "No agreement is in force";
    p.table = versions_table(j, v, n);
    if (permit_act(j->who, ACT_AGREEMENT_WRITE) && !draft)
        p.draft = "/agreement";
    view_agreements(&r->body, &p);
    return OK;
}

/* ---- one version ------------------------------------------------------------------------- */

static enum purpose
asked_purpose(const struct request *q)
{
    enum purpose p = PURPOSE_IDENTIFY;

    purpose_find(request_query(q, "purpose"), &p);
    return p;
}

static struct links
purpose_links(struct job *j, const struct agreement *g, enum purpose here)
{
    struct link *l = job_array(j, PURPOSES, sizeof *l);

    for (int i = 0; i < PURPOSES; i++) {
        struct agreement_term t = purpose_term((enum purpose)i);
        l[i] = (struct link){frame_with(j, agreement_path(j, g->version, ""), "purpose", t.name),
                             t.words, i == (int)here};
    }
    return (struct links){l, PURPOSES};
}

/* One row a kind of agency, so that it can be read on a phone too. */
static struct table
shared_table(struct job *j, const struct agreement *g, enum purpose p, bool writes)
{
    struct column *columns = job_array(j, 4, sizeof *columns);
    struct cell *cell = job_array(j, 4 * AGENCY_KINDS, sizeof *cell);

    columns[0].text = "Who receives";
    columns[1].text = "All of it";
    columns[2].text = "A summary";
    columns[3].text = "That it exists";
    for (int k = 0; k < AGENCY_KINDS; k++) {
        struct agreement_term kind = agency_kind_term((enum agency_kind)k);
        struct cell *row = &cell[4 * k];
        row[0].text = words_capital(j, kind.words);
        if (writes)
            row[0].href = job_format(j, "%s/share/%s/%s", agreement_path(j, g->version, ""),
                                     purpose_term(p).name, kind.name);
        for (int s = 1; s < SHARES; s++) {
            struct cell *at = &row[SHARES - s];
            for (int c = 0; c < CATEGORIES; c++)
                if (g->share[p][k][c] == s)
                    at->text = at->text ? job_format(j, "%s; %s", at->text,
                                                     category_term((enum category)c).words)
                                        : category_term((enum category)c).words;
            at->absent = at->text ? PRESENT : NONE;
        }
    }
    return (struct table){.name = "What may be shared", .columns = columns, .n_columns = 4,
                          .cells = cell, .n_rows = AGENCY_KINDS, .stack = true};
}

static struct table
signature_table(struct job *j, const struct agreement_signature *v, size_t n)
{
    static const struct column columns[] = {{"Agency", false}, {"Signed by", false},
        {"On", false}};
    struct cell *cell = job_array(j, 3 * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        cell[3 * i] = (struct cell){.text = v[i].agency, .note = agency_kind_term(v[i].kind).words};
        cell[3 * i + 1].text = v[i].by;
        cell[3 * i + 2].text = day_words(j, v[i].on);
    }
    return (struct table){.name = "Signatures", .columns = columns, .n_columns = 3,
                          .cells = cell, .n_rows = n, .stack = true};
}

static void
make_about(struct job *j, const struct agreement *g, struct agreement_page *p)
{
    struct named *v = job_array(j, 6, sizeof *v);
    size_t n = 0;

    v[n++] = (struct named){.name = "Article 6", .value = g->article_6,
                            .absent = *g->article_6 ? PRESENT : NONE};
    v[n++] = (struct named){.name = "Article 9", .value = g->article_9,
                            .absent = *g->article_9 ? PRESENT : NONE};
    v[n++] = (struct named){.name = "Holds from", .value = day_words(j, g->force_from),
                            .absent = g->force_from == DATE_NONE ? NONE : PRESENT};
    v[n++] = (struct named){.name = "To be reviewed by", .value = day_words(j, g->review_on),
                            .absent = g->review_on == DATE_NONE ? NONE : PRESENT};
    v[n++] = (struct named){.name = "Written", .value = guard_when(j, g->made),
                            .note = g->made_by};
    if (g->agreed)
        v[n++] = (struct named){.name = "Brought into force", .value = guard_when(j, g->agreed),
                                .note = g->agreed_by};
    p->about = v;
    p->n_about = n;
}

static const char *
typed(const struct request *q, const char *name)
{
    const char *s = q->method == POST ? request_form(q, name) : NULL;

    return s ? s : "";
}

static void
make_forms(struct job *j, const struct request *q, const struct agreement *g,
           struct agreement_page *p)
{
    struct option *o = job_array(j, AGENCY_KINDS, sizeof *o);

    for (int k = 0; k < AGENCY_KINDS; k++) {
        struct agreement_term t = agency_kind_term((enum agency_kind)k);
        o[k] = (struct option){t.name, words_capital(j, t.words),
                               !strcmp(typed(q, "kind"), t.name)};
    }
    p->kinds = o;
    p->n_kinds = AGENCY_KINDS;
    p->words = agreement_path(j, g->version, "/words");
    p->agency = typed(q, "agency");
    p->by = typed(q, "by");
    p->on = typed(q, "on");
    p->from = typed(q, "from");
}

enum err
agreement_show(struct job *j, const struct request *q, struct response *r,
               struct agreement_page *p)
{
    enum purpose purpose = asked_purpose(q);
    struct view *v = frame_view(j, q, "Sharing agreement");
    struct agreement_signature *s;
    struct agreement g;
    size_t n;
    enum err e = agreement_get(j, request_part_id(q, 0), &g);

    if (!e)
        e = agreement_signatures(j, g.version, &s, &n);
    if (e)
        return e;
    p->view = v;
    v->back = "/agreement";
    v->back_text = "All versions";
    p->path = agreement_path(j, g.version, "");
    if (g.draft && permit_act(j->who, ACT_AGREEMENT_WRITE))
        make_forms(j, q, &g, p);
    p->caption = job_format(j, "Sharing agreement, version %lld", (long long)g.version);
    p->heading = g.title;
    p->lede = job_format(j, "%s.", state_words(j, &g));
    p->difference = g.version > 1 ? agreement_path(j, g.version, "/difference") : NULL;
    make_about(j, &g, p);
    p->purposes = purpose_links(j, &g, purpose);
    p->purpose = purpose_term(purpose).words;
    p->shared = shared_table(j, &g, purpose, p->words != NULL);
    p->signatures = signature_table(j, s, n);
    view_agreement(&r->body, p);
    return OK;
}

enum err
page_agreement(struct job *j, const struct request *q, struct response *r)
{
    struct agreement_page p = {0};

    return agreement_show(j, q, r, &p);
}

/* ---- what differs ---------------------------------------------------------------------------- */

static struct table
difference_table(struct job *j, const struct agreement_change *v, size_t n)
{
    static const struct column columns[] = {{"Who receives", false}, {"What", false},
        {"Was", false}, {"Is", false}, {"Purpose", false}};
    struct cell *cell = job_array(j, 5 * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = &cell[5 * i];
        row[0].text = words_capital(j, agency_kind_term(v[i].kind).words);
        row[1].text = category_term(v[i].category).words;
        row[2].text = words_capital(j, share_term(v[i].was).words);
        row[3].text = words_capital(j, share_term(v[i].is).words);
        row[4].text = purpose_term(v[i].purpose).words;
    }
    return (struct table){.name = "What differs", .columns = columns, .n_columns = 5,
                          .cells = cell, .n_rows = n, .stack = true};
}

enum err
page_agreement_difference(struct job *j, const struct request *q, struct response *r)
{
    int64_t version = request_part_id(q, 0);
    struct agreement_difference_page p = {.view = NULL};
    struct agreement_change *change = job_array(j, AGREEMENT_CELLS, sizeof *change);
    struct view *v = frame_view(j, q, "What differs");
    struct agreement was, is;
    size_t n;
    enum err e = agreement_get(j, version, &is);

    if (!e)
        e = agreement_get(j, version - 1, &was);
    if (e)
        return e;
    n = agreement_diff(&was, &is, change);
    v->back = agreement_path(j, version, "");
    v->back_text = job_format(j, "Version %lld", (long long)version);
    p.view = v;
    p.heading = job_format(j, "Version %lld beside version %lld", (long long)version,
                           (long long)version - 1);
    p.lede = n ? job_format(j, "%s of what may be shared %s.",
                            words_counted(j, (int64_t)n, "line", "lines"),
                            n == 1 ? "differs" : "differ")
               : "They share the same.";
    p.table = difference_table(j, change, n);
    view_agreement_difference(&r->body, &p);
    return OK;
}
