/* Sealed records as their custodians see them. */
#include "base/date.h"
#include "link/sealed.h"
#include "ui/words.h"
#include "web/children/child.h"
#include "web/frame.h"
#include "web/guard/guard.h"
#include "web/pages.h"
#include "web/sealed/sealed.h"
#include "web/sealed/sealed.html.h"
#include "web/server_private.h"

/* A census knows a name best, which comes with the date of birth; then any. */
static const struct sealed_words *
best_of(const struct sealed_words *w, size_t n)
{
    const struct sealed_words *best = NULL;
    int points = -1;

    for (size_t i = 0; i < n; i++) {
        int p = 4 * (w[i].surname[0] && w[i].forename[0]) + 2 * !strcmp(w[i].source, "school") +
                (w[i].born != DATE_NONE && w[i].sex[0]);
        if (p > points) {
            best = &w[i];
            points = p;
        }
    }
    return best;
}

static const char *
name_of(struct job *j, const struct sealed_words *w, size_t n)
{
    const struct sealed_words *b = best_of(w, n);

    if (!b || (!b->surname[0] && !b->forename[0]))
        return "Name not known";
    return job_format(j, "%s%s%s", b->forename, b->forename[0] && b->surname[0] ? " " : "",
                      b->surname);
}

/* ---- those one keeps --------------------------------------------------------------------- */

struct listing {
    const struct key *key;
    int64_t person;
    const char *name;
};

static enum err
read_name(struct job *j, void *arg)
{
    struct listing *l = arg;
    struct sealed_words *w;
    size_t n;
    enum err e = sealed_read(j, l->key, l->person, &w, &n);

    if (!e)
        l->name = name_of(j, w, n);
    return e;
}

static enum err
make_list(struct job *j, const struct key *k, struct table *out)
{
    static const struct column columns[] = {{"Child", false}, {"Sealed since", false},
        {"Why", false}, {"What came for it", false}};
    struct custody *v;
    struct cell *cell;
    size_t n;
    enum err e = custody_list(j, k, &v, &n);

    cell = job_array(j, 4 * n, sizeof *cell);
    for (size_t i = 0; !e && i < n; i++) {
        struct listing l = {k, v[i].person, ""};
        struct cell *row = &cell[4 * i];
        e = custody_within(j, v[i].person, read_name, &l);
        row[0] = (struct cell){.text = l.name,
                               .href = job_format(j, "/sealed/%lld", (long long)v[i].person)};
        row[1] = (struct cell){.text = guard_when(j, v[i].since),
                               .note = v[i].by ? job_format(j, "by %s", v[i].by) : NULL};
        row[2].text = v[i].why;
        row[3].text = v[i].news ? words_counted(j, v[i].news, "new thing", "new things")
                                : "Nothing new";
    }
    *out = (struct table){.name = "Sealed records you keep", .columns = columns, .n_columns = 4,
                          .cells = cell, .n_rows = n, .stack = true};
    return e;
}

enum err
page_sealed_list(struct job *j, const struct request *q, struct response *r)
{
    struct sealed_list_page p = {.view = frame_view(j, q, "Sealed records you keep")};
    enum err e = make_list(j, &q->server->key, &p.records);

    if (!e)
        e = sealed_gone(j, &p.gone);
    if (e)
        return e;
    p.lede = p.records.n_rows
                 ? "You and those named with you open these, and nobody else knows of them."
                 : "You keep none. A record is sealed from the page that says who may open it.";
    view_sealed_list(&r->body, &p);
    return OK;
}

/* ---- one of them --------------------------------------------------------------------------- */

struct reading {
    const struct request *q;
    const struct key *key;
    int64_t person;
    struct sealed_page *p;
};

static const char *
or_null(const char *s)
{
    return s && *s ? s : NULL;
}

static void
make_about(struct job *j, const struct sealed_words *w, size_t n, struct sealed_page *p)
{
    const struct sealed_words *b = best_of(w, n);
    struct named *v = job_array(j, 4, sizeof *v);
    const char *local_id = NULL;
    char day[DATE_TEXT];

    for (size_t i = 0; i < n && !local_id; i++)
        local_id = or_null(w[i].local_id);
    if (b) {
        v[p->n_about++] = (struct named){.name = "UPN", .value = or_null(b->upn)};
        v[p->n_about++] = (struct named){.name = "Born", .value = b->born == DATE_NONE
            ? NULL : job_copy(j, date_words(b->born, day))};
        v[p->n_about++] = (struct named){.name = "Number of the case system", .value = local_id};
        v[p->n_about++] = (struct named){.name = "Former surname",
                                         .value = or_null(b->former_surname)};
    }
    for (size_t i = 0; i < p->n_about; i++)
        if (!v[i].value)
            v[i].absent = NONE;
    p->about = v;
}

static enum err
make_news(struct job *j, int64_t person, struct sealed_page *p)
{
    static const struct column columns[] = {{"When", false}, {"What", false}};
    struct custody_news *v;
    struct cell *cell;
    size_t n;
    enum err e = custody_news(j, person, &v, &n);

    cell = job_array(j, 2 * n, sizeof *cell);
    for (size_t i = 0; !e && i < n; i++) {
        bool search = !strcmp(v[i].kind, "search");
        cell[2 * i].text = guard_when(j, v[i].at);
        cell[2 * i + 1] = (struct cell){
            .text = search ? job_format(j, "%s looked for the child", v[i].who ? v[i].who
                                                                              : "Somebody")
                           : job_format(j, "%s by batch %lld",
                                        words_counted(j, v[i].records, "record", "records"),
                                        (long long)v[i].source),
            .href = search ? NULL : job_format(j, "/data/batches/%lld", (long long)v[i].source),
            .note = !strcmp(v[i].kind, "turned-away") ? "They could not be loaded" : NULL};
    }
    p->news = (struct table){.name = "What came for it", .columns = columns, .n_columns = 2,
                             .cells = cell, .n_rows = n, .stack = true};
    return e;
}

