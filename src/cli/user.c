#include "access/custody.h"
#include "access/mask.h"
#include "people/area.h"
#include "access/account.h"
#include "access/audit.h"
#include "access/factor.h"
#include "access/tries.h"
#include "base/date.h"
#include "cli/ask.h"
#include "cli/verb.h"
#include "store/db.h"
#include <jansson.h>

static const struct option options[] = {
    {"--name", "NAME", "the person's name, as pages show it"},
    {"--role", "ROLE", "what the person does; \"rooted user roles\" lists the roles"},
    {"--admin", NULL, "the same as --role administrator"},
    {"--area", "N", "the authority's three-digit number (default: the only one loaded)"},
    {"--urn", "N", "the school of a SENCO or attendance lead"},
    {"--agency", "NAME", "whom the person acts for (default: the inclusion team, or the school)"},
    {"--why", "TEXT", "with reset-second-factor: what happened, and how you know the person"},
    {"--password-stdin", NULL, "read the passphrase from standard input"},
    {0},
};

/* ---- add, password, disable, enable --------------------------------------------------- */

static const char sql_only_area[] =
    "SELECT CASE WHEN COUNT(*) = 1 THEN MIN(area_id) ELSE 0 END FROM area WHERE area_id > 0";

static const char *
all_roles(struct job *j)
{
    const char *all = role_name((enum role)0);

    for (int r = 1; r < ROLES; r++)
        all = job_format(j, "%s%s%s", all, r + 1 < ROLES ? ", " : " and ",
                         role_name((enum role)r));
    return all;
}

static enum err
read_account(struct job *j, const struct command *c, struct account *a)
{
    const char *role = command_option(c, "--admin") ? "administrator" : command_option(c, "--role");
    int64_t only = 0;
    enum err e;

    *a = (struct account){.login = c->argv[1], .name = command_option(c, "--name"),
                          .agency = command_option(c, "--agency")};
    if (!role || !role_find(role, &a->role)) {
        err_set(j, ERR_USAGE, "--role wants one of the roles");
        return err_hint(j, "They are %s.", all_roles(j));
    }
    e = db_int(j, sql_only_area, NO_ARGS, 0, &only);
    if (!e)
        e = command_int(j, c, "--area", only, &a->area);
    return e ? e : command_int(j, c, "--urn", 0, &a->urn);
}

struct doing {
    const struct command *c;
    struct account account;
    const char *passphrase, *what; /* "account 3", for the audit */
    const char *code;              /* to hand over */
    job_fn *fn;
};

static enum err
get_id(struct job *j, struct doing *d)
{
    struct account a;
    enum err e = account_get(j, d->c->argv[1], &a);

    if (!e)
        d->what = job_format(j, "account %lld", (long long)a.id);
    return e;
}

static enum err
do_add(struct job *j, void *arg)
{
    struct doing *d = arg;
    int64_t id;
    enum err e = account_add(j, &d->account, d->passphrase, &id);

    return e ? e : get_id(j, d);
}

static enum err
do_password(struct job *j, void *arg)
{
    struct doing *d = arg;
    enum err e = account_change_passphrase(j, d->c->argv[1], d->passphrase);

    if (!e)
        e = tries_forgive(j, j->notes->key, account_login(j, d->c->argv[1]));
    return e ? e : get_id(j, d);
}

static enum err
do_disable(struct job *j, void *arg)
{
    struct doing *d = arg;
    enum err e = account_disable(j, d->c->argv[1]);

    return e ? e : get_id(j, d);
}

static enum err
do_enable(struct job *j, void *arg)
{
    struct doing *d = arg;
    enum err e = account_enable(j, d->c->argv[1]);

    if (!e)
        e = tries_forgive(j, j->notes->key, account_login(j, d->c->argv[1]));
    return e ? e : get_id(j, d);
}

static enum err
do_reset(struct job *j, void *arg)
{
    struct doing *d = arg;
    struct account a;
    enum err e = account_get(j, d->c->argv[1], &a);

    if (!e)
        e = account_reset_factor(j, j->notes->key, a.id, command_option(d->c, "--why"), &d->code);
    d->what = job_format(j, "second factor of account %lld", (long long)a.id);
    return e;
}

static enum err
do_and_note(struct job *j, void *arg)
{
    struct doing *d = arg;
    enum err e = d->fn(j, d);

    if (!e)
        audit_note(j, ACT_ACCOUNTS, d->what, false);
    return e;
}

static enum err
change(struct job *j, struct doing *d, job_fn *fn)
{
    struct key key;
    enum err e = key_load(j, d->c->home, &key);

    d->fn = fn;
    return e ? e : audit_change(j, &key, do_and_note, d);
}

static enum err
with_passphrase(struct job *j, struct doing *d, job_fn *fn)
{
    enum err e = ask_passphrase(j, command_option(d->c, "--password-stdin"), &d->passphrase);

    return e ? e : change(j, d, fn);
}

