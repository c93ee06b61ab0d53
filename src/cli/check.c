#include "access/governance.h"
#include "access/seal.h"
#include "access/setting.h"
#include "base/date.h"
#include "base/text.h"
#include "cli/verb.h"
#include "intake/retention.h"
#include "people/area.h"
#include "people/register_check.h"
#include "store/db.h"
#include <errno.h>
#include <jansson.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { MOST = 48, AREAS_SHOWN = 8 };
static const int64_t LEAST_FREE = (int64_t)1024 * 1024 * 1024;

struct finding {
    const char *name;
    bool ok;
    const char *says, *hint; /* hint: what to do; NULL when ok */
};
struct report {
    const struct command *c;
    struct finding v[MOST];
    size_t n;
};

static void
say(struct report *r, const char *name, const char *problem_hint, const char *says)
{
    if (r->n < MOST)
        r->v[r->n++] = (struct finding){name, !problem_hint, says, problem_hint};
}

/* A step that failed is a problem found; the next ones go on. */
static void
say_error(struct job *j, struct report *r, const char *name)
{
    say(r, name, j->err.hint[0] ? job_copy(j, j->err.hint) : "See the message.",
        job_copy(j, j->err.message));
    err_clear(j);
}

/* ---- what needs no database -------------------------------------------------------- */

static void
check_key(struct job *j, struct report *r)
{
    const char *path = key_path(j, r->c->home);
    struct stat st;
    struct key key;

    if (stat(path, &st))
        say(r, "key file", NULL, job_format(j, "%s will be made when it is first needed", path));
    else if (key_load(j, r->c->home, &key))
        say_error(j, r, "key file");
    else
        say(r, "key file", NULL, job_format(j, "%s, readable by its owner alone", path));
}

static void
check_clock(struct job *j, struct report *r)
{
    char day[DATE_TEXT];
    const char *says = job_format(j, "it is %s", date_words(j->today, day));

    if (date_to_ymd(j->today).year < 2025)
        say(r, "clock", "Set the clock of this machine, and keep it set (timesyncd).", says);
    else
        say(r, "clock", NULL, says);
}

/* The disk of the SQLite file; for PostgreSQL that of the home folder. */
static void
check_disk(struct job *j, struct report *r)
{
    const char *place = r->c->home;
    struct statvfs fs;
    int64_t free_bytes;
    const char *says;

    if (!strncmp(r->c->db, "sqlite:", 7)) {
        char *folder = job_copy(j, r->c->db + 7), *slash = strrchr(folder, '/');
        if (slash)
            slash[slash == folder] = '\0';
        place = slash ? folder : ".";
    }
    if (statvfs(place, &fs)) {
        say(r, "free disk", "Name an existing place with --db or ROOTED_HOME.",
            job_format(j, "%s: %s", place, strerror(errno)));
        return;
    }
    free_bytes = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    says = job_format(j, "%lld MB free in %s", (long long)(free_bytes / JOB_MB), place);
    if (free_bytes < LEAST_FREE)
        say(r, "free disk", "Make room: a load and its backup need at least 1 GB.", says);
    else
        say(r, "free disk", NULL, says);
}

/* ---- what needs one ------------------------------------------------------------------ */

static bool
check_schema(struct job *j, struct report *r)
{
    int64_t found, want = db_schema_version();
    const char *says;

    if (db_open(j, r->c->db, DB_READ, &j->db)) {
        say_error(j, r, "database");
        return false;
    }
    say(r, "database", NULL, job_copy(j, db_url(j->db)));
    if (db_schema_found(j, &found)) {
        say_error(j, r, "schema");
        return false;
    }
    says = job_format(j, "version %lld; this program wants %lld", (long long)found,
                      (long long)want);
    if (found == want)
        say(r, "schema", NULL, says);
    else
        say(r, "schema",
            found > want ? "Use the newer program that wrote it."
                         : "Run \"rooted serve\" or load a file: both bring it up to date.",
            says);
    return found == want;
}

static void
check_integrity(struct job *j, struct report *r)
{
    const char *problem;

    if (db_integrity(j, &problem))
        say_error(j, r, "integrity");
    else if (*problem)
        say(r, "integrity", "Stop the program and restore the last backup.", problem);
    else
        say(r, "integrity", NULL, "sound");
}

