#include "access/setting.h"
#include "access/audit.h"
#include "base/date.h"
#include "base/text.h"
#include "store/db.h"
#include <jansson.h>

static const struct setting_row {
    const char *name, *about, *standard;
    enum setting_kind kind;
} rows[] = {
#define SETTING(id, name, kind, standard, about) [id] = {name, about, standard, kind},
#define STATE(id, name, about) [id] = {name, about, NULL, KIND_STATE},
#define RECORD(id, name, about) [id] = {name, about, NULL, KIND_RECORD},
#include "access/settings.def"
#undef SETTING
#undef STATE
#undef RECORD
};

const char *
setting_name(enum setting s)
{
    return rows[s].name;
}

const char *
setting_about(enum setting s)
{
    return rows[s].about;
}

bool
setting_is_record(enum setting s)
{
    return rows[s].kind == KIND_RECORD;
}

bool
setting_is_plain(enum setting s)
{
    return rows[s].kind != KIND_RECORD && rows[s].kind != KIND_STATE;
}

bool
setting_is_local(enum setting s)
{
    return rows[s].kind == KIND_LOCAL;
}

static size_t
most_characters(enum setting s)
{
    return rows[s].kind == KIND_LOCAL ? 2000 : 200;
}

bool
setting_find(const char *name, enum setting *out)
{
    for (int s = 0; s < SETTINGS; s++) {
        if (strcmp(rows[s].name, name))
            continue;
        *out = (enum setting)s;
        return true;
    }
    return false;
}

static const char sql_list[] = "SELECT name, value FROM setting";

enum err
setting_list(struct job *j, struct settings *out)
{
    struct rows q;
    enum setting s;

    *out = (struct settings){0};
    db_ask(j, &q, sql_list, NO_ARGS);
    while (db_next(&q))
        if (setting_find(row_text(&q, 0), &s))
            out->value[s] = row_text(&q, 1);
    return db_done(&q);
}

const char *
setting_value(const struct settings *all, enum setting s)
{
    return all->value[s] ? all->value[s] : rows[s].standard;
}

static bool
is_number(enum setting_kind kind, const char *text, int64_t *n)
{
    int64_t least = kind == KIND_COUNT, most = kind == KIND_COUNT ? 1000 : 100;

    return text && text_to_int(text, strlen(text), n) && *n >= least && *n <= most;
}

int64_t
setting_number(const struct settings *all, enum setting s)
{
    int64_t n;
    enum setting_kind kind = rows[s].kind;

    if (is_number(kind, all->value[s], &n) || is_number(kind, rows[s].standard, &n))
        return n;
    return 0;
}

static const char sql_change[] =
    "INSERT INTO setting (name, value) VALUES ($1, $2) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/* What it was and what it is now, for the audit. */
static void
note_change(struct job *j, enum setting s, const char *before, const char *value)
{
    if (j->notes)
        audit_fields(j, ACT_SETUP, &(struct audit_field){rows[s].name, before, value}, 1);
}

enum err
setting_change(struct job *j, enum setting s, const char *value)
{
    struct settings all;
    enum err e = setting_list(j, &all);

    if (!e)
        note_change(j, s, all.value[s], value);
    return e ? e : db_run(j, sql_change, ARGS(TEXT(rows[s].name), TEXT(value)), NULL);
}

