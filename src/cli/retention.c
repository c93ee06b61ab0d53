#include "intake/retention.h"
#include "access/audit.h"
#include "base/text.h"
#include "cli/area.h"
#include "cli/verb.h"
#include "store/db.h"
#include <jansson.h>

static const struct option options[] = {
    {"--area", "N", "the authority's DfE number; needed when there are several"},
    {"--child", "N", "hold: this child alone; the number in the address of the child's page"},
    {"--why", "TEXT", "hold, release: the reason, which is kept"},
    {"--keep", "SPAN", "set: how long, as in \"25 years\" or \"18 months\""},
    {"--reference", "TEXT", "set: where the authority decided so"},
    {"--dry-run", NULL, "apply: say what would go, and change nothing"},
    {0},
};

/* ---- showing ----------------------------------------------------------------------------- */

static const char *const fixed[][2] = {
    {"sign-ins", "a day after they end, at the latest"},
    {"places of sign-in", "90 days after the last one there"},
    {"forms that came too late", "a day"},
    {"mail that was sent, invitations that are over", "a year"},
    {"the audit", "stays: it holds numbers and hashes only"},
};

static void
print_rule(struct job *j, enum retention_rule r, const struct retention_kept *k)
{
    struct retention_words w = retention_words(r);

    printf("%-10s %-10s after %s: %s\n", w.name, retention_span(j, k->months), w.from, w.words);
    if (k->reference)
        printf("%-10s %-10s own rule: %s, set by %s\n", "", "", k->reference, k->set_by);
    else
        printf("%-10s %-10s standard (%s)\n", "", "", w.source);
}

static void
print_hold(const struct retention_hold *h)
{
    char when[64];

    printf("hold %lld on %s%.0lld since %s, by %s: %s\n", (long long)h->id,
           h->person ? "child " : "everything", (long long)h->person, time_words(h->since, when),
           h->set_by, h->why);
    if (h->ended)
        printf("  ended %s by %s: %s\n", time_words(h->ended, when), h->ended_by, h->ended_why);
}

static void
print_copy(const struct retention_copy *k)
{
    char when[64];

    printf("copy %lld, %s: %s%s%s\n", (long long)k->id, time_words(k->made, when), k->path,
           k->destroyed ? ", destroyed as said by " : "", k->destroyed ? k->destroyed_by : "");
}

static void
print_run(const struct retention_run *r)
{
    char when[64];

    printf("removal %lld, %s, %s: %lld gone, %lld held%s\n", (long long)r->id,
           time_words(r->at, when), r->by, (long long)r->gone, (long long)r->held,
           r->ended ? "" : "; not ended: the next one goes on");
}

static json_t *
rules_json(struct job *j, const struct retention_kept *k)
{
    json_t *all = json_array();

    for (int r = 0; r < RETENTION_RULES; r++)
        json_array_append_new(all, json_pack("{s:s, s:i, s:s?, s:s}", "rule",
                                             retention_words((enum retention_rule)r).name,
                                             "months", k[r].months, "reference", k[r].reference,
                                             "kept", retention_span(j, k[r].months)));
    return all;
}

static enum err
show(struct job *j, const struct command *c)
{
    struct retention_kept rule[RETENTION_RULES];
    struct retention_hold *hold;
    struct retention_copy *copy;
    struct retention_run *run;
    size_t n_hold, n_copy, n_run;
    enum err e;

    if ((e = retention_rules(j, rule)) || (e = retention_holds(j, &hold, &n_hold)) ||
        (e = retention_copies(j, &copy, &n_copy)) || (e = retention_runs(j, &run, &n_run)))
        return e;
    if (c->json) {
        command_json(rules_json(j, rule));
        return OK;
    }
    for (int r = 0; r < RETENTION_RULES; r++)
        print_rule(j, (enum retention_rule)r, &rule[r]);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        printf("always     %s: %s\n", fixed[i][0], fixed[i][1]);
    for (size_t i = 0; i < n_hold; i++)
        print_hold(&hold[i]);
    for (size_t i = 0; i < n_copy; i++)
        print_copy(&copy[i]);
    for (size_t i = 0; i < n_run; i++)
        print_run(&run[i]);
    return OK;
}

