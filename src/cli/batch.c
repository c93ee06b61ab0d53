#include "intake/batch.h"
#include "base/text.h"
#include "cli/area.h"
#include "cli/verb.h"
#include "intake/after.h"
#include <jansson.h>

enum { FINDINGS_SHOWN = 50, FINDINGS_AT_ONCE = 1000 };

static json_t *
time_json(int64_t us)
{
    return us ? json_integer(us) : json_null();
}

static json_t *
batch_json(const struct batch *b)
{
    return json_pack(
        "{s:I, s:s, s:s, s:s, s:o, s:o, s:s, s:s?, s:s?, s:I, s:I, s:I, s:I, s:s?}", "batch",
        (json_int_t)b->id, "kind", b->kind, "title", b->title, "state",
        batch_state_name(b->state), "published", time_json(b->published), "withdrawn",
        time_json(b->withdrawn), "loaded_by", b->loaded_by, "withdrawn_by", b->withdrawn_by,
        "withdrawn_why", b->withdrawn_why, "read", (json_int_t)b->read, "loaded",
        (json_int_t)b->loaded, "refused", (json_int_t)b->refused, "findings",
        (json_int_t)b->findings, "message", b->message);
}

/* ---- list ------------------------------------------------------------------------ */

static enum err
list(struct job *j, const struct command *c)
{
    struct batch *b;
    size_t n;
    enum err e = batch_list(j, &b, &n);

    if (e)
        return e;
    if (c->json) {
        json_t *all = json_array();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(all, batch_json(&b[i]));
        command_json(all);
        return OK;
    }
    for (size_t i = 0; i < n; i++) {
        char loaded[TEXT_NUMBER], refused[TEXT_NUMBER], when[64];
        printf("%8lld  %-9s  %s: %s records, %s turned away, %s\n", (long long)b[i].id,
               batch_state_name(b[i].state), b[i].title, text_count(b[i].loaded, loaded),
               text_count(b[i].refused, refused), time_words(b[i].started, when));
    }
    if (!n)
        puts("Nothing is loaded yet.");
    return OK;
}

/* ---- show ------------------------------------------------------------------------ */

static void
print_head(const struct batch *b)
{
    char when[64];

    printf("Batch %lld: %s\n%s, loaded by %s, %s\n", (long long)b->id, b->title,
           batch_state_name(b->state), b->loaded_by, time_words(b->started, when));
    if (b->published)
        printf("known from %s\n", time_words(b->published, when));
    if (b->message)
        printf("refused: %s\n", b->message);
    if (b->withdrawn)
        printf("withdrawn %s by %s: %s\n", time_words(b->withdrawn, when), b->withdrawn_by,
               b->withdrawn_why);
}

static void
print_file(const struct batch_file *f)
{
    char read[TEXT_NUMBER], loaded[TEXT_NUMBER], refused[TEXT_NUMBER];

    printf("  %s (%s): %s read, %s loaded, %s turned away%s%s\n", f->name, f->layout,
           text_count(f->read, read), text_count(f->loaded, loaded),
           text_count(f->refused, refused), f->note && *f->note ? "; " : "",
           f->note ? f->note : "");
}

static void
print_finding(const struct batch_finding *f)
{
    printf("  %s line %lld%s%s [%s%s] %s\n", f->file, (long long)f->line, f->field ? " " : "",
           f->field ? f->field : "", f->refused ? "turned away: " : "", f->rule, f->message);
}

static json_t *
file_json(const struct batch_file *f)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:s?}", "file", (json_int_t)f->id,
                     "name", f->name, "layout", f->layout, "digest", f->digest, "bytes",
                     (json_int_t)f->bytes, "read", (json_int_t)f->read, "loaded",
                     (json_int_t)f->loaded, "refused", (json_int_t)f->refused, "note", f->note);
}

static json_t *
finding_json(const struct batch_finding *f)
{
    return json_pack("{s:s, s:I, s:s?, s:I, s:s, s:b, s:s?, s:s}", "file", f->file, "line",
                     (json_int_t)f->line, "field", f->field, "column", (json_int_t)f->column,
                     "rule", f->rule, "refused", f->refused, "value", f->value, "message",
                     f->message);
}

static void
show_words(const struct batch *b, const struct batch_file *files, size_t n_files,
           const struct batch_finding *found, size_t n_found)
{
    char left[TEXT_NUMBER];

    print_head(b);
    for (size_t i = 0; i < n_files; i++)
        print_file(&files[i]);
    for (size_t i = 0; i < n_found; i++)
        print_finding(&found[i]);
    if (b->findings > (int64_t)n_found)
        printf("  and %s more: rooted batch show %lld --json gives them all\n",
               text_count(b->findings - (int64_t)n_found, left), (long long)b->id);
}

