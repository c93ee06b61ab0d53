#include "access/audit.h"
#include "access/key.h"
#include "base/date.h"
#include "cli/area.h"
#include "cli/directory_show.h"
#include "cli/verb.h"
#include "directory/duplicate.h"
#include "directory/export.h"
#include "directory/import.h"
#include "directory/template.h"
#include "people/area.h"
#include "report/services.h"
#include <errno.h>
#include <string.h>

static const struct option options[] = {
    {"--area", "N", "the authority's DfE number; needed when there are several"},
    {"--source", "NAME", "import: what the source is called (the file's name)"},
    {"--gias", NULL, "import: the special schools and alternative provision of the loaded GIAS"},
    {"--shrunk", NULL, "import: it is right that the source has fewer services"},
    {"--wait", NULL, "import: from now on what this source says waits for approval"},
    {"--format", "NAME", "export: csv, xlsx, ndjson or oruk (an HSDS-UK 3.0 feed)"},
    {"--out", "FILE", "export: where to; standard output when not given"},
    {"--number", "N", "show: that version, whatever its state"},
    {"--outcome", "NAME", "run: records that were added, changed, same, held or refused"},
    {0},
};

/* A directory may be the first thing that an authority has here. */
static enum err
area_for_import(struct job *j, const struct command *c)
{
    int64_t area;
    enum err e = command_int(j, c, "--area", 0, &area);

    if (!e && (area < 0 || area > 999))
        return err_set(j, ERR_USAGE, "--area wants the three digits of an authority");
    return e || !area ? e : area_add(j, area, NULL);
}

/* ---- import ------------------------------------------------------------------------------ */

static enum err
note(struct job *j, void *arg)
{
    const struct import_run *r = arg;

    audit_note(j, ACT_DIRECTORY, job_format(j, "import %lld", (long long)r->id), false);
    return OK;
}

static enum err
held(struct job *j, const struct import_run *r)
{
    err_set(j, ERR_INPUT, "%s: %s", r->place, r->message);
    return r->refused == r->read
               ? err_hint(j, "See: rooted directory run %lld", (long long)r->id)
               : err_hint(j, "If that is right: rooted directory import --shrunk …");
}

static enum err
take_feed(struct job *j, const struct command *c, const struct feed *f)
{
    struct import_order o = {.source = command_option(c, "--source"),
                             .shrunk = command_option(c, "--shrunk") != NULL,
                             .wait = command_option(c, "--wait") != NULL};
    struct import_run r;
    struct key key;
    enum err e = key_load(j, c->home, &key);

    if (!e)
        e = import_feed(j, f, &o, &r);
    if (!e)
        e = audit_change(j, &key, note, &r);
    if (e)
        return e;
    directory_show_run(j, c, &r);
    return strcmp(r.state, "held") ? OK : held(j, &r);
}

static enum err
import(struct job *j, const struct command *c)
{
    struct feed f;
    enum err e = OK;

    if (command_option(c, "--gias")) {
        e = command_words(j, c, 1, 1);
        if (!e)
            e = feed_open_gias(j, &f);
        return e ? e : take_feed(j, c, &f);
    }
    if (c->argc < 2 || (c->argc > 2 && command_option(c, "--source"))) {
        err_set(j, ERR_USAGE, "rooted directory import wants files, with --source one file");
        return err_hint(j, "See: rooted directory --help");
    }
    for (int i = 1; !e && i < c->argc; i++) {
        struct scope scope = job_scope_begin(j);

        e = feed_open_file(j, c->argv[i], &f);
        if (!e)
            e = take_feed(j, c, &f);
        job_scope_end(j, scope);
    }
    return e;
}

/* ---- export ------------------------------------------------------------------------------ */

static enum err
cannot_write(struct job *j, const char *path)
{
    err_set(j, ERR_ENV, "%s cannot be written: %s", path ? path : "standard output",
            strerror(errno));
    return err_hint(j, "Name a file in a folder that you may write to.");
}

static enum err
export_to(struct job *j, const char *format, FILE *f)
{
    enum export_format which;
    struct span bytes;
    enum err e;

    if (export_find(format, &which))
        return export_write(j, which, f);
    e = services_xlsx(j, &bytes);
    if (!e && fwrite(bytes.s, 1, bytes.n, f) != bytes.n)
        return cannot_write(j, NULL);
    return e;
}

static enum err
export(struct job *j, const struct command *c)
{
    const char *format = command_option(c, "--format"), *path = command_option(c, "--out");
    enum export_format which;
    FILE *f;
    enum err e = command_words(j, c, 1, 1);

    format = format ? format : "csv";
    if (!e && strcmp(format, "xlsx") && !export_find(format, &which)) {
        err_set(j, ERR_USAGE, "there is no format \"%s\"", format);
        return err_hint(j, "There are: csv, xlsx, ndjson, oruk.");
    }
    if (e)
        return e;
    f = path && strcmp(path, "-") ? fopen(path, "wb") : stdout;
    if (!f)
        return cannot_write(j, path);
    e = export_to(j, format, f);
    if (f != stdout && fclose(f) && !e)
        e = cannot_write(j, path);
    return e;
}

/* ---- duplicates -------------------------------------------------------------------------- */

struct pair {
    const char *what, *uuid[2];
    int64_t id[2];
};

