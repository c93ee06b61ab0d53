#include "web/accounts/roles.h"
#include "access/account.h"
#include "access/agency.h"
#include "base/date.h"
#include "base/text.h"
#include "ui/words.h"
#include "web/accounts/roles.html.h"
#include "web/frame.h"
#include "web/pages.h"
#include "web/session/sign_in.h"

#define DAY_US ((int64_t)24 * 3600 * 1000000)

static const char *
typed(const struct request *q, const char *name)
{
    const char *s = q->method == POST ? request_form(q, name) : NULL;

    return s ? s : "";
}

static const char *
when(struct job *j, int64_t at)
{
    char words[DATE_TEXT + 16];

    return job_copy(j, time_words(at, words));
}

static const char *
place_words(struct job *j, const struct account_role *r)
{
    return r->agency_name ? job_format(j, "%s, authority %03lld", r->agency_name,
                                       (long long)r->area)
                          : NULL;
}

/* A role ends as a day does: that day is its last. */
static const char *
last_day(struct job *j, int64_t until)
{
    char words[DATE_TEXT];
    int32_t minute;

    return job_copy(j, date_words(date_of_time(until - 1, &minute), words));
}

/* ---- what there is ----------------------------------------------------------------------- */

static const char *
state_words(struct job *j, const struct account_role *r)
{
    if (r->until && r->until <= j->now)
        return job_format(j, "Over, %s", when(j, r->until));
    if (r->since > j->now)
        return job_format(j, "Begins %s", when(j, r->since));
    return r->until ? job_format(j, "Until %s", last_day(j, r->until)) : "No end known";
}

enum err
roles_table(struct job *j, int64_t account, struct table *out)
{
    static const struct column columns[] = {
        {"Role", false}, {"Since", false}, {"State", false}, {"Given by", false},
    };
    enum { N = sizeof columns / sizeof *columns };
    struct account_role *v;
    struct cell *cells, *c;
    size_t n;
    enum err e = account_role_list(j, account, &v, &n);

    if (e)
        return e;
    c = cells = job_array(j, N * n, sizeof *cells);
    for (size_t i = n; i-- > 0; c += N) {
        c[0] = (struct cell){.text = words_capital(j, role_title(v[i].role)),
                             .note = place_words(j, &v[i]),
                             .href = job_format(j, "/accounts/%lld/roles/%lld",
                                                (long long)account, (long long)v[i].number)};
        c[1] = (struct cell){.text = when(j, v[i].since)};
        c[2] = (struct cell){.text = state_words(j, &v[i])};
        c[3] = (struct cell){.text = v[i].giver ? v[i].giver : "Where the program runs",
                             .note = v[i].why};
    }
    *out = (struct table){.name = "Roles", .columns = columns, .n_columns = N, .cells = cells,
                          .n_rows = n, .stack = true};
    return OK;
}

static const char *
account_path(struct job *j, const struct account *a)
{
    return job_format(j, "/accounts/%lld", (long long)a->id);
}

static enum err
find(struct job *j, const struct request *q, struct account *a)
{
    int64_t id = request_part_id(q, 0);
    enum err e = permit(j, ACT_ACCOUNTS,
                        (struct subject){.what = job_format(j, "account %lld", (long long)id)});

    return e ? e : account_find(j, id, a);
}

/* ---- giving one ----------------------------------------------------------------------------- */

/* The first is none: nobody becomes an administrator by oversight. */
static struct option *
options(struct job *j, const char *chosen)
{
    struct option *v = job_array(j, ROLES + 1, sizeof *v);

    v[0] = (struct option){"", "Choose a role", !chosen[0]};
    for (int r = 0; r < ROLES; r++) {
        const char *name = role_name((enum role)r);
        v[r + 1] = (struct option){name, words_capital(j, role_title((enum role)r)),
                                   !strcmp(name, chosen)};
    }
    return v;
}

