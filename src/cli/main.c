/* cli/main.c - the command line: finds the verb, reads its options, runs it in a job. */
#include "base/date.h"
#include "base/log.h"
#include "base/thread.h"
#include "cli/verb.h"
#include <locale.h>
#include <malloc.h>
#include <unistd.h>

/* A verb that loads half a million children holds their hashes in memory. */
static const size_t VERB_MEMORY = (size_t)3 * 1024 * JOB_MB;

static const char GLOBAL_OPTIONS[] =
    "  --db URL      sqlite:PATH or postgresql://…; default $ROOTED_DB, else\n"
    "                sqlite:rooted.db in $ROOTED_HOME (./var when that is not set)\n"
    "  --json        answer in JSON where a program may read it\n"
    "  --quiet       no progress\n"
    "  --help        this page\n";

static const char EXIT_CODES[] = "Exit status: 0 done or nothing new, 1 the input was refused, "
                                 "2 wrong usage,\n3 something about the machine.\n";

static void
print_help(void)
{
    printf("rooted - find children near the edge of school early, from a council's own files\n\n"
           "Usage: rooted VERB [options] …\n\nVerbs:\n");
    for (const struct verb *const *v = verbs; *v; v++)
        printf("  %-12s  %s\n", (*v)->name, (*v)->about);
    printf("\nOptions for every verb:\n%s\n%s\nMore: rooted VERB --help\n", GLOBAL_OPTIONS,
           EXIT_CODES);
}

static void
print_verb_help(const struct verb *v)
{
    printf("rooted %s - %s\n\nUsage: rooted %s %s\n\n%s\n", v->name, v->about, v->name, v->usage,
           v->manual);
    if (v->options)
        printf("\nOptions:\n");
    for (const struct option *o = v->options; o && o->name; o++) {
        char left[40];
        snprintf(left, sizeof left, "%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        printf("  %-18s  %s\n", left, o->about);
    }
    printf("\nOptions for every verb:\n%s\n%s", GLOBAL_OPTIONS, EXIT_CODES);
}

static const struct verb *
verb_find(const char *name)
{
    for (const struct verb *const *v = verbs; *v; v++)
        if (!strcmp((*v)->name, name))
            return *v;
    return NULL;
}

/* What the words of the command line say, before a verb is known. */
struct words {
    const char *verb;
    bool help;
};

/* The value of an option: after "=", or the next word. */
static enum err
option_value(struct job *j, const char *word, const char *name, char ***rest, const char **out)
{
    size_t n = strlen(name);

    if (word[n] == '=') {
        *out = word + n + 1;
    } else if ((*rest)[1]) {
        *out = *++*rest;
    } else {
        err_set(j, ERR_USAGE, "%s wants a value", name);
        return err_hint(j, "See: rooted --help");
    }
    return OK;
}

static bool
is_option(const char *word, const char *name)
{
    size_t n = strlen(name);

    return !strncmp(word, name, n) && (!word[n] || word[n] == '=');
}

static enum err
take_option(struct job *j, struct command *c, char ***rest, struct words *w)
{
    const char *word = **rest;
    const struct option *o = c->verb ? c->verb->options : NULL;

    if (is_option(word, "--db"))
        return option_value(j, word, "--db", rest, &c->db);
    if (!strcmp(word, "--json"))
        c->json = true;
    else if (!strcmp(word, "--quiet"))
        c->quiet = true;
    else if (!strcmp(word, "--help") || !strcmp(word, "-h"))
        w->help = true;
    else {
        for (size_t i = 0; o && o[i].name; i++) {
            if (!is_option(word, o[i].name))
                continue;
            if (o[i].value)
                return option_value(j, word, o[i].name, rest, &c->given[i]);
            c->given[i] = "";
            return OK;
        }
        err_set(j, ERR_USAGE, "there is no option %s", word);
        return err_hint(j, "See: rooted %s%s--help", c->verb ? c->verb->name : "",
                        c->verb ? " " : "");
    }
    return OK;
}

static enum err
take_verb(struct job *j, struct command *c, const char *word)
{
    size_t n = 0;

    c->verb = verb_find(word);
    if (!c->verb) {
        err_set(j, ERR_USAGE, "there is no verb \"%s\"", word);
        return err_hint(j, "See: rooted --help");
    }
    while (c->verb->options && c->verb->options[n].name)
        n++;
    c->given = job_array(j, n + 1, sizeof *c->given);
    return OK;
}

static enum err
read_words(struct job *j, char **argv, struct command *c, struct words *w)
{
    bool only_words = false;
    int n = 0;
    enum err e = OK;

    while (argv[n])
        n++;
    c->argv = job_array(j, (size_t)n + 1, sizeof *c->argv);
    for (char **at = argv; *at && !e; at++) {
        if (!only_words && !strcmp(*at, "--"))
            only_words = true;
        else if (!only_words && (*at)[0] == '-' && (*at)[1])
            e = take_option(j, c, &at, w);
        else if (!c->verb)
            e = take_verb(j, c, *at);
        else
            c->argv[c->argc++] = *at;
    }
    return e;
}

static void
set_places(struct job *j, struct command *c)
{
    const char *home = getenv("ROOTED_HOME"), *db = getenv("ROOTED_DB");

    c->home = home && *home ? home : "./var";
    if (!c->db)
        c->db = db && *db ? db : job_format(j, "sqlite:%s/rooted.db", c->home);
}

static enum err
run_command(struct job *j, void *arg)
{
    char **argv = arg;
    struct command c = {0};
    struct words w = {0};
    enum err e = read_words(j, argv, &c, &w);

    if (!e && !c.verb) {
        print_help();
        return w.help ? OK : ERR_USAGE;
    }
    if (e)
        return e;
    if (w.help) {
        print_verb_help(c.verb);
        return OK;
    }
    set_places(j, &c);
    if (c.verb->gives_way)
        thread_give_way();
    return c.verb->fn(j, &c);
}

static void
set_clock(struct job *j)
{
    struct timespec t;
    int32_t minute;

    clock_gettime(CLOCK_REALTIME, &t);
    j->now = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
    j->today = date_of_time(j->now, &minute);
}

int
main(int argc, char **argv)
{
    struct job j;
    enum err e;

    (void)argc;
    setlocale(LC_ALL, "C");
    /* Said once, glibc no longer raises it by itself: large memory goes back when freed. */
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    job_init(&j, VERB_MEMORY);
    set_clock(&j);
    e = job_run(&j, run_command, argv + 1);
    if (fflush(stdout) && !e)
        e = err_set(&j, ERR_ENV, "the answer could not be written");
    if (e && j.err.message[0]) {
        fprintf(stderr, "rooted: %s\n", j.err.message);
        if (j.err.hint[0])
            fprintf(stderr, "%s\n", j.err.hint);
    }
    if (e && j.err.detail[0])
        log_error(&j, "verb");
    job_end(&j);
    return err_exit_code(e);
}
