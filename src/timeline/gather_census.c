#include "timeline/correct.h"

/* Sessions by code are given one term late.  Summer term 2020 was not collected. */
enum { NO_SUMMER = 2019 };

static const struct {
    int32_t month, day, year; /* a day of the half, years after the school year's first */
} middle[] = {{10, 1, 0}, {2, 1, 1}, {5, 1, 1}, {6, 15, 1}};

static void
classes_of(struct gather *g, int32_t day)
{
    if (g->classes.day == day)
        return;
    g->classes.day = day;
    for (int c = 0; c < ATTENDANCE_CODES; c++) {
        enum attendance_class k = attendance_class(c, day);
        g->classes.of[c] = (uint8_t)k;
        g->classes.possible[c] = attendance_is_possible(c, day);
    }
}

static uint16_t
cap(int64_t v)
{
    return v > UINT16_MAX ? UINT16_MAX : v < 0 ? 0 : (uint16_t)v;
}

static uint16_t
count_of(const struct attendance_totals *t, int code)
{
    return code < 0 ? 0 : t->by_code[code];
}

static struct attendance_sum
sum_of(const struct gather *g, const struct attendance_totals *t)
{
    struct attendance_sum sum = {0};

    for (int c = 0; c < ATTENDANCE_CODES; c++) {
        int32_t n = t->by_code[c];
        if (!n)
            continue;
        sum.possible += g->classes.possible[c] ? n : 0;
        sum.authorised += g->classes.of[c] == ATT_AUTHORISED ? n : 0;
        sum.unauthorised += g->classes.of[c] == ATT_UNAUTHORISED ? n : 0;
        sum.present += g->classes.of[c] == ATT_PRESENT ? n : 0;
    }
    return sum;
}

/* Where the codes and the school's own number differ, one of them stands. */
static void
add_up(const struct gather *g, const struct attendance_totals *t,
       const struct attendance_sum *sum, int64_t given, struct timeline_absence *a)
{
    int64_t possible = attendance_possible(sum, given, false);

    if (given >= 0 && given != sum->possible)
        a->flags |= possible == given ? ABSENCE_AS_GIVEN : ABSENCE_MISMATCH;
    a->possible = cap(possible);
    a->authorised = cap(sum->authorised);
    a->unauthorised = cap(sum->unauthorised);
    a->suspended = count_of(t, g->code_e);
    a->part_time = count_of(t, g->code_c2);
    a->illness = count_of(t, g->code_i);
    a->off_site = count_of(t, g->code_b);
    a->elsewhere = count_of(t, g->code_d);
    a->authority = count_of(t, g->code_k);
    a->not_required = count_of(t, g->code_x);
    a->late = count_of(t, g->code_l);
    a->late_closed = count_of(t, g->code_u);
}

/* A census row that just came, the how manieth of its part. */
struct arrived {
    const struct timeline_census *row;
    uint32_t number;
};

/* The columns of one half: marks and the school's own number of sessions. */
struct half {
    enum timeline_half half;
    int marks, given; /* columns */
    uint8_t holds;
};

static void
half_absence(struct gather *g, const struct rows *q, const struct arrived *x,
             const struct half *h)
{
    const struct timeline_census *c = x->row;
    struct attendance_totals t = {0};
    struct attendance_sum sum;
    size_t n = 0;
    const char *marks = row_peek(q, h->marks, &n);
    int64_t given = row_int_or(q, h->given, -1);
    int16_t year = (int16_t)(c->school_year - (c->term == TERM_AUTUMN));
    struct timeline_absence *a;

    if (!marks && given < 0)
        return; /* not supplied: boarders, the youngest, the oldest; not "none" */
    if (h->half >= HALF_SUMMER1 && year == NO_SUMMER) {
        g->b->head.absence_left_out++;
        return;
    }
    if (marks && !attendance_unpack((const uint8_t *)marks, n, &t))
        t = (struct attendance_totals){0};
    classes_of(g, date_from_ymd(year + middle[h->half].year, middle[h->half].month,
                                middle[h->half].day));
    sum = sum_of(g, &t);
    if (attendance_possible(&sum, given, c->school_year < ATTENDANCE_ALL_CODES) < 0)
        return; /* absences alone, of how many sessions nobody says */
    a = gather_add(g, STAGE_absence, c->person);
    *a = (struct timeline_absence){.person = c->person, .school = c->school,
                                   .census = x->number, .school_year = year,
                                   .half = (uint8_t)h->half};
    a->flags = c->flags & CENSUS_BOARDER ? ABSENCE_BOARDER : 0;
    add_up(g, &t, &sum, given, a);
    gather_return(g, (struct timeline_return){.school = c->school, .batch = g->batch,
                                              .school_year = c->school_year,
                                              .kind = RETURN_CENSUS, .term = c->term})
        ->row.holds |= h->holds;
}

