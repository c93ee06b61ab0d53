/* The sharing agreement written: a draft, its words, what is shared, signatures, into force. */
#include "access/permit.h"
#include "base/date.h"
#include "base/text.h"
#include "ui/words.h"
#include "web/agreement/agreement_forms.html.h"
#include "web/agreement/agreement_page.h"
#include "web/frame.h"
#include "web/pages.h"

static const char *
typed(const struct request *q, const char *name)
{
    const char *s = request_form(q, name);

    return s ? s : "";
}

/* Empty: DATE_NONE.  false: not a day. */
static bool
read_day(const char *s, int32_t *out)
{
    struct span t = span_trim(span_of(s));

    *out = DATE_NONE;
    return !t.n || date_parse(t.s, t.n, out);
}

enum err
page_agreement_draft(struct job *j, const struct request *q, struct response *r)
{
    int64_t version = 0;
    enum err e = agreement_draft(j, &version);

    (void)q;
    r->location = agreement_path(j, version, "");
    return e;
}

/* ---- words ------------------------------------------------------------------------------- */

static void
show_words(struct job *j, const struct request *q, struct response *r,
           struct agreement_words_page *p)
{
    struct view *v = frame_view(j, q, "The words of the agreement");

    p->view = v;
    p->back = v->back = agreement_path(j, request_part_id(q, 0), "");
    v->back_text = "The draft";
    p->action = agreement_path(j, request_part_id(q, 0), "/words");
    view_agreement_words(&r->body, p);
}

enum err
page_agreement_words(struct job *j, const struct request *q, struct response *r)
{
    struct agreement_words_page p = {0};
    struct agreement g;
    char day[DATE_TEXT];
    enum err e = agreement_get(j, request_part_id(q, 0), &g);

    if (e)
        return e;
    p = (struct agreement_words_page){
        .title = g.title, .article_6 = g.article_6, .article_9 = g.article_9,
        .review = g.review_on == DATE_NONE ? "" : job_copy(j, date_iso(g.review_on, day))};
    show_words(j, q, r, &p);
    return OK;
}

enum err
page_agreement_words_save(struct job *j, const struct request *q, struct response *r)
{
    struct agreement_words_page p = {.title = typed(q, "title"),
        .article_6 = typed(q, "article-6"), .article_9 = typed(q, "article-9"),
        .review = typed(q, "review")};
    struct agreement_text t = {.title = p.title, .article_6 = p.article_6,
                               .article_9 = p.article_9};
    struct problem wrong = {"review", "Give the day as in 31/3/2027"};
    enum err e = ERR_INPUT;

    if (read_day(p.review, &t.review_on)) {
        e = agreement_change_text(j, request_part_id(q, 0), &t);
        wrong = (struct problem){"title", job_copy(j, j->err.message)};
    }
    if (e != ERR_INPUT) {
        r->location = agreement_path(j, request_part_id(q, 0), "");
        return e;
    }
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    show_words(j, q, r, &p);
    return OK;
}

/* ---- what is shared ------------------------------------------------------------------------ */

static enum err
asked_share(struct job *j, const struct request *q, enum purpose *p, enum agency_kind *k)
{
    if (purpose_find(q->part[1], p) && agency_kind_find(q->part[2], k))
        return OK;
    return err_set(j, ERR_NOT_FOUND, "there is no such line of the agreement");
}

static const struct agreement_choice *
choices_of(struct job *j, const uint8_t now[CATEGORIES])
{
    struct agreement_choice *v = job_array(j, CATEGORIES, sizeof *v);

    for (int c = 0; c < CATEGORIES; c++) {
        struct agreement_term t = category_term((enum category)c);
        v[c].id = t.name;
        v[c].label = t.words;
        for (int s = 0; s < SHARES; s++)
            v[c].option[s] = (struct option){share_term((enum share)s).name,
                                             words_capital(j, share_term((enum share)s).words),
                                             now[c] == s};
    }
    return v;
}

