#include "directory/fresh.h"
#include "access/setting.h"
#include "base/date.h"

static const struct {
    const char *name, *badge;
} states[] = {
#define CHECK(id, name, badge) [CHECK_##id] = {name, badge},
#include "directory/fresh.def"
#undef CHECK
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

enum check_state
check_of(const struct fresh_days *d, int32_t checked, int32_t today)
{
    int32_t age = today - checked;

    if (!checked)
        return CHECK_STALE;
    return age < d->due ? CHECK_FRESH : age < d->stale ? CHECK_DUE
         : age < d->hidden ? CHECK_STALE : CHECK_HIDDEN;
}

enum search_fresh
check_ranked(const struct fresh_days *d, int32_t checked, int32_t today)
{
    static const enum search_fresh ranked[] = {
        [CHECK_FRESH] = SEARCH_FRESH, [CHECK_DUE] = SEARCH_DUE, [CHECK_STALE] = SEARCH_STALE,
        [CHECK_HIDDEN] = SEARCH_STALE};

    return checked ? ranked[check_of(d, checked, today)] : SEARCH_UNCHECKED;
}

const char *
check_name(enum check_state f)
{
    return states[f].name;
}

bool
check_find(const char *name, enum check_state *out)
{
    for (int f = 0; f < CHECK_STATES; f++)
        if (!strcmp(states[f].name, name)) {
            *out = (enum check_state)f;
            return true;
        }
    return false;
}

const char *
check_words(struct job *j, enum check_state f, int32_t checked, const char *by)
{
    char day[DATE_TEXT];

    if (!checked)
        return "Nobody has checked this yet";
    return job_format(j, "%s %s%s%s%s", states[f].badge, date_words(checked, day),
                      by ? " by " : "", by ? by : "", f >= CHECK_STALE ? ", may be wrong" : "");
}
