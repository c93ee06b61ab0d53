#include "timeline/pack.h"

size_t
pack_width(enum timeline_section s)
{
    static const size_t width[TIMELINE_SECTIONS] = {
        [TIMELINE_PERSON] = sizeof(struct timeline_person),
        [TIMELINE_SCHOOL] = sizeof(struct timeline_school),
        [TIMELINE_DISTRICT] = sizeof(struct timeline_district),
        [TIMELINE_PLACE] = sizeof(struct timeline_place),
        [TIMELINE_BATCH] = sizeof(struct timeline_batch),
        [TIMELINE_RETURN] = sizeof(struct timeline_return),
        [TIMELINE_SOURCE] = sizeof(struct timeline_source),
        [TIMELINE_CENSUS] = sizeof(struct timeline_census),
        [TIMELINE_ENROLMENT] = sizeof(struct timeline_enrolment),
        [TIMELINE_SUSPENSION] = sizeof(struct timeline_suspension),
        [TIMELINE_EVENT] = sizeof(struct timeline_event),
        [TIMELINE_ABSENCE] = sizeof(struct timeline_absence),
        [TIMELINE_SPELL] = sizeof(struct timeline_spell),
        [TIMELINE_PLACEMENT] = sizeof(struct timeline_placement),
        [TIMELINE_LEAVER] = sizeof(struct timeline_leaver),
        [TIMELINE_ENTRY] = sizeof(struct timeline_entry),
        [TIMELINE_MOVE] = sizeof(struct timeline_move),
    };
    return width[s];
}

/* area[] of a packed section says where each block's rows are now. */
void
pack_section(struct build *b, enum timeline_section s)
{
    struct build_output *o = &b->out[s];
    uint32_t total = 0;

    for (uint32_t i = 0; i < b->blocks; i++) {
        memmove(o->rows + total * o->width, o->rows + o->area[i] * o->width,
                o->used[i] * o->width);
        o->area[i] = total;
        total += o->used[i];
    }
    o->area[b->blocks] = total;
    if (s < TIMELINE_CENSUS)
        return;
    total = 0;
    for (uint32_t p = 0; p <= b->persons; p++) {
        b->person[p].first[s - TIMELINE_CENSUS] = total;
        total += o->count[p];
    }
}

/* The rows of one block of a section. */
struct piece {
    void *first;
    uint32_t n;
};

static struct piece
block_rows(struct build *b, enum timeline_section s, uint32_t block)
{
    const struct build_output *o = &b->out[s];

    return (struct piece){o->rows + o->area[block] * o->width, o->used[block]};
}

static void
block_indices(struct build *b, uint32_t block)
{
    uint32_t census = b->out[TIMELINE_CENSUS].area[block];
    uint32_t suspension = b->out[TIMELINE_SUSPENSION].area[block];
    uint32_t event = b->out[TIMELINE_EVENT].area[block];
    uint32_t source = b->out[TIMELINE_SOURCE].area[block];
    uint32_t enrolment = b->out[TIMELINE_ENROLMENT].area[block];
    struct piece r = block_rows(b, TIMELINE_ENROLMENT, block);

    for (uint32_t i = 0; i < r.n; i++)
        ((struct timeline_enrolment *)r.first)[i].census += census;
    r = block_rows(b, TIMELINE_ABSENCE, block);
    for (uint32_t i = 0; i < r.n; i++)
        ((struct timeline_absence *)r.first)[i].census += census;
    r = block_rows(b, TIMELINE_SUSPENSION, block);
    for (uint32_t i = 0; i < r.n; i++) {
        ((struct timeline_suspension *)r.first)[i].event += event;
        ((struct timeline_suspension *)r.first)[i].source += source;
    }
    r = block_rows(b, TIMELINE_EVENT, block);
    for (uint32_t i = 0; i < r.n; i++)
        ((struct timeline_event *)r.first)[i].suspension += suspension;
    r = block_rows(b, TIMELINE_LEAVER, block);
    for (uint32_t i = 0; i < r.n; i++) {
        struct timeline_leaver *l = &((struct timeline_leaver *)r.first)[i];
        l->enrolment += l->enrolment == TIMELINE_NONE ? 0 : enrolment;
    }
    r = block_rows(b, TIMELINE_SPELL, block);
    for (uint32_t i = 0; i < r.n; i++)
        ((struct timeline_spell *)r.first)[i].source += source;
}

void
pack_indices(struct build *b)
{
    for (uint32_t i = 0; i < b->blocks; i++)
        block_indices(b, i);
}

static const void *
section(const struct build *b, struct timeline *t, enum timeline_section s)
{
    const struct build_output *o = &b->out[s];

    t->n[s] = o->area ? o->area[b->blocks] : 0;
    return o->rows;
}