/* ---- what is due, and removing it -------------------------------------------------------- */

static json_t *
item_json(const struct retention_item *i)
{
    char day[DATE_TEXT];

    return json_pack("{s:s, s:I, s:s, s:s}", "rule", retention_words(i->rule).name, "subject",
                     (json_int_t)i->subject, "since", date_iso(i->since, day), "held",
                     retention_held_words(i->held));
}

static enum err
due(struct job *j, const struct command *c)
{
    struct retention_item *v;
    json_t *all = c->json ? json_array() : NULL;
    char day[DATE_TEXT];
    size_t n, held = 0;
    enum err e = retention_due(j, &v, &n);

    for (size_t i = 0; !e && i < n; i++) {
        held += v[i].held != HELD_NOT;
        if (all)
            json_array_append_new(all, item_json(&v[i]));
        else
            printf("%-10s %s, from %s%s%s\n", retention_words(v[i].rule).name,
                   retention_subject(j, v[i].rule, v[i].subject), date_words(v[i].since, day),
                   v[i].held ? ", stays: " : "", retention_held_words(v[i].held));
    }
    if (all && !e)
        command_json(all);
    else if (!e && !c->quiet)
        printf("%zu thing%s due; %zu of them stay%s.\n", n, n == 1 ? " is" : "s are", held,
               held == 1 ? "s" : "");
    if (all && e)
        json_decref(all);
    return e;
}

static enum err
apply(struct job *j, const struct command *c)
{
    struct retention_done done;
    enum err e;

    if (command_option(c, "--dry-run"))
        return due(j, c);
    e = retention_apply(j, &(struct retention_order){c->home, "command line"}, &done);
    if (e)
        return e;
    if (c->json)
        printf("{\"removal\":%lld,\"gone\":%zu,\"held\":%zu,\"figures\":%s}\n", (long long)done.run,
               done.n_gone, done.n_held, done.figures ? "true" : "false");
    else if (!c->quiet)
        printf("%zu thing%s removed, %zu stayed.%s The list: rooted retention show %lld\n",
               done.n_gone, done.n_gone == 1 ? " was" : "s were", done.n_held,
               done.figures ? " Figures were made again." : "", (long long)done.run);
    return OK;
}

static enum err
certificate(struct job *j, const struct command *c, int64_t id)
{
    struct retention_run r;
    struct retention_gone *v;
    char day[DATE_TEXT], when[64];
    size_t n;
    enum err e = retention_certificate(j, id, &r, &v, &n);

    if (e || c->json) {
        if (!e)
            printf("{\"removal\":%lld,\"gone\":%zu,\"held\":%lld}\n", (long long)r.id, n,
                   (long long)r.held);
        return e;
    }
    print_run(&r);
    for (size_t i = 0; i < n; i++)
        printf("%-10s %s, from %s, removed %s\n", retention_words(v[i].rule).name,
               retention_subject(j, v[i].rule, v[i].subject), date_words(v[i].since, day),
               time_words(v[i].gone, when));
    return OK;
}

/* ---- deciding ---------------------------------------------------------------------------- */

static enum err
set(struct job *j, const struct command *c)
{
    struct retention_decided d = {.reference = command_option(c, "--reference")};
    const char *keep = command_option(c, "--keep");

    if (!retention_find(c->argv[1], &d.rule)) {
        err_set(j, ERR_USAGE, "there is no rule \"%s\"", c->argv[1]);
        return err_hint(j, "See: rooted retention show");
    }
    if (!keep || !retention_months(keep, &d.months)) {
        err_set(j, ERR_USAGE, "--keep wants a span of 1 month to 100 years");
        return err_hint(j, "Write it as \"25 years\" or \"18 months\".");
    }
    return retention_set(j, &d);
}

struct decision {
    const struct command *c;
    int64_t number;       /* given; of a new hold, its own */
    int64_t person;       /* whose hold; 0: everybody's */
};

