#include "support/small_timeline.h"
#include "people/ground.h"

enum { FIRST_YEAR = 2021, LAST_YEAR = 2024 };

static void
add_return(struct small *s, int16_t year, uint8_t term)
{
    s->returns[s->t.n[TIMELINE_RETURN]++] = (struct timeline_return){
        .school = TIMELINE_NONE, .school_year = year, .kind = RETURN_CENSUS, .term = term,
        .holds = HOLDS_SUSPENSIONS | HOLDS_FSM | HOLDS_NEEDS | HOLDS_ABSENCE | HOLDS_SUMMER2};
}

struct small *
small_new(struct job *j)
{
    struct small *s = job_alloc(j, sizeof *s);

    s->t = (struct timeline){
        .head = &s->head, .person = s->person, .school = s->school, .returns = s->returns,
        .census = s->census, .enrolment = s->enrolment, .suspension = s->suspension,
        .event = s->event, .absence = s->absence, .spell = s->spell,
        .placement = s->placement, .leaver = s->leaver, .entry = s->entry, .move = s->move,
        .batch = s->batch, .source = s->source};
    s->batch[0] = (struct timeline_batch){.batch_id = 1};
    s->t.n[TIMELINE_BATCH] = s->t.n[TIMELINE_SOURCE] = 1;
    s->head.as_of = date_from_ymd(2024, 12, 1);
    s->t.n[TIMELINE_SCHOOL] = 3;
    for (uint32_t i = 0; i < 3; i++)
        s->school[i] = (struct timeline_school){
            .urn = 900001 + i, .successor = i, .opened = DATE_NONE, .closed = DATE_OPEN,
            .kind = i == 2 ? SCHOOL_AP : SCHOOL_MAINSTREAM, .phase = PHASE_SECONDARY,
            .low_year = 7, .high_year = 11, .state_funded = 1, .local = 1};
    for (int16_t y = FIRST_YEAR; y < LAST_YEAR; y++)
        for (uint8_t term = 1; term <= 3; term++)
            add_return(s, y, term);
    add_return(s, LAST_YEAR, TERM_AUTUMN);
    return s;
}

static void
add_censuses(struct small *s, uint32_t p)
{
    for (int16_t y = FIRST_YEAR; y <= LAST_YEAR; y++)
        for (uint8_t term = 1; term <= (y == LAST_YEAR ? 1 : 3); term++)
            s->census[s->t.n[TIMELINE_CENSUS]++] = (struct timeline_census){
                .person = p, .school = 0, .place = TIMELINE_NONE, .left = DATE_OPEN,
                .entered = date_from_ymd(2021, 9, 1), .school_year = y, .term = term,
                .flags = CENSUS_ON_ROLL, .status = 'C', .sen = 'N', .age = (int8_t)(12 + y - 2021),
                .year_group = (int8_t)(8 + y - 2021)};
}

static void
mark_starts(struct small *s, uint32_t p)
{
    for (int k = 0; k < TIMELINE_OF_PERSON; k++)
        s->person[p].first[k] = s->t.n[TIMELINE_CENSUS + k];
}

uint32_t
small_child(struct small *s, char sex)
{
    uint32_t p = s->t.n[TIMELINE_PERSON]++;

    s->person[p] = (struct timeline_person){
        .person_id = 100 + p, .identity_id = 500 + p, .born = date_from_ymd(2009, 3, 3),
        .first_seen = date_from_ymd(2021, 9, 1), .last_seen = date_from_ymd(2024, 11, 1),
        .sex = sex, .ethnicity = "WBRI"};
    mark_starts(s, p);
    add_censuses(s, p);
    s->enrolment[s->t.n[TIMELINE_ENROLMENT]++] = (struct timeline_enrolment){
        .person = p, .school = 0, .start = date_from_ymd(2021, 9, 1), .end = DATE_OPEN,
        .status = 'C', .school_year = LAST_YEAR, .year_group = 11,
        .census = s->t.n[TIMELINE_CENSUS] - 1};
    return p;
}

