/* A school's suspensions, whatever told of them, to be amended or cancelled. */
#include "intake/school_form_known.h"
#include "ui/words.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/tell/known.html.h"
#include "web/tell/tell.h"

enum { PAGE = 50 };

static const char *
known_path(struct job *j, const struct school_form_known *k)
{
    if (k->form)
        return job_format(j, "/told/%lld", (long long)k->form);
    return job_format(j, "/tell/suspensions/%lld/%lld/%lld", (long long)k->at.batch,
                      (long long)k->at.file, (long long)k->at.line);
}

static const char *
category_words(struct job *j, const struct school_form_known *k)
{
    return words_capital(j, code_label(CODE_EXCLUSION_CATEGORY, k->category));
}

/* ---- the list ------------------------------------------------------------------------ */

static void
fill_row(struct job *j, const struct school_form_known *k, struct cell *row)
{
    char day[DATE_TEXT];

    row[0] = (struct cell){.text = k->pupil, .href = known_path(j, k),
        .hidden = job_format(j, "from %s", date_words(k->started, day))};
    row[1] = (struct cell){.text = category_words(j, k), .note = k->cancelled ? "Cancelled" : NULL};
    row[2].text = job_copy(j, date_words(k->started, day));
    row[3] = k->sessions < 0 ? (struct cell){.absent = NO_DATA}
                             : (struct cell){.text = words_count(j, k->sessions)};
    row[4] = (struct cell){.text = k->source,
        .note = k->form && k->census ? job_format(j, "and form F%lld", (long long)k->form) : NULL};
}

static struct table
known_table(struct job *j, const struct school_form_known *v, size_t n)
{
    static const struct column columns[] = {{"Pupil", false}, {"What", false},
        {"First day", false}, {"Half days", true}, {"Known from", false}};
    struct cell *c = job_array(j, 5 * n + 1, sizeof *c);

    for (size_t i = 0; i < n; i++)
        fill_row(j, &v[i], &c[5 * i]);
    return (struct table){.name = "Suspensions", .columns = columns, .n_columns = 5, .cells = c,
                          .n_rows = n, .stack = true};
}

static struct pages
known_pages(struct job *j, const char *path, int64_t page, bool more)
{
    struct pages p = {.previous_text = "Later suspensions", .next_text = "Earlier suspensions"};

    if (page > 1)
        p.previous = frame_with_int(j, path, "page", page - 1);
    if (more)
        p.next = frame_with_int(j, path, "page", page + 1);
    return p;
}

enum err
page_known(struct job *j, const struct request *q, struct response *r)
{
    const char *words = request_query(q, "q"), *path;
    int64_t page = request_int(q, "page", 1), at = page < 1 || page > 10000 ? 1 : page;
    int64_t own = permit_school(j->who), urn = own ? own : request_int(q, "school", 0);
    struct school_form_search s = {.urn = urn, .words = words ? words : "", .most = PAGE + 1,
                                   .skip = (size_t)(at - 1) * PAGE};
    struct view *view = frame_view(j, q, "Amend or cancel a suspension");
    struct known_list_page p = {.view = view, .heading = view->title, .words = s.words,
        .action = "/tell/suspensions"};
    struct school_form_known *v = NULL;
    size_t n = 0;
    enum err e = own ? OK : tell_schools(j, urn, &p.schools);

    if (!e && urn)
        e = school_form_known_list(j, &s, &v, &n);
    if (e)
        return e;
    view->back = "/tell";
    view->back_text = "All forms";
    path = frame_with(j, "/tell/suspensions", "q", *s.words ? s.words : NULL);
    path = own || !urn ? path : frame_with_int(j, path, "school", urn);
    p.lede = "What files told us stays on record; your word is laid over it.";
    p.none = !urn ? "Choose the school first."
             : *s.words ? "No suspension of a pupil of that name is known."
                        : "No suspension of the school is known.";
    p.table = known_table(j, v, n > PAGE ? PAGE : n);
    p.pages = known_pages(j, path, at, n > PAGE);
    view_known_list(&r->body, &p);
    return OK;
}

/* ---- one ------------------------------------------------------------------------------- */

static struct fact_key
asked(const struct request *q)
{
    return (struct fact_key){.kind = FACT_SUSPENSION, .batch = request_part_id(q, 0),
                             .file = request_part_id(q, 1), .line = request_part_id(q, 2)};
}

static const char *
known_lede(const struct school_form_known *k)
{
    if (k->cancelled)
        return "It was cancelled: it counts nowhere.";
    if (k->census)
        return "A school census has it, and what a census says stands first. What you send here "
               "is kept beside it: what the census left out is filled in, a cancellation counts "
               "until a later census has the suspension again. Correct it in your next census too.";
    return "What you send stands instead of it, also when files tell of it again as it was.";
}

static const char *
reasons_words(struct job *j, const struct school_form_known *k)
{
    const char *out = NULL;

    for (int i = 0; i < 3; i++) {
        const char *label = k->reason[i] ? code_label(CODE_EXCLUSION_REASON, k->reason[i]) : NULL;
        if (label)
            out = out ? job_format(j, "%s; %s", out, label) : words_capital(j, label);
    }
    return out;
}

static struct named
named_or_none(const char *name, const char *value)
{
    return (struct named){.name = name, .value = value, .absent = value ? PRESENT : NO_DATA};
}

static void
fill_told(struct job *j, const struct school_form_known *k, struct known_page *p)
{
    struct named *v = job_array(j, 7, sizeof *v);
    char day[DATE_TEXT];
    size_t n = 0;

    v[n++] = (struct named){.name = "School", .value = k->school};
    v[n++] = (struct named){.name = "First day", .value = job_copy(j, date_words(k->started, day))};
    if (strcmp(k->category, "PERM") != 0) {
        v[n++] = named_or_none("Last day", k->ended == DATE_NONE
                                               ? NULL : job_copy(j, date_words(k->ended, day)));
        v[n++] = named_or_none("Half days", k->sessions < 0 ? NULL : words_count(j, k->sessions));
    }
    v[n++] = named_or_none("Reasons", reasons_words(j, k));
    v[n++] = (struct named){.name = "Known from", .value = k->source,
        .note = job_format(j, "Line %lld", (long long)k->at.line)};
    p->told = v;
    p->n = n;
}

enum err
page_known_one(struct job *j, const struct request *q, struct response *r)
{
    struct school_form_known k;
    struct known_page p = {0};
    struct view *view;
    enum err e = school_form_known_get(j, asked(q), &k);

    if (e)
        return e;
    if (k.form) { /* which is amended in its turn */
        r->location = known_path(j, &k);
        return OK;
    }
    view = frame_view(j, q, "Amend or cancel a suspension");
    view->back = permit_school(j->who) ? "/tell/suspensions"
                                       : frame_with_int(j, "/tell/suspensions", "school", k.urn);
    view->back_text = "All suspensions";
    p.view = view;
    p.heading = category_words(j, &k);
    p.caption = k.pupil;
    p.lede = known_lede(&k);
    p.action = k.cancelled ? NULL : q->path;
    fill_told(j, &k, &p);
    view_known(&r->body, &p);
    return OK;
}

enum err
page_known_change(struct job *j, const struct request *q, struct response *r)
{
    const char *what = request_form(q, "do");
    int64_t id;
    enum err e = school_form_known_change(j, asked(q), what && !strcmp(what, "cancel"), &id);

    if (!e)
        r->location = job_format(j, "/tell/drafts/%lld", (long long)id);
    return e;
}
