/* When each source is due: the standard of cover.def, what the installation has set, what the
 * authority has. */
#include "access/setting.h"
#include "quality/cover.h"

enum { DUE_MOST = 400 };

/* "registers=14" */
static enum err
take_due(struct job *j, struct span item, struct cover_due *out)
{
    const char *sign = memchr(item.s, '=', item.n);
    size_t before = sign ? (size_t)(sign - item.s) : item.n;
    struct span name = span_trim((struct span){item.s, before});
    struct span number = {item.s + before + 1, sign ? item.n - before - 1 : 0};
    const char *names = "";
    int64_t n;

    number = span_trim(number);
    for (int s = 0; s < COVER_SOURCES; s++)
        if (sign && span_is(name, cover_rows[s].name) && text_to_int(number.s, number.n, &n) &&
            n >= 0 && n <= DUE_MOST) {
            out->days[s] = (int32_t)n;
            out->chosen[s] = true;
            return OK;
        }
    for (int s = 0; s < COVER_SOURCES; s++)
        names = job_format(j, "%s%s%s", names, s ? ", " : "", cover_rows[s].name);
    err_set(j, ERR_INPUT, "the setting \"due-days\" says \"%.*s\", which is not a source and a "
            "number of days up to %d", (int)item.n, item.s, (int)DUE_MOST);
    return err_hint(j, "Write for example registers=14, with commas between sources. Their names: "
                       "%s.", names);
}

/* What a list says is laid over what is there; what it does not name stays. */
static enum err
take_list(struct job *j, const char *text, struct cover_due *out)
{
    const char *at = text ? text : "";
    enum err e = OK;

    while (!e && *at) {
        size_t n = strcspn(at, ",");
        struct span item = span_trim((struct span){at, n});
        if (item.n)
            e = take_due(j, item, out);
        at += at[n] ? n + 1 : n;
    }
    return e;
}

enum err
cover_due_parse(struct job *j, const char *text, struct cover_due *out)
{
    *out = (struct cover_due){0};
    for (int s = 0; s < COVER_SOURCES; s++)
        out->days[s] = cover_rows[s].due;
    return take_list(j, text, out);
}

enum err
cover_due_load(struct job *j, struct cover_due *out)
{
    struct settings all;
    const char *own;
    enum err e;

    if ((e = setting_list(j, &all)) || (e = cover_due_parse(j, all.value[SETTING_DUE], out)) ||
        (e = setting_local_get(j, SETTING_DUE, &own)))
        return e;
    return take_list(j, own, out);
}
