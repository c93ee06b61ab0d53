/* Openings in an emergency as the officer sees them, and as the owner of a record does. */
#include "base/date.h"
#include "ui/words.h"
#include "web/frame.h"
#include "web/guard/guard.h"
#include "web/guard/openings.html.h"
#include "web/pages.h"

#define DAY_US ((int64_t)24 * 3600 * 1000000)

static const char *
state_words(struct job *j, const struct glass *g)
{
    if (!g->verdict)
        return g->until > j->now && !g->finished ? "Open now" : "To be looked at";
    return g->verdict[0] == 'n' ? "Not justified" : "Justified";
}

static struct table
table_of(struct job *j, const struct glass *v, size_t n, bool links)
{
    static const struct column columns[] = {{"When", false}, {"By", false}, {"Why", false},
        {"Record", false}, {"State", false}};
    struct cell *cell = job_array(j, 5 * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = &cell[5 * i];
        row[0] = (struct cell){.text = guard_when(j, v[i].begun),
                               .href = links ? job_format(j, "/openings/%lld", (long long)v[i].id)
                                             : NULL};
        row[1].text = v[i].name;
        row[2] = (struct cell){.text = glass_reason_words(v[i].reason), .note = v[i].why};
        row[3] = (struct cell){.text = job_format(j, "Record %lld", (long long)v[i].person),
                               .note = job_format(j, "Ask %s", v[i].owner_name)};
        row[4] = (struct cell){.text = state_words(j, &v[i]), .note = v[i].verdict_why};
    }
    return (struct table){.name = "Openings in an emergency", .columns = columns, .n_columns = 5,
                          .cells = cell, .n_rows = n, .stack = true};
}

/* ---- the officer's ------------------------------------------------------------------------ */

/* First day of the month that lies this many months back; -1: of the next. */
static int32_t
month_begin(int32_t today, int back)
{
    struct ymd d = date_to_ymd(today);
    int32_t months = d.year * 12 + d.month - 1 - back;

    return date_from_ymd(months / 12, months % 12 + 1, 1);
}

static enum err
make_month(struct job *j, int back, struct openings_page *p)
{
    int32_t now = (int32_t)(j->now / DAY_US); /* a demonstration's today is long past */
    int32_t from = month_begin(now, back), until = month_begin(now, back - 1);
    struct named *v = job_array(j, GLASS_REASONS + 3, sizeof *v);
    struct glass_month m;
    char words[DATE_TEXT];
    enum err e = glass_month(j, from * DAY_US, until * DAY_US, &m);

    for (int i = 0; i < GLASS_REASONS; i++)
        v[p->n_month++] = (struct named){.name = glass_reason_words((enum glass_reason)i),
                                         .value = words_count(j, m.opened[i])};
    v[p->n_month++] = (struct named){.name = "Found justified",
                                     .value = words_count(j, m.justified)};
    v[p->n_month++] = (struct named){.name = "Found not justified",
                                     .value = words_count(j, m.not_justified)};
    v[p->n_month++] = (struct named){.name = "To be looked at",
                                     .value = words_count(j, m.waiting)};
    p->month = v;
    p->month_name = job_format(j, "Month from %s", date_words(from, words));
    p->earlier = job_format(j, "/openings?back=%d", back + 1);
    p->later = back ? job_format(j, "/openings?back=%d", back - 1) : NULL;
    return e;
}

enum { BACK_MOST = 240 };

enum err
page_openings(struct job *j, const struct request *q, struct response *r)
{
    int64_t back = request_int(q, "back", 0);
    struct openings_page p = {.view = frame_view(j, q, "Opened in an emergency")};
    struct glass *waiting = NULL, *closed = NULL;
    size_t n_waiting = 0, n_closed = 0;
    enum err e = glass_list(j, GLASS_WAITING, &waiting, &n_waiting);

    if (!e)
        e = glass_list(j, GLASS_CLOSED, &closed, &n_closed);
    if (!e)
        e = make_month(j, back > 0 && back <= BACK_MOST ? (int)back : 0, &p);
    if (e)
        return e;
    p.heading = n_waiting ? job_format(j, "%s to look at",
                                       words_counted(j, (int64_t)n_waiting, "opening", "openings"))
                          : "Nothing to look at";
    p.lede = "Restricted records that somebody opened in an emergency. Each stays here until you "
             "find it justified or not. You see who, when and why; for the child, ask the owner.";
    p.waiting = table_of(j, waiting, n_waiting, true);
    p.closed = table_of(j, closed, n_closed, true);
    view_openings(&r->body, &p);
    return OK;
}