static enum err
agencies_of(struct job *j, const char *chosen, struct option **out, size_t *n)
{
    struct agency *list;
    struct option *v;
    size_t all;
    enum err e = agency_list(j, &list, &all);

    *n = 0;
    if (e)
        return e;
    v = job_array(j, all + 1, sizeof *v);
    v[(*n)++] = (struct option){"", "None (system administrator)", !chosen[0]};
    for (size_t i = 0; i < all; i++) {
        const char *id = job_format(j, "%lld-%lld", (long long)list[i].area,
                                    (long long)list[i].id);
        if (!list[i].ended)
            v[(*n)++] = (struct option){id, job_format(j, "%s (%03lld)", list[i].name,
                                                       (long long)list[i].area),
                                        !strcmp(id, chosen)};
    }
    *out = v;
    return OK;
}

static void
fill_dates(const struct request *q, const struct problems *problems, struct role_fields *f)
{
    f->since = (struct text_field){.id = "since", .label = "First day",
                                   .hint = "Such as 1/9/2026; empty: from now on",
                                   .value = typed(q, "since"),
                                   .problem = problem_of(problems, "since")};
    f->until = (struct text_field){.id = "until", .label = "Last day",
                                   .hint = "Such as 31/3/2027; empty: until it is ended",
                                   .value = typed(q, "until"),
                                   .problem = problem_of(problems, "until")};
    f->why = (struct text_field){.id = "why", .label = "Why?",
                                 .hint = "Such as: covers for Ada Fenwick. It is kept.",
                                 .value = typed(q, "why"),
                                 .problem = problem_of(problems, "why")};
}

enum err
roles_fields(struct job *j, const struct request *q, const struct problems *problems,
             struct role_fields *out)
{
    struct option *agencies;
    size_t n;
    enum err e = agencies_of(j, typed(q, "agency"), &agencies, &n);

    if (e)
        return e;
    out->no_agencies = n == 1;
    out->role = (struct text_field){.id = "role", .label = "Role",
                                    .options = options(j, typed(q, "role")), .n = ROLES + 1,
                                    .problem = problem_of(problems, "role")};
    out->agency = (struct text_field){.id = "agency", .label = "For which agency?",
                                      .options = agencies, .n = n,
                                      .problem = problem_of(problems, "agency")};
    fill_dates(q, problems, out);
    return OK;
}

static enum err
show_new(struct job *j, const struct request *q, struct response *r, struct role_new_page *p)
{
    struct account a;
    struct view *v;
    enum err e = account_find(j, request_part_id(q, 0), &a);

    if (!e)
        e = roles_fields(j, q, &p->problems, &p->fields);
    if (e)
        return e;
    v = frame_view(j, q, job_format(j, "Give %s a role", a.name));
    p->view = v;
    p->back = v->back = account_path(j, &a);
    v->back_text = a.name;
    p->action = job_format(j, "%s/roles", p->back);
    view_role_new(&r->body, p);
    return OK;
}

enum err
page_role_new(struct job *j, const struct request *q, struct response *r)
{
    struct role_new_page p = {0};
    struct account a;
    enum err e = find(j, q, &a);

    return e || !sign_in_strong(j, q, r) ? e : show_new(j, q, r, &p);
}

static enum err
read_day(struct job *j, const char *text, bool last, int64_t *out)
{
    struct span day = span_trim(span_of(text));
    int32_t date;

    *out = 0;
    if (!day.n)
        return OK;
    if (!date_parse(day.s, day.n, &date))
        return err_set(j, ERR_INPUT, "Give the day as in 31/3/2027");
    *out = ((int64_t)date + last) * DAY_US;
    return OK;
}

enum err
roles_read(struct job *j, const struct request *q, struct account_role *role, const char **field)
{
    const char *agency = typed(q, "agency"), *dash = strchr(agency, '-');
    enum err e;

    *role = (struct account_role){.why = typed(q, "why")};
    *field = "role";
    if (!role_find(typed(q, "role"), &role->role))
        return err_set(j, ERR_INPUT, "Choose a role");
    if (dash) {
        role->area = strtoll(agency, NULL, 10);
        role->agency = strtoll(dash + 1, NULL, 10);
    }
    *field = "since";
    e = read_day(j, typed(q, "since"), false, &role->since);
    if (!e) {
        *field = "until";
        e = read_day(j, typed(q, "until"), true, &role->until);
    }
    return e;
}

