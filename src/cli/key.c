#include "access/audit.h"
#include "access/seal.h"
#include "cli/verb.h"
#include "store/db.h"

static const struct option options[] = {
    {"--yes", NULL, "with lost: yes, the file is gone for good"},
    {0},
};

struct turning {
    struct key key;
    int64_t n;    /* texts sealed anew */
    int oldest;   /* version that the database still needs */
};

struct turned {
    struct turning *t;
    job_fn *fn;
    const char *what; /* for the audit */
};

static enum err
turn(struct job *j, void *arg)
{
    const struct turned *x = arg;
    enum err e = x->fn(j, x->t);

    if (!e)
        audit_note(j, ACT_SETUP, x->what, false);
    return e;
}

static enum err
change(struct job *j, struct turning *t, job_fn *fn, const char *what)
{
    return audit_change(j, &t->key, turn, &(struct turned){t, fn, what});
}

/* ---- rotate ------------------------------------------------------------------------- */

static enum err
do_rotate(struct job *j, void *arg)
{
    struct turning *t = arg;

    return seal_rotate(j, &t->key, &t->n);
}

/* The new version is on disk before anything is sealed with it, and the old ones stay: killed
 * at any moment, what is in the database opens. */
static enum err
key_rotate(struct job *j, const struct command *c, struct turning *t)
{
    enum err e = seal_check(j, &t->key, false);

    if (!e)
        e = seal_renew(j, &t->key);
    if (!e)
        e = change(j, t, do_rotate, "key rotated");
    if (e || c->quiet)
        return e;
    printf("%lld sealed text%s now under version %d of the key. Older versions stay in %s/key, so "
           "that\nolder backups can be read; \"rooted key forget\" drops them.\n",
           (long long)t->n, t->n == 1 ? " is" : "s are", t->key.newest, c->home);
    return OK;
}

/* ---- forget ---------------------------------------------------------------------------- */

/* With the writer's turn held: nothing is sealed meanwhile. */
static enum err
do_forget(struct job *j, void *arg)
{
    struct turning *t = arg;
    enum err e = seal_check(j, &t->key, true);

    if (!e)
        e = seal_oldest(j, &t->key, &t->oldest);
    return e ? e : key_forget(j, &t->key, t->oldest);
}

static enum err
forget(struct job *j, const struct command *c, struct turning *t)
{
    int before = t->key.oldest;
    enum err e = change(j, t, do_forget, "key versions forgotten");

    if (e || c->quiet)
        return e;
    if (before == t->key.oldest)
        printf("The database needs every version in %s/key; nothing was dropped.\n", c->home);
    else
        printf("Versions before %d are gone from %s/key. Backups from before the rotation do not "
               "open\nwith it any more.\n", t->key.oldest, c->home);
    return OK;
}

/* ---- lost ------------------------------------------------------------------------------ */

static enum err
do_give_up(struct job *j, void *arg)
{
    struct turning *t = arg;

    return seal_give_up(j, &t->key);
}

static enum err
lost(struct job *j, const struct command *c, struct turning *t)
{
    enum err e;

    if (!command_option(c, "--yes")) {
        err_set(j, ERR_USAGE, "\"rooted key lost\" wants --yes");
        return err_hint(j, "It forgets every second factor; look for the key file first.");
    }
    if (!seal_check(j, &t->key, false)) {
        err_set(j, ERR_INPUT, "the key file %s is this database's: it is not lost",
                key_path(j, c->home));
        return err_hint(j, "\"rooted key rotate\" changes to a new version.");
    }
    err_clear(j);
    e = change(j, t, do_give_up, "key lost");
    if (e || c->quiet)
        return e;
    printf("All that was sealed is forgotten, and everybody is signed out. Everybody sets up a "
           "second\nfactor again at the next sign-in.\n");
    return OK;
}

/* ---- show ------------------------------------------------------------------------------- */

static enum err
show(struct job *j, const struct command *c, struct turning *t)
{
    bool ours = !seal_check(j, &t->key, false);

    err_clear(j);
    if (c->json)
        printf("{\"oldest\":%d,\"newest\":%d,\"ours\":%s}\n", t->key.oldest, t->key.newest,
               ours ? "true" : "false");
    else
        printf("%s/key: version %d seals, versions from %d open. It %s this database.\n", c->home,
               t->key.newest, t->key.oldest, ours ? "belongs to" : "does NOT belong to");
    return OK;
}

static const struct {
    const char *name;
    enum err (*fn)(struct job *j, const struct command *c, struct turning *t);
} actions[] = {{"show", show}, {"rotate", key_rotate}, {"forget", forget}, {"lost", lost}};

static enum err
key(struct job *j, const struct command *c)
{
    struct turning t = {0};
    enum err e = command_words(j, c, 0, 1);

    if (e)
        return e;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(c->argc ? c->argv[0] : "show", actions[i].name))
            continue;
        e = command_db(j, c, true);
        if (!e)
            e = key_load(j, c->home, &t.key);
        return e ? e : actions[i].fn(j, c, &t);
    }
    err_set(j, ERR_USAGE, "\"%s\" is nothing that can be done with the key", c->argv[0]);
    return err_hint(j, "Usage: rooted key %s", c->verb->usage);
}

const struct verb verb_key = {
    .name = "key",
    .usage = "[show] | rotate | forget | lost --yes",
    .about = "the key file: what is sealed in the database",
    .manual =
        "The key file ($ROOTED_HOME/key) lies outside the database and its backups. Secrets\n"
        "of second factors are encrypted with it; sessions, codes and search words are\n"
        "hashed with it. Keep a copy apart from the backups.\n"
        "show    which versions of the key there are, and whether the file is this\n"
        "        database's\n"
        "rotate  encrypt everything anew under a new version; may be killed at any moment\n"
        "        and run while the program serves. Older versions stay in the file\n"
        "forget  drop the versions that this database does not need any more\n"
        "lost    the file is gone for good and the database was restored without it: what\n"
        "        was sealed is forgotten, and everybody sets up a second factor again",
    .options = options,
    .fn = key,
};