static enum err
hold(struct job *j, struct decision *d)
{
    const char *child = command_option(d->c, "--child");

    if (child && (!text_to_int(child, strlen(child), &d->person) || d->person < 1))
        return err_set(j, ERR_USAGE, "--child wants the number of a child");
    return retention_hold(j, d->person, command_option(d->c, "--why"), &d->number);
}

static enum err
decide(struct job *j, void *arg)
{
    struct decision *d = arg;
    const char *what = d->c->argv[0];

    if (!strcmp(what, "set"))
        return set(j, d->c);
    if (!strcmp(what, "hold"))
        return hold(j, d);
    if (!strcmp(what, "release"))
        return retention_release(j, d->number, command_option(d->c, "--why"));
    return retention_destroyed(j, d->number);
}

static enum err
decide_audited(struct job *j, const struct command *c, int64_t number)
{
    struct decision d = {.c = c, .number = number};
    struct key key;
    enum err e = key_load(j, c->home, &key);

    if (!e)
        e = audit_change(j, &key, decide, &d);
    if (!e && !c->quiet && !strcmp(c->argv[0], "hold"))
        printf("Hold %lld is in force: %s.\n", (long long)d.number,
               d.person ? "nothing of this child is removed" : "nothing is removed");
    return e;
}

/* ---- the verb ---------------------------------------------------------------------------- */

enum { READS = 1, NUMBER = 2, MAY = 4 }; /* its word is a number; it may be left out */
static const struct {
    const char *name;
    int words;
    unsigned flags;
} words[] = {{"show", 2, READS | NUMBER | MAY}, {"due", 1, READS}, {"apply", 1, 0},
             {"set", 2, 0}, {"hold", 1, 0}, {"release", 2, NUMBER}, {"destroyed", 2, NUMBER}};
enum { WORDS = sizeof words / sizeof *words };

static enum err
wrong_words(struct job *j)
{
    err_set(j, ERR_USAGE,
            "rooted retention wants show, due, apply, set, hold, release or destroyed");
    return err_hint(j, "See: rooted retention --help");
}

static enum err
run(struct job *j, const struct command *c)
{
    const char *what = c->argc ? c->argv[0] : "";
    int64_t number = 0;
    size_t i = 0;
    enum err e;

    while (i < WORDS && strcmp(words[i].name, what))
        i++;
    if (i == WORDS)
        return wrong_words(j);
    e = command_words(j, c, words[i].flags & MAY ? 1 : words[i].words, words[i].words);
    if (!e && words[i].flags & NUMBER && c->argc > 1 &&
        !text_to_int(c->argv[1], strlen(c->argv[1]), &number))
        return wrong_words(j);
    if (!e)
        e = command_db(j, c, !(words[i].flags & READS) && !command_option(c, "--dry-run"));
    if (!e)
        e = command_area(j, c);
    if (e)
        return e;
    if (!strcmp(what, "show"))
        return c->argc > 1 ? certificate(j, c, number) : show(j, c);
    if (!strcmp(what, "due"))
        return due(j, c);
    return !strcmp(what, "apply") ? apply(j, c) : decide_audited(j, c, number);
}

const struct verb verb_retention = {
    .name = "retention",
    .usage = "show [N] | due | apply | set RULE | hold | release N | destroyed N",
    .about = "how long data is kept, what is held, removing the rest",
    .manual =
        "\"show\" gives the rules, holds, copies of the database and removals; \"show N\" what\n"
        "removal N took away. \"due\" gives what is due by the rules, and what of it stays and\n"
        "why. \"apply\" removes it: each thing whole or not at all. Facts that went are in no\n"
        "figure any more: figures are made again. In a live database this happens each day.\n\n"
        "\"set RULE --keep '7 years' --reference TEXT\" is for a schedule of one's own.\n"
        "\"hold --why TEXT\", with --child N or for everything, keeps what is due until\n"
        "\"release N --why TEXT\". \"destroyed N\" says that no copy of backup N is left; the\n"
        "program cannot look for copies elsewhere.\n\n"
        "The audit stays. It holds numbers and hashes, never names.",
    .options = options,
    .fn = run,
};
