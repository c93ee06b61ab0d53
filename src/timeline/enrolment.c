#include "timeline/derive.h"

enum { LONGEST_GAP = 30, NEAR = 62, YEAR_AND_MORE = 400 };

/* An enrolment in the making. */
struct piece {
    struct timeline_enrolment row;
    int32_t entry;      /* as given, DATE_NONE */
    int32_t first_seen; /* the first day that a row shows */
    int32_t seen;       /* build_census() of the last census on roll, 0 none */
    bool split;         /* goes on from the piece before it under another status */
};
struct pieces {
    struct derive_child *c;
    struct piece *v;
    uint32_t n, from; /* from: first of the school at hand */
};

/* ---- one school's rows ------------------------------------------------------------------- */

static bool
is_leaver(const struct timeline_census *r)
{
    return r->left != DATE_OPEN;
}

static bool
left_before_entry(const struct timeline_census *r)
{
    return is_leaver(r) && r->left != DATE_NONE && r->entered != DATE_NONE &&
           r->left <= r->entered;
}

/* The piece that a row shows: the same entry; else the last one, while nothing says that
 * the child left it. */
static struct piece *
piece_of(const struct pieces *w, const struct timeline_census *r)
{
    struct piece *last;

    for (uint32_t i = w->n; r->entered != DATE_NONE && i-- > w->from;)
        if (w->v[i].entry == r->entered)
            return &w->v[i];
    if (w->n == w->from)
        return NULL;
    last = &w->v[w->n - 1];
    if (is_leaver(r) && last->row.end == r->left)
        return last;
    if (last->row.end != DATE_OPEN)
        return NULL;
    if (r->entered == DATE_NONE || r->entered <= last->row.last_seen)
        return last;
    return left_before_entry(r) && last->row.start < r->left ? last : NULL;
}

/* Last seen in a census, and the next return lacks the child: until the end of that term. */
static int32_t
lost_day(const struct piece *p)
{
    return p->seen ? timeline_term_end(build_census_year(p->seen), build_census_term(p->seen))
                   : p->row.last_seen + 1;
}

static void
close_lost(struct piece *p, int32_t at_latest)
{
    int32_t end = lost_day(p);

    end = end < at_latest ? end : at_latest;
    p->row.end = end > p->row.start ? end : p->row.start + 1;
    p->row.quality |= ENROLMENT_NO_LEAVING_DATE;
}

static struct piece *
new_piece(struct pieces *w, const struct timeline_census *r, int32_t day)
{
    struct piece *last = w->n > w->from ? &w->v[w->n - 1] : NULL, *p = &w->v[w->n++];
    int32_t start = r->entered, known = is_leaver(r) && r->left != DATE_NONE ? r->left - 1 : day;

    *p = (struct piece){.row = {.person = r->person, .school = r->school, .end = DATE_OPEN,
                                .year_group = INT8_MIN},
                        .entry = r->entered, .first_seen = known};
    if (start == DATE_NONE)
        p->row.quality |= ENROLMENT_NO_ENTRY_DATE;
    if (left_before_entry(r))
        p->row.quality |= ENROLMENT_LEFT_BEFORE_ENTRY;
    if (start == DATE_NONE || start > known)
        start = known;
    p->row.start = p->row.last_seen = start;
    if (last && last->row.end == DATE_OPEN)
        close_lost(last, start);
    return p;
}

/* The last return stands about the day of entry, unless the child was seen before it. */
static void
note_entry(struct piece *p, const struct timeline_census *r)
{
    if (r->entered == DATE_NONE || r->entered == p->entry || left_before_entry(r))
        return;
    if (p->entry != DATE_NONE)
        p->row.quality |= ENROLMENT_ENTRY_CHANGED;
    p->entry = r->entered;
    if (!p->split && r->entered <= p->first_seen)
        p->row.start = r->entered;
}

static struct piece *
split_piece(struct pieces *w, struct piece *p, int32_t day)
{
    struct piece *next = &w->v[w->n++];

    *next = *p;
    next->row.start = next->first_seen = day;
    next->row.censuses = 0;
    next->row.status = '\0';
    next->split = true;
    p->row.end = day;
    return next;
}

