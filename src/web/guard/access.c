/* Who may open a child's record: restricting it, naming people for it, barring people. */
#include "access/permit.h"
#include "base/date.h"
#include "base/text.h"
#include "people/safe_address.h"
#include "web/frame.h"
#include "web/guard/guard.h"
#include "web/guard/guard.html.h"
#include "web/pages.h"

const char *
guard_when(struct job *j, int64_t at)
{
    char words[DATE_TEXT + 16];

    return job_copy(j, time_words(at, words));
}

static const char *
child_path(struct job *j, int64_t person, const char *below)
{
    return job_format(j, "/children/%lld%s", (long long)person, below);
}

/* ---- on the child's page --------------------------------------------------------------- */

/* Whoever works for the whole area should know not to tell it. */
static enum err
address_line(struct job *j, int64_t person, struct guard_line *out)
{
    enum permit_reason may;
    struct safe_address safe;
    enum err e = permit_ask(j, ACT_ADDRESS, (struct subject){.person = person}, &may);

    if (!e)
        e = safe_address_get(j, NULL, person, &safe);
    if (e)
        return e;
    if (may == PERMIT_YES)
        out->address = child_path(j, person, "/address");
    if (safe.marked && !permit_school(j->who))
        out->safe = job_format(j, "The address is a safe one since %s: where the child lives must "
                                  "not be told to anybody.%s%s%s", guard_when(j, safe.since),
                               safe.by ? " Ask " : "", safe.by ? safe.by : "",
                               safe.by ? " if you need it." : "");
    return OK;
}

enum err
guard_line_of(struct job *j, int64_t person, struct guard_line *out)
{
    enum permit_reason may_level, may_note;
    struct guard g;
    enum err e = guard_get(j, person, &g);

    *out = (struct guard_line){0};
    if (!e)
        e = permit_ask(j, ACT_LEVEL, (struct subject){.person = person}, &may_level);
    if (e)
        return e;
    e = address_line(j, person, out);
    if (!e)
        e = permit_ask(j, ACT_CHILD, (struct subject){.person = person}, &may_note);
    if (e)
        return e;
    if (may_note == PERMIT_YES)
        out->notes = child_path(j, person, "/notes");
    if (may_level == PERMIT_YES)
        out->access = child_path(j, person, "/access");
    if (g.restricted && g.named)
        out->says = job_format(j, "Restricted: only %s and those named for it open this record.",
                               g.owner_name);
    else if (g.glass)
        out->says = "You opened this record in an emergency, to read. It closes by itself after "
                    "60 minutes.";
    if (g.glass && !g.named)
        out->leave = child_path(j, person, "/leave");
    return e;
}

void
guard_restricted(struct job *j, const struct request *q, struct response *r, int64_t person)
{
    struct restricted_page p = {.view = frame_view(j, q, "A restricted record"),
                                .phone = q->site->phone ? q->site->phone : "", .owner = ""};
    enum permit_reason may_level = PERMIT_ROLE;
    struct guard g;

    err_clear(j);
    if (guard_get(j, person, &g) ||
        permit_ask(j, ACT_LEVEL, (struct subject){.person = person}, &may_level))
        return;
    p.owner = g.owner_name ? g.owner_name : "the inclusion team";
    p.since = guard_when(j, g.since);
    if (permit_act(j->who, ACT_GLASS))
        p.emergency = child_path(j, person, "/emergency");
    if (may_level == PERMIT_YES)
        p.access = child_path(j, person, "/access");
    r->status = 403;
    view_restricted(&r->body, &p);
}

/* ---- the page ------------------------------------------------------------------------------ */

static const char *
typed(const struct request *q, const char *name)
{
    const char *s = q->method == POST ? request_form(q, name) : NULL;

    return s ? s : "";
}