/* What the engine cannot see: whether packed registers are what was loaded. */
static void
check_registers(struct job *j, struct report *r)
{
    struct register_checked c;
    char n[TEXT_NUMBER];

    if (register_check(j, &c))
        say_error(j, r, "registers");
    else if (!c.bad)
        say(r, "registers", NULL,
            c.registers ? job_format(j, "%s weeks of schools can be read",
                                     text_count(c.registers, n))
                        : "none are loaded");
    else
        say(r, "registers",
            "Withdraw that batch and load its files again, or restore the last backup.",
            c.bad == 1 ? c.first
                       : job_format(j, "%s; so are others, %s in all", c.first,
                                    text_count(c.bad, n)));
}

static void
check_kind(struct job *j, struct report *r)
{
    struct settings all;

    if (setting_list(j, &all))
        say_error(j, r, "configuration");
    else if (setting_is_demonstration(&all))
        say(r, "configuration", NULL, "a demonstration: made-up children only");
    else if (!setting_is_live(&all))
        say(r, "configuration", NULL, "a trial: served on this machine only");
    else
        say(r, "configuration", NULL, "live");
}

/* What is not recorded yet keeps a trial from becoming live, and is no fault of the trial. */
static void
check_record(struct job *j, struct report *r, const struct governance_item *i, bool live)
{
    const char *name = setting_name(i->setting);
    char day[DATE_TEXT];

    if (i->state == GOVERNANCE_MISSING)
        say(r, name,
            live ? job_format(j, "Record it: rooted setup --record %s, or --ask.", name) : NULL,
            live ? "not recorded" : "not recorded yet: needed before the database becomes live");
    else if (i->state == GOVERNANCE_OVERDUE)
        say(r, name, "Look at it again, and record it anew: rooted setup --ask",
            job_format(j, "was to be looked at again by %s", date_words(i->recorded.review, day)));
    else
        say(r, name, NULL, job_format(j, "%s, to be looked at again by %s", i->recorded.reference,
                                      date_words(i->recorded.review, day)));
}

/* Of one authority, which must have one in force where real data is. */
static void
check_agreement(struct job *j, struct report *r, bool live)
{
    const char *name = job_format(j, "agreement of %03lld", (long long)j->area);
    struct governance *g = job_alloc(j, sizeof *g);
    char day[DATE_TEXT];

    if (governance_get(j, g))
        say_error(j, r, name);
    else if (g->agreement == GOVERNANCE_MISSING)
        say(r, name, live ? "The governance officer writes one and brings it into force." : NULL,
            "none is in force: nothing may be shared");
    else if (g->agreement == GOVERNANCE_OVERDUE)
        say(r, name, "The governance officer looks at it again, and brings a version into force.",
            job_format(j, "version %lld was to be looked at again by %s", (long long)g->version,
                       date_words(g->review_on, day)));
    else
        say(r, name, NULL, job_format(j, "version %lld, to be looked at again by %s",
                                      (long long)g->version, date_words(g->review_on, day)));
}

/* In a live database what is due goes each day; copies are destroyed by people.  since: when it
 * became live; 0: it is not. */
static void
check_retention(struct job *j, struct report *r, int64_t since)
{
    const int64_t days = (int64_t)3 * 24 * 3600 * 1000000;
    const char *name = job_format(j, "retention of %03lld", (long long)j->area);
    struct retention_run *run;
    struct retention_item *item;
    size_t n_run, n, by_hand = 0;
    char when[64];

    if (retention_runs(j, &run, &n_run) || retention_due_copies(j, &item, &n)) {
        say_error(j, r, name);
        return;
    }
    by_hand = n;
    if (since && (n_run ? run[0].at : since) < j->now - days)
        say(r, name, "It goes each day while \"rooted serve\" runs; or: rooted retention apply",
            n_run ? job_format(j, "what is due was last removed %s", time_words(run[0].at, when))
                  : "what is due was never removed");
    else if (by_hand)
        say(r, name, "Destroy them, then say so: rooted retention destroyed N",
            job_format(j, "copies of the database past their time: %zu", by_hand));
    else
        say(r, name, NULL,
            n_run   ? job_format(j, "last looked at %s", time_words(run[0].at, when))
            : since ? "to be looked at today"
                    : "nothing goes by itself in a trial");
}

static void
check_governance(struct job *j, struct report *r)
{
    struct governance *g = job_alloc(j, sizeof *g);
    int64_t since = 0;
    struct area *all;
    size_t n;
    bool live;

    if (governance_get(j, g) || area_list(j, &all, &n)) {
        say_error(j, r, "what was decided");
        return;
    }
    if (setting_is_demonstration(&g->all))
        return;
    live = setting_is_live(&g->all);
    if (live)
        text_to_int(g->all.value[SETTING_LIVE], strlen(g->all.value[SETTING_LIVE]), &since);
    for (size_t i = 0; i < g->n; i++)
        check_record(j, r, &g->item[i], live);
    for (size_t i = 0; i < n && i < AREAS_SHOWN; i++) {
        j->area = all[i].area_id;
        check_agreement(j, r, live);
        check_retention(j, r, since);
    }
    j->area = 0;
}