static struct piece *
see_on_roll(struct pieces *w, struct piece *p, const struct timeline_census *r, int32_t day)
{
    if (p->row.end != DATE_OPEN && p == &w->v[w->n - 1]) { /* the leaving was taken back */
        p->row.end = DATE_OPEN;
        p->row.quality &= (uint16_t)~ENROLMENT_NO_LEAVING_DATE;
    } else if (p->row.end <= day) {
        p->row.end = day + 1;
    }
    if (r->status && p->row.status && p->row.end == DATE_OPEN && p->row.start < day &&
        derive_is_main(r->status) != derive_is_main(p->row.status))
        p = split_piece(w, p, day);
    if (r->status)
        p->row.status = r->status;
    p->seen = derive_census_number(r);
    if (day > p->row.last_seen)
        p->row.last_seen = day;
    return p;
}

/* Not told when: by the end of the term in which it was last seen; never seen, by the start
 * of the term that tells of it. */
static void
see_left_sometime(struct piece *p, const struct timeline_census *r, int32_t day)
{
    int32_t term = timeline_term_start(r->school_year, r->term);

    if (p->row.end != DATE_OPEN && !(p->row.quality & ENROLMENT_NO_LEAVING_DATE))
        return; /* another return told when */
    close_lost(p, day);
    if (!p->seen)
        p->row.end = term > p->row.start ? term : p->row.start + 1;
}

static void
see_left(struct piece *p, const struct timeline_census *r, int32_t day)
{
    int32_t last;

    if (r->left == DATE_NONE) {
        see_left_sometime(p, r, day);
        return;
    }
    last = r->left - 1 < day ? r->left - 1 : day;
    if (left_before_entry(r))
        p->row.quality |= ENROLMENT_LEFT_BEFORE_ENTRY;
    if (r->left > p->row.start) {
        p->row.end = r->left;
        p->row.quality &= (uint16_t)~ENROLMENT_NO_LEAVING_DATE;
    } else {
        p->row.quality |= ENROLMENT_LEFT_BEFORE_ENTRY;
        p->row.end = p->row.last_seen >= p->row.start ? p->row.last_seen + 1 : p->row.start + 1;
    }
    if (last > p->row.last_seen)
        p->row.last_seen = last;
}

/* Autumn's leavers are told with the year group they left. */
static void
note_year_group(struct piece *p, const struct timeline_census *r)
{
    if (r->year_group == INT8_MIN)
        return;
    p->row.year_group = r->year_group;
    p->row.school_year = r->school_year;
    if (is_leaver(r))
        p->row.school_year =
            (int16_t)(r->left != DATE_NONE ? timeline_leaving_year(r->left)
                                           : r->school_year - (r->term == TERM_AUTUMN));
}

static void
see(struct pieces *w, const struct timeline_census *r)
{
    int32_t day = timeline_census_day(r->school_year, r->term);
    struct piece *p = piece_of(w, r);

    if (!p)
        p = new_piece(w, r, day);
    else
        note_entry(p, r);
    if (is_leaver(r))
        see_left(p, r, day);
    else
        p = see_on_roll(w, p, r, day);
    note_year_group(p, r);
    p->row.census = (uint32_t)(r - w->c->census);
    p->row.censuses++;
}

/* Rows of one school by time; leavers of a census before those on its roll. */
static int
by_school(const void *a, const void *b)
{
    const struct timeline_census *x = *(const struct timeline_census *const *)a;
    const struct timeline_census *y = *(const struct timeline_census *const *)b;
    int c = build_compare(x->school, y->school);

    if (!c)
        c = build_compare(derive_census_number(x), derive_census_number(y));
    if (!c)
        c = build_compare(!is_leaver(x), !is_leaver(y));
    if (!c)
        c = build_compare(x->entered, y->entered);
    return c ? c : build_compare_source(&x->source, &y->source);
}

static int
by_piece(const void *a, const void *b)
{
    const struct timeline_enrolment *x = &((const struct piece *)a)->row;
    const struct timeline_enrolment *y = &((const struct piece *)b)->row;
    int c = build_compare(x->start, y->start);

    return c ? c : build_compare(x->end, y->end);
}

/* Rows that contradict each other about one time are one enrolment. */
static void
take_in(struct piece *a, const struct piece *b)
{
    struct timeline_enrolment *x = &a->row;
    const struct timeline_enrolment *y = &b->row;

    x->end = y->end > x->end ? y->end : x->end;
    x->censuses = (uint16_t)(x->censuses + y->censuses);
    x->quality |= y->quality | ENROLMENT_ENTRY_CHANGED;
    a->first_seen = b->first_seen < a->first_seen ? b->first_seen : a->first_seen;
    if (y->census > x->census) { /* rows lie in order of time */
        x->census = y->census;
        x->status = y->status ? y->status : x->status;
    }
    if (y->year_group != INT8_MIN && y->school_year >= x->school_year) {
        x->year_group = y->year_group;
        x->school_year = y->school_year;
    }
    x->last_seen = y->last_seen > x->last_seen ? y->last_seen : x->last_seen;
    a->seen = b->seen > a->seen ? b->seen : a->seen;
}