static enum err
make_people(struct job *j, int64_t person, struct sealed_page *p)
{
    static const struct column columns[] = {{"Name", false}, {"Since", false}};
    struct custodian *v;
    struct cell *cell;
    size_t n;
    enum err e = custody_people(j, person, &v, &n);

    cell = job_array(j, 2 * n, sizeof *cell);
    for (size_t i = 0; !e && i < n; i++) {
        cell[2 * i] = (struct cell){.text = v[i].name,
                                    .note = v[i].closed ? "This account is closed" : v[i].login};
        cell[2 * i + 1].text = guard_when(j, v[i].since);
    }
    p->people = (struct table){.name = "Who keeps it", .columns = columns, .n_columns = 2,
                               .cells = cell, .n_rows = n, .stack = true};
    return e;
}

static enum err
make_facts(struct job *j, int64_t person, struct sealed_page *p)
{
    static const struct column columns[] = {{"When", false}, {"What", false}, {"Where", false}};
    const struct child child = {.person = person};
    struct child_page_facts f = {.child = &child, .today = j->today};
    struct fact *v;
    struct cell *cell;
    size_t n;
    enum err e = fact_list(j, person, &v, &n);

    f.facts = v;
    f.n = n;
    if (e || (e = sealed_weeks(j, &f, &p->weeks)))
        return e;
    cell = job_array(j, 3 * n, sizeof *cell);
    for (size_t i = 0; i < n; i++) {
        cell[3 * i].text = child_fact_when(j, &v[i]);
        cell[3 * i + 1] = (struct cell){.text = child_fact_words(j, &v[i]), .note = v[i].source};
        cell[3 * i + 2].text = v[i].school;
    }
    p->facts = (struct table){.name = "What is known", .columns = columns, .n_columns = 3,
                              .cells = cell, .n_rows = n, .stack = true};
    return OK;
}

static enum err
read_record(struct job *j, void *arg)
{
    struct reading *a = arg;
    struct sealed_words *w;
    size_t n;
    enum err e = sealed_read(j, a->key, a->person, &w, &n);

    if (e || (e = make_news(j, a->person, a->p)) || (e = make_people(j, a->person, a->p)) ||
        (e = make_facts(j, a->person, a->p)) || (e = sealed_notes(j, a->q, &a->p->notes)) ||
        (e = sealed_keep(j, a->key, a->person, a->p)))
        return e;
    a->p->heading = name_of(j, w, n);
    make_about(j, w, n, a->p);
    return OK;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct sealed_page *p)
{
    int64_t person = request_part_id(q, 0);
    struct reading a = {q, &q->server->key, person, p};
    struct view *v = frame_view(j, q, "A sealed record");
    struct custody *mine;
    size_t n;
    enum err e;

    p->action = p->notes.action = job_format(j, "/sealed/%lld", (long long)person);
    p->notes.problems = p->problems;
    e = custody_within(j, person, read_record, &a);
    if (!e)
        e = custody_list(j, a.key, &mine, &n);
    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        if (mine[i].person == person) {
            p->lede = job_format(j, "Sealed since %s%s%s: %s", guard_when(j, mine[i].since),
                                 mine[i].by ? " by " : "", mine[i].by ? mine[i].by : "",
                                 mine[i].why);
            p->unseen = mine[i].news > 0;
        }
    if (!p->lede) /* it went */
        return err_set(j, ERR_NOT_FOUND, "there is no such record");
    p->view = v;
    v->back = "/sealed";
    v->back_text = "Sealed records you keep";
    p->open = job_format(j, "%s/open", p->action);
    if (!p->name)
        p->name = "";
    view_sealed(&r->body, p);
    return OK;
}

enum err
page_sealed(struct job *j, const struct request *q, struct response *r)
{
    struct sealed_page p = {0};

    return show(j, q, r, &p);
}

/* ---- what a form of it asks ------------------------------------------------------------------ */

struct change {
    const struct request *q;
    int64_t person;
    const char *what, *login;
};

static enum err
do_change(struct job *j, void *arg)
{
    const struct change *c = arg;

    if (!strcmp(c->what, "note"))
        return sealed_note_add(j, c->q);
    if (!strcmp(c->what, "hold"))
        return sealed_hold_add(j, c->q);
    if (request_form(c->q, "end"))
        return sealed_hold_end(j, c->q);
    return strcmp(c->what, "seen") ? custody_name(j, c->person, c->login)
                                   : custody_seen(j, c->person);
}

/* Where on the page the words about it belong. */
static const char *
field_of(struct job *j, const struct change *c)
{
    const char *end = request_form(c->q, "end");

    if (!strcmp(c->what, "note"))
        return "content";
    if (!strcmp(c->what, "hold"))
        return "hold";
    return end ? job_format(j, "end-%.20s", end) : "name";
}

enum err
page_sealed_change(struct job *j, const struct request *q, struct response *r)
{
    const char *what = request_form(q, "do"), *login = request_form(q, "name");
    struct change c = {q, request_part_id(q, 0), what ? what : "", login ? login : ""};
    struct problem wrong = {field_of(j, &c), NULL};
    struct sealed_page p = {.name = login};
    enum err e = custody_within(j, c.person, do_change, &c);

    if (e != ERR_INPUT) {
        r->location = job_format(j, "/sealed/%lld", (long long)c.person);
        return e;
    }
    wrong.text = words_capital(j, job_copy(j, j->err.message));
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return show(j, q, r, &p);
}
