#include "cli/directory_show.h"
#include "base/date.h"
#include <string.h>

/* ---- runs -------------------------------------------------------------------------------- */

static json_t *
run_json(const struct import_run *r)
{
    return json_pack("{s:I, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s?}", "run",
                     (json_int_t)r->id, "state", r->state, "place", r->place, "read",
                     (json_int_t)r->read, "added", (json_int_t)r->added, "changed",
                     (json_int_t)r->changed, "same", (json_int_t)r->same, "held",
                     (json_int_t)r->held, "refused", (json_int_t)r->refused, "gone",
                     (json_int_t)r->gone, "repaired", (json_int_t)r->repaired, "message",
                     r->message);
}

static void
print_run(const struct import_run *r)
{
    printf("import %lld  %s, %s: %lld read: %lld new, %lld changed, %lld the same, %lld wait, "
           "%lld turned away; %lld gone; %lld repaired\n",
           (long long)r->id, r->place, r->state, (long long)r->read, (long long)r->added,
           (long long)r->changed, (long long)r->same, (long long)r->held, (long long)r->refused,
           (long long)r->gone, (long long)r->repaired);
    if (r->message)
        printf("           %s\n", r->message);
}

void
directory_show_run(struct job *j, const struct command *c, const struct import_run *r)
{
    (void)j;
    if (c->json)
        command_json(run_json(r));
    else if (!c->quiet)
        print_run(r);
}

enum { RUNS_SHOWN = 50 };

enum err
directory_runs(struct job *j, const struct command *c)
{
    struct import_run *v;
    size_t n;
    json_t *all = c->json ? json_array() : NULL;
    enum err e = import_runs(j, RUNS_SHOWN, &v, &n);

    for (size_t i = 0; !e && i < n; i++)
        if (all)
            json_array_append_new(all, run_json(&v[i]));
        else
            print_run(&v[i]);
    if (all && !e)
        command_json(all);
    else
        json_decref(all);
    return e;
}

static json_t *
record_json(const struct import_record *r)
{
    json_t *report = r->report ? json_loads(r->report, 0, NULL) : NULL;

    return json_pack("{s:I, s:s?, s:s?, s:s, s:I, s:o*}", "record", (json_int_t)r->no, "id",
                     r->key, "name", r->name, "outcome", r->outcome, "filled",
                     (json_int_t)r->filled, "report", report);
}

static void
print_note(const json_t *note)
{
    enum repair_rule rule;
    const char *name = document_string(note, "rule"), *was = document_string(note, "was");
    const char *path = document_string(note, "path");
    json_int_t n = json_integer_value(json_object_get(note, "n"));

    if (!name)
        printf("      and %" JSON_INTEGER_FORMAT " notes more\n",
               json_integer_value(json_object_get(note, "more")));
    else if (!repair_find(name, &rule))
        printf("      %s\n", was ? was : name);
    else if (n)
        printf("      %s (%s and others, %" JSON_INTEGER_FORMAT " in all)\n", repair_words(rule),
               path, n);
    else
        printf("      %s (%s)%s%s\n", repair_words(rule), path && *path ? path : "service",
               was ? ": " : "", was ? was : "");
}

static void
print_record(const struct import_record *r)
{
    json_t *report = r->report ? json_loads(r->report, 0, NULL) : NULL, *note;
    size_t i;

    printf("%6lld  %-8s %3lld%%  %s%s%s\n", (long long)r->no, r->outcome, (long long)r->filled,
           r->name ? r->name : "(no name)", r->key ? ", " : "", r->key ? r->key : "");
    json_array_foreach(report, i, note)
        print_note(note);
    json_decref(report);
}

enum err
directory_run(struct job *j, const struct command *c)
{
    struct import_record *v;
    int64_t run;
    size_t n;
    json_t *all = NULL;
    enum err e;

    if (!text_to_int(c->argv[1], strlen(c->argv[1]), &run))
        return err_set(j, ERR_USAGE, "rooted directory run wants the number of an import");
    e = import_records(j, run, command_option(c, "--outcome"), &v, &n);
    if (!e && !n) {
        err_set(j, ERR_NOT_FOUND, "there are no such records of import %lld", (long long)run);
        return err_hint(j, "Reports are kept of each source's last import.");
    }
    all = c->json ? json_array() : NULL;
    for (size_t i = 0; !e && i < n; i++)
        if (all)
            json_array_append_new(all, record_json(&v[i]));
        else
            print_record(&v[i]);
    if (all)
        command_json(all);
    return e;
}

/* ---- services ---------------------------------------------------------------------------- */

static const char *
state_of(const struct service *s)
{
    return s->merged_into ? "merged"
           : s->hidden    ? "hidden"
           : s->gone      ? "gone"
           : s->live_version ? "shown"
                             : "waits";
}

enum err
directory_list(struct job *j, const struct command *c)
{
    struct service_filter f = {.words = c->argc > 1 ? c->argv[1] : NULL};
    struct service *v;
    size_t n;
    json_t *all = c->json ? json_array() : NULL;
    enum err e = service_list(j, &f, &v, &n);

    for (size_t i = 0; !e && i < n; i++)
        if (all)
            json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s}", "id", v[i].uuid, "name",
                                                 v[i].name, "organization", v[i].organization,
                                                 "state", state_of(&v[i])));
        else
            printf("%s  %-6s  %s%s%s\n", v[i].uuid, state_of(&v[i]), v[i].name,
                   *v[i].organization ? ", " : "", v[i].organization);
    if (all && !e)
        command_json(all);
    else
        json_decref(all);
    return e;
}

static enum err
print_value(struct job *j, void *arg, const struct document_at *at)
{
    (void)arg;
    printf("%-44s %s\n", at->path, document_words(j, at->value));
    return OK;
}

enum err
directory_show(struct job *j, const struct command *c)
{
    struct service s;
    struct service_version v;
    int64_t no = 0;
    json_t *doc = NULL;
    struct span text;
    enum err e = service_find(j, c->argv[1], &s);

    if (!e)
        e = command_int(j, c, "--number", s.live_version, &no);
    if (!e)
        e = service_version(j, s.id, no, &v, &doc);
    if (e)
        return e;
    if (!c->json)
        return document_walk(j, doc, print_value, NULL);
    text = document_text(j, doc);
    printf("%.*s\n", (int)text.n, text.s);
    return OK;
}

void
directory_show_duplicates(const struct command *c, const struct duplicate *v, size_t n)
{
    json_t *all = c->json ? json_array() : NULL;

    for (size_t i = 0; i < n; i++)
        if (all)
            json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:I, s:s}", "id", v[i].uuid,
                                                 "name", v[i].name, "other", v[i].other_uuid,
                                                 "other_name", v[i].other_name, "score",
                                                 (json_int_t)v[i].score, "why", v[i].why));
        else
            printf("%3lld%%  %s  %s\n      %s  %s\n      alike: %s\n", (long long)v[i].score,
                   v[i].uuid, v[i].name, v[i].other_uuid, v[i].other_name, v[i].why);
    if (all)
        command_json(all);
    else if (!n && !c->quiet)
        puts("No service seems to be there twice.");
}