static enum err
user_add(struct job *j, const struct command *c)
{
    struct doing d = {.c = c};
    enum err e = read_account(j, c, &d.account);

    return e ? e : with_passphrase(j, &d, do_add);
}

static enum err
user_password(struct job *j, const struct command *c)
{
    struct doing d = {.c = c};
    enum err e = get_id(j, &d);

    return e ? e : with_passphrase(j, &d, do_password);
}

static enum err
user_disable(struct job *j, const struct command *c)
{
    return change(j, &(struct doing){.c = c}, do_disable);
}

static enum err
user_enable(struct job *j, const struct command *c)
{
    return change(j, &(struct doing){.c = c}, do_enable);
}

static enum err
user_reset(struct job *j, const struct command *c)
{
    struct doing d = {.c = c};
    enum err e;

    if (!command_option(c, "--why")) {
        err_set(j, ERR_USAGE, "reset-second-factor wants --why");
        return err_hint(j, "Say how you know that it is the person: it is kept.");
    }
    e = change(j, &d, do_reset);
    if (e)
        return e;
    if (c->json)
        printf("{\"code\":\"%s\"}\n", d.code);
    else
        printf("%s\nGive this code to the person yourself, not by e-mail. With it and the "
               "passphrase they\nset up a second factor anew; it is good for seven days. Their "
               "sessions have ended.\n", d.code);
    return OK;
}

/* ---- list --------------------------------------------------------------------------- */

static void
list_words(const struct account *a, size_t n)
{
    char day[DATE_TEXT];
    int32_t minute;

    if (!n)
        printf("There are no accounts yet. \"rooted user add LOGIN\" makes one.\n");
    else
        printf("%-16s %-16s %5s %7s  %-10s %s\n", "login", "role", "area", "urn", "since", "name");
    for (size_t i = 0; i < n; i++) {
        char area[24] = "-", urn[24] = "-";
        if (a[i].area)
            snprintf(area, sizeof area, "%03lld", (long long)a[i].area);
        if (a[i].urn)
            snprintf(urn, sizeof urn, "%lld", (long long)a[i].urn);
        printf("%-16s %-16s %5s %7s  %-10s %s%s\n", a[i].login, role_name(a[i].role), area, urn,
               date_iso(date_of_time(a[i].created, &minute), day), a[i].name,
               a[i].disabled ? " (disabled)" : "");
    }
}

static json_t *
number_or_null(int64_t v)
{
    return v ? json_integer(v) : json_null();
}

static void
list_json(const struct account *a, size_t n)
{
    json_t *list = json_array();
    char *text;

    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:s?, s:b}", "login", a[i].login, "name",
                            a[i].name, "role", role_name(a[i].role), "area",
                            number_or_null(a[i].area), "urn", number_or_null(a[i].urn), "agency",
                            a[i].agency, "disabled", a[i].disabled != 0));
    text = json_dumps(list, JSON_COMPACT);
    puts(text ? text : "[]");
    free(text);
    json_decref(list);
}

static enum err
user_list(struct job *j, const struct command *c)
{
    const struct account *list;
    size_t n;
    enum err e = account_list(j, &list, &n);

    if (e)
        return e;
    if (c->json)
        list_json(list, n);
    else
        list_words(list, n);
    return OK;
}

/* ---- demo --------------------------------------------------------------------------- */

static enum err
user_demo(struct job *j, const struct command *c)
{
    const struct demo_account *demo;
    char secret[FACTOR_SECRET];
    struct key key;
    size_t n;
    enum err e = key_load(j, c->home, &key);

    if (!e)
        e = db_begin(j);
    if (!e)
        e = account_demo(j, &key, &demo, &n);
    if (!e)
        e = db_commit(j);
    if (e)
        return e;
    if (c->json)
        putchar('[');
    else
        printf("Demonstration sign-ins (login, passphrase, TOTP secret, who):\n");
    for (size_t i = 0; i < n; i++) {
        factor_demo_secret(demo[i].login, secret);
        if (c->json)
            printf("%s{\"login\":\"%s\",\"passphrase\":\"%s\",\"secret\":\"%s\",\"role\":\"%s\"}",
                   i ? "," : "", demo[i].login, demo[i].passphrase, secret,
                   role_name(demo[i].role));
        else
            printf("  %-10s  %-24s  %s  %s, %s\n", demo[i].login, demo[i].passphrase, secret,
                   demo[i].name, role_title(demo[i].role));
    }
    if (!c->json)
        printf("The code of this moment: rooted code LOGIN\n");
    if (c->json)
        puts("]");
    return OK;
}

/* ---- hand-over ----------------------------------------------------------------------- */

