#include "quality/look.h"
#include "base/thread.h"
#include "people/entry.h"
#include "quality/terms.h"
#include <stdarg.h>
#include <stdio.h>

enum { PEOPLE_A_BLOCK = 2048, BLOCKS_A_WAVE = 16, BLOCK_MEMORY = 64 * JOB_MB };

/* ---- what is found --------------------------------------------------------------------- */

struct quality_at
quality_at(uint32_t person, uint32_t school, int32_t on)
{
    return (struct quality_at){.person = person, .school = school, .on = on};
}

void
quality_fact(const struct quality_look *q, struct quality_at *at, const char *fact,
             const struct timeline_source *s)
{
    if (s->batch >= q->t->n[TIMELINE_BATCH])
        return;
    at->fact = fact;
    at->batch = q->t->batch[s->batch].batch_id;
    at->file = s->file;
    at->line = s->line;
}

static bool
is_asked_of(const struct quality_rule *r, int32_t day)
{
    int32_t year = day == DATE_NONE ? 0 : date_school_year(day);

    return !year || ((!r->first || year >= r->first) && (!r->last || year <= r->last));
}

/* Kept beside the job's memory: a block of people is forgotten when it has been asked. */
static const char *
keep_text(struct quality_look *q, const char *s)
{
    char *kept = s ? pile_keep(q->j, q->found, s, strlen(s)) : NULL;

    q->full = q->full || (s && !kept);
    return kept;
}

void
quality_say(struct quality_look *q, const struct quality_at *at, const char *fmt, ...)
{
    struct quality_finding *f;
    char text[500];
    va_list ap;

    if (!is_asked_of(&quality_rules[q->rule], at->on))
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (!(f = pile_add(q->j, q->found))) {
        q->full = true;
        return;
    }
    *f = (struct quality_finding){
        .rule = q->rule, .person = at->person, .on = at->on, .fact = at->fact,
        .urn = at->school == TIMELINE_NONE ? 0 : q->t->school[at->school].urn,
        .batch = at->batch, .file = at->file, .line = at->line,
        .value = keep_text(q, at->value), .message = keep_text(q, text)};
}

const char *
quality_school(const struct quality_look *q, uint32_t school)
{
    if (school == TIMELINE_NONE)
        return "another school";
    if (q->school_name && q->school_name[school])
        return q->school_name[school];
    return job_format(q->j, "school %u", (unsigned)q->t->school[school].urn);
}

const char *
quality_day(const struct quality_look *q, int32_t day)
{
    char text[DATE_TEXT];

    return job_copy(q->j, date_words(day, text));
}

/* ---- registers ------------------------------------------------------------------------- */

static uint8_t
pattern_flags(const struct marks_pattern *p, int code_e)
{
    uint8_t flags = 0;

    for (int k = 0; k < REGISTER_SLOTS; k++)
        flags |= p->mark[k] == code_e + 1 ? LOOK_E : 0;
    if (p->present || p->activity || p->authorised || p->unauthorised || p->counted)
        flags |= LOOK_GIVEN;
    return flags;
}

static void
open_patterns(struct quality_look *q)
{
    int code_e = attendance_code(SPAN("E"));

    q->pattern = job_array(q->j, q->m->n + 1, sizeof *q->pattern);
    for (size_t w = q->first_week; w < q->m->n; w++) {
        const struct marks_week *week = &q->m->week[w];
        q->pattern[w] = job_array(q->j, week->patterns + 1, 1);
        for (uint32_t i = 0; i < week->patterns; i++)
            q->pattern[w][i] = pattern_flags(&week->pattern[i], code_e);
    }
}

/* Few have code E at all: nobody else's weeks are looked through for it. */
static void
find_coded(struct quality_look *q)
{
    q->coded = job_array(q->j, q->t->n[TIMELINE_PERSON] + 1u, sizeof *q->coded);
    for (size_t w = q->first_week; w < q->m->n; w++) {
        const struct marks_week *week = &q->m->week[w];
        for (uint32_t i = 0; i < week->rows; i++) {
            uint32_t p = q->pattern[w][week->row[i].pattern] & LOOK_E
                ? timeline_person_find(q->t, week->first_person + week->row[i].person)
                : TIMELINE_NONE;
            if (p != TIMELINE_NONE)
                q->coded[p] = true;
        }
        marks_give_back_rows(week, (struct marks_range){0, week->rows});
    }
    timeline_give_back(q->t);
}

int64_t
quality_slot(const struct quality_look *q, uint32_t school, int32_t year, int term)
{
    int32_t first = date_school_year(q->from), back = year - first;

    if (back < 0 || back >= 2 || term < TERM_AUTUMN || term > TERM_SUMMER)
        return -1;
    return (int64_t)school * QUALITY_TERMS + back * 3 + term - 1;
}