/* The pieces of one school by start, none over another. */
static void
part_pieces(struct pieces *w)
{
    struct piece *v = w->v + w->from;
    uint32_t n = w->n - w->from, kept = 0;

    qsort(v, n, sizeof *v, by_piece);
    for (uint32_t i = 1; i < n; i++) {
        if (v[i].row.start < v[kept].row.end)
            take_in(&v[kept], &v[i]);
        else
            v[++kept] = v[i];
    }
    w->n = w->from + kept + 1;
}

static void
one_school(struct pieces *w, const struct timeline_census *const *rows, uint32_t n)
{
    const struct build_school *s = &w->c->b->school[rows[0]->school];
    struct piece *last;

    w->from = w->n;
    for (uint32_t i = 0; i < n; i++)
        see(w, rows[i]);
    part_pieces(w);
    last = &w->v[w->n - 1];
    if (last->row.end == DATE_OPEN && s->last_return > last->seen)
        close_lost(last, DATE_OPEN);
}

/* ---- the child's schools together -------------------------------------------------------- */

/* Where the day of leaving is not given, the next school's day of entry is a better guess. */
static void
refine_lost(struct pieces *w, struct piece *p)
{
    int32_t latest = lost_day(p);

    if (!(p->row.quality & ENROLMENT_NO_LEAVING_DATE))
        return;
    for (uint32_t i = 0; i < w->n; i++) {
        const struct piece *o = &w->v[i];
        if (o->row.school != p->row.school && derive_is_main(o->row.status) &&
            o->row.start > p->row.last_seen && o->row.start > p->row.start &&
            o->row.start <= latest && o->row.start < p->row.end)
            p->row.end = o->row.start;
    }
}

/* A change of status lies between two censuses: on the day the other main enrolment starts
 * or ends, where one does. */
static void
refine_split(struct pieces *w, uint32_t at)
{
    struct piece *p = &w->v[at], *before = &w->v[at - 1];
    bool main_now = derive_is_main(p->row.status);
    int32_t day = p->row.start;

    if (before->row.school != p->row.school || before->row.end != day)
        return;
    for (uint32_t i = 0; i < w->n; i++) {
        const struct piece *o = &w->v[i];
        int32_t d = main_now ? o->row.end : o->row.start;
        if (o->row.school != p->row.school && derive_is_main(o->row.status) &&
            d > before->row.last_seen && d > before->row.start && d < day)
            day = d;
    }
    before->row.end = p->row.start = day;
}

/* A school became another: one piece ends where the other goes on. */
static void
join_converted(struct pieces *w, struct piece *a, struct piece *b)
{
    const struct build *build = w->c->b;
    int32_t day = build->school[a->row.school].row.closed;
    bool open = a->row.end == DATE_OPEN || a->row.quality & ENROLMENT_NO_LEAVING_DATE;

    if (a->row.school == b->row.school || a->row.last_seen == DATE_NONE ||
        a->row.last_seen >= b->first_seen || b->first_seen - a->row.last_seen > YEAR_AND_MORE ||
        !number_carries_on(build, a->row.school, b->row.school, b->first_seen))
        return;
    if (!open && (b->row.start - a->row.end > NEAR || a->row.end > b->first_seen))
        return;
    if (day == DATE_OPEN)
        day = build->school[b->row.school].row.opened;
    if (day <= a->row.last_seen || day > b->first_seen)
        day = b->row.start > a->row.last_seen ? b->row.start : a->row.last_seen + 1;
    if (open) {
        a->row.end = day > a->row.start ? day : a->row.start + 1;
        a->row.quality &= (uint16_t)~ENROLMENT_NO_LEAVING_DATE;
    }
    if (b->row.start < a->row.end && a->row.end <= b->first_seen)
        b->row.start = a->row.end;
    a->row.quality |= ENROLMENT_CONVERTED;
}

/* Leavers' rows have no status: inside another main enrolment it was the second one, but
 * not inside that of the school which became this one. */
static char
assumed_status(const struct pieces *w, const struct piece *p)
{
    for (uint32_t i = 0; i < w->n; i++) {
        const struct piece *o = &w->v[i];
        if (o->row.school != p->row.school && derive_is_main(o->row.status) &&
            !(o->row.quality & ENROLMENT_STATUS_ASSUMED) && o->row.start <= p->row.start &&
            o->row.end >= p->row.end &&
            !number_carries_on(w->c->b, o->row.school, p->row.school, p->first_seen))
            return 'S';
    }
    return 'C';
}

