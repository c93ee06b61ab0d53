#include "access/sso.h"
#include "access/account.h"
#include "access/audit.h"
#include "cli/verb.h"
#include "store/db.h"

static const struct option options[] = {
    {"--issuer", "URL", "the provider, as its tokens name it"},
    {"--name", "TEXT", "as the sign-in page shows it: \"Ashmere Council\""},
    {"--factor", "CLAIM=VALUES", "what tells of a second factor: amr=mfa,otp or acr=urn:example"},
    {0},
};

static enum err
list(struct job *j, const struct command *c)
{
    struct sso_provider *v;
    size_t n;
    enum err e = sso_providers(j, &v, &n);

    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        printf("%s  %s  (second factor: %s=%s)\n", v[i].issuer, v[i].name, v[i].claim,
               v[i].values);
    if (!n && !c->quiet)
        printf("No provider is trusted: people sign in with passphrase and code.\n");
    return OK;
}

static const char *
option_or_empty(const struct command *c, const char *name)
{
    const char *s = command_option(c, name);

    return s ? s : "";
}

static enum err
add(struct job *j, const struct command *c)
{
    const char *factor = option_or_empty(c, "--factor"), *is = strchr(factor, '=');
    const struct sso_provider p = {
        .issuer = option_or_empty(c, "--issuer"), .name = option_or_empty(c, "--name"),
        .claim = job_copy_n(j, factor, is ? (size_t)(is - factor) : 0),
        .values = is ? is + 1 : ""};

    return sso_provider_add(j, &p);
}

struct changing {
    const struct command *c;
    struct key key;
    char code[SSO_CODE]; /* to print once it is kept; "" none */
};

static enum err
code(struct job *j, struct changing *x)
{
    struct account a;
    enum err e = account_get(j, x->c->argv[1], &a);

    return e ? e : sso_code_make(j, &x->key, a.id, x->code);
}

static enum err
change(struct job *j, void *arg)
{
    struct changing *x = arg;
    const char *what = x->c->argv[0];
    enum err e = !strcmp(what, "add")      ? add(j, x->c)
                 : !strcmp(what, "remove") ? sso_provider_end(j, option_or_empty(x->c, "--issuer"))
                                           : code(j, x);

    if (!e)
        audit_note(j, ACT_SETUP, job_format(j, "single sign-on, %s", what), false);
    return e;
}

static enum err
change_audited(struct job *j, const struct command *c)
{
    struct changing x = {.c = c};
    enum err e = key_load(j, c->home, &x.key);

    if (!e)
        e = audit_change(j, &x.key, change, &x);
    if (!e && x.code[0])
        printf("%s\n", x.code);
    return e;
}

static enum err
run(struct job *j, const struct command *c)
{
    const char *what = c->argc ? c->argv[0] : "";
    bool codes = !strcmp(what, "code"), lists = !strcmp(what, "list");
    enum err e;

    if (!codes && !lists && strcmp(what, "add") && strcmp(what, "remove"))
        return err_set(j, ERR_USAGE, "rooted sso wants list, add, remove or code");
    e = command_words(j, c, codes ? 2 : 1, codes ? 2 : 1);
    if (!e)
        e = command_db(j, c, !lists);
    if (e)
        return e;
    return lists ? list(j, c) : change_audited(j, c);
}

const struct verb verb_sso = {
    .name = "sso",
    .usage = "list | add --issuer URL … | remove --issuer URL | code LOGIN",
    .about = "single sign-on: which providers are trusted, and who is linked",
    .manual =
        "People sign in through a provider that the council trusts, in front of which Apache\n"
        "stands with mod_auth_openidc: see docs/single-sign-on.md. \"add\" trusts one, and says\n"
        "by which values of amr or acr its tokens tell of a second factor. \"remove\" ends that,\n"
        "and the sign-ins that came through it.\n\n"
        "\"code LOGIN\" prints a code, good once and for seven days, that links an account with\n"
        "whoever types it after signing in at a provider. Hand it over yourself.",
    .options = options,
    .fn = run,
};