/* Only a name and perhaps a port: what a browser sends as Origin. */
static bool
is_site(const char *text)
{
    static const char start[] = "https://";
    const char *host = strncmp(text, start, strlen(start)) ? "" : text + strlen(start);

    return *host && !host[strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-:")];
}

enum err
setting_choose(struct job *j, enum setting s, const char *value)
{
    struct span v = span_trim(span_of(value));
    const char *text = job_copy_n(j, v.s, v.n);
    int64_t n;

    if (!v.n || v.n > most_characters(s))
        return err_set(j, ERR_INPUT, "the %s wants a text of 1 to %zu characters", rows[s].name,
                       most_characters(s));
    if ((rows[s].kind == KIND_PER_CENT || rows[s].kind == KIND_COUNT) &&
        !is_number(rows[s].kind, text, &n))
        return err_set(j, ERR_INPUT, "the %s wants a whole number from %s", rows[s].name,
                       rows[s].kind == KIND_COUNT ? "1 to 1,000" : "0 to 100");
    if (rows[s].kind == KIND_YES && strcmp(text, "yes") && strcmp(text, "no"))
        return err_set(j, ERR_INPUT, "the %s wants yes or no", rows[s].name);
    if (rows[s].kind == KIND_URL && !is_site(text)) {
        err_set(j, ERR_INPUT, "the %s must look like https://rooted.council.gov.uk",
                rows[s].name);
        return err_hint(j, "In lower case, without a path or a slash at its end.");
    }
    return setting_change(j, s, text);
}

static const char sql_local[] = "SELECT value FROM area_setting WHERE area_id = $1 AND name = $2";

enum err
setting_local_get(struct job *j, enum setting s, const char **out)
{
    struct rows q;

    *out = NULL;
    db_ask(j, &q, sql_local, ARGS(INT(j->area), TEXT(rows[s].name)));
    if (db_next(&q))
        *out = row_text(&q, 0);
    return db_done(&q);
}

static const char sql_local_change[] =
    "INSERT INTO area_setting (area_id, name, value) VALUES ($1, $2, $3) "
    "ON CONFLICT (area_id, name) DO UPDATE SET value = excluded.value";
static const char sql_local_end[] = "DELETE FROM area_setting WHERE area_id = $1 AND name = $2";

enum err
setting_local_choose(struct job *j, enum setting s, const char *value)
{
    struct span v = span_trim(span_of(value));
    const char *text = job_copy_n(j, v.s, v.n), *before;
    enum err e;

    if (rows[s].kind != KIND_LOCAL)
        return err_set(j, ERR_INPUT, "the %s holds for all authorities", rows[s].name);
    if (v.n > most_characters(s))
        return err_set(j, ERR_INPUT, "the %s wants a text of up to %zu characters", rows[s].name,
                       most_characters(s));
    if ((e = setting_local_get(j, s, &before)))
        return e;
    note_change(j, s, before, v.n ? text : NULL);
    if (!v.n)
        return db_run(j, sql_local_end, ARGS(INT(j->area), TEXT(rows[s].name)), NULL);
    return db_run(j, sql_local_change, ARGS(INT(j->area), TEXT(rows[s].name), TEXT(text)), NULL);
}

/* 29 February: 1 March. */
static int32_t
a_year_after(int32_t date)
{
    struct ymd d = date_to_ymd(date);

    if (d.month == 2 && d.day == 29)
        return date_from_ymd(d.year + 1, 3, 1);
    return date_from_ymd(d.year + 1, d.month, d.day);
}

enum err
setting_record(struct job *j, enum setting s, const struct recorded *r)
{
    char date[DATE_TEXT], again[DATE_TEXT];
    int32_t review = r->review ? r->review : a_year_after(r->date);
    json_t *o = json_pack("{s:s, s:s, s:s, s:s}", "reference", r->reference, "date",
                          date_iso(r->date, date), "who", r->who, "review",
                          date_iso(review, again));
    char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
    char *copy = text ? job_try_alloc(j, strlen(text) + 1) : NULL;

    if (copy)
        memcpy(copy, text, strlen(text) + 1);
    free(text);
    json_decref(o);
    if (!copy)
        return err_set(j, ERR_INPUT, "the record is not plain text");
    if (review < r->date)
        return err_set(j, ERR_INPUT, "the review of the %s lies before the day it was decided",
                       rows[s].name);
    return setting_change(j, s, copy);
}

bool
setting_record_get(struct job *j, const struct settings *all, enum setting s, struct recorded *out)
{
    json_t *o = all->value[s] ? json_loads(all->value[s], 0, NULL) : NULL;
    const char *reference = NULL, *date = NULL, *who = NULL, *review = NULL;
    struct recorded r = {.date = DATE_NONE};
    bool ok = o && !json_unpack(o, "{s:s, s:s, s:s, s?s}", "reference", &reference, "date", &date,
                                "who", &who, "review", &review);

    if (ok) {
        char *a = job_try_alloc(j, strlen(reference) + 1), *b = job_try_alloc(j, strlen(who) + 1);
        ok = a && b && date_parse(date, strlen(date), &r.date);
        if (ok && (!review || !date_parse(review, strlen(review), &r.review)))
            r.review = a_year_after(r.date); /* recorded before reviews were */
        if (ok) {
            r.reference = memcpy(a, reference, strlen(reference) + 1);
            r.who = memcpy(b, who, strlen(who) + 1);
            *out = r;
        }
    }
    json_decref(o);
    return ok;
}

bool
setting_is_live(const struct settings *all)
{
    return all->value[SETTING_LIVE] && !setting_is_demonstration(all);
}

bool
setting_is_demonstration(const struct settings *all)
{
    const char *v = all->value[SETTING_DEMONSTRATION];

    return v && !strcmp(v, "1");
}

bool
setting_demands_factor(const struct settings *all)
{
    return setting_is_live(all) || setting_is_demonstration(all) ||
           !strcmp(setting_value(all, SETTING_SECOND_FACTOR), "yes");
}

static const char sql_holds[] =
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM area) "
    "OR EXISTS (SELECT 1 FROM establishment) OR EXISTS (SELECT 1 FROM setting WHERE name = 'live') "
    "THEN 1 ELSE 0 END";

enum err
setting_make_demonstration(struct job *j)
{
    struct settings all;
    int64_t holds;
    enum err e = setting_list(j, &all);

    if (e || setting_is_demonstration(&all))
        return e;
    e = db_int(j, sql_holds, NO_ARGS, 0, &holds);
    if (e)
        return e;
    if (!holds)
        return setting_change(j, SETTING_DEMONSTRATION, "1");
    err_set(j, ERR_CONFLICT, "this database holds something already, so it cannot become a "
                             "demonstration");
    return err_hint(j, "Name a new database with --db.");
}

/* "owner, retention-rule and address"; NULL when nothing is missing. */
static const char *
what_is_missing(struct job *j, const struct settings *all)
{
    static const enum setting plain[] = {SETTING_COUNCIL, SETTING_ADDRESS};
    const char *list = NULL;
    struct recorded r;

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (!all->value[plain[i]])
            list = job_format(j, "%s%s%s", list ? list : "", list ? ", " : "", rows[plain[i]].name);
    for (int s = 0; s < SETTINGS; s++)
        if (rows[s].kind == KIND_RECORD && !setting_record_get(j, all, (enum setting)s, &r))
            list = job_format(j, "%s%s%s", list ? list : "", list ? ", " : "", rows[s].name);
    return list;
}

enum err
setting_make_live(struct job *j)
{
    struct settings all;
    const char *missing;
    enum err e = setting_list(j, &all);

    if (e || setting_is_live(&all))
        return e;
    if (setting_is_demonstration(&all)) {
        err_set(j, ERR_INPUT, "a demonstration database cannot become live");
        return err_hint(j, "Name a new database with --db, and load the real files into it.");
    }
    missing = what_is_missing(j, &all);
    if (!missing)
        return setting_change(j, SETTING_LIVE, job_format(j, "%lld", (long long)j->now));
    err_set(j, ERR_INPUT, "the database cannot become live yet; missing: %s", missing);
    return err_hint(j, "Record each with \"rooted setup\"; \"rooted setup --help\" shows how.");
}