static void
close_closed(const struct build *b, struct piece *p)
{
    int32_t closed = b->school[p->row.school].row.closed;

    if (p->row.end != DATE_OPEN || closed == DATE_OPEN || closed > b->order->as_of)
        return;
    p->row.end = closed > p->row.last_seen ? closed : p->row.last_seen + 1;
}

static void
join(struct pieces *w)
{
    for (uint32_t i = 0; i < w->n; i++) {
        if (w->v[i].row.status)
            continue;
        w->v[i].row.status = assumed_status(w, &w->v[i]);
        w->v[i].row.quality |= ENROLMENT_STATUS_ASSUMED;
    }
    for (uint32_t i = 0; i < w->n; i++)
        refine_lost(w, &w->v[i]);
    for (uint32_t i = 1; i < w->n; i++)
        if (w->v[i].split)
            refine_split(w, i);
    for (uint32_t i = 0; i < w->n; i++)
        for (uint32_t k = 0; k < w->n && w->c->b->links; k++)
            join_converted(w, &w->v[i], &w->v[k]);
    for (uint32_t i = 0; i < w->n; i++)
        close_closed(w->c->b, &w->v[i]);
}

/* ---- what is odd about them -------------------------------------------------------------- */

/* Days of a gap outside 16 July to 15 September. */
static int32_t
term_days(int32_t from, int32_t to)
{
    int32_t days = to - from;

    for (int32_t y = date_to_ymd(from).year; y <= date_to_ymd(to).year; y++) {
        int32_t a = date_from_ymd(y, 7, 16), b = date_from_ymd(y, 9, 16);
        a = a > from ? a : from;
        b = b < to ? b : to;
        days -= b > a ? b - a : 0;
    }
    return days;
}

static void
flag_odd(struct timeline_enrolment *v, uint32_t n)
{
    int32_t until = DATE_NONE;

    for (uint32_t i = 0; i < n; i++) {
        if (!derive_is_main(v[i].status))
            continue;
        if (until != DATE_NONE && until != DATE_OPEN && v[i].start > until &&
            term_days(until, v[i].start) > LONGEST_GAP)
            v[i].quality |= ENROLMENT_GAP;
        until = v[i].end > until ? v[i].end : until;
        for (uint32_t k = 0; k < i; k++) {
            if (derive_is_main(v[k].status) && v[k].end > v[i].start) {
                v[i].quality |= ENROLMENT_OVERLAP;
                v[k].quality |= ENROLMENT_OVERLAP;
            }
        }
    }
}

static int
by_start(const void *a, const void *b)
{
    const struct timeline_enrolment *x = a, *y = b;
    int c = build_compare(x->start, y->start);

    if (!c)
        c = build_compare(x->school, y->school);
    return c ? c : build_compare(x->end, y->end);
}

static void
finish(struct pieces *w)
{
    struct derive_child *c = w->c;
    uint32_t base = derive_used(c, TIMELINE_CENSUS);

    c->enrolment = job_array(c->j, w->n + 1, sizeof *c->enrolment);
    c->n_enrolments = w->n;
    for (uint32_t i = 0; i < w->n; i++)
        c->enrolment[i] = w->v[i].row;
    qsort(c->enrolment, w->n, sizeof *c->enrolment, by_start);
    flag_odd(c->enrolment, w->n);
    for (uint32_t i = 0; i < w->n; i++) {
        struct timeline_enrolment *e = derive_add(c, TIMELINE_ENROLMENT);
        *e = c->enrolment[i];
        e->census += base;
    }
}

void
derive_enrolments(struct derive_child *c)
{
    const struct timeline_census **rows = job_array(c->j, c->n_census + 1, sizeof *rows);
    struct pieces w = {.c = c};
    uint32_t n;

    w.v = job_array(c->j, c->n_census + 1, sizeof *w.v);
    for (uint32_t i = 0; i < c->n_census; i++)
        rows[i] = &c->census[i];
    qsort(rows, c->n_census, sizeof *rows, by_school);
    for (uint32_t i = 0; i < c->n_census; i += n) {
        for (n = 1; i + n < c->n_census && rows[i + n]->school == rows[i]->school; n++)
            ;
        one_school(&w, rows + i, n);
    }
    join(&w);
    finish(&w);
}
