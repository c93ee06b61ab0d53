#include "intake/load.h"
#include "base/progress.h"
#include "base/text.h"
#include "cli/load_watch.h"
#include "cli/verb.h"
#include "returns/cut_short.h"
#include "store/db.h"
#include <jansson.h>
#include <unistd.h>

/* ---- progress -------------------------------------------------------------------- */

enum { KILO = 1000 };

static void
tell(void *arg, int64_t done, int64_t total)
{
    struct progress *p = arg;

    p->total = total / KILO;
    progress_add(p, done / KILO - p->done);
}

/* ---- the answer ------------------------------------------------------------------ */

/* Of a dry run: nothing of it can be asked for afterwards. */
static void
print_findings(const struct load_batch *b)
{
    char count[TEXT_NUMBER];

    for (size_t i = 0; i < b->n_rules; i++)
        printf("    %7s x %s%s\n", text_count(b->rule[i].count, count), b->rule[i].rule,
               b->rule[i].refused ? " (turned away)" : "");
    for (size_t i = 0; i < b->n_found; i++)
        printf("    %s line %lld: %s\n", b->finding[i].file, (long long)b->finding[i].line,
               b->finding[i].message);
    if (b->n_found && (size_t)b->findings > b->n_found)
        printf("    and %s more\n", text_count(b->findings - (int64_t)b->n_found, count));
}

static void
print_batch(const struct load_batch *b)
{
    char loaded[TEXT_NUMBER], refused[TEXT_NUMBER], findings[TEXT_NUMBER];

    switch (b->outcome) {
    case LOAD_KNOWN:
        printf("  nothing new  %s (batch %lld has these files)\n", b->title, (long long)b->id);
        break;
    case LOAD_REFUSED:
        printf("  refused      %s: %s\n", b->title, b->message);
        if (b->id)
            printf("               what is wrong, line by line: rooted batch show %lld\n",
                   (long long)b->id);
        break;
    case LOAD_PUBLISHED:
        printf("  %s    %s: %s records, %s turned away, %s findings",
               b->id ? "published" : "would do ", b->title, text_count(b->loaded, loaded),
               text_count(b->refused, refused), text_count(b->findings, findings));
        if (b->id)
            printf(" (batch %lld)", (long long)b->id);
        printf("\n");
        break;
    }
    print_findings(b);
}

static void
print_words(const struct load_result *r, bool dry)
{
    for (size_t i = 0; i < r->n_batches; i++)
        print_batch(&r->batch[i]);
    for (size_t i = 0; i < r->n_left; i++)
        printf("  left aside   %s: %s\n", r->left[i].path, r->left[i].why);
    printf("%zu %s, %zu nothing new, %zu refused, %zu files left aside.\n", r->published,
           dry ? "would be published" : "published", r->known, r->refused, r->n_left);
    if (dry)
        printf("A dry run: nothing was written.\n");
}

/* Of a dry run, what was found. */
static void
print_loaded(const struct load_result *r)
{
    print_words(r, false);
}

static json_t *
rules_json(const struct load_batch *b)
{
    json_t *rules = json_array();

    for (size_t i = 0; i < b->n_rules; i++)
        json_array_append_new(rules,
                              json_pack("{s:s, s:I, s:b, s:s, s:I, s:s}", "rule", b->rule[i].rule,
                                        "count", (json_int_t)b->rule[i].count, "refused",
                                        (int)b->rule[i].refused, "file", b->rule[i].file, "line",
                                        (json_int_t)b->rule[i].line, "message",
                                        b->rule[i].message));
    return rules;
}

static json_t *
batch_json(const struct load_batch *b)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:s, s:o}", "outcome",
                     load_outcome_name(b->outcome), "title", b->title, "kind", b->kind, "batch",
                     (json_int_t)b->id, "area", (json_int_t)b->area, "read", (json_int_t)b->read,
                     "loaded", (json_int_t)b->loaded, "refused", (json_int_t)b->refused,
                     "findings", (json_int_t)b->findings, "files", (int)b->files, "message",
                     b->message, "rules", rules_json(b));
}

static void
print_json(const struct load_result *r)
{
    json_t *batches = json_array(), *left = json_array(), *all;
    char *text;

    for (size_t i = 0; i < r->n_batches; i++)
        json_array_append_new(batches, batch_json(&r->batch[i]));
    for (size_t i = 0; i < r->n_left; i++)
        json_array_append_new(left, json_pack("{s:s, s:s}", "file", r->left[i].path, "why",
                                              r->left[i].why));
    all = json_pack("{s:o, s:o, s:I}", "batches", batches, "left", left, "longest_hold_us",
                    (json_int_t)r->longest_hold);
    text = json_dumps(all, JSON_COMPACT);
    puts(text ? text : "{}");
    free(text);
    json_decref(all);
}