void
small_event(struct small *s, const struct timeline_event *e)
{
    struct timeline_event *to = &s->event[s->t.n[TIMELINE_EVENT]++];

    *to = *e;
    to->person = s->t.n[TIMELINE_PERSON] - 1;
    to->school_year = (int16_t)date_school_year(e->started);
    to->counts = 1;
    s->suspension[s->t.n[TIMELINE_SUSPENSION]++] = (struct timeline_suspension){
        .person = to->person, .school = e->school, .started = e->started,
        .sessions = e->sessions, .school_year = to->school_year, .category = e->category,
        .flags = SUSPENSION_CENSUS, .counts = 1};
}

void
small_absence(struct small *s, int16_t year, uint16_t possible, uint16_t unauthorised)
{
    s->absence[s->t.n[TIMELINE_ABSENCE]++] = (struct timeline_absence){
        .person = s->t.n[TIMELINE_PERSON] - 1, .school_year = year, .possible = possible,
        .unauthorised = unauthorised};
}

void
small_spell(struct small *s, enum timeline_kind kind, int32_t start, int32_t end)
{
    struct timeline_spell *to = &s->spell[s->t.n[TIMELINE_SPELL]++];

    *to = (struct timeline_spell){.person = s->t.n[TIMELINE_PERSON] - 1, .start = start,
                                  .end = end, .kind = (uint8_t)kind};
    if (kind == SPELL_SEN_NEED)
        memcpy(to->code, "SEMH", 5);
}

void
small_entry(struct small *s, int kind, int32_t start, int32_t end)
{
    s->entry[s->t.n[TIMELINE_ENTRY]++] = (struct timeline_entry){
        .person = s->t.n[TIMELINE_PERSON] - 1, .provider = TIMELINE_NONE, .start = start,
        .end = end, .review = DATE_NONE, .minutes_a_week = -1, .kind = (uint8_t)kind};
    for (int16_t y = (int16_t)date_school_year(start); y <= date_school_year(end - 1); y++)
        s->returns[s->t.n[TIMELINE_RETURN]++] = (struct timeline_return){
            .school = TIMELINE_NONE, .school_year = y, .kind = RETURN_REGISTER,
            .what = (uint8_t)(kind + 1)};
}

void
small_leaver(struct small *s, char ground, int32_t left)
{
    const struct ground *g = ground_of(ground, left - 1);

    s->leaver[s->t.n[TIMELINE_LEAVER]++] = (struct timeline_leaver){
        .person = s->t.n[TIMELINE_PERSON] - 1, .destination = TIMELINE_NONE,
        .enrolment = TIMELINE_NONE, .left = left, .notified = DATE_NONE, .ground = g->letter,
        .says = (uint8_t)g->says, .explains = (uint8_t)g->explains};
    s->returns[s->t.n[TIMELINE_RETURN]++] = (struct timeline_return){
        .school_year = (int16_t)date_school_year(left), .kind = RETURN_LEAVERS};
}

void
small_move(struct small *s, enum timeline_move_kind kind, int16_t year, int32_t on)
{
    s->move[s->t.n[TIMELINE_MOVE]++] = (struct timeline_move){
        .person = s->t.n[TIMELINE_PERSON] - 1, .on = on, .school_year = year,
        .kind = (uint8_t)kind, .to = TIMELINE_NONE};
}

void
small_traits(struct small *s, char sen, uint16_t flags, uint8_t idaci)
{
    for (uint32_t i = s->person[s->t.n[TIMELINE_PERSON] - 1].first[0];
         i < s->t.n[TIMELINE_CENSUS]; i++) {
        s->census[i].sen = sen;
        s->census[i].flags |= flags;
        s->census[i].idaci = idaci;
    }
}

/* As a column file has them (rows.h): questions about returns search. */
static int
by_return(const void *a, const void *b)
{
    const struct timeline_return *x = a, *y = b;

    if (x->kind != y->kind)
        return (int)x->kind - (int)y->kind;
    if (x->school_year != y->school_year)
        return x->school_year - y->school_year;
    if (x->term != y->term)
        return (int)x->term - (int)y->term;
    return (x->school > y->school) - (x->school < y->school);
}

const struct timeline *
small_done(struct small *s)
{
    qsort(s->returns, s->t.n[TIMELINE_RETURN], sizeof s->returns[0], by_return);
    mark_starts(s, s->t.n[TIMELINE_PERSON]);
    return &s->t;
}
