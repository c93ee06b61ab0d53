#include "directory/repair.h"
#include <string.h>

static const struct {
    int weight;
    const char *paths;
} rows[] = {
#define FILLED(weight, paths) {weight, paths},
#include "directory/filled.def"
#undef FILLED
};

static bool
there(const json_t *doc, const char *paths)
{
    char path[80];

    while (*paths) {
        size_t n = strcspn(paths, "|");

        snprintf(path, sizeof path, "%.*s", (int)n, paths);
        if (document_get(doc, path))
            return true;
        paths += n + (paths[n] == '|');
    }
    return false;
}

int
repair_filled(const json_t *doc)
{
    int all = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (there(doc, rows[i].paths))
            all += rows[i].weight;
    return all;
}
