#include "web/device.h"
#include <stdio.h>
#include <string.h>

struct word {
    const char *mark, *text;
};
/* In the order in which they must be looked for: most say that they are others too. */
static const struct word programs[] = {
    {"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"},
    {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
    {"Chromium/", "Chromium"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
};
static const struct word systems[] = {
    {"iPhone", "an iPhone"}, {"iPad", "an iPad"}, {"Android", "Android"},
    {"Windows", "Windows"}, {"CrOS", "a Chromebook"}, {"Mac OS X", "a Mac"}, {"Linux", "Linux"},
};

static const char *
find(const struct word *v, size_t n, const char *text)
{
    for (size_t i = 0; text && i < n; i++)
        if (strstr(text, v[i].mark))
            return v[i].text;
    return NULL;
}

void
device_words(const char *user_agent, char *out)
{
    const char *program = find(programs, sizeof programs / sizeof *programs, user_agent);
    const char *system = find(systems, sizeof systems / sizeof *systems, user_agent);

    snprintf(out, DEVICE_TEXT, "%s%s%s", program ? program : "A program", system ? " on " : "",
             system ? system : "");
}
