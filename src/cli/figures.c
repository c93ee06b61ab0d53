#include "cli/area.h"
#include "cli/verb.h"
#include "intake/follow.h"
#include "people/area.h"

static enum err
order_of(struct job *j, const struct command *c, struct refresh_order *o)
{
    const char *as_of = command_option(c, "--as-of"), *known = command_option(c, "--known-on");
    int32_t day;

    *o = (struct refresh_order){DATE_NONE, 0, true};
    if (as_of && !date_parse(as_of, strlen(as_of), &o->as_of)) {
        err_set(j, ERR_USAGE, "--as-of wants a date like 2025-10-02, not \"%s\"", as_of);
        return err_hint(j, "See: rooted figures --help");
    }
    if (!known)
        return OK;
    if (!date_parse(known, strlen(known), &day)) {
        err_set(j, ERR_USAGE, "--known-on wants a date like 2025-10-02, not \"%s\"", known);
        return err_hint(j, "See: rooted figures --help");
    }
    o->known_at = ((int64_t)day + 1) * 24 * 3600 * 1000000 - 1;
    return OK;
}

static void
tell_nothing(const struct command *c)
{
    const char *known = command_option(c, "--known-on"), *as_of = command_option(c, "--as-of");

    if (known || as_of)
        printf("Nothing was known %s %s, so the figures in force stay.\n",
               known ? "on" : "as of", known ? known : as_of);
    else
        printf("There is nothing to count yet: load a school census.\n");
}

/* Each step: its time, that of the processor, and the most memory by its end. */
static void
tell_costs(const struct follow_made *made)
{
    const struct {
        const char *step;
        const struct cost *cost;
    } steps[] = {
        {"column_file", &made->figures.column_file},
        {"analyses", &made->figures.figures.counting},
        {"write", &made->figures.figures.writing},
        {"signs", &made->signs.looking},
        {"signs_write", &made->signs.writing},
        {"quality", &made->quality.looking},
        {"quality_write", &made->quality.writing},
    };

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        printf(",\"%s_us\":%lld,\"%s_processor_us\":%lld,\"%s_peak_kb\":%lld", steps[i].step,
               (long long)steps[i].cost->us, steps[i].step,
               (long long)steps[i].cost->processor_us, steps[i].step,
               (long long)steps[i].cost->peak_kb);
}

static void
tell(const struct command *c, const struct follow_made *made)
{
    const struct refreshed *r = &made->figures;

    if (c->json) {
        printf("{\"made\":%s,\"snapshot\":%lld,\"figures\":%lld,\"children\":%lld",
               r->made ? "true" : "false", (long long)r->figures.snapshot,
               (long long)r->figures.figures, (long long)r->figures.children);
        tell_costs(made);
        printf("}\n");
    } else if (r->made) {
        printf("%lld figures of %lld pupil years are in force.\n",
               (long long)r->figures.figures, (long long)r->figures.children);
    } else {
        tell_nothing(c);
    }
}

static enum err
figures(struct job *j, const struct command *c)
{
    struct refresh_order order;
    struct follow_made made = {0};
    enum err e = command_words(j, c, 0, 0);

    if (!e)
        e = order_of(j, c, &order);
    if (!e)
        e = command_db(j, c, true);
    if (!e)
        e = command_area(j, c);
    if (!e && !command_option(c, "--as-of") && !command_option(c, "--known-on"))
        e = follow_all(j, c->home, true, &made);
    else if (!e)
        e = figures_refresh(j, c->home, &order, &made.figures);
    if (!e)
        tell(c, &made);
    return e;
}

static const struct option options[] = {
    {"--area", "N", "the authority's DfE number; needed when there are several"},
    {"--as-of", "DATE", "count nothing that happened after this day"},
    {"--known-on", "DATE", "count nothing that was published after this day"},
    {0},
};

const struct verb verb_figures = {
    .name = "figures",
    .usage = "[--area N] [--as-of DATE] [--known-on DATE]",
    .about = "make the figures again (done by itself after each load)",
    .manual = "Builds the column file from the published batches and computes every figure into\n"
              "a new snapshot, which pages and reports then read, looks for warning signs, and\n"
              "asks the rules about the quality of the data.\n"
              "Without options both are as of the last day with data. With --as-of or --known-on\n"
              "the snapshot in force is one of the past: what was known then of what had happened\n"
              "by then.\n"
              "Run it again without options to return to the present.",
    .options = options,
    .gives_way = true,
    .fn = figures,
};
