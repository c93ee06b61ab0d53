#include "timeline/stage.h"

enum { PER_CHUNK = 8192 };

void *
stage_add(struct job *j, struct stage *s, size_t width)
{
    uint32_t at = s->count % PER_CHUNK;

    if (at == 0) {
        if (s->chunks % 64 == 0)
            s->chunk = job_grow(j, s->chunk, s->chunks * sizeof *s->chunk,
                                (s->chunks + 64) * sizeof *s->chunk);
        s->chunk[s->chunks++] = job_array(j, PER_CHUNK, width);
        s->width = width;
    }
    s->count++;
    return s->chunk[s->chunks - 1] + at * width;
}

void *
stage_at(const struct stage *s, uint32_t i)
{
    return s->chunk[i / PER_CHUNK] + i % PER_CHUNK * s->width;
}

void
stage_order(struct job *j, const struct stage *s, struct stage_map map, struct staged *out,
            uint32_t *where)
{
    uint32_t *next = job_array(j, map.persons + 1, sizeof *next);
    uint32_t *first = job_array(j, map.persons + 1, sizeof *first);
    char *rows = job_array(j, s->count ? s->count : 1, s->width);

    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t *person = stage_at(s, i);
        *person = map.person[*person];
        first[*person + 1]++;
    }
    for (uint32_t p = 1; p <= map.persons; p++)
        first[p] += first[p - 1];
    memcpy(next, first, map.persons * sizeof *next);
    for (uint32_t i = 0; i < s->count; i++) {
        const char *row = stage_at(s, i);
        uint32_t person, at;
        memcpy(&person, row, sizeof person);
        at = next[person]++;
        memcpy(rows + at * s->width, row, s->width);
        if (where)
            where[i] = at;
    }
    *out = (struct staged){rows, s->count, first};
}