/* How many weeks of each term a school gave a register for. */
static void
count_weeks(struct quality_look *q)
{
    for (size_t w = q->first_week; w < q->m->n; w++) {
        const struct marks_week *week = &q->m->week[w];
        int32_t middle = week->monday + 2;
        for (uint32_t i = 0; i < week->schools; i++) {
            uint32_t school = timeline_school_find(q->t, week->school[i].urn);
            int64_t slot = school == TIMELINE_NONE || !week->school[i].open ? -1
                : quality_slot(q, school, date_school_year(middle), (int)date_term(middle));
            if (slot >= 0)
                q->weeks[slot]++;
        }
    }
}

static void
open_registers(struct quality_look *q)
{
    size_t slots = (size_t)(q->t->n[TIMELINE_SCHOOL] + 1) * QUALITY_TERMS;

    q->from = date_year_start(date_school_year(q->day) - 1);
    q->weeks = job_array(q->j, slots, sizeof *q->weeks);
    q->term = job_array(q->j, slots, sizeof *q->term);
    if (!q->m)
        return;
    q->first_week = marks_week_at(q->m, q->from);
    open_patterns(q);
    find_coded(q);
    count_weeks(q);
}

/* ---- until when recorded suspensions are known, school by school ----------------------- */

static void
raise(struct quality_look *q, uint32_t school, int32_t to)
{
    uint32_t n = q->t->n[TIMELINE_SCHOOL];

    if (school != TIMELINE_NONE && to > q->suspensions_to[school])
        q->suspensions_to[school] = to;
    for (uint32_t s = 0; school == TIMELINE_NONE && s < n; s++)
        raise(q, s, to);
}

/* A census tells of suspensions up to the term before its own; notifications up to the
 * newest, whoever sent it. */
static void
open_suspensions(struct quality_look *q)
{
    int32_t notified = DATE_NONE;
    uint32_t n = q->t->n[TIMELINE_SCHOOL];

    q->suspensions_to = job_array(q->j, n + 1, sizeof *q->suspensions_to);
    for (uint32_t s = 0; s < n; s++)
        q->suspensions_to[s] = DATE_NONE;
    for (uint32_t i = 0; i < q->t->n[TIMELINE_SUSPENSION]; i++) {
        const struct timeline_suspension *s = &q->t->suspension[i];
        if (s->flags & SUSPENSION_NOTIFIED && s->started >= notified)
            notified = s->started + 1;
    }
    for (uint32_t i = 0; i < q->t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &q->t->returns[i];
        if (r->kind == RETURN_CENSUS && r->holds & HOLDS_SUSPENSIONS && r->term)
            raise(q, r->school, timeline_term_start(r->school_year, (enum term)r->term));
    }
    if (notified != DATE_NONE)
        raise(q, TIMELINE_NONE, notified);
}

bool
quality_told(const bool *told, int32_t school_year)
{
    int32_t y = school_year - LOOK_FIRST;

    return y >= 0 && y < LOOK_YEARS && told[y];
}

static void
open_returns(struct quality_look *q)
{
    for (uint32_t i = 0; i < q->t->n[TIMELINE_RETURN]; i++) {
        const struct timeline_return *r = &q->t->returns[i];
        int32_t y = r->school_year - LOOK_FIRST;
        if (y < 0 || y >= LOOK_YEARS)
            continue;
        q->needs[y] |= r->kind == RETURN_CENSUS && r->term == TERM_SPRING &&
                       r->holds & HOLDS_NEEDS;
        q->timetables[y] |= r->kind == RETURN_REGISTER && r->what == ENTRY_PTT + 1;
    }
}

/* ---- all ------------------------------------------------------------------------------- */

static void
ask_child(struct quality_look *q, uint32_t p)
{
    for (q->rule = 0; q->rule < QUALITY_RULES; q->rule++)
        if (quality_rules[q->rule].child && !q->stands[q->rule])
            quality_rules[q->rule].child(q, p);
}

/* What is found of a block of people, and their terms. */
struct piece {
    struct pile *found;
    struct quality_term *term;
};
struct pass {
    const struct quality_look *q;
    size_t first_block;
    bool terms;
    struct piece piece[BLOCKS_A_WAVE];
};

