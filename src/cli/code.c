#include "access/account.h"
#include "access/factor.h"
#include "cli/verb.h"

static enum err
code(struct job *j, const struct command *c)
{
    char text[FACTOR_CODE];
    struct account a;
    struct key key;
    enum err e = command_words(j, c, 1, 1);

    if (!e)
        e = command_db(j, c, false);
    if (!e)
        e = key_load(j, c->home, &key);
    if (!e)
        e = account_get(j, c->argv[0], &a);
    if (!e)
        e = factor_demo_code(j, &key, a.id, text);
    if (!e)
        printf(c->json ? "{\"code\":\"%s\"}\n" : "%s\n", text);
    return e;
}

const struct verb verb_code = {
    .name = "code",
    .usage = "LOGIN",
    .about = "the code of this moment for a sign-in of the demonstration",
    .manual =
        "Prints what the TOTP program of a made-up person would show. In a demonstration\n"
        "only: in any other database nobody's codes can be told.",
    .fn = code,
};
