#include "base/thread.h"
#include "timeline/derive.h"

enum { BLOCK_MEMORY = 64 * JOB_MB };

/* How many rows of a section a person's facts can give at most. */
static uint32_t
most(const struct build *b, enum timeline_section s, uint32_t p)
{
    uint32_t census = b->census.first[p + 1] - b->census.first[p];
    uint32_t suspensions = b->suspension.first[p + 1] - b->suspension.first[p];
    uint32_t care = b->care.first[p + 1] - b->care.first[p];
    uint32_t needs = b->need.first[p + 1] - b->need.first[p];
    uint32_t meals = b->meals.first[p + 1] - b->meals.first[p];
    uint32_t entries = b->entry.first[p + 1] - b->entry.first[p];

    switch (s) {
    case TIMELINE_CENSUS:
    case TIMELINE_ENROLMENT: /* each is seen in a row, each change of status too */
        return census;
    case TIMELINE_SUSPENSION:
    case TIMELINE_EVENT:
        return suspensions;
    case TIMELINE_ABSENCE:
        return b->absence.first[p + 1] - b->absence.first[p];
    case TIMELINE_SPELL: /* a referral gives two; a census one of SEN */
        return census + 2 * care + needs + meals + entries;
    case TIMELINE_SOURCE:
        return census + 2 * care + needs + meals + entries + suspensions;
    case TIMELINE_PLACEMENT:
        return b->placement.first[p + 1] - b->placement.first[p];
    case TIMELINE_LEAVER:
        return b->leaver.first[p + 1] - b->leaver.first[p];
    case TIMELINE_ENTRY:
        return entries;
    default:
        return 0;
    }
}

/* Census and absence are derived in place: their rows lie where they were put in order. */
static char *
rows_of(struct build *b, enum timeline_section s, size_t n, size_t width)
{
    if (s == TIMELINE_CENSUS)
        return b->census.rows;
    if (s == TIMELINE_ABSENCE)
        return b->absence.rows;
    return job_array(b->j, n ? n : 1, width);
}

static void
lay_out(struct build *b, enum timeline_section s, size_t width)
{
    struct build_output *o = &b->out[s];
    uint32_t n = 0;

    *o = (struct build_output){.width = width};
    o->area = job_array(b->j, (size_t)b->blocks + 1, sizeof *o->area);
    o->used = job_array(b->j, (size_t)b->blocks + 1, sizeof *o->used);
    o->count = job_array(b->j, (size_t)b->persons + 1, sizeof *o->count);
    for (uint32_t p = 0; p < b->persons; p++) {
        if (p % BUILD_BLOCK == 0)
            o->area[p / BUILD_BLOCK] = n;
        n += most(b, s, p);
    }
    o->area[b->blocks] = n;
    o->rows = rows_of(b, s, n, width);
}

void *
derive_add(struct derive_child *c, enum timeline_section s)
{
    const struct build_output *o = &c->b->out[s];
    uint32_t at = o->area[c->block] + o->used[c->block];

    if (at >= o->area[c->block + 1])
        abort(); /* most() is wrong: nothing that follows can be right */
    o->used[c->block]++;
    o->count[c->person]++;
    return o->rows + at * o->width;
}

uint32_t
derive_used(const struct derive_child *c, enum timeline_section s)
{
    return c->b->out[s].used[c->block];
}

bool
derive_is_main(char status)
{
    return status == 'C' || status == 'M';
}

int32_t
derive_census_number(const struct timeline_census *r)
{
    return build_census(r->school_year, r->term);
}

uint32_t
derive_enrolled(const struct derive_child *c, uint32_t school, int32_t day)
{
    for (uint32_t i = 0; i < c->n_enrolments; i++) {
        const struct timeline_enrolment *e = &c->enrolment[i];
        if (derive_is_main(e->status) && e->start <= day && day < e->end &&
            (school == TIMELINE_NONE ||
             c->b->school[e->school].chain == c->b->school[school].chain))
            return i;
    }
    return TIMELINE_NONE;
}

int32_t
derive_next_census(const struct derive_child *c, int32_t census, uint32_t school, unsigned holds)
{
    for (uint32_t i = 0; i < c->n_census; i++) {
        const struct timeline_census *r = &c->census[i];
        int32_t number = derive_census_number(r);
        uint32_t at = number_return(c->b, r->school, number);
        if (number > census && r->flags & CENSUS_ON_ROLL &&
            (school == TIMELINE_NONE || r->school == school) &&
            (c->b->returns[at].row.holds & holds) == holds)
            return number;
    }
    return 0;
}

bool
derive_is_replaced(const struct derive_child *c, uint32_t batch, int32_t census)
{
    bool replaced = false;

    for (uint32_t i = 0; i < c->n_census + c->n_replaced; i++) {
        const struct timeline_census *r = &c->census[i];
        if (r->source.batch != batch || derive_census_number(r) != census)
            continue;
        if (i < c->n_census)
            return false;
        replaced = true;
    }
    return replaced;
}

int32_t
derive_roll_end(const struct derive_child *c)
{
    int32_t end = DATE_NONE;

    for (uint32_t i = 0; i < c->n_enrolments; i++)
        end = c->enrolment[i].end > end ? c->enrolment[i].end : end;
    return end == DATE_NONE ? DATE_OPEN : end;
}

static void
one_child(struct derive_child *c)
{
    derive_census(c);
    derive_enrolments(c);
    derive_leavers(c);
    derive_suspensions(c);
    derive_absence(c);
    derive_spells(c);
    derive_placements(c);
    derive_entries(c);
    derive_census_end(c);
}

static enum err
one_block(struct job *j, void *arg, size_t block)
{
    struct build *b = arg;
    uint32_t first = (uint32_t)block * BUILD_BLOCK, end = first + BUILD_BLOCK;

    for (uint32_t p = first; p < end && p < b->persons; p++) {
        struct scope s = job_scope_begin(j);
        struct derive_child c = {.b = b, .j = j, .person = p, .block = (uint32_t)block};
        one_child(&c);
        job_scope_end(j, s);
    }
    return OK;
}

enum err
derive_all(struct build *b)
{
    b->blocks = (b->persons + BUILD_BLOCK - 1) / BUILD_BLOCK;
    lay_out(b, TIMELINE_CENSUS, sizeof(struct timeline_census));
    lay_out(b, TIMELINE_ENROLMENT, sizeof(struct timeline_enrolment));
    lay_out(b, TIMELINE_SUSPENSION, sizeof(struct timeline_suspension));
    lay_out(b, TIMELINE_EVENT, sizeof(struct timeline_event));
    lay_out(b, TIMELINE_ABSENCE, sizeof(struct timeline_absence));
    lay_out(b, TIMELINE_SPELL, sizeof(struct timeline_spell));
    lay_out(b, TIMELINE_SOURCE, sizeof(struct timeline_source));
    lay_out(b, TIMELINE_PLACEMENT, sizeof(struct timeline_placement));
    lay_out(b, TIMELINE_LEAVER, sizeof(struct timeline_leaver));
    lay_out(b, TIMELINE_ENTRY, sizeof(struct timeline_entry));
    return thread_each(b->j, b->order->threads, b->blocks, BLOCK_MEMORY, one_block, b);
}
