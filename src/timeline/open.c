#include "base/aside.h"
#include "store/db.h"
#include "timeline/check.h"
#include "timeline/pack.h"
#include <sys/mman.h>

static void
show(struct timeline *t, const char *file)
{
    const struct timeline_head *h = t->head;
    const void *rows[TIMELINE_SECTIONS];

    for (int s = 0; s < TIMELINE_SECTIONS; s++) {
        rows[s] = file + h->part[s].offset;
        t->n[s] = h->part[s].count - (s == TIMELINE_PERSON);
    }
    t->person = rows[TIMELINE_PERSON];
    t->school = rows[TIMELINE_SCHOOL];
    t->district = rows[TIMELINE_DISTRICT];
    t->place = rows[TIMELINE_PLACE];
    t->batch = rows[TIMELINE_BATCH];
    t->returns = rows[TIMELINE_RETURN];
    t->source = rows[TIMELINE_SOURCE];
    t->census = rows[TIMELINE_CENSUS];
    t->enrolment = rows[TIMELINE_ENROLMENT];
    t->suspension = rows[TIMELINE_SUSPENSION];
    t->event = rows[TIMELINE_EVENT];
    t->absence = rows[TIMELINE_ABSENCE];
    t->spell = rows[TIMELINE_SPELL];
    t->placement = rows[TIMELINE_PLACEMENT];
    t->leaver = rows[TIMELINE_LEAVER];
    t->entry = rows[TIMELINE_ENTRY];
    t->move = rows[TIMELINE_MOVE];
}

enum err
timeline_open(struct job *j, const char *path, struct timeline **out)
{
    struct timeline *t = job_alloc(j, sizeof *t);
    struct aside_map m;
    enum err e = aside_map(j, path, "column file", sizeof *t->head, &m);

    if (e)
        return e;
    if (!m.at)
        return check_damaged(j, path);
    t->head = m.at;
    if ((e = check_head(j, path, t->head, m.bytes)))
        return e;
    show(t, m.at);
    if (!check_rows(t))
        return check_damaged(j, path);
    /* What was read to be checked need not stay in memory. */
    t->mapped = m.bytes;
    timeline_give_back(t);
    *out = t;
    return OK;
}

void
timeline_give_back(const struct timeline *t)
{
    if (t->mapped)
        madvise((void *)(uintptr_t)t->head, t->mapped, MADV_DONTNEED);
}

void
timeline_give_back_of(const struct timeline *t, uint32_t from, uint32_t to)
{
    for (int s = TIMELINE_CENSUS; t->mapped && from < to && s < TIMELINE_SECTIONS; s++) {
        struct timeline_range r = {timeline_of(t, (enum timeline_section)s, from).from,
                                   timeline_of(t, (enum timeline_section)s, to - 1).to};
        check_let_go(t, s, r);
    }
}

enum err
timeline_is_current(struct job *j, const struct timeline *t, bool *current)
{
    uint8_t digest[sizeof t->head->digest];
    enum err e = file_digest(j, &(struct timeline_order){.known_at = j->now}, digest);

    *current = !e && memcmp(digest, t->head->digest, sizeof digest) == 0;
    return e;
}

enum err
timeline_state(struct job *j, const struct timeline_order *order, uint8_t *out)
{
    return file_digest(j, order, out);
}

const char *
timeline_path(struct job *j, const char *home)
{
    return job_format(j, "%s/timeline-%lld.columns", home, (long long)j->area);
}

/* Of the same order: batches that count, and the day. */
static enum err
serves(struct job *j, const struct timeline *t, const struct timeline_order *order, bool *yes)
{
    uint8_t digest[sizeof t->head->digest];
    enum err e = file_digest(j, order, digest);

    *yes = !e && t->head->as_of == order->as_of &&
           memcmp(digest, t->head->digest, sizeof digest) == 0;
    return e;
}

enum err
timeline_get(struct job *j, const char *path, const struct timeline_order *order,
             struct timeline **out)
{
    bool yes = false;
    enum err e = timeline_open(j, path, out);

    if (e && e != ERR_NOT_FOUND && e != ERR_ENV)
        return e;
    if (!e && ((e = serves(j, *out, order, &yes)) || yes))
        return e;
    err_clear(j);
    if ((e = timeline_build(j, path, order)))
        return e;
    return timeline_open(j, path, out);
}

static const char sql_known[] =
    "SELECT MAX(t) FROM (SELECT MAX(CASE WHEN COALESCE(withdrawn, 0) > COALESCE(published, 0) "
    "THEN withdrawn ELSE COALESCE(published, 0) END) AS t FROM batch WHERE area_id = $1 "
    "UNION ALL SELECT MAX(CASE WHEN COALESCE(undone, 0) > made THEN undone ELSE made END) "
    "FROM correction WHERE area_id = $1 UNION ALL SELECT MAX(until) FROM edition_past) k";

enum err
timeline_known(struct job *j, int64_t *out)
{
    return db_int(j, sql_known, ARGS(INT(j->area)), 0, out);
}
