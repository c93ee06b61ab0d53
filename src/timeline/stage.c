#include "timeline/stage.h"

enum { WIDEST = 128 };

struct filling {
    char *at;
};

static enum err
fill(void *arg, const void *p, size_t n)
{
    struct filling *f = arg;

    memcpy(f->at, p, n);
    f->at += n;
    return OK;
}

enum err
stage_take(struct job *j, struct stage *s, size_t width, struct streams *x, size_t stream)
{
    size_t bytes = (size_t)streams_bytes(x, stream);
    struct filling f = {job_alloc(j, bytes)};

    *s = (struct stage){.rows = f.at, .width = width, .count = (uint32_t)(bytes / width)};
    return streams_read(x, stream, fill, &f);
}

static uint32_t
person_of(const struct stage *s, uint32_t i)
{
    uint32_t person;

    memcpy(&person, s->rows + i * s->width, sizeof person);
    return person;
}

/* Each exchange puts one row where it belongs. */
static void
permute(struct stage *s, uint32_t *where)
{
    char row[WIDEST];

    for (uint32_t i = 0; i < s->count; i++) {
        char *here = s->rows + i * s->width;
        while (where[i] != i) {
            uint32_t to = where[i];
            char *there = s->rows + to * s->width;
            memcpy(row, there, s->width);
            memcpy(there, here, s->width);
            memcpy(here, row, s->width);
            where[i] = where[to];
            where[to] = to;
        }
    }
}

void
stage_order(struct job *j, struct stage *s, struct stage_map map, uint32_t *where)
{
    struct scope scope;
    uint32_t *next, *place;

    if (s->width > WIDEST)
        abort(); /* a row was widened without looking here */
    s->first = job_array(j, (size_t)map.persons + 1, sizeof *s->first);
    scope = job_scope_begin(j);
    next = job_array(j, (size_t)map.persons + 1, sizeof *next);
    place = job_array(j, (size_t)s->count + 1, sizeof *place);
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t person = map.person[person_of(s, i) - map.from];
        memcpy(s->rows + i * s->width, &person, sizeof person);
        s->first[person + 1]++;
    }
    for (uint32_t p = 1; p <= map.persons; p++)
        s->first[p] += s->first[p - 1];
    memcpy(next, s->first, map.persons * sizeof *next);
    for (uint32_t i = 0; i < s->count; i++)
        place[i] = next[person_of(s, i)]++;
    if (where)
        memcpy(where, place, s->count * sizeof *where);
    permute(s, place);
    job_scope_end(j, scope);
}
