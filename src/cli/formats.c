#include "cli/verb.h"
#include "returns/describe.h"

static enum err
formats(struct job *j, const struct command *c)
{
    enum err e = command_words(j, c, 0, 0);

    if (e)
        return e;
    returns_describe(stdout);
    return OK;
}

const struct verb verb_formats = {
    .name = "formats",
    .usage = "",
    .about = "print the files that are read, their columns and codes",
    .manual = "Prints, as Markdown, every table that load recognises: its columns and other\n"
              "names for them, what they hold, and the school years and terms that carry\n"
              "them; then the code sets by year and what may be found wrong with a record.\n"
              "docs/formats.md is this text.",
    .fn = formats,
};