static struct access_person *
people_of(struct job *j, const struct access_page *p, const struct guard_person *v, size_t n)
{
    struct access_person *out = job_array(j, n, sizeof *out);

    for (size_t i = 0; i < n; i++) {
        const char *until = v[i].until ? job_format(j, "until %s", guard_when(j, v[i].until))
                                       : "until that is ended";
        out[i] = (struct access_person){
            .view = p->view, .name = v[i].name, .login = v[i].login, .action = p->action,
            .says = v[i].why ? v[i].why : until, .undo = v[i].why ? "unbar" : "unname",
            .button = v[i].why ? "Take the bar away" : "End it"};
    }
    return out;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct access_page *p)
{
    int64_t person = request_part_id(q, 0);
    struct guard_person *named, *barred;
    struct view *v = frame_view(j, q, "Who may open this record");
    struct child c = {.name = "A restricted record"};
    enum permit_reason may_open = PERMIT_YES;
    struct guard g;
    enum err e = guard_list_named(j, person, &named, &p->n_named);

    if (!e)
        e = guard_list_barred(j, person, &barred, &p->n_barred);
    if (!e)
        e = guard_get(j, person, &g);
    if (!e) /* who is to take it over does not open it yet */
        e = permit_ask(j, ACT_CHILD, (struct subject){.person = person}, &may_open);
    if (!e && may_open == PERMIT_YES)
        e = child_get(j, person, &c);
    if (e)
        return e;
    p->view = v;
    p->back = v->back = child_path(j, person, "");
    v->back_text = c.name;
    p->heading = c.name;
    p->action = child_path(j, person, "/access");
    p->seal = permit_act(j->who, ACT_SEAL) ? child_path(j, person, "/seal") : NULL;
    p->restricted = g.restricted;
    p->lede = g.restricted
                  ? job_format(j, "Restricted since %s: %s. %s answers for it.",
                               guard_when(j, g.since), g.why,
                               g.owner_name ? g.owner_name : "Nobody")
                  : "Everybody whose role opens children’s records of the area, or of a school "
                    "that the child has been on the roll of, can open it.";
    p->named = people_of(j, p, named, p->n_named);
    p->barred = people_of(j, p, barred, p->n_barred);
    p->why = typed(q, "why");
    p->name = typed(q, "name");
    p->until = typed(q, "until");
    p->bar = typed(q, "bar");
    p->bar_why = typed(q, "bar-why");
    view_access(&r->body, p);
    return OK;
}

enum err
page_access(struct job *j, const struct request *q, struct response *r)
{
    struct access_page p = {0};

    return show(j, q, r, &p);
}

/* ---- changing it ----------------------------------------------------------------------------- */

#define DAY_US ((int64_t)24 * 3600 * 1000000)

/* The last day counts whole. */
static enum err
read_until(struct job *j, const char *s, int64_t *out)
{
    struct span day = span_trim(span_of(s));
    int32_t date;

    *out = 0;
    if (!day.n)
        return OK;
    if (!date_parse(day.s, day.n, &date))
        return err_set(j, ERR_INPUT, "Give the last day as in 31/3/2026");
    *out = ((int64_t)date + 1) * DAY_US;
    return OK;
}

static enum err
name_somebody(struct job *j, const struct request *q, const char **field)
{
    int64_t until;
    enum err e = read_until(j, typed(q, "until"), &until);

    *field = "until";
    if (e)
        return e;
    if (!until || until > j->now)
        *field = "name";
    return guard_name(j, request_part_id(q, 0), typed(q, "name"), until);
}

static enum err
restrict_it(struct job *j, const struct request *q, const char **field)
{
    *field = "why";
    return guard_restrict(j, (struct guard_order){request_part_id(q, 0), NULL, typed(q, "why")});
}

static enum err
lift_it(struct job *j, const struct request *q, const char **field)
{
    *field = "why";
    return guard_lift(j, request_part_id(q, 0), typed(q, "why"));
}

static enum err
unname_somebody(struct job *j, const struct request *q, const char **field)
{
    *field = "name";
    return guard_unname(j, request_part_id(q, 0), typed(q, "login"));
}

static enum err
bar_somebody(struct job *j, const struct request *q, const char **field)
{
    *field = typed(q, "bar-why")[0] ? "bar" : "bar-why";
    return guard_bar(j, request_part_id(q, 0), typed(q, "bar"), typed(q, "bar-why"));
}

static enum err
unbar_somebody(struct job *j, const struct request *q, const char **field)
{
    *field = "bar";
    return guard_unbar(j, request_part_id(q, 0), typed(q, "login"));
}

static const struct doing {
    const char *name;
    enum err (*fn)(struct job *j, const struct request *q, const char **field);
} doings[] = {{"restrict", restrict_it}, {"lift", lift_it},
              {"name", name_somebody},   {"unname", unname_somebody},
              {"bar", bar_somebody},     {"unbar", unbar_somebody}};

enum err
page_access_change(struct job *j, const struct request *q, struct response *r)
{
    struct access_page p = {0};
    struct problem wrong = {0};
    enum err e = err_set(j, ERR_USAGE, "say what is to be done");

    for (size_t i = 0; i < sizeof doings / sizeof *doings; i++)
        if (!strcmp(doings[i].name, typed(q, "do"))) {
            err_clear(j);
            e = doings[i].fn(j, q, &wrong.field);
        }
    if (e != ERR_INPUT) {
        r->location = child_path(j, request_part_id(q, 0), "/access");
        return e;
    }
    wrong.text = job_copy(j, j->err.message);
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return show(j, q, r, &p);
}
