#include "people/fact.h"
#include "risk/clocks.h"
#include "ui/words.h"
#include "web/tell/tell.h"

const char *
tell_state(const struct school_form *f, const char **class_)
{
    *class_ = "govuk-tag--line";
    if (!strcmp(f->state, "draft"))
        return "Not sent yet";
    if (!strcmp(f->state, "refused")) {
        *class_ = "govuk-tag--clay";
        return "Could not be taken";
    }
    if (f->withdrawn) {
        *class_ = "govuk-tag--clay";
        return "Taken back";
    }
    if (f->changed_by)
        return "Changed since";
    if (!strcmp(f->state, "sent"))
        return "Sent, being read";
    *class_ = "govuk-tag--green";
    return "Received";
}

/* ---- the list ----------------------------------------------------------------------- */

struct table
tell_sent_table(struct job *j, const struct school_form *v, size_t n, bool school)
{
    static const struct column columns[] = {{"Form", false}, {"Pupil", false}, {"Sent", false},
                                            {"State", false}, {"School", false}};
    size_t wide = school ? 4 : 5;
    struct cell *c = job_array(j, wide * n + 1, sizeof *c);

    for (size_t i = 0; i < n; i++) {
        struct cell *row = &c[wide * i];
        const char *class_, *title = school_form_about(v[i].kind).title;
        char when[DATE_TEXT + 16];
        row[0] = (struct cell){.text = title, .href = tell_path(j, &v[i]),
            .hidden = job_format(j, "about %s", school_form_pupil(j, &v[i])),
            .note = !strcmp(v[i].status, "new") ? NULL : words_capital(j, v[i].status)};
        row[1].text = school_form_pupil(j, &v[i]);
        row[2].text = job_copy(j, time_words(v[i].sent ? v[i].sent : v[i].saved, when));
        row[2].note = v[i].sent ? job_format(j, "by %s", v[i].author) : NULL;
        row[3].text = tell_state(&v[i], &class_);
        if (!school)
            row[4].text = v[i].school;
    }
    return (struct table){.name = "Forms", .columns = columns, .n_columns = wide, .cells = c,
                          .n_rows = n, .stack = true};
}

/* ---- clocks -------------------------------------------------------------------------- */

struct events {
    struct clock_event *v;
    size_t n, at; /* at: that of the form */
};

static enum timeline_category
category_of(const char *code)
{
    return !strcmp(code, "PERM") ? CATEGORY_PERMANENT
           : !strcmp(code, "LNCH") ? CATEGORY_LUNCHTIME : CATEGORY_SUSPENSION;
}

static struct clock_event
event_of_form(const struct school_form *f)
{
    int32_t last = school_form_day(school_form_answer(f, "EndDate"));
    const char *sessions = school_form_answer(f, "Sessions");

    return (struct clock_event){.urn = f->urn,
        .started = school_form_day(school_form_answer(f, "StartDate")),
        .ended = last == DATE_NONE ? DATE_NONE : last + 1, .notified = f->told,
        .sessions = *sessions ? (int32_t)strtol(sessions, NULL, 10) : -1,
        .category = category_of(school_form_answer(f, "Category"))};
}

static bool
is_there(const struct events *x, const struct clock_event *e)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->v[i].urn == e->urn && x->v[i].started == e->started &&
            x->v[i].category == e->category)
            return true;
    return false;
}

static int
by_start(const void *a, const void *b)
{
    const struct clock_event *x = a, *y = b;

    return x->started != y->started ? (x->started < y->started ? -1 : 1)
                                    : (x->urn > y->urn) - (x->urn < y->urn);
}

/* What the files say of the child's other suspensions, each once: the newest word counts. */
static enum err
read_events(struct job *j, const struct school_form *f, struct events *x)
{
    struct clock_event own = event_of_form(f);
    struct fact *facts = NULL;
    size_t n = 0, kept = 0;
    bool *gone;
    enum err e = f->person ? fact_list(j, f->person, &facts, &n) : OK;

    x->v = job_array(j, n + 1, sizeof *x->v);
    gone = job_array(j, n + 1, sizeof *gone);
    x->v[x->n++] = own;
    for (size_t i = 0; !e && i < n; i++) {
        const struct fact *k = &facts[i];
        struct clock_event ev = {.urn = k->urn, .started = k->from,
            .ended = k->to == DATE_NONE ? DATE_NONE : k->to + 1, .notified = DATE_NONE,
            .sessions = (int32_t)k->number};
        if (k->kind != FACT_SUSPENSION || !k->code || k->from == DATE_NONE)
            continue;
        ev.category = category_of(k->code);
        if (is_there(x, &ev))
            continue;
        gone[x->n] = k->code3 && !strcmp(k->code3, "cancelled");
        x->v[x->n++] = ev;
    }
    for (size_t i = 0; i < x->n; i++)
        if (!gone[i])
            x->v[kept++] = x->v[i];
    x->n = kept;
    qsort(x->v, x->n, sizeof *x->v, by_start);
    for (size_t i = 0; i < x->n; i++)
        if (x->v[i].urn == own.urn && x->v[i].started == own.started &&
            x->v[i].category == own.category)
            x->at = i;
    return e;
}