/* A file named by itself was meant; what else lies in a folder need not be understood. */
static bool
named_left(const struct load_result *r)
{
    for (size_t i = 0; i < r->n_left; i++)
        if (r->left[i].named)
            return true;
    return false;
}

static enum err
verdict(struct job *j, const struct load_result *r)
{
    if (r->refused)
        err_set(j, ERR_INPUT, "%zu of %zu batches were refused", r->refused, r->n_batches);
    else if (named_left(r))
        err_set(j, ERR_INPUT, "not every file could be loaded");
    else
        return OK;
    return err_hint(j, "The others are loaded; the list above says what is wrong with these.");
}

/* ---- the verb -------------------------------------------------------------------- */

static enum err
load_words(struct job *j, const struct command *c, struct load_options *o,
           struct load_result *r)
{
    struct progress p = {.quiet = c->quiet};
    enum err e;

    o->tell = tell;
    o->arg = &p;
    progress_begin(&p, "Loading", "kB", 0);
    e = load(j, (const char *const *)c->argv, (size_t)c->argc, o, r);
    progress_end(&p);
    return e;
}

/* A dry run makes no database: where there is none yet, it is tried on an empty one. */
static enum err
open_db(struct job *j, const struct command *c, bool dry)
{
    bool missing = !strncmp(c->db, "sqlite:", 7) && access(c->db + 7, F_OK) != 0;

    if (dry && missing)
        return db_open_trial(j, c->db, &j->db);
    return command_db(j, c, !dry);
}

static enum err
verb_load_run(struct job *j, const struct command *c)
{
    struct load_options o = {.loaded_by = "command line", .home = c->home,
                             .dry = command_option(c, "--dry-run") != NULL,
                             .copy = command_option(c, "--watch") != NULL};
    struct load_result r = {0};
    enum err e;

    returns_outlive_cuts();
    if (o.dry && command_option(c, "--watch"))
        return err_set(j, ERR_USAGE, "--dry-run and --watch do not go together");
    if ((e = command_words(j, c, 1, INT32_MAX)) || (e = command_int(j, c, "--area", 0, &o.area)) ||
        (e = open_db(j, c, o.dry)))
        return e;
    if (!command_option(c, "--no-figures") && !o.dry)
        o.after = after_figures(j, c->home);
    if (command_option(c, "--watch"))
        return load_watch(j, c, &o, c->json ? print_json : print_loaded);
    e = load_words(j, c, &o, &r);
    if (c->json)
        print_json(&r);
    else if (r.n_batches || r.n_left)
        print_words(&r, o.dry);
    return e ? e : verdict(j, &r);
}

static const struct option options[] = {
    {"--area", "N", "the authority's DfE number, where the files do not say it"},
    {"--dry-run", NULL, "read and check as a load would, and write nothing"},
    {"--watch", NULL, "go on loading what is dropped into the folder, until Ctrl-C"},
    {"--quiet-for", "SECONDS", "how long files must be still before --watch loads them: 10"},
    {"--no-figures", NULL, "do not make the figures again (rooted figures does)"},
    {0},
};

const struct verb verb_load = {
    .name = "load",
    .usage = "[--area N] [--dry-run | --watch] FILE… | FOLDER…",
    .about = "load a council's files into the database",
    .manual =
        "Files are recognised by what is in them, whatever their names; folders are searched\n"
        "through. The tables of one export make one batch, which is loaded whole or not at\n"
        "all; a batch that is loaded already is nothing new. Records that break a rule are\n"
        "turned away and reported with file, line and a sentence (rooted batch show N); above\n"
        "a share (setting refused-share, 5 per cent) the whole batch is refused. The authority\n"
        "is the one that the census names, else that of GIAS, else --area, else the only one\n"
        "there is. A load that is killed leaves nothing; start it again.\n\n"
        "Zips and Excel workbooks (.xlsx) are looked through as folders are, sheet by sheet.\n"
        "--watch FOLDER stays: what is dropped there is loaded once all files beside it have\n"
        "been still for a while; nothing is moved, and what is loaded already is nothing new.\n"
        "--dry-run tells what would be loaded and all that is wrong with it, and writes\n"
        "nothing.\n\n"
        "Ends with 0 when all is loaded or nothing is new, 1 when any batch was refused.",
    .options = options,
    .gives_way = true,
    .fn = verb_load_run,
};