static enum err
add_findings(struct job *j, int64_t id, json_t *list)
{
    struct batch_finding *found;
    int64_t after = 0;
    size_t n = FINDINGS_AT_ONCE;
    enum err e = OK;

    while (!e && n == FINDINGS_AT_ONCE) {
        struct scope s = job_scope_begin(j);
        e = batch_findings(j, (struct batch_page){id, after, FINDINGS_AT_ONCE}, &found, &n);
        for (size_t i = 0; !e && i < n; i++) {
            json_array_append_new(list, finding_json(&found[i]));
            after = found[i].id;
        }
        job_scope_end(j, s);
    }
    return e;
}

static enum err
show_json(struct job *j, const struct batch *b, const struct batch_file *files, size_t n_files)
{
    json_t *all = batch_json(b), *list = json_array(), *found = json_array();
    enum err e = add_findings(j, b->id, found);

    for (size_t i = 0; i < n_files; i++)
        json_array_append_new(list, file_json(&files[i]));
    json_object_set_new(all, "files", list);
    json_object_set_new(all, "list", found);
    command_json(all);
    return e;
}

static enum err
show(struct job *j, const struct command *c, int64_t id)
{
    struct batch b;
    struct batch_file *files;
    struct batch_finding *found;
    size_t n_files, n_found;
    enum err e;

    if ((e = batch_get(j, id, &b)) || (e = batch_files(j, id, &files, &n_files)))
        return e;
    if (c->json)
        return show_json(j, &b, files, n_files);
    e = batch_findings(j, (struct batch_page){id, 0, FINDINGS_SHOWN}, &found, &n_found);
    if (!e)
        show_words(&b, files, n_files, found, n_found);
    return e;
}

/* ---- withdraw -------------------------------------------------------------------- */

static enum err
withdraw(struct job *j, const struct command *c, int64_t id)
{
    struct batch b;
    enum err e;

    if ((e = batch_withdraw(j, id, command_option(c, "--why"))) || (e = batch_get(j, id, &b)) ||
        (e = after_load(j, after_figures(j, c->home))))
        return e;
    if (c->json)
        command_json(batch_json(&b));
    else
        printf("Batch %lld (%s) is withdrawn: it counts in no figure from now on.\n",
               (long long)id, b.title);
    return OK;
}

/* ---- the verb -------------------------------------------------------------------- */

static enum err
wrong_words(struct job *j)
{
    err_set(j, ERR_USAGE, "rooted batch wants list, show N or withdraw N");
    return err_hint(j, "See: rooted batch --help");
}

static enum err
run(struct job *j, const struct command *c)
{
    const char *what = c->argc ? c->argv[0] : "";
    bool is_list = !strcmp(what, "list"), is_show = !strcmp(what, "show");
    bool is_withdraw = !strcmp(what, "withdraw");
    int64_t id = 0;
    enum err e;

    if (!is_list && !is_show && !is_withdraw)
        return wrong_words(j);
    if ((e = command_words(j, c, is_list ? 1 : 2, is_list ? 1 : 2)))
        return e;
    if (!is_list && !text_to_int(c->argv[1], strlen(c->argv[1]), &id))
        return wrong_words(j);
    if (is_withdraw && !command_option(c, "--why")) {
        err_set(j, ERR_USAGE, "a batch is withdrawn for a reason, and none was given");
        return err_hint(j, "Say why, for those who ask later: --why \"wrong year\"");
    }
    if ((e = command_db(j, c, is_withdraw)) || (e = command_area(j, c)))
        return e;
    if (is_list)
        return list(j, c);
    return is_show ? show(j, c, id) : withdraw(j, c, id);
}

static const struct option options[] = {
    {"--area", "N", "the authority's DfE number; needed when there are several"},
    {"--why", "TEXT", "withdraw: the reason, kept with the batch"},
    {0},
};

const struct verb verb_batch = {
    .name = "batch",
    .usage = "list | show N | withdraw N --why TEXT",
    .about = "what was loaded, what was wrong with it, and taking it back",
    .manual =
        "A batch is one export. \"list\" gives every batch, newest first. \"show N\" gives its\n"
        "files and the findings: file, line, field, rule and a sentence; with --json all of\n"
        "them. \"withdraw N\" takes a wrong batch out of every figure; it stays on record with\n"
        "the reason, and questions about an earlier date still see what was known then.\n"
        "Schools, postcodes and deprivation replace what was there and are not withdrawn:\n"
        "load the right file instead.",
    .options = options,
    .fn = run,
};