struct saying {
    struct job *j;
    const char **v;
    size_t n;
};

static void
say(struct saying *s, const char *words)
{
    s->v[s->n++] = words;
}

static const char *
days_words(struct job *j, int sessions)
{
    return job_format(j, "%d%s %s", sessions / 2, sessions % 2 ? ".5" : "",
                      sessions == 2 ? "day" : "days");
}

static const char *
by_words(struct job *j, int32_t day)
{
    char words[DATE_TEXT];

    if (day == DATE_NONE)
        return "; the day cannot be told, for the term dates are not loaded that far";
    return job_format(j, ", by %s", date_words(day, words));
}

static void
say_sums(struct saying *s, const struct clock_rules *r, struct clock_sums sums)
{
    struct job *j = s->j;
    const char *more = sums.incomplete ? " Some records do not say how long they lasted." : "";

    say(s, job_format(j, "With this, what we hold adds up to %s of suspension in this term and %s "
                         "in this school year, of %d that a year may have.%s",
                      days_words(j, sums.term), days_words(j, sums.year),
                      r->amount[CLOCK_YEAR_DAYS], more));
    switch (clock_limit(r, sums.year)) {
    case LIMIT_BREACH:
        say(s, "That is more than the law allows in one school year. Speak to the inclusion team "
               "today.");
        break;
    case LIMIT_RED:
    case LIMIT_AMBER:
        say(s, "The limit of the year is near. Speak to the inclusion team before the next one.");
        break;
    case LIMIT_OK:
        break;
    }
}

static void
say_due(struct saying *s, const struct clock_due *d)
{
    struct job *j = s->j;
    char day[DATE_TEXT];

    if (d->sixth_needed && d->sixth_day != DATE_NONE)
        say(s, job_format(j, "Day 6: full-time education must be arranged from %s, by %s.",
                          date_words(d->sixth_day, day),
                          d->by_authority ? "the authority where the child lives" : "your school"));
    else if (d->sixth_needed)
        say(s, job_format(j, "Day 6: full-time education must be arranged from the sixth school "
                             "day, by %s. Which day that is cannot be told, for the term dates "
                             "are not loaded that far.",
                          d->by_authority ? "the authority where the child lives" : "your school"));
    if (d->board == BOARD_MUST)
        say(s, job_format(j, "The governing board must consider whether the child returns%s.",
                          by_words(j, d->board_by)));
    else if (d->board == BOARD_IF_ASKED)
        say(s, job_format(j, "The governing board must be told, and considers the return if the "
                             "parents ask for it%s.", by_words(j, d->board_by)));
    else
        say(s, "The governing board considers what the parents say, if they write to it; it "
               "cannot end a suspension of this length.");
}

enum { CLOCK_SENTENCES = 8 };

enum err
tell_clocks(struct job *j, const struct school_form *f, const char ***out, size_t *n)
{
    struct saying s = {j, job_array(j, CLOCK_SENTENCES, sizeof *s.v), 0};
    struct school_calendars *calendars;
    struct events x = {0};
    struct clock_rules rules;
    struct clock_sums sums;
    struct clock_due due;
    enum err e;

    *out = s.v;
    *n = 0;
    if (f->kind != SCHOOL_FORM_SUSPENSION || school_form_cancels(f))
        return OK;
    if ((e = read_events(j, f, &x)) || (e = clock_rules_load(j, &rules)) ||
        (e = school_days_load(j, INT64_MAX, &calendars)))
        return e;
    if (x.v[x.at].started == DATE_NONE)
        return OK;
    sums = clock_sum(calendars, x.v, x.n, x.at);
    due = clock_due(&rules, school_days_of(calendars, f->urn), &x.v[x.at], sums);
    if (x.v[x.at].category != CATEGORY_PERMANENT)
        say_sums(&s, &rules, sums);
    say_due(&s, &due);
    *n = s.n;
    return OK;
}
