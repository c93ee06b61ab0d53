#include "cli/setup_ask.h"
#include "base/date.h"
#include "base/text.h"
#include "cli/ask.h"

enum { TRIES = 3 };

/* A day, asked for again when it is none; DATE_NONE: the answer was empty. */
static enum err
ask_day(struct job *j, const char *question, int32_t *out)
{
    const char *text;

    for (int i = 0; i < TRIES; i++) {
        enum err e = ask_line(j, question, &text);
        *out = DATE_NONE;
        if (e || !*text || date_parse(text, strlen(text), out))
            return e;
        fprintf(stderr, "  That is not a day. Write it as 2026-09-01.\n");
    }
    err_set(j, ERR_INPUT, "no day was given");
    return err_hint(j, "Write it as 2026-09-01. Nothing was changed.");
}

static const char *
why_asked(enum governance_state s)
{
    return s == GOVERNANCE_MISSING   ? "not recorded"
           : s == GOVERNANCE_OVERDUE ? "its review is overdue"
                                     : "to be looked at again soon";
}

/* What follows a reference must be said. */
static enum err
ask_rest(struct job *j, struct recorded *r)
{
    int32_t review;
    enum err e = ask_day(j, "  Decided on which day? ", &r->date);

    if (!e)
        e = ask_line(j, "  By whom: name and office? ", &r->who);
    if (!e && (r->date == DATE_NONE || !*r->who)) {
        err_set(j, ERR_INPUT, "a record wants its day and who decided");
        return err_hint(j, "Nothing was changed. Ask again with: rooted setup --ask");
    }
    if (!e)
        e = ask_day(j, "  Looked at again by which day (empty: a year later)? ", &review);
    if (!e)
        r->review = review == DATE_NONE ? 0 : review;
    return e;
}

static enum err
ask_record(struct job *j, const struct governance_item *i, struct setup_answers *out)
{
    struct recorded *r = &out->record[i->setting];
    enum err e;

    fprintf(stderr, "\n%s: %s (%s)\n", setting_name(i->setting), setting_about(i->setting),
            why_asked(i->state));
    e = ask_line(j, "  Where is it: its reference (empty: later)? ", &r->reference);
    if (e || !*r->reference)
        return e;
    out->given[i->setting] = true;
    return ask_rest(j, r);
}

static enum err
ask_plain(struct job *j, bool there, const char *question, const char **out)
{
    enum err e = there ? OK : ask_line(j, question, out);

    if (*out && !**out)
        *out = NULL;
    return e;
}

/* Is there an answer, now or before, for everything? */
static bool
is_complete(const struct governance *g, const struct setup_answers *a)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->item[i].state == GOVERNANCE_MISSING && !a->given[g->item[i].setting])
            return false;
    return (g->council || a->council) && (g->address || a->address);
}

static enum err
ask_live(struct job *j, struct setup_answers *out)
{
    const char *text;
    enum err e = ask_line(j, "\nMake the database live now? It stays so (yes or no): ", &text);

    out->live = !e && !strcmp(text, "yes");
    return e;
}

enum err
setup_ask(struct job *j, const struct governance *g, struct setup_answers *out)
{
    enum err e;

    *out = (struct setup_answers){0};
    e = ask_plain(j, g->council, "The council's name, as pages show it (empty: later)? ",
                  &out->council);
    if (!e)
        e = ask_plain(j, g->address, "The https address that people will type (empty: later)? ",
                      &out->address);
    for (size_t i = 0; !e && i < g->n; i++)
        if (g->item[i].state != GOVERNANCE_GOOD)
            e = ask_record(j, &g->item[i], out);
    if (e || setting_is_live(&g->all) || setting_is_demonstration(&g->all) || !is_complete(g, out))
        return e;
    return ask_live(j, out);
}
