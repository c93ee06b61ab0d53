#include "web/governance/governance.h"
#include "access/governance.h"
#include "access/permit.h"
#include "base/date.h"
#include "ui/words.h"
#include "web/frame.h"
#include "web/governance/governance.html.h"
#include "web/pages.h"

static const char *
day_words(struct job *j, int32_t day)
{
    char words[DATE_TEXT];

    return day == DATE_NONE ? NULL : job_copy(j, date_words(day, words));
}

static const char *
state_words(enum governance_state s)
{
    static const char *const words[] = {
        [GOVERNANCE_GOOD] = "In order", [GOVERNANCE_SOON] = "To be looked at again soon",
        [GOVERNANCE_OVERDUE] = "Overdue: look at it again", [GOVERNANCE_MISSING] = "Not recorded"};

    return words[s];
}

/* "impact-assessment", as the command line has it, in words. */
static const char *
spaced(struct job *j, const char *name)
{
    char *words = job_copy(j, name);

    for (char *p = words; *p; p++)
        if (*p == '-')
            *p = ' ';
    return words;
}

static struct table
records_table(struct job *j, const struct governance *g)
{
    static const struct column columns[] = {{"What", false}, {"State", false},
        {"Where it is", false}, {"Decided", false}, {"Looked at again by", false}};
    enum { N = sizeof columns / sizeof *columns };
    struct cell *cell = job_array(j, N * g->n, sizeof *cell);

    for (size_t i = 0; i < g->n; i++) {
        const struct governance_item *r = &g->item[i];
        struct cell *row = cell + N * i;
        bool there = r->state != GOVERNANCE_MISSING;
        row[0] = (struct cell){.text = words_capital(j, spaced(j, setting_name(r->setting))),
                               .note = setting_about(r->setting)};
        row[1].text = state_words(r->state);
        row[2] = (struct cell){.text = there ? r->recorded.reference : NULL,
                               .absent = there ? PRESENT : NONE};
        row[3] = (struct cell){.text = there ? day_words(j, r->recorded.date) : NULL,
                               .note = there ? r->recorded.who : NULL,
                               .absent = there ? PRESENT : NONE};
        row[4] = (struct cell){.text = there ? day_words(j, r->recorded.review) : NULL,
                               .absent = there ? PRESENT : NONE};
    }
    return (struct table){.name = "What is decided", .columns = columns, .n_columns = N,
                          .cells = cell, .n_rows = g->n, .stack = true};
}

static const char *
kind_words(const struct governance *g)
{
    if (setting_is_demonstration(&g->all))
        return "A demonstration: made-up children only";
    return setting_is_live(&g->all) ? "Live" : "A trial: on its own machine only";
}

static void
make_about(struct job *j, const struct governance *g, struct governance_page *p)
{
    struct named *v = job_array(j, 4, sizeof *v);
    size_t n = 0;

    v[n++] = (struct named){.name = "This database is", .value = kind_words(g)};
    v[n++] = (struct named){.name = "Council", .value = g->all.value[SETTING_COUNCIL],
                            .absent = g->council ? PRESENT : NONE};
    v[n++] = (struct named){.name = "Address", .value = g->all.value[SETTING_ADDRESS],
                            .absent = g->address ? PRESENT : NONE};
    if (j->area)
        v[n++] = (struct named){
            .name = "Sharing agreement in force",
            .value = g->version ? job_format(j, "Version %lld", (long long)g->version) : NULL,
            .href = "/agreement",
            .note = g->version ? job_format(j, "%s. To be looked at again by %s.",
                                            state_words(g->agreement), day_words(j, g->review_on))
                               : "Nothing may be shared until one is brought into force.",
            .absent = g->version ? PRESENT : NONE};
    p->about = v;
    p->n_about = n;
}

static void
make_words(struct job *j, const struct governance *g, struct governance_page *p)
{
    size_t missing = 0, overdue = g->agreement == GOVERNANCE_OVERDUE;

    for (size_t i = 0; i < g->n; i++) {
        missing += g->item[i].state == GOVERNANCE_MISSING;
        overdue += g->item[i].state == GOVERNANCE_OVERDUE;
    }
    missing += (size_t)!g->council + (size_t)!g->address;
    if (missing)
        p->heading = words_capital(j, job_format(j, "%s missing", words_counted(
                         j, (int64_t)missing, "thing is", "things are")));
    else if (overdue)
        p->heading = job_format(j, "%s overdue", words_counted(j, (int64_t)overdue, "review is",
                                                               "reviews are"));
    else
        p->heading = "Everything is in order";
    if (setting_is_live(&g->all))
        p->lede = "Real data is held here because these were decided. Each is looked at again by "
                  "its day.";
    else if (setting_is_demonstration(&g->all))
        p->lede = "A demonstration holds made-up children only, so nothing has to be decided. A "
                  "database for real data needs all of it.";
    else
        p->lede = "A database is made live, and reached by others, only once all of this is "
                  "recorded.";
}

enum err
page_governance(struct job *j, const struct request *q, struct response *r)
{
    struct governance_page p = {.view = frame_view(j, q, "Governance")};
    struct governance *g = job_alloc(j, sizeof *g);
    enum err e = governance_get(j, g);

    if (e)
        return e;
    p.records = records_table(j, g);
    p.setup = permit_act(j->who, ACT_SETUP);
    make_about(j, g, &p);
    make_words(j, g, &p);
    view_governance(&r->body, &p);
    return OK;
}