/* A restored database without its key is no use to those with a second factor. */
static void
check_key_fits(struct job *j, struct report *r)
{
    const char *path = key_path(j, r->c->home);
    bool marked = false, there;
    struct stat st;
    struct key key;
    enum err e = seal_is_marked(j, &marked);

    there = !stat(path, &st);
    if (!e && there && !key_load(j, r->c->home, &key))
        e = seal_check(j, &key, false);
    if (e)
        say_error(j, r, "key and database");
    else if (marked && !there)
        say(r, "key and database",
            "Put the key file of the installation that the database comes from in its place.",
            "the database was used with a key file that is not here");
    else
        say(r, "key and database", NULL, marked ? "belong together" : "not used together yet");
    err_clear(j);
}

static const char sql_people[] = "SELECT COUNT(*) FROM account WHERE disabled IS NULL";
static const char sql_unpublished[] =
    "SELECT COUNT(*) FROM batch WHERE area_id > 0 AND state = 'loading'";
static const char sql_failed[] =
    "SELECT COUNT(*) FROM task WHERE area_id > 0 AND state = 'failed' AND ended > $1";

struct counting {
    const char *name, *sql, *unit, *hint;
    bool wanted; /* a problem when there is none; else when there is any */
    struct args args;
};

static void
check_count(struct job *j, struct report *r, const struct counting *k)
{
    int64_t n;
    const char *says;

    if (db_int(j, k->sql, k->args, 0, &n)) {
        say_error(j, r, k->name);
        return;
    }
    says = job_format(j, "%s: %lld", k->unit, (long long)n);
    say(r, k->name, (n > 0) == k->wanted ? NULL : k->hint, says);
}

static void
check_database(struct job *j, struct report *r)
{
    const int64_t week = (int64_t)7 * 24 * 3600 * 1000000;
    const struct counting counts[] = {
        {"accounts", sql_people, "accounts that may sign in",
         "Make the first account: rooted user add LOGIN --role analyst --name NAME", true, NO_ARGS},
        {"unpublished batches", sql_unpublished, "loads not finished",
         "If no load is running, one was killed: the next load or start of the server removes it.",
         false, NO_ARGS},
        {"background work", sql_failed, "tasks failed in the last week",
         "Look at the Data page, and load the files again.", false, ARGS(INT(j->now - week))},
    };

    if (!check_schema(j, r))
        return;
    check_integrity(j, r);
    check_registers(j, r);
    check_key_fits(j, r);
    check_kind(j, r);
    check_governance(j, r);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        check_count(j, r, &counts[i]);
}

/* ---- the verb -------------------------------------------------------------------------- */

static void
print_words(const struct report *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct finding *f = &r->v[i];
        printf("%-8s %-20s %s\n", f->ok ? "ok" : "problem", f->name, f->says);
        if (!f->ok)
            printf("%-29s %s\n", "", f->hint);
    }
}

static void
print_json(const struct report *r)
{
    json_t *list = json_array();
    char *text;

    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(list, json_pack("{s:s, s:b, s:s, s:s?}", "name", r->v[i].name, "ok",
                                              r->v[i].ok, "says", r->v[i].says, "hint",
                                              r->v[i].hint));
    text = json_dumps(list, JSON_COMPACT);
    puts(text ? text : "[]");
    free(text);
    json_decref(list);
}

static enum err
check(struct job *j, const struct command *c)
{
    struct report r = {.c = c};
    enum err e = command_words(j, c, 0, 0);

    if (e)
        return e;
    check_key(j, &r);
    check_clock(j, &r);
    check_disk(j, &r);
    check_database(j, &r);
    if (c->json)
        print_json(&r);
    else
        print_words(&r);
    for (size_t i = 0; i < r.n; i++)
        if (!r.v[i].ok)
            return ERR_ENV; /* it was printed already */
    return OK;
}

const struct verb verb_check = {
    .name = "check",
    .usage = "",
    .about = "is this installation well? one line a thing",
    .manual =
        "Looks at the key file, the clock, the free disk, the database, its schema and\n"
        "integrity, the registers of attendance, how it is set up, what was decided before\n"
        "real data and when it is to be looked at again, retention, accounts, loads that were\n"
        "killed and work that failed. Each is one line, \"ok\" or \"problem\", a problem\n"
        "with what to do.\n"
        "Changes nothing. Ends with 0 when all is well, 3 when anything is not.",
    .fn = check,
};
