#include "risk/aside.h"
#include "base/streams.h"

/* A stream for each year's children and each year's enrolments, and one of all years. */
enum { OF_CHILDREN = 0, OF_ENROLMENTS = RISK_YEARS, OF_MET = 2 * RISK_YEARS, STREAMS };

struct aside {
    struct streams *streams;
    int32_t first;
};

struct aside *
aside_new(struct job *j, const char *folder, int32_t first_year)
{
    struct aside *a = job_alloc(j, sizeof *a);
    struct streams_place at = {folder, "the snapshot of figures"};

    *a = (struct aside){streams_open(j, at, STREAMS), first_year};
    return a;
}

static size_t
stream_of(const struct aside *a, size_t what, int32_t year)
{
    return what + (size_t)(year - a->first);
}

enum err
aside_children(struct aside *a, const struct child_years *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct child_year *r = &rows->row[i];
        if (!r->used)
            continue;
        memcpy(streams_room(a->streams, stream_of(a, OF_CHILDREN, r->year), sizeof *r), r,
               sizeof *r);
        if (r->met)
            memcpy(streams_room(a->streams, OF_MET, sizeof *r), r, sizeof *r);
    }
    return streams_state(a->streams);
}

enum err
aside_enrolments(struct aside *a, const struct enrolment_years *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct enrolment_year *r = &rows->row[i];
        memcpy(streams_room(a->streams, stream_of(a, OF_ENROLMENTS, r->year), sizeof *r), r,
               sizeof *r);
    }
    return streams_state(a->streams);
}

/* ---- reading ----------------------------------------------------------------------------- */

struct reading {
    child_fn *child;
    enrolment_fn *enrolment;
    void *arg;
};

/* A piece holds whole rows. */
static enum err
read_children(void *arg, const void *p, size_t n)
{
    const struct reading *r = arg;
    const struct child_year *row = p;
    enum err e = OK;

    for (size_t i = 0; i < n / sizeof *row && !e; i++)
        e = r->child(r->arg, &row[i]);
    return e;
}

static enum err
read_enrolments(void *arg, const void *p, size_t n)
{
    const struct reading *r = arg;
    const struct enrolment_year *row = p;
    enum err e = OK;

    for (size_t i = 0; i < n / sizeof *row && !e; i++)
        e = r->enrolment(r->arg, &row[i]);
    return e;
}

enum err
aside_read_children(struct aside *a, int32_t year, child_fn *fn, void *arg)
{
    struct reading r = {.child = fn, .arg = arg};

    return streams_read(a->streams, stream_of(a, OF_CHILDREN, year), read_children, &r);
}

enum err
aside_read_enrolments(struct aside *a, int32_t year, enrolment_fn *fn, void *arg)
{
    struct reading r = {.enrolment = fn, .arg = arg};

    return streams_read(a->streams, stream_of(a, OF_ENROLMENTS, year), read_enrolments, &r);
}

enum err
aside_read_met(struct aside *a, child_fn *fn, void *arg)
{
    struct reading r = {.child = fn, .arg = arg};

    return streams_read(a->streams, OF_MET, read_children, &r);
}