enum {
    FILE_ID, LINE, IDENTITY, URN, SCHOOL_YEAR, TERM, ON_ROLL, ENTERED, LEFT_ON, STATUS,
    YEAR_GROUP, PART_TIME, BOARDER, SEN, SEN_UNIT, RESOURCED, ETHNICITY, LANGUAGE, SERVICE,
    POST_LOOKED_AFTER, YOUNG_CARER, POSTCODE, POSSIBLE, MARKS, MARKS_SUMMER2, SUMMER2_POSSIBLE
};
static const char sql_census[] =
    "SELECT file_id, line, identity_id, urn, school_year, term, on_roll, entered, left_on, "
    "status, year_group, part_time, boarder, sen, sen_unit, resourced, ethnicity, language, "
    "service_child, post_looked_after, young_carer, postcode, sessions_possible, marks, "
    "marks_summer2, summer2_possible FROM census_pupil "
    "WHERE area_id = $1 AND batch_id = $2 ORDER BY file_id, line";

static void
absence(struct gather *g, const struct rows *q, const struct arrived *x)
{
    static const struct half autumn = {HALF_AUTUMN, MARKS, POSSIBLE, HOLDS_ABSENCE};
    static const struct half spring = {HALF_SPRING, MARKS, POSSIBLE, HOLDS_ABSENCE};
    static const struct half summer1 = {HALF_SUMMER1, MARKS, POSSIBLE, HOLDS_ABSENCE};
    static const struct half summer2 = {HALF_SUMMER2, MARKS_SUMMER2, SUMMER2_POSSIBLE,
                                        HOLDS_SUMMER2};

    if (x->row->term == TERM_SPRING) {
        half_absence(g, q, x, &autumn);
    } else if (x->row->term == TERM_SUMMER) {
        half_absence(g, q, x, &spring);
    } else {
        half_absence(g, q, x, &summer1);
        half_absence(g, q, x, &summer2);
    }
}

static bool
is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* Not English, where a language is told. */
static bool
is_eal(const struct rows *q)
{
    char code[5] = "";

    gather_code(q, LANGUAGE, code, sizeof code);
    return code[0] && strcmp(code, "ENG") != 0 && strcmp(code, "ENB") != 0 &&
           strcmp(code, "NOT") != 0 && strcmp(code, "REF") != 0;
}

static uint16_t
flags_of(const struct rows *q)
{
    char looked_after = gather_char(q, POST_LOOKED_AFTER);
    unsigned f = row_int(q, ON_ROLL) ? CENSUS_ON_ROLL : 0;

    f |= row_int(q, PART_TIME) ? CENSUS_PART_TIME : 0;
    f |= is_one_of(gather_char(q, BOARDER), "B67") ? CENSUS_BOARDER : 0;
    f |= row_int(q, SEN_UNIT) ? CENSUS_SEN_UNIT : 0;
    f |= row_int(q, RESOURCED) ? CENSUS_RESOURCED : 0;
    f |= gather_char(q, SERVICE) == 'Y' ? CENSUS_SERVICE : 0;
    f |= looked_after && looked_after != 'N' ? CENSUS_POST_LOOKED_AFTER : 0;
    f |= is_one_of(gather_char(q, YOUNG_CARER), "PS") ? CENSUS_YOUNG_CARER : 0;
    f |= is_eal(q) ? CENSUS_EAL : 0;
    return (uint16_t)f;
}

/* S was a statement until 2018; A and P were the two stages before SEN support. */
static char
sen_of(char given)
{
    if (given == 'S')
        return 'E';
    if (given == 'A' || given == 'P')
        return 'K';
    return is_one_of(given, "NKE") ? given : '\0';
}

/* The last given stands; "not obtained" replaces nothing. */
static void
note_ethnicity(struct gather *g, const struct rows *q, uint32_t person, int32_t census)
{
    struct build_person *p = &g->b->people[person];
    uint64_t when = (uint64_t)census << 32 | g->b->batch[g->batch].rank;
    char code[sizeof p->ethnicity] = "";

    if (row_is_null(q, ETHNICITY))
        return;
    gather_code(q, ETHNICITY, code, sizeof code);
    if (!code[0] || when < p->ethnicity_when ||
        (strcmp(code, "NOBT") == 0 && p->ethnicity[0]))
        return;
    p->ethnicity_when = when;
    memcpy(p->ethnicity, code, sizeof code);
}