static enum err
ask_block(struct job *j, void *arg, size_t block)
{
    const struct pass *pass = arg;
    struct quality_look *q = job_alloc(j, sizeof *q);
    uint32_t people = pass->q->t->n[TIMELINE_PERSON];
    uint32_t from = (uint32_t)(pass->first_block + block) * PEOPLE_A_BLOCK;
    uint32_t to = from + PEOPLE_A_BLOCK < people ? from + PEOPLE_A_BLOCK : people;

    *q = *pass->q;
    q->j = j;
    q->found = pass->piece[block].found;
    q->term = pass->piece[block].term;
    if (q->m)
        marks_cursor(j, q->m, &q->cursor);
    for (uint32_t p = from; p < to; p++) {
        ask_child(q, p);
        if (pass->terms)
            quality_add_terms(q, p);
    }
    timeline_give_back_of(q->t, from, to);
    if (q->m)
        marks_give_back(q->m);
    return q->full ? j->err.kind : OK;
}

static enum err
open_pieces(struct quality_look *q, struct pass *pass)
{
    size_t slots = (size_t)(q->t->n[TIMELINE_SCHOOL] + 1) * QUALITY_TERMS;
    enum err e = OK;

    for (size_t b = 0; b < BLOCKS_A_WAVE && !e; b++) {
        e = pile_open(q->j, sizeof(struct quality_finding), &pass->piece[b].found);
        pass->piece[b].term = job_array(q->j, slots, sizeof(struct quality_term));
    }
    for (int r = 0; r < QUALITY_RULES; r++)
        pass->terms = pass->terms || (q->m && quality_rules[r].term && !q->stands[r]);
    return e;
}

/* Everybody, some blocks at a time; a block's findings stay in its place's pile. */
static enum err
ask_children(struct quality_look *q, struct pass *pass)
{
    size_t blocks = (q->t->n[TIMELINE_PERSON] + PEOPLE_A_BLOCK - 1) / PEOPLE_A_BLOCK;
    enum err e = open_pieces(q, pass);

    for (; pass->first_block < blocks && !e; pass->first_block += BLOCKS_A_WAVE) {
        size_t left = blocks - pass->first_block, n = left < BLOCKS_A_WAVE ? left : BLOCKS_A_WAVE;
        e = thread_each(q->j, 0, n, BLOCK_MEMORY, ask_block, pass);
        for (size_t b = 0; b < n && pass->terms; b++)
            quality_add_up_terms(q, pass->piece[b].term);
        timeline_give_back(q->t);
    }
    return e;
}

static void
ask_looked_after(struct quality_look *q)
{
    for (size_t i = 0; i < q->n_looked_after; i++)
        for (q->rule = 0; q->rule < QUALITY_RULES; q->rule++)
            if (quality_rules[q->rule].looked_after && !q->stands[q->rule])
                quality_rules[q->rule].looked_after(q, &q->looked_after[i]);
}

#define DIFFER(x, y) (((x) > (y)) - ((x) < (y)))

static int
by_school(const void *a, const void *b)
{
    const struct quality_finding *x = a, *y = b;
    int c;

    if ((c = DIFFER(x->urn, y->urn)) || (c = DIFFER(x->rule, y->rule)) ||
        (c = DIFFER(y->on, x->on)) || /* the newest first */
        (c = DIFFER(x->person, y->person)) || (c = strcmp(x->message, y->message)) ||
        (c = DIFFER(x->batch, y->batch)) || (c = DIFFER(x->file, y->file)))
        return c;
    return DIFFER(x->line, y->line);
}

static size_t
take_pile(struct quality_finding *to, const struct pile *p)
{
    for (size_t i = 0; i < pile_count(p); i++)
        to[i] = *(const struct quality_finding *)pile_at(p, i);
    return pile_count(p);
}

static void
put_in_order(struct quality_look *q, const struct pass *pass, struct quality_found *out)
{
    size_t n = q->before.n + pile_count(q->found);

    for (size_t b = 0; b < BLOCKS_A_WAVE; b++)
        n += pile_count(pass->piece[b].found);
    *out = (struct quality_found){job_array(q->j, n + 1, sizeof *out->v), q->before.n};
    if (q->before.n)
        memcpy(out->v, q->before.v, q->before.n * sizeof *out->v);
    out->n += take_pile(out->v + out->n, q->found);
    for (size_t b = 0; b < BLOCKS_A_WAVE; b++)
        out->n += take_pile(out->v + out->n, pass->piece[b].found);
    qsort(out->v, out->n, sizeof *out->v, by_school);
}

enum err
quality_look(struct quality_look *q, struct quality_found *out)
{
    struct pass *pass = job_alloc(q->j, sizeof *pass);
    enum err e;

    pass->q = q;
    open_registers(q);
    quality_open_terms(q);
    open_suspensions(q);
    open_returns(q);
    if ((e = pile_open(q->j, sizeof(struct quality_finding), &q->found)) ||
        (e = ask_children(q, pass)))
        return e;
    quality_ask_terms(q);
    ask_looked_after(q);
    if (q->full)
        return q->j->err.kind;
    put_in_order(q, pass, out);
    return OK;
}