static enum err
decide(struct job *j, void *arg)
{
    struct pair *p = arg;
    enum err e = OK;

    for (int i = 0; !e && i < 2; i++) {
        struct service s;

        e = service_find(j, p->uuid[i], &s);
        p->id[i] = s.id;
    }
    if (e)
        return e;
    audit_note(j, ACT_DIRECTORY,
               job_format(j, "service %lld, %s", (long long)p->id[0], p->what), false);
    if (!strcmp(p->what, "merge"))
        return duplicate_merge(j, p->id[0], p->id[1]);
    if (!strcmp(p->what, "differ"))
        return duplicate_differ(j, p->id[0], p->id[1]);
    return duplicate_undo(j, p->id[0], p->id[1]);
}

static enum err
decide_audited(struct job *j, const struct command *c)
{
    struct pair p = {.what = c->argv[0], .uuid = {c->argv[1], c->argv[2]}};
    struct key key;
    enum err e = key_load(j, c->home, &key);

    return e ? e : audit_change(j, &key, decide, &p);
}

static enum err
duplicates(struct job *j, const struct command *c)
{
    struct duplicate *v;
    size_t n;
    enum err e = duplicate_list(j, NULL, &v, &n);

    if (!e)
        directory_show_duplicates(c, v, n);
    return e;
}

static enum err
look_for_duplicates(struct job *j, const struct command *c)
{
    int64_t found = 0;
    enum err e = db_begin(j);

    if (!e)
        e = duplicate_derive(j, &found);
    if (!e)
        e = db_commit(j);
    return e ? e : duplicates(j, c);
}

/* ---- the verb ---------------------------------------------------------------------------- */

static enum err
print_template(struct job *j, const struct command *c)
{
    size_t n;
    const struct template_column *v = template_columns(&n);

    (void)j;
    if (c->json)
        putchar('[');
    for (size_t i = 0; i < n; i++)
        if (c->json)
            printf("%s\"%s\"", i ? "," : "", v[i].name);
        else
            printf("%-26s %s\n", v[i].name, v[i].about);
    if (c->json)
        puts("]");
    return OK;
}

enum { WRITES = 1, NO_DATABASE = 2 };
static const struct {
    const char *name;
    int least, most;
    unsigned flags;
    enum err (*fn)(struct job *, const struct command *);
} words[] = {
    {"import", 1, 1000, WRITES, import},
    {"export", 1, 1, 0, export},
    {"list", 1, 2, 0, directory_list},
    {"show", 2, 2, 0, directory_show},
    {"runs", 1, 1, 0, directory_runs},
    {"run", 2, 2, 0, directory_run},
    {"duplicates", 1, 1, WRITES, look_for_duplicates},
    {"merge", 3, 3, WRITES, decide_audited},
    {"differ", 3, 3, WRITES, decide_audited},
    {"undo", 3, 3, WRITES, decide_audited},
    {"template", 1, 1, NO_DATABASE, print_template},
};
enum { WORDS = sizeof words / sizeof *words };

static enum err
run(struct job *j, const struct command *c)
{
    const char *what = c->argc ? c->argv[0] : "";
    size_t i = 0;
    enum err e;

    while (i < WORDS && strcmp(words[i].name, what))
        i++;
    if (i == WORDS) {
        err_set(j, ERR_USAGE, "rooted directory wants import, export, list, show, runs, run, "
                              "duplicates, merge, differ, undo or template");
        return err_hint(j, "See: rooted directory --help");
    }
    e = command_words(j, c, words[i].least, words[i].most);
    if (!e && !(words[i].flags & NO_DATABASE))
        e = command_db(j, c, words[i].flags & WRITES);
    if (!e && words[i].fn == import)
        e = area_for_import(j, c);
    if (!e && !(words[i].flags & NO_DATABASE))
        e = command_area(j, c);
    return e ? e : words[i].fn(j, c);
}

const struct verb verb_directory = {
    .name = "directory",
    .usage = "import FILE… | export | list [WORDS] | show ID | run N | duplicates | …",
    .about = "services that help: import, export, look at, find what is there twice",
    .manual =
        "\"import\" reads a feed of services: HSDS 3 or HSDS-UK 3.0 as JSON (a page, a list, a\n"
        "record a line), Open Referral UK 1.0, a zip of HSDS tables as CSV, or our own CSV,\n"
        "whose columns \"template\" gives. Each record is repaired by rules that leave a note;\n"
        "\"run N\" shows what became of each, and why. The same feed twice changes nothing. What\n"
        "a provider or a manager changed is not overwritten: it waits for approval. A service\n"
        "that its source has no more is kept, and not shown. If too many go at once (rooted\n"
        "setup --directory-shrink-share) nothing is changed until --shrunk says that it is\n"
        "right.\n\n"
        "\"export\" writes all services in force, as the public may see them: csv and xlsx with\n"
        "a row each, of lists the first; ndjson with a document a line; oruk, a feed that other\n"
        "directories can import.\n\n"
        "\"list\" finds services by name; \"show ID\" prints one. \"duplicates\" looks for\n"
        "services that are there twice; \"merge KEEP OTHER\", \"differ ID OTHER\" and\n"
        "\"undo ID OTHER\" decide.",
    .options = options,
    .gives_way = true,
    .fn = run,
};