static void
make_about(struct job *j, const struct glass *g, struct opening_page *p)
{
    struct named *v = job_array(j, 8, sizeof *v);
    size_t n = 0;

    v[n++] = (struct named){.name = "Opened", .value = guard_when(j, g->begun)};
    v[n++] = (struct named){.name = g->finished ? "Left" : g->until > j->now ? "Closes" : "Closed",
                            .value = guard_when(j, g->finished ? g->finished : g->until)};
    v[n++] = (struct named){.name = "By", .value = g->name};
    v[n++] = (struct named){.name = "Reason", .value = glass_reason_words(g->reason),
                            .note = g->why};
    v[n++] = (struct named){.name = "Record",
                            .value = job_format(j, "Record %lld", (long long)g->person),
                            .note = job_format(j, "%s answers for it", g->owner_name)};
    if (g->verdict)
        v[n++] = (struct named){.name = state_words(j, g), .value = g->verdict_why,
                                .note = job_format(j, "%s, %s", g->verdict_by ? g->verdict_by : "",
                                                   guard_when(j, g->verdict_at))};
    p->about = v;
    p->n_about = n;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct opening_page *p)
{
    struct view *v = frame_view(j, q, "Opened in an emergency");
    struct glass g;
    enum err e = glass_get(j, request_part_id(q, 0), &g);

    if (e)
        return e;
    p->view = v;
    v->back = "/openings";
    v->back_text = "All openings";
    p->heading = job_format(j, "%s, %s", g.name, guard_when(j, g.begun));
    p->action = job_format(j, "/openings/%lld", (long long)g.id);
    p->open = !g.verdict && (!j->who || g.account != j->who->account);
    make_about(j, &g, p);
    view_opening(&r->body, p);
    return OK;
}

enum err
page_opening(struct job *j, const struct request *q, struct response *r)
{
    struct opening_page p = {.why = ""};

    return show(j, q, r, &p);
}

enum err
page_opening_judge(struct job *j, const struct request *q, struct response *r)
{
    const char *verdict = request_form(q, "verdict"), *why = request_form(q, "why");
    struct opening_page p = {.why = why ? why : ""};
    struct problem wrong = {"verdict", "Say whether it was justified"};
    enum err e = ERR_INPUT;

    p.justified = verdict && !strcmp(verdict, "justified");
    p.not_justified = verdict && !strcmp(verdict, "not justified");
    if (p.justified || p.not_justified) {
        e = glass_judge(j, request_part_id(q, 0), p.justified, p.why);
        wrong = (struct problem){"why", job_copy(j, j->err.message)};
    }
    if (e != ERR_INPUT) {
        r->location = "/openings";
        return e;
    }
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return show(j, q, r, &p);
}

/* ---- the owner's ---------------------------------------------------------------------------- */

static struct table
records_table(struct job *j, const struct child *c, size_t n, const struct guard_owned *v,
              size_t n_v)
{
    static const struct column columns[] = {{"Child", false}, {"Restricted since", false},
        {"Why", false}};
    struct cell *cell = job_array(j, 3 * n, sizeof *cell);

    for (size_t i = 0; i < n; i++) {
        const struct guard_owned *g = v;
        while (g < v + n_v && g->person != c[i].person)
            g++;
        cell[3 * i] = (struct cell){
            .text = c[i].name, .note = c[i].school,
            .href = job_format(j, "/children/%lld/access", (long long)c[i].person)};
        cell[3 * i + 1].text = guard_when(j, g->since);
        cell[3 * i + 2].text = g->why;
    }
    return (struct table){.name = "Records you answer for", .columns = columns, .n_columns = 3,
                          .cells = cell, .n_rows = n, .stack = true};
}

static enum err
make_records(struct job *j, struct own_records_page *p)
{
    struct guard_owned *v;
    struct child *c;
    int64_t *person;
    size_t n, n_c;
    enum err e = guard_list_owned(j, &v, &n);

    if (e)
        return e;
    person = job_array(j, n, sizeof *person);
    for (size_t i = 0; i < n; i++)
        person[i] = v[i].person;
    e = child_list(j, person, n, &c, &n_c);
    if (!e)
        p->records = records_table(j, c, n_c, v, n);
    return e;
}

enum err
page_own_records(struct job *j, const struct request *q, struct response *r)
{
    struct own_records_page p = {.view = frame_view(j, q, "Records you answer for")};
    struct glass *v = NULL;
    size_t n = 0, unseen = 0;
    enum err e = make_records(j, &p);

    if (!e)
        e = glass_list(j, GLASS_MINE, &v, &n);
    if (!e)
        e = glass_count(j, &unseen);
    if (e)
        return e;
    p.unseen = unseen > 0;
    p.openings = table_of(j, v, n, false);
    p.heading = p.records.n_rows
                    ? words_counted(j, (int64_t)p.records.n_rows, "restricted record is yours",
                                    "restricted records are yours")
                    : "You answer for no restricted record";
    p.lede = "A record is restricted from the child’s page. You say who else may open it, and you "
             "see here when somebody opened one in an emergency.";
    view_own_records(&r->body, &p);
    return OK;
}

enum err
page_own_records_seen(struct job *j, const struct request *q, struct response *r)
{
    (void)q;
    r->location = "/records";
    return glass_seen(j);
}
