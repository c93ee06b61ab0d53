#include "web/accounts/mail.h"
#include "access/outbox.h"
#include "access/setting.h"
#include "base/date.h"
#include "ui/words.h"
#include "web/accounts/mail.html.h"
#include "web/frame.h"
#include "web/pages.h"

static const char *
when(struct job *j, int64_t at)
{
    char words[DATE_TEXT + 16];

    return job_copy(j, time_words(at, words));
}

static const char *
state_words(struct job *j, const struct outbox_row *m)
{
    if (!strcmp(m->state, "sent"))
        return job_format(j, "Sent, %s", when(j, m->settled));
    if (!strcmp(m->state, "given-up"))
        return job_format(j, "Given up, %s", when(j, m->settled));
    if (!strcmp(m->state, "sending"))
        return "Being sent";
    if (!strcmp(m->state, "perhaps"))
        return "Perhaps sent";
    if (!strcmp(m->state, "left"))
        return job_format(j, "Perhaps sent, and left at that, %s", when(j, m->settled));
    if (!strcmp(m->state, "dropped"))
        return "Not sent: it was withdrawn, or a newer one took its place";
    return m->tries ? job_format(j, "Tried again at %s", when(j, m->next_try)) : "About to go";
}

static void
fill_row(struct job *j, const struct outbox_row *m, struct cell *c)
{
    c[0] = (struct cell){.text = m->to ? m->to : "Somebody whose account is gone",
                         .href = m->to ? job_format(j, "/accounts/%lld", (long long)m->account)
                                       : NULL};
    c[1] = (struct cell){.text = words_capital(j, m->about)};
    c[2] = (struct cell){.text = when(j, m->made)};
    c[3] = (struct cell){.text = state_words(j, m), .note = m->problem};
    c[4] = (struct cell){.text = words_count(j, m->tries)};
}

static void
fill_unsure(struct job *j, const struct outbox_row *list, size_t n, struct mail_page *p)
{
    struct mail_unsure *v = job_array(j, n, sizeof *v);

    for (size_t i = 0; i < n; i++)
        if (!strcmp(list[i].state, "perhaps"))
            v[p->n_unsure++] = (struct mail_unsure){
                job_format(j, "%s to %s, written on %s", words_capital(j, list[i].about),
                           list[i].to ? list[i].to : "somebody whose account is gone",
                           when(j, list[i].made)),
                list[i].problem ? list[i].problem : "Nobody knows", list[i].area, list[i].id};
    p->unsure = v;
}

/* Where it goes, as the program is set up. */
static enum err
way_words(struct job *j, const char **out)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    *out = !e && setting_value(&all, SETTING_MAIL_SERVER)
               ? "Nothing personal is in it: each message only says that there is something to "
                 "look at. Addresses are not shown here."
               : "No mail server is set up: messages are put into the folder “mail” where the "
                 "program runs. “rooted setup --mail-server” changes that.";
    return e;
}

enum err
page_mail(struct job *j, const struct request *q, struct response *r)
{
    static const struct column columns[] = {
        {"To", false}, {"What", false}, {"Written", false}, {"State", false}, {"Tries", true},
    };
    enum { N = sizeof columns / sizeof *columns };
    struct view *v = frame_view(j, q, "Mail that was sent");
    struct mail_page p = {.view = v};
    struct outbox_row *list;
    struct cell *cells;
    size_t n;
    enum err e = outbox_list(j, &list, &n);

    if (!e)
        e = way_words(j, &p.lede);
    if (e)
        return e;
    v->back = "/accounts";
    v->back_text = "Accounts";
    cells = job_array(j, N * n, sizeof *cells);
    for (size_t i = 0; i < n; i++)
        fill_row(j, &list[i], cells + N * i);
    fill_unsure(j, list, n, &p);
    p.table = (struct table){.name = "Mail", .columns = columns, .n_columns = N, .cells = cells,
                             .n_rows = n, .stack = true};
    view_mail(&r->body, &p);
    return OK;
}

enum err
page_mail_settle(struct job *j, const struct request *q, struct response *r)
{
    const char *area = request_form(q, "area"), *id = request_form(q, "id");
    const char *what = request_form(q, "do");
    const struct outbox_settle s = {area ? strtoll(area, NULL, 10) : 0,
                                    id ? strtoll(id, NULL, 10) : 0,
                                    what && !strcmp(what, "again")};

    r->location = "/mail";
    return outbox_settle(j, &s);
}
