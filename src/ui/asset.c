#include "ui/asset.h"
#include "base/banned.h"
#include <stdbool.h>
#include <string.h>

const struct embedded *
asset_find(const char *name)
{
    for (const struct embedded *e = embed_assets; e->name; e++)
        if (!strcmp(e->name, name))
            return e;
    return NULL;
}

static bool
ends_with(const char *s, size_t n, const char *end)
{
    size_t n_end = strlen(end);

    return n > n_end && s[n - n_end - 1] == '.' && !memcmp(s + n - n_end, end, n_end);
}

const char *
asset_name(const char *stem, const char *suffix)
{
    size_t n = strlen(stem);

    for (const struct embedded *e = embed_assets; e->name; e++)
        if (!strncmp(e->name, stem, n) && e->name[n] == '-' &&
            ends_with(e->name, strlen(e->name), suffix))
            return e->name;
    return NULL;
}

const char *
asset_type(const char *name)
{
    if (ends_with(name, strlen(name), "css"))
        return "text/css; charset=utf-8";
    if (ends_with(name, strlen(name), "svg"))
        return "image/svg+xml";
    return NULL;
}
