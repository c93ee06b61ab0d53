/* bench_audit FOLDER - the audit: entries a second that are written in groups, and verified in the
 * database, and exported.  One line. */
#include "access/audit.h"
#include "access/audit_verify.h"
#include "store/db.h"

enum { ENTRIES = 1000000, GROUP = 1000 };

/* By the clock on the wall, and of the processor: others on the machine change that least. */
struct watch { double wall, processor; };

static double
seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct watch
now(void)
{
    return (struct watch){seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
}

static void
say(const char *what, struct watch start, const char *end)
{
    struct watch w = now();

    printf("%s %.0f entries/s (%.0f a second of the processor)%s", what,
           ENTRIES / (w.wall - start.wall), ENTRIES / (w.processor - start.processor), end);
}

/* As pages leave them: three of four open a child, one searches and shows twenty. */
static void
note(struct job *j, int64_t i)
{
    int64_t shown[20], person = 1 + i * 7919 % 50000;
    char subject[40];

    j->now++;
    if (i % 4) {
        snprintf(subject, sizeof subject, "child %lld", (long long)person);
        audit_put(j, (struct note){.act = ACT_CHILD, .person = person, .subject = subject});
        return;
    }
    for (int k = 0; k < 20; k++)
        shown[k] = person + k;
    snprintf(subject, sizeof subject, "words %lld", (long long)i);
    audit_words(j, ACT_CHILDREN, "search", subject, false);
    audit_shown(j, ACT_CHILDREN, &(struct audit_list){shown, sizeof *shown, 20, 57});
}

static enum err
fill(struct job *j, const struct key *key)
{
    const struct actor who = {.account = 7, .area = 1};
    enum err e = OK;

    j->who = &who;
    j->area = 1;
    for (int64_t i = 0; i < ENTRIES && !e; i += GROUP) {
        struct notes n;
        audit_begin(j, key, &n);
        for (int64_t k = i; k < i + GROUP; k++)
            note(j, k);
        e = db_begin(j);
        if (!e)
            e = audit_write(j, &n);
        if (!e)
            e = db_commit(j);
        audit_end(&n);
    }
    j->notes = NULL;
    j->who = NULL;
    return e;
}

static enum err
export(struct job *j, const char *folder)
{
    const char *path = job_format(j, "%s/entries", folder);
    FILE *f = fopen(path, "we");
    int64_t n;
    enum err e;

    if (!f)
        return err_set(j, ERR_ENV, "%s cannot be written", path);
    e = audit_export(j, 1, f, &n);
    fclose(f);
    return e;
}

struct place { const char *folder, *url; };

static enum err
make(struct job *j, void *arg)
{
    const struct place *p = arg;
    struct key key;
    enum err e = key_load(j, p->folder, &key);

    if (!e)
        e = db_migrate(j, p->url);
    if (!e)
        e = db_open(j, p->url, DB_WRITE, &j->db);
    return e ? e : fill(j, &key);
}

static enum err
look(struct job *j, void *arg)
{
    const struct place *p = arg;
    struct chain_check c;
    struct watch start;
    enum err e = db_open(j, p->url, DB_READ, &j->db);

    start = now();
    if (!e)
        e = audit_verify(j, 1, NULL, &c);
    if (!e && (c.bad || c.n != ENTRIES))
        e = err_set(j, ERR_FAULT, "the audit is not whole: %s", c.why);
    if (e)
        return e;
    say("verify", start, ", ");
    start = now();
    e = export(j, p->folder);
    say("export", start, "\n");
    return e;
}

static int
run(job_fn *fn, struct place *p)
{
    struct job j;
    enum err e;

    job_init(&j, (size_t)256 * JOB_MB);
    j.now = 1750064400000000;
    e = job_run(&j, fn, p);
    if (e)
        fprintf(stderr, "%s: %s\n", j.err.message, j.err.detail);
    job_end(&j);
    return e ? 1 : 0;
}

int
main(int argc, char **argv)
{
    char url[500];
    struct place p = {argc > 1 ? argv[1] : ".", url};
    struct watch start = now();

    snprintf(url, sizeof url, "sqlite:%.400s/audit.db", p.folder);
    if (run(make, &p))
        return 1;
    say("write, a thousand at once,", start, ", ");
    return run(look, &p);
}
