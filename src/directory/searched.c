#include "directory/searched.h"
#include "access/permit.h"
#include "base/text.h"

static const char *
next_word(const char **s, size_t *n)
{
    *s += strspn(*s, " \t\r\n");
    *n = strcspn(*s, " \t\r\n");
    return *n ? *s : NULL;
}

/* A telephone number, a date of birth, a postcode or an address of mail says who asked. */
static bool
tells_of_somebody(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] == '@' || (s[i] >= '0' && s[i] <= '9'))
            return true;
    return false;
}

const char *
searched_fold(struct job *j, const char *words)
{
    char *to = job_alloc(j, SEARCHED_WORDS + 1);
    size_t at = 0, n;

    for (const char *w; (w = next_word(&words, &n)); words += n) {
        size_t start = at, took;
        if (tells_of_somebody(w, n))
            continue;
        if (at + n + 1 > SEARCHED_WORDS)
            break;
        if (at)
            to[at++] = ' ';
        for (struct span rest = {w, n}; rest.n; rest.s += took, rest.n -= took) {
            char letters[4];
            size_t k = text_fold(rest, letters, &took);
            if (k > took) /* two letters of one: there is no room reckoned for it */
                k = took;
            memcpy(to + at, letters, k);
            at += k;
        }
        if (at == start + (start > 0)) /* nothing but signs */
            at = start;
    }
    to[at] = '\0';
    return to;
}

static const char sql_add[] =
    "INSERT INTO directory_searched (area_id, day, words, outward, found, times) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (area_id, day, words, outward) DO UPDATE SET "
    "found = EXCLUDED.found, times = directory_searched.times + EXCLUDED.times";

enum err
searched_add(struct job *j, int32_t day, const struct searched *s)
{
    if (!*s->words)
        return OK;
    return db_run(j, sql_add, ARGS(INT(j->area), INT(day), TEXT(s->words), TEXT(s->outward),
                                   INT(s->found), INT(s->times)), NULL);
}

static const char sql_list[] =
    "SELECT s.words, MAX(s.found), SUM(s.times), MAX(s.day) FROM directory_searched s "
    "WHERE s.area_id = $1 AND s.day >= $2 GROUP BY s.words "
    "ORDER BY SUM(s.times) DESC, s.words LIMIT $3";

enum err
searched_list(struct job *j, int32_t since, int64_t most, struct searched **out, size_t *n)
{
    struct rows q;
    enum err e = permit(j, ACT_DIRECTORY, (struct subject){.what = "searches that found little"});

    *n = 0;
    *out = job_array(j, (size_t)most + 1, sizeof **out);
    if (e)
        return e;
    db_ask(j, &q, sql_list, ARGS(INT(j->area), INT(since), INT(most)));
    while (db_next(&q))
        (*out)[(*n)++] = (struct searched){.words = row_text(&q, 0), .outward = "",
                                           .found = (uint32_t)row_int(&q, 1),
                                           .times = row_int(&q, 2),
                                           .last = (int32_t)row_int(&q, 3)};
    return db_done(&q);
}

static const char sql_sweep[] = "DELETE FROM directory_searched WHERE area_id = $1 AND day < $2";

enum err
searched_sweep(struct job *j)
{
    return db_run(j, sql_sweep, ARGS(INT(j->area), INT(j->today - SEARCHED_DAYS)), NULL);
}
