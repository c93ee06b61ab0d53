#include "timeline/moves.h"

/* The memory of a build: far above what an authority needs, so that only a mistake or a
 * region on a small machine meets it. */
static const size_t build_memory = (size_t)3 * 1024 * JOB_MB;

/* ---- what the files of this room share --------------------------------------------------- */

int32_t
build_census(int32_t school_year, int term)
{
    return school_year * 4 + term;
}

int32_t
build_census_year(int32_t census)
{
    return census / 4;
}

enum term
build_census_term(int32_t census)
{
    return (enum term)(census % 4);
}

int32_t
build_census_day(int32_t census)
{
    return timeline_census_day(build_census_year(census), build_census_term(census));
}

int
build_compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int
build_compare_source(const struct timeline_source *a, const struct timeline_source *b)
{
    int c = build_compare(a->batch, b->batch);

    if (!c)
        c = build_compare(a->file, b->file);
    if (!c)
        c = build_compare(a->line, b->line);
    return c ? c : build_compare(a->part, b->part);
}

const char *
build_folder(struct job *j, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? job_copy_n(j, path, (size_t)(slash - path) + 1) : ".";
}

/* ---- the build --------------------------------------------------------------------------- */

static void
end_job(void *arg)
{
    job_end(arg);
}

static enum err
gather_and_number(struct build *b)
{
    struct gather *g = job_alloc(b->j, sizeof *g);
    enum err e;

    g->b = b;
    e = gather_all(g);
    return e ? e : number_shared(g);
}

/* A child is there as long as it is on a roll, seen or not. */
static void
widen_seen(struct build *b, const struct timeline *t)
{
    for (uint32_t i = 0; i < t->n[TIMELINE_ENROLMENT]; i++) {
        const struct timeline_enrolment *e = &t->enrolment[i];
        struct timeline_person *p = &b->person[e->person];
        int32_t last = e->end - 1 > b->head.as_of ? b->head.as_of : e->end - 1;
        p->first_seen = e->start < p->first_seen ? e->start : p->first_seen;
        p->last_seen = last > p->last_seen ? last : p->last_seen;
    }
}

static enum err
derive(struct build *b, struct timeline *t)
{
    enum err e = derive_all(b);

    if (e)
        return e;
    for (int s = TIMELINE_SOURCE; s < TIMELINE_MOVE; s++)
        pack_section(b, (enum timeline_section)s);
    pack_indices(b);
    pack_view(b, t);
    widen_seen(b, t);
    if ((e = moves_derive(b, t)))
        return e;
    pack_section(b, TIMELINE_MOVE);
    b->head.census_superseded += b->census.count - t->n[TIMELINE_CENSUS];
    pack_part(b);
    return streams_state(b->packed);
}

/* Part by part: of all the people there is never more in memory than of one. */
static enum err
derive_parts(struct build *b, struct timeline *t)
{
    enum err e = school_days_load(b->j, b->order->known_at, &b->calendars);

    pack_shared(b, t);
    b->packed = streams_open(b->j, b->aside, TIMELINE_SECTIONS);
    for (uint32_t part = 0; part < b->parts && !e; part++) {
        struct scope s = job_scope_begin(b->j);
        memset(b->out, 0, sizeof b->out);
        e = number_part(b, part);
        if (!e && b->persons)
            e = derive(b, t);
        job_scope_end(b->j, s);
    }
    pack_end(b, t);
    return e;
}

struct task {
    const char *path;
    const struct timeline_order *order;
};

static enum err
build_run(struct job *j, void *arg)
{
    const struct task *task = arg;
    struct build *b = job_alloc(j, sizeof *b);
    struct timeline *t = job_alloc(j, sizeof *t);
    enum err e;

    b->j = j;
    b->path = task->path;
    b->order = task->order;
    b->aside = (struct streams_place){build_folder(j, task->path),
                                      job_format(j, "the column file %s", task->path)};
    b->head.area = j->area;
    b->head.as_of = task->order->as_of;
    b->head.known_at = task->order->known_at;
    if ((e = file_digest(j, task->order, b->head.digest)))
        return e;
    if ((e = gather_and_number(b)) || (e = derive_parts(b, t)))
        return e;
    return file_write(b, t);
}

/* In a job within this one, whose memory goes when the file is written. */
enum err
timeline_build(struct job *j, const char *path, const struct timeline_order *order)
{
    struct task task = {path, order};
    struct scope s = job_scope_begin(j);
    struct job *inner = job_alloc(j, sizeof *inner);
    struct cleanup *end = job_on_end(j, end_job);
    enum err e;

    job_init_child(inner, j, build_memory);
    inner->db = j->db;
    end->arg = inner;
    e = job_run(inner, build_run, &task);
    if (e)
        j->err = inner->err;
    job_scope_end(j, s);
    return e;
}
