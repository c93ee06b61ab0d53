#include "cli/verb.h"

static const struct option options[] = {
    {"--times", "N", "how often (1)"},
    {0},
};

static enum err
greet(struct job *j, const struct command *c)
{
    int64_t times;
    enum err e = command_words(j, c, 1, 1);

    if (!e)
        e = command_int(j, c, "--times", 1, &times);
    if (e)
        return e;
    if (times < 1 || times > 3)
        return err_set(j, ERR_INPUT, "nobody is greeted %lld times", (long long)times);
    for (int64_t i = 0; i < times; i++)
        printf("Good morning, %s.\n", c->argv[0]);
    return OK;
}

const struct verb verb_greet = {
    .name = "greet",
    .usage = "[--times N] NAME",
    .about = "say good morning",
    .manual = "Says good morning to NAME, up to three times.",
    .options = options,
    .fn = greet,
};