enum err
page_agreement_share(struct job *j, const struct request *q, struct response *r)
{
    struct view *v = frame_view(j, q, "What may be shared");
    struct agreement_share_page p = {.view = v, .n = CATEGORIES};
    enum agency_kind kind = AGENCY_INCLUSION;
    enum purpose purpose = PURPOSE_IDENTIFY;
    struct agreement g;
    enum err e = asked_share(j, q, &purpose, &kind);

    if (!e)
        e = agreement_get(j, request_part_id(q, 0), &g);
    if (e)
        return e;
    p.back = v->back = agreement_path(j, g.version, "");
    v->back_text = "The draft";
    p.heading = words_capital(j, agency_kind_term(kind).words);
    p.lede = job_format(j, "How much of each it may receive, to %c%s.",
                        purpose_term(purpose).words[0] | 32, purpose_term(purpose).words + 1);
    p.action = job_format(j, "%s/share/%s/%s", p.back, purpose_term(purpose).name,
                          agency_kind_term(kind).name);
    p.choices = choices_of(j, g.share[purpose][kind]);
    view_agreement_share(&r->body, &p);
    return OK;
}

enum err
page_agreement_share_save(struct job *j, const struct request *q, struct response *r)
{
    uint8_t share[CATEGORIES] = {0};
    enum agency_kind kind = AGENCY_INCLUSION;
    enum purpose purpose = PURPOSE_IDENTIFY;
    enum err e = asked_share(j, q, &purpose, &kind);

    for (int c = 0; c < CATEGORIES && !e; c++) {
        enum share s = SHARE_NONE;
        if (!share_find(request_form(q, category_term((enum category)c).name), &s))
            e = err_set(j, ERR_INPUT, "say of each category how much is shared");
        share[c] = (uint8_t)s;
    }
    if (!e)
        e = agreement_change_share(j, request_part_id(q, 0), purpose, kind, share);
    r->location = frame_with(j, agreement_path(j, request_part_id(q, 0), ""), "purpose",
                             purpose_term(purpose).name);
    return e;
}

/* ---- signatures, into force ------------------------------------------------------------ */

/* Back to the version's page: with what is wrong, or done. */
static enum err
settle(struct job *j, const struct request *q, struct response *r, struct problem wrong,
       enum err e)
{
    struct agreement_page p = {0};

    if (e != ERR_INPUT) {
        r->location = agreement_path(j, request_part_id(q, 0), "");
        return e;
    }
    if (!wrong.text)
        wrong.text = job_copy(j, j->err.message);
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return agreement_show(j, q, r, &p);
}

enum err
page_agreement_sign(struct job *j, const struct request *q, struct response *r)
{
    struct agreement_signature s = {.agency = typed(q, "agency"), .by = typed(q, "by")};
    struct problem wrong = {"on", NULL};
    enum err e = ERR_INPUT;

    if (!agency_kind_find(request_form(q, "kind"), &s.kind))
        return err_set(j, ERR_USAGE, "say which kind of agency signed");
    if (!read_day(typed(q, "on"), &s.on))
        wrong.text = "Give the day as in 31/3/2026";
    else
        e = agreement_sign(j, request_part_id(q, 0), &s);
    if (!s.agency[strspn(s.agency, " ")] || !s.by[strspn(s.by, " ")])
        wrong.field = "agency";
    return settle(j, q, r, wrong, e);
}

enum err
page_agreement_begin(struct job *j, const struct request *q, struct response *r)
{
    struct problem wrong = {"from", NULL};
    enum err e = ERR_INPUT;
    int32_t from;

    if (!read_day(typed(q, "from"), &from))
        wrong.text = "Give the day as in 31/3/2026";
    else
        e = agreement_begin(j, request_part_id(q, 0), from);
    return settle(j, q, r, wrong, e);
}

enum err
page_agreement_drop(struct job *j, const struct request *q, struct response *r)
{
    r->location = "/agreement";
    return agreement_drop(j, request_part_id(q, 0));
}