void
pack_shared(struct build *b, struct timeline *t)
{
    struct timeline_school *school = job_array(b->j, b->schools + 1, sizeof *school);
    struct timeline_batch *batch = job_array(b->j, b->batches + 1, sizeof *batch);
    struct timeline_return *returns = job_array(b->j, b->n_returns + 1, sizeof *returns);
    uint32_t n = 0;

    for (uint32_t i = 0; i < b->schools; i++)
        school[i] = b->school[i].row;
    for (uint32_t i = 0; i < b->batches; i++)
        batch[i] = (struct timeline_batch){b->batch[i].batch_id, b->batch[i].published};
    for (uint32_t i = 0; i < b->n_returns; i++)
        if (b->returns[i].stands)
            returns[n++] = b->returns[i].row;
    t->head = &b->head;
    t->school = school;
    t->batch = batch;
    t->returns = returns;
    t->n[TIMELINE_SCHOOL] = b->schools;
    t->n[TIMELINE_BATCH] = b->batches;
    t->n[TIMELINE_RETURN] = n;
    t->district = b->district;
    t->n[TIMELINE_DISTRICT] = b->districts;
    t->place = b->place;
    t->n[TIMELINE_PLACE] = b->places;
}

void
pack_view(struct build *b, struct timeline *t)
{
    t->person = b->person;
    t->n[TIMELINE_PERSON] = b->persons;
    t->source = section(b, t, TIMELINE_SOURCE);
    t->census = section(b, t, TIMELINE_CENSUS);
    t->enrolment = section(b, t, TIMELINE_ENROLMENT);
    t->suspension = section(b, t, TIMELINE_SUSPENSION);
    t->event = section(b, t, TIMELINE_EVENT);
    t->absence = section(b, t, TIMELINE_ABSENCE);
    t->spell = section(b, t, TIMELINE_SPELL);
    t->placement = section(b, t, TIMELINE_PLACEMENT);
    t->leaver = section(b, t, TIMELINE_LEAVER);
    t->entry = section(b, t, TIMELINE_ENTRY);
    t->move = section(b, t, TIMELINE_MOVE);
}

/* ---- parts of the people, one behind the other -------------------------------------------- */

/* Adds `n` to an index at an offset of each row. */
static void
shift(struct build *b, enum timeline_section s, size_t offset, uint32_t n)
{
    struct build_output *o = &b->out[s];
    uint32_t rows = o->area[b->blocks], index;

    for (uint32_t i = 0; n && i < rows; i++) {
        char *at = o->rows + i * o->width + offset;
        memcpy(&index, at, sizeof index);
        index += index == TIMELINE_NONE ? 0 : n;
        memcpy(at, &index, sizeof index);
    }
}

static void
shift_all(struct build *b)
{
    const uint32_t *n = b->before;

#define SHIFT(section, row, index, of)                                                          \
    shift(b, TIMELINE_##section, offsetof(struct timeline_##row, index), n[TIMELINE_##of]);
    SHIFT(ENROLMENT, enrolment, census, CENSUS)
    SHIFT(SUSPENSION, suspension, event, EVENT)
    SHIFT(SUSPENSION, suspension, source, SOURCE)
    SHIFT(EVENT, event, suspension, SUSPENSION)
    SHIFT(ABSENCE, absence, census, CENSUS)
    SHIFT(SPELL, spell, source, SOURCE)
    SHIFT(LEAVER, leaver, enrolment, ENROLMENT)
    SHIFT(MOVE, move, from, ENROLMENT)
    SHIFT(MOVE, move, to, ENROLMENT)
    SHIFT(MOVE, move, trial, ENROLMENT)
#undef SHIFT
    for (int s = TIMELINE_CENSUS; s < TIMELINE_SECTIONS; s++) /* each begins with its person */
        shift(b, (enum timeline_section)s, 0, n[TIMELINE_PERSON]);
    for (uint32_t p = 0; p < b->persons; p++)
        for (int s = 0; s < TIMELINE_OF_PERSON; s++)
            b->person[p].first[s] += n[TIMELINE_CENSUS + s];
}

void
pack_part(struct build *b)
{
    shift_all(b);
    streams_put(b->packed, TIMELINE_PERSON, b->person, b->persons * sizeof *b->person);
    b->before[TIMELINE_PERSON] += b->persons;
    for (int s = TIMELINE_SOURCE; s < TIMELINE_SECTIONS; s++) {
        const struct build_output *o = &b->out[s];
        streams_put(b->packed, (size_t)s, o->rows, o->area[b->blocks] * o->width);
        b->before[s] += o->area[b->blocks];
    }
}

void
pack_end(struct build *b, struct timeline *t)
{
    struct timeline_person last = {0};

    memcpy(last.first, &b->before[TIMELINE_CENSUS], sizeof last.first);
    streams_put(b->packed, TIMELINE_PERSON, &last, sizeof last);
    t->n[TIMELINE_PERSON] = b->before[TIMELINE_PERSON];
    for (int s = TIMELINE_SOURCE; s < TIMELINE_SECTIONS; s++)
        t->n[s] = b->before[s];
}
