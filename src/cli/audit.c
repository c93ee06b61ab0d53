#include "access/audit.h"
#include "access/audit_verify.h"
#include "access/heads.h"
#include "cli/verb.h"
#include "store/db.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

static const struct option options[] = {
    {"--area", "N", "of this area alone; 0 is what belongs to none, such as signing in"},
    {"--heads", "FILE", "signed heads to hold the audit against, best a copy kept elsewhere"},
    {"--key", "KEY", "public key of the heads (default: that of $ROOTED_HOME/audit-key)"},
    {0},
};

static void
free_heads(void *arg)
{
    chain_heads_free(arg);
}

/* Given, or that of the installation; ERR_NOT_FOUND: there is none yet. */
static enum err
public_key(struct job *j, const struct command *c, bool make, unsigned char *key)
{
    const char *given = command_option(c, "--key");
    unsigned char secret[CHAIN_SECRET];
    enum err e;

    if (given && !chain_key_read(given, key)) {
        err_set(j, ERR_USAGE, "--key wants a public key of 64 hexadecimal digits");
        return err_hint(j, "\"rooted audit key\" prints it.");
    }
    if (given)
        return OK;
    e = heads_key(j, c->home, make, key, secret);
    sodium_memzero(secret, sizeof secret);
    return e;
}

/* ---- verify ------------------------------------------------------------------------------- */

/* Read before the database is asked anything: whatever is signed was committed before.  NULL:
 * nothing was signed here yet, and no file was named. */
static enum err
read_heads(struct job *j, const struct command *c, const struct chain_heads **out)
{
    const char *path = command_option(c, "--heads");
    struct chain_heads *h = job_alloc(j, sizeof *h);
    struct cleanup *end = job_on_end(j, free_heads);
    unsigned char key[CHAIN_PUBLIC];
    enum err e;

    *out = NULL;
    if (!path && access(heads_path(j, c->home), F_OK))
        return OK;
    e = public_key(j, c, false, key);
    if (e == ERR_NOT_FOUND) {
        err_set(j, ERR_INPUT, "the signed heads cannot be checked without their public key");
        return err_hint(j, "Name it with --key; \"rooted audit key\" printed it where they were "
                           "signed.");
    }
    if (e)
        return e;
    end->arg = h;
    if (!chain_heads_read(h, path ? path : heads_path(j, c->home), key))
        return err_set(j, ERR_INPUT, "%s", h->why);
    *out = h;
    return OK;
}

static void
say_whole(const struct command *c, const struct chain_check *k)
{
    if (c->json)
        printf("{\"area\":%lld,\"entries\":%lld,\"sure\":%lld,\"first_bad\":%lld}\n",
               (long long)k->area, (long long)k->n, (long long)k->sure, (long long)k->bad);
    else if (!k->bad && !c->quiet)
        printf("Area %lld: %lld entr%s, whole; up to entry %lld by a signed head.\n",
               (long long)k->area, (long long)k->n, k->n == 1 ? "y" : "ies", (long long)k->sure);
}

static enum err
verify_areas(struct job *j, const struct command *c, const struct chain_heads *h)
{
    const char *why = NULL;
    struct chain_check k;
    int64_t only, *area;
    size_t n = 0;
    enum err e = command_int(j, c, "--area", -1, &only);

    if (!e)
        e = audit_areas(j, h, &area, &n);
    for (size_t i = 0; i < n && !e; i++) {
        if (only >= 0 && area[i] != only)
            continue;
        if ((e = audit_verify(j, area[i], h, &k)))
            return e;
        say_whole(c, &k);
        if (k.bad && !why)
            why = job_copy(j, k.why);
    }
    if (e || !why)
        return e;
    err_set(j, ERR_INPUT, "%s", why);
    return err_hint(j, "Keep the database and the heads as they are, and tell whoever answers for "
                       "them. docs/audit.md says what this can mean.");
}

static enum err
verify(struct job *j, const struct command *c)
{
    const struct chain_heads *h;
    enum err e = command_words(j, c, 1, 1);

    if (!e)
        e = read_heads(j, c, &h);
    if (!e)
        e = command_db(j, c, false);
    if (!e)
        e = verify_areas(j, c, h);
    if (!e && !h && !c->quiet && !c->json)
        printf("No head was signed here yet, so entries taken from the end, or written anew by "
               "somebody\nwith much patience, would not be seen. \"rooted serve\" signs them.\n");
    return e;
}