const char *
roles_field(const struct job *j, const struct account_role *r)
{
    if (!r->why[strspn(r->why, " \r\n\t")] || strlen(r->why) > ROLE_WHY)
        return "why";
    if (r->until && (r->until <= r->since || r->until <= j->now))
        return "until";
    return "agency";
}

enum err
page_role_give(struct job *j, const struct request *q, struct response *r)
{
    struct role_new_page p = {0};
    struct account_role role;
    struct problem wrong = {0};
    struct account a;
    int64_t number;
    enum err e = find(j, q, &a);

    if (e || !sign_in_strong_for(j, q->path, r))
        return e;
    e = roles_read(j, q, &role, &wrong.field);
    role.account = a.id;
    if (!e) {
        wrong.field = a.id == j->who->account ? "role" : roles_field(j, &role);
        e = account_role_give(j, &role, &number);
    }
    if (e != ERR_INPUT && e != ERR_CONFLICT) {
        r->location = account_path(j, &a);
        return e;
    }
    wrong.text = job_copy(j, j->err.message);
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return show_new(j, q, r, &p);
}

/* ---- one of them ----------------------------------------------------------------------------- */

static void
fill_facts(struct job *j, const struct account_role *role, struct role_page *p)
{
    struct named *v = job_array(j, 8, sizeof *v);
    size_t n = 0;

    v[n++] = (struct named){.name = "Role", .value = words_capital(j, role_title(role->role))};
    if (role->agency_name)
        v[n++] = (struct named){.name = "For", .value = place_words(j, role)};
    v[n++] = (struct named){.name = "Since", .value = when(j, role->since)};
    v[n++] = (struct named){.name = "State", .value = state_words(j, role)};
    v[n++] = (struct named){.name = "Given by",
                            .value = role->giver ? role->giver : "Where the program runs"};
    v[n++] = (struct named){.name = "Why", .value = role->why};
    if (role->end_why)
        v[n++] = (struct named){.name = "Why it ended", .value = role->end_why};
    p->facts = v;
    p->n_facts = n;
}

static enum err
show(struct job *j, const struct request *q, struct response *r, struct role_page *p)
{
    struct account_role role;
    struct account a;
    struct view *v;
    enum err e = account_find(j, request_part_id(q, 0), &a);

    if (!e)
        e = account_role_get(j, a.id, request_part_id(q, 1), &role);
    if (e)
        return e;
    v = frame_view(j, q, job_format(j, "A role of %s", a.name));
    p->view = v;
    p->back = v->back = account_path(j, &a);
    v->back_text = a.name;
    p->action = job_format(j, "%s/roles/%lld", p->back, (long long)role.number);
    p->over = role.until && role.until <= j->now;
    p->why = (struct text_field){.id = "why", .label = "Why does it end?", .hint = "It is kept.",
                                 .value = typed(q, "why"),
                                 .problem = problem_of(&p->problems, "why")};
    fill_facts(j, &role, p);
    view_role(&r->body, p);
    return OK;
}

enum err
page_role(struct job *j, const struct request *q, struct response *r)
{
    struct role_page p = {0};
    struct account a;
    enum err e = find(j, q, &a);

    return e ? e : show(j, q, r, &p);
}

enum err
page_role_end(struct job *j, const struct request *q, struct response *r)
{
    struct role_page p = {0};
    struct problem wrong = {.field = "why"};
    struct account_role role;
    struct account a;
    enum err e = find(j, q, &a);

    if (!e)
        e = account_role_get(j, a.id, request_part_id(q, 1), &role);
    if (!e)
        e = account_role_end(j, &role, typed(q, "why"));
    if (e != ERR_INPUT && e != ERR_CONFLICT) {
        if (!e)
            r->location = account_path(j, &a);
        return e;
    }
    wrong.text = job_copy(j, j->err.message);
    err_clear(j);
    p.problems = (struct problems){&wrong, 1};
    r->status = 422;
    return show(j, q, r, &p);
}