/* It says the same whether that person kept any sealed record or none. */
static enum err
user_hand_over(struct job *j, const struct command *c)
{
    struct area *all;
    size_t n;
    bool done = false;
    enum err e = area_list(j, &all, &n);

    if (!e)
        e = db_begin(j);
    for (size_t i = 0; !e && i < n; i++) {
        j->area = all[i].area_id;
        e = custody_hand_over(j, c->argv[1], c->argv[2]);
        done = done || !e;
        if (e == ERR_INPUT && n > 1) { /* no inclusion lead there */
            err_clear(j);
            e = OK;
        }
    }
    if (!e && !done)
        e = err_set(j, ERR_INPUT, "\"%.64s\" is no inclusion lead of any authority", c->argv[2]);
    if (!e)
        e = db_commit(j);
    if (!e)
        printf("Sealed records that %s kept, if any, are kept by %s, too.\n", c->argv[1],
               c->argv[2]);
    return e;
}

/* ---- roles --------------------------------------------------------------------------- */

/* Fields that not everybody sees who may open a record. */
static void
print_masks(void)
{
    printf("\n## Fields of a record that not everybody sees\n\n| |");
    for (int r = 0; r < ROLES; r++)
        printf(" %s |", role_title((enum role)r));
    printf("\n|---|");
    for (int r = 0; r < ROLES; r++)
        printf("---|");
    putchar('\n');
    for (int m = 0; m < MASKS; m++) {
        printf("| `%s`: %s |", mask_name((enum mask)m), mask_words((enum mask)m));
        for (int r = 0; r < ROLES; r++)
            printf(" %s |", mask_role_sees((enum role)r, (enum mask)m) ? "yes" : "");
        putchar('\n');
    }
}

/* As docs/permissions.md holds it. */
static enum err
user_roles(struct job *j, const struct command *c)
{
    (void)j;
    (void)c;
    printf("# Who may do what\n\n"
           "Printed by `rooted user roles` from the program's own tables. A school role sees its\n"
           "own pupils only: those who are or have been on roll of its school.\n\n| |");
    for (int r = 0; r < ROLES; r++)
        printf(" %s (`%s`) |", role_title((enum role)r), role_name((enum role)r));
    printf("\n|---|");
    for (int r = 0; r < ROLES; r++)
        printf("---|");
    putchar('\n');
    for (int a = 0; a < ACTS; a++) {
        printf("| %s |", act_about((enum act)a));
        for (int r = 0; r < ROLES; r++) {
            const struct actor who = {.account = 1, .role = (enum role)r};
            printf(" %s |", permit_act(&who, (enum act)a) ? "yes" : "");
        }
        putchar('\n');
    }
    print_masks();
    return OK;
}

/* ---- the verb ------------------------------------------------------------------------ */

static const struct {
    const char *name;
    int words;    /* after it */
    bool no_db;
    verb_fn *fn;
} actions[] = {
    {"add", 1, false, user_add},
    {"list", 0, false, user_list},
    {"password", 1, false, user_password},
    {"disable", 1, false, user_disable},
    {"enable", 1, false, user_enable},
    {"reset-second-factor", 1, false, user_reset},
    {"hand-over", 2, false, user_hand_over},
    {"roles", 0, true, user_roles},
    {"demo", 0, false, user_demo},
};

static enum err
user(struct job *j, const struct command *c)
{
    enum err e = command_words(j, c, 1, 3);

    if (e)
        return e;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(c->argv[0], actions[i].name))
            continue;
        e = command_words(j, c, 1 + actions[i].words, 1 + actions[i].words);
        if (!e && !actions[i].no_db)
            e = command_db(j, c, true);
        return e ? e : actions[i].fn(j, c);
    }
    err_set(j, ERR_USAGE, "\"%s\" is nothing that can be done with accounts", c->argv[0]);
    return err_hint(j, "Usage: rooted user %s", c->verb->usage);
}

const struct verb verb_user = {
    .name = "user",
    .usage = "add LOGIN | list | password LOGIN | disable LOGIN | enable LOGIN |\n"
             "                   reset-second-factor LOGIN --why TEXT |\n"
             "                   hand-over LOGIN LOGIN | roles | demo",
    .about = "the people who may sign in",
    .manual =
        "add       make an account, with --name and --role (a school role also with --urn);\n"
        "          the passphrase is asked for, or read with --password-stdin\n"
        "list      show all accounts, each with the first of its roles that is in force\n"
        "password  give somebody a new passphrase; ends their sessions\n"
        "disable   nobody signs in with this account any more; ends its sessions\n"
        "enable    the opposite; also ends the wait after wrong passphrases\n"
        "reset-second-factor\n"
        "          the program and the paper codes are lost: ends all sessions and prints a\n"
        "          code to hand over, with which a new second factor is set up\n"
        "hand-over sealed records that a closed account kept are kept by an inclusion lead, too\n"
        "roles     print which role may do what\n"
        "demo      make and print the sign-ins of a demonstration database",
    .options = options,
    .fn = user,
};