/* ---- export, key, sign ---------------------------------------------------------------------- */

static void
close_file(void *arg)
{
    fclose(arg);
}

static enum err
open_new(struct job *j, const char *path, FILE **out)
{
    struct cleanup *end = job_on_end(j, close_file);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (*out) {
        end->arg = *out;
        return OK;
    }
    err_set(j, ERR_INPUT, "%s cannot be made: %s", path, strerror(errno));
    return err_hint(j, "Name a file that is not there yet.");
}

static const char sql_only_area[] =
    "SELECT CASE WHEN COUNT(*) = 1 THEN MIN(area_id) ELSE -1 END FROM area WHERE area_id > 0";

static enum err
export(struct job *j, const struct command *c)
{
    int64_t area, n;
    FILE *to;
    enum err e = command_words(j, c, 2, 2);

    if (!e)
        e = command_db(j, c, false);
    if (!e)
        e = db_int(j, sql_only_area, NO_ARGS, -1, &area);
    if (!e)
        e = command_int(j, c, "--area", area, &area);
    if (!e && area < 0) {
        err_set(j, ERR_USAGE, "\"rooted audit export\" wants --area");
        return err_hint(j, "0 is what belongs to no area, such as signing in.");
    }
    if (!e)
        e = open_new(j, c->argv[1], &to);
    if (!e)
        e = audit_export(j, area, to, &n);
    if (!e && !c->quiet)
        printf("%lld entr%s of area %lld in %s\n", (long long)n, n == 1 ? "y" : "ies",
               (long long)area, c->argv[1]);
    return e;
}

static enum err
show_key(struct job *j, const struct command *c)
{
    unsigned char key[CHAIN_PUBLIC];
    char hex[2 * CHAIN_PUBLIC + 1];
    enum err e = command_words(j, c, 1, 1);

    if (!e)
        e = command_db(j, c, true); /* the folder may have to be made */
    if (!e)
        e = public_key(j, c, true, key);
    if (!e)
        printf("%s\n", sodium_bin2hex(hex, sizeof hex, key, sizeof key));
    return e;
}

static enum err
sign(struct job *j, const struct command *c)
{
    struct heads_known *known = job_alloc(j, sizeof *known);
    size_t n = 0;
    enum err e = command_words(j, c, 1, 1);

    if (!e)
        e = command_db(j, c, true);
    if (!e)
        e = audit_catch_up(j);
    if (!e)
        e = heads_sign(j, c->home, known, &n);
    if (!e && !c->quiet)
        printf("%zu head%s signed in %s\n", n, n == 1 ? "" : "s", heads_path(j, c->home));
    return e;
}

static const struct {
    const char *name;
    verb_fn *fn;
} actions[] = {{"verify", verify}, {"export", export}, {"key", show_key}, {"sign", sign}};

static enum err
audit(struct job *j, const struct command *c)
{
    for (size_t i = 0; c->argc && i < sizeof actions / sizeof *actions; i++)
        if (!strcmp(c->argv[0], actions[i].name))
            return actions[i].fn(j, c);
    err_set(j, ERR_USAGE, "\"rooted audit\" wants verify, export, key or sign");
    return err_hint(j, "Usage: rooted audit %s", c->verb->usage);
}

const struct verb verb_audit = {
    .name = "audit",
    .usage = "verify | export FILE | key | sign",
    .about = "is the record of who saw what still whole?",
    .manual =
        "Who looked at what, and who changed what, is kept in the database entry by entry,\n"
        "each with a hash over the one before. The newest hash of each area is signed every\n"
        "few minutes into $ROOTED_HOME/heads/audit.heads. Keep copies of that file on\n"
        "another machine, and the public key with them.\n"
        "verify  go through all entries and hold them against the signed heads. The first\n"
        "        entry that was changed, taken away or put elsewhere is named (exit 1)\n"
        "export  write the entries of an area to FILE. It holds ids and hashes, no names;\n"
        "        build/rooted-audit-verify checks it without a database\n"
        "key     print the public key that the heads are signed with\n"
        "sign    sign the heads now\n"
        "docs/audit.md describes entries, hashes and heads to the byte.",
    .options = options,
    .gives_way = true,
    .fn = audit,
};
