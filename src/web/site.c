#include "access/setting.h"
#include "base/date.h"
#include "web/server_private.h"

static const char sql_only_area[] = "SELECT name FROM area WHERE area_id > 0 LIMIT 2";

/* The authority's own name, where there is one. */
static enum err
only_area(struct job *j, const char **name)
{
    struct rows q;
    int n = 0;
    enum err e;

    *name = "";
    db_ask(j, &q, sql_only_area, NO_ARGS);
    while (db_next(&q))
        *name = n++ ? "" : row_text(&q, 0);
    e = db_done(&q);
    return e;
}

enum err
site_read(struct job *j, struct site *out)
{
    struct settings all;
    const char *council = NULL;
    enum err e = setting_list(j, &all);

    if (!e && !all.value[SETTING_COUNCIL])
        e = only_area(j, &council);
    if (e)
        return e;
    *out = (struct site){
        .council = council ? council : all.value[SETTING_COUNCIL],
        .phone = all.value[SETTING_PHONE] ? all.value[SETTING_PHONE] : "",
        .address = all.value[SETTING_ADDRESS] ? all.value[SETTING_ADDRESS] : "",
        .demonstration = setting_is_demonstration(&all),
        .trial = !setting_is_demonstration(&all) && !setting_is_live(&all),
    };
    out->tls = setting_is_live(&all) && !strncmp(out->address, "https://", 8);
    return OK;
}

static const char sql_last_day[] =
    "SELECT MAX(as_of) FROM snapshot WHERE area_id = $1 AND state = 'current'";

enum err
site_today(struct job *j, const struct site *s, int32_t *out)
{
    int32_t minute, today = date_of_time(j->now, &minute);
    int64_t last = today;
    enum err e = OK;

    if (s->demonstration && j->area)
        e = db_int(j, sql_last_day, ARGS(INT(j->area)), today, &last);
    *out = (int32_t)last;
    return e;
}

enum err
server_today(struct job *j, int32_t *out)
{
    struct site s;
    enum err e = site_read(j, &s);

    return e ? e : site_today(j, &s, out);
}
