#include "cli/area.h"
#include "people/area.h"

static const char *
names_of(struct job *j, const struct area *a, size_t n)
{
    const char *out = "";

    for (size_t i = 0; i < n; i++)
        out = job_format(j, "%s%s%03lld (%s)", out, i ? ", " : "", (long long)a[i].area_id,
                         a[i].name);
    return out;
}

enum err
command_area(struct job *j, const struct command *c)
{
    struct area *areas;
    size_t n;
    int64_t asked;
    enum err e = command_int(j, c, "--area", 0, &asked);

    if (!e)
        e = area_list(j, &areas, &n);
    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        if (areas[i].area_id == asked || (!asked && n == 1)) {
            j->area = areas[i].area_id;
            return OK;
        }
    if (!n) {
        err_set(j, ERR_INPUT, "the database holds no authority yet");
        return err_hint(j, "Load a file first: rooted load --area N FILE");
    }
    if (asked)
        err_set(j, ERR_USAGE, "there is no authority %03lld here", (long long)asked);
    else
        err_set(j, ERR_USAGE, "the database holds several authorities");
    return err_hint(j, "Use --area with one of: %s", names_of(j, areas, n));
}
