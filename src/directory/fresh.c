#include "directory/fresh.h"
#include "access/setting.h"
#include "base/date.h"

static const struct {
    const char *name, *badge;
} states[] = {
#define FRESH(id, name, badge) [FRESH_##id] = {name, badge},
#include "directory/fresh.def"
#undef FRESH
};

enum err
fresh_days_get(struct job *j, struct fresh_days *out)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    if (e)
        return e;
    *out = (struct fresh_days){
        .due = (int32_t)setting_number(&all, SETTING_DIRECTORY_DUE),
        .stale = (int32_t)setting_number(&all, SETTING_DIRECTORY_STALE),
        .hidden = (int32_t)setting_number(&all, SETTING_DIRECTORY_HIDDEN),
    };
    if (out->due < out->stale && out->stale < out->hidden)
        return OK;
    err_set(j, ERR_INPUT, "entries of the directory become due after %d days, stale after %d and "
            "hidden after %d, which do not follow each other", out->due, out->stale, out->hidden);
    return err_hint(j, "Change them with \"rooted setup --directory-due-days N\" and its "
                    "neighbours.");
}

enum fresh
fresh_of(const struct fresh_days *d, int32_t checked, int32_t today)
{
    int32_t age = today - checked;

    if (!checked)
        return FRESH_STALE;
    return age < d->due ? FRESH_FRESH : age < d->stale ? FRESH_DUE
         : age < d->hidden ? FRESH_STALE : FRESH_HIDDEN;
}

enum search_fresh
fresh_ranked(const struct fresh_days *d, int32_t checked, int32_t today)
{
    static const enum search_fresh ranked[] = {
        [FRESH_FRESH] = SEARCH_FRESH, [FRESH_DUE] = SEARCH_DUE, [FRESH_STALE] = SEARCH_STALE,
        [FRESH_HIDDEN] = SEARCH_STALE};

    return checked ? ranked[fresh_of(d, checked, today)] : SEARCH_UNCHECKED;
}

const char *
fresh_name(enum fresh f)
{
    return states[f].name;
}

bool
fresh_find(const char *name, enum fresh *out)
{
    for (int f = 0; f < FRESH_STATES; f++)
        if (!strcmp(states[f].name, name)) {
            *out = (enum fresh)f;
            return true;
        }
    return false;
}

const char *
fresh_words(struct job *j, enum fresh f, int32_t checked, const char *by)
{
    char day[DATE_TEXT];

    if (!checked)
        return "Nobody has checked this yet";
    return job_format(j, "%s %s%s%s%s", states[f].badge, date_words(checked, day),
                      by ? " by " : "", by ? by : "", f >= FRESH_STALE ? ", may be wrong" : "");
}
