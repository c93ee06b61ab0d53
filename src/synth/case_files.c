#include "synth/case_files.h"

static const char *const c903_names[C903_FILES] = {"header", "episodes", "oc2", "missing",
                                                   "reviews"};

enum err
case_open(struct case_set *s, const struct folder *in, struct truth *t)
{
    enum err e = OK;

    *s = (struct case_set){.in = in, .truth = t};
    for (int y = 0; y < CIN_YEARS; y++)
        for (int k = 0; !e && k < C903_FILES; k++) {
            char path[TABLE_PATH], layout[32];
            snprintf(path, sizeof path, "ssda903/%d-%02d/%s.csv", CIN_FIRST + y - 1,
                     (CIN_FIRST + y) % 100, c903_names[k]);
            snprintf(layout, sizeof layout, "ssda903-%s", c903_names[k]);
            e = table_open(in, &s->looked_after[y][k], path,
                           (struct table_kind){layout, CIN_FIRST + y - 1, 0});
        }
    if (!e)
        e = dataset_open(s);
    if (!e)
        e = annex_open(s);
    return e ? e : payload_open(s);
}

/* 16/10/2024 */
static void
put_date(struct table *t, int position, int32_t date)
{
    struct ymd d = date_to_ymd(date);

    if (date != DATE_NONE && date != DATE_OPEN)
        table_format(t, position, "%02d/%02d/%04d", d.day, d.month, d.year);
}

int32_t
case_missing(const struct life *l, struct dates year)
{
    struct ymd d = date_to_ymd(year.from);
    struct random r = random_stream(l->w->seed, (uint64_t)l->person * 64 + (uint64_t)(d.year % 64),
                                    STREAM_PLACED);
    int32_t day = year.from + (int32_t)random_below(&r, 330);

    return random_chance(&r, param.missing_yearly) && life_looked_after(l, day) &&
                   life_looked_after(l, day + 2) && day + 2 <= LAST_DAY
               ? day
               : DATE_NONE;
}

static void
put_header(struct table *t, const struct life *l, int year)
{
    enum { LETTERS_SINCE = 2025 };

    table_text(t, C903_HEADER_CHILD, life_local_id(l).text);
    if (year < LETTERS_SINCE)
        table_text(t, C903_HEADER_SEX, l->sex == 'M' ? "1" : "2");
    else
        table_text(t, C903_HEADER_SEX, l->sex == 'M' ? "M" : "F");
    put_date(t, C903_HEADER_BORN, l->born);
    table_text(t, C903_HEADER_ETHNICITY, l->ethnicity->code);
    if (date_from_ymd(l->cohort, 9, 1) >= date_from_ymd(year, 4, 1))
        table_text(t, C903_HEADER_UPN, "UN1");
    else
        table_text(t, C903_HEADER_UPN, l->cin_no_upn ? "UN4" : l->upn);
    table_row(t);
}

static void
put_episode(struct table *t, const struct life *l, const struct episode *e, struct dates year)
{
    char why[2] = {e->why, '\0'};
    bool over = e->to < year.to;

    table_text(t, C903_EPISODE_CHILD, life_local_id(l).text);
    put_date(t, C903_EPISODE_STARTED, e->from);
    table_text(t, C903_EPISODE_WHY, why);
    table_text(t, C903_EPISODE_STATUS, e->status);
    table_text(t, C903_EPISODE_PLACEMENT, e->placement);
    put_date(t, C903_EPISODE_CEASED, over ? e->to : DATE_NONE);
    table_text(t, C903_EPISODE_WHY_CEASED, over ? "X1" : NULL);
    table_row(t);
}

/* A return tells what went on in its year, whole: from before it, and not the end after. */
static bool
in_year(const struct episode *e, struct dates year)
{
    return e->from < year.to && e->to > year.from;
}

static bool
put_case(struct table *t, const struct life *l, const struct care *c, struct dates year)
{
    struct episode e[MOST_EPISODES];
    int n = life_episodes(l, c, e);
    bool any = false;

    if (!n && life_short_break(c, e))
        n = 1;
    for (int i = 0; i < n; i++)
        if (in_year(&e[i], year)) {
            put_episode(t, l, &e[i], year);
            any = true;
        }
    return any;
}

static void
put_health(struct case_set *s, const struct life *l, int year)
{
    struct table *t = &s->looked_after[year - CIN_FIRST][C903_OC2_FILE];
    int score = life_score(l, year);

    if (score < 0)
        return;
    table_text(t, C903_OC2_CHILD, life_local_id(l).text);
    table_int(t, C903_OC2_SCORE, score);
    table_text(t, C903_OC2_CONVICTED, "0");
    table_row(t);
}

static void
put_missing(struct table *t, const struct life *l, struct dates year)
{
    int32_t day = case_missing(l, year);

    if (day == DATE_NONE)
        return;
    table_text(t, C903_MISSING_CHILD, life_local_id(l).text);
    table_text(t, C903_MISSING_KIND, "M");
    put_date(t, C903_MISSING_FROM, day);
    put_date(t, C903_MISSING_TO, day + 1);
    table_row(t);
}

static void
put_review(struct table *t, const struct life *l, struct dates year)
{
    int32_t day = year.from + 100 + (int32_t)(l->person % 90);

    if (!life_looked_after(l, day))
        return;
    table_text(t, C903_REVIEW_CHILD, life_local_id(l).text);
    put_date(t, C903_REVIEW_DATE, day);
    table_text(t, C903_REVIEW_CODE, "PN1");
    table_row(t);
}

static void
put_year(struct case_set *s, const struct life *l, int year)
{
    struct dates d = {date_from_ymd(year - 1, 4, 1), date_from_ymd(year, 4, 1)};
    struct table *t = s->looked_after[year - CIN_FIRST];
    bool any = false;

    for (int i = 0; i < l->n_care; i++)
        any |= put_case(&t[C903_EPISODES_FILE], l, &l->care[i], d);
    if (!any)
        return;
    put_header(&t[C903_HEADER_FILE], l, year);
    put_health(s, l, year);
    put_missing(&t[C903_MISSING_FILE], l, d);
    put_review(&t[C903_REVIEWS_FILE], l, d);
}

void
case_write(struct case_set *s, const struct life *l)
{
    for (int y = CIN_FIRST; l->n_care && y <= CIN_LAST; y++)
        put_year(s, l, y);
    if (!l->n_care && !l->n_help)
        return;
    dataset_write(s, l);
    annex_write(s, l);
    payload_write(s, l);
}

enum err
case_close(struct case_set *s)
{
    enum err e = OK;

    for (int y = 0; y < CIN_YEARS; y++)
        for (int k = 0; !e && k < C903_FILES; k++)
            e = table_flush(s->in, s->looked_after[y][k].out.f, s->looked_after[y][k].path);
    for (int k = 0; !e && k < SSD_FILES; k++)
        e = table_flush(s->in, s->dataset[k].out.f, s->dataset[k].path);
    if (e || (e = annex_close(s)))
        return e;
    payload_end(s);
    return table_flush(s->in, s->payload, "social-care-payload");
}