/* Provisional place of a postcode: eight characters are one number. */
static uint32_t
place_of(struct gather *g, const struct rows *q)
{
    char text[8] = "";
    size_t n = 0;
    const char *s = row_peek(q, POSTCODE, &n);
    int64_t key;
    uint32_t at;

    if (!s || n == 0 || n > sizeof text)
        return TIMELINE_NONE;
    memcpy(text, s, n);
    memcpy(&key, text, sizeof key);
    at = lookup_get(&g->postcode_at, key);
    if (at != UINT32_MAX)
        return at;
    if (g->postcodes == g->postcodes_size) {
        g->postcodes_size = g->postcodes_size ? g->postcodes_size * 2 : 1024;
        g->postcode = job_grow(g->b->j, g->postcode, g->postcodes * sizeof *g->postcode,
                               g->postcodes_size * sizeof *g->postcode);
    }
    g->postcode[g->postcodes] = key;
    lookup_put(g->b->j, &g->postcode_at, key, g->postcodes);
    return g->postcodes++;
}

static void
note_school(struct gather *g, const struct timeline_census *c)
{
    struct build_school *s = &g->b->school[c->school];
    int32_t census = build_census(c->school_year, c->term);
    struct timeline_return want = {.school = c->school, .batch = g->batch,
                                   .school_year = c->school_year, .kind = RETURN_CENSUS,
                                   .term = c->term};

    gather_return(g, want)->row.rows++;
    if (census > s->last_return)
        s->last_return = census;
    if (c->year_group != INT8_MIN && c->flags & CENSUS_ON_ROLL) {
        s->seen_low = c->year_group < s->seen_low ? c->year_group : s->seen_low;
        s->seen_high = c->year_group > s->seen_high ? c->year_group : s->seen_high;
    }
}

/* Entry and last day on roll as they were corrected; false: the row was set aside. */
static bool
correct_row(const struct gather *g, const struct rows *q, uint32_t person, struct correct_days *d)
{
    struct correct_key k = {FACT_CENSUS, person, row_int(q, URN),
                            row_int(q, SCHOOL_YEAR) * 10 + row_int(q, TERM), ""};

    *d = (struct correct_days){gather_date(q, ENTERED), gather_date(q, LEFT_ON)};
    return correct_days(g, &k, d);
}

static int32_t
left_of(int32_t last, bool on_roll)
{
    if (on_roll)
        return DATE_OPEN;
    return last == DATE_NONE ? DATE_NONE : last + 1;
}

static void
one_row(struct gather *g, const struct rows *q)
{
    int64_t year = row_int(q, SCHOOL_YEAR), term = row_int(q, TERM);
    int64_t group = row_int_or(q, YEAR_GROUP, INT8_MIN);
    struct timeline_census *c;
    struct correct_days days;
    struct arrived x;
    uint32_t person;
    int32_t census;

    census = gather_year_ok(year) && term >= TERM_AUTUMN && term <= TERM_SUMMER
                 ? build_census((int32_t)year, (int)term)
                 : 0;
    if (!census || build_census_day(census) > g->b->order->as_of) {
        g->b->head.left_out++;
        return;
    }
    person = gather_person(g, row_int(q, IDENTITY), build_census_day(census));
    if (person == TIMELINE_NONE) {
        g->b->head.facts_not_linkable++;
        return;
    }
    if (!correct_row(g, q, person, &days))
        return;
    x.number = gather_count(g, STAGE_census, person);
    x.row = c = gather_add(g, STAGE_census, person);
    *c = (struct timeline_census){
        .person = person, .school = gather_school(g, row_int(q, URN)), .place = place_of(g, q),
        .entered = days.from, .source = gather_source(g, q),
        .school_year = (int16_t)year, .term = (uint8_t)term, .flags = flags_of(q),
        .status = gather_char(q, STATUS), .sen = sen_of(gather_char(q, SEN)), .age = -1,
        .year_group = group < -1 || group > 20 ? INT8_MIN : (int8_t)group};
    c->left = left_of(days.last, c->flags & CENSUS_ON_ROLL);
    c->status = is_one_of(c->status, "CMSGFO") ? c->status : '\0';
    g->b->batch[g->batch].census = census;
    note_ethnicity(g, q, person, census);
    note_school(g, c);
    absence(g, q, &x);
}

enum err
gather_census(struct gather *g)
{
    struct rows q;

    db_ask(g->b->j, &q, sql_census,
           ARGS(INT(g->b->head.area), INT(g->b->batch[g->batch].batch_id)));
    while (db_next(&q))
        one_row(g, &q);
    return db_done(&q);
}
